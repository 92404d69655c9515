"""A world in which TikTok ads run, claim conversions, and one of them is deleted."""

from dataclasses import replace

import pytest

from ingestion.sandbox.scenarios import SCENARIOS
from ingestion.world import View, World, build


@pytest.fixture(scope="package")
def ads_world() -> World:
    months = {"videos": 28, "days": 170, "hidden_days": 10}
    return build(replace(SCENARIOS["unit"], media_usd_per_year=300_000.0, **months))


@pytest.fixture(scope="package")
def ads_view(ads_world: World) -> View:
    return ads_world.view()
