"""Small panels from the first of January 2026 on, and their days."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from warehouse.incrementality.panel import Panel

Written = Callable[[Panel], Path]
FIRST = date(2026, 1, 1)


def panel_of(values: np.ndarray) -> Panel:
    """Regions a, b, c ... from the first of January 2026 on."""
    days = tuple(FIRST + timedelta(days=day) for day in range(len(values)))
    names = tuple("abcdefghijklmnopqrstuvwxyz"[: values.shape[1]])
    return Panel(days, names, np.asarray(values, dtype=np.float64))


def day(number: int) -> date:
    return FIRST + timedelta(days=number)
