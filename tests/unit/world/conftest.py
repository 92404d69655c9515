"""Worlds shared by these tests, each lived once."""

from dataclasses import replace

import pytest

from ingestion.sandbox.scenarios import SCENARIOS
from ingestion.world import View, World, WorldSettings
from ingestion.world.truth import Truth, truth_of
from ingestion.world.world import records_of

UNIT = SCENARIOS["unit"]
# A fifth of the default company for its whole year: all stories, a second to live.
YEAR = replace(
    SCENARIOS["default"], persons=4_000, media_usd_per_year=33_400.0, hidden_days=0
)


def seen(truth: Truth) -> World:
    """The world that sources show of a life whose truth is kept as well."""
    return World(settings=truth.settings, records=records_of(truth.stage, truth.life))


@pytest.fixture(scope="session")
def unit_settings() -> WorldSettings:
    return UNIT


@pytest.fixture(scope="session")
def unit_truth() -> Truth:
    return truth_of(UNIT)


@pytest.fixture(scope="session")
def year_truths() -> list[Truth]:
    """Three seeds of the year: a story is judged over them, never on one."""
    return [truth_of(replace(YEAR, seed=seed)) for seed in (11, 12, 13)]


@pytest.fixture(scope="session")
def year_views(year_truths: list[Truth]) -> list[View]:
    return [seen(truth).view() for truth in year_truths]
