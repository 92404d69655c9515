"""The data clock: the one day that everything downstream agrees on."""

import dagster as dg

from ingestion.clock import set_clock
from orchestration.keys import CLOCK, WRITER
from warehouse.settings import Settings


class ClockConfig(dg.Config):
    """How far the sandbox's calendar moves before this run; 0 stands still."""

    advance_days: int = 0


@dg.asset(key=CLOCK, group_name="ingest", pool=WRITER, kinds={"duckdb"})
def clock(
    config: ClockConfig, settings: dg.ResourceParam[Settings]
) -> dg.MaterializeResult:
    """The day of the data (`as_of`), one row; the wall clock is never asked downstream."""
    as_of = set_clock(settings, advance_days=config.advance_days)
    return dg.MaterializeResult(metadata={"as_of": str(as_of)})
