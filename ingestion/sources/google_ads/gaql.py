"""The Google Ads API over REST: one version, GAQL, streams of chunks, what its errors mean.

Not here: which reports are asked for (`__init__`), tokens and retries (transport).
Source: https://developers.google.com/google-ads/api/rest/common/search
"""

import re
from collections.abc import Iterator
from typing import Any

from ingestion.errors import TooMuchAsked
from ingestion.source import Row
from ingestion.sources.google_ads.columns import ZERO_WHERE_ABSENT, Fields
from ingestion.transport import Api, default_verdict
from ingestion.windows import Window

VERSION = "v26"
DAYS_PER_QUERY = 92

_TOO_MUCH = {
    "EXCESSIVE_SHORT_TERM_QUERY_RESOURCE_CONSUMPTION",
    "EXCESSIVE_LONG_TERM_QUERY_RESOURCE_CONSUMPTION",
}
_REFUSED = {"authenticationError", "authorizationError", "headerError"}


def verdict(status: int, body: object) -> str:
    """The one key of `errorCode` decides; a stream may break off with an error in 200."""
    for error in _errors(body):
        for kind, value in _codes(error):
            if kind == "quotaError":
                return _quota(value)
            if kind == "internalError":
                return "retry"
            if kind in _REFUSED:
                return "refused"
        status = status if status >= 400 else int(error.get("code", 500))
    return default_verdict(status, body)


def _quota(value: str) -> str:
    if value in _TOO_MUCH:
        return "too_much"
    return "retry" if value == "RESOURCE_TEMPORARILY_EXHAUSTED" else "quota"


def _errors(body: object) -> Iterator[dict[str, Any]]:
    """Errors of an answer: alone, or inside the array of a stream."""
    for each in body if isinstance(body, list) else [body]:
        if isinstance(each, dict) and isinstance(each.get("error"), dict):
            yield each["error"]


def _codes(error: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for detail in error.get("details", ()):
        for each in detail.get("errors", ()):
            yield from each.get("errorCode", {}).items()


def get(api: Api, path: str) -> Any:
    api.headers["developer-token"] = api.setting("DEVELOPER_TOKEN")
    return api.get("ads", f"/{VERSION}/{path}")


def search(api: Api, root: str, account: str, query: str) -> list[Row]:
    """All rows of a query, as the API nests them. `root`: who gives access to `account`."""
    api.headers["developer-token"] = api.setting("DEVELOPER_TOKEN")
    api.headers["login-customer-id"] = root
    body = {"query": query, "summaryRowSetting": "NO_SUMMARY_ROW"}
    path = f"/{VERSION}/customers/{account}/googleAds:searchStream"
    chunks = api.post("ads", path, body)
    return [row for chunk in chunks for row in chunk.get("results", ())]


def daily(
    api: Api,
    root: str,
    account: str,
    resource: str,
    fields: Fields,
    window: Window,
    where: str = "",
) -> Iterator[list[Row]]:
    """A report by day, in pieces; a query that is too heavy is halved down to one day."""
    for piece in window.split(DAYS_PER_QUERY):
        between = f"segments.date BETWEEN '{piece.start}' AND '{piece.last}'"
        query = select(fields, resource, f"{between} AND {where}" if where else between)
        try:
            found = search(api, root, account, query)
        except TooMuchAsked:
            if piece.days == 1:
                raise
            for half in piece.split((piece.days + 1) // 2):
                yield from daily(api, root, account, resource, fields, half, where)
            continue
        yield [flat(fields, row) for row in found]


def select(fields: Fields, resource: str, where: str = "") -> str:
    query = f"SELECT {', '.join(fields)} FROM {resource}"
    return f"{query} WHERE {where}" if where else query


def flat(fields: Fields, row: Row) -> Row:
    """A nested row as our columns; zeros are left out by the API."""
    out: Row = {}
    for name, (column, _) in fields.items():
        value: Any = row
        for part in name.split("."):
            value = value.get(camel(part)) if isinstance(value, dict) else None
        if value is None and column in ZERO_WHERE_ABSENT:
            value = 0
        out[column] = value
    return out


def camel(name: str) -> str:
    """The REST name of a GAQL name: `cost_micros` -> `costMicros`."""
    return re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), name)
