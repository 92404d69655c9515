"""Who is one person: links of addresses, logins and CRM contacts, over any number of steps.

Random companies are told apart by SciPy's connected components; the small cases by hand. Not
here: nights (test_nights_in_part), the simulated company's true persons (tests/stories).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from orchestration.resources import Dbt, failures
from tests.support.handmade import write_raw
from warehouse import db
from warehouse.settings import Settings

AS_OF = date(2026, 6, 30)
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
Row = dict[str, Any]
Node = tuple[str, str]  # kind and id: all in one portal and one site
Ask = Callable[[str], list[tuple[Any, ...]]]
Build = Callable[[Sequence[Row], Sequence[Row]], Ask]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Build]:
    """Contacts and events in, a question to the built warehouse out."""
    folder = Path(tmp_path_factory.mktemp("identities"))
    settings = Settings(data_dir=folder, mode="accounts", rebuild=True)
    write_raw(settings, AS_OF, {})
    dbt = Dbt(settings)

    def built(contacts: Sequence[Row], events: Sequence[Row]) -> Ask:
        rows = {"hubspot.contacts": contacts, "site_events.events": events}
        write_raw(settings, AS_OF, rows)
        wanted = "+int_journey__identities +int_journey__persons +int_journey__contacts"
        wrong = failures(dbt.build(["--select", *wanted.split()]))
        assert not wrong, wrong
        return ask

    def ask(query: str) -> list[tuple[Any, ...]]:
        with db.reader(settings.warehouse_path) as con:
            return con.execute(query).fetchall()

    yield built


def contact(
    id_: str,
    address: str | None,
    day: int = 0,
    merged: str = "",
    portal: str = "portal",
) -> Row:
    return {
        "account_id": portal,
        "id": id_,
        "email_sha256": address,
        "createdate": BEGAN + timedelta(days=day),
        "hs_merged_object_ids": merged or None,
    }


def event(
    number: int,
    visitor: str | None,
    login: str | None = None,
    address: str | None = None,
) -> Row:
    at = BEGAN + timedelta(days=30, minutes=number)
    return {
        "account_id": "site",
        "message_id": f"m{number}",
        "anonymous_id": visitor,
        "user_id": login,
        "email_sha256": address,
        "event": "identify",
        "event_at": at,
        "received_at": at,
        "file": "f",
        "row_number": number,
    }


def persons(ask: Ask) -> dict[Node, str]:
    found = ask(
        "select identity_kind, identity_id, person_key from intermediate.int_journey__identities"
    )
    return {(kind, id_): person for kind, id_, person in found}


def together(person_of: dict[Node, str]) -> set[frozenset[Node]]:
    groups = defaultdict(set)
    for node, person in person_of.items():
        groups[person].add(node)
    return {frozenset(group) for group in groups.values()}


def components(contacts: Sequence[Row], events: Sequence[Row]) -> set[frozenset[Node]]:
    """The same partition, from the same rows, by another way."""
    pairs: set[tuple[Node, Node]] = set()
    nodes: set[Node] = {("contact", row["id"]) for row in contacts}
    for row in contacts:
        here = ("contact", row["id"])
        if row["email_sha256"]:
            pairs.add((here, ("address", row["email_sha256"])))
        for other in (row["hs_merged_object_ids"] or "").split(";"):
            if other:
                pairs.add((here, ("contact", other)))
    for row in events:
        if row["user_id"] and row["email_sha256"]:
            login = ("login", row["user_id"])
            pairs.add((login, ("address", row["email_sha256"])))
    nodes |= {node for pair in pairs for node in pair}
    place = {node: i for i, node in enumerate(sorted(nodes))}
    ends = [[place[pair[side]] for pair in pairs] for side in (0, 1)]
    size = len(place)
    graph = coo_array(([1] * len(pairs), ends), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    groups = defaultdict(set)
    for node, i in place.items():
        groups[label[i]].add(node)
    return {frozenset(group) for group in groups.values()}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_persons_are_the_connected_components_of_the_links(
    build: Build, seed: int
) -> None:
    rng = Random(seed)
    swallowed = defaultdict(list)  # survivor -> those merged into it, some long gone
    for number in rng.sample(range(75), 25):
        survivor = rng.randrange(60)
        if survivor != number:
            swallowed[survivor].append(str(number))
    contacts = [
        contact(
            str(number),
            f"e{rng.randrange(70)}" if rng.random() < 0.8 else None,
            rng.randrange(40),
            ";".join(swallowed[number]),
        )
        for number in range(60)
    ]
    events = [
        event(
            number,
            f"a{rng.randrange(40)}",
            f"u{rng.randrange(40)}" if rng.random() < 0.5 else None,
            f"e{rng.randrange(90)}" if rng.random() < 0.4 else None,
        )
        for number in range(150)
    ]
    found = persons(build(contacts, events))
    expected = components(contacts, events)
    assert max(map(len, expected)) >= 8  # some are far from each other
    assert together(found) == expected


def test_a_login_joins_two_addresses_and_browsers_that_know_only_one_of_them(
    build: Build,
) -> None:
    """Ada registered with e1 (contact 1, in January), later writes with e2 and logs in as u1
    with both. Browser a1 gave e2; browser a2 only ever logged in; a3 gave e9, in no CRM; the
    server tells of u1 without a browser; a4 is nobody."""
    ask = build(
        [contact("1", "e1", day=3), contact("2", "e2", day=9)],
        [
            event(1, "a1", address="e2"),
            event(2, "a9", "u1", "e1"),
            event(3, "a9", "u1", "e2"),
            event(4, "a2", "u1"),
            event(5, "a3", address="e9"),
            event(6, None, "u1"),
            event(7, "a4"),
            event(8, "a5", "u7"),
        ],
    )
    found = ask(
        "select anonymous_id, person_key, is_identified from intermediate.int_journey__persons"
    )
    by_visitor = {visitor: (person, known) for visitor, person, known in found}
    ada = persons(ask)["contact", "1"]
    assert persons(ask)["contact", "2"] == ada
    assert [by_visitor[v] for v in ("a1", "a2", "a9", "login u1")] == [(ada, True)] * 4
    others = [by_visitor[v] for v in ("a3", "a4", "a5")]
    assert [known for _, known in others] == [True, False, True]
    assert len({ada, *(person for person, _ in others)}) == 4
    assert ask(
        "select distinct person_key from intermediate.int_journey__contacts"
    ) == [(ada,)]


def test_a_merged_chain_is_one_person_who_goes_by_the_survivors_address(
    build: Build,
) -> None:
    """4 swallowed 3, 3 had swallowed 2, 2 had swallowed 1, each with an address of its own."""
    chain = [
        contact("1", "e1", day=0),
        contact("2", "e2", day=1, merged="1"),
        contact("3", "e3", day=2, merged="2"),
        contact("4", "e4", day=3, merged="3"),
    ]
    alone = persons(build([contact("4", "e4", day=3)], []))["contact", "4"]
    found = persons(build(chain, []))
    assert set(found.values()) == {alone}
    assert len(found) == 8


@pytest.mark.parametrize("shared", ["login", "address"])
def test_what_names_many_names_nobody(build: Build, shared: str) -> None:
    """Eleven colleagues in one login; "none@none" in eleven contacts. Ten are still believed."""
    for count, is_one in ((10, True), (11, False)):
        if shared == "login":
            contacts = [contact(str(n), f"e{n}") for n in range(count)]
            events = [event(n, f"a{n}", "team", f"e{n}") for n in range(count)]
        else:
            contacts = [contact(str(n), "none") for n in range(count)]
            events = [event(0, "a0", address="none")]
        ask = build(contacts, events)
        people = {
            person for (kind, _), person in persons(ask).items() if kind == "contact"
        }
        assert len(people) == (1 if is_one else count)


def test_a_shared_browser_joins_nobody(build: Build) -> None:
    """Two people fill in forms on one computer: it is the first one's, they stay two."""
    ask = build(
        [contact("1", "e1"), contact("2", "e2")],
        [event(1, "a1", address="e1"), event(2, "a1", address="e2")],
    )
    found = persons(ask)
    assert found["contact", "1"] != found["contact", "2"]
    browser = ask("select person_key from intermediate.int_journey__persons")
    assert browser == [(found["contact", "1"],)]


def test_contacts_of_two_portals_with_one_number_are_two_people(build: Build) -> None:
    """Neither has an address to go by; the same address in both would make them one."""
    for address, people in ((None, 2), ("e1", 1)):
        portals = [contact("1", address, portal=name) for name in ("here", "there")]
        ask = build(portals, [])
        found = ask("select person_key from intermediate.int_journey__contacts")
        assert len(found) == 2
        assert len({person for (person,) in found}) == people


def test_a_contact_names_the_person_before_a_login_does(build: Build) -> None:
    """The login told e1 long before the CRM learnt of e2: the key is the CRM's."""
    known = [contact("1", "e2", day=60)]
    alone = persons(build(known, []))["contact", "1"]
    found = persons(build(known, [event(1, "b", "u", "e1"), event(2, "b", "u", "e2")]))
    assert len(found) == 4
    assert set(found.values()) == {alone}


def test_a_merge_in_one_portal_says_nothing_of_another(build: Build) -> None:
    """Contact 1 was merged away here; there it names the person, being known first."""
    there = [
        contact("1", "e1", 0, portal="there"),
        contact("2", "e2", 5, portal="there"),
    ]
    here = contact("9", None, merged="1", portal="here")
    alone = persons(build(there[:1], []))["address", "e1"]
    logins = [event(1, "b", "u", "e1"), event(2, "b", "u", "e2")]
    found = persons(build([*there, here], logins))
    assert found["address", "e1"] == found["address", "e2"] == alone
