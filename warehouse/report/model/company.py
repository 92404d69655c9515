"""What the whole company is judged by: period, sources, KPIs, spend."""

from dataclasses import dataclass
from datetime import date, timedelta


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
class Spend:
    """Media spend and exposure of one span of days."""

    spend_usd: float | None
    unmatched_usd: float | None
    impressions: int | None
    watch_hours: float | None
    depth: float | None
    unconverted_rows: int


@dataclass(frozen=True, slots=True)
class Definition:
    """A platform that counted views in more than one way inside the period."""

    platform: str
    definitions: int


@dataclass(frozen=True, slots=True)
class Counters:
    """Lifetime counters of platform videos; falls and gaps are of the period."""

    videos: int
    first_date: date | None
    last_date: date | None
    definitions: int  # of a view, among them
    gained: int
    falls: int
    views_taken_back: int
    videos_with_falls: int
    gaps: int


@dataclass(frozen=True, slots=True)
class Finance:
    """Booked deals beside the finance file, over the months that it reaches."""

    months: int
    booked_usd: float | None
    finance_usd: float | None
    missing: int
    differing: int


@dataclass(frozen=True, slots=True)
class Quarantined:
    source: str
    table_name: str
    reason: str
    rows: int
