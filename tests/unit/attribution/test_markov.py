"""Removal effects against chains worked by hand and against public demo paths."""

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from warehouse.attribution import markov
from warehouse.attribution.markov import (
    BadPath,
    Chain,
    NotSettled,
    PathCount,
    chain,
    conversion_probability,
    credit,
    removal_effects,
    runs_of_paths,
)

# Channel: effect, effect on value, credited conversions, credited value (order 1),
# worked out beforehand by deleting each channel and solving the rest of the chain.
DEMO = {
    "alpha": (0.558399, 0.522986, 5344.947682, 18799.170626),
    "iota": (0.405835, 0.416694, 3884.614702, 14978.437288),
    "eta": (0.349026, 0.361425, 3340.847402, 12991.736667),
    "beta": (0.264039, 0.269511, 2527.352167, 9687.809216),
    "theta": (0.206010, 0.208954, 1971.912880, 7511.048475),
    "lambda": (0.134022, 0.143068, 1282.847223, 5142.720297),
    "epsilon": (0.062639, 0.065339, 599.570650, 2348.653825),
    "zeta": (0.039811, 0.040859, 381.062553, 1468.703015),
    "kappa": (0.028663, 0.031606, 274.363256, 1136.092538),
    "gamma": (0.017880, 0.020009, 171.145443, 719.236746),
    "delta": (0.000482, 0.000387, 4.613618, 13.918384),
    "mi": (0.000180, 0.000151, 1.722425, 5.444509),
}


def path(
    text: str, conversions: float = 0, nulls: float = 0, value: float = 0
) -> PathCount:
    return PathCount(tuple(text.split(">")), conversions, value, nulls)


@pytest.fixture(scope="session")
def demo_paths(shared: Path) -> list[PathCount]:
    file = shared / "real" / "attribution_paths_mta" / "paths.csv"
    with file.open(encoding="utf-8", newline="") as rows:
        return [
            PathCount(
                tuple(row["path"].split(" > ")),
                float(row["total_conversions"]),
                float(row["total_conversion_value"]),
                float(row["total_null"]),
            )
            for row in csv.DictReader(rows)
        ]


def test_effect_is_one_when_every_path_passes_the_channel() -> None:
    # a converts once and is lost once: without a nobody arrives at all.
    model = chain(runs_of_paths([path("a", conversions=1, nulls=1)]))
    assert removal_effects(model, model.conversion, ["a"]) == pytest.approx([1.0])


def test_effects_match_the_chain_solved_by_hand() -> None:
    # a>b converts once, a is lost once, b converts once.
    # start: a 2/3, b 1/3; a -> b 1/2, a -> loss 1/2; b -> conversion 1.
    # P = 2/3 * 1/2 + 1/3 = 2/3. Without a: 1/3, effect 1/2. Without b: 0, effect 1.
    # Credit of 2 conversions: a 2/3, b 4/3.
    counted = [path("a>b", 1), path("a", 0, nulls=1), path("b", 1)]
    result = credit(chain(runs_of_paths(counted)))
    assert result.channels == ("a", "b")
    assert result.effect == pytest.approx([1 / 2, 1.0])
    assert result.conversions == pytest.approx([2 / 3, 4 / 3])


def test_value_effects_weigh_what_the_last_state_brings() -> None:
    # a ends with value 30, b with 10, each reached by half of all: effects 3/4, 1/4.
    counted = [path("a", 1, value=30), path("b", 1, value=10)]
    result = credit(chain(runs_of_paths(counted)))
    assert result.value_effect == pytest.approx([3 / 4, 1 / 4])
    assert result.value == pytest.approx([30.0, 10.0])


def test_windows_keep_equal_tokens_apart_in_order_two() -> None:
    # a>a>b remembers (a,a) then (a,b); a single b is one state of its own length.
    runs = runs_of_paths([path("a>a>b", 1), path("b", 0, nulls=1)], order=2)
    assert set(chain(runs).states) == {("a", "a"), ("a", "b"), ("b",)}


@pytest.mark.parametrize("order", [1, 2, 3])
def test_effects_equal_deleting_the_states_and_solving_again(order: int) -> None:
    rng = np.random.default_rng(5)
    names = np.array(list("abcde"))
    counted = [
        PathCount(tuple(rng.choice(names, rng.integers(1, 6)).tolist()), c, 2.0 * c, n)
        for c, n in rng.integers(0, 4, (80, 2)).tolist()
    ]
    model = chain(runs_of_paths(counted, order=order))
    whole = conversion_probability(model)
    effects = removal_effects(model, model.conversion, list("abcde"))
    for channel, effect in zip("abcde", effects, strict=True):
        keep = [i for i, state in enumerate(model.states) if channel not in state]
        rest = Chain(
            states=tuple(model.states[i] for i in keep),
            start=model.start[keep],
            transitions=model.transitions[np.ix_(keep, keep)],
            conversion=model.conversion[keep],
            value=model.value[keep],
            conversions=0.0,
            value_total=0.0,
        )
        lost = 1 - conversion_probability(rest) / whole
        assert effect == pytest.approx(lost, abs=1e-12)


@pytest.mark.parametrize("order", [1, 2])
def test_shorter_memory_is_counted_from_a_longer_one(
    demo_paths: list[PathCount], order: int
) -> None:
    counted = credit(chain(runs_of_paths(demo_paths, order=order)))
    shortened = credit(chain(runs_of_paths(demo_paths, order=3), order=order))
    assert shortened.channels == counted.channels
    assert shortened.effect == pytest.approx(counted.effect, abs=1e-12)
    assert shortened.value == pytest.approx(counted.value, rel=1e-12)


def test_demo_paths_give_the_known_table(demo_paths: list[PathCount]) -> None:
    result = credit(chain(runs_of_paths(demo_paths)))
    assert result.channels == tuple(sorted(DEMO))
    for i, channel in enumerate(result.channels):
        effect, value_effect, conversions, value = DEMO[channel]
        assert result.effect[i] == pytest.approx(effect, abs=6e-7)
        assert result.value_effect[i] == pytest.approx(value_effect, abs=6e-7)
        assert result.conversions[i] == pytest.approx(conversions, abs=6e-7)
        assert result.value[i] == pytest.approx(value, abs=6e-7)


@pytest.mark.parametrize(
    ("order", "alpha", "iota", "eta"),
    [
        (2, 5617.453854, 3810.511044, 3391.858163),
        (3, 5748.098650, 3791.029167, 3396.070645),
    ],
)
def test_demo_paths_give_the_known_credits_in_higher_orders(
    demo_paths: list[PathCount], order: int, alpha: float, iota: float, eta: float
) -> None:
    model = chain(runs_of_paths(demo_paths, order=order))
    result = credit(model)
    found = dict(zip(result.channels, result.conversions, strict=True))
    assert [found["alpha"], found["iota"], found["eta"]] == pytest.approx(
        [alpha, iota, eta], abs=6e-7
    )
    assert conversion_probability(model) == pytest.approx(0.2238451355968638, abs=1e-12)
    assert result.conversions.sum() == pytest.approx(19_785, abs=1e-8)
    assert result.value.sum() == pytest.approx(74_802.971587, abs=1e-6)


def test_effects_are_zero_when_nothing_converts() -> None:
    result = credit(chain(runs_of_paths([path("a>b", 0, nulls=3)])))
    assert result.effect.tolist() == [0.0, 0.0]
    assert result.conversions.tolist() == [0.0, 0.0]


def test_channel_that_never_leads_to_a_conversion_gets_nothing() -> None:
    counted = [path("a", 2), path("b>c", 0, nulls=5)]
    result = credit(chain(runs_of_paths(counted)))
    assert result.conversions.tolist() == [2.0, 0.0, 0.0]


def test_credit_is_empty_when_there_is_no_path() -> None:
    result = credit(chain(runs_of_paths([])))
    assert result.channels == ()
    assert result.conversions.size == 0


def test_path_of_ten_thousand_steps_is_one_channel_with_everything() -> None:
    # Leaving a has chance 1/10000 per step, and still the chain absorbs with certainty.
    result = credit(chain(runs_of_paths([PathCount(("a",) * 10_000, 1, 7, 0)])))
    assert result.effect == pytest.approx([1.0])
    assert result.value == pytest.approx([7.0])


@pytest.mark.parametrize(
    "bad",
    [PathCount((), 1, 1, 0), PathCount(("a",), -1, 0, 0), PathCount(("a",), 1, -5, 0)],
)
def test_path_is_refused_when_it_is_empty_or_negative(bad: PathCount) -> None:
    with pytest.raises(BadPath, match="row 1"):
        runs_of_paths([bad])


def test_large_chains_are_swept_to_the_same_effects(
    demo_paths: list[PathCount], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = chain(runs_of_paths(demo_paths, order=2))
    channels = sorted(DEMO)
    solved = removal_effects(model, model.value, channels)
    monkeypatch.setattr(markov, "DENSE_STATES", 0)
    assert removal_effects(model, model.value, channels) == pytest.approx(
        solved, abs=1e-11
    )


@pytest.mark.parametrize(("to_and_fro", "sweeps"), [(False, 1_000), (True, 40_000)])
def test_sweeps_settle_where_paths_are_a_thousand_steps_long(
    to_and_fro: bool, sweeps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chain whose paths go on in 999 of 1,000 cases, some 28,000 plain sweeps; and one
    that goes to and fro between two halves, where leaps gain nothing and harm nothing."""
    rng, size = np.random.default_rng(11), 60
    moves = rng.random((size, size)) ** 4
    if to_and_fro:
        moves[:30, :30] = moves[30:, 30:] = 0
    moves *= 0.999 / moves.sum(axis=1, keepdims=True)
    conversion = 0.001 * rng.random(size)
    model = Chain(
        states=tuple((f"channel {i % 5}", f"page {i}") for i in range(size)),
        start=np.full(size, 1 / size),
        transitions=sparse.csr_array(moves),
        conversion=conversion,
        value=100 * conversion,
        conversions=1.0,
        value_total=100.0,
    )
    channels = [f"channel {i}" for i in range(5)] + ["page 7"]
    solved = removal_effects(model, model.conversion, channels)
    monkeypatch.setattr(markov, "DENSE_STATES", 0)
    monkeypatch.setattr(markov, "MOST_SWEEPS", sweeps)
    swept = removal_effects(model, model.conversion, channels)
    assert swept == pytest.approx(solved, rel=1e-9)


def test_sweeps_that_never_settle_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markov, "DENSE_STATES", 0)
    monkeypatch.setattr(markov, "MOST_SWEEPS", 2)
    model = chain(runs_of_paths([path("a>b>c>d>a>b>c>d", 1)]))
    with pytest.raises(NotSettled, match="4 states did not settle in 2 sweeps"):
        removal_effects(model, model.conversion, ["a"])
