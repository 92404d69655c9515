"""A warehouse whose raw rows a test wrote by hand, taken through every later verb."""

from collections.abc import Mapping, Sequence
from datetime import date
from time import time_ns
from typing import Any

import pyarrow as pa

from ingestion.cast import cast
from ingestion.clock import CLOCK_TABLE
from ingestion.records import META_TABLES
from ingestion.registry import sources
from orchestration.assets.transform import SELECT
from orchestration.keys import PREPARE, SERVE
from orchestration.resources import Dbt, failures
from warehouse import db
from warehouse.attribution import run as attribution
from warehouse.incrementality import catalogue
from warehouse.layout import raw
from warehouse.learning import run as learning
from warehouse.settings import Settings

Rows = Mapping[str, Sequence[Mapping[str, Any]]]  # "source.table" -> rows


def write_raw(
    settings: Settings, as_of: date, rows: Rows, *, others_stay: bool = False
) -> None:
    """Every raw table of every source, typed by its columns; those not named are empty.

    Each call is a load of its own: tables that go by load ids see that rows are others.
    """
    load_id = f"{time_ns()}"
    with db.writer(settings.warehouse_path) as con:
        con.execute(META_TABLES)
        con.execute(CLOCK_TABLE, [as_of, "accounts", False, "handmade"])
        for name, source in sources().items():
            con.execute(f"create schema if not exists {raw(name)}")
            for table in source.SPEC.tables:
                if others_stay and f"{name}.{table.name}" not in rows:
                    continue
                given = [dict(row) for row in rows.get(f"{name}.{table.name}", ())]
                done = cast(table, given)
                assert not done.rejected, done.rejected
                assert not done.new_columns, done.new_columns
                loads = pa.array([load_id] * done.rows.num_rows, pa.string())
                db.replace_table(
                    con,
                    f"{raw(name)}.{table.name}",
                    done.rows.append_column("_dlt_load_id", loads),
                )


def refresh(settings: Settings, as_of: date) -> None:
    """prepare, attribute, learn, serve; fails the test with dbt's own messages."""
    dbt = Dbt(settings)
    wrong = failures(dbt.build(SELECT[PREPARE].split()))
    assert not wrong, wrong
    with db.writer(settings.warehouse_path) as con:
        catalogue.refresh(con, as_of=as_of)
        attribution.refresh(con, as_of=as_of)
        learning.refresh(con, as_of=as_of)
    wrong = failures(dbt.build(SELECT[SERVE].split()))
    assert not wrong, wrong
