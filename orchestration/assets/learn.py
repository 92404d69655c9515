"""Learn: beliefs per variant, channel and objective, and what to do next."""

from collections.abc import Iterator

import dagster as dg

from ingestion.clock import read_clock
from orchestration.keys import POSTERIORS, RECOMMENDATIONS, WRITER
from warehouse import db
from warehouse.learning import run as learning
from warehouse.settings import Settings

STATISTICS = dg.AssetKey(["intermediate", "int_learning__suff_stats_daily"])


@dg.multi_asset(
    name="learn",
    specs=[
        dg.AssetSpec(key, deps=[STATISTICS], group_name="learn", kinds={"python"})
        for key in (POSTERIORS, RECOMMENDATIONS)
    ],
    pool=WRITER,
)
def learn(settings: dg.ResourceParam[Settings]) -> Iterator[dg.MaterializeResult]:
    """Posterior states of the day, and the recommendations that follow from them."""
    as_of = read_clock(settings)
    with db.writer(settings.warehouse_path) as con:
        done = learning.refresh(con, as_of=as_of)
    for key in (POSTERIORS, RECOMMENDATIONS):
        rows = done.rows[".".join(key.path)]
        yield dg.MaterializeResult(asset_key=key, metadata={"rows": rows})
