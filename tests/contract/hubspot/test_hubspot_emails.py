"""Clicks in HubSpot's e-mails: the connector against its fake, over real HTTP."""

from datetime import date, timedelta
from typing import Any

import pytest

from ingestion.cast import cast
from ingestion.errors import AnswerUnreadable, RequestRefused
from ingestion.privacy import email_hash
from ingestion.sandbox.faults import Fault
from ingestion.sandbox.http import Reply, Request
from ingestion.source import Ask, Row
from ingestion.sources import hubspot
from ingestion.sources.hubspot import SPEC, emails, fake
from ingestion.transport import Api
from ingestion.windows import Window
from ingestion.world.view import View
from tests.contract.conftest import Connect

EVENTS = "/email/public/v1/events"


def clicks(api: Api, view: View, window: Window | None = None) -> list[Row]:
    """Typed rows; nothing may be put aside."""
    window = window or Window.inclusive(date(2025, 1, 1), view.as_of)
    ask = Ask(hubspot.accounts(api), window, view.as_of)
    found = [
        row for each in hubspot.read(api, ask)["email_clicks"] for row in each.rows
    ]
    typed = cast(SPEC["email_clicks"], found)
    assert (typed.rejected, typed.new_columns) == ([], ())
    listed: list[Row] = typed.rows.to_pylist()
    return listed


def arrivals(view: View) -> int:
    """Visits by a tagged link of a letter, doubled messages once."""
    events = view.events
    came = (events["utm_medium"] == "email") & (events["event"] == "page")
    return len(set(events["message_id"][came].tolist()))


def test_whoever_arrived_by_a_letter_had_clicked(
    connect: Connect, unit_view: View
) -> None:
    found = clicks(connect(SPEC, fake.routes(unit_view)).api, unit_view)
    people = [row for row in found if not row["filtered_event"]]
    assert 0 < len(people) <= arrivals(unit_view)
    known = {email_hash(each) for each in unit_view.contacts["email"]}
    assert {row["email_sha256"] for row in people} <= known
    assert all("utm_content=ph-p" in row["url"] for row in people)
    assert len(found) > len(people)  # scanners click too, and are marked
    assert "@" not in str(found)


def test_address_in_a_link_is_cut_out_and_tags_stay() -> None:
    link = "https://b.example/x?utm_content=ph-p1&email=ada%40one.example&u=a@b.example"
    assert emails._without_address(link) == "https://b.example/x?utm_content=ph-p1"


def test_only_the_window_is_asked_for_and_nights_add_up(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    middle = unit_view.as_of - timedelta(days=14)
    start = date(2025, 11, 1)
    early = clicks(link.api, unit_view, Window(start, middle))
    late = clicks(link.api, unit_view, Window.inclusive(middle, unit_view.as_of))
    assert max(row["created_date"] for row in early) < middle
    assert min(row["created_date"] for row in late) >= middle
    whole = clicks(link.api, unit_view, Window.inclusive(start, unit_view.as_of))
    assert [row["id"] for row in early + late] == [row["id"] for row in whole]


def test_pages_are_read_to_the_end(
    connect: Connect, unit_view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(emails, "LIMIT", 5)
    link = connect(SPEC, fake.routes(unit_view))
    found = clicks(link.api, unit_view)
    pages = [call for call in link.calls if call.path == EVENTS]
    assert len(pages) == -(-len(found) // 5) > 2


def test_offset_that_never_moves_is_stopped(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view))

    def same(request: Request, reply: Reply) -> Reply:
        return Reply({"events": [], "hasMore": True, "offset": "x"})

    link.sandbox.faults.add(Fault(EVENTS, same, times=9))
    with pytest.raises(AnswerUnreadable, match="'x' of e-mail events twice"):
        clicks(link.api, unit_view)


@pytest.mark.parametrize("params", [{"limit": 1001}, {"limit": 0}, {"offset": "x"}])
def test_what_hubspot_refuses_the_fake_refuses(
    connect: Connect, unit_view: View, params: dict[str, Any]
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    with pytest.raises(RequestRefused, match="between 1 and 1000"):
        link.api.get("api", EVENTS, params)
