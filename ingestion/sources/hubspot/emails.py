"""Clicks in the portal's marketing e-mails: GET /email/public/v1/events of the window.

Not here: which of them the site saw arrive too (dbt takes them for one touch).
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from ingestion.errors import AnswerUnreadable
from ingestion.privacy import known_email
from ingestion.source import Row
from ingestion.transport import Api
from ingestion.windows import Window

PATH = "/email/public/v1/events"
LIMIT = 1_000


def email_clicks(api: Api, window: Window) -> Iterator[Row]:
    """Clicks made in the window, a page at a time.

    Source: https://developers.hubspot.com/docs/api-reference/legacy/email-events
    """
    asked: dict[str, Any] = {
        "eventType": "CLICK",
        "startTimestamp": _milliseconds(window.start),
        "endTimestamp": _milliseconds(window.end) - 1,
        "limit": LIMIT,
    }
    seen: set[str] = set()
    while True:
        page = api.get("api", PATH, asked)
        for event in page["events"]:
            yield {
                "id": event["id"],
                "created": event["created"],
                "created_date": datetime.fromtimestamp(
                    event["created"] / 1_000, UTC
                ).date(),
                "email_sha256": known_email(event.get("recipient")),
                "email_campaign_id": event.get("emailCampaignId"),
                "url": _without_address(event.get("url")),
                "user_agent": event.get("userAgent"),
                "filtered_event": event.get("filteredEvent", False),
            }
        if not page.get("hasMore"):
            return
        offset = str(page["offset"])
        if offset in seen:
            raise AnswerUnreadable(
                f"HubSpot gave the offset {offset!r} of e-mail events twice: the list would "
                "never end. Run again later; the known rows stay"
            )
        seen.add(offset)
        asked["offset"] = offset


def _without_address(url: str | None) -> str | None:
    """An address in a link (email=...) is not kept; tags are."""
    if url is None:
        return None
    parts = urlsplit(url)
    kept = "&".join(
        each
        for each in parts.query.split("&")
        if "@" not in each and "%40" not in each.upper()
    )
    return urlunsplit(parts._replace(query=kept))


def _milliseconds(day: Any) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp()) * 1_000
