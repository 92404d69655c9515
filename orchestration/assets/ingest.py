"""Ingest: one multi-asset per source, one asset per raw table, one freshness check.

A source that fails is stale, not fatal: its last good rows stay and downstream goes on.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import dagster as dg

from ingestion.clock import read_clock
from ingestion.ingest import ingest
from ingestion.records import RECORDS, Outcome, recorded
from ingestion.registry import sources
from ingestion.source import SourceModule
from ingestion.windows import Window
from orchestration.keys import CLOCK, RECORDED, WRITER, raw_key
from warehouse.settings import Settings


class WindowConfig(dg.Config):
    """Days of a backfill, both inclusive (YYYY-MM-DD); empty is the nightly window."""

    first: str = ""
    last: str = ""

    def window(self) -> Window | None:
        if not (self.first and self.last):
            return None
        last = date.fromisoformat(self.last)
        return Window(date.fromisoformat(self.first), last + timedelta(days=1))


def source_assets(source: SourceModule) -> dg.AssetsDefinition:
    """The raw tables of one source, as assets keyed [raw_<source>, table]."""
    spec = source.SPEC
    keys = {table.name: raw_key(spec.name, table.name) for table in spec.tables}
    first = next(iter(keys.values()))

    @dg.multi_asset(
        name=f"ingest_{spec.name}",
        specs=[
            dg.AssetSpec(
                key,
                deps=[CLOCK],
                group_name="ingest",
                kinds={"dlt", "duckdb"},
                tags={"family": spec.family, "cadence": spec.cadence},
                description=f"{spec.title}: {name}, one row per {spec[name].grain}",
            )
            for name, key in keys.items()
        ],
        check_specs=[dg.AssetCheckSpec("fresh", asset=first)],
        pool=WRITER,
    )
    def load(
        context: dg.AssetExecutionContext,
        config: WindowConfig,
        settings: dg.ResourceParam[Settings],
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        outcome = ingest(
            source, settings, as_of=read_clock(settings), window=config.window()
        )
        yield from _materialised(outcome, keys)
        yield _fresh(outcome, first)

    return load


def _materialised(
    outcome: Outcome, keys: dict[str, dg.AssetKey]
) -> Iterator[dg.MaterializeResult]:
    for name, key in keys.items():
        yield dg.MaterializeResult(
            asset_key=key,
            metadata={"status": outcome.status, "rows": outcome.rows.get(name, 0)},
        )


def _fresh(outcome: Outcome, key: dg.AssetKey) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=key,
        check_name="fresh",
        passed=outcome.status != "stale",
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"reason": outcome.reason or "", "quarantined": outcome.quarantined},
    )


def record_assets(raw: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """What every load writes down beside its rows: models of freshness begin here."""
    keys = {name: dg.AssetKey(name.split(".")) for name in RECORDS}

    @dg.multi_asset(
        name=RECORDED,
        specs=[
            dg.AssetSpec(
                key,
                deps=raw,
                group_name="ingest",
                kinds={"duckdb"},
                tags={"cadence": "intraday"},
            )
            for key in keys.values()
        ],
        pool=WRITER,
    )
    def records(settings: dg.ResourceParam[Settings]) -> Iterator[dg.MaterializeResult]:
        for name, rows in recorded(settings).items():
            yield dg.MaterializeResult(asset_key=keys[name], metadata={"count": rows})

    return records


def ingest_assets() -> list[dg.AssetsDefinition]:
    """One multi-asset per source, and the records they share."""
    loads = [source_assets(source) for source in sources().values()]
    return [*loads, record_assets([key for load in loads for key in load.keys])]
