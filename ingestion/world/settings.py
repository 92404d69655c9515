"""Every number of the simulated company that someone may want to change, with its unit in the name.

A scenario is a WorldSettings; the table of scenarios is ingestion/sandbox/scenarios.py.
Not here: mechanisms (they read these numbers), nor any reading of the environment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

# Q8: a video being available on a page raises the next step taken there.
STORIES = frozenset(f"S{number}" for number in range(1, 16)) | {"Q8"}
START = date(
    2025, 11, 1
)  # day 0 of every world: a fixed calendar, never the wall clock
HISTORY_DAYS = 730  # CRM, billing and customers' player events reach this far back


@dataclass(frozen=True)
class WorldSettings:
    """What makes one world. Equal settings give equal worlds, in any process."""

    seed: int = 20251101
    persons: int = 20_000
    days: int = 365
    hidden_days: int = 90  # lived at build, shown only when as_of reaches them
    burn_in_days: int = 60  # lived before day 0, so that ad stocks are full on day 0
    videos: int = 40
    opening_day: int | None = None  # as_of of a first run; None: the last of `days`
    media_usd_per_year: float = 167_000.0
    site_rate: float = 1.0  # multiplies persons' own visits
    stories: frozenset[str] = STORIES
    effect_scale: float = (
        1.0  # multiplies every channel's effect on leads; 0: nothing causes
    )
    hazard_form: Literal["mixed", "additive", "multiplicative"] = "mixed"
    demand_jumps: bool = False  # weeks of sudden demand, flights follow demand
    sales_led: bool = (
        True  # False: no accounts and no sales stages, orders come within days
    )
    click_scale: float = 1.0
    weekend_peak: bool = False
    fast_half_lives_days: tuple[
        float, ...
    ] = ()  # creatives of the paid feed that tire fast
    silent_family: str = ""  # a source family whose fake stops answering
    silent_from_day: int | None = None
    faults: frozenset[str] = (
        frozenset()
    )  # names the sandbox server understands; the world does not

    @property
    def start(self) -> date:
        return START

    @property
    def horizon(self) -> int:
        """Days lived from day 0; the last one is only there to fill the day before in UTC."""
        return self.days + self.hidden_days + 1

    @property
    def scale(self) -> float:
        """Size against the default world: crowds grow with persons."""
        return self.persons / 20_000

    @property
    def opening_date(self) -> date:
        day = self.days - 1 if self.opening_day is None else self.opening_day
        return START + timedelta(days=day)

    def tells(self, story: str) -> bool:
        return story in self.stories
