"""Which models and tests are due: those that would be made of something else than before.

The digest of a model or test is that of its code and of all that it reads, down to the
rows of the raw tables. What was made, or tested and passed, is remembered with its digest
in `meta.built`; forgotten before dbt begins and remembered after it has ended, so that a
killed run makes again what it may have touched (docs/decisions/0010).
Not here: dbt's run, the events that come of it.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

import duckdb
import pyarrow as pa
from dbt.artifacts.resources.types import NodeType
from dbt.contracts.graph.manifest import Manifest

from warehouse.db import table_exists

BUILT = """
create schema if not exists meta;
create table if not exists meta.built (node varchar, digest varchar)
"""


@dataclass
class Digests:
    """The digests of today; one for a group, as long as nobody writes what it reads."""

    manifest: Manifest
    project: str  # see project_digest
    con: duckdb.DuckDBPyConnection
    _known: dict[tuple[str, bool], str] = field(default_factory=dict)

    def of(self, node: str) -> str:
        """A view is what it says; a table or a test also what it was made of."""
        kind = self.manifest.nodes[node].config.materialized
        return self._digest(node, with_rows=kind != "view")

    def has(self, node: str) -> bool:
        """Whether what was made is there; of a test nothing remains."""
        made = self.manifest.nodes[node]
        is_test = made.resource_type is NodeType.Test
        return is_test or (made.schema, made.alias) in self._columns

    def _digest(self, name: str, *, with_rows: bool) -> str:
        found = self._known.get((name, with_rows))
        if found is None:
            found = (
                self._raw(name, with_rows=with_rows)
                if name in self.manifest.sources
                else self._made(name, with_rows=with_rows)
            )
            self._known[name, with_rows] = found
        return found

    def _made(self, name: str, *, with_rows: bool) -> str:
        node = self.manifest.nodes[name]
        reads = sorted(set(node.depends_on_nodes))
        return _hashed(
            self.project,
            node.relation_name,
            node.checksum.checksum,
            node.raw_code,
            node.config.to_dict(),
            [(column.name, column.data_type) for column in node.columns.values()],
            [self._digest(each, with_rows=with_rows) for each in reads],
        )

    def _raw(self, name: str, *, with_rows: bool) -> str:
        source = self.manifest.sources[name]
        table = (source.schema, source.identifier)
        columns = self._columns.get(table)
        if not with_rows or columns is None:
            return _hashed(columns)
        query = f"select count(*), sum(hash(t)) from {table[0]}.{table[1]} as t"
        return _hashed(columns, self.con.execute(query).fetchone())

    @cached_property
    def _columns(self) -> Mapping[tuple[str, str], str]:
        """Of every table and view, its columns with their types."""
        found = self.con.execute(
            "select schema_name, table_name, "
            "string_agg(column_name || ' ' || data_type, ', ' order by column_index) "
            "from duckdb_columns() where database_name = current_database() "
            "group by all"
        ).fetchall()
        return {(schema, table): columns for schema, table, columns in found}


def project_digest(manifest: Manifest, folder: Path) -> str:
    """What every model and test is made with: macros, variables, profile, versions."""
    return _hashed(
        [version(each) for each in ("dbt-core", "dbt-duckdb", "duckdb")],
        [(folder / each).read_text() for each in ("dbt_project.yml", "profiles.yml")],
        sorted(
            (name, macro.macro_sql)
            for name, macro in manifest.macros.items()
            if macro.package_name == manifest.metadata.project_name
        ),
    )


def due(
    con: duckdb.DuckDBPyConnection,
    nodes: Collection[str],
    today: Digests,
    *,
    rebuild: bool = False,
) -> Mapping[str, str]:
    """Those that were made of something else, with their digests; with `rebuild` all."""
    built: dict[str, str] = {}
    if table_exists(con, "meta", "built"):
        built = dict(con.execute("select node, digest from meta.built").fetchall())
    digests = {node: today.of(node) for node in nodes}
    return {
        node: digest
        for node, digest in digests.items()
        if rebuild or built.get(node) != digest or not today.has(node)
    }


def forget(con: duckdb.DuckDBPyConnection, nodes: Collection[str]) -> None:
    """Called before dbt begins: until it has ended, nothing says that they are made."""
    con.execute(BUILT)
    con.execute("delete from meta.built where node in (select unnest(?))", [[*nodes]])


def remember(con: duckdb.DuckDBPyConnection, digests: Mapping[str, str]) -> None:
    """Called when dbt has ended, with what was made, or tested and passed."""
    rows = pa.table({"node": [*digests], "digest": [*digests.values()]})  # noqa: F841
    con.execute("insert into meta.built select node, digest from rows")


def _hashed(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()
