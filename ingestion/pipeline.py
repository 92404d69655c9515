"""The only dlt pipeline: typed batches -> raw tables, whole windows in one transaction.

dlt's delete-insert merge takes a predicate for the rows it replaces (destination scope):
the account's days of the window, or the account's list. A day that the platform emptied is
emptied here, and a killed load heals at the next re-read (docs/decisions/0002).
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import dlt
import duckdb
import pyarrow as pa
from dlt.common.destination import DestinationCapabilitiesContext
from dlt.destinations import duckdb as duckdb_destination

from ingestion.bulk import into
from ingestion.cast import arrow_schema, cast
from ingestion.errors import AnswerUnreadable, ShrunkenList
from ingestion.patches import PATCHED, Patch, put_over
from ingestion.source import Ask, Batch, Rejected
from ingestion.spec import SourceSpec, Table
from warehouse import db
from warehouse.layout import raw
from warehouse.settings import Settings, quiet

KEPT_SHARE = 0.8  # a list that shrinks below this is refused
SMALL_LIST = 10  # lists up to this size may shrink as they like


@dataclass(slots=True)
class Loaded:
    """What a load did, per table."""

    source: str
    rows: dict[str, int] = field(default_factory=dict)
    rejected: dict[str, list[tuple[str, Rejected]]] = field(default_factory=dict)
    new_columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    wheres: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    files: dict[str, set[str]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)  # table -> digest of its rows
    patches: dict[str, list[Patch]] = field(default_factory=dict)
    load_id: str = ""

    @property
    def quarantined(self) -> int:
        return sum(len(rows) for rows in self.rejected.values())


def literal(text: str) -> str:
    return "'" + text.replace("'", "''").replace("{", "{{").replace("}", "}}") + "'"


def scope(table: Table, ask: Ask) -> str | None:
    """The rows a load of `table` replaces, as a predicate; None for keyed tables."""
    if table.name in ask.replaces:
        return ask.replaces[table.name]
    accounts = ", ".join(literal(account) for account in ask.accounts) or "''"
    if table.is_list:
        return f"account_id in ({accounts})"
    if table.is_window:
        day = table.window_column
        return (
            f"account_id in ({accounts}) and {day} >= date '{ask.window.start}' "
            f"and {day} < date '{ask.window.end}'"
        )
    return None


def _hints(table: Table, ask: Ask | None) -> dict[str, Any]:
    """How dlt writes a table; one that nobody asked for is only made, never touched."""
    if ask is None:
        # dlt remembers the predicate of the last load: a merge would delete by it
        return {"write_disposition": "append"}
    merge: dict[str, Any] = {"disposition": "merge", "strategy": "delete-insert"}
    where = scope(table, ask)
    if where is None:
        return {"write_disposition": merge, "merge_key": list(table.replaced_by)}
    return {"write_disposition": {**merge, "destination_scope": where}}


def _typed(
    spec: SourceSpec,
    table: Table,
    batches: Iterator[Batch],
    known: Mapping[str, int],
    loaded: Loaded,
    *,
    accept_shrink: bool,
) -> Iterator[pa.Table]:
    counts: dict[str, int] = {}
    loaded.rows[table.name] = 0
    yield arrow_schema(
        table
    ).empty_table()  # an empty answer must still empty its window
    for batch in batches:
        rows = batch.rows
        bad = list(batch.rejected)
        if isinstance(rows, list):
            done = cast(table, rows, where=batch.where)
            rows, bad = done.rows, bad + done.rejected
            if done.new_columns:
                before = loaded.new_columns.get(table.name, ())
                loaded.new_columns[table.name] = tuple(
                    sorted({*before, *done.new_columns})
                )
        loaded.rejected.setdefault(table.name, []).extend(
            (batch.account_id, each) for each in bad
        )
        loaded.wheres.setdefault(table.name, set()).add((batch.account_id, batch.where))
        loaded.rows[table.name] += rows.num_rows
        if batch.patches is not None:
            patch = Patch(batch.account_id, batch.patches)
            loaded.patches.setdefault(table.name, []).append(patch)
        if batch.file:
            loaded.files.setdefault(table.name, set()).add(batch.file)
        counts[batch.account_id] = counts.get(batch.account_id, 0) + rows.num_rows
        if rows.num_rows:
            yield rows
    _guard(spec, table, loaded, counts, {} if accept_shrink else known)


def _guard(
    spec: SourceSpec,
    table: Table,
    loaded: Loaded,
    counts: Mapping[str, int],
    known: Mapping[str, int],
) -> None:
    """What is to be replaced by much less, or came mostly broken, is not touched.

    Raises: ShrunkenList, AnswerUnreadable.
    """
    if not (table.is_list or table.is_window):
        return
    rejected = loaded.rejected.get(table.name, [])
    if len(rejected) > max(SMALL_LIST, loaded.rows[table.name]):
        bad = rejected[0][1]
        raise AnswerUnreadable(
            f'{spec.title} sent "{bad.value}" as {bad.column} in {bad.where} '
            f"({bad.reason}), and {len(rejected)} rows in all that do not fit: refused, "
            "the known ones stay. Report it if its columns have changed"
        )
    if table.may_shrink or table.name in loaded.patches:
        return
    for account, kept in known.items():
        now = counts.get(account, 0)
        is_gone = kept > 0 and now == 0 and spec.family == "own"  # a file of the team
        if is_gone or (kept > SMALL_LIST and now < KEPT_SHARE * kept):
            raise ShrunkenList(
                f"{spec.title} listed {now} {table.name} of {account} where "
                f"{kept} are known: refused, the known ones stay. If that is "
                "right, run once with --accept-shrink"
            )


class Warehouse(duckdb_destination):
    """DuckDB as dlt knows it; what it can do is found out once, not at each step.

    Asked without a configuration, dlt looks through all of its places for one: some hundred
    milliseconds in each load, for the same answer.
    """

    def capabilities(
        self, config: Any = None, naming: Any = None
    ) -> DestinationCapabilitiesContext:
        if config is not None:
            return super().capabilities(config, naming)
        known: dict[Any, DestinationCapabilitiesContext] = self.__dict__.setdefault(
            "_known", {}
        )
        name = naming and naming.name()
        if name not in known:
            known[name] = super().capabilities(None, naming)
        return known[name].copy()


def pipeline(
    spec: SourceSpec, settings: Settings, con: duckdb.DuckDBPyConnection
) -> dlt.Pipeline:
    """One pipeline per source: own schema, own state, own failure."""
    quiet()  # dlt reads it when a pipeline is made: no telemetry, a load id on every row
    made = dlt.pipeline(
        pipeline_name=f"playhead_{spec.name}",
        pipelines_dir=str(settings.data_dir / ".dlt"),
        destination=Warehouse(
            con,
            staging_dataset_name_layout="_load_%s",
            # dlt leaves this unsaid for DuckDB, and then commits each statement by itself:
            # a kill between delete and insert would leave a hole
            supports_transactions=True,
        ),
        dataset_name=raw(spec.name),
    )
    if made.has_pending_data:
        made.abort_packages()  # the window is read again anyway
    return made


def load(
    spec: SourceSpec,
    settings: Settings,
    batches: Mapping[str, Iterator[Batch]],
    ask: Ask,
    known: Mapping[str, Mapping[str, int]],
    lists: Mapping[str, str] | None = None,
) -> Loaded:
    """Load every table of a source; a table without batches is made empty and typed.

    `known`: tables that exist, with the rows per account that this load would replace.
    `lists`: digests of the lists as they were last loaded. One that came unchanged is not
    written again: its load id goes on saying since when it is as it is. A list of which
    only some rows came (Batch.patches) has no digest.
    Raises: SourceError (inside dlt's own exception: see errors.source_error).
    """
    unknown = set(batches) - {table.name for table in spec.tables}
    if unknown:
        raise ValueError(f"{spec.name}.read names tables without a Table: {unknown}")
    loaded = Loaded(spec.name)
    resources = []
    bulk: dict[str, Iterator[pa.Table]] = {}
    patched: dict[str, list[pa.Table]] = {}
    for table in spec.tables:
        fetched = batches.get(table.name)
        if fetched is None and table.name in known:
            continue  # nothing asked of it, and it exists
        rows = _typed(
            spec,
            table,
            fetched or iter(()),
            known.get(table.name, {}),
            loaded,
            accept_shrink=settings.accept_shrink,
        )
        if fetched is not None and table.is_bulk and table.name not in ask.replaces:
            if table.name in known:
                bulk[table.name] = rows
                continue
            bulk[table.name], rows = rows, iter((arrow_schema(table).empty_table(),))
            fetched = None  # dlt only makes the table
        if fetched is not None and table.is_list and table.name not in ask.replaces:
            listed = list(rows)
            if table.name in loaded.patches:
                loaded.lists[table.name] = PATCHED
                patched[table.name] = listed
                continue
            digest = _digest(listed, ask.accounts)
            loaded.lists[table.name] = digest
            kept = sum(known.get(table.name, {}).get(a, 0) for a in ask.accounts)
            as_before = digest == (lists or {}).get(table.name)
            if as_before and table.name in known and kept == loaded.rows[table.name]:
                continue
            rows = iter(listed)
        resource = dlt.resource(
            rows,
            name=table.name,
            **_hints(table, ask if fetched is not None else None),
        )
        resources.append(resource)
    if resources:
        with db.loading(settings.warehouse_path) as con:
            info = pipeline(spec, settings, con).run(_source(spec, resources))
        loaded.load_id = info.loads_ids[-1] if info.loads_ids else ""
    if patched or bulk:
        loaded.load_id = loaded.load_id or dlt.common.pendulum.now().format("X.SSSSSS")
    if patched:
        put_over(settings, spec.name, patched, loaded.patches, loaded.load_id)
    for name, rows in bulk.items():
        into(settings, f"{raw(spec.name)}.{name}", rows, loaded.load_id)
    return loaded


def _digest(rows: Sequence[pa.Table], accounts: Sequence[str]) -> str:
    """What a list holds and whose it is, in one word."""
    whole = pa.concat_tables(rows, promote_options="default").combine_chunks()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, whole.schema) as stream:
        stream.write_table(whole)
    found = hashlib.sha256(repr(sorted(accounts)).encode())
    found.update(sink.getvalue())
    return found.hexdigest()


def _source(spec: SourceSpec, resources: Sequence[Any]) -> Any:
    schema = dlt.Schema(spec.name)
    return dlt.sources.DltSource(schema, spec.name, list(resources))
