"""The set game: brute force over all orders, known cases, drawn orders near the exact ones."""

from itertools import permutations

import numpy as np
import pytest

from warehouse.attribution import shapley
from warehouse.attribution.shapley import SetCount, credit


def of(channels: str, paths: float, conversions: float, value: float = 0.0) -> SetCount:
    return SetCount(frozenset(channels), paths, conversions, value)


def some_sets(count: int, seed: int, sets: int = 60) -> list[SetCount]:
    random = np.random.default_rng(seed)
    names = [f"c{i:02d}" for i in range(count)]
    found = []
    for _ in range(sets):
        size = int(random.integers(1, min(count, 5) + 1))
        members = frozenset(random.choice(names, size, replace=False).tolist())
        paths = int(random.integers(1, 50))
        conversions = int(random.integers(0, paths + 1))
        found.append(SetCount(members, paths, conversions, 3.5 * conversions))
    return found


def test_two_channels_by_hand() -> None:
    # Alone a converts 1 of 4, b 1 of 2; together all paths 3 of 8. a adds 1/4 when it
    # comes first and 3/8 - 1/2 when second: 1/16; b adds 1/2 and 3/8 - 1/4: 5/16.
    # Of the 3 conversions that is 1/6 and 5/6.
    found = credit([of("a", 4, 1), of("b", 2, 1), of("ab", 2, 1)])
    assert found.channels == ("a", "b")
    assert found.conversions == pytest.approx([0.5, 2.5])


@pytest.mark.parametrize("seed", range(5))
def test_equals_the_average_over_all_orders(seed: int) -> None:
    sets = some_sets(5, seed, sets=12)
    found = credit(sets)

    def worth(coalition: set[str]) -> float:
        inside = [each for each in sets if each.channels <= coalition]
        paths = sum(each.paths for each in inside)
        return sum(each.conversions for each in inside) / paths if paths else 0.0

    gains = dict.fromkeys(found.channels, 0.0)
    orders = list(permutations(found.channels))
    for order in orders:
        for i, channel in enumerate(order):
            before = set(order[:i])
            gains[channel] += worth(before | {channel}) - worth(before)
    earned = np.maximum([gains[c] / len(orders) for c in found.channels], 0.0)
    booked = sum(each.conversions for each in sets)
    assert found.conversions == pytest.approx(earned / earned.sum() * booked, abs=1e-9)


def test_drawn_orders_come_near_the_exact_value_within_their_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sets = some_sets(12, seed=3)
    exact = credit(sets)
    monkeypatch.setattr(shapley, "EXACT_CHANNELS", 0)
    drawn = credit(sets)
    assert not exact.conversions_se.any()
    assert drawn.conversions_se.max() <= 0.02 * drawn.conversions.max()
    gaps = np.abs(drawn.conversions - exact.conversions) / drawn.conversions_se
    assert np.median(gaps) < 1.5
    assert gaps.max() < 5  # of twelve: none far outside its own error


def test_hundreds_of_channels_are_drawn() -> None:
    found = credit(some_sets(300, seed=8, sets=900))
    assert len(found.channels) > 250
    assert found.conversions_se.max() > 0
    assert np.isfinite(found.conversions).all()


def test_channel_that_only_lowers_the_rate_earns_nothing() -> None:
    found = credit([of("a", 2, 2), of("ab", 10, 1)])
    assert found.conversions.tolist() == [3.0, 0.0]


def test_nothing_converted_gives_zeros() -> None:
    found = credit([of("a", 2, 0), of("b", 1, 0)])
    assert found.conversions.tolist() == [0.0, 0.0]


def test_no_path_gives_no_channel() -> None:
    assert credit([]).channels == ()


def test_negative_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="never less than 0"):
        credit([of("a", 1, -1)])
