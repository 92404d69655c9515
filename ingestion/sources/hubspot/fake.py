"""How HubSpot answers: the paths, pages, limits and errors of CRM v3 and v4 we rely on.

Proved with the official client (tests/clients/hubspot). Not here: what the portal holds
(portal.py); 429 and its policies are ordered by a test as a fault.
"""

from collections.abc import Callable

import numpy as np

from ingestion.sandbox.http import Reply, Request, Route
from ingestion.sandbox.tape import PAGES, Shape
from ingestion.sources.hubspot.fake_emails import Letters
from ingestion.sources.hubspot.fake_parts import (
    DEFAULT_PROPERTIES,
    MODIFIED,
    SINGULAR,
    error,
    shown,
    split,
)
from ingestion.sources.hubspot.fake_search import batch_read, search
from ingestion.sources.hubspot.portal import CURRENCY, Item, Portal
from ingestion.world.view import View

MOST, MOST_WITH_HISTORY, MOST_IN_BATCH = 100, 50, 1_000
DEFAULT_LIMIT = "10"
# A page lost from a list is not told by any number; searches name their pages by ids.
SHAPE = Shape(tells_total=False, pages=f"{PAGES.pattern}|value")
__all__ = ("SHAPE", "error", "routes")
_DEFINED = "HUBSPOT_DEFINED"
TYPES: dict[tuple[str, str], list[Item]] = {
    ("deals", "contacts"): [{"category": _DEFINED, "typeId": 3, "label": None}],
    ("contacts", "deals"): [{"category": _DEFINED, "typeId": 4, "label": None}],
    ("deals", "companies"): [{"category": _DEFINED, "typeId": 341, "label": None}],
    ("companies", "deals"): [{"category": _DEFINED, "typeId": 342, "label": None}],
    ("contacts", "companies"): [
        {"category": _DEFINED, "typeId": 279, "label": None},
        {"category": _DEFINED, "typeId": 1, "label": "Primary"},
    ],
    ("companies", "contacts"): [{"category": _DEFINED, "typeId": 280, "label": None}],
}


def routes(view: View) -> list[Route]:
    """Everything the connector and the official client ask for."""
    portal, letters = Portal(view), Letters(view)
    kinds = "contacts|companies|deals"

    def details(request: Request) -> Reply:
        return Reply(
            {
                "portalId": portal.portal_id,
                "accountType": "STANDARD",
                "timeZone": "UTC",
                "companyCurrency": CURRENCY,
                "additionalCurrencies": ["EUR", "GBP"],
                "utcOffset": "+00:00",
                "utcOffsetMilliseconds": 0,
                "uiDomain": "app.hubspot.com",
                "dataHostingLocation": "na1",
            }
        )

    def listed(request: Request) -> Reply:
        return _list(portal, request)

    def batch(request: Request) -> Reply:
        return _batch(portal, request)

    def pipelines(request: Request) -> Reply:
        return Reply({"results": portal.pipelines()})

    return [
        Route("GET", "/account-info/v3/details", _guarded(details)),
        Route("GET", f"/crm/v3/objects/(?P<kind>{kinds})", _guarded(listed)),
        Route(
            "POST",
            f"/crm/v3/objects/(?P<kind>{kinds})/search",
            _guarded(lambda request: search(portal, request), tells_limits=False),
        ),
        Route(
            "POST",
            f"/crm/v3/objects/(?P<kind>{kinds})/batch/read",
            _guarded(lambda request: batch_read(portal, request)),
        ),
        Route("GET", "/crm/v3/pipelines/deals", _guarded(pipelines)),
        Route("GET", "/email/public/v1/events", _guarded(letters.events)),
        Route(
            "POST",
            f"/crm/v4/associations/(?P<kind>{kinds})/(?P<to>{kinds})/batch/read",
            _guarded(batch),
        ),
    ]


def _guarded(
    answer: Callable[[Request], Reply], *, tells_limits: bool = True
) -> Callable[[Request], Reply]:
    """A token first; the state of the limits on every answer but a search's."""

    def guarded(request: Request) -> Reply:
        if request.token is None:
            return error(
                401,
                "INVALID_AUTHENTICATION",
                "Authentication credentials not found. This API supports OAuth 2.0 "
                "authentication",
            )
        if request.token == "revoked":
            return error(
                401,
                "EXPIRED_AUTHENTICATION",
                "The access token used to make this call is expired or was revoked",
            )
        reply = answer(request)
        if not tells_limits:
            return reply
        limits = {
            "X-HubSpot-RateLimit-Max": "190",
            "X-HubSpot-RateLimit-Remaining": "189",
            "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
            "X-HubSpot-RateLimit-Daily": "625000",
            "X-HubSpot-RateLimit-Daily-Remaining": "624000",
        }
        return Reply(reply.body, reply.status, {**limits, **reply.headers})

    return guarded


def _list(portal: Portal, request: Request) -> Reply:
    kind, query = request.found["kind"], request.query
    history = split(query.get("propertiesWithHistory"))
    limit, most = query.get("limit", DEFAULT_LIMIT), MOST
    if history:
        most = MOST_WITH_HISTORY
    if not limit.isdigit() or not 1 <= int(limit) <= most:
        with_history = " when propertiesWithHistory is requested" if history else ""
        return error(
            400,
            "VALIDATION_ERROR",
            f"Invalid limit {limit}: it must be between 1 and {most}{with_history}",
        )
    after = query.get("after", "0")
    if not after.isdigit():
        return error(400, "VALIDATION_ERROR", f"Unable to parse value {after} of after")
    archived = query.get("archived", "false").lower() == "true"
    objects = portal.objects[kind]
    every = np.flatnonzero(objects.archived == archived)
    every = every[objects.ids[every] >= int(after)]
    page = objects.items(every[: int(limit)])
    wanted = split(query.get("properties")) or DEFAULT_PROPERTIES[kind]
    wanted = (*wanted, "createdate", "hs_object_id", MODIFIED[kind])
    to_kinds = split(query.get("associations"))
    body: Item = {
        "results": [shown(portal, kind, i, wanted, history, to_kinds) for i in page]
    }
    if len(page) < len(every):
        following = str(objects.ids[every[len(page)]])
        link = f"{request.base_url}{request.path}?after={following}"
        body["paging"] = {"next": {"after": following, "link": link}}
    return Reply(body)


def _batch(portal: Portal, request: Request) -> Reply:
    """Associations of up to 1,000 objects; 207 names those that have none."""
    pair = (request.found["kind"], request.found["to"])
    inputs = request.json().get("inputs", [])
    if not 1 <= len(inputs) <= MOST_IN_BATCH:
        return error(
            400,
            "VALIDATION_ERROR",
            f"{len(inputs)} inputs: there must be between 1 and {MOST_IN_BATCH}",
        )
    if pair not in TYPES:
        return error(
            400, "VALIDATION_ERROR", f"No association from {pair[0]} to {pair[1]}"
        )
    known = portal.associations.get(pair, {})
    asked = [str(each["id"]) for each in inputs]
    results = [
        {
            "from": {"id": each},
            "to": [
                {"toObjectId": int(to), "associationTypes": TYPES[pair]}
                for to in known[each]
            ],
        }
        for each in asked
        if each in known
    ]
    body: Item = {
        "status": "COMPLETE",
        "results": results,
        "startedAt": "2026-01-01T00:00:00.000Z",
        "completedAt": "2026-01-01T00:00:00.010Z",
    }
    missing = [each for each in asked if each not in known]
    if not missing:
        return Reply(body)
    one, to = (SINGULAR[name] for name in pair)
    errors = [
        {
            "status": "error",
            "category": "OBJECT_NOT_FOUND",
            "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
            "message": f"No {to} is associated with {one} {each}.",
            "context": {"fromObjectId": [each], "toObjectType": [to]},
        }
        for each in missing
    ]
    return Reply({**body, "numErrors": len(errors), "errors": errors}, 207)
