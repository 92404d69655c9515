"""What several of HubSpot's answers share: the envelope of an error, an object as asked for.

Not here: paths and pages (fake.py), searches (fake_search.py).
"""

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from ingestion.sandbox.http import Reply
from ingestion.sources.hubspot.portal import Item, Portal

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
SINGULAR = {"contacts": "contact", "companies": "company", "deals": "deal"}


def error(status: int, category: str, message: str, **more: Any) -> Reply:
    """HubSpot's envelope."""
    digest = hashlib.md5(message.encode(), usedforsecurity=False).hexdigest()
    body = {"status": "error", "message": message, "correlationId": str(UUID(digest))}
    return Reply({**body, "category": category, **more}, status)


def split(value: str | None) -> tuple[str, ...]:
    return tuple(name for name in (value or "").split(",") if name)


def shown(
    portal: Portal,
    kind: str,
    item: Item,
    wanted: Sequence[str],
    history: Sequence[str],
    to_kinds: Sequence[str] = (),
) -> Item:
    """An object with what was asked for; what has no value is null."""
    known = item["properties"]
    found = {key: value for key, value in item.items() if key != "history"}
    found["properties"] = {name: known.get(name) for name in dict.fromkeys(wanted)}
    if history:
        kept = item.get("history", {})
        found["propertiesWithHistory"] = {name: kept.get(name, []) for name in history}
    for to in to_kinds:
        ids = portal.associations.get((kind, to), {}).get(item["id"], [])
        if ids:
            type_ = f"{SINGULAR[kind]}_to_{SINGULAR[to]}"
            results = [{"id": each, "type": type_} for each in ids]
            found.setdefault("associations", {})[to] = {"results": results}
    return found
