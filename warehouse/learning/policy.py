"""What was declared rather than learnt: half-lives, thresholds, caps.

Not here: what is estimated from data, and the order of the decision (recommend.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

MODEL_VERSION = "beta-binomial-1"

HORIZON_DAYS = 28  # what a recommendation looks ahead, and the traffic it counts on
DRAWS = 4_000  # joint draws per group: a probability is good to +-0.8 points
INTERVAL = (0.1, 0.9)  # the interval shown to people


@dataclass(frozen=True)
class Objective:
    """How fast an objective forgets, and how much it must have seen to be judged."""

    half_life_days: float
    minimum_trials: int


OBJECTIVES: Mapping[str, Objective] = MappingProxyType(
    {
        "awareness": Objective(half_life_days=10, minimum_trials=1_000),
        "acquisition": Objective(half_life_days=14, minimum_trials=500),
        "conversion": Objective(half_life_days=28, minimum_trials=200),
        "retention": Objective(half_life_days=56, minimum_trials=100),
        "credibility": Objective(half_life_days=84, minimum_trials=100),
    }
)

# Largest share of a group's traffic that one step may move, by evidence grade.
CAPS: Mapping[str, float] = MappingProxyType(
    {"A": 0.30, "B": 0.20, "C": 0.15, "D": 0.0, "E": 0.0}
)
LARGEST_LOSS = 0.01  # of the KPI: act only if being wrong costs no more than this
PROBABILITY_REVERSIBLE = 0.80
PROBABILITY_IRREVERSIBLE = 0.95
IRREVERSIBLE = frozenset({"retire"})

TEST_SHARE = 0.20  # of a group's traffic, split evenly among those tested
TEST_SETUP = 10.0  # successes; and never less than LARGEST_LOSS of those expected
TEST_CHALLENGERS = 3

CALIBRATED_COVER = (0.75, 0.85)  # of an 80 % interval, over the last 90 days
CALIBRATED_FORECASTS = 40  # fewer say nothing; their weeks overlap

# Which sources feed a channel; a stale one of them stops moves there. A channel that is
# not listed waits for every stale source.
SOURCES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "youtube_organic": frozenset({"youtube"}),
        "youtube_ads": frozenset({"google_ads", "youtube"}),
        "meta": frozenset({"meta_ads"}),
        "retargeting": frozenset({"meta_ads"}),
        "linkedin_ads": frozenset({"linkedin_ads"}),
        "tiktok_ads": frozenset({"tiktok_ads"}),
        "social_organic": frozenset(
            {"facebook_pages", "instagram", "tiktok", "linkedin_pages"}
        ),
        "site_player": frozenset({"site_events", "wistia"}),
        "sales_room": frozenset({"site_events", "hubspot"}),
        "email": frozenset({"hubspot", "site_events"}),
    }
)
JOURNEY_SOURCES = frozenset({"hubspot", "salesforce", "site_events"})


def stale_for(channel: str, objective: str, stale: frozenset[str]) -> frozenset[str]:
    """The stale sources that a decision on this channel and objective rests on."""
    needed = SOURCES.get(channel, stale)
    if objective != "awareness":
        needed |= JOURNEY_SOURCES
    return stale & needed
