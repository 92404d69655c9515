"""Google Ads: the connector against its fake, over real HTTP."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ingestion.cast import cast
from ingestion.errors import CredentialRefused, RateLimited, RequestRefused
from ingestion.sandbox.faults import Fault
from ingestion.sandbox.http import Reply, Request
from ingestion.sources import google_ads
from ingestion.sources.google_ads import SPEC, columns, fake, fake_gaql, gaql
from ingestion.windows import Window
from ingestion.world import View, World
from tests.contract.conftest import Connect
from tests.support.paid import claimed, delivered, nights_equal_a_fresh_load, rows

EURO = "4820117372"  # buys Demand Gen
NORTH, STREAM = "4820117365", "googleAds:searchStream"
SETTLED = slice(0, 59)  # of sixty days the last is not over yet


def number(found: list[Any], measure: str) -> float:
    return sum(float(row[measure] or 0) for row in found)


def refusal(kind: str, code: str, **details: Any) -> Reply:
    says = "Too many requests."
    failure = fake_gaql.failure(kind, code, says, **details)
    error = {"code": 429, "message": says, "status": "RESOURCE_EXHAUSTED"}
    return Reply([{"error": {**error, "details": [failure]}}], 429)


def asked(view: View, query: str, **headers: str) -> Reply:
    """The fake's answer to one query, without a connector between."""
    told = {
        "authorization": "Bearer t",
        "developer-token": "d",
        "login-customer-id": fake.MANAGER,
    }
    path = f"/v26/customers/{NORTH}/{STREAM}"
    body = json.dumps({"query": query}).encode()
    found = {"version": "v26", "account": NORTH}
    request = Request("POST", path, {}, {**told, **headers}, body, found)
    return fake.routes(view)[1].handler(request)


def code(reply: Reply) -> dict[str, str]:
    (failure,) = reply.body[0]["error"]["details"]
    return dict(failure["errors"][0]["errorCode"])


def test_customers_are_those_below_the_manager_that_run_ads(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    found = {
        r["account_id"]: r for r in rows(google_ads, link.api, "customers", unit_view)
    }
    assert sorted(row["currency_code"] for row in found.values()) == [
        "EUR",
        "GBP",
        "USD",
    ]
    assert found[NORTH]["time_zone"] == "America/New_York"
    assert fake.MANAGER not in found


def test_customers_are_only_the_named_ones_when_the_setting_names_some(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view), CUSTOMERS="482-011-7365, 7")
    assert google_ads.accounts(link.api) == [NORTH, "7"]
    assert link.calls == []


def test_figures_add_up_to_what_was_delivered(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    found = rows(google_ads, link.api, "ad_video_daily", unit_view)

    def final(measure: str) -> int:
        return delivered(unit_view, "youtube_ads", measure, SETTLED)

    assert number(found, "impressions") == final("impressions")
    assert number(found, "clicks") == final("clicks")
    assert number(found, "cost_micros") == 10_000 * final("spend_cents")
    watched = number(found, "video_watch_time_duration_millis")
    assert watched == 1000 * final("watch_seconds")
    # shares of the impressions, and back
    for part in (25, 50, 75, 100):
        reached = [
            round(int(row["impressions"]) * row[f"video_quartile_p{part}_rate"])
            for row in found
        ]
        assert sum(reached) == final(f"p{part}")
    # the average is rounded to milliseconds: starts come back within a thousandth
    starts = [
        round(int(watch) / int(average))
        for row in found
        for watch in [row["video_watch_time_duration_millis"]]
        for average in [row["average_video_watch_time_duration_millis"]]
        if average
    ]
    assert sum(starts) == pytest.approx(final("starts"), rel=1e-3)


def test_assets_tell_of_demand_gen_what_its_videos_tell(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    by_video = [
        row
        for row in rows(google_ads, link.api, "ad_video_daily", unit_view)
        if row["advertising_channel_type"] == "DEMAND_GEN"
    ]
    by_asset = rows(google_ads, link.api, "ad_asset_daily", unit_view)
    assert {row["advertising_channel_type"] for row in by_asset} == {"DEMAND_GEN"}

    def told(found: list[Any], video: str) -> list[Any]:
        names = ("account_id", "ad_id", video, "date", "impressions", "cost_micros")
        return sorted([str(row[name]) for name in names] for row in found)

    assert told(by_asset, "youtube_video_id") == told(by_video, "video_id") != []


def test_headlines_are_not_asked_for_though_they_are_assets_too(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view), CUSTOMERS=EURO)
    found = rows(google_ads, link.api, "ad_asset_daily", unit_view)
    assert {row["field_type"] for row in found} == {"YOUTUBE_VIDEO"}
    between = f"segments.date BETWEEN '{unit_view.start}' AND '{unit_view.as_of}'"
    every = gaql.select(columns.AD_ASSET_DAILY, "ad_group_ad_asset_view", between)
    roles = [
        row["adGroupAdAssetView"]["fieldType"]
        for row in gaql.search(link.api, fake.MANAGER, EURO, every)
    ]
    assert roles.count("HEADLINE") == roles.count("YOUTUBE_VIDEO") == len(found)


def test_customer_without_demand_gen_has_no_assets(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view), CUSTOMERS=NORTH)
    assert rows(google_ads, link.api, "ad_asset_daily", unit_view) == []


def test_today_has_no_row_yet(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    found = rows(google_ads, link.api, "ad_video_daily", unit_view)
    assert max(row["date"] for row in found) < str(unit_view.as_of)


def test_ad_groups_share_places_with_what_their_ads_have(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    sums: list[dict[tuple[str, str], int]] = []
    for table in ("ad_video_daily", "ad_group_region_daily"):
        by_group: dict[tuple[str, str], int] = {}
        for row in rows(google_ads, link.api, table, unit_view):
            key = row["ad_group_id"], row["date"]
            by_group[key] = by_group.get(key, 0) + int(row["impressions"])
        sums.append(by_group)
    assert sums[0] == sums[1]
    found = rows(google_ads, link.api, "ad_group_region_daily", unit_view)
    assert {row["region_name"] for row in found} <= set(unit_view.regions["region"])


def test_claims_are_told_by_interaction_with_the_window_of_their_action(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    found = rows(google_ads, link.api, "ad_conversions_daily", unit_view)
    for kind, window in (
        ("INTERACTION", "click_30d"),
        ("IMPRESSION", "engaged_view_3d"),
    ):
        mine = [r for r in found if r["conversion_attribution_event_type"] == kind]
        told = claimed(unit_view, "youtube_ads", window, SETTLED)
        assert number(mine, "conversions") == told > 0
    assert {row["click_through_lookback_window_days"] for row in found} == {"30"}


@pytest.mark.parametrize("table", [t.name for t in SPEC.tables[:-1]])  # without totals
def test_every_row_fits_the_declared_columns(
    table: str, connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    found = rows(google_ads, link.api, table, unit_view)
    done = cast(SPEC[table], found)
    assert done.rows.num_rows == len(found) > 0
    assert (done.rejected, done.new_columns) == ([], ())


def test_chunks_of_a_stream_are_one_table(
    connect: Connect, unit_view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    whole = rows(google_ads, link.api, "ad_video_daily", unit_view)
    monkeypatch.setattr(fake, "ROWS_PER_CHUNK", 7)
    assert rows(google_ads, link.api, "ad_video_daily", unit_view) == whole


def test_zero_is_written_where_google_leaves_it_out_and_null_elsewhere() -> None:
    row = gaql.flat(columns.AD_VIDEO_DAILY, {"customer": {"id": "1"}, "metrics": {}})
    assert (row["impressions"], row["video_quartile_p25_rate"]) == (0, 0)
    assert row["video_title"] is None
    asset = gaql.flat(columns.AD_ASSET_DAILY, {"metrics": {"impressions": "7"}})
    assert (asset["impressions"], asset["clicks"], asset["cost_micros"]) == ("7", 0, 0)
    assert asset["youtube_video_id"] is None
    claim = gaql.flat(columns.AD_CONVERSIONS_DAILY, {"metrics": {"conversions": 1.5}})
    assert (claim["conversions"], claim["conversions_value"]) == (1.5, None)


def test_an_empty_stream_is_no_row(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view), CUSTOMERS=NORTH)
    days = Window.inclusive(date(2024, 1, 1), date(2024, 1, 2))
    assert rows(google_ads, link.api, "ad_video_daily", unit_view, days) == []


def test_every_request_carries_the_developer_token_and_the_manager(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    rows(google_ads, link.api, "ad_video_daily", unit_view)
    assert all(call.headers["developer-token"] for call in link.calls)
    streams = [call for call in link.calls if call.path.endswith(STREAM)]
    assert {c.headers["login-customer-id"] for c in streams} == {fake.MANAGER}


def test_quota_of_hours_ends_the_night_and_says_how_long(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    told = {"quotaErrorDetails": {"rateScope": "DEVELOPER", "retryDelay": "40591s"}}
    link.sandbox.faults.add(
        Fault(STREAM, refusal("quotaError", "RESOURCE_EXHAUSTED", **told), times=9)
    )
    with pytest.raises(RateLimited, match=r"11\.3 hours"):  # 40,591 / 3,600
        google_ads.accounts(link.api)


def test_a_short_throttle_is_waited_out(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    busy = refusal("quotaError", "RESOURCE_TEMPORARILY_EXHAUSTED")
    link.sandbox.faults.add(Fault(STREAM, busy))
    assert len(google_ads.accounts(link.api)) == 3


def test_days_are_halved_when_a_query_is_too_heavy(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view), CUSTOMERS=NORTH)
    days = Window.inclusive(date(2025, 12, 1), date(2025, 12, 4))
    whole = rows(google_ads, link.api, "ad_video_daily", unit_view, days)
    link.calls.clear()
    heavy = refusal("quotaError", "EXCESSIVE_SHORT_TERM_QUERY_RESOURCE_CONSUMPTION")
    # the customers' list goes through; four days are refused, two and two are not
    link.sandbox.faults.add(Fault(STREAM, heavy, skip=1))
    again = rows(google_ads, link.api, "ad_video_daily", unit_view, days)
    assert sorted(r["date"] for r in again) == sorted(r["date"] for r in whole)
    between = [c.json()["query"].partition("BETWEEN ")[2] for c in link.calls[-2:]]
    assert between == [
        "'2025-12-01' AND '2025-12-02'",
        "'2025-12-03' AND '2025-12-04'",
    ]


def test_halved_days_keep_their_condition(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view), CUSTOMERS=EURO)
    days = Window.inclusive(date(2025, 12, 1), date(2025, 12, 2))
    heavy = refusal("quotaError", "EXCESSIVE_LONG_TERM_QUERY_RESOURCE_CONSUMPTION")
    link.sandbox.faults.add(Fault(STREAM, heavy, skip=1))
    rows(google_ads, link.api, "ad_asset_daily", unit_view, days)
    for day, call in zip(("01", "02"), link.calls[-2:], strict=True):
        assert call.json()["query"].endswith(
            f"BETWEEN '2025-12-{day}' AND '2025-12-{day}' AND "
            "ad_group_ad_asset_view.field_type = 'YOUTUBE_VIDEO'"
        )


def test_an_error_inside_a_stream_is_no_short_table(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))

    def broken(request: Request, reply: Reply) -> Reply:
        failure = fake_gaql.failure("internalError", "INTERNAL_ERROR", "broken")
        error = {"code": 500, "message": "broken", "details": [failure]}
        return Reply([*reply.body, {"error": error}])

    link.sandbox.faults.add(Fault(STREAM, broken, skip=1))
    whole = unit_view.days - 1  # the day after is asked again and whole
    found = rows(google_ads, link.api, "ad_video_daily", unit_view)
    assert len({row["date"] for row in found}) == whole


def test_a_refusal_names_the_remedy(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    no = refusal("authorizationError", "DEVELOPER_TOKEN_NOT_APPROVED")
    link.sandbox.faults.add(Fault(STREAM, no, times=9))
    with pytest.raises(CredentialRefused, match="playhead auth google_ads"):
        google_ads.accounts(link.api)


def test_a_revoked_token_is_refused(unit_view: View) -> None:
    reply = asked(unit_view, "SELECT customer_client.id FROM customer_client",
                  authorization="Bearer revoked")  # fmt: skip
    assert reply.status == 401
    assert code(reply) == {"authenticationError": "OAUTH_TOKEN_INVALID"}
    assert gaql.verdict(reply.status, reply.body) == "refused"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT metrics.video_views FROM video", "UNRECOGNIZED_FIELD"),
        ("SELECT campaign.id FROM clip", "BAD_RESOURCE_TYPE_IN_FROM_CLAUSE"),
        (
            "SELECT segments.geo_target_region FROM video",
            "PROHIBITED_FIELD_COMBINATION_IN_SELECT_CLAUSE",
        ),
        (
            "SELECT segments.conversion_action, metrics.clicks FROM ad_group_ad",
            "PROHIBITED_SEGMENT_WITH_METRIC_IN_SELECT_OR_WHERE_CLAUSE",
        ),
        (
            "SELECT metrics.video_trueview_views FROM ad_group_ad_asset_view",
            "PROHIBITED_FIELD_COMBINATION_IN_SELECT_CLAUSE",
        ),
        (
            "SELECT asset.id FROM video",
            "PROHIBITED_FIELD_COMBINATION_IN_SELECT_CLAUSE",
        ),
        (
            f"SELECT campaign.id FROM video WHERE {columns.VIDEO_ASSETS}",
            "PROHIBITED_FIELD_IN_WHERE_CLAUSE",
        ),
        (
            "SELECT asset.id FROM ad_group_ad_asset_view WHERE asset.role = 'VIDEO'",
            "UNRECOGNIZED_FIELD",
        ),
        ("SELECT segments.date FROM video", "EXPECTED_FILTERS_ON_DATE_RANGE"),
        ("video by day, please", "EXPECTED_SELECT"),
    ],
)
def test_fake_refuses_what_google_refuses(
    query: str, said: str, unit_view: View
) -> None:
    reply = asked(unit_view, query)
    assert (reply.status, code(reply)) == (400, {"queryError": said})
    assert gaql.verdict(reply.status, reply.body) == "wrong"


def test_fake_wants_its_headers_and_its_version(unit_view: View) -> None:
    query = "SELECT customer_client.id FROM customer_client"
    assert asked(unit_view, query, **{"login-customer-id": ""}).status == 403
    bare = asked(unit_view, query, **{"developer-token": ""})
    assert code(bare) == {"requestError": "DEVELOPER_TOKEN_PARAMETER_MISSING"}
    old = Request("POST", "/", {}, {}, b"{}", {"version": "v19", "account": NORTH})
    reply = fake.routes(unit_view)[1].handler(old)
    assert code(reply) == {"requestError": "UNSUPPORTED_VERSION"}


def test_a_wrong_query_is_reported_and_not_repeated(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    with pytest.raises(RequestRefused, match="Unrecognized field"):
        gaql.search(link.api, fake.MANAGER, NORTH, "SELECT video.views FROM video")
    assert len(link.calls) == 1


def test_nights_equal_a_fresh_load(unit_world: World, tmp_path: Path) -> None:
    nights_equal_a_fresh_load(google_ads, fake, unit_world, tmp_path)
