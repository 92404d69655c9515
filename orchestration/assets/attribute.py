"""Attribute: who gets the credit of each conversion, one row per method."""

from collections.abc import Iterator

import dagster as dg

from ingestion.clock import read_clock
from orchestration.keys import (
    CHANNEL_CREDITS,
    CREDITS,
    EVIDENCE,
    LIFT_TESTS,
    USED_TESTS,
    WRITER,
)
from warehouse import db
from warehouse.attribution import run as attribution
from warehouse.incrementality import catalogue
from warehouse.settings import Settings

EXPERIMENTS = dg.AssetKey(["staging", "stg_catalogue__experiments"])
READ = [
    *(
        dg.AssetKey(["intermediate", f"int_journey__{name}"])
        for name in ("account_persons", "conversions", "leads", "paths")
    ),
    *(
        dg.AssetKey(["intermediate", f"int_journey__{name}"])
        for name in ("persons", "touches", "visits")
    ),
    dg.AssetKey(["intermediate", "int_paid__region_delivery_daily"]),
    dg.AssetKey(["intermediate", "journey_channels"]),
    dg.AssetKey(["marts", "dim_videos"]),
    EXPERIMENTS,
    LIFT_TESTS,
]


@dg.multi_asset(
    name="lift_tests",
    specs=[
        dg.AssetSpec(
            LIFT_TESTS, deps=[EXPERIMENTS], group_name="attribute", kinds={"python"}
        )
    ],
    pool=WRITER,
)
def lift_tests(
    settings: dg.ResourceParam[Settings],
) -> Iterator[dg.MaterializeResult]:
    """Hold-outs of the catalogue with tonight's counts, beside tests kept by hand."""
    as_of = read_clock(settings)
    with db.writer(settings.warehouse_path) as con:
        unused = catalogue.refresh(con, as_of=as_of)
    notices = [f"Hold-out {each} is not used: {why}." for each, why in unused.items()]
    yield dg.MaterializeResult(
        asset_key=LIFT_TESTS, metadata={"notices": dg.MetadataValue.json(notices)}
    )


@dg.multi_asset(
    name="attribute",
    specs=[
        dg.AssetSpec(key, deps=READ, group_name="attribute", kinds={"python"})
        for key in (CREDITS, CHANNEL_CREDITS, EVIDENCE, USED_TESTS)
    ],
    pool=WRITER,
)
def attribute(settings: dg.ResourceParam[Settings]) -> Iterator[dg.MaterializeResult]:
    """Rules by touch, every method by channel, the causal one with what it rests on."""
    as_of = read_clock(settings)
    with db.writer(settings.warehouse_path) as con:
        done = attribution.refresh(con, as_of=as_of)
    for key in (CREDITS, CHANNEL_CREDITS, EVIDENCE, USED_TESTS):
        rows = done.rows[".".join(key.path)]
        yield dg.MaterializeResult(asset_key=key, metadata={"rows": rows})
