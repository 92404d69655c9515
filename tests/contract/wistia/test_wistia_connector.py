"""Wistia: the connector against its fake, over real HTTP."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingestion.cast import cast
from ingestion.errors import AnswerUnreadable, CredentialRefused, RequestRefused
from ingestion.ingest import ingest
from ingestion.privacy import email_hash
from ingestion.sandbox.faults import Fault
from ingestion.sandbox.http import Reply, Request
from ingestion.sandbox.server import serving
from ingestion.source import Ask, Row
from ingestion.sources import wistia
from ingestion.sources.wistia import SPEC, VERSION, fake
from ingestion.transport import Api
from ingestion.windows import Window
from ingestion.world import World
from ingestion.world.view import View
from tests.contract.conftest import Connect
from warehouse import db
from warehouse.settings import Settings

EVENTS = "/modern/stats/events"


def rows(api: Api, table: str, view: View, window: Window | None = None) -> list[Row]:
    """Typed rows of a table; nothing may be put aside."""
    window = window or Window.inclusive(date(2023, 1, 1), view.as_of)
    ask = Ask(wistia.accounts(api), window, view.as_of)
    found = [row for batch in wistia.read(api, ask)[table] for row in batch.rows]
    typed = cast(SPEC[table], found)
    assert (typed.rejected, typed.new_columns) == ([], ())
    listed: list[Row] = typed.rows.to_pylist()
    return listed


def test_account_is_the_one_that_was_named(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view), ACCOUNT="brand")
    assert wistia.accounts(link.api) == ("brand",)


def test_nothing_is_fetched_before_a_table_is_iterated(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    window = Window(unit_view.as_of, unit_view.as_of)
    wistia.read(link.api, Ask(("brand",), window, unit_view.as_of))
    assert link.calls == []


def test_media_carry_the_id_of_their_variant_in_their_name(
    connect: Connect, unit_view: View
) -> None:
    found = rows(connect(SPEC, fake.routes(unit_view)).api, "medias", unit_view)
    placements = unit_view.placements
    on_site = set(placements["variant_id"][placements["channel"] == "site_player"])
    assert {row["name"].split()[0] for row in found} == on_site
    variants = unit_view.variants
    seconds = dict(
        zip(variants["variant_id"], variants["duration_seconds"], strict=True)
    )
    assert all(row["duration"] == seconds[row["name"].split()[0]] for row in found)


def test_sessions_are_the_plays_of_the_site_but_for_a_few(
    connect: Connect, unit_view: View
) -> None:
    found = rows(connect(SPEC, fake.routes(unit_view)).api, "events", unit_view)
    events = unit_view.events
    plays = (events["quartile"] >= 0) & (events["deal_ref"] == None)  # noqa: E711
    sessions = set(events["player_session_id"][plays].tolist())
    told = {row["event_key"].removesuffix("-w") for row in found}
    assert told < sessions
    assert len(told) > 0.9 * len(sessions)
    # as far as the furthest quartile, but for today's, which still grow
    deepest: dict[str, int] = {}
    for session, quartile in zip(
        events["player_session_id"][plays], events["quartile"][plays], strict=True
    ):
        deepest[session] = max(deepest.get(session, 0), int(quartile))
    for row in found:
        if row["received_date"] < unit_view.as_of:
            name = row["event_key"].removesuffix("-w")
            assert row["percent_viewed"] == deepest[name] / 100


def test_addresses_are_hashed_also_in_links_and_places_are_not_kept(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))

    def told(request: Request, reply: Reply) -> Reply:
        given = {
            **reply.body[0],
            "email": None,
            "conversion_data": {"email": "Ada@One.example"},
            "embed_url": "https://b.example/x?utm_content=ph-p1&wemail=ada%40one.example",
        }
        return Reply([given])

    link.sandbox.faults.add(Fault(EVENTS, told))
    (row,) = rows(link.api, "events", unit_view)
    assert row["email_sha256"] == email_hash("ada@one.example")
    assert row["embed_url"] == "https://b.example/x?utm_content=ph-p1"
    assert not {"ip", "country", "email"} & row.keys()


def test_pages_are_read_until_one_is_not_full(
    connect: Connect, unit_view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wistia, "LIMIT", 7)
    link = connect(SPEC, fake.routes(unit_view))
    found = rows(link.api, "events", unit_view)
    pages = [call for call in link.calls if call.path == EVENTS]
    assert len(pages) == len(found) // 7 + 1 > 2


def test_every_call_names_the_version(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    for table in SPEC.tables:
        rows(link.api, table.name, unit_view)
    assert {call.headers["x-wistia-api-version"] for call in link.calls} == {VERSION}


def test_nights_equal_a_fresh_load(unit_world: World, tmp_path: Path) -> None:
    def loaded(folder: Path, days: list[View]) -> list[tuple[object, ...]]:
        for view in days:
            with serving(fake.routes(view)) as sandbox:
                settings = Settings(data_dir=folder, sandbox_url=sandbox.url)
                outcome = ingest(wistia, settings, as_of=view.as_of)
            assert (outcome.status, outcome.quarantined) == ("fresh", 0)
        with db.reader(settings.warehouse_path) as con:
            return con.execute(
                f"select {', '.join(SPEC['events'].columns)} from raw_wistia.events "
                "order by all"
            ).fetchall()

    # a session of the first night was at four fifths of what it became
    last = unit_world.view().as_of
    nights = [unit_world.view(last - timedelta(days=n)) for n in (6, 5, 1, 0)]
    assert loaded(tmp_path / "a", nights) == loaded(tmp_path / "b", nights[-1:])


def test_refused_token_names_the_variable(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view), ACCESS_TOKEN="revoked")
    with pytest.raises(CredentialRefused, match="PLAYHEAD_WISTIA_ACCESS_TOKEN"):
        wistia.accounts(link.api)


def test_limit_is_waited_out(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    busy = fake.error(429, "rate_limited", "Too many requests")
    link.sandbox.faults.add(Fault("/modern/medias", busy))
    assert rows(link.api, "medias", unit_view)


def test_list_that_never_ends_is_stopped(
    connect: Connect, unit_view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wistia, "LIMIT", 1)
    link = connect(SPEC, fake.routes(unit_view))

    def same_page(request: Request, reply: Reply) -> Reply:
        return Reply([{"hashed_id": "m", "name": "x"}])

    link.sandbox.faults.add(Fault("/modern/medias", same_page, times=9))
    with pytest.raises(AnswerUnreadable, match="page 2 of /modern/medias twice"):
        rows(link.api, "medias", unit_view)


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"per_page": 101}, "between 1 and 100"),
        ({"page": 0}, "from 1"),
        ({"start_date": "yesterday"}, "is no date"),
        ({"start_date": "2025-12-02", "end_date": "2025-12-01"}, "lies after"),
    ],
)
def test_what_wistia_refuses_the_fake_refuses(
    connect: Connect, unit_view: View, params: dict[str, Any], says: str
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    with pytest.raises(RequestRefused, match=says):
        link.api.get("api", EVENTS, params)


def test_unknown_version_is_refused(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    link.api.headers["X-Wistia-API-Version"] = "2019-01"
    with pytest.raises(RequestRefused, match="Unknown API version 2019-01"):
        link.api.get("api", "/modern/medias")


def test_requests_and_answers_stay_inside_the_specification(
    connect: Connect, unit_view: View, shared: Path
) -> None:
    path = shared / "apis" / "specs" / "wistia" / "wistia_2026-03.json"
    spec = json.loads(path.read_text())
    assert spec["server"] == SPEC.hosts["api"] + "/modern"
    link = connect(SPEC, fake.routes(unit_view))
    for table in SPEC.tables:
        rows(link.api, table.name, unit_view)
    for call in link.calls:
        told = spec["operations"]["GET " + call.path.removeprefix("/modern")]
        assert set(call.query) <= {each["name"] for each in told["params"]}
    (session,) = link.api.get("api", EVENTS, {"per_page": 1})
    (known,) = spec["operations"]["GET /stats/events"]["response"]
    assert set(session) <= set(known)
