"""Equal settings give equal worlds; a longer one only adds days."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from ingestion.world import Frame, View, World, WorldSettings, build
from ingestion.world.settings import START

FRAMES = (
    "videos", "variants", "placements", "campaigns", "regions", "claims_log", "search",
    "search_video", "search_appearance", "events", "contacts", "companies", "deals",
    "deal_stages", "deal_contacts", "finance", "customers", "invoices", "fx_rates",
    "production_costs", "objectives", "targets", "experiments", "page_changes",
    "definition_changes", "pages", "nps", "reviews", "tickets",
)  # fmt: skip
DIGEST = (
    "from ingestion.sandbox.scenarios import SCENARIOS; from ingestion.world import build;"
    "v = build(SCENARIOS['unit']).view();"
    "print(v.events.digest(), v.contacts.digest(), v.deals.digest(), v.search.digest(),"
    " sum(int(a.sum()) for a in v.delivery.values()))"
)


def frame(view: View, name: str) -> Frame:
    return getattr(view, name)


def test_longer_world_repeats_the_days_of_the_shorter(
    unit_world: World, unit_settings: WorldSettings
):
    longer = build(replace(unit_settings, days=unit_settings.days + 1))
    one, other = unit_world.view(), longer.view(unit_world.view().as_of)
    for name in FRAMES:
        a, b = frame(one, name), frame(other, name)
        assert a.names == b.names
        for column in a.names:
            assert np.array_equal(
                a[column], b[column], equal_nan=a[column].dtype.kind == "f"
            ), f"{name}.{column}"
    for name, values in one.delivery.items():
        assert np.array_equal(values, other.delivery[name]), name
    for name, cube in one.delivery_by_region.items():
        assert np.array_equal(cube, other.delivery_by_region[name]), name
    for name, matrix in one.claims.items():
        assert np.array_equal(matrix, other.claims[name]), name


def test_two_processes_make_the_same_world(unit_view: View):
    done = subprocess.run(
        [sys.executable, "-c", DIGEST], capture_output=True, text=True, check=True
    )
    total = sum(int(values.sum()) for values in unit_view.delivery.values())
    digests = [
        frame(unit_view, n).digest() for n in ("events", "contacts", "deals", "search")
    ]
    assert done.stdout.split() == [*digests, str(total)]


def test_another_seed_makes_other_data_of_the_same_company(
    unit_view: View, unit_settings: WorldSettings
):
    other = build(replace(unit_settings, seed=unit_settings.seed + 1)).view()
    assert other.events.digest() != unit_view.events.digest()
    assert not np.array_equal(other.delivery["starts"], unit_view.delivery["starts"])
    assert other.videos["title"].tolist() == unit_view.videos["title"].tolist()


def test_a_day_once_seen_stays_as_it_is(unit_world: World):
    # Nothing final is redrawn: yesterday's arrays are a part of today's.
    early = unit_world.view(START.replace(day=20))
    late = unit_world.view()
    rows, days = early.delivery["starts"].shape
    assert np.array_equal(
        early.delivery["starts"], late.delivery["starts"][:rows, :days]
    )
    assert np.array_equal(
        early.placements["placement_id"], late.placements["placement_id"][:rows]
    )
    count = len(early.events)
    assert np.array_equal(early.events["message_id"], late.events["message_id"][:count])


def test_luck_of_a_served_row_is_repeatable_and_even(unit_view: View):
    one = unit_view.hash01("views", np.arange(20_000), 3)
    assert np.array_equal(one, unit_view.hash01("views", np.arange(20_000), 3))
    assert abs(one.mean() - 0.5) < 0.01  # sd of a mean of 20,000 uniforms: 0.002
    assert abs(np.corrcoef(one[:-1], one[1:])[0, 1]) < 0.03
    assert not np.array_equal(one, unit_view.hash01("clicks", np.arange(20_000), 3))


def test_a_view_past_the_prepared_days_is_refused(unit_world: World):
    with pytest.raises(ValueError, match="hidden_days"):
        unit_world.view(START.replace(year=2027))
