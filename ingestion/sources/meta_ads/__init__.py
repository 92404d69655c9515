"""Meta Ads: what every ad did each day, which video it shows, and where it was shown.

GET /act_<id>/{insights,ads,advideos} -> raw_meta_ads, typed, in the API's own names.
Not here: units, currency, channel names (staging does those); retries (transport);
paging and errors (ingestion/graph.py), report runs (insights.py).
Version, quota, day zone, restatement: README.md.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

from ingestion import graph, meta
from ingestion.errors import CredentialRefused, RequestRefused
from ingestion.source import Ask, Batch, Row
from ingestion.sources.meta_ads import columns
from ingestion.sources.meta_ads.insights import DIRECT_DAYS, Report
from ingestion.spec import Setting, SourceSpec, Table
from ingestion.transport import Api

SPEC = SourceSpec(
    name="meta_ads",
    family="paid",
    title="Meta Ads",
    day_zone="account",
    lag_days=0,  # today is there, in part
    lookback_days=28,  # conversions and invalid traffic are booked back this far
    cadence="intraday",
    tables=(
        Table("accounts", columns.ACCOUNTS, grain=("account_id",)),
        Table("ads", columns.ADS, grain=("account_id", "id")),
        Table("ad_videos", columns.AD_VIDEOS, grain=("account_id", "id")),
        Table(
            "ad_insights",
            columns.AD_INSIGHTS,
            grain=("account_id", "ad_id", "date_start"),
            replaced_by=("account_id", "date_start"),
            window_column="date_start",
        ),
        Table(
            "ad_insights_by_region",
            columns.AD_INSIGHTS_BY_REGION,
            grain=("account_id", "ad_id", "region", "date_start"),
            replaced_by=("account_id", "date_start"),
            window_column="date_start",
        ),
    ),
    settings=(
        *meta.settings("ads_read"),
        Setting(
            "ACCOUNTS",
            "ad account numbers, by comma; without it all that the token sees",
            is_secret=False,
            is_required=False,
        ),
    ),
    consent=meta.consent("ads_read"),
    hosts={"graph": "https://graph.facebook.com"},
    verdict=graph.verdict,
    hint=graph.hint,
    requests_at_once=3,
    has_reported_totals=True,
)


def accounts(api: Api) -> Sequence[str]:
    """The ad accounts named by the setting, else all of the token."""
    named = api.optional("ACCOUNTS")
    if named:
        return [part.strip().removeprefix("act_") for part in named.split(",")]
    mine = graph.pages(api, "me/adaccounts", {"fields": "account_id"})
    return [str(account["account_id"]) for account in mine]


def read(api: Api, ask: Ask) -> Mapping[str, Iterator[Batch]]:
    """All tables of the accounts in `ask`; the list of videos is fetched once."""
    listed = cache(lambda account: _videos(api, account))
    return {
        "accounts": ad_accounts(api, ask),
        "ads": ads(api, ask, listed),
        "ad_videos": ad_videos(ask, listed),
        "ad_insights": ad_insights(api, ask),
        "ad_insights_by_region": ad_insights_by_region(api, ask),
    }


def ad_accounts(api: Api, ask: Ask) -> Iterator[Batch]:
    fields = {"fields": ",".join(columns.ACCOUNT_FIELDS)}
    for account in ask.accounts:
        told = graph.get(api, f"act_{account}", fields)
        row = {name: told.get(name) for name in columns.ACCOUNT_FIELDS}
        yield Batch(account, [row], "account")


def ads(
    api: Api, ask: Ask, listed: Callable[[str], Mapping[str, Row]]
) -> Iterator[Batch]:
    """Every ad, archived ones too, with the first video of its creative."""
    params = {
        "fields": ",".join(columns.AD_FIELDS),
        "effective_status": columns.EVERY_STATUS,
    }
    boosted = cache(lambda post: _video_of_post(api, post))
    elsewhere = cache(lambda video: _video(api, video))
    for account in ask.accounts:
        videos, rows = listed(account), []
        for ad in graph.pages(api, f"act_{account}/ads", params):
            creative = ad.get("creative", {})
            video = next(video_ids(creative), None)
            if video is None and "effective_object_story_id" in creative:
                video = boosted(creative["effective_object_story_id"])
            known = (videos.get(video) or elsewhere(video)) if video else {}
            rows.append(
                {
                    **ad,
                    "account_id": account,
                    "creative_id": creative.get("id"),
                    "video_id": video,
                    "video_title": known.get("title"),
                    "video_length": known.get("length"),
                    "url_tags": creative.get("url_tags"),
                    "creative": creative,
                }
            )
        yield Batch(account, rows, "ads")


def ad_videos(ask: Ask, listed: Callable[[str], Mapping[str, Row]]) -> Iterator[Batch]:
    for account in ask.accounts:
        rows = [{**video, "account_id": account} for video in listed(account).values()]
        yield Batch(account, rows, "advideos")


def ad_insights(api: Api, ask: Ask) -> Iterator[Batch]:
    yield from _insights(api, ask, columns.INSIGHT_FIELDS, (), "insights")


def ad_insights_by_region(api: Api, ask: Ask) -> Iterator[Batch]:
    where = "insights by region"
    yield from _insights(api, ask, columns.REGION_FIELDS, ("region",), where)


def _insights(
    api: Api, ask: Ask, fields: Sequence[str], breakdowns: Sequence[str], where: str
) -> Iterator[Batch]:
    """A night's accounts at once; of more days, prepared as runs, one by one."""

    def of(account: str) -> list[list[Row]]:
        return list(Report(api, account, fields, breakdowns).rows(ask.window))

    if ask.window.days <= DIRECT_DAYS:
        for account, pieces in zip(
            ask.accounts, api.each(of, ask.accounts), strict=True
        ):
            yield from (Batch(account, rows, where) for rows in pieces)
        return
    for account in ask.accounts:
        for rows in Report(api, account, fields, breakdowns).rows(ask.window):
            yield Batch(account, rows, where)


def video_ids(creative: Row) -> Iterator[str]:
    """The videos of a creative, in whichever of the three places they sit."""
    story = creative.get("object_story_spec", {}).get("video_data", {})
    feed = creative.get("asset_feed_spec", {}).get("videos", ())
    for place in (creative, story, *feed):
        if place.get("video_id"):
            yield str(place["video_id"])


def _video_of_post(api: Api, post_id: str) -> str | None:
    """The video of a boosted post; None where it has none or the page is not ours."""
    try:
        post = graph.get(api, post_id, {"fields": "attachments{media_type,target{id}}"})
    except (CredentialRefused, RequestRefused):
        return None  # the ad stays, without a video: shown as not matched
    for attachment in post.get("attachments", {}).get("data", ()):
        if attachment.get("media_type") == "video" and "target" in attachment:
            return str(attachment["target"]["id"])
    return None


def _video(api: Api, video_id: str) -> Row:
    """A video outside the account's library; {} where its page is not ours."""
    try:
        fields = {"fields": ",".join(columns.VIDEO_FIELDS)}
        found: Row = graph.get(api, video_id, fields)
    except (CredentialRefused, RequestRefused):
        return {}
    return found


def _videos(api: Api, account: str) -> Mapping[str, Row]:
    params = {"fields": ",".join(columns.VIDEO_FIELDS)}
    found = graph.pages(api, f"act_{account}/advideos", params)
    return {str(video["id"]): video for video in found}
