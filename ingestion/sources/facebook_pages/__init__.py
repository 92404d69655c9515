"""Facebook Pages: what the videos and reels of a page have gathered since publication.

GET <page>/videos, <page>/video_reels, <video>/video_insights -> raw_facebook_pages.videos,
one row per video and day of reading.
Not here: turning totals into days (intermediate), versions and paging (ingestion/graph.py).
Version, limits, day zone, restatement: README.md.
"""

from collections.abc import Iterator, Mapping, Sequence

from ingestion import graph, meta
from ingestion.errors import RequestRefused
from ingestion.source import Ask, Batch, Row
from ingestion.sources.facebook_pages import columns
from ingestion.spec import Setting, SourceSpec, Table
from ingestion.transport import Api
from ingestion.windows import DAY

EDGES = {"video": "videos", "reel": "video_reels"}
METRICS = {"video": columns.VIDEO_METRICS, "reel": columns.REEL_METRICS}
SCOPES = ("pages_show_list", "pages_read_engagement", "read_insights")

SPEC = SourceSpec(
    name="facebook_pages",
    family="social",
    title="Facebook Pages",
    day_zone="America/Los_Angeles",
    lag_days=1,
    lookback_days=1,  # a past day cannot be read again: counters tell today's totals
    tables=(
        Table(
            "videos",
            columns.VIDEOS,
            grain=("account_id", "id", "snapshot_date"),
            replaced_by=("account_id", "id", "snapshot_date"),
        ),
    ),
    settings=(
        *meta.settings(", ".join(SCOPES)),
        Setting(
            "PAGES",
            "page numbers, by comma; without it all that the token sees",
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
    """The pages named by the setting, else all of the token."""
    named = api.optional("PAGES")
    if named:
        return [part.strip() for part in named.split(",")]
    return list(_tokens(api))


def read(api: Api, ask: Ask) -> Mapping[str, Iterator[Batch]]:
    """The videos with their totals, read today; a past window has nothing to read."""
    if ask.window.last != ask.as_of - SPEC.lag_days * DAY:
        return {}
    return {"videos": videos(api, ask)}


def list_videos(api: Api, pages: Sequence[str]) -> Iterator[dict[str, str]]:
    """What `playhead init` writes into a first catalogue, one entry per video."""
    tokens = _tokens(api)
    for page in pages:
        for video in _listed(graph.as_page(api, tokens.get(page, "")), page):
            yield {
                "account_id": page,
                "platform_object_id": str(video["id"]),
                "title": str(video.get("title") or video["id"]),
                "channel": "social_organic",
                "duration_seconds": str(round(float(video.get("length") or 0))),
                "published_date": str(video["created_time"])[:10],
            }


def videos(api: Api, ask: Ask) -> Iterator[Batch]:
    tokens = _tokens(api)
    for page in ask.accounts:
        own = graph.as_page(api, tokens.get(page) or api.token())
        rows = []
        for video in _listed(own, page):
            told = _insights(own, str(video["id"]), METRICS[video["kind"]])
            row = {**video, **told, "account_id": page}
            rows.append({**row, "snapshot_date": ask.window.last})
        yield Batch(page, rows, "video_insights")


def _tokens(api: Api) -> dict[str, str]:
    """Page -> its own token."""
    fields = {"fields": ",".join(columns.PAGE_FIELDS)}
    listed = graph.pages(api, "me/accounts", fields)
    return {str(page["id"]): str(page.get("access_token", "")) for page in listed}


def _listed(api: Api, page: str) -> Iterator[Row]:
    """Videos, then reels; what both edges list is a reel."""
    fields = {"fields": ",".join(columns.VIDEO_FIELDS)}
    found: dict[str, Row] = {}
    for kind, edge in EDGES.items():
        for video in graph.pages(api, f"{page}/{edge}", fields):
            row = {name: video.get(name) for name in columns.VIDEO_FIELDS}
            found[str(video["id"])] = {**row, "kind": kind}
    yield from found.values()


def _insights(api: Api, video: str, metrics: Sequence[str]) -> Row:
    """Lifetime totals; {} of a video that Facebook gives no insights for."""
    try:
        answer = graph.get(
            api, f"{video}/video_insights", {"metric": ",".join(metrics)}
        )
    except RequestRefused:
        return {}  # the video stays, unmeasured
    told = graph.insight_values(answer)
    return {name: told.get(name) for name in metrics}
