"""Search Console: the connector against its fake, over real HTTP."""

import json
from datetime import timedelta
from typing import Any

import pytest

from ingestion.cast import cast
from ingestion.errors import (
    AnswerUnreadable,
    CredentialRefused,
    RateLimited,
    RequestRefused,
)
from ingestion.sandbox.faults import Fault
from ingestion.sandbox.google import google_error
from ingestion.sandbox.http import Reply, Request
from ingestion.source import Ask, Row
from ingestion.sources import search_console
from ingestion.sources.search_console import SPEC, fake
from ingestion.transport import Api
from ingestion.windows import Window
from ingestion.world import View, World
from tests.contract.conftest import Connect

PROPERTY = "sc-domain:brindlemoor.example"
QUERY = r"/searchAnalytics/query$"


def rows(api: Api, table: str, view: View) -> list[Row]:
    """What `table` holds for every day of the view."""
    window = Window.inclusive(view.start, view.as_of)
    ask = Ask(search_console.accounts(api), window, view.as_of)
    return [row for each in search_console.read(api, ask)[table] for row in each.rows]


def total(found: list[Row], measure: str, kind: str = "WEB") -> float:
    return float(sum(row[measure] for row in found if row["type"] == kind))


def final(view: View, measure: str) -> int:
    """What the company's search holds up to the newest day that is final."""
    frame = view.search
    return int(
        frame.where(frame["day"] <= view.days - 1 - SPEC.lag_days)[measure].sum()
    )


def asked(view: View, **changed: Any) -> Reply:
    """The fake's answer to one question, without a connector between."""
    body = {
        "startDate": str(view.start),
        "endDate": str(view.as_of),
        "dimensions": ["DATE"],
        **changed,
    }
    token = {"authorization": "Bearer t"}
    request = Request(
        "POST", "/", {}, token, json.dumps(body).encode(), {"site": PROPERTY}
    )
    return fake.routes(view)[1].handler(request)


def test_properties_are_those_the_user_is_verified_for(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    assert search_console.accounts(link.api) == [PROPERTY]


def test_properties_are_the_named_ones_when_the_setting_names_some(
    connect: Connect, unit_view: View
) -> None:
    named = "https://www.x.example/, sc-domain:y.example"
    link = connect(SPEC, fake.routes(unit_view), PROPERTIES=named)
    assert search_console.accounts(link.api) == named.split(", ")


def test_days_are_final_ones_and_hold_all_that_was_clicked(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    found = rows(link.api, "by_date", unit_view)
    assert total(found, "clicks") == final(unit_view, "clicks")
    assert total(found, "impressions") == final(unit_view, "impressions")
    newest = max(row["date"] for row in found if row["type"] == "WEB")
    assert newest == str(unit_view.as_of - timedelta(days=3))


def test_pages_add_up_to_more_than_the_property(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    found = rows(link.api, "by_page", unit_view)
    shown = total(found, "impressions") / final(unit_view, "impressions")
    assert 1.03 < shown < 1.07
    assert total(found, "clicks") == final(unit_view, "clicks")
    assert all(row["page"].startswith("https://brindlemoor.example/") for row in found)


def test_queries_cover_sixty_percent_of_clicks(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    found = rows(link.api, "by_page_query", unit_view)
    assert 0.5 < total(found, "clicks") / final(unit_view, "clicks") < 0.7


def test_appearances_are_listed_first_and_then_asked_by_day(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    found = rows(link.api, "by_appearance", unit_view)
    assert {row["search_appearance"] for row in found} == {"VIDEO"}
    frame = unit_view.search_appearance
    mine = frame.where(frame["day"] <= unit_view.days - 1 - SPEC.lag_days)
    assert total(found, "impressions") == mine["impressions"].sum()
    grouped = [c.json()["dimensions"] for c in link.calls if c.method == "POST"]
    # web: the list, then VIDEO by day; video: the list alone, which is empty
    assert grouped == [["SEARCH_APPEARANCE"], ["DATE"], ["SEARCH_APPEARANCE"]]


@pytest.mark.parametrize(
    "table", ["by_date", "by_page", "by_page_query", "by_appearance"]
)
def test_every_row_fits_the_declared_columns(
    table: str, connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    found = rows(link.api, table, unit_view)
    done = cast(SPEC[table], found)
    assert done.rows.num_rows == len(found) > 0
    assert (done.rejected, done.new_columns) == ([], ())


def test_pages_are_followed_by_start_row(
    connect: Connect, unit_view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    whole = rows(link.api, "by_page_query", unit_view)
    link.calls.clear()
    monkeypatch.setattr(search_console, "ROWS_PER_PAGE", 100)
    assert rows(link.api, "by_page_query", unit_view) == whole
    starts = [c.json()["startRow"] for c in link.calls if c.method == "POST"]
    assert max(starts) > 100


def test_paging_stops_when_a_page_comes_twice(
    connect: Connect, unit_view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    monkeypatch.setattr(search_console, "ROWS_PER_PAGE", 1)
    row = {"keys": ["2025-11-01"], "clicks": 1, "impressions": 2, "ctr": 0.5}
    link.sandbox.faults.add(Fault(QUERY, Reply({"rows": [row]}), times=9))
    with pytest.raises(AnswerUnreadable, match="never end"):
        rows(link.api, "by_date", unit_view)


def test_property_without_rows_is_no_error(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    link.sandbox.faults.add(Fault(QUERY, Reply({}), times=99))
    assert rows(link.api, "by_date", unit_view) == []


def test_rows_of_a_foreign_property_are_refused(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view), PROPERTIES="sc-domain:y.example")
    with pytest.raises(CredentialRefused, match=r"y\.example"):
        rows(link.api, "by_date", unit_view)


def test_used_up_quota_says_when_it_goes_on(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    said = "Search Analytics load quota exceeded."
    full = google_error(403, "quotaExceeded", said, "RESOURCE_EXHAUSTED")
    link.sandbox.faults.add(Fault(QUERY, full, times=2))
    with pytest.raises(RateLimited, match=r"load quota.*15 minutes.*next run"):
        rows(link.api, "by_date", unit_view)


def test_load_quota_of_ten_minutes_is_waited_out(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    full = google_error(403, "quotaExceeded", "Load quota exceeded.")
    link.sandbox.faults.add(Fault(QUERY, full))
    assert rows(link.api, "by_date", unit_view)
    assert link.api.throttled == 900  # seconds


def test_too_fast_is_waited_out(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    fast = google_error(403, "rateLimitExceeded", "Slow down.")
    link.sandbox.faults.add(Fault(QUERY, fast, times=2))
    assert rows(link.api, "by_date", unit_view)


def test_revoked_consent_is_refused_by_name_of_its_variable(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view), REFRESH_TOKEN="revoked")
    with pytest.raises(
        CredentialRefused, match="PLAYHEAD_SEARCH_CONSOLE_REFRESH_TOKEN"
    ):
        search_console.accounts(link.api)


def test_expired_token_is_renewed_once_in_mid_run(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    gone = google_error(401, "authError", "Invalid Credentials", "UNAUTHENTICATED")
    link.sandbox.faults.add(Fault(QUERY, gone, skip=1))
    assert rows(link.api, "by_date", unit_view)


def test_swapped_dates_are_a_wrong_request(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    with pytest.raises(RequestRefused, match="startDate"):
        link.api.post(
            "search",
            f"/webmasters/v3/sites/{PROPERTY}/searchAnalytics/query",
            {"startDate": "2025-12-02", "endDate": "2025-12-01"},
        )


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"dimensions": ["SEARCH_APPEARANCE", "DATE"]}, "cannot be combined"),
        ({"dimensions": ["PAGE"], "aggregationType": "BY_PROPERTY"}, "BY_PROPERTY"),
        ({"dimensions": ["QUERY"], "type": "DISCOVER"}, "QUERY"),
        ({"dimensions": ["DATE", "DATE"]}, "repeat"),
        ({"dimensions": ["MOOD"]}, "MOOD"),
        ({"rowLimit": 25_001}, "25000"),
        ({"type": "SONGS"}, "SONGS"),
        ({"startDate": "yesterday"}, "startDate"),
    ],
)
def test_illegal_questions_are_answered_with_400(
    changed: dict[str, Any], says: str, unit_view: View
) -> None:
    reply = asked(unit_view, **changed)
    assert reply.status == 400
    assert says in reply.body["error"]["message"]
    assert reply.body["error"]["status"] == "INVALID_ARGUMENT"


def test_fresh_days_are_there_in_part_when_asked_for_all(unit_world: World) -> None:
    view = unit_world.view()
    days = 28  # ends three days after the view, when its last days are final
    later = unit_world.view(view.as_of + timedelta(days=3))
    window = {"startDate": str(view.as_of - timedelta(days=days))}
    fresh = asked(view, dataState="ALL", **window).body
    settled = asked(later, endDate=str(view.as_of), **window).body
    assert fresh["metadata"] == {"firstIncompleteDate": str(view.as_of - timedelta(2))}
    seen = {row["keys"][0]: row["impressions"] for row in fresh["rows"]}
    known = {row["keys"][0]: row["impressions"] for row in settled["rows"]}
    for late, day in enumerate(view.as_of - timedelta(n) for n in range(4)):
        if late == 0:
            assert str(day) not in seen
        elif late < 3:
            assert seen[str(day)] <= known[str(day)]
        else:
            assert seen[str(day)] == known[str(day)]
    assert "metadata" not in asked(view).body


def test_lower_and_camel_case_are_accepted(unit_view: View) -> None:
    plain = asked(unit_view, dimensions=["PAGE"], aggregationType="BY_PAGE")
    other = asked(unit_view, dimensions=["page"], aggregationType="byPage", type="web")
    assert plain.body == other.body
    assert plain.body["responseAggregationType"] == "BY_PAGE"


def test_filter_keeps_the_pages_that_match(unit_view: View) -> None:
    one = {"dimension": "page", "operator": "contains", "expression": "/GUIDES/"}
    group = [{"groupType": "AND", "filters": [one]}]
    found = asked(unit_view, dimensions=["PAGE"], dimensionFilterGroups=group).body
    assert found["rows"]
    assert all("/guides/" in row["keys"][0] for row in found["rows"])


def test_yesterdays_answer_is_part_of_todays(unit_world: World) -> None:
    view = unit_world.view()
    yesterday = unit_world.view(view.as_of - timedelta(days=1))
    last = view.as_of - timedelta(days=5)
    by_query = {"dimensions": ["DATE", "PAGE", "QUERY"], "endDate": str(last)}
    assert asked(yesterday, **by_query).body == asked(view, **by_query).body
