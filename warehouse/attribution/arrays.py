"""The flagship's arrays from the told_* tables. Not here: files, methods."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
from numpy.typing import NDArray

from warehouse.attribution.causal.inputs import (
    Array,
    Channels,
    Conversions,
    Inputs,
    Ints,
    LiftTest,
    People,
    Touches,
)
from warehouse.attribution.touch_files import Told
from warehouse.lines import quoted

MOST_LEVELS = 30  # of a category; rarer ones are one level together
MOST_REGIONS = 60
DAY = 86_400.0


@dataclass(frozen=True)
class Named:
    """The inputs, and which conversion and video a place in them stands for."""

    inputs: Inputs
    videos: NDArray[np.object_]


def named(con: duckdb.DuckDBPyConnection, told: Told, time_zone: str | None) -> Named:
    """Everything the flagship sees, people in order of their ids."""
    names = tuple(told.flags)
    begin = _first_midnight(con, ZoneInfo(time_zone or "UTC"))
    touches = con.execute(
        "select person, enum_code(channel) as channel, epoch(touched_at) as at, "
        "watch_share, video_id from told_touches order by person, touched_at, touch_id"
    ).fetchnumpy()
    made = con.execute(
        "select person, epoch(converted_at) as at, value "
        "from told_conversions order by person, converted_at, conversion_id"
    ).fetchnumpy()
    place = {name: i for i, name in enumerate(names)}
    channel = touches["channel"].astype(np.int64)  # codes in the order of names
    flags = np.array([told.flags[name] for name in names], dtype=bool).reshape(-1, 4)
    coverage = np.ones(len(names))
    for name, (delivered, logged) in told.delivered.items():
        coverage[place[name]] = logged / delivered
    inputs = Inputs(
        channels=Channels(names, *flags.T),
        touches=Touches(
            person=touches["person"].astype(np.int64),
            channel=channel,
            at=(touches["at"] - begin) / DAY,
            dose=doses(touches["watch_share"], channel, flags[:, 3]),
        ),
        conversions=Conversions(
            person=made["person"].astype(np.int64),
            at=(made["at"] - begin) / DAY,
            value=made["value"].astype(np.float64),
        ),
        people=_people(con, told.covariates),
        coverage=coverage,
        lift_tests=tuple(
            LiftTest(place[name], lift, se) for name, lift, se in told.lift_tests
        ),
    )
    return Named(inputs, touches["video_id"])


def _first_midnight(con: duckdb.DuckDBPyConnection, zone: ZoneInfo) -> float:
    found = con.execute(
        "select least((select min(touched_at) from told_touches), "
        "(select min(converted_at) from told_conversions))"
    ).fetchone()
    first = found[0] if found else datetime(1970, 1, 1)  # noqa: DTZ001
    local = first.replace(tzinfo=UTC).astimezone(zone)
    return datetime.combine(local.date(), time(), tzinfo=zone).timestamp()


def doses(watched: NDArray, channel: Ints, is_video: NDArray) -> Array:
    """0.5 + 0.5 x watch share over the channel's mean, for video; 1 for the rest."""
    shares = np.ma.filled(np.ma.asarray(watched, dtype=np.float64), np.nan)
    dose = np.ones(len(channel))
    for c in np.flatnonzero(is_video):
        mine = (channel == c) & np.isfinite(shares)
        mean = float(shares[mine].mean()) if mine.any() else 0.0
        if mean > 0:
            dose[mine] = 0.5 + 0.5 * shares[mine] / mean
    return dose


def _people(con: duckdb.DuckDBPyConnection, covariates: Sequence[str]) -> People:
    """A covariate is a number if all it holds are numbers, else a category."""
    base = con.execute(
        "select weight, region from told_users order by person"
    ).fetchnumpy()
    numbers: list[Array] = []
    categories: list[Ints] = []
    for name in covariates:
        column = quoted(name)
        cells = con.execute(
            f"select trim({column}) as text, try_cast(trim({column}) as double) as figure "
            "from told_users left join lines_users "
            "on told_users.row_number = lines_users.row_number order by person"
        ).fetchnumpy()
        figure = np.ma.filled(np.ma.asarray(cells["figure"], dtype=np.float64), np.nan)
        text = np.array([each or "" for each in cells["text"].tolist()], dtype=object)
        if np.isfinite(figure[text != ""]).all():
            known = np.isfinite(figure)
            mean = float(figure[known].mean()) if known.any() else 0.0
            numbers.append(np.where(known, figure, mean))
        else:
            categories.append(_codes(text, MOST_LEVELS))
    people = len(base["weight"])
    return People(
        weight=base["weight"].astype(np.float64),
        region=_codes(base["region"], MOST_REGIONS),
        numbers=np.column_stack(numbers) if numbers else np.zeros((people, 0)),
        categories=(
            np.column_stack(categories)
            if categories
            else np.zeros((people, 0), dtype=np.int64)
        ),
    )


def _codes(texts: NDArray, most: int) -> Ints:
    """Codes from 0, the most frequent levels first; all others are the last one."""
    levels, inverse, counts = np.unique(
        texts.astype(str), return_inverse=True, return_counts=True
    )
    rank = np.empty(len(levels), dtype=np.int64)
    rank[np.argsort(-counts, kind="stable")] = np.arange(len(levels))
    return np.minimum(rank, most - 1)[inverse]
