"""Rows put over a list that is known: those of some values, the others stay as they are.

For lists read by what changed (Batch.patches). Past dlt, as files are (bulk.py): all tables of a
source in one transaction. Not here: lists that came whole, windows (pipeline.py).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from warehouse import db
from warehouse.layout import raw
from warehouse.settings import Settings

# In place of a list's digest: the next whole list is compared with nothing, and written.
PATCHED = "patched"


@dataclass(frozen=True, slots=True)
class Patch:
    """Whose rows are replaced: those of the account with one of a column's values."""

    account_id: str
    values: Mapping[str, Collection[str]]


def put_over(
    settings: Settings,
    source: str,
    tables: Mapping[str, Sequence[pa.Table]],
    patches: Mapping[str, Sequence[Patch]],
    load_id: str,
) -> None:
    """The rows of `tables` in place of those that their `patches` name.

    Their digests go with them: a kill right after it leaves none of the list before.
    """
    with db.loading(settings.warehouse_path) as con:
        con.execute("begin")
        try:
            is_recorded = "loaded_lists" in db.tables(con, "meta")
            for name, rows in tables.items():
                coming = pa.concat_tables(rows, promote_options="default")
                put(con, f"{raw(source)}.{name}", coming, patches[name], load_id)
                if is_recorded:
                    con.execute(
                        "update meta.loaded_lists set digest = ? "
                        "where source = ? and table_name = ?",
                        [PATCHED, source, name],
                    )
        except BaseException:
            con.execute("rollback")
            raise
        con.execute("commit")


def put(
    con: Any, table: str, coming: pa.Table, patches: Sequence[Patch], load_id: str
) -> None:
    """One table, inside the caller's transaction."""
    known = {name for name, *_ in con.execute(f"describe {table}").fetchall()}
    for column in coming.column_names:
        if column not in known:  # no columns.py names it: kept, as text
            con.execute(f'alter table {table} add column "{column}" varchar')
    for patch in patches:
        for column, values in patch.values.items():
            con.execute(
                f'delete from {table} where account_id = ? and "{column}" in '
                "(select unnest(?::varchar[]))",
                [patch.account_id, list(values)],
            )
    con.execute(
        f"insert into {table} by name select *, ? as _dlt_load_id from coming",
        [load_id],
    )
