"""Cuts of the masters: one variant per master, shape and language that the plan uses.

Not here: where they run (placements.py).
"""

from __future__ import annotations

import numpy as np

from ingestion.world.frames import Frame, text
from ingestion.world.masters import MASTERS, Master
from ingestion.world.plan import OPEN, Row

Key = tuple[int, str, str]  # master, shape, language


def build_variants(
    rows: list[tuple[Row, str]], order: list[int]
) -> tuple[Frame, dict[Key, int]]:
    first: dict[Key, int] = {
        (i, "16:9", "en"): MASTERS[i].published_day - 6 for i in order
    }
    for row, _ in rows:
        for market in row.markets:
            key = (row.master, row.shape, language(row, market))
            first[key] = min(first.get(key, OPEN), row.start - 4)
    keys = sorted(first, key=lambda k: (order.index(k[0]), first[k], k[1], k[2]))
    number = {key: n for n, key in enumerate(keys)}
    index = {master: n for n, master in enumerate(order)}
    nth: dict[int, int] = {}
    names = []
    for key in keys:
        nth[key[0]] = nth.get(key[0], 0) + 1
        names.append(f"bm-{index[key[0]] + 1:03d}-{nth[key[0]]}")
    frame = Frame(
        {
            "variant_id": text(names),
            "video_id": text(f"bm-{index[k[0]] + 1:03d}" for k in keys),
            "format": text(k[1] for k in keys),
            "language": text(k[2] for k in keys),
            "duration_seconds": np.array(
                [_seconds(MASTERS[k[0]], k[1]) for k in keys], dtype=np.int32
            ),
            "created_day": np.array([first[k] for k in keys], dtype=np.int32),
        }
    )
    return frame, number


def _seconds(master: Master, shape: str) -> int:
    """Cuts for feeds are shorter than the master they come from."""
    return (
        master.seconds
        if shape == "16:9"
        else min(master.seconds, 15 + master.seconds // 3)
    )


def language(row: Row, market: str) -> str:
    return (
        "de"
        if row.master == 0 and row.channel == "youtube_ads" and market == "E"
        else "en"
    )


def variant_names(place: dict[int, int], variant_of: dict[Key, int]) -> dict[int, str]:
    nth: dict[int, int] = {}
    names: dict[int, str] = {}
    for key, number in sorted(variant_of.items(), key=lambda item: item[1]):
        nth[key[0]] = nth.get(key[0], 0) + 1
        names[number] = f"bm-{place[key[0]] + 1:03d}-{nth[key[0]]}"
    return names
