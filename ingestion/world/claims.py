"""What ad platforms claim: a lead is theirs if it follows their click or view within their window.

A claim appears when the lead happens and is booked on the day of the click or view. Platforms do
not know of each other, so their claims overlap. Not here: who caused a lead (truth.py).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ingestion.world.channels import CODE
from ingestion.world.frames import Array, Frame, text
from ingestion.world.hashing import hash01
from ingestion.world.settings import WorldSettings
from ingestion.world.traits import Traits


class Rule(NamedTuple):
    channels: tuple[str, ...]
    click_days: int
    view_days: int
    view_seconds: float  # watched at least this long to count as a view
    view_window: str


RULES = (
    Rule(("meta", "retargeting"), 7, 1, 0.0, "view_1d"),
    Rule(("youtube_ads",), 30, 3, 10.0, "engaged_view_3d"),
    Rule(("linkedin_ads",), 30, 7, 0.0, "view_7d"),
    Rule(("tiktok_ads",), 7, 1, 0.0, "view_1d"),
)
WINDOWS = ("click_7d", "click_30d", "view_1d", "engaged_view_3d", "view_7d")
MODELLED = 0.18  # of claims are counted twice: "modelled" conversions


def claim_log(
    settings: WorldSettings, traits: Traits, exposure: dict[str, Array], lead_day: Array
) -> Frame:
    """One row per claim: placement row, day it is booked on, day it appears, window, count."""
    lead = lead_day[exposure["person"]]
    lag = lead - exposure["day"]
    near = np.flatnonzero(
        (lead >= 0) & (lag >= 0) & (lag <= 30) & (exposure["line"] >= 0)
    )
    day, person = (
        exposure["day"][near].astype(int),
        exposure["person"][near].astype(int),
    )
    placement, lag = exposure["placement"][near].astype(int), lag[near]
    clicked, watched = exposure["clicked"][near], exposure["watched"][near]
    rows: list[tuple[Array, int]] = []
    for rule in RULES:
        mine = np.isin(
            traits.channel[placement], [CODE[name] for name in rule.channels]
        )
        by_click = _last(
            person, day, np.flatnonzero(mine & clicked & (lag <= rule.click_days))
        )
        views = mine & (lag <= rule.view_days) & (watched >= rule.view_seconds)
        by_view = _last(person, day, np.flatnonzero(views))
        by_view = by_view[~np.isin(person[by_view], person[by_click])]
        rows.append((by_click, WINDOWS.index(f"click_{rule.click_days}d")))
        rows.append((by_view, WINDOWS.index(rule.view_window)))
    index = np.concatenate([chosen for chosen, _ in rows])
    window = np.concatenate([np.full(len(chosen), code) for chosen, code in rows])
    if not settings.tells("S13"):  # platforms that agree: the last of them takes it
        keep = _last(person[index], day[index], np.arange(len(index)))
        index, window = index[keep], window[keep]
    twice = hash01(settings.seed, "modelled", person[index], window) < MODELLED
    count = 1 + (twice & settings.tells("S13")).astype(np.int64)
    frame = Frame(
        {
            "placement": placement[index],
            "booked_day": day[index],
            "conversion_day": lead_day[person[index]],
            "window": text(WINDOWS[code] for code in window.tolist()),
            "count": count,
        }
    )
    return frame.where(frame["booked_day"] >= 0).sort(
        "placement", "booked_day", "conversion_day"
    )


def _last(person: Array, day: Array, rows: Array) -> Array:
    """Of these rows the latest per person."""
    order = rows[np.lexsort((rows, day[rows], person[rows]))]
    who = person[order]
    last = np.ones(len(order), dtype=bool)
    last[:-1] = who[1:] != who[:-1]
    return order[last]


def claim_matrices(log: Frame, placements: int, days: int) -> dict[str, Array]:
    """Claims known by the last of `days`, by window. Shape (placements, days), int64."""
    known = log.where((log["conversion_day"] < days) & (log["placement"] < placements))
    window = known["window"]
    out = {}
    for name in WINDOWS:
        matrix = np.zeros((placements, days), dtype=np.int64)
        rows = np.flatnonzero(window == name)
        np.add.at(
            matrix,
            (known["placement"][rows], known["booked_day"][rows]),
            known["count"][rows],
        )
        out[name] = matrix
    return out
