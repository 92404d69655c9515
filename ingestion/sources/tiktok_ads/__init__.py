"""TikTok Ads: what every ad did each day, which video it shows, and where it was shown.

GET /open_api/v1.3/report/integrated/get/ -> raw_tiktok_ads, typed, in the API's own names.
Not here: the envelope (ingestion/tiktok.py); units, channel names (staging); posts of a
business account (sources/tiktok). Version, limits, day zone, restatement: README.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ingestion import tiktok
from ingestion.paging import Paging
from ingestion.source import Ask, Batch, Row
from ingestion.sources.tiktok_ads import columns
from ingestion.spec import Consent, Setting, SourceSpec, Table
from ingestion.transport import Api

ROWS_PER_PAGE = 1000
DAYS_PER_CALL = 30
VIDEOS_PER_CALL = 60
NOTHING = "-"
EVERY_STATUS = {
    "field_name": "ad_status",
    "filter_type": "IN",
    "filter_value": '["STATUS_ALL"]',
}

SPEC = SourceSpec(
    name="tiktok_ads",
    family="paid",
    title="TikTok Ads",
    day_zone="account",
    lag_days=1,
    lookback_days=28,  # the longest window in which a click may claim a conversion
    tables=(
        Table("advertisers", columns.ADVERTISERS, grain=("account_id",)),
        Table("ads", columns.ADS, grain=("account_id", "ad_id")),
        Table(
            "ad_report_daily",
            columns.AD_REPORT_DAILY,
            grain=("account_id", "ad_id", "stat_time_day"),
            replaced_by=("account_id", "stat_time_day"),
            window_column="stat_time_day",
        ),
        Table(
            "ad_region_daily",
            columns.AD_REGION_DAILY,
            grain=("account_id", "ad_id", "province_id", "stat_time_day"),
            replaced_by=("account_id", "stat_time_day"),
            window_column="stat_time_day",
        ),
    ),
    settings=(
        Setting("ACCESS_TOKEN", "long-lived, of your app's authorised advertisers"),
        Setting(
            "ADVERTISERS",
            "advertiser numbers, by comma; without it all that the app may read",
            is_secret=False,
            is_required=False,
        ),
        Setting(
            "APP_ID",
            "of the app, where no advertisers are named",
            is_secret=False,
            is_required=False,
        ),
        Setting("APP_SECRET", "its secret, likewise", is_required=False),
    ),
    consent=Consent(
        authorize_url=tiktok.HOST + "/portal/auth",
        token_url=tiktok.HOST + tiktok.PATH + "oauth2/access_token/",
        scopes=(),  # chosen when the app is made
        pkce=False,
        words={"client_id": "app_id", "client_secret": "secret", "code": "auth_code"},
        client=("APP_ID", "APP_SECRET"),
        asked_by="json",
        inside="data",
    ),
    hosts={"business": tiktok.HOST},
    token_header=tiktok.TOKEN_HEADER,
    verdict=tiktok.verdict,
    has_reported_totals=True,
)


def accounts(api: Api) -> Sequence[str]:
    """The advertisers named by the setting, else all that authorised the app."""
    named = api.optional("ADVERTISERS")
    if named:
        return [part.strip() for part in named.split(",")]
    app = {"app_id": api.setting("APP_ID"), "secret": api.setting("APP_SECRET")}
    listed = _get(api, "oauth2/advertiser/get/", app)["list"]
    return sorted(str(each["advertiser_id"]) for each in listed)


def read(api: Api, ask: Ask) -> Mapping[str, Iterator[Batch]]:
    """All tables of the advertisers in `ask`."""
    return {
        "advertisers": advertisers(api, ask),
        "ads": ads(api, ask),
        "ad_report_daily": ad_report_daily(api, ask),
        "ad_region_daily": ad_region_daily(api, ask),
    }


def advertisers(api: Api, ask: Ask) -> Iterator[Batch]:
    for account in ask.accounts:
        params = {"advertiser_ids": [account], "fields": columns.ADVERTISER_FIELDS}
        for told in _get(api, "advertiser/info/", params)["list"]:
            row = {k: v for k, v in told.items() if k != "advertiser_id"}
            yield Batch(account, [{"account_id": account, **row}], "advertiser/info")


def ads(api: Api, ask: Ask) -> Iterator[Batch]:
    """Every ad, deleted ones too, with the file that it shows."""
    params = {
        "fields": columns.AD_FIELDS,
        "filtering": {"primary_status": "STATUS_ALL"},
    }
    for account in ask.accounts:
        found = list(_pages(api, "ad/get/", account, params))
        videos = _videos(api, account, sorted({a["video_id"] for a in found} - {None}))
        rows = []
        for ad in found:
            video = videos.get(ad["video_id"], {})
            about = {f"video_{name}": video.get(name) for name in columns.VIDEO_FIELDS}
            rows.append({**ad, **about, "account_id": account})
        yield Batch(account, rows, "ad/get")


def ad_report_daily(api: Api, ask: Ask) -> Iterator[Batch]:
    """Delivery and conversions by ad and day, with the windows of the ad's group."""
    params = {"fields": columns.ADGROUP_FIELDS}
    for account in ask.accounts:
        groups = {
            str(group["adgroup_id"]): group
            for group in _pages(api, "adgroup/get/", account, params)
        }
        for rows in _report(api, account, ask, "BASIC", (), columns.AD_METRICS):
            for row in rows:
                group = groups.get(str(row["adgroup_id"]), {})
                row |= {name: group.get(name) for name in columns.WINDOWS}
            yield Batch(account, rows, "report BASIC")


def ad_region_daily(api: Api, ask: Ask) -> Iterator[Batch]:
    """By province; names come from the list of places that ads can be aimed at."""
    split = ("province_id",)
    for account in ask.accounts:
        names: dict[str, str] | None = None
        for rows in _report(
            api, account, ask, "AUDIENCE", split, columns.REGION_METRICS
        ):
            names = _places(api, account) if names is None else names
            for row in rows:
                row["province_name"] = names.get(row["province_id"])
            yield Batch(account, rows, "report AUDIENCE")


def _report(
    api: Api,
    account: str,
    ask: Ask,
    kind: str,
    split: Sequence[str],
    metrics: Sequence[str],
) -> Iterator[list[Row]]:
    """Rows of a report by ad and day, thirty days a call."""
    params = {
        "report_type": kind,
        "data_level": "AUCTION_AD",
        "dimensions": ["ad_id", *split, "stat_time_day"],
        "metrics": metrics,
        "filtering": [EVERY_STATUS],  # else deleted ads take their history with them
    }
    for piece in ask.window.split(DAYS_PER_CALL):
        days = {"start_date": str(piece.start), "end_date": str(piece.last)}
        path = "report/integrated/get/"
        listed = _pages(api, path, account, {**params, **days})
        yield [
            {
                "account_id": account,
                **_said(each["dimensions"]),
                **_said(each["metrics"]),
            }
            for each in listed
        ]


def _said(told: Mapping[str, Any]) -> Row:
    return {name: None if value == NOTHING else value for name, value in told.items()}


def _videos(api: Api, account: str, videos: Sequence[str]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for first in range(0, len(videos), VIDEOS_PER_CALL):
        some = videos[first : first + VIDEOS_PER_CALL]
        params = {"advertiser_id": account, "video_ids": some}
        for video in _get(api, "file/video/ad/info/", params)["list"]:
            found[str(video["video_id"])] = video
    return found


def _places(api: Api, account: str) -> dict[str, str]:
    params = {
        "advertiser_id": account,
        "placements": ["PLACEMENT_TIKTOK"],
        "objective_type": "VIDEO_VIEWS",
        "level_range": "TO_PROVINCE",
    }
    listed = _get(api, "tool/region/", params)["region_info"]
    return {str(place["location_id"]): place["name"] for place in listed}


def _pages(
    api: Api, path: str, account: str, params: Mapping[str, Any]
) -> Iterator[Row]:
    """All rows of a list, page by page as the answer counts them."""
    page = 1
    paging = Paging("TikTok", f"rows of {path}")
    while True:
        asked = {**params, "advertiser_id": account, "page": page}
        data = _get(api, path, {**asked, "page_size": ROWS_PER_PAGE})
        told = data["page_info"]
        paging.take(data["list"], int(told["page"]))
        yield from data["list"]
        if page >= int(told["total_page"]):
            paging.end(int(told["total_number"]))
            return
        page += 1


def _get(api: Api, path: str, params: Mapping[str, Any]) -> Any:
    return api.get("business", tiktok.PATH + path, tiktok.encoded(params))["data"]
