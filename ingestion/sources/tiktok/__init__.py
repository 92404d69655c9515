"""TikTok: what the posts of a business account have gathered since they were published.

GET business/video/list/ -> raw_tiktok.videos, one row per post and day of reading.
Not here: turning totals into days (intermediate), the envelope (ingestion/tiktok.py), ads.
Version, limits, day zone, restatement: README.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime

from ingestion import tiktok
from ingestion.errors import AnswerUnreadable
from ingestion.source import Ask, Batch, Row
from ingestion.sources.tiktok import columns
from ingestion.spec import Consent, Setting, SourceSpec, Table
from ingestion.transport import Api
from ingestion.windows import DAY

POSTS_PER_PAGE = 20

SPEC = SourceSpec(
    name="tiktok",
    family="social",
    title="TikTok",
    day_zone="UTC",
    lag_days=2,  # metrics are refreshed within 24 to 48 hours
    lookback_days=1,  # a past day cannot be read again: counters tell today's totals
    tables=(
        Table(
            "videos",
            columns.VIDEOS,
            grain=("account_id", "item_id", "snapshot_date"),
            replaced_by=("account_id", "item_id", "snapshot_date"),
        ),
    ),
    settings=(
        Setting("CLIENT_ID", "your app in TikTok's business portal", is_secret=False),
        Setting("CLIENT_SECRET", "its secret"),
        Setting("REFRESH_TOKEN", "of the account holder's consent to video.list"),
        Setting("BUSINESS_ID", "the account's open_id", is_secret=False),
    ),
    consent=Consent(
        authorize_url="https://www.tiktok.com/v2/auth/authorize",
        token_url=tiktok.HOST + tiktok.PATH + "tt_user/oauth2/token/",
        refresh_url=tiktok.HOST + tiktok.PATH + "tt_user/oauth2/refresh_token/",
        scopes=("user.info.basic", "user.insights", "video.list", "video.insights"),
        pkce=False,
        scope_separator=",",
        words={"code": "auth_code"},
        asked_by="json",
        inside="data",
        tells={"open_id": "BUSINESS_ID"},
    ),
    hosts={"business": tiktok.HOST},
    token_header=tiktok.TOKEN_HEADER,
    verdict=tiktok.verdict,
    has_reported_totals=True,
)


def accounts(api: Api) -> Sequence[str]:
    """The accounts named by the setting: one token, one account."""
    return [part.strip() for part in api.setting("BUSINESS_ID").split(",")]


def read(api: Api, ask: Ask) -> Mapping[str, Iterator[Batch]]:
    """The posts with their totals, read today; a past window has nothing to read."""
    if ask.window.last != ask.as_of - SPEC.lag_days * DAY:
        return {}
    return {"videos": videos(api, ask)}


def list_videos(api: Api, accounts_of: Sequence[str]) -> Iterator[dict[str, str]]:
    """What `playhead init` writes into a first catalogue, one entry per post."""
    for account in accounts_of:
        for post in _posts(api, account):
            yield {
                "account_id": account,
                "platform_object_id": str(post["item_id"]),
                "title": str(post.get("caption") or post["item_id"]),
                "channel": "social_organic",
                "duration_seconds": str(round(float(post.get("video_duration") or 0))),
                "published_date": str(_published(post) or ""),
            }


def videos(api: Api, ask: Ask) -> Iterator[Batch]:
    for account in ask.accounts:
        rows = [_row(account, post) for post in _posts(api, account)]
        for row in rows:
            row["snapshot_date"] = ask.window.last
        yield Batch(account, rows, "business/video/list")


def _posts(api: Api, account: str) -> Iterator[Row]:
    """All posts, newest first; the cursor is a time in milliseconds."""
    params = {"business_id": account, "fields": columns.FIELDS}
    cursor: int | None = None
    seen: set[int] = set()
    while True:
        asked = params | {"max_count": POSTS_PER_PAGE}
        asked |= {"cursor": cursor} if cursor is not None else {}
        answer = api.get(
            "business", f"{tiktok.PATH}business/video/list/", tiktok.encoded(asked)
        )
        data = answer["data"]
        yield from data.get("videos", ())
        if not data.get("has_more"):
            return
        cursor = int(data["cursor"])
        if cursor in seen:
            raise AnswerUnreadable(
                f"TikTok gave cursor {cursor} twice: the list would never end. Run "
                "again later; the known posts stay"
            )
        seen.add(cursor)


def _published(post: Row) -> date | None:
    told = post.get("create_time")  # seconds, as text
    return datetime.fromtimestamp(int(told), UTC).date() if told else None


def _row(account: str, post: Row) -> Row:
    row = {name: post.get(name) for name in columns.FIELDS}
    row["account_id"] = account
    row["favorites"] = post.get("favorites", post.get("favorities"))  # both are told
    if post.get("create_time"):
        row["create_time"] = int(post["create_time"]) * 1000  # seconds, as text
    return row
