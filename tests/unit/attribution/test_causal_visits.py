"""Visits that converted beside visits that did not, on logs that know browsers alone.

People want to buy more or less, come by themselves as they want to, and become known only by
converting; each of their visits is one of several short-lived browsers. What an ad adds is
planted or not; the panel by person and day, given the same log, is the yardstick.
"""

import numpy as np
import pytest

from warehouse.attribution.causal.inputs import (
    Channels,
    Conversions,
    Inputs,
    NotEnoughData,
    Options,
    People,
    Touches,
)
from warehouse.attribution.causal.model import Estimate, estimated_at_visits
from warehouse.attribution.causal.visits import Visits

NAMES = ("ad", "feed", "search", "direct")
AD, FEED, SEARCH, DIRECT = range(4)
PEOPLE, DAYS, DEVICES = 3_000, 90, 3
SEEDS = range(6)
OPTIONS = Options(draws=20)


def log(seed: int, effect: float) -> tuple[tuple[Inputs, Visits], float]:
    """A log of browsers, and how many conversions the ad truly caused."""
    random = np.random.default_rng([seed, 5])
    static = 0.6 * random.normal(size=PEOPLE)
    moving = np.zeros(PEOPLE)
    stock = np.zeros(PEOPLE)
    done = np.zeros(PEOPLE, dtype=bool)
    touches: list[tuple[np.ndarray, int, np.ndarray]] = []
    ends: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    caused = 0.0
    for day in range(DAYS):
        moving = 0.95 * moving + 0.3 * random.normal(size=PEOPLE)
        wish = np.exp(static + moving)
        for channel, rate in (
            (AD, 0.02 * wish**0.5),
            (FEED, 0.02 * wish**0.5),
            (SEARCH, 0.02 * wish),
            (DIRECT, 0.02 * wish),
        ):
            who = np.flatnonzero(random.random(PEOPLE) < rate)
            touches.append((who, channel, day + random.random(who.size)))
            if channel == AD:
                stock[who] += 1.0
        usual = 0.002 * wish * ~done
        hazard = usual * (1 + effect * (1 - np.exp(-stock)))
        caused += float((hazard - usual).sum())
        new = np.flatnonzero(random.random(PEOPLE) < hazard)
        done[new] = True
        by = random.choice([SEARCH, DIRECT], new.size)
        ends.append((new, by, day + random.random(new.size)))
        stock *= 0.87
    return _seen(random, touches, ends), caused


def _seen(random, touches, ends):
    """What a tracker sees: every browser by itself, until the conversion."""
    person = np.concatenate([who for who, _, _ in touches])
    channel = np.concatenate([np.full(who.size, c) for who, c, _ in touches])
    at = np.concatenate([when for _, _, when in touches])
    lead = np.concatenate([who for who, _, _ in ends])
    lead_by = np.concatenate([by for _, by, _ in ends])
    lead_at = np.concatenate([when for _, _, when in ends])
    until = np.full(PEOPLE, np.inf)
    until[lead] = lead_at
    kept = at < until[person]
    person, channel, at = person[kept], channel[kept], at[kept]
    browser = person * DEVICES + random.integers(0, DEVICES, person.size)
    lead_browser = lead * DEVICES + random.integers(0, DEVICES, lead.size)
    every = np.concatenate([browser, lead_browser])
    first = np.full(PEOPLE * DEVICES, np.inf)
    np.minimum.at(first, every, np.concatenate([at, lead_at]))
    order = np.lexsort((at, browser))
    null = np.array([False, False, False, True])
    nothing = np.zeros(4, dtype=bool)
    moments = np.concatenate([lead_at, at])
    inputs = Inputs(
        channels=Channels(NAMES, nothing, null, nothing, nothing),
        touches=Touches(
            browser[order], channel[order], at[order], np.ones(browser.size)
        ),
        conversions=Conversions(lead_browser, lead_at, np.zeros(lead.size)),
        people=People(
            np.ones(PEOPLE * DEVICES),
            np.zeros(PEOPLE * DEVICES, dtype=np.int64),
            np.zeros((PEOPLE * DEVICES, 0)),
            np.zeros((PEOPLE * DEVICES, 0), dtype=np.int64),
        ),
        coverage=np.ones(4),
    )
    visits = Visits(
        browser=np.concatenate([lead_browser, browser]),
        at=moments,
        channel=np.concatenate([lead_by, channel]),
        known_for=moments - first[np.concatenate([lead_browser, browser])],
        weight=np.ones(moments.size),
    )
    return inputs, visits


@pytest.fixture(scope="module")
def idle() -> list[Estimate]:
    found = []
    for seed in SEEDS:
        (inputs, visits), _ = log(seed, 0.0)
        found.append(estimated_at_visits(inputs, visits, OPTIONS))
    return found


@pytest.fixture(scope="module")
def working() -> list[tuple[Estimate, float]]:
    found = []
    for seed in SEEDS:
        (inputs, visits), caused = log(seed, 3.0)
        found.append((estimated_at_visits(inputs, visits, OPTIONS), caused))
    return found


def shares(found: Estimate) -> np.ndarray:
    return found.credits.sum(axis=0) / len(found.credits)


def test_without_effects_next_to_nothing_is_credited(idle: list[Estimate]) -> None:
    mean = np.mean([shares(found) for found in idle], axis=0)
    assert mean.sum() < 0.05
    assert mean[DIRECT] == 0


def test_an_ad_that_works_is_told_from_a_feed_that_does_not(
    working: list[tuple[Estimate, float]],
) -> None:
    mean = np.mean([shares(found) for found, _ in working], axis=0)
    assert mean[AD] > 3 * max(mean[FEED], mean[SEARCH])


def test_only_what_this_browser_met_is_credited(
    working: list[tuple[Estimate, float]],
) -> None:
    # three browsers a person: about a third of what the ad caused is behind the same one
    share = np.mean(
        [found.credits.sum(axis=0)[AD] / caused for found, caused in working]
    )
    assert 0.15 < share < 0.6


def test_credits_and_the_rest_make_one(working: list[tuple[Estimate, float]]) -> None:
    for found, _ in working:
        assert np.all(found.credits >= 0)
        assert np.all(found.credits.sum(axis=1) <= 1 + 1e-12)
        by_touch = np.bincount(
            found.split.conversion, found.split.credit, len(found.credits)
        )
        np.testing.assert_allclose(by_touch, found.credits.sum(axis=1), atol=1e-9)


def test_nothing_of_the_last_half_hour_counts() -> None:
    (inputs, visits), _ = log(1, 3.0)
    found = estimated_at_visits(inputs, visits, OPTIONS)
    age = (
        inputs.conversions.at[found.split.conversion]
        - inputs.touches.at[found.split.touch]
    )
    assert age.min() >= 0.5 / 24 - 1e-9


def test_too_few_conversions_are_refused() -> None:
    (inputs, visits), _ = log(1, 0.0)
    few = Inputs(
        inputs.channels,
        inputs.touches,
        Conversions(
            inputs.conversions.person[:20],
            inputs.conversions.at[:20],
            inputs.conversions.value[:20],
        ),
        inputs.people,
        inputs.coverage,
    )
    with pytest.raises(NotEnoughData, match="20 conversions, 300 are the least"):
        estimated_at_visits(few, visits, OPTIONS)
