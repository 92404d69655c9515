"""Visits that became a lead beside visits that did not, as the flagship's arrays.

Not here: the method (warehouse/attribution/causal), which visits take part (moments.sql).
"""

from dataclasses import dataclass

import duckdb
import numpy as np
from numpy.typing import NDArray

from warehouse.attribution.arrays import doses
from warehouse.attribution.causal.inputs import (
    Array,
    Channels,
    Conversions,
    Inputs,
    NotEnoughData,
    Options,
    People,
    Touches,
)
from warehouse.attribution.causal.model import Estimate, estimated_at_visits
from warehouse.attribution.causal.visits import Visits
from warehouse.attribution.nightly.leads import Leads
from warehouse.attribution.queries import sql

DAY = 86_400.0
MOMENTS = "nightly_moments"
MOST_VISITS = 30_000
LOOKBACK_DAYS = 30.0
DRAWS = 100  # the mean of so many is off by a tenth of its deviation


@dataclass(frozen=True)
class Browsers:
    """The estimate, and what its places mean.

    Shape: lead (conversions,) rows of Leads; touch ids and keys (touches,).
    """

    channels: tuple[str, ...]
    lead: NDArray[np.int64]
    estimate: Estimate
    touch: dict[str, NDArray[np.object_]]


def browsers(con: duckdb.DuckDBPyConnection, found: Leads) -> Browsers | None:
    """None where leads that came about in a visit, or channels, are too few."""
    con.execute(
        f"create or replace temp table {MOMENTS} as "
        "select *, dense_rank() over (order by visitor_key) - 1 as browser "
        f"from ({sql('nightly/moments')}) as moments",
        {"most": MOST_VISITS},
    )
    moments = con.execute(
        f"select conversion_id, browser, channel, epoch(happened_at) as at, "
        f"epoch(first_at) as first_at, weight from {MOMENTS} "
        "order by conversion_id nulls last, browser, happened_at, channel"
    ).fetchnumpy()
    touches = con.execute(sql("nightly/touches")).fetchnumpy()
    listed = con.execute(sql("nightly/channels")).fetchall()
    names = tuple(row[0] for row in listed)
    if not len(names):
        return None
    inputs, visits = _arrays(found, moments, touches, listed)
    try:
        estimate = estimated_at_visits(
            inputs, visits, Options(lookback_days=LOOKBACK_DAYS, draws=DRAWS)
        )
    except NotEnoughData:
        return None
    place = {conversion: row for row, conversion in enumerate(found.ids)}
    done = len(inputs.conversions)
    return Browsers(
        channels=names,
        lead=np.array([place[each] for each in moments["conversion_id"][:done]]),
        estimate=estimate,
        touch={
            key: touches[key]
            for key in ("touch_id", "video_key", "variant_key", "placement_key")
        },
    )


def _arrays(
    found: Leads,
    moments: dict[str, NDArray],
    touches: dict[str, NDArray],
    listed: list[tuple[str, bool, bool]],
) -> tuple[Inputs, Visits]:
    names = tuple(row[0] for row in listed)
    is_null = np.array([row[1] for row in listed], dtype=bool)
    is_video = np.array([row[2] for row in listed], dtype=bool)
    place = {name: c for c, name in enumerate(names)}
    begin = found.midnight - LOOKBACK_DAYS * DAY
    converted = ~np.ma.getmaskarray(np.ma.asarray(moments["conversion_id"]))
    at = _days(moments["at"], begin)
    browser = moments["browser"].astype(np.int64)
    channel = np.array([place[c] for c in touches["channel"]], dtype=np.int64)
    count = int(browser.max(initial=-1)) + 1
    nothing = np.zeros(len(names), dtype=bool)
    inputs = Inputs(
        channels=Channels(names, nothing, is_null, nothing, is_video),
        touches=Touches(
            person=touches["browser"].astype(np.int64),
            channel=channel,
            at=_days(touches["touched_at"].astype("datetime64[us]"), begin),
            dose=doses(touches["watch_share"], channel, is_video),
        ),
        conversions=Conversions(
            person=browser[converted],
            at=at[converted],
            value=np.zeros(int(converted.sum())),
        ),
        people=People(
            weight=np.ones(count),
            region=np.zeros(count, dtype=np.int64),
            numbers=np.zeros((count, 0)),
            categories=np.zeros((count, 0), dtype=np.int64),
        ),
        coverage=np.ones(len(names)),
    )
    visits = Visits(
        browser=browser,
        at=at,
        channel=np.array([place[c] for c in moments["channel"]], dtype=np.int64),
        known_for=(moments["at"] - moments["first_at"]) / DAY,
        weight=moments["weight"].astype(np.float64),
    )
    return inputs, visits


def _days(stamps: NDArray, begin: float) -> Array:
    if np.issubdtype(stamps.dtype, np.datetime64):
        stamps = stamps.astype(np.int64) / 1e6
    return np.asarray((stamps - begin) / DAY, dtype=np.float64)
