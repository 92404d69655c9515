"""How the Graph API answers in the sandbox: paths, paging, throttles and errors.

From the company's view; counts and their restatement are in fake_reports.py.
"""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from ingestion.sandbox.graph import (
    GraphError,
    answered,
    gone,
    page,
    unknown_path,
)
from ingestion.sandbox.http import Request, Route
from ingestion.sandbox.tape import Shape
from ingestion.sources.meta_ads.columns import EVERY_STATUS
from ingestion.sources.meta_ads.fake_reports import (
    COUNTS,
    VIDEO_LISTS,
    WINDOWS,
    Asked,
    Book,
)
from ingestion.world import View
from ingestion.world.channels import UTM

HISTORY_DAYS = 37 * 30
SHAPE = Shape(tells_total=False)  # a page lost is not told by any number
KNOWN_FIELDS = {
    *("account_id", "account_currency", "campaign_id", "campaign_name", "adset_id"),
    *("adset_name", "ad_id", "ad_name", "attribution_setting", "spend", "clicks"),
    *("frequency", "ctr", "actions", "action_values", "date_start", "date_stop"),
    *("video_avg_time_watched_actions", *COUNTS, *VIDEO_LISTS),
}
HIDDEN_STATUSES = {"ARCHIVED", "DELETED"}  # unless asked for by name


def routes(view: View) -> list[Route]:
    """The edges of three ad accounts, their videos, posts and report runs."""
    graph = _Graph(view)
    handlers: list[tuple[str, str, Callable[[Request], Any]]] = [
        ("GET", "me/adaccounts", graph.ad_accounts),
        ("GET", r"act_(?P<account>\d+)", graph.ad_account),
        ("GET", r"act_(?P<account>\d+)/ads", graph.ads),
        ("GET", r"act_(?P<account>\d+)/advideos", graph.ad_videos),
        ("GET", r"act_(?P<account>\d+)/insights", graph.insights),
        ("POST", r"act_(?P<account>\d+)/insights", graph.order),
        ("GET", r"(?P<id>\d+)/insights", graph.run_insights),
        ("GET", r"(?P<id>\d+(_\d+)?)", graph.node),
    ]
    return [
        Route(method, rf"/v(?P<version>\d+)\.0/{path}/?", answered(handler))
        for method, path, handler in handlers
    ] + [Route("GET", r"/v\d+\.[1-9]\d*/.*", answered(unknown_path))]


class _Graph:
    def __init__(self, view: View) -> None:
        self.view = view
        self.book = Book(view)
        self.runs: dict[str, Asked] = {}
        frame = view.company.ad_accounts
        self.accounts = {
            row["account_id"]: {
                "id": f"act_{row['account_id']}",
                "account_id": row["account_id"],
                "name": row["name"],
                "currency": row["currency"],
                "timezone_name": row["zone"],
            }
            for row in frame.where(frame["platform"] == "meta_ads").rows()
        }
        videos = view.videos
        self.objectives = dict(
            zip(videos["video_id"], videos["objective"], strict=True)
        )
        titles = dict(zip(videos["video_id"], videos["title"], strict=True))
        lengths = dict(
            zip(
                view.variants["variant_id"],
                view.variants["duration_seconds"].tolist(),
                strict=True,
            )
        )
        self.videos: dict[str, dict[str, Any]] = {
            ad["meta_video_id"]: {
                "id": ad["meta_video_id"],
                "title": f"{titles[ad['video_id']]} {ad['format']}",
                "length": float(lengths[ad["variant_id"]]),
            }
            for ad in self.book.ads
        }
        self.posts = {_post(view, ad): ad["meta_video_id"] for ad in self.book.ads}

    def account(self, request: Request) -> str:
        account = request.found["account"]
        if account not in self.accounts:
            raise gone(f"act_{account}")
        return account

    def ad_accounts(self, request: Request) -> Any:
        listed = [_only(row, request) for row in self.accounts.values()]
        return page(request, len(listed), lambda a, b: listed[a:b])

    def ad_account(self, request: Request) -> Any:
        return _only(self.accounts[self.account(request)], request)

    def ads(self, request: Request) -> Any:
        account = self.account(request)
        statuses = _statuses(request.query.get("effective_status"))
        fields = request.query.get("fields", "id")
        ads = [
            self._ad(ad, fields)
            for ad in self.book.ads
            if ad["account_id"] == account and ad["effective_status"] in statuses
        ]
        return page(request, len(ads), lambda a, b: ads[a:b])

    def _ad(self, ad: dict[str, Any], fields: str) -> dict[str, Any]:
        source, medium = UTM[ad["channel"]]
        campaign = f"{ad['channel']}-{self.objectives[ad['video_id']]}"
        tags = {"utm_source": source, "utm_medium": medium}
        tags |= {"utm_campaign": campaign.replace("_", "-"), "utm_content": ad["tag"]}
        creative = {"id": ad["meta_creative_id"]}
        if "creative{" in fields:  # without it only the id is expanded
            creative |= {"url_tags": urlencode(tags), **self._place(ad)}
        created = self.view.start + timedelta(days=ad["start_day"] - 2)
        everything = {
            "id": ad["meta_ad_id"],
            "name": ad["ad_name"],
            "campaign_id": ad["meta_campaign_id"],
            "adset_id": ad["meta_adset_id"],
            "effective_status": ad["effective_status"],
            "created_time": f"{created}T09:00:00+0000",
            "creative": creative,
        }
        top = {"id", *re.sub(r"\{.*\}", "", fields).split(",")}
        return {name: value for name, value in everything.items() if name in top}

    def _place(self, ad: dict[str, Any]) -> dict[str, Any]:
        """A video sits in one of four places of a creative."""
        video = ad["meta_video_id"]
        if _is_boosted(ad):
            return {"effective_object_story_id": _post(self.view, ad)}
        match int(ad["meta_ad_id"]) % 4:
            case 1:
                return {"video_id": video}
            case 2:
                return {"asset_feed_spec": {"videos": [{"video_id": video}]}}
            case _:
                return {"object_story_spec": {"video_data": {"video_id": video}}}

    def ad_videos(self, request: Request) -> Any:
        """The account's library; the videos of boosted posts belong to the page."""
        account = self.account(request)
        mine = {
            ad["meta_video_id"]
            for ad in self.book.ads
            if ad["account_id"] == account and not _is_boosted(ad)
        }
        listed = [_only(self.videos[video], request) for video in sorted(mine)]
        return page(request, len(listed), lambda a, b: listed[a:b])

    def insights(self, request: Request) -> Any:
        return self._report(request, self._asked(self.account(request), request.query))

    def order(self, request: Request) -> Any:
        """A report run; its id is a digest of what was asked."""
        account = self.account(request)
        told = {**request.query, **_form(request)}
        asked = self._asked(account, told)
        digest = hashlib.blake2b(repr(asked).encode(), digest_size=7).digest()
        run = str(6 * 10**17 + int.from_bytes(digest, "big"))
        self.runs[run] = asked
        return {"report_run_id": run}

    def run_insights(self, request: Request) -> Any:
        if request.found["id"] not in self.runs:
            raise gone(request.found["id"])
        return self._report(request, self.runs[request.found["id"]])

    def node(self, request: Request) -> Any:
        """A report run, a video, or a post of the page."""
        name = request.found["id"]
        if name in self.runs:
            done = {"async_status": "Job Completed", "async_percent_completion": 100}
            return {"id": name, "account_id": self.runs[name].account, **done}
        if name in self.videos:
            return _only(self.videos[name], request)
        if name in self.posts:
            target = {"media_type": "video", "target": {"id": self.posts[name]}}
            return {"id": name, "attachments": {"data": [target]}}
        raise gone(name)

    def _report(self, request: Request, asked: Asked) -> Any:
        cells = self.book.cells(asked)
        return page(
            request, len(cells), lambda a, b: list(self.book.rows(asked, cells[a:b]))
        )

    def _asked(self, account: str, told: dict[str, str] | Any) -> Asked:
        if told.get("level") != "ad" or told.get("time_increment") != "1":
            says = "(#100) the sandbox answers level=ad with time_increment=1 only"
            raise GraphError(100, says)
        fields = _listed(told.get("fields", "impressions,spend"))
        for name in fields:
            if name not in KNOWN_FIELDS:
                says = f"(#100) {name} is not valid for fields param. please check "
                says += "https://developers.facebook.com/docs/marketing-api/reference/"
                raise GraphError(100, says + "ads-insights/ for all valid values")
        breakdowns = _listed(told.get("breakdowns", ""))
        if breakdowns not in ([], ["region"]):
            says = f"(#100) the sandbox has no breakdown {','.join(breakdowns)}"
            raise GraphError(100, says)
        since, until = self._range(told.get("time_range"))
        if since < self.view.as_of - timedelta(days=HISTORY_DAYS):
            says = (
                "(#3018) The start date of the time range cannot be beyond 37 months "
            )
            raise GraphError(3018, says + "from the current date")
        windows = _listed(told.get("action_attribution_windows", "7d_click,1d_view"))
        filters = json.loads(told.get("filtering", "[]"))
        wanted = [f["value"] for f in filters if f["field"] == "ad.effective_status"]
        return Asked(
            account,
            (since - self.view.start).days,
            (until - self.view.start).days,
            tuple(fields),
            tuple(w for w in windows if w in WINDOWS),  # others say nothing, no error
            _statuses(json.dumps(wanted[0]) if wanted else None),
            bool(breakdowns),
        )

    def _range(self, told: str | None) -> tuple[date, date]:
        if told is None:  # the documented default, last_30d: without today
            return self.view.as_of - timedelta(30), self.view.as_of - timedelta(1)
        try:
            days = json.loads(told)
            since, until = (date.fromisoformat(days[k]) for k in ("since", "until"))
        except (ValueError, KeyError, TypeError) as error:
            says = "(#100) param time_range must be a valid range"
            raise GraphError(100, says) from error
        if since > until:
            raise GraphError(100, "(#100) param time_range[since] is after [until]")
        return since, until


def _is_boosted(ad: dict[str, Any]) -> bool:
    return int(ad["meta_ad_id"]) % 8 == 0


def _post(view: View, ad: dict[str, Any]) -> str:
    return f"{view.company.facebook_page_id}_{ad['meta_creative_id']}"


def _only(row: dict[str, Any], request: Request) -> dict[str, Any]:
    asked = {"id", *request.query.get("fields", "").split(",")}
    return {name: value for name, value in row.items() if name in asked}


def _listed(told: str) -> list[str]:
    """Lists come as JSON or with commas."""
    if told.startswith("["):
        return list(json.loads(told))
    return [part for part in told.split(",") if part]


def _statuses(told: str | None) -> frozenset[str]:
    if told is None:
        return frozenset(EVERY_STATUS) - HIDDEN_STATUSES
    return frozenset(_listed(told))


def _form(request: Request) -> dict[str, str]:
    if "json" in request.headers.get("content-type", ""):
        return dict(request.json())
    return request.form()
