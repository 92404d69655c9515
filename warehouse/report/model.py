"""What the page is made of: rows of `published`, typed, as the queries return them.

A field is None where the warehouse says null: not measured. Not here: SQL (queries.py),
words (words.py, text.py).
"""

from dataclasses import dataclass
from datetime import date, timedelta

ALL = "all"
UNMATCHED = "unmatched"
OBJECTIVES = ("awareness", "acquisition", "conversion", "retention", "credibility")


@dataclass(frozen=True, slots=True)
class Identity:
    generation: int
    as_of: date
    mode: str
    is_simulated: bool


@dataclass(frozen=True, slots=True)
class Period:
    """Both days included."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def before(self) -> "Period":
        length = timedelta(days=self.days)
        return Period(self.start - length, self.end - length)


@dataclass(frozen=True, slots=True)
class Source:
    source: str
    family: str
    title: str
    status: str
    reason: str | None
    last_date: date | None
    expected_date: date | None
    quarantined: int | None
    new_columns: str | None


@dataclass(frozen=True, slots=True)
class Kpi:
    kpi: str
    objective: str
    level: str
    kind: str
    unit: str
    good: str
    version: str
    says: str
    formula: str
    evidence_grade: str


@dataclass(frozen=True, slots=True)
class Score:
    objective: str
    kpi: str
    video_key: str
    is_previous: bool
    start: date
    end: date
    numerator: float | None
    denominator: float | None
    value: float | None
    target: float | None
    is_attained: bool | None
    is_indicator: bool
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class Week:
    kpi: str
    week_start: date
    value: float | None


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
class Spend:
    """Media spend and exposure of one span of days."""

    spend_usd: float | None
    unmatched_usd: float | None
    impressions: int | None
    watch_hours: float | None
    depth: float | None
    unconverted_rows: int


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel over everything on record, with its range over counting methods."""

    channel: str
    says: str | None
    is_video: bool
    is_paid: bool
    spend_usd: float | None
    impressions: int | None
    watch_hours: float | None
    methods: int | None
    leads_min: float | None
    leads_max: float | None
    won_min: float | None
    won_max: float | None
    won_usd_min: float | None
    won_usd_max: float | None

    def per_thousand(self, value: float | None) -> float | None:
        if value is None or not self.spend_usd or self.spend_usd <= 0:
            return None
        return 1000 * value / self.spend_usd


@dataclass(frozen=True, slots=True)
class Booked:
    """Conversions of one type on record, and the part that had a video touch.

    `video_min` .. `video_usd_max`: over the counting methods.
    """

    conversion_type: str
    conversions: float
    value_usd: float
    methods: int
    video_min: float
    video_max: float
    video_usd_min: float
    video_usd_max: float


@dataclass(frozen=True, slots=True)
class Claim:
    """What a platform claims for a channel, a window each: never added together."""

    platform: str
    channel: str
    by_click: float | None
    by_view: float | None
    own_leads: float | None
    inflation_factor: float | None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One of today's. `voi` and `cost` of a test are successes of its metric."""

    recommendation_id: str
    unit: str
    action: str
    alternative: str | None
    size: str | None
    objective: str | None
    gain_mean: float | None
    gain_low: float | None
    gain_high: float | None
    probability_beats: float | None
    voi: float | None
    cost: float | None
    grade: str
    reason: str | None
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class Issued:
    """Recommendations so far; `earlier` ones are not today's."""

    issued: int
    earlier: int
    last_earlier: date | None


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
class Origin:
    origin: str
    leads: int
    won: int
    win_rate: float | None
    median_days: float | None
    is_ranked: bool
    open_leads: int
    censored_date: date | None


@dataclass(frozen=True, slots=True)
class Deals:
    """Closed deals by whether a video was seen before, and what is odd about deals."""

    deals: int
    open: int
    negative: int
    identified: int
    exposed_won: int
    exposed_closed: int
    unexposed_won: int
    unexposed_closed: int
    exposed_days: float | None
    unexposed_days: float | None


@dataclass(frozen=True, slots=True)
class Search:
    account_id: str
    search_type: str
    clicks: int | None
    clicks_before: int | None
    impressions: int | None
    impressions_before: int | None


@dataclass(frozen=True, slots=True)
class SearchCoverage:
    account_id: str
    search_type: str
    report: str
    clicks: int | None
    share: float | None
    is_total: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    subject: str
    covered: float | None
    total: float | None
    share: float | None


@dataclass(frozen=True, slots=True)
class Reported:
    """One value of a report that is coarser than the daily tables."""

    source: str
    account_id: str
    report: str
    start: date | None
    end: date | None
    breakdown: str
    breakdown_value: str
    metric: str
    amount: float | None
    unit: str | None
    rank: int
    rows: int


@dataclass(frozen=True, slots=True)
class Counters:
    """What platforms changed in counters that only ever grow."""

    falls: int
    views_taken_back: int
    videos_with_falls: int
    gaps: int


@dataclass(frozen=True, slots=True)
class Definition:
    """A platform that counted views in more than one way inside the period."""

    platform: str
    definitions: int


@dataclass(frozen=True, slots=True)
class Quarantined:
    source: str
    table_name: str
    reason: str
    rows: int


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the page and the summary know."""

    identity: Identity
    period: Period
    sources: tuple[Source, ...]
    kpis: dict[str, Kpi]
    scores: tuple[Score, ...]
    weeks: tuple[Week, ...]
    fleet: Fleet
    videos: tuple[Video, ...]
    names: dict[str, str]
    spend: Spend
    spend_before: Spend
    first_day: date | None
    channels: tuple[Channel, ...]
    booked: dict[str, Booked]
    carriers: int
    claims: tuple[Claim, ...]
    recommendations: tuple[Recommendation, ...]
    issued: Issued
    beliefs: tuple[Belief, ...]
    placements: tuple[Placement, ...]
    retention: tuple[Retention, ...]
    origins: tuple[Origin, ...]
    deals: Deals
    search: tuple[Search, ...]
    search_coverage: tuple[SearchCoverage, ...]
    coverage: tuple[Coverage, ...]
    reported: tuple[Reported, ...]
    counters: Counters
    definitions: tuple[Definition, ...]
    quarantined: tuple[Quarantined, ...]
    themes: tuple[tuple[str, tuple[str, ...]], ...]
