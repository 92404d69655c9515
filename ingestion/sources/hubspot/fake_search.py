"""How HubSpot answers a search and a batch read: what they find, refuse and leave unsaid.

Searches filter and sort by ids and dates, the only properties this sandbox has numbers of.
Not here: lists and associations (fake.py).
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from ingestion.sandbox.http import Reply, Request
from ingestion.sources.hubspot.fake_parts import (
    DEFAULT_PROPERTIES,
    MODIFIED,
    error,
    shown,
)
from ingestion.sources.hubspot.portal import Item, Objects, Portal
from ingestion.world.frames import Array

MOST_FOUND, MOST_READABLE, DEFAULT_FOUND = 200, 10_000, 10
MOST_READ, MOST_WITH_HISTORY = 100, 50
MOST_GROUPS, MOST_FILTERS = 5, 6
OPERATORS = {
    "EQ": np.equal,
    "NEQ": np.not_equal,
    "GT": np.greater,
    "GTE": np.greater_equal,
    "LT": np.less,
    "LTE": np.less_equal,
}


class Refused(ValueError):
    """A search that HubSpot does not understand."""


def search(portal: Portal, request: Request) -> Reply:
    """Living objects, never with history or associations."""
    kind, asked = request.found["kind"], request.json()
    limit, after = asked.get("limit", DEFAULT_FOUND), str(asked.get("after") or "0")
    try:
        if not isinstance(limit, int) or not 1 <= limit <= MOST_FOUND:
            raise Refused(
                f"Invalid limit {limit}: it must be between 1 and {MOST_FOUND}"
            )
        if not after.isdigit():
            raise Refused(f"Unable to parse value {after} of after")
        if int(after) + limit > MOST_READABLE:
            raise Refused(f"A search gives {MOST_READABLE} results at most")
        places = _found(portal.objects[kind], kind, asked)
    except Refused as refusal:
        return error(400, "VALIDATION_ERROR", str(refusal))
    end = int(after) + limit
    wanted = _wanted(kind, asked)
    items = portal.objects[kind].items(places[int(after) : end])
    results = [shown(portal, kind, each, wanted, ()) for each in items]
    body: Item = {"total": len(places), "results": results}
    if end < len(places):
        link = f"{request.base_url}{request.path}?after={end}"
        body["paging"] = {"next": {"after": str(end), "link": link}}
    return Reply(body)


def _found(objects: Objects, kind: str, asked: Item) -> Array:
    """Where the objects stand that fit one of the groups, in the order asked for."""
    numbers = {
        "hs_object_id": objects.ids,
        "createdate": objects.created,
        MODIFIED[kind]: objects.modified,
    }
    groups = asked.get("filterGroups") or []
    if len(groups) > MOST_GROUPS:
        raise Refused(f"{len(groups)} filter groups: {MOST_GROUPS} at most")
    fits = np.full(len(objects.ids), not groups)
    for group in groups:
        filters = group.get("filters") or []
        if not 1 <= len(filters) <= MOST_FILTERS:
            raise Refused(f"{len(filters)} filters: between 1 and {MOST_FILTERS}")
        inside = np.ones(len(objects.ids), bool)
        for each in filters:
            inside &= _fits(numbers, each)
        fits |= inside
    places = np.flatnonzero(fits & ~objects.archived)
    for sort in (asked.get("sorts") or [])[:1]:
        if isinstance(sort, str):
            falls, sort = sort.startswith("-"), {"propertyName": sort.lstrip("-")}
        else:
            falls = sort.get("direction") == "DESCENDING"
        by = _numbers(numbers, sort.get("propertyName"))[places]
        places = places[np.argsort(-by if falls else by, kind="stable")]
    return places


def _fits(numbers: Mapping[str, Array], asked: Item) -> Array:
    known = _numbers(numbers, asked.get("propertyName"))
    operator, value = asked.get("operator"), asked.get("value")
    if operator == "BETWEEN":
        return (known >= _number(value)) & (known <= _number(asked.get("highValue")))
    if operator not in OPERATORS:
        raise Refused(f"{operator} is not a valid operator here")
    fits: Array = OPERATORS[operator](known, _number(value))
    return fits


def _numbers(numbers: Mapping[str, Array], name: Any) -> Array:
    if name not in numbers:
        raise Refused(
            f"Property {name} does not exist, or the sandbox cannot search it"
        )
    return numbers[name]


def _number(value: Any) -> int:
    """An id, milliseconds, or a moment as ISO writes it."""
    told = str(value)
    if told.lstrip("-").isdigit():
        return int(told)
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        raise Refused(f"{value} is no date and no number") from None
    return round(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() * 1_000)


def batch_read(portal: Portal, request: Request) -> Reply:
    """Objects by id; 207 names those that are deleted or never were."""
    kind, asked = request.found["kind"], request.json()
    history = asked.get("propertiesWithHistory") or ()
    ids = [str(each["id"]) for each in asked.get("inputs", [])]
    most = MOST_WITH_HISTORY if history else MOST_READ
    if not 1 <= len(ids) <= most:
        with_history = " when propertiesWithHistory is requested" if history else ""
        says = f"{len(ids)} inputs: there must be between 1 and {most}{with_history}"
        return error(400, "VALIDATION_ERROR", says)
    objects, wanted = portal.objects[kind], _wanted(kind, asked)
    items = objects.items(objects.places(ids))
    body: Item = {
        "status": "COMPLETE",
        "results": [shown(portal, kind, each, wanted, history) for each in items],
        "startedAt": "2026-01-01T00:00:00.000Z",
        "completedAt": "2026-01-01T00:00:00.010Z",
    }
    there = {each["id"] for each in items}
    missing = [each for each in ids if each not in there]
    if not missing:
        return Reply(body)
    told = {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "message": f"Could not get some {kind} objects, they may be deleted or not "
        "exist. Check that ids are valid.",
        "context": {"ids": missing},
    }
    return Reply({**body, "numErrors": 1, "errors": [told]}, 207)


def _wanted(kind: str, asked: Item) -> Sequence[str]:
    wanted = asked.get("properties") or DEFAULT_PROPERTIES[kind]
    return (*wanted, "createdate", "hs_object_id", MODIFIED[kind])
