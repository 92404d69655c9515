"""A quick stand-in for dlt: the same typed rows, the same replaced rows, one transaction.

Hundreds of faulty nights are loaded through it; that it leaves the very tables that dlt
leaves is a test of its own for each source (tests/faults).
"""

from collections.abc import Iterator, Mapping

import pyarrow as pa

from ingestion import patches, pipeline
from ingestion.pipeline import Loaded, scope
from ingestion.source import Ask, Batch
from ingestion.spec import SourceSpec, Table
from warehouse import db
from warehouse.layout import raw
from warehouse.settings import Settings


def load(
    spec: SourceSpec,
    settings: Settings,
    batches: Mapping[str, Iterator[Batch]],
    ask: Ask,
    known: Mapping[str, Mapping[str, int]],
    lists: Mapping[str, str] | None = None,
) -> Loaded:
    """As `ingestion.pipeline.load`."""
    loaded = Loaded(spec.name, load_id="1")
    typed: list[tuple[Table, pa.Table]] = []
    for table in spec.tables:
        fetched = batches.get(table.name)
        if fetched is None and table.name in known:
            continue
        rows = pipeline._typed(
            spec,
            table,
            fetched or iter(()),
            known.get(table.name, {}),
            loaded,
            accept_shrink=settings.accept_shrink,
        )
        typed.append((table, pa.concat_tables(rows, promote_options="default")))
    with db.writer(settings.warehouse_path) as con:
        con.execute("begin")
        con.execute(f"create schema if not exists {raw(spec.name)}")
        for table, rows in typed:
            name = f"{raw(spec.name)}.{table.name}"
            con.register("coming", rows)
            con.execute(
                f"create table if not exists {name} as "
                "select *, '' as _dlt_load_id from coming limit 0"
            )
            there = {row[0] for row in con.execute(f"describe {name}").fetchall()}
            for column in set(rows.column_names) - there:
                con.execute(f'alter table {name} add column "{column}" varchar')
            if table.name in loaded.patches:
                loaded.lists[table.name] = patches.PATCHED
                told = loaded.patches[table.name]
                patches.put(con, name, rows, told, loaded.load_id)
            elif table.name in batches:
                if table.is_list:
                    loaded.lists[table.name] = "whole"
                where = scope(table, ask)
                keys = ", ".join(table.replaced_by)
                same = f"({keys}) in (select {keys} from coming)"
                con.execute(f"delete from {name} where {_plain(where) or same}")
                con.execute(f"insert into {name} by name select * from coming")
            con.unregister("coming")
        con.execute("commit")
    return loaded


def _plain(where: str | None) -> str | None:
    """dlt formats the predicate: braces are written twice for it."""
    return where and where.replace("{{", "{").replace("}}", "}")
