"""From exposure to money: channels, conversions, advice, deals, search."""

from dataclasses import dataclass
from datetime import date


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
class Caused:
    """Leads that would not have come without a channel, or one video of it (not `all`).

    `low` and `high` are the 90 % interval; `last` is what last touch gives the same.
    """

    channel: str
    video_key: str
    title: str | None
    evidence: str  # experiment, flights, visits
    grade: str
    leads: float
    low: float
    high: float
    last: float


@dataclass(frozen=True, slots=True)
class CausedLeads:
    """All leads on record, and those of them that would not have come."""

    leads: float
    caused: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LiftTest:
    """A test with and without a channel: conversions added in it, 90 % interval.

    `share` of all that come there with the channel on.
    """

    channel: str
    kind: str  # holdout, regions
    name: str | None
    regions: int
    is_switched_off: bool
    start: date | None
    end: date | None
    added: float | None
    low: float | None
    high: float | None
    share: float | None
    grade: str | None
    is_used: bool
    unused_because: str | None
    is_conflict: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """What a platform claims for a channel by one window: never added together."""

    platform: str
    channel: str
    interaction: str  # click, engaged_view, view
    window_days: int
    claimed: float | None
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
    won: int
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
    all_clicks: int | None
    last_date: date | None
