"""The calendar: weekday and month factors, and the bounds of a day in a time zone.

Arrays over days start at `first` (a day number, may be negative) and hold `count` days.
Not here: flights and bursts of single channels.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from ingestion.world.settings import START

Array = NDArray[Any]

SITE_WEEKDAY = (1.18, 1.18, 1.16, 1.12, 0.94, 0.44, 0.44)  # Monday first
FEED_WEEKDAY = (1.04, 1.06, 1.06, 1.05, 1.00, 0.88, 0.91)
CONSUMER_WEEKDAY = (0.86, 0.86, 0.88, 0.92, 1.08, 1.26, 1.24)
MONTH = (
    0.98,
    1.00,
    1.04,
    1.02,
    1.00,
    0.98,
    0.86,
    0.82,
    1.08,
    1.10,
    1.06,
    0.76,
)  # January first
CPM_MONTH = (1.0,) * 10 + (1.25, 1.25)  # November and December are dear


def weekdays(first: int, count: int) -> Array:
    """0 = Monday. Shape (count,)."""
    return (START.weekday() + first + np.arange(count)) % 7


def months(first: int, count: int) -> Array:
    """0 = January. Shape (count,)."""
    dates = np.datetime64(START, "D") + np.arange(first, first + count)
    return dates.astype("datetime64[M]").astype(int) % 12


def factor(table: tuple[float, ...], index: Array) -> Array:
    return np.asarray(table)[index]


def midnights(zone: str, first: int, count: int) -> Array:
    """Epoch milliseconds of local midnight, `count` + 1 of them: the bounds of `count` days."""
    tz = ZoneInfo(zone)
    out = np.empty(count + 1, dtype=np.int64)
    for i in range(count + 1):
        local = datetime.combine(
            START + timedelta(days=first + i), datetime.min.time(), tz
        )
        out[i] = int(local.astimezone(UTC).timestamp()) * 1000
    return out


def utc_day(at_ms: Array) -> Array:
    """Day number in UTC of an epoch millisecond."""
    start_ms = (
        int(datetime(START.year, START.month, START.day, tzinfo=UTC).timestamp()) * 1000
    )
    return ((at_ms - start_ms) // 86_400_000).astype(np.int32)


def utc_midnight(day: Any) -> Array:
    start_ms = (
        int(datetime(START.year, START.month, START.day, tzinfo=UTC).timestamp()) * 1000
    )
    return np.asarray(start_ms + np.asarray(day, dtype=np.int64) * 86_400_000)
