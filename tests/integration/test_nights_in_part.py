"""Tables that a night changes in part equal a full build, row for row, every night.

A full build is the model's own SQL over all that lies there that night. Not here: what the
rows should say (test_kpis_by_hand, the stories); what a night costs (benchmarks.journeys).
"""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import pytest

from orchestration.resources import Dbt, failures
from tests.support.evenings import Company
from warehouse import db
from warehouse.settings import Settings

CHAIN = (
    "staging.stg_site_events__events",
    "intermediate.int_journey__persons",
    "intermediate.int_journey__visits",
    "intermediate.int_journey__site_views",
    "intermediate.int_journey__site_video_performance_daily",
    "intermediate.int_journey__touches",
    "intermediate.int_journey__paths",
)
EVERYTHING = "+int_journey__paths"
# Without what only reads platforms: no night here tells anything of them.
NIGHT = (
    f"{EVERYTHING},fqn:playhead.intermediate.journey stg_site_events__events "
    "int_assets__matched_objects int_assets__placements"
)
TOUCHES = "intermediate.int_journey__touches"
HASH = "hash({{ text }})"


@dataclass
class Journeys:
    """A warehouse of one company, and the SQL of its models as dbt compiled it."""

    settings: Settings
    dbt: Dbt
    sql: dict[str, str] = field(default_factory=dict)

    def build(self, select: str, *, is_full: bool = False) -> None:
        dbt = replace(self.dbt, settings=replace(self.settings, rebuild=is_full))
        result = dbt.build(select.split(), tests=False)
        assert not failures(result), failures(result)
        for each in result.results:
            self.sql[each.node.name] = getattr(each.node, "compiled_code", "")

    def differences(self) -> Mapping[str, tuple[int, int]]:
        """Table -> rows it lacks, rows it should not have; equal ones are left out."""
        found = {}
        with db.reader(self.settings.warehouse_path) as con:
            for table in CHAIN:
                full = f"({self.sql[table.split('.')[1]]})"
                missing, extra = (
                    con.execute(
                        f"select count(*) from (from {one} except all from {other})"
                    ).fetchall()[0][0]
                    for one, other in ((full, table), (table, full))
                )
                if missing or extra:
                    found[table] = (missing, extra)
        return found

    def change(self, statement: str) -> None:
        with db.writer(self.settings.warehouse_path) as con:
            con.execute(statement)

    def ask(self, query: str) -> list[tuple[object, ...]]:
        with db.reader(self.settings.warehouse_path) as con:
            return con.execute(query).fetchall()


class Copied(Settings):
    """With a project of its own."""

    @property
    def dbt_dir(self) -> Path:
        return self.data_dir / "project"


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Journeys:
    """The models, read once for all companies; a quarter of all keys share a hash."""
    folder = tmp_path_factory.mktemp("nights")
    settings = Copied(data_dir=folder, mode="accounts")
    shutil.copytree(Settings(folder).dbt_dir, settings.dbt_dir)
    macros = settings.dbt_dir / "macros" / "nightly.sql"
    assert macros.read_text().count(HASH) == 1
    macros.write_text(macros.read_text().replace(HASH, f"{HASH} & 3"))
    return Journeys(settings, Dbt(settings))


@pytest.fixture
def journeys(parsed: Journeys) -> Iterator[Journeys]:
    """An empty warehouse."""
    yield parsed
    parsed.settings.warehouse_path.unlink()


def begun(journeys: Journeys, seed: int, *, has_mailings: bool = True) -> Company:
    """A company with a past, its journey built whole."""
    company = Company(Random(seed))
    company.years()
    if not has_mailings:  # each load of the list is a change: touches name theirs
        company.clicks.clear()
    company.write(journeys.settings)
    journeys.build(EVERYTHING)
    return company


def test_each_change_alone_equals_a_full_build(journeys: Journeys) -> None:
    company = begun(journeys, 1)
    wrong = {}
    for change in company.changes():
        change()
        company.write(journeys.settings)
        journeys.build(NIGHT)
        if found := journeys.differences():
            wrong[change.__name__] = found
    assert not wrong


@pytest.mark.parametrize("seed", [2, 3])
def test_nights_equal_a_full_build_whatever_they_bring(
    journeys: Journeys, seed: int
) -> None:
    company = begun(journeys, seed)
    for number in range(4):
        done = company.night()
        company.write(journeys.settings)
        if number % 2:  # one model alone, or broken off after some of them
            one = company.rng.choice(CHAIN).split(".")[1]
            before = company.rng.choice(("", "+"))
            journeys.build(f"{before}{one},config.materialized:nightly")
            done += [f"built {before}{one}", *company.night()]
            company.write(journeys.settings)
        journeys.build(NIGHT)
        assert not journeys.differences(), done


def test_a_night_makes_again_the_touched_person_alone(journeys: Journeys) -> None:
    company = begun(journeys, 4, has_mailings=False)
    person, visitor, site = journeys.ask(
        "select person_key, min(anonymous_id), min(account_id) "
        "from intermediate.int_journey__persons group by 1 having count(*) = 1 "
        "order by 1 limit 1"
    )[0]
    rows = f"from {TOUCHES} where person_key <> '{person}' order by all"
    others = journeys.ask(rows)
    late = {"event": "page", "anonymous_id": visitor, "account_id": site}
    late |= dict.fromkeys(("email_sha256", "deal_ref", "utm_content", "click_id"))
    late |= {"user_agent": "Firefox/143.0"}
    company.files[str(site), "late"] = [company.event_ago(3) | late]
    company.changed_files.add((str(site), "late"))
    company.write(journeys.settings)
    journeys.build(NIGHT)
    told = "select distinct person_key from journal.int_journey__touches"
    assert journeys.ask(told) == [(person,)]
    assert others and journeys.ask(rows) == others
    assert not journeys.differences()


@pytest.mark.parametrize("is_full", [False, True])
def test_a_table_is_built_whole_where_its_code_changed_or_it_is_asked_for(
    journeys: Journeys, is_full: bool
) -> None:
    begun(journeys, 5)
    journeys.change(f"update {TOUCHES} set channel = 'elsewhere'")
    journeys.build(NIGHT)
    # nobody was touched, so all of them stay wrong, and no path hears of it
    assert set(journeys.differences()) == {TOUCHES, "intermediate.int_journey__paths"}
    if not is_full:
        journeys.change(
            f"comment on table {TOUCHES} is "
            """'{"code": "of yesterday", "batches": [1], "reads": {}}'"""
        )
    journeys.build(NIGHT, is_full=is_full)
    assert not journeys.differences()


def test_a_night_that_fails_leaves_its_table_and_is_made_up_for(
    journeys: Journeys,
) -> None:
    company = begun(journeys, 6)
    before = journeys.ask(f"from {TOUCHES} order by all")
    company.a_day_passes()
    company.write(journeys.settings)
    journeys.change("alter table journal.int_journey__touches rename since to then_")
    with pytest.raises(AssertionError, match="since"):
        journeys.build(NIGHT)
    assert journeys.ask(f"from {TOUCHES} order by all") == before
    journeys.change("alter table journal.int_journey__touches rename then_ to since")
    journeys.build(NIGHT)
    assert not journeys.differences()
    assert journeys.ask(f"from {TOUCHES} order by all") != before


def test_a_play_told_long_after_is_no_second_view_of_the_room_it_was_in(
    journeys: Journeys,
) -> None:
    company = begun(journeys, 7)
    day = company.event_ago(60)
    site = str(day["account_id"])
    in_room = day | {
        **{
            "anonymous_id": "guest",
            "user_agent": "Firefox/143.0",
            "email_sha256": None,
        },
        **{"video_ref": "v1-1", "deal_ref": "d1", "player_session_id": None},
    }
    morning = day["event_at"].replace(hour=8)
    told = {
        "opened": {"event": "sales_room_view", "event_at": morning},
        "played": {"event": "video_start", "event_at": morning.replace(hour=10)},
    }
    views = []
    for name, more in told.items():
        company.a_day_passes()
        row = in_room | more | {"message_id": name, "received_at": more["event_at"]}
        company.files[site, name] = [row]
        company.changed_files.add((site, name))
        company.write(journeys.settings)
        journeys.build(NIGHT)
        assert not journeys.differences()
        views += journeys.ask(
            "select view_id from intermediate.int_journey__site_views "
            "where view_id in ('opened', 'played')"
        )
    assert views == [("opened",), ("played",)]
