"""What the page is made of: rows of `published`, typed, as the queries return them.

A field is None where the warehouse says null: not measured. Not here: SQL (queries.py),
words (words.py, text/).
"""

from dataclasses import dataclass
from datetime import date

from warehouse.report.model.company import (
    Counters,
    Definition,
    Finance,
    Identity,
    Kpi,
    Period,
    Quarantined,
    Score,
    Source,
    Spend,
    Week,
)
from warehouse.report.model.coverage import (
    Coverage,
    Reported,
    SearchCoverage,
)
from warehouse.report.model.journey import (
    Booked,
    Caused,
    CausedLeads,
    Channel,
    Claim,
    Deals,
    Issued,
    LiftTest,
    Origin,
    Recommendation,
    Search,
)
from warehouse.report.model.videos import (
    Belief,
    Counted,
    Fleet,
    Placement,
    Retention,
    Video,
)

ALL = "all"
UNMATCHED = "unmatched"
OBJECTIVES = ("awareness", "acquisition", "conversion", "retention", "credibility")


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
    caused: tuple[Caused, ...]
    caused_leads: CausedLeads | None
    lift_tests: tuple[LiftTest, ...]
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
    counted: tuple[Counted, ...]
    definitions: tuple[Definition, ...]
    quarantined: tuple[Quarantined, ...]
    finance: Finance
    themes: tuple[tuple[str, tuple[str, ...]], ...]


__all__ = [
    "ALL",
    "OBJECTIVES",
    "UNMATCHED",
    "Belief",
    "Booked",
    "Caused",
    "CausedLeads",
    "Channel",
    "Claim",
    "Counted",
    "Counters",
    "Coverage",
    "Deals",
    "Definition",
    "Finance",
    "Fleet",
    "Identity",
    "Issued",
    "Kpi",
    "LiftTest",
    "Origin",
    "Page",
    "Period",
    "Placement",
    "Quarantined",
    "Recommendation",
    "Reported",
    "Retention",
    "Score",
    "Search",
    "SearchCoverage",
    "Source",
    "Spend",
    "Video",
    "Week",
]
