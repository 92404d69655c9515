"""A hand-made company in which every rule of the video graph has its object.

Three videos, four cuts; the catalogue lies beside the data folder as its own files. Not
here: what should come of it (tests/integration/test_video_graph.py).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner, Result

from ingestion.sources.catalogue.files import read_folder
from orchestration.cli import playhead
from orchestration.resources import Dbt, failures
from tests.support.handmade import Rows, write_raw
from warehouse import db
from warehouse.settings import Settings

AS_OF = date(2026, 6, 30)
SITE = "brand.example"
PLACEMENTS = (
    "placement_id,variant_id,channel,platform,account_id,platform_object_id,"
    "platform_video_id,page_path,tag"
)
FILES = {
    "videos": """video_id,title,objective,duration_seconds,published_date
tour,A full tour,conversion,100,2026-01-02
story,Every shift has a story,awareness,45,2026-01-02
talk,Planner talk,credibility,300,2026-01-02
""",
    "variants": """variant_id,video_id,format,duration_seconds
tour-wide,tour,16:9,100
tour-tall,tour,9:16,30
story-1,story,16:9,45
talk-1,talk,16:9,300
""",
    # p5 and p10 wait for their adverts; p8 and p9 name one id for two films
    "placements": f"""{PLACEMENTS}
p1,tour-wide,youtube_organic,youtube,UC1,yt1,,,
p2,story-1,meta,meta_ads,act_1,ad1,,,
p3,tour-tall,tiktok_ads,tiktok_ads,tt,t1,,,
p4,talk-1,social_organic,linkedin_pages,L1,urn:li:ugcPost:1,urn:li:video:1,,
p5,story-1,meta,meta_ads,act_1,,,,ph-new7
p6,talk-1,site_player,site_events,{SITE},,,/talk,ph-p6
p8,tour-wide,meta,meta_ads,act_1,gone1,both,,
p9,talk-1,meta,meta_ads,act_1,gone2,both,,
p10,talk-1,meta,meta_ads,act_1,,,,ph-wait
""",
}
UTM = "utm_source=facebook&utm_content="


def meta(id_: str, name: str, video: str | None, tags: str | None = None) -> Any:
    return {
        **{"account_id": "act_1", "id": id_, "name": name, "video_id": video},
        **{"video_title": None, "video_length": 45.0 if video else None},
        **{"url_tags": tags, "created_time": "2026-06-01T08:00:00Z"},
    }


def bought(id_: str, video: str, name: str) -> Any:
    return {
        **{"account_id": "77", "ad_id": id_, "video_id": video, "date": "2026-06-10"},
        **{"currency_code": "USD", "ad_name": name, "ad_final_urls": "[]"},
        **{"impressions": 10, "cost_micros": 2_000_000, "video_trueview_views": 4},
    }


def bought_by_asset(id_: str, video: str | None, role: str = "YOUTUBE_VIDEO") -> Any:
    row = bought(id_, "", "any name")
    left_out = ("video_id", "video_trueview_views")
    return {
        **{name: row[name] for name in row if name not in left_out},
        **{"asset_id": f"{role} {video}", "field_type": role},
        **{"youtube_video_id": video},
    }


def tiktok(id_: str, video: str, digest: str | None) -> Any:
    return {
        **{"account_id": "tt", "ad_id": id_, "ad_name": id_, "video_id": video},
        **{"video_signature": digest, "create_time": "2026-06-01 08:00:00"},
    }


def event(number: int, kind: str, path: str, **more: Any) -> Any:
    return {
        **{"account_id": SITE, "message_id": f"m{number}", "event": kind},
        **{"anonymous_id": f"a{number}", "event_at": f"2026-06-10T08:{number:02}:00Z"},
        **{"received_at": f"2026-06-10T08:{number:02}:30Z", "file": "e.jsonl"},
        **{
            "page_url": f"https://{SITE}{path}",
            "page_path": path,
            "row_number": number,
        },
        **more,
    }


def played(number: int, path: str, ref: str) -> Any:
    more = {"player_session_id": f"s{number}", "total_seconds": 100, "quartile": 0}
    return event(number, "video_start", path, video_ref=ref, **more)


def visited(number: int, address: str) -> Any:
    query = parse_qs(urlsplit(address).query)
    told = {name: each[0] for name, each in query.items() if name.startswith("utm_")}
    return event(number, "page", urlsplit(address).path, **told)


def spent(id_: str, spend: str) -> Any:
    return {
        **{"account_id": "act_1", "ad_id": id_, "date_start": "2026-06-10"},
        **{"account_currency": "USD", "spend": spend, "impressions": 1000},
        **{
            "inline_link_clicks": 0,
            "actions": '[{"action_type":"video_view","value":"50"}]',
        },
    }


RAW: dict[str, list[Any]] = {
    "youtube.videos": [
        {
            **{"account_id": "UC1", "id": id_, "title": title, "duration": "PT1M40S"},
            "published_at": "2026-03-01T12:00:00Z",
        }
        for id_, title in (
            ("yt1", "A full tour"),
            ("yt9", "[bold]Story[/] of\na shift\x1b[2J"),
        )
    ],
    "google_ads.ad_video_daily": [
        bought("g1", "yt1", "any name"),
        bought("g2", "yt9", "any name"),
        bought("g3", "(not told)", "EU | PH-talk-1-youtube-ads | v2"),
    ],
    "google_ads.ad_asset_daily": [
        bought_by_asset("g1", "yt1"),  # once more what its video told
        bought_by_asset("g4", "yt1"),  # of Demand Gen, told by its assets alone
        bought_by_asset("g4", None, "HEADLINE"),
        bought_by_asset("g5", None, "HEADLINE"),  # an ad without a video
    ],
    "meta_ads.accounts": [{"account_id": "act_1", "timezone_name": "Europe/Berlin"}],
    "meta_ads.ads": [
        meta("ad1", "catalogued", "m1"),
        meta("ad2", "the same film", "m1"),
        meta("ad3", "registered before it was made", "m3", UTM + "ph-new7"),
        meta("ad4", "to those who came", None, UTM + "ph-tour-tall-retargeting"),
        meta("ad5", "summer tour plain", None, UTM + "summer"),
        meta("ad6", "its second copy", "m6", UTM + "ph-new7"),
        meta("ad7", "the film says one thing, the code another", "m1", UTM + "ph-wait"),
        meta("ad8", "one id, two films", "both"),
    ],
    "meta_ads.ad_insights": [spent("ad1", "30"), spent("ad5", "70"), spent("ad8", "5")],
    "tiktok_ads.advertisers": [{"account_id": "tt", "timezone": "UTC"}],
    "tiktok_ads.ads": [
        tiktok("t1", "tv1", "s1"),
        tiktok("t2", "tv2", "s1"),
        tiktok("t3", "tv1", None),
    ],
    "linkedin_ads.creatives": [
        {
            **{"account_id": "88", "id": "c1", "name": "n", "video": "urn:li:video:1"},
            "created_at": "2026-06-01T08:00:00Z",
        }
    ],
    "wistia.medias": [
        {
            "account_id": "w",
            "hashed_id": id_,
            "name": name,
            "tags": "[]",
            "duration": 90.0,
        }
        for id_, name in (("w1", "tour-tall final.mp4"), ("w2", "Holiday party.mp4"))
    ],
    "wistia.events": [
        {
            **{"account_id": "w", "event_key": f"e{media}", "media_id": media},
            **{
                "visitor_key": "x",
                "embed_url": f"https://{SITE}/w",
                "percent_viewed": 0.5,
            },
            **{"received_at": "2026-06-10T08:00:00Z", "received_date": "2026-06-10"},
        }
        for media in ("w1", "w2")
    ],
    "site_events.events": [
        played(1, "/elsewhere", "story-1"),
        played(2, "/blog", "yt1"),
        played(3, "/talks", "talk"),
        played(4, "/tours", "tour"),
    ],
}
GRAPH = "int_assets__matched_objects int_assets__placements mart_unmapped_objects"
ALL = "+mart_unmapped_objects,{models} +int_journey__touches,{models} {seeds}".format(
    models="resource_type:model", seeds="resource_type:seed"
)
AGAIN = "int_assets__matched_objects+,+mart_unmapped_objects,resource_type:model"
NAMES = "dim_videos dim_video_names"


@dataclass(frozen=True)
class Graph:
    """A data folder whose catalogue lies beside it, and dbt on both."""

    settings: Settings
    dbt: Dbt

    def load(self, rows: Rows, *, as_of: date = AS_OF) -> None:
        catalogue = {
            f"catalogue.{name}": found
            for name, found in read_folder(self.settings.catalogue_dir).items()
        }
        write_raw(self.settings, as_of, {**catalogue, **rows})

    def build(self, select: str) -> None:
        wrong = failures(self.dbt.build(select.split()))
        assert not wrong, wrong

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with db.reader(self.settings.warehouse_path) as con:
            return con.execute(query).fetchall()

    def cli(self, *arguments: str) -> Result:
        folder = str(self.settings.data_dir)
        return CliRunner().invoke(playhead, [*arguments, "--data-dir", folder])


@contextmanager
def catalogue_in(folder: Path) -> Iterator[None]:
    """The team's own catalogue, and a variable that says: own accounts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYHEAD_CATALOGUE_DIR", str(folder))
        patch.setenv("PLAYHEAD_STRIPE_ACCESS_TOKEN", "sk_test_none")
        patch.chdir(folder)
        yield


def write(folder: Path, files: Mapping[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)
