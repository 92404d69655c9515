"""How HubSpot tells of clicks in e-mails: whoever arrived by the newsletter had clicked.

Scanners of mail gateways click too; HubSpot marks them. Not here: who gets a letter (world).
"""

from collections.abc import Iterator
from functools import cached_property

from ingestion.sandbox.http import Reply, Request
from ingestion.sources.hubspot.portal import Item
from ingestion.world.view import View

DAY_MS = 86_400_000
MOST, DEFAULT_LIMIT = 1_000, "100"
BEFORE_ARRIVAL_MS = 3_000  # from the click to the first page
SCANNED = 0.15  # share of letters whose links a gateway opens, a minute before
BROWSER = {"name": "Chrome", "family": "Chrome", "type": "Browser"}
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/141.0 Safari/537.36"


class Letters:
    """Clicks, oldest first."""

    def __init__(self, view: View) -> None:
        self._view = view

    @cached_property
    def clicks(self) -> list[Item]:
        return sorted(self._clicks(), key=lambda each: (each["created"], each["id"]))

    def _clicks(self) -> Iterator[Item]:
        events = self._view.events
        known = events.where(events["event"] == "identify")
        email_of = {
            (visitor, int(at) // DAY_MS): email
            for visitor, at, email in zip(
                known["anonymous_id"], known["event_at"], known["email"], strict=True
            )
        }
        is_landing = (events["utm_medium"] == "email") & (events["event"] == "page")
        landed = events.where(is_landing)
        visitor, at = landed["anonymous_id"], landed["event_at"]
        tags, urls = landed["utm_content"], landed["page_url"]
        scanned = self._view.hash01("scanned", at % 1_000_003) < SCANNED
        seen: set[str] = set()
        for row in range(len(landed)):
            email = email_of.get((visitor[row], int(at[row]) // DAY_MS))
            name = f"{int(at[row]):x}{str(visitor[row])[-8:]}"
            if email is None or name in seen:  # a doubled message
                continue
            seen.add(name)
            campaign = str(tags[row]).removeprefix("ph-p")
            click = {
                "id": name,
                "created": int(at[row]) - BEFORE_ARRIVAL_MS,
                "type": "CLICK",
                "recipient": email,
                "emailCampaignId": int(campaign) if campaign.isdigit() else 0,
                "url": f"{urls[row]}?utm_source=newsletter&utm_medium=email"
                f"&utm_content={tags[row]}",
                "userAgent": AGENT,
                "browser": BROWSER,
                "filteredEvent": False,
                "portalId": int(self._view.company.hubspot_portal_id),
            }
            yield click
            if scanned[row]:
                early = click["created"] - 60_000
                yield click | {
                    "id": f"s{name}",
                    "created": early,
                    "filteredEvent": True,
                }

    def events(self, request: Request) -> Reply:
        query = request.query
        limit, offset = query.get("limit", DEFAULT_LIMIT), query.get("offset", "0")
        if not limit.isdigit() or not 1 <= int(limit) <= MOST or not offset.isdigit():
            return Reply(
                {
                    "status": "error",
                    "message": f"limit must be between 1 and {MOST}, offset as it was given",
                    "correlationId": "sandbox",
                    "category": "VALIDATION_ERROR",
                },
                400,
            )
        first = int(query.get("startTimestamp", "0"))
        last = int(query.get("endTimestamp", "9" * 13))
        wanted = query.get("eventType", "CLICK")
        found = [
            each
            for each in self.clicks
            if each["type"] == wanted and first <= each["created"] <= last
        ]
        end = int(offset) + int(limit)
        return Reply(
            {
                "hasMore": end < len(found),
                "offset": str(end),
                "events": found[int(offset) : end],
            }
        )
