"""What a night makes again, on a project of three models over one raw table.

visits (raw) -> stg_visits (view) -> visits_daily (table) -> days (table); a test on each.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orchestration import resources
from orchestration.resources import Dbt, failures
from warehouse import db
from warehouse.settings import Settings

PROJECT = {
    "dbt_project.yml": """
name: playhead
version: "1.0.0"
profile: playhead
flags: {send_anonymous_usage_stats: false}
models: {playhead: {+materialized: table}}
""",
    "profiles.yml": """
playhead:
  target: warehouse
  outputs:
    warehouse: {type: duckdb, path: "{{ env_var('PLAYHEAD_WAREHOUSE') }}"}
""",
    "models/stg_visits.sql": """
{{ config(materialized='view') }} select * from {{ source('raw_site', 'visits') }}
""",
    "models/visits_daily.sql": """
select day, count(*) as visits from {{ ref('stg_visits') }} group by day
""",
    "models/days.sql": "select distinct day from {{ ref('visits_daily') }}",
    "models/models.yml": """
sources: [{name: raw_site, schema: raw_site, tables: [{name: visits}]}]
models:
  - {name: stg_visits, columns: [{name: day, data_tests: [not_null]}]}
  - {name: visits_daily, columns: [{name: day, data_tests: [unique]}]}
""",
}
VIEW, DAILY, DAYS = "stg_visits", "visits_daily", "days"
NOT_NULL, UNIQUE = "not_null_stg_visits_day", "unique_visits_daily_day"
EVERYTHING = {VIEW, DAILY, DAYS, NOT_NULL, UNIQUE}


class Site:
    """The project beside its warehouse; `night` is what one run makes again."""

    def __init__(self, folder: Path) -> None:
        class Here(Settings):
            @property
            def dbt_dir(self) -> Path:
                return folder / "project"

        self.settings = Here(data_dir=folder / "data")
        for name, text in PROJECT.items():
            self.write(name, text)
        self.sql("create schema raw_site")
        self.sql(
            "create table raw_site.visits as select 1 as visit, date '2026-06-01' as day"
        )

    def write(self, name: str, text: str) -> None:
        path = self.settings.dbt_dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        resources._parsed.cache_clear()

    def sql(self, statement: str) -> list[Any]:
        with db.writer(self.settings.warehouse_path) as con:
            return con.execute(statement).fetchall()

    def refresh(self) -> resources.Refreshed:
        self.settings.logs_dir.mkdir(parents=True, exist_ok=True)
        dbt = Dbt(self.settings)
        return dbt.refresh(set(dbt.parse().nodes))

    def night(self) -> set[str]:
        done = self.refresh()
        made = {each.node.name for each in done.results}
        unchanged = {name.split(".")[2] for name in done.unchanged}
        assert made.isdisjoint(unchanged)
        assert made | unchanged == EVERYTHING
        assert not failures(done)
        return made


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(tmp_path)
    assert made.night() == EVERYTHING
    return made


def test_nothing_is_made_again_of_the_same_rows(site: Site) -> None:
    assert site.night() == set()


@pytest.mark.parametrize(
    "change",
    [
        "insert into raw_site.visits values (2, date '2026-06-02')",
        "update raw_site.visits set visit = 7",
        "delete from raw_site.visits",
    ],
)
def test_new_rows_are_counted_and_tested_and_views_stay(
    site: Site, change: str
) -> None:
    site.sql(change)
    assert site.night() == EVERYTHING - {VIEW}
    assert site.night() == set()
    expected = site.sql("select day, count(*) from raw_site.visits group by day")
    assert site.sql("from main.visits_daily") == expected


def test_view_is_made_again_when_a_platform_sends_another_column(site: Site) -> None:
    site.sql("alter table raw_site.visits add column country varchar")
    assert site.night() == EVERYTHING
    assert site.sql("select country from main.stg_visits") == [(None,)]


def test_changed_model_is_made_again_with_all_that_reads_it(site: Site) -> None:
    text = PROJECT["models/visits_daily.sql"].replace("count(*)", "2 * count(*)")
    site.write("models/visits_daily.sql", text)
    assert site.night() == {DAILY, DAYS, UNIQUE}
    assert site.sql("select visits from main.visits_daily") == [(2,)]


def test_changed_macro_makes_all_again(site: Site) -> None:
    site.write("macros/nothing.sql", "{% macro nothing() %}{% endmacro %}")
    assert site.night() == EVERYTHING


def test_what_somebody_dropped_is_made_again(site: Site) -> None:
    site.sql("drop table main.visits_daily")
    assert site.night() == {DAILY}


@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
def test_night_that_was_killed_is_made_again_whole(
    site: Site, monkeypatch: pytest.MonkeyPatch, is_done: bool
) -> None:
    """Killed before dbt's first word or after its last: neither was written down."""
    build: Callable[..., Any] = Dbt.build

    def killed(self: Dbt, select: Any, **more: Any) -> Any:
        if is_done:
            build(self, select, **more)
        raise KeyboardInterrupt

    site.sql("insert into raw_site.visits values (2, date '2026-06-02')")
    with monkeypatch.context() as patched:
        patched.setattr(Dbt, "build", killed)
        with pytest.raises(KeyboardInterrupt):
            site.refresh()
    # not even where the platform takes its rows back: the tables may hold the new ones
    site.sql("delete from raw_site.visits where visit = 2")
    assert site.night() == EVERYTHING - {VIEW}
    assert site.sql("select count(*) from main.visits_daily") == [(1,)]


def test_failed_test_fails_again_and_holds_back_what_reads_the_model(
    site: Site,
) -> None:
    site.sql("insert into raw_site.visits values (2, null)")
    for _ in range(2):
        done = site.refresh()
        assert set(failures(done)) == {NOT_NULL}
        skipped = {e.node.name for e in done.results if str(e.status) == "skipped"}
        assert skipped >= {DAILY, DAYS}
    assert site.sql("select count(*) from main.days") == [(1,)]
    site.sql("delete from raw_site.visits where day is null")
    assert site.night() == EVERYTHING - {VIEW}


def test_what_failed_or_was_held_back_is_unfinished_until_it_passes(site: Site) -> None:
    assert Dbt(site.settings).unfinished() == []
    site.sql("insert into raw_site.visits values (2, null)")
    site.refresh()
    held_back = sorted([NOT_NULL, DAILY, DAYS, UNIQUE])
    assert Dbt(site.settings).unfinished() == held_back
    site.sql("delete from raw_site.visits where day is null")
    assert (
        Dbt(site.settings).unfinished() == held_back
    )  # made of the first rows, or not?
    site.refresh()
    assert Dbt(site.settings).unfinished() == []


def test_a_warning_holds_nothing_up(site: Site) -> None:
    text = PROJECT["models/models.yml"].replace(
        "data_tests: [not_null]", "data_tests: [{not_null: {config: {severity: warn}}}]"
    )
    site.write("models/models.yml", text)
    site.sql("insert into raw_site.visits values (2, null)")
    site.refresh()
    assert Dbt(site.settings).unfinished() == []
