"""How the Google Ads API answers in the sandbox: GAQL, streams, headers and refusals.

A manager account with three customers below it. Counts are final a day later; claims keep
arriving for thirty days. Not here: the counts themselves (sandbox/adbook.py).
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode
from zlib import crc32

import numpy as np

from ingestion.sandbox.adbook import AdBook
from ingestion.sandbox.http import Reply, Request, Route
from ingestion.sources.google_ads.fake_gaql import (
    VERSION,
    AdsError,
    days,
    nested,
    parsed,
)
from ingestion.sources.google_ads.gaql import camel
from ingestion.world import View
from ingestion.world.channels import UTM
from ingestion.world.frames import Array

MANAGER = "9004512260"
ROWS_PER_CHUNK = 1000
REGION_IDS = 21_000  # geoTargetConstants count on from here
# Of campaign and ad: the customer that pays in euros buys Demand Gen, the others Video.
VIDEO = ("VIDEO", "VIDEO_RESPONSIVE_AD")
TYPES = {"EUR": ("DEMAND_GEN", "DEMAND_GEN_VIDEO_RESPONSIVE_AD")}
CLAIMS = {"INTERACTION": "click_30d", "IMPRESSION": "engaged_view_3d"}


def routes(view: View) -> list[Route]:
    """The list of customers, and the stream of a query."""
    fake = _Fake(view)
    listing = r"/(?P<version>v\d+)/customers:listAccessibleCustomers"
    stream = r"/(?P<version>v\d+)/customers/(?P<account>[^/]+)/googleAds:searchStream"
    return [
        Route("GET", listing, partial(_answered, fake.customers, False)),
        Route("POST", stream, partial(_answered, fake.stream, True)),
    ]


def _answered(
    handler: Callable[[Request], Any], is_stream: bool, request: Request
) -> Reply:
    try:
        _check(request)
        return Reply(handler(request), headers={"request-id": "sandboxRequest"})
    except AdsError as error:
        body = {"error": error.error}
        return Reply([body] if is_stream else body, error.status)


def _check(request: Request) -> None:
    if request.found["version"] != VERSION:
        says = f"Version {request.found['version']} is deprecated."
        raise AdsError(400, "requestError", "UNSUPPORTED_VERSION", says)
    if not request.token or request.token == "revoked":
        says = "Request had invalid authentication credentials."
        raise AdsError(401, "authenticationError", "OAUTH_TOKEN_INVALID", says)
    if not request.headers.get("developer-token"):
        says = "The developer token is missing."
        raise AdsError(400, "requestError", "DEVELOPER_TOKEN_PARAMETER_MISSING", says)


class _Fake:
    def __init__(self, view: View) -> None:
        self.view = view
        self.book = AdBook(view, "google_ads", lambda lag: np.ones(len(lag)))

    def customers(self, request: Request) -> Any:
        return {"resourceNames": [f"customers/{MANAGER}"]}

    def stream(self, request: Request) -> Any:
        account = request.found["account"]
        if account != MANAGER and account not in self.book.accounts:
            says = "User doesn't have permission to access customer."
            raise AdsError(403, "authorizationError", "USER_PERMISSION_DENIED", says)
        if request.headers.get("login-customer-id") != MANAGER:
            says = (
                "User doesn't have permission: the manager's customer id must be set "
            )
            says += "in the 'login-customer-id' header."
            raise AdsError(403, "authorizationError", "USER_PERMISSION_DENIED", says)
        fields, resource, where = parsed(str(request.json().get("query", "")))
        if account == MANAGER and any(name.startswith("metrics.") for name in fields):
            says = "Metrics cannot be requested for a manager account."
            raise AdsError(400, "queryError", "REQUESTED_METRICS_FOR_MANAGER", says)
        rows = [nested(row, fields) for row in self._rows(account, resource, where)]
        rows = [row for row in rows if row]
        about = {
            "fieldMask": ",".join(camel(name) for name in fields),
            "requestId": "sandboxRequest",
        }
        if not rows:
            return [about]
        return [
            {"results": rows[first : first + ROWS_PER_CHUNK], **about}
            for first in range(0, len(rows), ROWS_PER_CHUNK)
        ]

    def _rows(
        self, account: str, resource: str, where: str
    ) -> Iterator[dict[str, Any]]:
        match resource:
            case "customer_client":
                return self._clients()
            case "conversion_action":
                return self._actions(account)
            case "geo_target_constant":
                return self._places(where)
        first, last = days(where)
        last = min(last, self.view.as_of - timedelta(days=1))
        match resource:
            case "video":
                return self._videos(account, first, last)
            case "ad_group_ad_asset_view":
                return self._assets(account, first, last, where)
            case "user_location_view":
                return self._regions(account, first, last)
            case _:
                return self._conversions(account, first, last)

    def _clients(self) -> Iterator[dict[str, Any]]:
        above = {"id": MANAGER, "name": "Brindlemoor", "currency": "USD", "zone": "UTC"}
        for row in (above, *self.book.accounts.values()):
            number = row.get("account_id", MANAGER)
            told = {
                "id": number,
                "descriptive_name": row["name"],
                "currency_code": row["currency"],
                "time_zone": row["zone"],
                "manager": number == MANAGER,
                "status": "ENABLED",
                "level": str(int(number != MANAGER)),
            }
            yield {f"customer_client.{name}": value for name, value in told.items()}

    def _actions(self, account: str) -> Iterator[dict[str, Any]]:
        told = {
            "resource_name": _action(account),
            "id": "71002",
            "name": "Lead",
            "category": "SUBMIT_LEAD_FORM",
            "status": "ENABLED",
            "click_through_lookback_window_days": "30",
            "view_through_lookback_window_days": "1",
        }
        yield {f"conversion_action.{name}": value for name, value in told.items()}

    def _places(self, where: str) -> Iterator[dict[str, Any]]:
        for number, name in enumerate(self.view.regions["region"].tolist()):
            resource = _place(number)
            if f"'{resource}'" in where:
                yield {
                    "geo_target_constant.resource_name": resource,
                    "geo_target_constant.id": str(REGION_IDS + number),
                    "geo_target_constant.name": name,
                }

    def _videos(
        self, account: str, first: date, last: date
    ) -> Iterator[dict[str, Any]]:
        for ad, told in self._delivered(account, first, last):
            yield {
                **told,
                "video.id": ad["youtube_video_id"],
                "video.title": ad["title"],
                "video.duration_millis": str(1000 * ad["seconds"]),
                "video.channel_id": self.view.company.channel_id,
            }

    def _assets(
        self, account: str, first: date, last: date, where: str
    ) -> Iterator[dict[str, Any]]:
        """Of Demand Gen alone. Each asset of an impression has the whole of it."""
        video = "asset.youtube_video_asset.youtube_video"
        for ad, told in self._delivered(account, first, last):
            if ad["currency"] not in TYPES:
                continue
            youtube_id, title = ad["youtube_video_id"], ad["title"]
            assets = {
                "YOUTUBE_VIDEO": {f"{video}_id": youtube_id, f"{video}_title": title},
                "HEADLINE": {},
            }
            for role, about in assets.items():
                if "field_type" not in where or f"'{role}'" in where:
                    number = crc32(f"{role} {youtube_id}".encode())
                    own = {"ad_group_ad_asset_view.field_type": role, **about}
                    yield {**told, "asset.id": str(number), **own}

    def _delivered(
        self, account: str, first: date, last: date
    ) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Ads, and what they did on a day."""
        totals = self.book.totals
        cells = self.book.cells(totals["impressions"], account, first, last)
        for i, day in cells.tolist():
            ad = self.book.ads[i]
            counts = {name: int(each[i, day]) for name, each in totals.items()}
            yield ad, {**self._about(ad, day), **_measured(counts)}

    def _regions(
        self, account: str, first: date, last: date
    ) -> Iterator[dict[str, Any]]:
        """Ad groups share places with all their ads: sums over the ads."""
        counts = self.book.by_region
        cells = self.book.cells(counts["impressions"], account, first, last)
        sums: dict[tuple[str, int, int], list[int]] = {}
        shown: dict[tuple[str, int, int], int] = {}
        names = ("impressions", "clicks", "spend_cents")
        for i, region, day in cells.tolist():
            key = (self.book.ads[i]["ad_group_id"], region, day)
            told = [int(counts[name][i, region, day]) for name in names]
            before = sums.get(key, [0, 0, 0])
            sums[key] = [a + b for a, b in zip(before, told, strict=True)]
            shown[key] = i
        for key, (impressions, clicks, cents) in sums.items():
            yield {
                **self._about(self.book.ads[shown[key]], key[2]),
                "segments.geo_target_region": _place(key[1]),
                "metrics.impressions": str(impressions),
                "metrics.clicks": str(clicks),
                "metrics.cost_micros": str(10_000 * cents),
            }

    def _conversions(
        self, account: str, first: date, last: date
    ) -> Iterator[dict[str, Any]]:
        for kind, window in CLAIMS.items():
            claimed: Array = self.book.claims(window)
            for i, day in self.book.cells(claimed, account, first, last).tolist():
                yield {
                    **self._about(self.book.ads[i], day),
                    "segments.conversion_action": _action(account),
                    "segments.conversion_attribution_event_type": kind,
                    "metrics.conversions": float(claimed[i, day]),
                }

    def _about(self, ad: dict[str, Any], day: int) -> dict[str, Any]:
        source, medium = UTM[ad["channel"]]
        tags = {"utm_source": source, "utm_medium": medium, "utm_content": ad["tag"]}
        url = (
            f"https://{self.view.company.domain}{ad['landing_path']}?{urlencode(tags)}"
        )
        campaign_type, ad_type = TYPES.get(ad["currency"], VIDEO)
        return {
            "segments.date": str(self.book.day(day)),
            "customer.id": ad["account_id"],
            "customer.currency_code": ad["currency"],
            "customer.time_zone": self.book.accounts[ad["account_id"]]["zone"],
            "campaign.id": ad["campaign_id"],
            "campaign.name": self.book.campaign(ad["campaign_id"], day),
            "campaign.advertising_channel_type": campaign_type,
            "ad_group.id": ad["ad_group_id"],
            "ad_group_ad.ad.id": ad["ad_id"],
            "ad_group_ad.ad.name": ad["ad_name"],
            "ad_group_ad.ad.type": ad_type,
            "ad_group_ad.ad.final_urls": [url],
        }


def _measured(counts: dict[str, int]) -> dict[str, Any]:
    shown, watched = counts["impressions"], 1000 * counts["watch_seconds"]
    views = max(counts["plays_30s"], counts["p100"])  # thirty seconds, or the whole
    told: dict[str, Any] = {
        "impressions": str(shown),
        "clicks": str(counts["clicks"]),
        "cost_micros": str(10_000 * counts["spend_cents"]),
        "video_trueview_views": str(views),
        "video_trueview_view_rate": views / shown,
        "video_watch_time_duration_millis": str(watched),
    }
    if counts["starts"]:
        average = round(watched / counts["starts"])
        told["average_video_watch_time_duration_millis"] = str(average)
    for part in (25, 50, 75, 100):
        told[f"video_quartile_p{part}_rate"] = counts[f"p{part}"] / shown
    return {
        f"metrics.{name}": value
        for name, value in told.items()
        if value not in ("0", 0.0)  # REST leaves zeros out
    }


def _action(account: str) -> str:
    return f"customers/{account}/conversionActions/71002"


def _place(number: int) -> str:
    return f"geoTargetConstants/{REGION_IDS + number}"
