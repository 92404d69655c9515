"""How HubSpot answers: the paths, pages, limits and errors of CRM v3 and v4 we rely on.

Proved with the official client (tests/clients/hubspot). Not here: what the portal holds
(portal.py); 429 and its policies are ordered by a test as a fault.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Callable
from typing import Any
from uuid import UUID

from ingestion.sandbox.http import Reply, Request, Route
from ingestion.sandbox.tape import Shape
from ingestion.sources.hubspot.fake_emails import Letters
from ingestion.sources.hubspot.portal import CURRENCY, Item, Portal
from ingestion.world.view import View

MOST, MOST_WITH_HISTORY, MOST_IN_BATCH = 100, 50, 1_000
DEFAULT_LIMIT = "10"
SHAPE = Shape(tells_total=False)  # a page lost is not told by any number
MODIFIED = {
    "contacts": "lastmodifieddate",
    "companies": "hs_lastmodifieddate",
    "deals": "hs_lastmodifieddate",
}
DEFAULT_PROPERTIES = {
    "contacts": ("email", "firstname", "lastname"),
    "companies": ("domain", "name"),
    "deals": ("amount", "closedate", "dealname", "dealstage", "pipeline"),
}
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
        Route("GET", "/crm/v3/pipelines/deals", _guarded(pipelines)),
        Route("GET", "/email/public/v1/events", _guarded(letters.events)),
        Route(
            "POST",
            f"/crm/v4/associations/(?P<kind>{kinds})/(?P<to>{kinds})/batch/read",
            _guarded(batch),
        ),
    ]


def error(status: int, category: str, message: str, **more: Any) -> Reply:
    """HubSpot's envelope."""
    digest = hashlib.md5(message.encode(), usedforsecurity=False).hexdigest()
    body = {"status": "error", "message": message, "correlationId": str(UUID(digest))}
    return Reply({**body, "category": category, **more}, status)


def _guarded(answer: Callable[[Request], Reply]) -> Callable[[Request], Reply]:
    """A token first; the state of the limits on every answer."""

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
    history = _split(query.get("propertiesWithHistory"))
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
    every = [i for i in portal.objects[kind] if i["archived"] == archived]
    start = bisect_left(every, int(after), key=lambda item: int(item["id"]))
    page = every[start : start + int(limit)]
    wanted = _split(query.get("properties")) or DEFAULT_PROPERTIES[kind]
    wanted = (*wanted, "createdate", "hs_object_id", MODIFIED[kind])
    to_kinds = _split(query.get("associations"))
    body: Item = {
        "results": [_shown(portal, kind, i, wanted, history, to_kinds) for i in page]
    }
    if start + len(page) < len(every):
        following = every[start + len(page)]["id"]
        link = f"{request.base_url}{request.path}?after={following}"
        body["paging"] = {"next": {"after": following, "link": link}}
    return Reply(body)


def _split(value: str | None) -> tuple[str, ...]:
    return tuple(name for name in (value or "").split(",") if name)


def _shown(
    portal: Portal,
    kind: str,
    item: Item,
    wanted: tuple[str, ...],
    history: tuple[str, ...],
    to_kinds: tuple[str, ...],
) -> Item:
    """An object with what was asked for; what has no value is null."""
    known = item["properties"]
    shown = {key: value for key, value in item.items() if key != "history"}
    shown["properties"] = {name: known.get(name) for name in dict.fromkeys(wanted)}
    if history:
        kept = item.get("history", {})
        shown["propertiesWithHistory"] = {name: kept.get(name, []) for name in history}
    for to in to_kinds:
        ids = portal.associations.get((kind, to), {}).get(item["id"], [])
        if ids:
            type_ = f"{_SINGULAR[kind]}_to_{_SINGULAR[to]}"
            results = [{"id": each, "type": type_} for each in ids]
            shown.setdefault("associations", {})[to] = {"results": results}
    return shown


_SINGULAR = {"contacts": "contact", "companies": "company", "deals": "deal"}


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
    one, to = (_SINGULAR[name] for name in pair)
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
