"""GA4: the connector against its fake, over real HTTP."""

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ingestion.cast import cast
from ingestion.errors import (
    AnswerUnreadable,
    CredentialRefused,
    RateLimited,
    RequestRefused,
    SourceUnreachable,
)
from ingestion.sandbox.faults import Fault
from ingestion.sandbox.http import Reply, Request
from ingestion.sources import ga4
from ingestion.sources.ga4 import SPEC, fake, fake_sessions
from ingestion.windows import Window
from ingestion.world import View, World
from tests.contract.conftest import Connect
from tests.support.paid import nights_equal_a_fresh_load, rows

REPORT = ":runReport$"


def number(found: list[Any], measure: str) -> float:
    return sum(float(row[measure]) for row in found)


def quota(says: str) -> Reply:
    error = {"code": 429, "message": says, "status": "RESOURCE_EXHAUSTED"}
    return Reply({"error": error}, 429)


def asked(view: View, **changed: Any) -> Reply:
    """The fake's answer to one report, without a connector between."""
    body = {
        "dateRanges": [{"startDate": str(view.start), "endDate": str(view.as_of)}],
        "dimensions": [{"name": "date"}],
        "metrics": [{"name": "sessions"}],
        **changed,
    }
    token = {"authorization": f"Bearer {body.pop('token', 't')}"}
    found = {"property": body.pop("property", fake.PROPERTY)}
    request = Request("POST", "/", {}, token, json.dumps(body).encode(), found)
    return fake.routes(view)[1].handler(request)


def named(*names: str) -> list[dict[str, str]]:
    return [{"name": name} for name in names]


def test_properties_are_those_of_the_credential_or_the_named_ones(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    assert ga4.accounts(link.api) == ["310448297"]
    link = connect(SPEC, fake.routes(unit_view), PROPERTIES="properties/1, 2")
    assert ga4.accounts(link.api) == ["1", "2"]
    assert link.calls == []


def test_landing_pages_add_up_to_the_sessions_of_the_day(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    pages = rows(ga4, link.api, "landing_pages_daily", unit_view)
    groups = rows(ga4, link.api, "sessions_daily", unit_view)
    for measure in ("sessions", "engaged_sessions", "key_events"):
        assert number(pages, measure) == number(groups, measure) > 0
    assert all(row["landing_page"].startswith("/") for row in pages)
    tags = {row["session_manual_ad_content"] for row in pages}
    assert any(tag.startswith("ph-p") for tag in tags)


def test_sessions_are_those_of_the_site_but_for_who_refuses(unit_view: View) -> None:
    # 12 % of visitors refuse; sessions are spread over them, so 8 to 16 % are missing
    everyone = {v for v in unit_view.events["anonymous_id"].tolist() if v is not None}
    counted = fake_sessions._consent(unit_view, everyone)
    assert 0.08 < 1 - sum(counted.values()) / len(counted) < 0.16
    sessions, _ = fake_sessions.facts(unit_view)
    assert {session["visitor"] for session in sessions} <= {
        visitor for visitor, says_yes in counted.items() if says_yes
    }


def test_a_key_event_is_a_form_that_was_sent(unit_view: View) -> None:
    sessions, _ = fake_sessions.facts(unit_view)
    events = unit_view.events
    forms = Counter(
        visitor
        for visitor, event, message in zip(
            events["anonymous_id"].tolist(),
            events["event"].tolist(),
            events["message_id"].tolist(),
            strict=True,
        )
        if event == "form_submit"
    )
    for session in sessions:
        assert session["key_events"] <= forms[session["visitor"]]
    assert sum(session["key_events"] for session in sessions) > 0


def test_young_days_are_there_in_part_and_never_lose_a_session(
    unit_world: World,
) -> None:
    first = unit_world.view().as_of
    seen: list[set[tuple[str, int]]] = []
    young = (first - unit_world.view().start).days - 1  # yesterday's number
    for late in (0, 1, 2, 5):
        view = unit_world.view(first + timedelta(days=late))
        sessions, _ = fake_sessions.facts(view)
        mine = {(s["visitor"], s["at"]) for s in sessions if s["day"] == young}
        seen.append(mine)
    assert len(seen[0]) <= len(seen[1]) <= len(seen[2])
    assert seen[2] == seen[3]


def test_some_days_asked_alone_are_those_of_the_whole(unit_view: View) -> None:
    days = range(20, 24)
    whole = fake_sessions.facts(unit_view)
    for part, every in zip(fake_sessions.facts(unit_view, days), whole, strict=True):
        assert part == [fact for fact in every if fact["day"] in days]
        assert {fact["day"] for fact in part} == set(days)


@pytest.mark.parametrize("table", [table.name for table in SPEC.tables])
def test_every_row_fits_the_declared_columns(
    table: str, connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    found = rows(ga4, link.api, table, unit_view)
    done = cast(SPEC[table], found)
    assert done.rows.num_rows == len(found) > 0
    assert (done.rejected, done.new_columns) == ([], ())
    days = done.rows["date"].to_pylist()
    assert max(days) <= unit_view.as_of - timedelta(days=1)
    assert set(done.rows["time_zone"].to_pylist()) == {"America/New_York"}


def test_pages_are_followed_to_the_last_one(
    connect: Connect, unit_view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    whole = rows(ga4, link.api, "sessions_daily", unit_view)
    monkeypatch.setattr(ga4, "ROWS_PER_PAGE", 50)
    assert rows(ga4, link.api, "sessions_daily", unit_view) == whole


def test_a_page_that_ends_too_early_is_no_short_table(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    short = {"rowCount": 3, "metadata": {}, "dimensionHeaders": [], "metricHeaders": []}
    link.sandbox.faults.add(Fault(REPORT, Reply(short)))
    with pytest.raises(AnswerUnreadable, match="3 rows of a report and gave 0"):
        rows(ga4, link.api, "sessions_daily", unit_view)


def test_rare_combinations_are_folded_and_the_answer_says_so(
    connect: Connect, unit_view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    whole = rows(ga4, link.api, "landing_pages_daily", unit_view)
    assert not any(row["data_loss_from_other_row"] for row in whole)
    monkeypatch.setattr(fake, "ROWS_A_DAY", 3)
    link = connect(SPEC, fake.routes(unit_view))
    folded = rows(ga4, link.api, "landing_pages_daily", unit_view)
    assert all(row["data_loss_from_other_row"] for row in folded)
    assert "(other)" in {row["landing_page"] for row in folded}
    assert number(folded, "sessions") == number(whole, "sessions")


def test_rows_of_few_users_are_withheld_where_users_are_asked_for(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    events = rows(ga4, link.api, "events_daily", unit_view)
    assert {row["subject_to_thresholding"] for row in events} == {True}
    assert min(int(row["total_users"]) for row in events) >= 10
    sessions = rows(ga4, link.api, "sessions_daily", unit_view)
    assert {row["subject_to_thresholding"] for row in sessions} == {False}


def test_an_estimate_is_marked_as_one(
    connect: Connect, unit_view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fake, "SAMPLED_ABOVE", 10)
    link = connect(SPEC, fake.routes(unit_view))
    found = rows(ga4, link.api, "sessions_daily", unit_view)
    done = cast(SPEC["sessions_daily"], found).rows
    told = set(done["sampling_metadatas"].to_pylist())
    assert all('"samplesReadCount":"10"' in text for text in told)


def test_what_no_longer_goes_together_is_named_before_anything_is_read(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    apart = {
        "metricMetadata": {"apiName": "keyEvents"},
        "compatibility": "INCOMPATIBLE",
    }
    told = Reply({"metricCompatibilities": [apart]})
    link.sandbox.faults.add(Fault(":checkCompatibility$", told))
    with pytest.raises(RequestRefused, match="keyEvents"):
        rows(ga4, link.api, "sessions_daily", unit_view)
    assert not [call for call in link.calls if call.path.endswith("runReport")]


def test_tokens_of_the_hour_end_the_night_and_too_many_at_once_do_not(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    link.sandbox.faults.add(
        Fault(REPORT, quota("Exhausted concurrent requests quota."))
    )
    assert rows(ga4, link.api, "sessions_daily", unit_view)
    says = "Exhausted property tokens per hour. These quota tokens will return."
    link.sandbox.faults.add(Fault(REPORT, quota(says), times=9))
    with pytest.raises(RateLimited, match="tokens per hour"):
        rows(ga4, link.api, "sessions_daily", unit_view)


def test_a_server_that_is_down_is_unreachable(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    down = Reply({"error": {"code": 503, "message": "down"}}, 503)
    link.sandbox.faults.add(Fault(REPORT, down, times=9))
    with pytest.raises(SourceUnreachable):
        rows(ga4, link.api, "sessions_daily", unit_view)


def test_a_refused_credential_says_what_to_renew(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    no = {"error": {"code": 403, "message": "no", "status": "PERMISSION_DENIED"}}
    link.sandbox.faults.add(Fault("/accountSummaries$", Reply(no, 403), times=9))
    with pytest.raises(CredentialRefused, match="PLAYHEAD_GA4_REFRESH_TOKEN"):
        ga4.accounts(link.api)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, 200),
        ({"token": "revoked"}, 401),
        ({"property": "properties/1"}, 400),
        ({"metrics": named("visits")}, 400),
        ({"dimensions": named("date", "eventName")}, 400),  # of events, with sessions
        ({"dimensions": named("itemName")}, 400),  # of items, with sessions
        ({"dimensions": named(*["date"] * 10)}, 400),
        ({"metrics": named(*["sessions"] * 11)}, 400),
        ({"limit": "250001"}, 400),
        ({"dateRanges": [{"startDate": "2026-01-02", "endDate": "2026-01-01"}]}, 400),
    ],
)
def test_fake_refuses_what_google_refuses(
    changed: dict[str, Any], status: int, unit_view: View
) -> None:
    reply = asked(unit_view, **changed)
    assert reply.status == status
    if status >= 400:
        assert reply.body["error"]["status"] in ("INVALID_ARGUMENT", "UNAUTHENTICATED")


def test_no_rows_is_no_error(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    today = Window.inclusive(unit_view.as_of, unit_view.as_of)
    assert rows(ga4, link.api, "sessions_daily", unit_view, today) == []


def test_nights_equal_a_fresh_load(unit_world: World, tmp_path: Path) -> None:
    nights_equal_a_fresh_load(ga4, fake, unit_world, tmp_path)
