"""A run loads several sources at a time: nothing may depend on who came first."""

import shutil
from pathlib import Path

import duckdb

from ingestion.clock import read_clock, set_clock
from ingestion.ingest import ingest
from ingestion.registry import sources
from tests.support.house import House
from warehouse import db
from warehouse.settings import Settings

# What a load writes, without the ids that it got and what the run adds.
LOADED = """
select schema_name, table_name,
    list(column_name order by column_index) filter (not contains(column_name, 'load_id'))
from duckdb_columns()
where (starts_with(schema_name, 'raw_') and not starts_with(table_name, '_dlt'))
    or schema_name || '.' || table_name in (
        'meta.watermarks', 'meta.source_status', 'meta.loaded_files',
        'meta.loaded_lists', 'quarantine.rows'
    )
group by all
"""


def loaded(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with duckdb.connect(str(path), read_only=True) as con:
        return {
            f"{schema}.{table}": con.execute(
                f"select {', '.join(columns)} from {schema}.{table} order by all"
            ).fetchall()
            for schema, table, columns in con.execute(LOADED).fetchall()
        }


def test_sources_loaded_side_by_side_are_as_if_loaded_one_by_one(
    first: House, tmp_path: Path
) -> None:
    assert first.settings.loads_at_once > 1
    alone = Settings(
        data_dir=tmp_path,
        scenario=first.settings.scenario,
        sandbox_url=first.sandbox.url,
    )
    shutil.copytree(first.settings.sandbox_dir, alone.sandbox_dir)
    set_clock(alone, advance_days=0)
    as_of = read_clock(alone)
    assert as_of == read_clock(first.settings)
    with db.held(alone.warehouse_path):
        for source in sources().values():
            ingest(source, alone, as_of=as_of)
    wanted = loaded(alone.warehouse_path)
    assert sum(map(len, wanted.values())) > 10_000
    assert loaded(first.settings.warehouse_path) == wanted
