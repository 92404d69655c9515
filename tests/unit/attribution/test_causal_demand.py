"""Demand that moves by region and week: told from what flights do, on panels made by hand."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.attribution import scores
from benchmarks.attribution.worlds import world
from warehouse.attribution.causal import demand
from warehouse.attribution.causal.exposure import Pairs
from warehouse.attribution.causal.hazards import Likelihood, fitted
from warehouse.attribution.causal.inputs import (
    Array,
    Channels,
    Conversions,
    Inputs,
    Ints,
    People,
    Touches,
)
from warehouse.attribution.causal.model import attribute
from warehouse.attribution.causal.panel import MOST_CELLS, Panel, _cells
from warehouse.attribution.causal.posterior import quadratic

CELLS, PEOPLE, RATE = 80, 400, 0.05  # person-days of a cell; conversions of one


def panel(moved: Array, exposed: Array, random: np.random.Generator) -> Panel:
    """Every person-day of each cell, seen once; an exposure of 1 for some of them.

    Shape: moved (cells,) log demand, exposed (cells,) share of people.
    """
    cell = np.repeat(np.arange(len(moved)), PEOPLE)
    a = (random.random(len(cell)) < exposed[cell]).astype(np.float64)
    buys = random.random(len(cell)) < RATE * np.exp(moved[cell])
    order = np.concatenate([np.flatnonzero(buys), np.arange(len(cell))])
    done, rows = int(buys.sum()), len(order)
    none = np.zeros(0, dtype=np.int64)
    return Panel(
        converted=done,
        person=order,
        at=np.zeros(rows),
        weight=np.where(np.arange(rows) < done, 1e-9, 1.0),
        baseline=np.ones((rows, 1)),
        ridge=np.full(1, 1e-6),
        cell=cell[order],
        exposed=a[order, None],
        column=np.zeros(1, dtype=np.int64),
        half_life=np.full(1, 5.0),
        raw=a[order[:done], None],
        unlogged=np.zeros((done, 1)),
        pairs=Pairs(none, none, np.zeros(0)),
    )


@pytest.mark.parametrize("wide", [0.2, 0.5, 0.9])
def test_width_of_demand_is_found_again(wide: float) -> None:
    random = np.random.default_rng(3)
    moved = wide * random.standard_normal(CELLS)
    found, _ = demand.deviation(panel(moved, np.full(CELLS, 0.3), random))
    assert found == pytest.approx(moved.std(), rel=0.2)


def test_demand_that_stands_still_shrinks_to_next_to_nothing() -> None:
    random = np.random.default_rng(4)
    found, _ = demand.deviation(panel(np.zeros(CELLS), np.full(CELLS, 0.3), random))
    assert found < 0.1


def test_flights_that_go_where_demand_is_earn_nothing_by_it() -> None:
    random = np.random.default_rng(5)
    moved = 0.5 * random.standard_normal(CELLS)
    follows = np.where(moved > 0, 0.6, 0.1)
    made = panel(moved, follows, random)
    blind = replace(made, cell=np.full(len(made.cell), -1))
    width, start = demand.deviation(made)
    _, told = fitted(made, "multiplicative", width, start)
    _, fooled = fitted(blind, "multiplicative", *demand.deviation(blind))
    assert fooled.x[-1] > 0.4  # exp(0.4): half as many again, where nothing is caused
    assert told.x[-1] < 0.2


def test_slopes_are_those_of_the_loss() -> None:
    random = np.random.default_rng(6)
    made = panel(0.4 * random.standard_normal(5), np.full(5, 0.3), random)
    made.cell[::7] = -1
    for form in ("multiplicative", "mixed", "additive"):
        model = Likelihood(made, form, 0.3)
        x = np.abs(0.3 * random.standard_normal(len(model.precision)))
        x[0] = np.log(RATE)

        def loss(at: Array, model: Likelihood = model) -> float:
            return model.loss(at, model.parts(at))

        steps = 1e-5 * np.eye(len(x))
        slope = [(loss(x + step) - loss(x - step)) / 2e-5 for step in steps]
        assert model.gradient(x, model.parts(x)) == pytest.approx(
            np.array(slope), rel=1e-5, abs=1e-4
        )


def test_curvature_is_that_of_a_column_for_every_cell() -> None:
    random = np.random.default_rng(7)
    made = panel(0.4 * random.standard_normal(5), np.full(5, 0.3), random)
    made.cell[::7] = -1
    in_columns = np.eye(6)[made.cell + 1][:, 1:]
    wide = replace(
        made,
        baseline=np.hstack([made.baseline, in_columns]),
        ridge=np.append(made.ridge, np.full(5, 0.3**-2)),
        cell=np.full(len(made.cell), -1),
    )
    one, other = Likelihood(made, "mixed", 0.3), Likelihood(wide, "mixed", 1.0)
    x = np.array([np.log(RATE), 0.1, -0.2, 0.3, 0.0, 0.2, 0.4])
    assert one.curvature(one.parts(x)) == pytest.approx(
        other.curvature(other.parts(x)), rel=1e-9
    )


def test_what_is_known_of_effects_is_that_with_a_column_for_every_cell() -> None:
    random = np.random.default_rng(8)
    made = panel(0.4 * random.standard_normal(5), np.full(5, 0.3), random)
    in_columns = np.eye(5)[made.cell]
    wide = replace(
        made,
        baseline=np.hstack([made.baseline, in_columns]),
        ridge=np.append(made.ridge, np.full(5, 0.3**-2)),
        cell=np.full(len(made.cell), -1),
    )
    owner = np.arange(len(made.cell))
    one = quadratic(*fitted(made, "multiplicative", 0.3), owner)
    other = quadratic(*fitted(wide, "multiplicative", 1.0), owner)
    assert one.precision == pytest.approx(other.precision, rel=1e-6)
    assert one.pull == pytest.approx(other.pull, rel=1e-6)
    b = np.array([0.2])
    assert one.beside(b) == pytest.approx(other.beside(b), rel=1e-6, abs=1e-9)


def test_company_whose_flights_follow_demand_is_read_rightly() -> None:
    made = world(4, kind="follows")
    found = attribute(made.inputs)
    assert scores.l1(found.total, made.truth) < 0.3  # 0.48 where cells have no demand
    assert abs(scores.level(found.total, made.truth)) < 0.2  # 0.24


def _inputs(region: Ints, days: float) -> Inputs:
    people = len(region)
    return Inputs(
        channels=Channels(("a",), *(np.zeros(1, dtype=bool) for _ in range(4))),
        touches=Touches(
            np.zeros(1, dtype=np.int64),
            np.zeros(1, dtype=np.int64),
            np.array([days]),
            np.ones(1),
        ),
        conversions=Conversions(np.zeros(1, dtype=np.int64), np.ones(1), np.ones(1)),
        people=People(
            np.ones(people),
            region,
            np.zeros((people, 0)),
            np.zeros((people, 0), dtype=np.int64),
        ),
        coverage=np.ones(1),
    )


def test_cell_is_a_region_in_a_week() -> None:
    person, at = np.array([0, 1, 1, 2, 2]), np.array([0.5, 6.9, 7.0, 7.0, 13.9])
    found = _cells(_inputs(np.array([0, 0, 1]), 13.9), person, at)
    assert found[0] == found[1]  # one region, its first week
    assert found[3] == found[4]  # the other, its second
    assert len(np.unique(found)) == 3


def test_company_of_one_region_has_no_cells() -> None:
    found = _cells(_inputs(np.zeros(3, dtype=np.int64), 20.0), np.arange(3), np.ones(3))
    assert (found == -1).all()


def test_smallest_regions_are_one_where_there_are_too_many() -> None:
    region = np.concatenate([np.arange(700), np.zeros(10, dtype=np.int64)])
    person = np.arange(len(region))
    found = _cells(_inputs(region, 6.0), person, np.zeros(len(region)))
    assert found.max() == MOST_CELLS - 1
    assert (found == found[0]).sum() == 11  # the largest stays by itself
