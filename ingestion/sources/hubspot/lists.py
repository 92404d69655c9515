"""Objects and associations as HubSpot lists them: whole, by id, a page at a time.

Not here: what changed since a day (search.py), which columns a row has (__init__.py).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ingestion.errors import AnswerUnreadable
from ingestion.paging import Paging
from ingestion.source import Row
from ingestion.sources.hubspot import columns
from ingestion.spec import TEXT, Columns
from ingestion.transport import Api

OBJECTS = "/crm/v3/objects"
ASSOCIATIONS = "/crm/v4/associations"
LIST_LIMIT = 100
HISTORY_LIMIT = 50  # with propertiesWithHistory; more is refused
BATCH_LIMIT = 1_000
HISTORY = {"deals": "dealstage"}  # kind -> the property whose past is read
PROPERTIES: Mapping[str, Columns] = {
    "contacts": {**columns.CONTACT_PROPERTIES, "email": TEXT},
    "companies": columns.COMPANY_PROPERTIES,
    "deals": columns.DEAL_PROPERTIES,
}
SINGULAR = {"deals": "deal", "contacts": "contact", "companies": "company"}


class Told(Protocol):
    """What a night knows of the portal's objects: all of them, or what changed."""

    def objects(self, kind: str) -> Sequence[Row]:
        """Living and archived ones."""
        ...

    def pairs(self, kind: str, to_kind: str) -> Iterator[Row]:
        """Who belongs to whom."""
        ...

    def patches(self, kinds: Mapping[str, str]) -> Mapping[str, Collection[str]] | None:
        """Of columns that hold ids of a kind, the ids whose rows these are (Batch)."""
        ...


@dataclass(frozen=True, slots=True)
class Lists:
    """Everything there is; each list is fetched once, when it is first wanted."""

    api: Api
    _known: dict[str, list[Row]] = field(default_factory=dict)

    def objects(self, kind: str) -> Sequence[Row]:
        if kind not in self._known:
            both = (listed(self.api, kind, archived) for archived in (False, True))
            self._known[kind] = [item for items in both for item in items]
        return self._known[kind]

    def pairs(self, kind: str, to_kind: str) -> Iterator[Row]:
        living = (item for item in self.objects(kind) if not item.get("archived"))
        return associations(self.api, [item["id"] for item in living], kind, to_kind)

    def patches(self, kinds: Mapping[str, str]) -> None:
        return None


def listed(api: Api, kind: str, archived: bool) -> Iterator[Row]:
    """All objects of a kind, by id, a page at a time.

    Source: https://developers.hubspot.com/docs/api-reference/crm-objects-v3
    """
    params: dict[str, str | int] = {
        "limit": LIST_LIMIT,
        "properties": ",".join(PROPERTIES[kind]),
        "archived": str(archived).lower(),
    }
    if kind in HISTORY:
        params |= {"limit": HISTORY_LIMIT, "propertiesWithHistory": HISTORY[kind]}
    paging = Paging("HubSpot", kind)
    while True:
        page = api.get("api", f"{OBJECTS}/{kind}", params)
        after = page.get("paging", {}).get("next", {}).get("after")
        paging.take(page["results"], after)
        yield from page["results"]
        if after is None:
            return
        params["after"] = after


def associations(
    api: Api, ids: Sequence[str], kind: str, to_kind: str
) -> Iterator[Row]:
    """Pairs of ids. Ids are numbers here and strings elsewhere."""
    waiting = [{"id": each} for each in ids]
    seen: set[tuple[str, str]] = set()
    one, other = f"{SINGULAR[kind]}_id", f"{SINGULAR[to_kind]}_id"
    while waiting:
        asked, waiting = waiting[:BATCH_LIMIT], waiting[BATCH_LIMIT:]
        answer = api.post(
            "api", f"{ASSOCIATIONS}/{kind}/{to_kind}/batch/read", {"inputs": asked}
        )
        for result in answer.get("results", ()):
            found = str(result["from"]["id"])
            for to in result.get("to", ()):
                yield {
                    one: found,
                    other: str(to["toObjectId"]),
                    "association_types": to.get("associationTypes", []),
                }
            after = result.get("paging", {}).get("next", {}).get("after")
            if after is None:
                continue
            if (found, after) in seen:
                raise AnswerUnreadable(_endless(f"{to_kind} of {found}", after))
            seen.add((found, after))
            waiting.append({"id": found, "after": after})


def _endless(what: str, after: str) -> str:
    return (
        f"HubSpot gave the cursor {after!r} of {what} twice: the list would never end. "
        "Run again later; the known rows stay"
    )
