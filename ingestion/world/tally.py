"""Sums over the logs: what platforms count of our persons, and what the site's player counts.

Not here: the crowd (crowd.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.world import seasons
from ingestion.world.channels import CODE
from ingestion.world.crowd import WATCHED, thresholds
from ingestion.world.frames import Array
from ingestion.world.hashing import poisson
from ingestion.world.sessions import Sessions
from ingestion.world.settings import WorldSettings
from ingestion.world.traits import Traits

EMAIL_CLICK_RATE = 0.035


def person_counts(
    settings: WorldSettings, exposure: dict[str, Array], traits: Traits, lines: int
) -> dict[str, Array]:
    """Measures of exposed persons per line and day from day 0. Shape (lines, days)."""
    days = settings.horizon
    rows = np.flatnonzero((exposure["line"] >= 0) & (exposure["day"] >= 0))
    cell = exposure["line"][rows].astype(np.int64) * days + exposure["day"][rows]
    watched = exposure["watched"][rows].astype(np.float64)
    started = exposure["started"][rows]
    out = {
        "impressions": _count(cell, lines, days),
        "clicks": _count(cell[exposure["clicked"][rows]], lines, days),
    }
    out |= _watched(
        cell, watched, started, traits, exposure["placement"][rows], lines, days
    )
    return out


@dataclass(frozen=True)
class Plays:
    """Loads, plays and letter clicks on own ground, one value per row."""

    loaded: Array  # placement
    loaded_at: Array  # epoch ms
    played: Array
    played_at: Array
    watched: Array


def session_plays(sessions: Sessions) -> Plays:
    first, later = sessions.load >= 0, sessions.later >= 0
    play = sessions.play >= 0
    return Plays(
        loaded=np.concatenate([sessions.load[first], sessions.later[later]]),
        loaded_at=np.concatenate([sessions.at[first], sessions.at[later]]),
        played=sessions.play[play],
        played_at=sessions.at[play],
        watched=sessions.watched[play],
    )


def player_counts(
    settings: WorldSettings, traits: Traits, plays: list[Plays], sessions: Sessions
) -> dict[str, Array]:
    """Players and sales rooms by UTC day, e-mail by the day of the visit. (placements, days).

    Blocked visits count: the player's own vendor sees what the event collector does not.
    """
    count, days = len(traits.channel), settings.horizon
    loaded, loaded_at, played, played_at, watched = (
        np.concatenate([getattr(p, name) for p in plays])
        for name in ("loaded", "loaded_at", "played", "played_at", "watched")
    )
    day = seasons.utc_day(loaded_at)
    inside = (day >= 0) & (day < days)
    loads = _count((loaded * days + day)[inside], count, days)
    day = seasons.utc_day(played_at)
    inside = (day >= 0) & (day < days)
    out = _watched(
        (played * days + day)[inside],
        watched[inside],
        np.ones(int(inside.sum()), bool),
        traits,
        played[inside],
        count,
        days,
    )
    day = seasons.utc_day(sessions.at)
    mail = np.flatnonzero(
        (sessions.placement >= 0)
        & ~sessions.reopened
        & (day >= 0)
        & (day < days)
        & (traits.channel[sessions.placement] == CODE["email"])
    )
    clicks = _count(sessions.placement[mail] * days + day[mail], count, days)
    number = np.arange(count)[:, None]
    unread = poisson(
        clicks * (1 / EMAIL_CLICK_RATE - 1),
        settings.seed,
        "letters",
        number,
        np.arange(days),
    )
    return out | {"impressions": loads + clicks + unread, "clicks": clicks}


def _count(cell: Array, rows: int, days: int) -> Array:
    return np.bincount(cell, minlength=rows * days).reshape(rows, days)


def _watched(
    cell: Array,
    watched: Array,
    started: Array,
    traits: Traits,
    placement: Array,
    rows: int,
    days: int,
) -> dict[str, Array]:
    at = thresholds(traits.seconds)
    out = {"starts": _count(cell[started], rows, days)}
    hot = np.flatnonzero(watched >= 2.0)
    cell_hot, watched_hot, placement_hot = cell[hot], watched[hot], placement[hot]
    for step, name in enumerate(WATCHED):
        reached = watched_hot >= at[placement_hot, step] - 1e-6
        out[name] = _count(cell_hot[reached], rows, days)
    seconds = np.bincount(cell, weights=watched, minlength=rows * days).reshape(
        rows, days
    )
    out["watch_seconds"] = np.rint(seconds).astype(np.int64)
    return out
