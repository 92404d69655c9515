"""Real A/B tests: arms of a week as units, the rest of each arm as what comes."""

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from scipy import special

from warehouse.learning.posteriors import QUANTILES, Array, fit_prior, posterior

FIRST = 300  # impressions learnt from; the rest of the arm is predicted


@pytest.fixture(scope="module")
def weeks(shared: Path) -> list[Array]:
    """Per week (arms, 2): impressions and clicks of arms with at least 2 * FIRST."""
    file = shared / "real" / "ab_upworthy" / "upworthy_exploratory_variants.csv"
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    with file.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            impressions, clicks = int(row["impressions"]), int(row["clicks"])
            if impressions >= 2 * FIRST:
                found[row["test_week"]].append((impressions, clicks))
    return [np.array(arms, dtype=float) for _, arms in sorted(found.items())]


def test_first_impressions_foretell_the_rest_of_real_arms(weeks: list[Array]) -> None:
    rng = np.random.default_rng(1)
    pits, loss, raw_loss = [], [], []
    for arms in weeks:
        n, k = arms.T.astype(int)
        trials = np.full(len(arms), float(FIRST))
        hits = rng.hypergeometric(k, n - k, FIRST).astype(float)
        came = (k - hits) / (n - FIRST)
        belief = posterior(fit_prior(trials, hits), trials, hits)
        # The rate of the rest varies by the belief's doubt and its own counting noise.
        mean = belief.mean
        variance = mean * (1 - mean) / (belief.a + belief.b + 1)
        variance += (mean * (1 - mean) - variance) / (n - FIRST)
        size = mean * (1 - mean) / variance - 1
        pits.append(special.betainc(mean * size, (1 - mean) * size, came))
        for rate, losses in ((mean, loss), ((hits + 0.5) / (FIRST + 1), raw_loss)):
            miss = (1 - came) * np.log((1 - came) / (1 - rate))
            losses.append(special.xlogy(came, came / rate) + miss)
    pit = np.concatenate(pits)
    low95, low80, _, high80, high95 = QUANTILES
    assert len(pit) > 20_000
    assert np.mean((pit >= low80) & (pit <= high80)) == pytest.approx(0.80, abs=0.03)
    assert np.mean((pit >= low95) & (pit <= high95)) == pytest.approx(0.95, abs=0.02)
    ratio = np.concatenate(loss).mean() / np.concatenate(raw_loss).mean()
    assert ratio < 0.70
