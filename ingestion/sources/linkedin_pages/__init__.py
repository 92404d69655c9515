"""LinkedIn Pages: what an organisation's video posts did each day, and what they gathered.

GET /rest/posts, videoAnalytics, organizationalEntityShareStatistics -> raw_linkedin_pages.
Not here: Rest.li spelling and errors (ingestion/linkedin.py), ads, totals into days.
Version, limits, day zone, restatement: README.md.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache

from ingestion import linkedin
from ingestion.paging import Paging
from ingestion.source import Ask, Batch, Row
from ingestion.sources.linkedin_pages import columns
from ingestion.spec import Setting, SourceSpec, Table
from ingestion.transport import Api
from ingestion.windows import DAY

POSTS_PER_PAGE = 50
POSTS_PER_CALL = 20  # of the statistics
HISTORY_DAYS = 365  # videoAnalytics goes no further back
Listed = Callable[[str], Sequence[Row]]

SPEC = SourceSpec(
    name="linkedin_pages",
    family="social",
    title="LinkedIn Pages",
    day_zone="UTC",
    lag_days=1,
    lookback_days=3,
    history_days=HISTORY_DAYS,
    tables=(
        Table(
            "posts",
            columns.POSTS,
            grain=("account_id", "id", "snapshot_date"),
            replaced_by=("account_id", "id", "snapshot_date"),
        ),
        Table(
            "video_analytics_daily",
            columns.VIDEO_ANALYTICS_DAILY,
            grain=("account_id", "id", "date"),
            replaced_by=("account_id", "date"),
            window_column="date",
        ),
    ),
    settings=(
        Setting("ACCESS_TOKEN", "with r_organization_social, rw_organization_admin"),
        Setting(
            "CLIENT_ID",
            "of your app, where a person consents instead",
            is_secret=False,
            is_required=False,
        ),
        Setting("CLIENT_SECRET", "its secret", is_required=False),
        Setting(
            "ORGANIZATIONS",
            "numbers of pages, by comma; without it all the member administers",
            is_secret=False,
            is_required=False,
        ),
    ),
    consent=linkedin.consent("r_organization_social", "rw_organization_admin"),
    hosts={"linkedin": linkedin.HOST},
    headers=linkedin.HEADERS,
    verdict=linkedin.verdict,
    hint=linkedin.hint,
    has_reported_totals=True,
)


def accounts(api: Api) -> Sequence[str]:
    """The pages named by the setting, else those the member administers."""
    named = api.optional("ORGANIZATIONS")
    if named:
        return [part.strip().rpartition(":")[2] for part in named.split(",")]
    query = {"q": "roleAssignee", "role": "ADMINISTRATOR", "state": "APPROVED"}
    found = _finder(api, "organizationAcls", query)["elements"]
    return [str(each["organization"]).rpartition(":")[2] for each in found]


def read(api: Api, ask: Ask) -> Mapping[str, Iterator[Batch]]:
    """Days of any window; the totals, which are today's, with the newest day alone."""
    listed = cache(lambda account: list(_video_posts(api, account)))
    tables = {"video_analytics_daily": video_analytics_daily(api, ask, listed)}
    if ask.window.last == ask.as_of - SPEC.lag_days * DAY:
        tables["posts"] = posts(api, ask, listed)
    return tables


def list_videos(api: Api, organizations: Sequence[str]) -> Iterator[dict[str, str]]:
    """What `playhead init` writes into a first catalogue, one entry per video post."""
    for account in organizations:
        for post in _video_posts(api, account):
            seconds = round((_duration(api, post["media_id"]) or 0) / 1000)
            yield {
                "account_id": account,
                "platform_object_id": post["id"],
                "title": str(post["commentary"] or post["id"]).partition("\n")[0],
                "channel": "social_organic",
                "duration_seconds": str(seconds),
                "published_date": str(_day(post["published_at"])),
            }


def posts(api: Api, ask: Ask, listed: Listed) -> Iterator[Batch]:
    """Every video post with its lifetime statistics; one without activity has zeros."""
    for account in ask.accounts:
        found = listed(account)
        told = _statistics(api, account, [post["id"] for post in found])
        rows = [
            {
                **post,
                "account_id": account,
                "snapshot_date": ask.window.last,
                "duration": _duration(api, post["media_id"]),
                **told.get(
                    post["id"], dict.fromkeys(columns.SHARE_STATISTICS.values(), 0)
                ),
            }
            for post in found
        ]
        yield Batch(account, rows, "organizationalEntityShareStatistics")


def video_analytics_daily(api: Api, ask: Ask, listed: Listed) -> Iterator[Batch]:
    """One call per post and metric; a day without a view is left out by both."""
    for account in ask.accounts:
        for post in listed(account):
            first = max(ask.window.start, _day(post["published_at"]))
            if first > ask.window.last:
                continue
            days: dict[date, Row] = {}
            for kind, column in columns.VIDEO_TYPES.items():
                for day, value in _by_day(
                    api, post["id"], kind, first, ask.window.last
                ):
                    blank: Row = dict.fromkeys(columns.VIDEO_TYPES.values(), 0)
                    days.setdefault(day, blank)[column] = value
            rows = [
                {"account_id": account, "id": post["id"], "date": day, **told}
                for day, told in days.items()
            ]
            yield Batch(account, rows, f"videoAnalytics {post['id']}")


def _video_posts(api: Api, account: str) -> Iterator[Row]:
    """The organisation's posts that carry a video, by offset."""
    author = linkedin.urn(f"urn:li:organization:{account}")
    query = {"q": "author", "author": author, "sortBy": "LAST_MODIFIED"}
    paging = Paging("LinkedIn", "posts")
    while True:
        turn = {"count": str(POSTS_PER_PAGE), "start": str(paging.rows)}
        page = _finder(api, "posts", query | turn)
        paging.take(page["elements"])
        for each in page["elements"]:
            media = str(each.get("content", {}).get("media", {}).get("id", ""))
            if media.startswith("urn:li:video:"):
                yield {
                    "id": each["id"],
                    "commentary": each.get("commentary"),
                    "media_id": media,
                    "published_at": each.get("publishedAt", each["createdAt"]),
                    "lifecycle_state": each.get("lifecycleState"),
                }
        links = page.get("paging", {}).get("links", ())
        if not any(link.get("rel") == "next" for link in links):
            paging.end(page.get("paging", {}).get("total"))
            return


def _statistics(api: Api, account: str, ids: Sequence[str]) -> dict[str, Row]:
    """Lifetime totals by post; posts without any activity are missing."""
    found: dict[str, Row] = {}
    for kind, word in (("ugcPost", "ugcPosts"), ("share", "shares")):
        mine = [each for each in ids if each.startswith(f"urn:li:{kind}:")]
        for first in range(0, len(mine), POSTS_PER_CALL):
            organization = linkedin.urn(f"urn:li:organization:{account}")
            query = {
                "q": "organizationalEntity",
                "organizationalEntity": organization,
                word: linkedin.listed(mine[first : first + POSTS_PER_CALL]),
            }
            answer = _finder(api, "organizationalEntityShareStatistics", query)
            for each in answer["elements"]:
                told = each["totalShareStatistics"]
                found[str(each[kind])] = {
                    column: told.get(name)
                    for name, column in columns.SHARE_STATISTICS.items()
                }
    return found


def _by_day(
    api: Api, post: str, kind: str, first: date, last: date
) -> Iterator[tuple[date, int]]:
    """One metric of one post; times are UTC milliseconds, the end is exclusive."""
    query = {
        "q": "entity",
        "entity": linkedin.urn(post),
        "type": kind,
        "aggregation": "DAY",
        "timeRange.start": str(_millis(first)),
        "timeRange.end": str(_millis(last + DAY)),
    }
    for each in _finder(api, "videoAnalytics", query)["elements"]:
        yield _day(each["timeRange"]["start"]), each["value"]


def _duration(api: Api, media: str) -> int | None:
    """Milliseconds of a video."""
    told = linkedin.get(api, f"videos/{linkedin.urn(media)}", {})
    length: int | None = told.get("duration")
    return length


def _finder(api: Api, path: str, query: Mapping[str, str]) -> Row:
    """A search: LinkedIn wants it said in a header, too."""
    api.headers["X-RestLi-Method"] = "FINDER"
    try:
        answer: Row = linkedin.get(api, path, query)
    finally:
        del api.headers["X-RestLi-Method"]
    return answer


def _day(milliseconds: int) -> date:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).date()


def _millis(day: date) -> int:
    return (day - date(1970, 1, 1)).days * 86_400_000
