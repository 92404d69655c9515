"""How much is known: coverage and reports coarser than days."""

from dataclasses import dataclass
from datetime import date


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
    periods: int
    rows: int
