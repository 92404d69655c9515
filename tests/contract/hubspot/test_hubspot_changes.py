"""HubSpot read by change date: night after night the tables of a whole, fresh list."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from ingestion.ingest import ingest
from ingestion.sandbox.http import Reply, Request
from ingestion.sandbox.server import serving
from ingestion.source import Ask
from ingestion.sources import hubspot
from ingestion.sources.hubspot import SPEC, fake, fake_search, search
from ingestion.sources.hubspot.portal import Portal
from ingestion.transport import Api
from ingestion.windows import DAY, Window
from ingestion.world import World
from ingestion.world.frames import text
from tests.contract.conftest import Connect
from tests.support.nights import Nights, nights
from warehouse import db
from warehouse.settings import Settings

MONDAY = date(2025, 12, 1)
FRIDAY, SATURDAY = MONDAY + 4 * DAY, MONDAY + 5 * DAY
PORTAL = "24817306"
LISTED = [table.name for table in SPEC.tables if table.is_list]


@pytest.fixture
def place(unit_world: World, tmp_path: Path) -> Iterator[Nights]:
    with nights(hubspot, unit_world, tmp_path) as made:
        yield made


def moment(day: date) -> int:
    return round(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1_000)


def night(
    place: Nights, folder: str, day: date, *, window: Window | None = None
) -> Counter[str]:
    """A load, and what it asked."""
    calls: Counter[str] = Counter()

    def count(request: Request, reply: Reply) -> Reply:
        calls[request.path.split("/")[-1]] += 1
        return reply

    place.load(folder, day, window, strike=count)
    return calls


# Many nights


def test_nights_of_changes_equal_a_fresh_load_in_every_table(
    place: Nights, unit_world: World
) -> None:
    """Five weeks: two nights nobody ran, one Saturday among them, one night run twice."""
    days = [MONDAY + n * DAY for n in range(-7, 28)]
    left_out = {days[2], days[19]}  # a Wednesday; a Saturday, made up for on Sunday
    searched = []
    for day in days:
        if day in left_out:
            continue
        for _ in range(2 if day == days[17] else 1):
            calls = night(place, "nights", day)
        if calls["search"]:
            searched.append(day)
        if day.weekday() in (1, 5) or day == days[21]:
            place.load(f"fresh {day}", day)
            assert place.same("nights", f"fresh {day}") == "", day
    # 35 nights less 2 left out; whole: the first, four Saturdays, the Sunday after the fifth
    assert len(searched) == 33 - 6
    # what the searched nights had to notice
    view, start, end = (
        unit_world.view(days[-1]),
        moment(days[1]),
        moment(days[-1] + DAY),
    )

    def met(times: Any) -> int:
        return sum(start <= at < end for at in times.tolist())

    assert met(view.merged_contacts["merged_at"]) > 0
    assert met(view.contacts["archived_at"]) > 0
    assert met(view.deals["created_at"]) > 0
    assert met(view.deal_stages["entered_at"]) > met(view.deals["created_at"])
    amounts = [
        dict(zip(v.deals["deal_id"], v.deals["amount_cents"], strict=True))
        for v in (unit_world.view(days[0]), view)
    ]
    assert any(amounts[0][deal] != amounts[1][deal] for deal in amounts[0])


def test_night_run_twice_changes_nothing(place: Nights) -> None:
    place.load("twice", MONDAY)
    place.load("twice", MONDAY + DAY)
    before = place.tables("twice")
    assert night(place, "twice", MONDAY + DAY)["search"]
    assert place.tables("twice") == before


def test_dates_of_the_portal_move_with_whatever_changes(unit_world: World) -> None:
    """An object that shows something new has a new date; a new pair, on one side at least."""
    days = [MONDAY + n * DAY for n in range(0, 30, 3)]
    shown: dict[str, dict[str, Any]] = {}
    pairs: dict[Any, set[tuple[str, str]]] = {}
    for day in days:
        portal = Portal(unit_world.view(day))
        since = moment(day - 2 * DAY)
        moved: dict[str, set[str]] = {}
        gone: dict[str, set[str]] = {}
        for kind, objects in portal.objects.items():
            items = objects.items(np.arange(len(objects.ids)))
            now = {item["id"]: item for item in items}
            new = (objects.modified >= since) | objects.archived
            moved[kind] = {str(each) for each in objects.ids[new]}
            before = shown.get(kind, now)
            changed = {each for each in now if now[each] != before.get(each)}
            assert changed <= moved[kind]
            gone[kind] = before.keys() - now.keys()
            shown[kind] = now
        for (one, to), known in portal.associations.items():
            told = {(left, right) for left, ids in known.items() for right in ids}
            for left, right in told ^ pairs.get((one, to), told):
                assert {left} & (moved[one] | gone[one]) or {right} & (
                    moved[to] | gone[to]
                )
            pairs[one, to] = told


# One night


@dataclass
class Evening:
    """A whole list on Monday; the portal as `make` changes it; Tuesday by change date."""

    place: Nights
    world: World

    def __post_init__(self) -> None:
        self.place.load("nightly", MONDAY)

    @property
    def view(self) -> Any:
        return self.world.view(MONDAY + DAY)

    def ends_as_fresh(self, **frames: Any) -> Counter[str]:
        """Load the second night from these frames, and a fresh folder; compare."""
        view = self.view
        kinds = ("contacts", "companies", "deals", "deal_stages", "deal_contacts")
        told = {kind: frames.get(kind, getattr(view, kind)) for kind in kinds}
        made = SimpleNamespace(
            company=view.company, events=view.events, hash01=view.hash01, **told
        )
        day = MONDAY + DAY
        self.place.sandbox.answer_with(fake.routes(made))  # type: ignore[arg-type]
        self.place.day = day
        calls = night(self.place, "nightly", day)
        assert calls["search"] and calls["contacts"] == 1  # the archived list
        whole = night(self.place, "fresh", day)
        assert not whole["search"]
        assert self.place.same("nightly", "fresh") == ""
        return calls

    def pair_of(self, deal_ids: Any) -> tuple[str, str]:
        """A deal that has not changed since Monday, and its contact."""
        links = self.view.deal_contacts
        pairs = zip(
            links["deal_id"].tolist(), links["contact_id"].tolist(), strict=True
        )
        return next(pair for pair in pairs if pair[0] in deal_ids)


@pytest.fixture
def evening(place: Nights, unit_world: World) -> Evening:
    return Evening(place, unit_world)


def touched(frame: Any, key: str, ids: set[str]) -> Any:
    """Those objects, changed at noon of the second night."""
    is_one = np.isin(frame[key].astype(str), list(ids))
    noon = moment(MONDAY + DAY) + 43_200_000
    return frame.replaced(updated_at=np.where(is_one, noon, frame["updated_at"]))


def old(frame: Any, key: str) -> set[str]:
    """Ids of objects that did not change in the days that are searched."""
    return set(
        frame.where(frame["updated_at"] < moment(MONDAY - 2 * DAY))[key].tolist()
    )


@pytest.mark.parametrize("side", ["deals", "contacts"])
def test_association_that_is_gone_vanishes_whichever_side_tells(
    evening: Evening, side: str
) -> None:
    view = evening.view
    deal, contact = evening.pair_of(old(view.deals, "deal_id"))
    links = view.deal_contacts.where(view.deal_contacts["deal_id"] != deal)
    key, one = ("deal_id", deal) if side == "deals" else ("contact_id", contact)
    evening.ends_as_fresh(
        deal_contacts=links, **{side: touched(getattr(view, side), key, {one})}
    )
    pairs = evening.place.tables("nightly")["deal_contacts"]
    assert not any(row[1] == deal for row in pairs)


@pytest.mark.parametrize("side", ["deals", "contacts"])
def test_association_that_is_new_appears_whichever_side_tells(
    evening: Evening, side: str
) -> None:
    view = evening.view
    deal, first = evening.pair_of(old(view.deals, "deal_id"))
    contact = next(
        each
        for each in view.contacts.where(~view.contacts["is_archived"])["contact_id"]
        if each != first and each in old(view.contacts, "contact_id")
    )
    links = view.deal_contacts
    more = {
        name: text([*links[name], value])
        for name, value in (("deal_id", deal), ("contact_id", contact))
    }
    added = np.append(links["added_at"], moment(MONDAY + DAY))
    key, one = ("deal_id", deal) if side == "deals" else ("contact_id", contact)
    evening.ends_as_fresh(
        deal_contacts=type(links)({**more, "added_at": added}),
        **{side: touched(getattr(view, side), key, {one})},
    )
    pairs = evening.place.tables("nightly")["deal_contacts"]
    assert {row[2] for row in pairs if row[1] == deal} == {first, contact}


def test_contact_merged_away_takes_its_pairs_along(evening: Evening) -> None:
    """Only the survivor's date moves: its deal and the company know nothing of it."""
    view = evening.view
    deal, lost = evening.pair_of(old(view.deals, "deal_id"))
    contacts = view.contacts
    survivor = next(
        each
        for each in contacts.where(~contacts["is_archived"])["contact_id"]
        if each != lost and each in old(contacts, "contact_id")
    )
    ids = contacts["contact_id"]
    names = np.where(ids == survivor, f"{lost};77", contacts["merged_contact_id"])
    merged = touched(contacts, "contact_id", {survivor})
    merged = merged.replaced(merged_contact_id=text(names)).where(ids != lost)
    links = view.deal_contacts
    now = text(
        survivor if each == lost else each for each in links["contact_id"].tolist()
    )
    evening.ends_as_fresh(contacts=merged, deal_contacts=links.replaced(contact_id=now))
    tables = evening.place.tables("nightly")
    assert not any(lost in row[1:3] for name in LISTED for row in tables[name])
    assert survivor in {row[2] for row in tables["deal_contacts"] if row[1] == deal}


def test_contact_deleted_takes_its_pairs_along(evening: Evening) -> None:
    view = evening.view
    deal, lost = evening.pair_of(old(view.deals, "deal_id"))
    contacts = view.contacts
    is_lost = contacts["contact_id"] == lost
    noon = np.where(is_lost, moment(MONDAY + DAY), contacts["archived_at"])
    gone = contacts["is_archived"].astype(bool) | is_lost
    evening.ends_as_fresh(
        contacts=contacts.replaced(is_archived=gone, archived_at=noon)
    )
    tables = evening.place.tables("nightly")
    assert not any(row[1] == deal for row in tables["deal_contacts"])
    assert not any(row[1] == lost for row in tables["contact_companies"])
    assert [row[4] for row in tables["contacts"] if row[1] == lost] == [True]


# What a search does wrong


def found_of(reply: Reply) -> list[Any]:
    return list(reply.body["results"])


@pytest.mark.parametrize(
    "answer",
    [
        lambda reply: found_of(reply)[:-1],  # one is lost
        lambda reply: found_of(reply)[1:],
        lambda reply: [],
    ],
)
def test_search_that_gives_less_than_it_counts_is_followed_by_a_whole_list(
    place: Nights, answer: Any
) -> None:
    place.load("nightly", MONDAY)
    calls: Counter[str] = Counter()

    def less(request: Request, reply: Reply) -> Reply:
        calls[request.path.split("/")[-1]] += 1
        if request.path.endswith("contacts/search"):
            return Reply({**reply.body, "results": answer(reply)})
        return reply

    place.load("nightly", MONDAY + DAY, strike=less)
    assert calls["contacts"] > 2 and calls["search"] <= 2
    place.load("fresh", MONDAY + DAY)
    assert place.same("nightly", "fresh") == ""


def test_deal_that_a_batch_read_does_not_name_is_not_lost(place: Nights) -> None:
    place.load("nightly", MONDAY)

    def without_one(request: Request, reply: Reply) -> Reply:
        if request.path.endswith("objects/deals/batch/read"):
            return Reply({**reply.body, "results": found_of(reply)[1:]})
        return reply

    place.load("nightly", FRIDAY, strike=without_one)
    place.load("fresh", FRIDAY)
    assert place.same("nightly", "fresh") == ""


def test_deal_deleted_since_the_search_keeps_its_rows_for_the_next_night(
    place: Nights,
) -> None:
    place.load("nightly", MONDAY)
    before = place.tables("nightly")
    lost: list[str] = []

    def deleted(request: Request, reply: Reply) -> Reply:
        if not request.path.endswith("objects/deals/batch/read"):
            return reply
        first, *others = found_of(reply)
        lost.append(first["id"])
        error = {"category": "OBJECT_NOT_FOUND", "context": {"ids": [first["id"]]}}
        return Reply({**reply.body, "results": others, "errors": [error]}, 207)

    place.load("nightly", FRIDAY, strike=deleted)
    for name in ("deals", "deal_stage_history"):
        rows = {row for row in before[name] if row[1] in lost}
        assert rows <= place.tables("nightly")[name].keys()


def test_search_that_turns_in_circles_is_stopped(place: Nights) -> None:
    with patch.object(search, "SEARCH_LIMIT", 3):
        place.load("nightly", MONDAY)
        first: list[Reply] = []

        def circle(request: Request, reply: Reply) -> Reply:
            if not request.path.endswith("contacts/search"):
                return reply
            first.append(reply)
            return first[0]

        with pytest.raises(AssertionError, match="twice"):
            place.load("nightly", FRIDAY, strike=circle)


def test_more_than_a_search_can_page_through_is_read_to_its_end(
    place: Nights, unit_world: World
) -> None:
    with (
        patch.object(fake_search, "MOST_READABLE", 3),
        patch.object(search, "SEARCH_LIMIT", 2),
    ):
        place.load("nightly", MONDAY)
        calls = night(place, "nightly", FRIDAY)
        # from the day before the last night to now
        objects = Portal(unit_world.view(FRIDAY)).objects["contacts"]
        changed = (objects.modified >= moment(MONDAY - DAY)) & ~objects.archived
        assert changed.sum() > 3
        assert calls["search"] >= 2 + -(-int(changed.sum()) // 2)
        assert calls["contacts"] == 1  # the archived list
    place.load("fresh", FRIDAY)
    assert place.same("nightly", "fresh") == ""


# When lists are read whole


@pytest.mark.parametrize(
    ("known_to", "day", "is_whole"),
    [
        (None, FRIDAY, True),  # the first load, or days given by a person
        (FRIDAY - DAY, FRIDAY, False),
        (FRIDAY, FRIDAY, False),  # again
        (FRIDAY, SATURDAY, True),
        (SATURDAY, SATURDAY, False),
        (SATURDAY, SATURDAY + DAY, False),
        (FRIDAY, SATURDAY + DAY, True),  # nobody ran it on Saturday
        (MONDAY, SATURDAY + 9 * DAY, True),
        (FRIDAY, FRIDAY - DAY, True),  # the clock was set back
    ],
)
def test_week_ends_on_saturday_or_on_the_night_after_it(
    connect: Connect,
    unit_world: World,
    known_to: date | None,
    day: date,
    is_whole: bool,
) -> None:
    link = connect(SPEC, fake.routes(unit_world.view(SATURDAY + 9 * DAY)))
    ask = Ask((PORTAL,), Window(day - DAY, day + DAY), day, known_to=known_to)
    list(hubspot.read(link.api, ask)["companies"])
    assert any(call.path.endswith("search") for call in link.calls) != is_whole


def test_lists_are_read_whole_where_one_may_shrink(
    connect: Connect, unit_world: World
) -> None:
    link = connect(SPEC, fake.routes(unit_world.view(FRIDAY)))
    api = Api(SPEC, replace(link.api.settings, accept_shrink=True))
    ask = Ask((PORTAL,), Window(FRIDAY, FRIDAY + DAY), FRIDAY, known_to=FRIDAY)
    list(hubspot.read(api, ask)["companies"])
    assert not any(call.path.endswith("search") for call in link.calls)


def test_ordinary_night_asks_a_tenth_and_a_person_s_days_ask_all(
    place: Nights,
) -> None:
    first = night(place, "nightly", MONDAY)
    ordinary = night(place, "nightly", MONDAY + DAY)
    given = night(
        place, "nightly", MONDAY + DAY, window=Window(MONDAY, MONDAY + 2 * DAY)
    )
    assert given == first
    # portal twice, 3 searches, 1 batch read, 3 archived lists, pipelines, e-mails, and the
    # associations both ways: 2 to 4
    assert ordinary.total() <= 2 + 3 + 1 + 3 + 1 + 1 + 4
    assert (ordinary["search"], ordinary["contacts"]) == (3, 1)


def test_change_without_a_date_is_seen_on_saturday_though_the_list_was_that_before(
    unit_world: World, tmp_path: Path
) -> None:
    """A list that equals an earlier one is written, if changes were put over that one."""
    views = {n: unit_world.view(MONDAY + n * DAY) for n in (3, 4, 5)}
    company = views[3].companies["company_id"][0]

    def named(view: Any, name: str, *, tells: bool) -> Any:
        frame = view.companies
        is_one = frame["company_id"] == company
        told = {kind: getattr(view, kind) for kind in ("contacts", "deals")}
        told |= {kind: getattr(view, kind) for kind in ("deal_stages", "deal_contacts")}
        frame = views[3].companies.replaced(
            name=text(np.where(is_one, name, views[3].companies["name"]))
        )
        if tells:
            now = np.where(is_one, moment(view.as_of), frame["updated_at"])
            frame = frame.replaced(updated_at=now)
        return fake.routes(
            SimpleNamespace(  # type: ignore[arg-type]
                company=view.company,
                events=view.events,
                hash01=view.hash01,
                companies=frame,
                **told,
            )
        )

    names = []
    with serving([]) as sandbox:
        settings = Settings(data_dir=tmp_path, sandbox_url=sandbox.url)
        for n, name, tells in ((3, "A", False), (4, "B", True), (5, "A", False)):
            sandbox.answer_with(named(views[n], name, tells=tells))
            done = ingest(hubspot, settings, as_of=MONDAY + timedelta(days=n))
            assert done.status == "fresh", done.reason
            with db.reader(settings.warehouse_path) as con:
                sql = "select name from raw_hubspot.companies where id = ?"
                names += con.execute(sql, [company]).fetchall()
    assert names == [("A",), ("B",), ("A",)]
