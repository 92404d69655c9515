"""How TikTok's Marketing API answers in the sandbox: lists, reports by ad and day, refusals.

Every answer has status 200; the code inside says what it is. Two days pass until a day is
whole. Not here: the counts themselves (sandbox/adbook.py).
"""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

import numpy as np

from ingestion.sandbox.adbook import AdBook
from ingestion.sandbox.http import Request, Route
from ingestion.sources.tiktok_ads.fake_envelope import (
    Refused,
    answered,
    days,
    listed,
    page,
)
from ingestion.world import View
from ingestion.world.channels import UTM
from ingestion.world.frames import Array

PATH = "/open_api/v1.3/"
COUNTED = {1: 0.96, 2: 0.98}  # of the final count, by days since; all from the third
DELETED_AFTER_DAYS = 14  # without delivery
NOTHING = "-"
WINDOWS = {
    "click_attribution_window": "SEVEN_DAYS",
    "view_attribution_window": "ONE_DAY",
}
COUNTS = {
    "impressions": "impressions",
    "clicks": "clicks",
    "reach": "reach",
    "video_play_actions": "starts",
    "video_watched_2s": "plays_2s",
    "video_watched_6s": "plays_6s",
    "engaged_view_15s": "thruplays",
    "video_views_p25": "p25",
    "video_views_p50": "p50",
    "video_views_p75": "p75",
    "video_views_p100": "p100",
    "likes": "likes",
    "comments": "comments",
    "shares": "shares",
}
CLAIMS = {"cta_conversion": "click_7d", "vta_conversion": "view_1d"}
ABOUT = {"ad_name", "campaign_id", "campaign_name", "adgroup_id", "currency"}
METRICS = {*COUNTS, *CLAIMS, *ABOUT, "spend", "average_video_play", "conversion"}
REGIONAL = {"spend", "impressions", "clicks", "video_play_actions", "currency"}
DIMENSIONS = {
    "BASIC": ["ad_id", "stat_time_day"],
    "AUDIENCE": ["ad_id", "province_id", "stat_time_day"],
}


def routes(view: View) -> list[Route]:
    """Advertisers, their ads and videos, places, and the one report."""
    fake = _Fake(view)
    handlers: dict[str, Callable[[Request], Any]] = {
        "oauth2/advertiser/get/": fake.advertisers,
        "advertiser/info/": fake.about,
        "ad/get/": fake.ads,
        "adgroup/get/": fake.adgroups,
        "file/video/ad/info/": fake.videos,
        "tool/region/": fake.places,
        "report/integrated/get/": fake.report,
    }
    return [
        Route("GET", PATH + path, partial(answered, handler))
        for path, handler in handlers.items()
    ]


class _Fake:
    def __init__(self, view: View) -> None:
        self.view = view
        self.book = AdBook(view, "tiktok_ads", _counted)

    def advertisers(self, request: Request) -> Any:
        for name in ("app_id", "secret"):
            if not request.query.get(name):
                raise Refused(40002, f"{name}: Missing data for required field.")
        found = [
            {"advertiser_id": each["account_id"], "advertiser_name": each["name"]}
            for each in self.book.accounts.values()
        ]
        return {"list": found}

    def about(self, request: Request) -> Any:
        asked = listed(request, "advertiser_ids")
        rows = []
        for account in asked:
            row = self.book.accounts[self._own(account)]
            everything = {
                "advertiser_id": account,
                "name": row["name"],
                "currency": row["currency"],
                "timezone": row["zone"],
            }
            fields = listed(request, "fields")
            rows.append({k: v for k, v in everything.items() if k in fields})
        return {"list": rows}

    def ads(self, request: Request) -> Any:
        account = self._own(request.query.get("advertiser_id", ""))
        filters = json.loads(request.query.get("filtering", "{}"))
        with_deleted = filters.get("primary_status") == "STATUS_ALL"
        fields = listed(request, "fields")
        rows = [
            {k: v for k, v in self._ad(ad).items() if k in fields}
            for ad in self.book.ads
            if ad["account_id"] == account and (with_deleted or not self._gone(ad))
        ]
        return page(request, rows)

    def _ad(self, ad: dict[str, Any]) -> dict[str, Any]:
        source, medium = UTM[ad["channel"]]
        tags = {"utm_source": source, "utm_medium": medium, "utm_content": ad["tag"]}
        url = (
            f"https://{self.view.company.domain}{ad['landing_path']}?{urlencode(tags)}"
        )
        created = self.book.day(ad["start_day"] - 2)
        return {
            "ad_id": ad["ad_id"],
            "ad_name": ad["ad_name"],
            "campaign_id": ad["campaign_id"],
            "adgroup_id": ad["ad_group_id"],
            "video_id": _video(ad),
            "tiktok_item_id": None,
            "landing_page_url": url,
            "secondary_status": "AD_STATUS_DELETE"
            if self._gone(ad)
            else "AD_STATUS_OK",
            "create_time": f"{created} 09:00:00",
        }

    def _gone(self, ad: dict[str, Any]) -> bool:
        return bool(self.view.days - 1 - ad["end_day"] > DELETED_AFTER_DAYS)

    def adgroups(self, request: Request) -> Any:
        account = self._own(request.query.get("advertiser_id", ""))
        mine = {a["ad_group_id"] for a in self.book.ads if a["account_id"] == account}
        fields = listed(request, "fields")
        rows = [{"adgroup_id": group, **WINDOWS} for group in sorted(mine)]
        return page(
            request, [{k: v for k, v in r.items() if k in fields} for r in rows]
        )

    def videos(self, request: Request) -> Any:
        account = self._own(request.query.get("advertiser_id", ""))
        asked = listed(request, "video_ids")
        if len(asked) > 60:
            raise Refused(40002, "video_ids: Longer than maximum length 60.")
        mine = {_video(ad): ad for ad in self.book.ads if ad["account_id"] == account}
        told = [
            {
                "video_id": video,
                "material_id": video[-16:],
                "file_name": f"{mine[video]['variant_id']}.mp4",
                "duration": float(mine[video]["seconds"]),
                "signature": hashlib.blake2b(
                    mine[video]["variant_id"].encode(), digest_size=16
                ).hexdigest(),
            }
            for video in asked
            if video in mine
        ]
        return {"list": told}

    def places(self, request: Request) -> Any:
        self._own(request.query.get("advertiser_id", ""))
        names = self.view.regions["region"].tolist()
        told = [
            {"location_id": _place(n), "name": name, "level": "PROVINCE"}
            for n, name in enumerate(names)
        ]
        return {"region_info": told}

    def report(self, request: Request) -> Any:
        query = request.query
        account = self._own(query.get("advertiser_id", ""))
        kind, dimensions = query.get("report_type", ""), listed(request, "dimensions")
        if (
            dimensions != DIMENSIONS.get(kind)
            or query.get("data_level") != "AUCTION_AD"
        ):
            raise Refused(
                40002, f"dimensions {dimensions} are not supported by {kind}."
            )
        metrics = listed(request, "metrics")
        for name in metrics:
            if name not in (METRICS if kind == "BASIC" else REGIONAL):
                raise Refused(40002, f"Invalid metric fields: ['{name}']")
        first, last = days(query)
        last = min(last, self.view.as_of - timedelta(days=1))
        with_deleted = "STATUS_ALL" in query.get("filtering", "")
        counts = self._counts if kind == "BASIC" else self.book.by_region
        cells = self.book.cells(counts["impressions"], account, first, last)
        rows = [
            self._row(counts, cell, metrics)
            for cell in cells.tolist()
            if with_deleted or not self._gone(self.book.ads[cell[0]])
        ]
        return page(request, rows)

    @property
    def _counts(self) -> dict[str, Array]:
        claims = {name: self.book.claims(window) for name, window in CLAIMS.items()}
        return {**self.book.totals, **claims}

    def _row(
        self, counts: dict[str, Array], cell: list[int], metrics: list[str]
    ) -> dict[str, Any]:
        ad, day = self.book.ads[cell[0]], cell[-1]
        told = {name: int(each[tuple(cell)]) for name, each in counts.items()}
        everything = {
            **{name: str(told.get(measure, 0)) for name, measure in COUNTS.items()},
            **{name: str(told.get(name, 0)) for name in CLAIMS},
            "spend": f"{told['spend_cents'] / 100:.2f}",
            "average_video_play": NOTHING,
            "ad_name": ad["ad_name"],
            "campaign_id": ad["campaign_id"],
            "campaign_name": self.book.campaign(ad["campaign_id"], day),
            "adgroup_id": ad["ad_group_id"],
            "currency": ad["currency"],
        }
        if told["starts"] and "watch_seconds" in told:
            average = told["watch_seconds"] / told["starts"]
            everything["average_video_play"] = f"{average:.2f}"
        everything["conversion"] = str(sum(told.get(name, 0) for name in CLAIMS))
        dimensions = {
            "ad_id": ad["ad_id"],
            "stat_time_day": f"{self.book.day(day)} 00:00:00",
        }
        if len(cell) == 3:
            dimensions["province_id"] = _place(cell[1])
        return {
            "dimensions": dimensions,
            "metrics": {name: everything[name] for name in metrics},
        }

    def _own(self, account: str) -> str:
        if account not in self.book.accounts:
            says = f"No permission to operate advertiser {account}."
            raise Refused(40001, says)
        return account


def _counted(lag: Array) -> Array:
    late = [lag == days for days in COUNTED]
    return np.select(late, list(COUNTED.values()), 1.0)


def _video(ad: dict[str, Any]) -> str:
    """The id of the file in the advertiser's library."""
    digest = hashlib.blake2b(ad["variant_id"].encode(), digest_size=8).hexdigest()
    return f"v07033g50000{digest}"


def _place(number: int) -> str:
    return str(6_250_000 + number)
