"""Meta Ads: the connector against its fake, over real HTTP."""

import hashlib
import hmac
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from ingestion import graph
from ingestion.cast import cast
from ingestion.errors import (
    AnswerUnreadable,
    CredentialRefused,
    RequestRefused,
    SourceUnreachable,
)
from ingestion.sandbox.faults import Fault
from ingestion.sandbox.http import Reply, Request
from ingestion.source import Ask, Row
from ingestion.sources import meta_ads
from ingestion.sources.meta_ads import SPEC, fake, insights, video_ids
from ingestion.sources.meta_ads.fake_reports import INVALID_AFTER_DAYS
from ingestion.transport import Api
from ingestion.windows import Window
from ingestion.world import View, World
from tests.contract.conftest import Connect

NORTH = "318840275561020"


def rows(api: Api, table: str, view: View, days: int | None = None) -> list[Row]:
    """What `table` holds for the last `days` (None: all) of the view."""
    first = view.start if days is None else view.as_of - timedelta(days=days - 1)
    window = Window.inclusive(first, view.as_of)
    ask = Ask(meta_ads.accounts(api), window, view.as_of)
    return [row for each in meta_ads.read(api, ask)[table] for row in each.rows]


def number(listed: list[dict[str, str]], kind: str = "video_view") -> float:
    return sum(float(each["value"]) for each in listed if each["action_type"] == kind)


def by_day(found: list[Row]) -> list[Row]:
    """Pieces come in the order of days, a report in the order of ads."""
    return sorted(found, key=lambda row: (row["date_start"], row["ad_id"]))


def error(code: int, says: str = "no", status: int = 400, **more: Any) -> Reply:
    return Reply({"error": {"message": says, "code": code, **more}}, status)


def test_accounts_are_those_of_the_token_and_keep_their_zone(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    found = {row["account_id"]: row for row in rows(link.api, "accounts", unit_view)}
    assert found[NORTH] == {
        "account_id": NORTH,
        "name": "Brindlemoor North America",
        "currency": "USD",
        "timezone_name": "America/New_York",
    }
    assert sorted(row["currency"] for row in found.values()) == ["EUR", "GBP", "USD"]


def test_accounts_are_only_the_named_ones_when_the_setting_names_some(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view), ACCOUNTS=f"act_{NORTH}, 7")
    assert meta_ads.accounts(link.api) == [NORTH, "7"]
    assert link.calls == []


def test_ads_name_the_video_of_their_creative_wherever_it_sits(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    placements = unit_view.placements
    bought = placements.where(placements["meta_ad_id"] != "")
    videos = dict(zip(bought["meta_ad_id"], bought["meta_video_id"], strict=True))
    ads = rows(link.api, "ads", unit_view)
    assert {ad["id"]: ad["video_id"] for ad in ads} == videos
    assert all("utm_content=ph-p" in ad["url_tags"] for ad in ads)
    seconds = dict(
        zip(
            unit_view.variants["variant_id"],
            unit_view.variants["duration_seconds"].tolist(),
            strict=True,
        )
    )
    variants = dict(zip(bought["meta_ad_id"], bought["variant_id"], strict=True))
    lengths = {ad["id"]: ad["video_length"] for ad in ads}
    assert lengths == {ad: seconds[variants[ad]] for ad in videos}


@pytest.mark.parametrize(
    "creative",
    [
        {"video_id": "7"},
        {"object_story_spec": {"video_data": {"video_id": "7"}}},
        {"asset_feed_spec": {"videos": [{"video_id": "7"}, {"video_id": "8"}]}},
    ],
)
def test_video_is_found_in_each_place_of_a_creative(creative: Row) -> None:
    assert next(video_ids(creative)) == "7"


def test_boosted_post_tells_its_video_and_one_of_a_foreign_page_none(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    page = unit_view.company.facebook_page_id
    placements = unit_view.placements
    bought = placements.where(placements["meta_ad_id"] != "")
    post = f"{page}_{bought['meta_creative_id'][0]}"
    found = meta_ads._video_of_post(link.api, post)
    assert found == bought["meta_video_id"][0]
    assert meta_ads._video_of_post(link.api, "1_2") is None
    assert meta_ads._video(link.api, found)["length"] > 0
    assert meta_ads._video(link.api, "404") == {}


def test_insights_add_up_to_what_was_delivered_when_nothing_is_restated_yet(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    found = rows(link.api, "ad_insights", unit_view, days=INVALID_AFTER_DAYS)
    settled = [row for row in found if row["date_start"] != str(unit_view.as_of)]
    ads = np.flatnonzero(unit_view.placements["meta_ad_id"] != "")
    days = slice(unit_view.days - INVALID_AFTER_DAYS, unit_view.days - 1)

    def delivered(measure: str) -> int:
        return int(unit_view.delivery[measure][ads, days].sum())

    assert sum(int(row["impressions"]) for row in settled) == delivered("impressions")
    assert sum(number(row["actions"]) for row in settled) == delivered("plays_3s")
    spent = sum(float(row["spend"]) for row in settled)
    assert spent == pytest.approx(delivered("spend_cents") / 100)
    claimed = sum(number(row["actions"], "lead") for row in settled)
    mine = [unit_view.claims[w][ads, days].sum() for w in ("click_7d", "view_1d")]
    assert claimed == sum(mine)


def test_today_is_served_in_part_and_whole_a_day_later(
    connect: Connect, unit_world: World
) -> None:
    today = unit_world.view().as_of
    views = [unit_world.view(today + timedelta(days=late)) for late in (0, 1)]
    counted = []
    for view in views:
        found = rows(connect(SPEC, fake.routes(view)).api, "ad_insights", view, days=2)
        mine = [int(r["impressions"]) for r in found if r["date_start"] == str(today)]
        counted.append(sum(mine))
    assert 0.40 * counted[1] < counted[0] < 0.50 * counted[1]


def test_invalid_traffic_is_taken_out_of_some_old_days_and_never_redrawn(
    unit_world: World,
) -> None:
    first = unit_world.view().as_of
    later = [first + timedelta(days=d) for d in (INVALID_AFTER_DAYS, 28)]
    young, old, oldest = (
        fake._Graph(unit_world.view(day)).book.totals["impressions"][:, : 60 - 1]
        for day in (first, *later)
    )
    fresh = slice(60 - INVALID_AFTER_DAYS, 60 - 1)
    before, after = young[: len(old), fresh], old[: len(young), fresh]
    assert (after <= before).all()
    assert (after < before).any()
    assert (after == oldest[: len(young), fresh]).all()


def test_regions_share_exactly_what_the_ad_day_has(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    by_ad: dict[tuple[str, str], int] = {}
    for row in rows(link.api, "ad_insights", unit_view):
        by_ad[row["ad_id"], row["date_start"]] = int(row["impressions"])
    by_region: dict[tuple[str, str], int] = {}
    for row in rows(link.api, "ad_insights_by_region", unit_view):
        key = row["ad_id"], row["date_start"]
        by_region[key] = by_region.get(key, 0) + int(row["impressions"])
    assert by_region == by_ad


def test_rows_are_zero_where_meta_leaves_out_and_null_for_averages(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view), ACCOUNTS=NORTH)
    bare = {"ad_id": "1", "date_start": "2025-11-01", "account_id": NORTH}
    page = Reply({"data": [bare]})
    link.sandbox.faults.add(Fault(r"/insights$", page))
    found = rows(link.api, "ad_insights", unit_view, days=1)[0]
    typed = cast(SPEC["ad_insights"], [found]).rows.to_pylist()[0]
    assert typed["impressions"] == typed["reach"] == typed["spend"] == 0
    assert typed["actions"] == typed["video_p25_watched_actions"] == "[]"
    assert typed["video_avg_time_watched_actions"] is None


@pytest.mark.parametrize("table", [t.name for t in SPEC.tables[:5]])
def test_every_row_fits_the_declared_columns(
    table: str, connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    found = rows(link.api, table, unit_view)
    done = cast(SPEC[table], found)
    assert done.rows.num_rows == len(found) > 0
    assert done.rejected == []
    assert done.new_columns == ()


def test_pages_are_followed_to_the_last_one(
    connect: Connect, unit_view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    whole = rows(link.api, "ad_insights", unit_view, days=30)
    link.calls.clear()
    monkeypatch.setattr(graph, "ROWS_PER_PAGE", 25)
    assert rows(link.api, "ad_insights", unit_view, days=30) == whole
    asked = [call for call in link.calls if call.path.endswith("/insights")]
    assert len(asked) > len({call.path for call in asked})


def test_paging_stops_when_a_cursor_comes_twice(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    endless = {"data": [], "paging": {"next": "https://graph.example/x?after=AA"}}
    link.sandbox.faults.add(Fault("/me/adaccounts", Reply(endless), times=9))
    with pytest.raises(AnswerUnreadable, match="twice"):
        meta_ads.accounts(link.api)


def test_page_size_is_halved_when_meta_wants_less(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    heavy = error(1, "Please reduce the amount of data you're asking for", 500)
    link.sandbox.faults.add(Fault("/me/adaccounts", heavy, times=2))
    assert len(meta_ads.accounts(link.api)) == 3
    assert link.calls[-1].query["limit"] == "125"  # 500, 250, 125


def test_days_are_halved_when_no_page_is_small_enough(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view), ACCOUNTS=NORTH)
    whole = rows(link.api, "ad_insights", unit_view, days=4)
    link.calls.clear()
    heavy = error(100, "(#100) too much data", error_subcode=1487534)
    # 500, 250, 125, 62, 31 and 25 rows are refused for four days, then two days each
    link.sandbox.faults.add(Fault("/insights", heavy, times=6))
    again = rows(link.api, "ad_insights", unit_view, days=4)
    assert by_day(again) == by_day(whole)
    assert len([c for c in link.calls if c.path.endswith("/insights")]) == 2


def test_long_windows_are_ordered_as_runs_and_tell_the_same(
    connect: Connect, unit_view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    ordered = rows(link.api, "ad_insights", unit_view)
    assert [c.method for c in link.calls].count("POST") == 3  # one per account
    monkeypatch.setattr(insights, "DIRECT_DAYS", 365)
    assert rows(link.api, "ad_insights", unit_view) == ordered


def test_run_is_waited_for_until_it_is_complete(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view), ACCOUNTS=NORTH)
    whole = rows(link.api, "ad_insights", unit_view)
    status = r"/v26.0/\d+$"
    states = [
        error(100, "not yet known here", error_subcode=33),
        Reply({"async_status": "Job Running", "async_percent_completion": 40}),
        Reply({"async_status": "Job Completed", "async_percent_completion": 99}),
    ]
    for state in states:
        link.sandbox.faults.add(Fault(status, state))
    assert rows(link.api, "ad_insights", unit_view) == whole
    assert all(order.times == 0 for order in link.sandbox.faults.orders)


def test_run_that_never_ends_makes_the_source_unreachable(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view), ACCOUNTS=NORTH)
    running = Reply({"async_status": "Job Running", "async_percent_completion": 40})
    link.sandbox.faults.add(Fault(r"/v26.0/\d+$", running, times=10_000))
    link.api.patience = type(link.api.patience)(backoff=0.001, longest_job=0.05)
    with pytest.raises(SourceUnreachable, match="did not finish report run"):
        rows(link.api, "ad_insights", unit_view)


@pytest.mark.parametrize("lost", ["Job Failed", "Job Skipped"])
def test_lost_run_is_read_directly_in_smaller_pieces(
    lost: str, connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view), ACCOUNTS=NORTH)
    whole = rows(link.api, "ad_insights", unit_view)
    link.calls.clear()
    state = Reply({"async_status": lost, "async_percent_completion": 0})
    link.sandbox.faults.add(Fault(r"/v26.0/\d+$", state))
    again = rows(link.api, "ad_insights", unit_view)
    assert by_day(again) == by_day(whole)
    direct = [c for c in link.calls if c.method == "GET" and "/act_" in c.path]
    assert len(direct) == 2  # 60 days in pieces of 31


def test_answer_of_another_version_is_refused(
    connect: Connect, unit_view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    monkeypatch.setattr(graph, "VERSION", "v19.0")  # ended: served as v23.0, silently
    with pytest.raises(AnswerUnreadable, match=r"as v23\.0, asked was v19\.0"):
        meta_ads.accounts(link.api)


def test_throttle_is_waited_out(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    for code in (17, 80000):
        link.sandbox.faults.add(Fault("/me/adaccounts", error(code, "slow down")))
    assert len(meta_ads.accounts(link.api)) == 3


def test_throttle_without_end_makes_the_source_unreachable(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    throttled = error(4, "(#4) Application request limit reached")
    link.sandbox.faults.add(Fault("/me/adaccounts", throttled, times=99))
    with pytest.raises(SourceUnreachable, match="limit reached"):
        meta_ads.accounts(link.api)


def test_revoked_token_is_refused_by_name_of_its_variable(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view), ACCESS_TOKEN="revoked")
    with pytest.raises(CredentialRefused, match="PLAYHEAD_META_ADS_ACCESS_TOKEN"):
        meta_ads.accounts(link.api)


def test_account_that_the_token_cannot_see_is_refused(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view), ACCOUNTS="7")
    with pytest.raises(CredentialRefused, match="act_7"):
        rows(link.api, "accounts", unit_view)


def test_history_beyond_37_months_is_a_wrong_request(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view), ACCOUNTS=NORTH)
    window = Window(date(2020, 1, 1), date(2020, 1, 2))
    ask = Ask([NORTH], window, unit_view.as_of)
    with pytest.raises(RequestRefused, match="37 months"):
        list(meta_ads.read(link.api, ask)["ad_insights"])


def test_app_secret_signs_every_request(connect: Connect, unit_view: View) -> None:
    told = {"ACCESS_TOKEN": "t0k", "APP_SECRET": "s3cret"}
    link = connect(SPEC, fake.routes(unit_view), **told)
    rows(link.api, "ad_insights", unit_view)
    proof = hmac.new(b"s3cret", b"t0k", hashlib.sha256).hexdigest()
    assert {_told(call)["appsecret_proof"] for call in link.calls} == {proof}


def _told(call: Request) -> dict[str, str]:
    return {**call.query, **(call.form() if call.method == "POST" else {})}


def test_archived_ads_are_asked_for_by_name(unit_view: View) -> None:
    made = fake._Graph(unit_view)
    ad = made.book.ads[0]
    ad["effective_status"] = "ARCHIVED"
    account = {"account": ad["account_id"]}
    for query, is_told in (({}, False), ({"effective_status": '["ARCHIVED"]'}, True)):
        asked = Request("GET", "/", query, {}, found=account)
        ids = [each["id"] for each in made.ads(asked)["data"]]
        assert (ad["meta_ad_id"] in ids) is is_told


@pytest.mark.parametrize(
    ("code", "subcode", "status", "meant"),
    [
        (4, None, 400, "retry"),
        (17, 2446079, 400, "retry"),
        (613, None, 400, "retry"),
        (80004, None, 400, "retry"),
        (2, None, 503, "retry"),
        (190, 463, 400, "refused"),
        (102, None, 400, "refused"),
        (10, None, 403, "refused"),
        (200, None, 403, "refused"),
        (294, None, 400, "refused"),
        (100, 33, 400, "refused"),
        (100, 1487534, 400, "too_much"),
        (100, None, 400, "wrong"),
        (2500, None, 400, "wrong"),
    ],
)
def test_verdict_reads_the_code_inside_the_envelope(
    code: int, subcode: int | None, status: int, meant: str
) -> None:
    body = {"error": {"message": "m", "code": code, "error_subcode": subcode}}
    assert graph.verdict(status, body) == meant


def test_verdict_without_an_envelope_follows_the_status() -> None:
    assert graph.verdict(200, {"data": []}) == "ok"
    assert graph.verdict(502, None) == "retry"
