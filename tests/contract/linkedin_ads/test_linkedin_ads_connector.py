"""LinkedIn Ads: the connector against its fake, over real HTTP."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from ingestion import linkedin
from ingestion.cast import cast
from ingestion.errors import (
    AnswerUnreadable,
    CredentialRefused,
    RateLimited,
    RequestRefused,
    TooMuchAsked,
)
from ingestion.sandbox.faults import Fault
from ingestion.sandbox.http import Reply, Request
from ingestion.sources import linkedin_ads
from ingestion.sources.linkedin_ads import (
    SPEC,
    analytics,
    columns,
    fake,
    fake_analytics,
)
from ingestion.windows import Window
from ingestion.world import View, World
from tests.contract.conftest import Connect
from tests.support.paid import claimed, delivered, nights_equal_a_fresh_load, rows

NORTH = "508113240"
BY_REGION = (
    "pivot=(value:MEMBER_REGION_V2)&campaigns=List(urn%3Ali%3AsponsoredCampaign%3A1)"
)
WHOLE = slice(0, 57)  # of sixty days the last three are not whole yet


def number(found: list[Any], measure: str) -> float:
    return sum(float(row[measure] or 0) for row in found)


def settled(found: list[Any], view: View) -> list[Any]:
    cut = view.start + timedelta(days=WHOLE.stop)
    return [row for row in found if row["date"] < cut]


def asked(view: View, raw: str = "", **headers: str) -> Reply:
    """The fake's answer to one report, without a connector between."""
    urns = linkedin.listed([f"urn:li:sponsoredAccount:{NORTH}"])
    day = "(year:2025,month:11,day:1)"
    told = {
        "q": "analytics",
        "pivot": "(value:CREATIVE)",
        "timeGranularity": "(value:DAILY)",
        "dateRange": f"(start:{day},end:{day})",
        "accounts": urns,
        "fields": "dateRange,pivotValues,impressions",
    }
    told |= dict(part.split("=", 1) for part in raw.split("&") if part)
    spelled = "&".join(f"{name}={value}" for name, value in told.items())
    query = {name: value[0] for name, value in parse_qs(spelled).items()}
    sent = {
        "authorization": "Bearer t",
        **{name.lower(): value for name, value in linkedin.HEADERS.items()},
        **headers,
    }
    request = Request("GET", "/rest/adAnalytics", query, sent, raw_query=spelled)
    return fake.routes(view)[-1].handler(request)


def test_accounts_are_those_of_the_token(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    found = rows(linkedin_ads, link.api, "accounts", unit_view)
    assert [(row["account_id"], row["currency"]) for row in found] == [
        (NORTH, "USD"),
        ("508113257", "EUR"),
    ]


def test_accounts_may_be_named_as_numbers_or_urns(
    connect: Connect, unit_view: View
) -> None:
    named = f"urn:li:sponsoredAccount:{NORTH}, 7"
    link = connect(SPEC, fake.routes(unit_view), ACCOUNTS=named)
    assert linkedin_ads.accounts(link.api) == [NORTH, "7"]
    assert link.calls == []


def test_a_named_account_that_the_token_cannot_see_fails_loudly(
    connect: Connect, unit_view: View
) -> None:
    # its report would be an empty list, as if nothing had happened
    link = connect(SPEC, fake.routes(unit_view), ACCOUNTS="7")
    with pytest.raises(CredentialRefused, match="no ad account 7"):
        rows(linkedin_ads, link.api, "ad_analytics_daily", unit_view)


def test_figures_add_up_to_what_was_delivered(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    found = rows(linkedin_ads, link.api, "ad_analytics_daily", unit_view)
    whole = settled(found, unit_view)
    for field, measure in fake_analytics.COUNTS.items():
        column, _ = columns.METRICS[field]
        told = delivered(unit_view, "linkedin_ads", measure, WHOLE)
        assert number(whole, column) == told, field
    spent = delivered(unit_view, "linkedin_ads", "spend_cents", WHOLE)
    assert number(whole, "cost_in_local_currency") == pytest.approx(spent / 100)
    counted = 0
    for field, window in fake_analytics.CLAIMS.items():
        column, _ = columns.METRICS[field]
        told = claimed(unit_view, "linkedin_ads", window, WHOLE)
        assert number(whole, column) == told
        counted += told
    assert counted > 0


def test_young_days_are_there_in_part_and_today_not_at_all(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    found = rows(linkedin_ads, link.api, "ad_analytics_daily", unit_view)
    young = [row for row in found if row["date"] >= unit_view.as_of - timedelta(days=2)]
    days = slice(unit_view.days - 3, unit_view.days - 1)
    whole = delivered(unit_view, "linkedin_ads", "impressions", days)
    # each ad's count is rounded up or down once a day
    assert number(young, "impressions") == pytest.approx(0.98 * whole, abs=len(young))
    assert max(row["date"] for row in found) == unit_view.as_of - timedelta(days=1)


def test_creatives_name_the_video_of_their_post(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    found = rows(linkedin_ads, link.api, "creatives", unit_view)
    mine = unit_view.placements["channel"] == "linkedin_ads"
    assert {row["id"] for row in found} == set(unit_view.placements["ad_id"][mine])
    assert all(row["video"].startswith("urn:li:video:") for row in found)
    assert all(row["video_duration"] >= 1000 for row in found)  # milliseconds


def test_creatives_stay_without_their_video_where_posts_may_not_be_read(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    no = {
        "status": 403,
        "code": "ACCESS_DENIED",
        "message": "no",
        "serviceErrorCode": 100,
    }
    link.sandbox.faults.add(Fault("/rest/posts", Reply(no, 403), times=9))
    found = rows(linkedin_ads, link.api, "creatives", unit_view)
    assert found
    assert {row["video"] for row in found} == {None}


@pytest.mark.parametrize("table", [t.name for t in SPEC.tables[:4]])
def test_every_row_fits_the_declared_columns(
    table: str, connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    found = rows(linkedin_ads, link.api, table, unit_view)
    done = cast(SPEC[table], found)
    assert done.rows.num_rows == len(found) > 0
    assert (done.rejected, done.new_columns) == ([], ())


def test_more_than_twenty_fields_are_two_calls_merged_by_row(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view), ACCOUNTS=NORTH)
    found = rows(linkedin_ads, link.api, "ad_analytics_daily", unit_view)
    calls = [c for c in link.calls if c.path == "/rest/adAnalytics"]
    asked_for = [call.query["fields"].split(",") for call in calls]
    assert [len(fields) for fields in asked_for] == [20, 4]  # 20 metrics, keys twice
    keys = [(row["creative_id"], row["date"]) for row in found]
    assert len(keys) == len(set(keys))
    # a row that the second call left out is none there, not unknown
    assert all(row["conversion_value_in_local_currency"] is not None for row in found)


def test_regions_tell_almost_all_of_a_campaign(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    regions = rows(linkedin_ads, link.api, "campaign_region_daily", unit_view)
    days = rows(linkedin_ads, link.api, "ad_analytics_daily", unit_view)
    assert {row["geo_name"] for row in regions} <= set(unit_view.regions["region"])
    assert len({row["geo_name"] for row in regions}) > 3
    assert {row["campaign_id"] for row in regions} == {
        row["campaign_id"] for row in days
    }
    assert number(regions, "impressions") == number(days, "impressions")
    assert number(regions, "cost_in_local_currency") == pytest.approx(
        number(days, "cost_in_local_currency")
    )
    # fewer than three are kept back: not known, which is not none
    clicks = [row["landing_page_clicks"] for row in regions]
    assert None in clicks
    assert all(n is None or n >= 3 for n in clicks)
    assert sum(n or 0 for n in clicks) < number(days, "landing_page_clicks")


def test_regions_are_asked_of_campaigns_that_were_shown_only(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view), ACCOUNTS=NORTH)
    day = timedelta(days=1)
    for first, campaigns in ((unit_view.start, 1), (unit_view.start - day, 0)):
        link.calls.clear()
        window = Window(first, first + day)
        found = rows(linkedin_ads, link.api, "campaign_region_daily", unit_view, window)
        shown = {row["campaign_id"] for row in found}
        assert len(shown) == campaigns
        reports = [c.query for c in link.calls if c.path == "/rest/adAnalytics"]
        assert [query.get("campaigns") for query in reports] == [
            None,
            *(f"List(urn:li:sponsoredCampaign:{each})" for each in shown),
        ]


def test_regions_keep_their_number_where_names_are_refused(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view), ACCOUNTS=NORTH)
    no = {"status": 403, "code": "ACCESS_DENIED", "message": "no"}
    link.sandbox.faults.add(Fault("/v2/geo", Reply(no, 403), times=9))
    found = rows(linkedin_ads, link.api, "campaign_region_daily", unit_view)
    assert found
    assert {row["geo_name"] for row in found} == {None}
    assert all(row["geo_id"].isdigit() for row in found)


def test_pages_of_a_list_are_followed_to_the_last_one(
    connect: Connect, unit_view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    whole = rows(linkedin_ads, link.api, "accounts", unit_view)
    monkeypatch.setitem(linkedin_ads.PER_PAGE, "adAccounts", 1)
    assert rows(linkedin_ads, link.api, "accounts", unit_view) == whole


def test_paging_stops_when_a_token_comes_twice(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    endless = {"elements": [], "metadata": {"nextPageToken": "a"}}
    link.sandbox.faults.add(Fault("/rest/adAccounts$", Reply(endless), times=9))
    with pytest.raises(AnswerUnreadable, match="twice"):
        linkedin_ads.accounts(link.api)


def test_a_full_answer_is_asked_for_again_by_halves(
    connect: Connect, unit_view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = connect(SPEC, fake.routes(unit_view), ACCOUNTS=NORTH)
    days = Window.inclusive(unit_view.start, unit_view.start + timedelta(days=3))
    whole = rows(linkedin_ads, link.api, "ad_analytics_daily", unit_view, days)
    assert len(whole) == 4  # one creative, four days
    monkeypatch.setattr(analytics, "MOST_ELEMENTS", 3)
    assert rows(linkedin_ads, link.api, "ad_analytics_daily", unit_view, days) == whole
    monkeypatch.setattr(analytics, "MOST_ELEMENTS", 1)
    with pytest.raises(TooMuchAsked, match="must be split"):
        rows(linkedin_ads, link.api, "ad_analytics_daily", unit_view, days)


def test_brackets_stay_and_urns_are_encoded(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view), ACCOUNTS=NORTH)
    day = Window.inclusive(unit_view.start, unit_view.start)
    rows(linkedin_ads, link.api, "ad_analytics_daily", unit_view, day)
    (call, _) = [c for c in link.calls if c.path == "/rest/adAnalytics"]
    assert "accounts=List(urn%3Ali%3AsponsoredAccount%3A508113240)" in call.raw_query
    assert "dateRange=(start:(year:2025,month:11,day:1)," in call.raw_query


def test_a_burst_is_waited_out_and_a_limit_of_the_day_ends_the_night(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    burst = "data request limit has been exceeded: more than 45 million metric values"
    slow = {"status": 429, "code": "TOO_MANY_REQUESTS", "message": burst}
    link.sandbox.faults.add(Fault("/rest/adAccounts$", Reply(slow, 429)))
    assert len(linkedin_ads.accounts(link.api)) == 2
    assert link.api.throttled == 330
    says = "Resource level throttle APPLICATION DAY limit for calls is reached."
    done = {**slow, "message": says, "serviceErrorCode": 101}
    link.sandbox.faults.add(Fault("/rest/adAccounts$", Reply(done, 429), times=9))
    with pytest.raises(RateLimited):
        linkedin_ads.accounts(link.api)


def test_a_version_that_has_ended_is_a_wrong_request(
    connect: Connect, unit_view: View
) -> None:
    ended = {**linkedin.HEADERS, "LinkedIn-Version": "202501"}
    link = connect(replace(SPEC, headers=ended), fake.routes(unit_view))
    with pytest.raises(RequestRefused, match="202501 is not active"):
        linkedin_ads.accounts(link.api)


def test_a_revoked_token_names_the_variable_to_renew(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view), ACCESS_TOKEN="revoked")
    with pytest.raises(CredentialRefused, match="PLAYHEAD_LINKEDIN_ADS_ACCESS_TOKEN"):
        linkedin_ads.accounts(link.api)


@pytest.mark.parametrize(
    ("raw", "headers", "status", "code"),
    [
        ("", {}, 200, None),
        ("", {"linkedin-version": ""}, 400, "VERSION_MISSING"),
        ("", {"linkedin-version": "202508"}, 426, "NONEXISTENT_VERSION"),
        ("", {"x-restli-protocol-version": "1.0.0"}, 400, "ILLEGAL_ARGUMENT"),
        ("", {"authorization": "Bearer revoked"}, 401, "REVOKED_ACCESS_TOKEN"),
        ("", {"authorization": ""}, 401, "EMPTY_ACCESS_TOKEN"),
        ("fields=impressions,views", {}, 400, "ILLEGAL_ARGUMENT"),
        ("fields=" + ",".join(["clicks"] * 21), {}, 400, "ILLEGAL_ARGUMENT"),
        ("accounts=List(urn:li:sponsoredAccount:1)", {}, 400, "ILLEGAL_ARGUMENT"),
        ("dateRange=%28start%3A1%29", {}, 400, "ILLEGAL_ARGUMENT"),
        ("pivot=(value:MEMBER_JOB_TITLE)", {}, 400, "ILLEGAL_ARGUMENT"),
        ("pivot=(value:MEMBER_REGION_V2)", {}, 400, "ILLEGAL_ARGUMENT"),  # no campaign
        (BY_REGION, {}, 200, None),
        (
            f"{BY_REGION}&fields=dateRange,conversionValueInLocalCurrency",
            {},
            400,
            "ILLEGAL_ARGUMENT",
        ),
    ],
)
def test_fake_refuses_what_linkedin_refuses(
    raw: str, headers: dict[str, str], status: int, code: str | None, unit_view: View
) -> None:
    reply = asked(unit_view, raw, **headers)
    assert (reply.status, reply.body.get("code")) == (status, code)


def test_nights_equal_a_fresh_load(unit_world: World, tmp_path: Path) -> None:
    nights_equal_a_fresh_load(linkedin_ads, fake, unit_world, tmp_path)
