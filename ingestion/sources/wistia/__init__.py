"""Wistia: who watched which media on which page, and how far.

GET /modern/medias whole, /modern/stats/events of the window. Not here: what the site's own
tracker measured too (dbt keeps one of them). Version, limits, quirks: README.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from ingestion.errors import AnswerUnreadable
from ingestion.privacy import known_email
from ingestion.source import Ask, Batch, Row
from ingestion.sources.wistia import columns
from ingestion.spec import Setting, SourceSpec, Table
from ingestion.transport import Api

VERSION = "2026-03"
LIMIT = 100
MEDIA_KEPT = (
    "hashed_id",
    "id",
    "name",
    "type",
    "duration",
    "created",
    "updated",
    "tags",
)

SPEC = SourceSpec(
    name="wistia",
    family="journey",
    title="Wistia",
    day_zone="UTC",
    lag_days=0,
    lookback_days=3,  # what was viewed grows while a session goes on
    history_days=730,  # sessions are kept two years
    tables=(
        Table("medias", columns.MEDIAS, grain=("account_id", "hashed_id")),
        Table(
            "events",
            columns.EVENTS,
            grain=("account_id", "event_key"),
            replaced_by=("account_id", "received_date"),
            window_column="received_date",
        ),
    ),
    settings=(
        Setting("ACCESS_TOKEN", "API token that may read all project and account data"),
        Setting("ACCOUNT", "your account's name, as in <name>.wistia.com", False),
    ),
    hosts={"api": "https://api.wistia.com"},
    headers={"X-Wistia-API-Version": VERSION},  # else the newest answers, unasked
)


def accounts(api: Api) -> Sequence[str]:
    """The account that was named; the token is tried."""
    api.get("api", "/modern/stats/account")
    return (api.setting("ACCOUNT"),)


def read(api: Api, ask: Ask) -> Mapping[str, Iterator[Batch]]:
    """Media whole, viewing sessions of the window."""
    days = {
        "start_date": ask.window.start.isoformat(),
        "end_date": ask.window.last.isoformat(),  # inclusive
    }

    def medias() -> Iterator[Batch]:
        for account in ask.accounts:  # one token, one account
            for page in _pages(api, "/modern/medias", {"sort_by": "created"}):
                rows = [
                    {"account_id": account, **{k: m.get(k) for k in MEDIA_KEPT}}
                    for m in page
                ]
                yield Batch(account, rows, "medias")

    def events() -> Iterator[Batch]:
        for account in ask.accounts:
            if not ask.window.days:
                return
            for page in _pages(api, "/modern/stats/events", days):
                rows = [{"account_id": account, **_event(each)} for each in page]
                kept = [row for row in rows if row["received_date"] in ask.window]
                yield Batch(account, kept, f"events {ask.window.start}")

    return {"medias": medias(), "events": events()}


def _event(event: Row) -> Row:
    """A viewing session; an address given in it is that of its viewer."""
    told = event.get("conversion_data") or {}
    return {
        "event_key": event["event_key"],
        "received_at": event["received_at"],
        "received_date": _utc_date(event["received_at"]),
        "visitor_key": event["visitor_key"],
        "media_id": event["media_id"],
        "embed_url": _without_address(event.get("embed_url")),
        "percent_viewed": event.get("percent_viewed"),
        "email_sha256": known_email(event.get("email") or told.get("email")),
        "conversion_type": event.get("conversion_type"),
    }


def _utc_date(moment: str) -> date:
    return datetime.fromisoformat(moment).astimezone(UTC).date()


def _without_address(url: str | None) -> str | None:
    """Links of letters carry the reader's address (wemail=...): it is not kept."""
    if url is None:
        return None
    parts = urlsplit(url)
    kept = "&".join(
        each
        for each in parts.query.split("&")
        if "@" not in each and "%40" not in each.upper()
    )
    return urlunsplit(parts._replace(query=kept, fragment=""))


def _pages(api: Api, path: str, params: Mapping[str, Any]) -> Iterator[list[Row]]:
    """Page after page until one is not full.

    Source: https://docs.wistia.com/reference (2026-03)
    """
    number, before = 1, None
    while True:
        asked = {**params, "page": number, "per_page": LIMIT}
        page = api.get("api", path, asked)
        if page and page == before:
            raise AnswerUnreadable(
                f"Wistia gave page {number} of {path} twice: the list would never end. "
                "Run again later; the known rows stay"
            )
        yield page
        if len(page) < LIMIT:
            return
        number, before = number + 1, page
