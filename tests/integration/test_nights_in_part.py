"""Tables that a night changes in part equal a full build, row for row, every night.

A full build is the model's own SQL over all that lies there that night. Not here: what the
rows should say (test_kpis_by_hand, the stories); what a night costs (benchmarks.journeys).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
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
    "intermediate.int_journey__touches",
    "intermediate.int_journey__paths",
)
EVERYTHING = "+int_journey__paths"
TABLES = " ".join(
    f"+int_journey__paths,config.materialized:{kind}" for kind in ("table", "nightly")
)
SEEDS = range(4)
NIGHTS = 9


@dataclass
class Journeys:
    """A warehouse of one company, and the SQL of its models as dbt compiled it."""

    settings: Settings
    dbt: Dbt
    sql: dict[str, str] = field(default_factory=dict)

    def build(self, select: str, *, is_full: bool = False) -> None:
        result = self.dbt.build(select.split(), full_refresh=is_full, tests=False)
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

    def ask(self, query: str) -> list[tuple[object, ...]]:
        with db.reader(self.settings.warehouse_path) as con:
            return con.execute(query).fetchall()


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Journeys:
    """The models, read once for all companies."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("nights"), mode="accounts")
    return Journeys(settings, Dbt(settings))


@pytest.fixture
def journeys(parsed: Journeys) -> Iterator[Journeys]:
    """An empty warehouse."""
    yield parsed
    parsed.settings.warehouse_path.unlink()


@pytest.mark.parametrize("seed", SEEDS)
def test_every_night_equals_a_full_build_whatever_it_brings(
    journeys: Journeys, seed: int
) -> None:
    company = Company(Random(seed))
    company.a_day_passes()
    company.write(journeys.settings)
    journeys.build(EVERYTHING)
    for _ in range(NIGHTS):
        done = company.night()
        company.write(journeys.settings)
        if company.rng.random() < 0.3:  # broken off after some of the models
            upto = company.rng.choice(CHAIN[:-1]).split(".")[1]
            done += [f"broken off after {upto}", *company.night()]
            journeys.build(f"+{upto},config.materialized:nightly")
            company.write(journeys.settings)
        journeys.build(TABLES)
        assert not journeys.differences(), done
