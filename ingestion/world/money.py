"""Exchange rates of the sandbox calendar. Not here: conversion (the warehouse does that)."""

from __future__ import annotations

import numpy as np

from ingestion.world.company import MARKET_CURRENCY
from ingestion.world.frames import Array, Frame, text
from ingestion.world.hashing import normal
from ingestion.world.settings import HISTORY_DAYS, WorldSettings

BASE_RATE = {"USD": 1.0, "EUR": 1.08, "GBP": 1.27}
DAILY_SD = 0.0025
FALL_DAY, FALL = 130, 0.94  # story S15: sterling loses 6 % overnight


def rates(settings: WorldSettings) -> dict[str, Array]:
    """Rate to USD per currency and day, from day -HISTORY_DAYS to the horizon."""
    days = np.arange(-HISTORY_DAYS, settings.horizon)
    out: dict[str, Array] = {}
    for number, currency in enumerate(MARKET_CURRENCY.values()):
        if currency == "USD":
            out[currency] = np.ones(len(days))
            continue
        walk = np.cumsum(DAILY_SD * normal(settings.seed, "fx", number, days))
        rate = BASE_RATE[currency] * np.exp(0.12 * np.tanh(walk / 0.12))
        if currency == "GBP" and settings.tells("S15"):
            rate = np.where(days >= FALL_DAY, rate * FALL, rate)
        out[currency] = np.round(rate, 6)
    return out


def fx_frame(settings: WorldSettings) -> Frame:
    table = rates(settings)
    days = np.arange(-HISTORY_DAYS, settings.horizon, dtype=np.int32)
    names = sorted(table)
    return Frame(
        {
            "day": np.repeat(days, len(names)),
            "currency": text(names * len(days)),
            "rate_to_usd": np.stack([table[name] for name in names], axis=1).ravel(),
        }
    )


def to_usd_cents(
    settings: WorldSettings, cents: Array, currency: Array, day: Array
) -> Array:
    """Cents of a currency as USD cents at the rate of the day, rounded half to even."""
    table = rates(settings)
    out = np.zeros(len(cents), dtype=np.int64)
    for name, rate in table.items():
        rows = np.flatnonzero(currency == name)
        out[rows] = np.rint(cents[rows] * rate[day[rows] + HISTORY_DAYS]).astype(
            np.int64
        )
    return out
