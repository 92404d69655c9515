"""One of each row that sentences are made from; tests replace the field they are about."""

from dataclasses import replace
from datetime import date
from typing import Any

from warehouse.report import model
from warehouse.report.numbers import SPACE

ISOLATES = dict.fromkeys(map(ord, "\u2068\u2069"))


def plain(text: str) -> str:
    """The sentence without what the eye does not see."""
    return text.replace(SPACE, " ").translate(ISOLATES)


_SOURCE = model.Source(
    source="meta_ads",
    family="paid",
    title="Meta Ads",
    status="stale",
    reason=None,
    last_date=None,
    expected_date=None,
    quarantined=None,
    new_columns=None,
)
_KPI = model.Kpi(
    kpi="hook_rate",
    objective="awareness",
    level="video",
    kind="ratio",
    unit="share",
    good="up",
    version="1",
    says="",
    formula="",
    evidence_grade="E",
)
_SCORE = model.Score(
    objective="awareness",
    kpi="hook_rate",
    video_key="all",
    is_previous=False,
    start=date(2026, 1, 1),
    end=date(2026, 3, 31),
    numerator=210,
    denominator=1000,
    value=0.21,
    target=0.25,
    is_attained=False,
    is_indicator=True,
    lower=0.19,
    upper=0.23,
)
_SPEND = model.Spend(
    spend_usd=42_000,
    unmatched_usd=None,
    impressions=None,
    watch_hours=None,
    depth=None,
    unconverted_rows=0,
)
_WON = model.Booked(
    conversion_type="won",
    conversions=10,
    value_usd=200_000,
    methods=3,
    video_min=3,
    video_max=4,
    video_usd_min=60_000,
    video_usd_max=80_000,
)
_REC = model.Recommendation(
    recommendation_id="r1",
    unit="v1/meta/hook_rate",
    action="scale",
    alternative="hold",
    size="0.15",
    objective="awareness",
    gain_mean=900,
    gain_low=400,
    gain_high=1500,
    probability_beats=0.9,
    voi=None,
    cost=None,
    grade="C",
    reason=None,
    expires_on=None,
)
_VIDEO = model.Video(
    video_key="v1",
    title="Film",
    objective="awareness",
    role=None,
    theme=None,
    owner=None,
    duration_seconds=None,
    published_date=None,
    is_mapped=True,
    matched_by=None,
    variants=1,
    placements=1,
    production_cost_usd=None,
    adaptation_cost_usd=None,
    media_spend_usd=None,
    total_cost_usd=None,
    period_spend_usd=None,
    period_impressions=None,
    period_watch_hours=None,
    last_seen=None,
    won_usd_min=None,
    won_usd_max=None,
    won_usd_mid=None,
    leads_min=None,
    leads_max=None,
)
_DEALS = model.Deals(
    deals=55,
    won=14,
    open=5,
    negative=1,
    identified=20,
    exposed_won=8,
    exposed_closed=20,
    unexposed_won=6,
    unexposed_closed=30,
    exposed_days=50,
    unexposed_days=60,
)
_COUNTERS = model.Counters(
    videos=0,
    first_date=None,
    last_date=None,
    definitions=1,
    gained=0,
    falls=0,
    views_taken_back=0,
    videos_with_falls=0,
    gaps=0,
)
_CLAIM = model.Claim(
    platform="youtube",
    channel="youtube_ads",
    interaction="click",
    window_days=30,
    claimed=30,
    own_leads=15,
    inflation_factor=2,
)
_ORIGIN = model.Origin(
    origin="referral",
    leads=10,
    won=1,
    win_rate=0.1,
    median_days=None,
    is_ranked=True,
    open_leads=9,
    censored_date=None,
)


def source(**changes: Any) -> model.Source:
    return replace(_SOURCE, **changes)


def kpi(**changes: Any) -> model.Kpi:
    return replace(_KPI, **changes)


def score(**changes: Any) -> model.Score:
    return replace(_SCORE, **changes)


def spend(**changes: Any) -> model.Spend:
    return replace(_SPEND, **changes)


def won(**changes: Any) -> model.Booked:
    return replace(_WON, **changes)


def rec(**changes: Any) -> model.Recommendation:
    return replace(_REC, **changes)


def video(**changes: Any) -> model.Video:
    return replace(_VIDEO, **changes)


def deals(**changes: Any) -> model.Deals:
    return replace(_DEALS, **changes)


def counters(**changes: Any) -> model.Counters:
    return replace(_COUNTERS, **changes)


def claim(**changes: Any) -> model.Claim:
    return replace(_CLAIM, **changes)


def origin(**changes: Any) -> model.Origin:
    return replace(_ORIGIN, **changes)
