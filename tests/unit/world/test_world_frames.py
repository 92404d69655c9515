"""Frames and hashed counts: small tools with answers known by hand."""

import numpy as np
import pytest
from pytest import approx

from ingestion.world.frames import Coded, Frame, HexKeys, stack, text
from ingestion.world.hashing import binomial, hash01, normal, poisson
from ingestion.world.seasons import midnights, utc_day, utc_midnight

SEED = 5


def small() -> Frame:
    return Frame(
        {
            "key": HexKeys(np.array([1, 0, 255], dtype=np.uint64), "a-"),
            "word": Coded(np.array([1, -1, 0]), text(["no", "yes"])),
            "n": np.array([3, 1, 2]),
        }
    )


def test_coded_columns_read_as_text_with_none():
    assert small()["word"].tolist() == ["yes", None, "no"]
    assert small()["key"].tolist() == ["a-0000000000000001", None, "a-00000000000000ff"]


def test_frame_keeps_rows_together_when_cut_and_sorted():
    frame = small().sort("n")
    assert frame["word"].tolist() == [None, "no", "yes"]
    assert frame.where(frame["n"] > 1)["key"].tolist()[0] == "a-00000000000000ff"
    assert len(stack([frame, small()])) == 6


def test_frame_refuses_columns_of_different_length():
    with pytest.raises(ValueError, match="differ in length"):
        Frame({"a": np.zeros(2), "b": np.zeros(3)})


def test_digest_changes_with_a_cell():
    frame = small()
    assert frame.digest() == small().digest()
    assert frame.digest() != frame.replaced(n=np.array([3, 1, 9])).digest()


def test_hashed_binomial_has_mean_and_spread_of_its_law():
    rows = np.arange(40_000)
    for trials, chance in ((6, 0.3), (400, 0.004), (900, 0.4), (50, 0.9)):
        drawn = binomial(np.full(len(rows), trials), np.array(chance), SEED, "b", rows)
        spread = np.sqrt(trials * chance * (1 - chance))
        assert drawn.mean() == approx(
            trials * chance, abs=5 * spread / 200
        )  # 5 sd of a mean
        assert drawn.std() == approx(spread, rel=0.03)
        assert drawn.min() >= 0
        assert drawn.max() <= trials


def test_hashed_poisson_has_the_mean_of_its_law():
    rows = np.arange(40_000)
    for mean in (0.02, 1.7, 80.0):
        drawn = poisson(np.full(len(rows), mean), SEED, "p", rows)
        assert drawn.mean() == approx(mean, abs=5 * np.sqrt(mean) / 200)


def test_hashed_normal_is_standard():
    drawn = normal(SEED, "n", np.arange(40_000))
    assert drawn.mean() == approx(0.0, abs=0.025)
    assert drawn.std() == approx(1.0, abs=0.02)


def test_hash_depends_on_seed_purpose_and_every_key():
    one = hash01(SEED, "x", 1, 2)
    others = (hash01(6, "x", 1, 2), hash01(SEED, "y", 1, 2), hash01(SEED, "x", 2, 1))
    assert all(float(one) != float(other) for other in others)


def test_days_are_bounded_by_local_midnight_through_the_clock_change():
    # Berlin leaves summer time on 2026-10-25, day 358: that day has 25 hours.
    bounds = midnights("Europe/Berlin", 357, 3)
    assert (np.diff(bounds) / 3_600_000).tolist() == [24, 25, 24]
    assert utc_day(utc_midnight(np.array([0, 364]))).tolist() == [0, 364]
