"""Ids that platforms would give: hashes of a row's own names, so they never move.

Not here: our own ids, which are numbers in an order (placements.py).
"""

from __future__ import annotations

from ingestion.world.hashing import hash64

_URL64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def digits(seed: int, purpose: str, length: int, *keys: int) -> str:
    return str(
        10 ** (length - 1)
        + int(hash64(seed, purpose, *keys)) % (9 * 10 ** (length - 1))
    )


def youtube_id(seed: int, *keys: int) -> str:
    bits = int(hash64(seed, "youtube id", *keys))
    return (
        "".join(_URL64[(bits >> (6 * i)) & 63] for i in range(10))
        + _URL64[(bits >> 60) * 4]
    )
