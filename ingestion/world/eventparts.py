"""Parts: rows of one kind of site event before they are put in order.

Not here: which visit leaves what (events.py, rooms.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ingestion.world.crowd import COMPLETE
from ingestion.world.frames import Array

# fmt: off
KINDS = ("page", "player_load", "video_start", "video_progress", "video_complete", "form_submit",
         "identify", "sales_room_view", "activated", "invoice_download", "password_reset")
NAMES = ("Page Viewed", "Video Player Loaded", "Video Playback Started", "Video Content Playing",
         "Video Playback Completed", "Form Submitted", "Identify", "Sales Room Viewed", "Activated",
         "Invoice Downloaded", "Password Reset")
# fmt: on
KIND = {name: code for code, name in enumerate(KINDS)}
FORMS = ("demo_request", "trial_signup")
AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/141.0 Mobile Safari/537.36",
)

# Column and value of an event that does not speak of it.
BLANK: dict[str, Any] = {
    "row": 0,
    "kind": 0,
    "ordinal": 0,
    "anonymous": np.uint64(0),
    "person": -1,
    "at": 0,
    "page": -1,
    "source": -1,
    "placement": -1,
    "click": np.uint64(0),
    "video": -1,
    "player": np.uint64(0),
    "position": np.nan,
    "total": np.nan,
    "quartile": -1,
    "form": -1,
    "known": False,
    "deal": -1,
    "agent": 0,
    "signed_in": False,
}


@dataclass(frozen=True)
class Words:
    """Words behind the codes of events."""

    emails: Array  # per person
    variants: Array  # per placement, the reference a player knows
    seconds: Array  # per placement
    tags: Array  # per placement
    campaigns: Array  # per placement, utm_campaign
    networks: Array  # per placement, index in SOCIAL_PLATFORMS, -1 elsewhere
    deals: Array


Part = dict[str, Array]


def part(count: int, **columns: Any) -> Part:
    """Rows of one kind of event; columns not given are blank."""
    unknown = set(columns) - set(BLANK)
    if unknown:
        raise ValueError(
            f"events have no column {sorted(unknown)}: see BLANK in events.py"
        )
    out = {}
    for name, blank in BLANK.items():
        value = np.asarray(columns.get(name, blank))
        out[name] = np.broadcast_to(value, (count,))
    return out


def play_steps(
    words: Words, begins: Array, video: Array, watched: Array, **columns: Array
) -> list[Part]:
    """Start, quartiles and completion of plays that begin at `begins` (epoch ms)."""
    total = words.seconds[video]
    steps = (
        ("video_start", 0, 0.0),
        ("video_progress", 25, 0.25),
        ("video_progress", 50, 0.5),
        ("video_progress", 75, 0.75),
        ("video_complete", 100, COMPLETE),
    )
    parts = []
    for number, (kind, quartile, share) in enumerate(steps):
        there = np.flatnonzero(watched >= share * total - 1e-6)
        position = share * total[there]
        parts.append(
            part(
                len(there),
                kind=KIND[kind],
                ordinal=20 + number,
                quartile=quartile,
                at=begins[there] + np.rint(position * 1000).astype(np.int64),
                video=video[there],
                position=np.round(position, 1),
                total=total[there],
                **{name: values[there] for name, values in columns.items()},
            )
        )
    return parts
