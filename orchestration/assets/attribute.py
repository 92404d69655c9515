"""Attribute: who gets the credit of each conversion, one row per method."""

from collections.abc import Iterator

import dagster as dg

from ingestion.clock import read_clock
from orchestration.keys import CHANNEL_CREDITS, CREDITS, WRITER
from warehouse import db
from warehouse.attribution import run as attribution
from warehouse.settings import Settings

JOURNEY = [
    dg.AssetKey(["intermediate", f"int_journey__{name}"])
    for name in ("conversions", "paths")
]


@dg.multi_asset(
    name="attribute",
    specs=[
        dg.AssetSpec(key, deps=JOURNEY, group_name="attribute", kinds={"python"})
        for key in (CREDITS, CHANNEL_CREDITS)
    ],
    pool=WRITER,
)
def attribute(settings: dg.ResourceParam[Settings]) -> Iterator[dg.MaterializeResult]:
    """Rules by touch, and every method by channel; each sums to what was booked."""
    as_of = read_clock(settings)
    with db.writer(settings.warehouse_path) as con:
        done = attribution.refresh(con, as_of=as_of)
    for key in (CREDITS, CHANNEL_CREDITS):
        rows = done.rows[".".join(key.path)]
        yield dg.MaterializeResult(asset_key=key, metadata={"rows": rows})
