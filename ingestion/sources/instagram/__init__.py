"""Instagram: what the videos and reels of an account have gathered since publication.

GET <account>/media, <media>/insights -> raw_instagram.media, one row per video and day of
reading.
Not here: turning totals into days (intermediate), versions and paging (ingestion/graph.py).
Version, limits, day zone, restatement: README.md.
"""

from collections.abc import Iterator, Mapping, Sequence

from ingestion import graph, meta
from ingestion.errors import RequestRefused
from ingestion.source import Ask, Batch, Row
from ingestion.sources.instagram import columns
from ingestion.spec import Setting, SourceSpec, Table
from ingestion.transport import Api
from ingestion.windows import DAY

SCOPES = ("pages_show_list", "instagram_basic", "instagram_manage_insights")
VIDEO = "VIDEO"  # reels too: their media_type never says so

SPEC = SourceSpec(
    name="instagram",
    family="social",
    title="Instagram",
    day_zone="UTC",
    lag_days=2,  # insights lag up to 48 hours
    lookback_days=1,  # a past day cannot be read again: counters tell today's totals
    tables=(
        Table(
            "media",
            columns.MEDIA,
            grain=("account_id", "id", "snapshot_date"),
            replaced_by=("account_id", "id", "snapshot_date"),
        ),
    ),
    settings=(
        *meta.settings(", ".join(SCOPES)),
        Setting(
            "ACCOUNTS",
            "numbers of professional accounts, by comma; without it all of the token",
            is_secret=False,
            is_required=False,
        ),
    ),
    consent=meta.consent(*SCOPES),
    hosts={"graph": "https://graph.facebook.com"},
    verdict=graph.verdict,
    hint=graph.hint,
    has_reported_totals=True,
)


def accounts(api: Api) -> Sequence[str]:
    """The accounts named by the setting, else those behind the token's pages."""
    named = api.optional("ACCOUNTS")
    if named:
        return [part.strip() for part in named.split(",")]
    fields = {"fields": ",".join(columns.PAGE_FIELDS)}
    pages = graph.pages(api, "me/accounts", fields)
    behind = (page.get("instagram_business_account") for page in pages)
    return [str(account["id"]) for account in behind if account]


def read(api: Api, ask: Ask) -> Mapping[str, Iterator[Batch]]:
    """The videos with their totals, read today; a past window has nothing to read."""
    if ask.window.last != ask.as_of - SPEC.lag_days * DAY:
        return {}
    return {"media": media(api, ask)}


def list_videos(api: Api, accounts_of: Sequence[str]) -> Iterator[dict[str, str]]:
    """What `playhead init` writes into a first catalogue, one entry per video."""
    for account in accounts_of:
        for item in _videos(api, account):
            yield {
                "account_id": account,
                "platform_object_id": str(item["id"]),
                "title": str(item.get("caption") or item["id"]).partition("\n")[0],
                "channel": "social_organic",
                "duration_seconds": "",  # Instagram does not tell it
                "published_date": str(item["timestamp"])[:10],
            }


def media(api: Api, ask: Ask) -> Iterator[Batch]:
    for account in ask.accounts:
        rows = []
        for item in _videos(api, account):
            row = {name: item.get(name) for name in columns.MEDIA_FIELDS}
            row |= _insights(api, item)
            rows.append(
                {**row, "account_id": account, "snapshot_date": ask.window.last}
            )
        yield Batch(account, rows, "media insights")


def _videos(api: Api, account: str) -> Iterator[Row]:
    """What can be played; stories are gone after a day and are left out."""
    fields = {"fields": ",".join(columns.MEDIA_FIELDS)}
    for item in graph.pages(api, f"{account}/media", fields):
        if item.get("media_type") == VIDEO and item["media_product_type"] != "STORY":
            yield item


def _insights(api: Api, item: Row) -> Row:
    """Lifetime totals; {} where Instagram gives none (posted before it was professional)."""
    metrics = columns.METRICS.get(item["media_product_type"], columns.COUNTS)
    try:
        answer = graph.get(api, f"{item['id']}/insights", {"metric": ",".join(metrics)})
    except RequestRefused:
        return {}  # the video stays, unmeasured
    told = graph.insight_values(answer)
    return {name: told.get(name) for name in metrics}
