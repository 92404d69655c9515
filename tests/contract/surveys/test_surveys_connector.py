"""Surveys: the connector against its fake, over real HTTP."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from ingestion.cast import cast
from ingestion.errors import AnswerUnreadable, CredentialRefused, RequestRefused
from ingestion.ingest import ingest
from ingestion.privacy import email_hash
from ingestion.sandbox.faults import Fault
from ingestion.sandbox.http import Reply, Request
from ingestion.sandbox.server import serving
from ingestion.source import Ask, Row
from ingestion.sources import surveys
from ingestion.sources.surveys import SPEC, fake
from ingestion.transport import Api
from ingestion.windows import Window
from ingestion.world import World
from ingestion.world.view import View
from tests.contract.conftest import Connect
from warehouse import db
from warehouse.settings import Settings

EVER = date(2020, 1, 1)


def rows(api: Api, table: str, view: View, window: Window | None = None) -> list[Row]:
    """Typed rows of a table; nothing may be put aside."""
    window = window or Window.inclusive(EVER, view.as_of)
    ask = Ask(surveys.accounts(api), window, view.as_of)
    found = [row for batch in surveys.read(api, ask)[table] for row in batch.rows]
    typed = cast(SPEC[table], found)
    assert (typed.rejected, typed.new_columns) == ([], ())
    listed: list[Row] = typed.rows.to_pylist()
    return listed


def test_account_is_the_user_of_the_token(connect: Connect, unit_view: View) -> None:
    assert surveys.accounts(connect(SPEC, fake.routes(unit_view)).api) == (fake.USER,)


def test_nothing_is_fetched_before_a_table_is_iterated(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    window = Window(unit_view.as_of, unit_view.as_of)
    surveys.read(link.api, Ask(("u",), window, unit_view.as_of))
    assert link.calls == []


def test_questions_in_groups_are_questions(connect: Connect, unit_view: View) -> None:
    found = rows(connect(SPEC, fake.routes(unit_view)).api, "questions", unit_view)
    told = {row["id"]: (row["type"], row["ref"], row["steps"]) for row in found}
    assert told == {
        fake.SCALE_ID: ("nps", "nps", 11),
        fake.TRUST_ID: ("yes_no", "trust", None),
    }


def test_answers_are_the_company_s_and_without_addresses(
    connect: Connect, unit_view: View
) -> None:
    found = rows(connect(SPEC, fake.routes(unit_view)).api, "answers", unit_view)
    scores = [row["number"] for row in found if row["question_type"] == "nps"]
    assert sorted(scores) == sorted(unit_view.nps["score"].tolist())
    panel = unit_view.panel
    for cell, is_exposed in (("exposed", True), ("control", False)):
        told = [row["boolean"] for row in found if row["cell"] == cell]
        asked = panel["is_exposed"] == is_exposed
        assert (len(told), sum(told)) == (asked.sum(), panel["trusts"][asked].sum())
    addresses = {email_hash(each) for each in unit_view.contacts["email"]}
    assert all(
        row["email_sha256"] in addresses
        for row in found
        if row["question_type"] == "nps"
    )
    assert "@" not in str(found)


def test_pages_are_read_back_to_the_first_answer(
    connect: Connect, unit_view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surveys, "RESPONSES_LIMIT", 40)
    link = connect(SPEC, fake.routes(unit_view))
    found = rows(link.api, "answers", unit_view)
    assert len(found) == len(unit_view.nps) + len(unit_view.panel)
    assert sum("before" in call.query for call in link.calls) >= 2


def test_first_moment_after_the_window_is_dropped(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    window = Window(unit_view.as_of - timedelta(days=7), unit_view.as_of)

    def late(request: Request, reply: Reply) -> Reply:
        moment = f"{window.end}T00:00:00Z"  # `until` is inclusive
        item = {**reply.body["items"][0], "submitted_at": moment, "token": "late"}
        return Reply({**reply.body, "items": [item, *reply.body["items"]]})

    link.sandbox.faults.add(Fault(f"{fake.PANEL}/responses", late))
    found = rows(link.api, "answers", unit_view, window)
    assert found and "late" not in {row["response_id"] for row in found}


def test_nights_equal_a_fresh_load_and_answers_taken_back_vanish(
    unit_world: World, tmp_path: Path
) -> None:
    def loaded(folder: Path, days: list[View]) -> list[tuple[object, ...]]:
        for view in days:
            with serving(fake.routes(view)) as sandbox:
                if view is not last_night:
                    moment = f"{view.as_of}T08:00:00Z"
                    sandbox.faults.add(Fault(f"{fake.NPS}/responses", one_more(moment)))
                settings = Settings(data_dir=folder, sandbox_url=sandbox.url)
                outcome = ingest(surveys, settings, as_of=view.as_of)
            assert (outcome.status, outcome.quarantined) == ("fresh", 0)
        with db.reader(settings.warehouse_path) as con:
            return con.execute(
                f"select {', '.join(SPEC['answers'].columns)} from raw_surveys.answers "
                "order by all"
            ).fetchall()

    def one_more(moment: str) -> Callable[[Request, Reply], Reply]:
        """Answered that day, and taken back before the next night but one."""
        answer = {
            "field": {"id": fake.SCALE_ID, "ref": "nps", "type": "nps"},
            "type": "number",
            "number": 1,
        }
        item = {"token": moment, "submitted_at": moment, "answers": [answer]}
        return lambda _, reply: Reply(
            {**reply.body, "items": [item, *reply.body["items"]]}
        )

    last = unit_world.view().as_of + timedelta(days=10)
    nights = [unit_world.view(last - timedelta(days=n)) for n in (2, 1, 0)]
    last_night = nights[-1]
    fresh = loaded(tmp_path / "b", nights[-1:])
    assert loaded(tmp_path / "a", nights) == fresh


def test_refused_token_names_the_variable(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view), ACCESS_TOKEN="revoked")
    with pytest.raises(CredentialRefused, match="PLAYHEAD_SURVEYS_ACCESS_TOKEN"):
        surveys.accounts(link.api)


def test_list_that_never_ends_is_stopped(
    connect: Connect, unit_view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surveys, "RESPONSES_LIMIT", 1)
    link = connect(SPEC, fake.routes(unit_view))

    def same_page(request: Request, reply: Reply) -> Reply:
        item = {"token": "t", "submitted_at": "2025-12-01T00:00:00Z", "answers": []}
        return Reply({"items": [item]})

    link.sandbox.faults.add(Fault("/responses", same_page, times=9))
    with pytest.raises(AnswerUnreadable, match="'t': the list would never end"):
        rows(link.api, "answers", unit_view)


@pytest.mark.parametrize(
    ("path", "params", "says"),
    [
        ("/forms", {"page_size": 201}, "at most 200"),
        (f"/forms/{fake.NPS}/responses", {"page_size": 1001}, "at most 1000"),
        (f"/forms/{fake.NPS}/responses", {"before": "a", "after": "b"}, "exclude"),
        ("/forms/nothing", {}, "Non existing form"),
    ],
)
def test_what_typeform_refuses_the_fake_refuses(
    connect: Connect,
    unit_view: View,
    path: str,
    params: dict[str, object],
    says: str,
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    with pytest.raises(RequestRefused) as caught:
        link.api.get("api", path, params)
    assert says in str(caught.value)
