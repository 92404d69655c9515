"""TikTok Ads: the connector against its fake, over real HTTP."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ingestion.cast import cast
from ingestion.errors import (
    AnswerUnreadable,
    CredentialMissing,
    CredentialRefused,
    RequestRefused,
    SourceUnreachable,
    TooMuchAsked,
)
from ingestion.sandbox.faults import Fault
from ingestion.sandbox.http import Reply, Request
from ingestion.sources import tiktok_ads
from ingestion.sources.tiktok_ads import SPEC, fake
from ingestion.transport import Api
from ingestion.windows import Window
from ingestion.world import View, World
from tests.contract.conftest import Connect
from tests.support.paid import claimed, delivered, nights_equal_a_fresh_load, rows
from warehouse.settings import Settings

REPORT = "/report/integrated/get/"
WHOLE = slice(0, 167)  # of 170 days the last three are not whole yet


def refusal(code: int) -> Reply:
    return Reply({"code": code, "message": "no", "request_id": "r", "data": {}})


def asked(view: View, **changed: Any) -> Any:
    """The fake's answer to one report, without a connector between."""
    query = {
        "advertiser_id": "7301482260115",
        "report_type": "BASIC",
        "data_level": "AUCTION_AD",
        "dimensions": '["ad_id","stat_time_day"]',
        "metrics": '["spend"]',
        "start_date": str(view.start),
        "end_date": str(view.start),
        **changed,
    }
    token = {"access-token": query.pop("token", "t")}
    request = Request("GET", fake.PATH + "report/integrated/get/", query, token)
    return fake.routes(view)[-1].handler(request).body


def settled(found: list[Any], view: View) -> list[Any]:
    cut = str(view.start + timedelta(days=WHOLE.stop))
    return [row for row in found if row["stat_time_day"] < cut]


def number(found: list[Any], measure: str) -> float:
    return sum(float(row[measure] or 0) for row in found)


def test_advertisers_keep_their_zone_and_currency(
    connect: Connect, ads_view: View
) -> None:
    link = connect(SPEC, fake.routes(ads_view))
    found = rows(tiktok_ads, link.api, "advertisers", ads_view)
    assert [(r["currency"], r["timezone"]) for r in found] == [
        ("USD", "America/New_York"),
        ("EUR", "Europe/Berlin"),
    ]


def test_advertisers_are_only_the_named_ones_when_the_setting_names_some(
    connect: Connect, ads_view: View
) -> None:
    link = connect(SPEC, fake.routes(ads_view), ADVERTISERS="7, 8")
    assert tiktok_ads.accounts(link.api) == ["7", "8"]
    assert link.calls == []


def test_without_names_the_app_is_needed_and_said(tmp_path: Path) -> None:
    token = {SPEC.variable("ACCESS_TOKEN"): "t"}
    settings = Settings(data_dir=tmp_path, mode="accounts", credentials=token)
    with pytest.raises(CredentialMissing, match="PLAYHEAD_TIKTOK_ADS_APP_ID"):
        tiktok_ads.accounts(Api(SPEC, settings))


def test_figures_add_up_to_what_was_delivered(connect: Connect, ads_view: View) -> None:
    link = connect(SPEC, fake.routes(ads_view))
    found = settled(rows(tiktok_ads, link.api, "ad_report_daily", ads_view), ads_view)
    for field, measure in fake.COUNTS.items():
        told = delivered(ads_view, "tiktok_ads", measure, WHOLE)
        assert number(found, field) == told, field
    spent = delivered(ads_view, "tiktok_ads", "spend_cents", WHOLE)
    assert number(found, "spend") == pytest.approx(spent / 100)
    for field, window in fake.CLAIMS.items():
        told = claimed(ads_view, "tiktok_ads", window, WHOLE)
        assert number(found, field) == told > 0
    assert {row["click_attribution_window"] for row in found} == {"SEVEN_DAYS"}


def test_young_days_are_there_in_part_and_today_not_at_all(
    connect: Connect, ads_view: View
) -> None:
    link = connect(SPEC, fake.routes(ads_view))
    found = rows(tiktok_ads, link.api, "ad_report_daily", ads_view)
    for lag, share in ((1, 0.96), (2, 0.98)):
        day = ads_view.days - 1 - lag
        mine = [
            r
            for r in found
            if r["stat_time_day"][:10] == str(ads_view.as_of - timedelta(days=lag))
        ]
        whole = delivered(ads_view, "tiktok_ads", "impressions", slice(day, day + 1))
        # each ad's count is rounded up or down once
        assert number(mine, "impressions") == pytest.approx(
            share * whole, abs=len(mine)
        )
    assert max(row["stat_time_day"] for row in found) < str(ads_view.as_of)


def test_ads_name_their_video_and_deleted_ones_are_there(
    connect: Connect, ads_view: View
) -> None:
    link = connect(SPEC, fake.routes(ads_view))
    found = rows(tiktok_ads, link.api, "ads", ads_view)
    mine = ads_view.placements["channel"] == "tiktok_ads"
    assert {ad["ad_id"] for ad in found} == set(ads_view.placements["ad_id"][mine])
    assert all(ad["video_id"].startswith("v07033") for ad in found)
    assert all(ad["video_duration"] > 0 and ad["video_file_name"] for ad in found)
    assert all("utm_content=ph-p" in ad["landing_page_url"] for ad in found)


def test_regions_share_exactly_what_the_ad_day_has(
    connect: Connect, ads_view: View
) -> None:
    link = connect(SPEC, fake.routes(ads_view))
    sums = []
    for table in ("ad_report_daily", "ad_region_daily"):
        by_day: dict[tuple[str, str], int] = {}
        for row in rows(tiktok_ads, link.api, table, ads_view):
            key = row["ad_id"], row["stat_time_day"]
            by_day[key] = by_day.get(key, 0) + int(row["impressions"])
        sums.append(by_day)
    assert sums[0] == sums[1]
    named = {
        r["province_name"]
        for r in rows(tiktok_ads, link.api, "ad_region_daily", ads_view)
    }
    assert named <= set(ads_view.regions["region"])


@pytest.mark.parametrize("table", [t.name for t in SPEC.tables[:4]])
def test_every_row_fits_the_declared_columns(
    table: str, connect: Connect, ads_view: View
) -> None:
    link = connect(SPEC, fake.routes(ads_view))
    found = rows(tiktok_ads, link.api, table, ads_view)
    done = cast(SPEC[table], found)
    assert done.rows.num_rows == len(found) > 0
    assert (done.rejected, done.new_columns) == ([], ())


def test_no_data_is_null_and_not_nought(connect: Connect, ads_view: View) -> None:
    link = connect(SPEC, fake.routes(ads_view), ADVERTISERS="7301482260115")
    line = {
        "dimensions": {"ad_id": "1", "stat_time_day": "2026-01-01 00:00:00"},
        "metrics": {"adgroup_id": "2", "average_video_play": "-", "impressions": "0"},
    }
    info = {"page": 1, "page_size": 1000, "total_number": 1, "total_page": 1}
    page = {"code": 0, "message": "OK", "data": {"list": [line], "page_info": info}}
    link.sandbox.faults.add(Fault(REPORT, Reply(page)))
    day = Window.inclusive(ads_view.start, ads_view.start)
    (row,) = rows(tiktok_ads, link.api, "ad_report_daily", ads_view, day)
    typed = cast(SPEC["ad_report_daily"], [row]).rows.to_pylist()[0]
    assert (typed["average_video_play"], typed["impressions"]) == (None, 0)


def test_pages_are_followed_to_the_last_one(
    connect: Connect, ads_view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = connect(SPEC, fake.routes(ads_view))
    whole = rows(tiktok_ads, link.api, "ad_report_daily", ads_view)
    monkeypatch.setattr(tiktok_ads, "ROWS_PER_PAGE", 7)
    assert rows(tiktok_ads, link.api, "ad_report_daily", ads_view) == whole


def test_paging_stops_when_a_page_comes_twice(connect: Connect, ads_view: View) -> None:
    link = connect(SPEC, fake.routes(ads_view), ADVERTISERS="7301482260115")
    info = {"page": 1, "page_size": 1000, "total_number": 2000, "total_page": 2}
    page = {"code": 0, "message": "OK", "data": {"list": [], "page_info": info}}
    link.sandbox.faults.add(Fault(REPORT, Reply(page), times=9))
    with pytest.raises(AnswerUnreadable, match="never end"):
        rows(tiktok_ads, link.api, "ad_report_daily", ads_view)


@pytest.mark.parametrize("code", [40100, 40700, 50002, 60001])
def test_throttles_with_status_200_are_waited_out(
    code: int, connect: Connect, ads_view: View
) -> None:
    link = connect(SPEC, fake.routes(ads_view))
    link.sandbox.faults.add(Fault("/advertiser/get/", refusal(code)))
    assert len(tiktok_ads.accounts(link.api)) == 2


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (40105, CredentialRefused),
        (40001, CredentialRefused),
        (40002, RequestRefused),
        (40067, TooMuchAsked),
        (40100, SourceUnreachable),
    ],
)
def test_refusals_with_status_200_are_no_empty_table(
    code: int, error: type[Exception], connect: Connect, ads_view: View
) -> None:
    link = connect(SPEC, fake.routes(ads_view))
    link.sandbox.faults.add(Fault("/advertiser/get/", refusal(code), times=9))
    with pytest.raises(error):
        tiktok_ads.accounts(link.api)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"token": "revoked"}, 40105),
        ({"token": ""}, 40105),
        ({"advertiser_id": "1"}, 40001),
        ({"end_date": "2025-12-01"}, 40002),  # 31 days from 2025-11-01
        ({"end_date": "2025-11-30"}, 0),  # 30
        ({"metrics": '["video_views"]'}, 40002),
        ({"metrics": "spend"}, 40002),  # no JSON
        ({"dimensions": '["ad_id"]'}, 40002),
        ({"page_size": "1001"}, 40002),
        ({"report_type": "AUDIENCE"}, 40002),  # without a place
    ],
)
def test_fake_refuses_what_tiktok_refuses(
    changed: dict[str, str], code: int, ads_view: View
) -> None:
    assert asked(ads_view, **changed)["code"] == code


def test_deleted_ads_vanish_without_the_filter_and_their_spend_with_them(
    connect: Connect, ads_view: View
) -> None:
    everything = json.dumps([tiktok_ads.EVERY_STATUS])
    told = fake._Fake(ads_view)
    gone = next(ad for ad in told.book.ads if told._gone(ad))
    day = str(ads_view.start + timedelta(days=int(gone["end_day"]) - 1))
    days = {"start_date": day, "end_date": day, "advertiser_id": gone["account_id"]}
    with_it = asked(ads_view, filtering=everything, **days)["data"]["list"]
    without = asked(ads_view, **days)["data"]["list"]
    assert gone["ad_id"] in {row["dimensions"]["ad_id"] for row in with_it}
    assert gone["ad_id"] not in {row["dimensions"]["ad_id"] for row in without}


def test_nights_equal_a_fresh_load(ads_world: World, tmp_path: Path) -> None:
    nights_equal_a_fresh_load(tiktok_ads, fake, ads_world, tmp_path)
