"""Every method on one world: what it says per channel, and what that cost.

The peers run through the very SQL and models of `playhead attribute`. Not here: errors
(scores.py).
"""

from dataclasses import dataclass
from time import process_time

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from benchmarks.attribution.worlds import World
from warehouse.attribution.causal.inputs import LiftTest
from warehouse.attribution.causal.model import Causal, corrected, estimated
from warehouse.attribution.own_files import counted
from warehouse.attribution.queries import sql

Array = NDArray[np.float64]
FIRST_DAY = np.datetime64("2026-01-05T00:00:00", "us")
DAY = 86_400_000_000
TEST_SE = 0.15  # of what a lift test finds


@dataclass(frozen=True)
class Said:
    """Shape: total (channels,). Units: conversions; CPU seconds."""

    total: Array
    cpu: float


def peers(world: World) -> dict[str, Said]:
    """Rules with all models' cost shared evenly among them; each model on its own."""
    with duckdb.connect() as con:
        con.execute("set enable_progress_bar = false; set threads = 1")
        _tables(con, world)
        started = process_time()
        rows, _ = counted(con, lookback_days=30.0)
        cpu = process_time() - started
    names = world.inputs.channels.names
    found: dict[str, Array] = {}
    for row in rows:
        if row.channel in names:
            totals = found.setdefault(row.method, np.zeros(len(names)))
            totals[names.index(row.channel)] = row.conversions
    return {name: Said(total, cpu / len(found)) for name, total in found.items()}


def _tables(con: duckdb.DuckDBPyConnection, world: World) -> None:
    inputs = world.inputs
    names = np.array(inputs.channels.names, dtype=object)
    touches, made = inputs.touches, inputs.conversions
    tables = {
        "read_touches": {
            "row_number": np.arange(len(touches)),
            "touch_id": np.arange(len(touches)),
            "user_id": _users(touches.person),
            "touched_at": FIRST_DAY + (touches.at * DAY).astype(np.int64),
            "channel": pa.array(names[touches.channel]),
            "channel_as_written": pa.array(names[touches.channel]),
            # every touch of a world is one of its own
            "video_id": _users(np.arange(len(touches))),
            "watch_share": np.full(len(touches), np.nan),
        },
        "read_conversions": {
            "row_number": np.arange(len(made)),
            "conversion_id": pa.array([f"c{i}" for i in range(len(made))]),
            "user_id": _users(made.person),
            "converted_at": FIRST_DAY + (made.at * DAY).astype(np.int64),
            "value": made.value,
        },
        "lines_users": {
            "row_number": np.arange(len(inputs.people)),
            "user_id": _users(np.arange(len(inputs.people))),
            "weight": pa.array(inputs.people.weight).cast(pa.string()),
            "region": _users(inputs.people.region),
        },
        "null_channels": {"channel": pa.array(names[inputs.channels.null])},
    }
    for name, columns in tables.items():
        con.register("given", pa.table(columns))
        con.execute(f"create temp table {name} as select * from given")
        con.unregister("given")
    con.execute(sql("touch_file/users"))
    con.execute(sql("touch_file/told_touches").format(token="channel", once=""))
    con.execute(sql("touch_file/told_conversions"))


def _users(codes: NDArray[np.int64]) -> pa.Array:
    return pa.array(codes).cast(pa.string())


def flagship(world: World) -> tuple[Causal, Causal, float]:
    """Without and with lift tests, and the CPU seconds of one of them."""
    started = process_time()
    fit = estimated(world.inputs)
    alone = corrected(fit, ())
    cpu = process_time() - started
    return alone, corrected(fit, lift_tests(world)), cpu


def lift_tests(world: World) -> tuple[LiftTest, ...]:
    """Experiments on the two bought, confounded channels, read with 15 % standard error."""
    random = np.random.default_rng([world.seed, 99])
    return tuple(
        LiftTest(
            channel=c,
            conversions=float(
                world.removal[c] + random.normal() * TEST_SE * world.removal[c]
            ),
            se=float(max(TEST_SE * world.removal[c], 1.0)),
        )
        for c in world.bought
    )
