"""Ingest: one asset per raw table, several sources loaded side by side.

A source that fails is stale, not fatal: its last good rows stay and downstream goes on.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

import dagster as dg

from ingestion.clock import read_clock
from ingestion.ingest import ingest
from ingestion.parallel import as_done
from ingestion.records import RECORDS, Outcome, open_records, recorded
from ingestion.registry import sources
from ingestion.source import SourceModule
from ingestion.windows import Window
from orchestration.keys import CLOCK, INGEST, RECORDED, WRITER, raw_key
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


def load_assets() -> dg.AssetsDefinition:
    """The raw tables of all sources, as assets keyed [raw_<source>, table].

    One step, in which a run loads the sources it selects, as many at once as the settings
    say: each waits for its platform most of the time.
    """

    @dg.multi_asset(
        name=INGEST,
        specs=[spec for source in sources().values() for spec in _specs(source)],
        check_specs=[_fresh_check(source) for source in sources().values()],
        can_subset=True,
        pool=WRITER,
    )
    def load(
        context: dg.AssetExecutionContext,
        config: WindowConfig,
        settings: dg.ResourceParam[Settings],
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        as_of, window = read_clock(settings), config.window()
        keys, checks = context.selected_asset_keys, context.selected_asset_check_keys
        chosen = [each for each in sources().values() if keys & {*_keys(each)}]
        open_records(settings)
        for outcome in as_done(
            lambda source: ingest(source, settings, as_of=as_of, window=window),
            chosen,
            at_once=settings.loads_at_once,
        ):
            source = sources()[outcome.source]
            for key, table in _keys(source).items():
                if key in keys:
                    yield _materialised(outcome, key, table)
            if _fresh_check(source).key in checks:
                yield _fresh(source, outcome)

    return load


def _keys(source: SourceModule) -> Mapping[dg.AssetKey, str]:
    spec = source.SPEC
    return {raw_key(spec.name, table.name): table.name for table in spec.tables}


def _specs(source: SourceModule) -> Iterator[dg.AssetSpec]:
    spec = source.SPEC
    for key, table in _keys(source).items():
        yield dg.AssetSpec(
            key,
            deps=[CLOCK],
            group_name="ingest",
            kinds={"dlt", "duckdb"},
            tags={"family": spec.family, "cadence": spec.cadence},
            description=f"{spec.title}: {table}, one row per {spec[table].grain}",
        )


def _fresh_check(source: SourceModule) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec("fresh", asset=next(iter(_keys(source))))


def _materialised(
    outcome: Outcome, key: dg.AssetKey, table: str
) -> dg.MaterializeResult:
    return dg.MaterializeResult(
        asset_key=key,
        metadata={
            "source": outcome.source,
            "status": outcome.status,
            "rows": outcome.rows.get(table, 0),
            "seconds": outcome.seconds,
        },
    )


def _fresh(source: SourceModule, outcome: Outcome) -> dg.AssetCheckResult:
    check = _fresh_check(source)
    return dg.AssetCheckResult(
        asset_key=check.asset_key,
        check_name=check.name,
        passed=outcome.status != "stale",
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"reason": outcome.reason or "", "quarantined": outcome.quarantined},
    )


def record_assets(raw: Iterable[dg.AssetKey]) -> dg.AssetsDefinition:
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
