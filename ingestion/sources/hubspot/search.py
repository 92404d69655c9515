"""What changed in the portal since a day: searched by change date, deletions listed.

A page of a search is a query of its own, "ids above the last one": it meets no end at
10,000, and what changes meanwhile cannot move a page. Not here: when a night asks for less
than everything (__init__.py), lists whole (lists.py).
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, Self

from ingestion.errors import AnswerUnreadable
from ingestion.source import Row
from ingestion.sources.hubspot.lists import (
    HISTORY,
    HISTORY_LIMIT,
    OBJECTS,
    PROPERTIES,
    SINGULAR,
    associations,
    listed,
)
from ingestion.transport import Api

SEARCH_LIMIT = 200
MODIFIED = {
    "contacts": "lastmodifieddate",
    "companies": "hs_lastmodifieddate",
    "deals": "hs_lastmodifieddate",
}
MERGED = "hs_merged_object_ids"
Objects = Mapping[str, Row]  # by id


@dataclass(frozen=True, slots=True)
class Changes:
    """Objects that changed, all archived ones, and the ids that were merged away.

    A pair is read again where either side changed, whichever of them tells of it.
    """

    api: Api
    living: Mapping[str, Objects]
    archived: Mapping[str, Objects]
    _asked: dict[tuple[str, ...], list[str]] = field(default_factory=dict)

    @classmethod
    def since(cls, api: Api, day: date) -> Self | None:
        """None where HubSpot gives less than it counts: then only the lists tell all."""
        living: dict[str, Objects] = {}
        for kind in PROPERTIES:
            found = _searched(api, kind, day)
            if found is not None and kind in HISTORY:
                found = _read(api, kind, list(found))
            if found is None:
                return None
            living[kind] = found
        archived = {  # afterwards: what was deleted meanwhile is among these
            kind: {item["id"]: item for item in listed(api, kind, archived=True)}
            for kind in PROPERTIES
        }
        return cls(api, living, archived)

    def objects(self, kind: str) -> Sequence[Row]:
        return list({**self.living[kind], **self.archived[kind]}.values())

    def pairs(self, kind: str, to_kind: str) -> Iterator[Row]:
        """Of those that changed, and of those that a changed one belongs to."""
        one = f"{SINGULAR[kind]}_id"
        others = self._alive(to_kind)
        found = [row[one] for row in associations(self.api, others, to_kind, kind)]
        asked = list(dict.fromkeys([*self._alive(kind), *found]))
        self._asked[kind, to_kind] = asked
        return associations(self.api, asked, kind, to_kind)

    def patches(self, kinds: Mapping[str, str]) -> Mapping[str, Collection[str]]:
        values = {column: {*self._touched(kind)} for column, kind in kinds.items()}
        first = next(iter(kinds))
        values[first].update(self._asked.get(tuple(kinds.values()), ()))
        return values

    def _alive(self, kind: str) -> list[str]:
        return [each for each in self.living[kind] if each not in self.archived[kind]]

    def _touched(self, kind: str) -> Iterator[str]:
        """What changed, what is deleted, and what is another object now."""
        for item in (*self.living[kind].values(), *self.archived[kind].values()):
            yield item["id"]
            yield from re.findall(r"\d+", item["properties"].get(MERGED) or "")


def _searched(api: Api, kind: str, day: date) -> Objects | None:
    """Living objects that changed since a day began, by id; None if some did not come.

    Source: https://developers.hubspot.com/docs/api-reference/search/guide
    """
    found: dict[str, Row] = {}
    last, total = 0, None
    while True:
        page = api.post("api", f"{OBJECTS}/{kind}/search", _question(kind, day, last))
        ids = [int(item["id"]) for item in page["results"]]
        if any(each <= last for each in ids):
            raise AnswerUnreadable(
                f"HubSpot gave changed {kind} up to {last} twice: the search would "
                "never end. Run again later; the known rows stay"
            )
        found |= {item["id"]: item for item in page["results"]}
        total = page["total"] if total is None else total
        if not ids or len(ids) >= page["total"]:
            return found if len(found) >= total else None
        last = max(ids)


def _question(kind: str, day: date, last: int) -> dict[str, Any]:
    since = int(datetime.combine(day, time(), UTC).timestamp()) * 1_000
    filters = [
        {"propertyName": MODIFIED[kind], "operator": "GTE", "value": str(since)},
        {"propertyName": "hs_object_id", "operator": "GT", "value": str(last)},
    ]
    return {
        "filterGroups": [{"filters": filters}],
        "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
        # of deals the ids: a batch read tells the rest, with its history
        "properties": ["hs_object_id"] if kind in HISTORY else list(PROPERTIES[kind]),
        "limit": SEARCH_LIMIT,
    }


def _read(api: Api, kind: str, ids: Sequence[str]) -> Objects | None:
    """Objects with their history, as the list tells them; None if one did not come.

    Status 207 names those that are no more: deleted since the search.
    """
    found: dict[str, Row] = {}
    for start in range(0, len(ids), HISTORY_LIMIT):
        asked = ids[start : start + HISTORY_LIMIT]
        question = {
            "properties": list(PROPERTIES[kind]),
            "propertiesWithHistory": [HISTORY[kind]],
            "inputs": [{"id": each} for each in asked],
        }
        answer = api.post("api", f"{OBJECTS}/{kind}/batch/read", question)
        came = {item["id"]: item for item in answer["results"]}
        if {*asked} - came.keys() - {*_gone(answer.get("errors", ()))}:
            return None
        found |= {each: came[each] for each in asked if each in came}
    return found


def _gone(errors: Iterable[Row]) -> Iterator[str]:
    for error in errors:
        yield from map(str, error.get("context", {}).get("ids", ()))
