"""Videos and what lies behind a row: placements, curves, beliefs."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Video:
    video_key: str
    title: str
    objective: str
    role: str | None
    theme: str | None
    owner: str | None
    duration_seconds: float | None
    published_date: date | None
    is_mapped: bool
    matched_by: str | None
    variants: int
    placements: int
    production_cost_usd: float | None
    adaptation_cost_usd: float | None
    media_spend_usd: float | None
    total_cost_usd: float | None
    # joined: what happened to it, and what goes along with it
    period_spend_usd: float | None
    period_impressions: int | None
    period_watch_hours: float | None
    last_seen: date | None
    won_usd_min: float | None
    won_usd_max: float | None
    won_usd_mid: float | None
    leads_min: float | None
    leads_max: float | None


@dataclass(frozen=True, slots=True)
class Fleet:
    """All videos together, however many rows the page shows."""

    videos: int
    mapped: int
    variants: int
    placements: int
    production_usd: float | None
    adaptation_usd: float | None
    single_use: int
    unused: int


@dataclass(frozen=True, slots=True)
class Placement:
    video_key: str
    variant_key: str
    channel: str
    platform: str | None
    matched_by: str | None
    format: str | None
    language: str | None
    start_date: date | None
    end_date: date | None
    impressions: int | None
    views: int | None
    spend_usd: float | None


@dataclass(frozen=True, slots=True)
class Retention:
    video_key: str
    platform: str
    variant_key: str | None
    elapsed: tuple[float, ...]
    watching: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Belief:
    video_key: str
    variant_key: str | None
    channel: str
    metric: str
    n_eff: float | None
    mean: float | None
    low: float | None
    high: float | None
    probability_best: float | None
    evidence_grade: str | None


@dataclass(frozen=True, slots=True)
class Counted:
    """A platform video by its lifetime counter: nobody has to map it for that."""

    video_id: str
    title: str
    first_date: date
    last_date: date
    lifetime_views: int | None
    gained: int
