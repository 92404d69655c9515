"""Which visits are compared: those a lead came about in, beside visits of people who are none."""

from datetime import datetime, timedelta

import duckdb
import pytest

from tests.unit.attribution.conftest import TABLES
from warehouse.attribution.queries import sql

NOON = datetime.fromisoformat("2026-03-01T12:00")
Row = tuple[str | None, str, str, datetime]  # lead, browser, channel, moment


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute(TABLES)
    con.execute(
        "create temp table nightly_leads "
        "(conversion_id varchar, person_key varchar, converted_at timestamp)"
    )
    return con


def visit(
    con: duckdb.DuckDBPyConnection,
    browser: str,
    hours: float,
    channel: str = "meta",
    tag: str | None = None,
) -> None:
    """A visit so many hours after noon."""
    ((number,),) = con.execute(
        "select count(*) from intermediate.int_journey__visits"
    ).fetchall()
    con.execute(
        "insert into intermediate.int_journey__visits "
        "(account_id, visit_id, anonymous_id, visited_at, utm_content, channel) "
        "values ('site', ?, ?, ?, ?, ?)",
        [f"v{number}", browser, NOON + timedelta(hours=hours), tag, channel],
    )


def belongs(con: duckdb.DuckDBPyConnection, browser: str, person: str) -> None:
    con.execute(
        "insert into intermediate.int_journey__persons values ('site', ?, ?, ?)",
        [browser, browser, person],
    )


def lead(con: duckdb.DuckDBPyConnection, person: str, hours: float = 0) -> None:
    at = NOON + timedelta(hours=hours)
    con.execute(
        "insert into nightly_leads values (?, ?, ?)", [f"lead {person}", person, at]
    )
    con.execute(
        "insert into intermediate.int_journey__leads values (?, ?, null)", [person, at]
    )


def moments(con: duckdb.DuckDBPyConnection, most: int = 1_000) -> list[Row]:
    return con.execute(
        "select conversion_id, visitor_key, channel, happened_at "
        f"from ({sql('nightly/moments')}) order by happened_at",
        {"most": most},
    ).fetchall()


def test_a_lead_came_about_in_the_last_visit_of_the_hour_before(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """Of Ada's visits at 9:00, 11:15 on her desk and 11:30 on her telephone the last; Bob was
    last there 61 minutes before, Cleo came afterwards: nobody saw how they came about."""
    for browser, person in (
        ("desk", "ada"),
        ("phone", "ada"),
        ("b", "bob"),
        ("c", "cleo"),
    ):
        belongs(con, browser, person)
    for person in ("ada", "bob", "cleo"):
        lead(con, person)
    visit(con, "desk", -3)
    visit(con, "desk", -0.75)
    visit(con, "phone", -0.5, "email")
    visit(con, "b", -61 / 60)
    visit(con, "c", 0.1)
    ended = [row for row in moments(con) if row[0]]
    assert ended == [("lead ada", "phone", "email", NOON)]


def test_the_others_are_visits_of_people_who_are_no_leads_yet(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """From the first lead on (noon): Dan's visit counts, and Eve's before she became a lead,
    not the one after it; what was before noon does not."""
    for browser, person in (("a", "ada"), ("d", "dan"), ("e", "eve")):
        belongs(con, browser, person)
    lead(con, "ada")
    lead(con, "eve", hours=48)
    visit(con, "d", -5)
    visit(con, "d", 5)
    visit(con, "e", 6)
    visit(con, "e", 72)
    found = [(browser, at) for lead, browser, _, at in moments(con) if lead is None]
    assert found == [
        ("d", NOON + timedelta(hours=5)),
        ("e", NOON + timedelta(hours=6)),
    ]


def test_a_tab_that_is_opened_again_is_a_return_and_no_click(
    con: duckdb.DuckDBPyConnection,
) -> None:
    belongs(con, "a", "ada")
    belongs(con, "d", "dan")
    lead(con, "ada")
    for hours in (1, 30):
        visit(con, "d", hours, "meta", tag="ph-1")
    visit(con, "d", 40, "meta", tag="ph-2")
    assert [channel for _, _, channel, _ in moments(con)] == ["meta", "direct", "meta"]


def test_a_sample_stands_for_all(con: duckdb.DuckDBPyConnection) -> None:
    """Forty visits, ten kept: each counts for four, and the same ten every night."""
    belongs(con, "a", "ada")
    belongs(con, "d", "dan")
    lead(con, "ada")
    for hours in range(1, 41):
        visit(con, "d", hours)
    kept = moments(con, most=10)
    weights = con.execute(
        f"select weight, count(*) from ({sql('nightly/moments')}) group by all",
        {"most": 10},
    ).fetchall()
    assert weights == [(4.0, 10)]
    assert moments(con, most=10) == kept
