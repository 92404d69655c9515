"""Hidden truth of creatives: what each placement can do to people. Never part of a View.

Per-video luck is drawn from the seed; a planted story overrides it for the video that plays its
part. Switching a story off restores the luck and leaves ids, names and plan untouched.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.world.channels import CODE, MARKETS, PAID
from ingestion.world.frames import Array
from ingestion.world.hashing import hash01, normal
from ingestion.world.placements import Catalogue
from ingestion.world.settings import WorldSettings


@dataclass(frozen=True)
class Traits:
    """One value per placement unless said otherwise."""

    channel: Array  # code in channels.CHANNELS
    video: Array  # row of videos
    seconds: Array
    start: Array
    end: Array
    quality: Array  # factor on dose
    brand: Array  # factor of a dose on the brand stock
    hook: Array  # of impressions (organic: of views)
    start_rate: Array
    spread: Array  # lambda, seconds
    drop_at: Array  # share of the duration where the key message stands
    drop: Array  # share of those still watching who leave there
    click_rate: Array
    half_life: Array  # days; inf where nothing tires
    organic_size: Array  # per placement; views a day at birth, 0 where bought
    blocks: Array  # 4-week blocks (True) instead of region weeks
    never_buyers: Array  # aimed at those who never buy


def build_traits(settings: WorldSettings, catalogue: Catalogue) -> Traits:
    seed, tells = settings.seed, settings.tells
    placements, video = catalogue.placements, catalogue.video_index
    part = np.array([m.part for m in catalogue.masters], dtype=object)[video]
    objective = catalogue.videos["objective"][video]
    channel = np.array([CODE[name] for name in placements["channel"]])
    market = [MARKETS[code] for code in channel.tolist()]
    number = np.arange(len(part))
    per_video = np.array([hash_key(m.title) for m in catalogue.masters])[video]
    variants = catalogue.variants
    row_of = {name: i for i, name in enumerate(variants["variant_id"])}
    variant = np.array([row_of[name] for name in placements["variant_id"]])
    shape = variants["format"][variant]
    creative = np.array(
        [len(s) * 7 + ord(s[0]) for s in shape]
    )  # a cut has luck of its own

    quality = np.exp(0.35 * normal(seed, "quality", per_video) - 0.06)
    brand = np.where(objective == "awareness", 1.0, 0.25)
    hook_luck = np.exp(0.10 * normal(seed, "hook", per_video, creative))
    spread = np.exp(0.20 * normal(seed, "hold", per_video))
    click = np.exp(0.20 * normal(seed, "click", per_video, creative) - 0.02)
    half_life = 45.0 + 75.0 * hash01(seed, "half-life", per_video, creative, channel)
    organic = np.exp(1.15 * normal(seed, "organic size", per_video, channel))

    for name, story, factor in (
        ("brand", "S1", 3.0),
        ("explainer", "S4", 1.6),
        ("launch", "S9", 3.0),
        ("deep", "S10", 2.5),
    ):
        if tells(story):
            quality[part == name] = factor
    if tells("S1"):
        brand[part == "brand"], click[part == "brand"] = 2.0, 0.15
    if tells("S2"):
        quality[part == "reminder"] = 0.05
    if tells("S3"):
        half_life[(part == "tiring") & (shape == "9:16")] = 9.0
    if tells("S4"):
        click[part == "explainer"] = 0.35
        organic[(part == "explainer") & (channel == CODE["youtube_organic"])] = 13.0
    if tells("S9"):
        brand[part == "launch"] = 3.0
    if tells("S10"):
        spread[part == "deep"], organic[part == "deep"] = 2.8, 0.9
    cut = (part == "cut") & (channel == CODE["meta"])
    if cut.any():  # same master, two cuts: alike but for what the story says
        click[cut] = click[cut & (shape == "16:9")][0]
        half_life[cut] = 75.0
        hook_luck[cut] = hook_luck[cut & (shape == "16:9")][0]
        if tells("S11"):
            click[cut & (shape == "9:16")] *= 0.80
    if tells("S12"):
        click[part == "clip"] = 1.42
    quality[part == "unrelated"], brand[part == "unrelated"] = 0.0, 0.0
    _tire(settings, catalogue, channel, half_life)

    base = np.array(
        [(m.click_rate, m.start_rate, m.hook, m.spread_seconds) for m in market]
    )
    bought = np.isin(placements["channel"], PAID)
    half_life[~bought] = np.inf
    organic_code = np.isin(placements["channel"], ("youtube_organic", "social_organic"))
    return Traits(
        channel=channel,
        video=video,
        seconds=variants["duration_seconds"][variant].astype(float),
        start=placements["start_day"],
        end=placements["end_day"],
        quality=quality,
        brand=brand,
        hook=np.minimum(base[:, 2] * hook_luck, 0.98),
        start_rate=np.maximum(base[:, 1], np.minimum(base[:, 2] * hook_luck, 0.98)),
        spread=base[:, 3] * spread,
        drop_at=0.35 + 0.4 * hash01(seed, "message at", per_video),
        drop=0.03 + 0.09 * hash01(seed, "message drop", per_video),
        click_rate=base[:, 0] * click * settings.click_scale,
        half_life=half_life,
        organic_size=np.where(organic_code, organic, 0.0) * (1 + 0 * number),
        blocks=(part == "brand") & bought,
        never_buyers=(part == "clip") & tells("S12"),
    )


def hash_key(title: str) -> int:
    """A number of the video that no reordering of the catalogue changes."""
    return int.from_bytes(title.encode()[:7].ljust(7), "big") + len(title)


def _tire(
    settings: WorldSettings, catalogue: Catalogue, channel: Array, half_life: Array
) -> None:
    fast = settings.fast_half_lives_days
    if not fast:
        return
    feed = channel == CODE["meta"]
    shapes = catalogue.placements["variant_id"]
    creatives = sorted(set(shapes[feed].tolist()))
    half_life[feed] = np.inf
    for name, days in zip(creatives[1::2], fast, strict=False):
        half_life[feed & (shapes == name)] = days


def survival(at: Array, hook: Array, start_rate: Array, spread: Array) -> Array:
    """Share of impressions still watching `at` seconds (without the key-message drop)."""
    early = hook + (start_rate - hook) * (1.0 - np.cbrt(np.clip(at, 0, 3) / 3.0))
    late = hook * np.exp(-((np.maximum(at - 3.0, 0.0) / spread) ** 0.75))
    return np.where(at < 3.0, early, late)


def freshness(age: Array, half_life: Array, floor: float) -> Array:
    """Factor on a rate after `age` days live: floor + (1 - floor) 2^(-age / half-life)."""
    return floor + (1.0 - floor) * 2.0 ** (-np.maximum(age, 0) / half_life)


CLICK_FLOOR = 0.30
HOOK_SHARE = 0.45  # the part of fatigue that reaches the hook rate


def tired_click(age: Array, half_life: Array) -> Array:
    return freshness(age, half_life, CLICK_FLOOR)


def tired_hook(age: Array, half_life: Array) -> Array:
    return 1.0 - HOOK_SHARE * (1.0 - freshness(age, half_life, CLICK_FLOOR))


def dose_of(watched: Array, traits: Traits, placement: Array) -> Array:
    """What watching leaves behind; nothing under two seconds."""
    full = np.minimum(traits.seconds[placement], 45.0)
    share = 0.25 + 0.75 * np.minimum(watched / full, 1.0)
    return np.where(watched >= 2.0, share * traits.quality[placement], 0.0)
