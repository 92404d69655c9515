"""The truth: conversions expected with every set of channels switched off (Shapley).

At one moment the hazard is a function of which channels are on. Its Shapley value is the
integral over t of the multilinear extension's slope along the diagonal (Owen 1972); for
products and sums that integrand is a polynomial of degree 7, so four Gauss points give it
exactly. Visits that a video sent are gone when the video is off.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

Block = NDArray[np.float32]
Array = NDArray[np.float64]

LARGEST_SUM = 1.5  # of one channel, in the multiplicative form
SOLVED_ON = 8_000  # people


@dataclass
class Hazard:
    """Shape: sums, one (people, days) per channel; log_mu likewise once made.

    additive mu + h0 S; multiplicative mu exp(S); mixed mu (1 + S); rooted mu + sqrt(mu h0) S.
    `halo` names the visit channel and the two that send it visits; `halo_sums` is that
    channel's sum when the two are (off, off), (off, on), (on, off), (on, on).
    """

    form: str
    sums: list[Block]
    halo: tuple[int, int, int]
    halo_sums: dict[tuple[int, int], Block]
    log_mu: Block
    h0: float = 1.0

    def made(self, conversions: float, caused: float) -> "Hazard":
        """Scaled so that `conversions` are expected, this share of them caused."""
        small = self._part(slice(0, None, max(1, len(self.log_mu) // SOLVED_ON)))
        low, high = -12.0, 12.0
        for _ in range(40):
            middle = (low + high) / 2
            tried = small._times(float(np.exp(middle)), 0.0)
            share = 1 - float(np.exp(tried.log_mu).sum()) / tried.total()
            low, high = (middle, high) if share < caused else (low, middle)
        found = self._times(float(np.exp(low)), 0.0)
        return found._times(1.0, float(np.log(conversions / found.total())))

    def _part(self, rows: slice) -> "Hazard":
        return Hazard(
            self.form,
            [s[rows] for s in self.sums],
            self.halo,
            {key: s[rows] for key, s in self.halo_sums.items()},
            self.log_mu[rows],
        )

    def _times(self, effect: float, log_level: float) -> "Hazard":
        def bent(s: Block) -> Block:
            scaled = s * np.float32(effect)
            if self.form == "multiplicative":
                return np.minimum(scaled, np.float32(LARGEST_SUM))
            return scaled

        log_mu = self.log_mu + np.float32(log_level)
        return Hazard(
            self.form,
            [bent(s) for s in self.sums],
            self.halo,
            {key: bent(s) for key, s in self.halo_sums.items()},
            log_mu,
            float(np.exp(log_mu).mean()),
        )

    def unit(self) -> Block:
        """What a sum is multiplied with in the forms that add. Shape: (people, days)."""
        mu = np.exp(self.log_mu)
        if self.form == "mixed":
            return mu
        if self.form == "rooted":
            return np.sqrt(mu * np.float32(self.h0))
        return np.full_like(mu, self.h0)

    def all(self, without: int | None = None) -> Block:
        """Hazard of each person-day, with one channel switched off if one is named."""
        sums = list(self.sums)
        visits, first, second = self.halo
        if without in (first, second):
            key = (int(without != first), int(without != second))
            sums[visits] = self.halo_sums[key]
        if without is not None:
            sums[without] = np.zeros_like(self.log_mu)
        mu, total = np.exp(self.log_mu), sum(sums)
        if self.form == "multiplicative":
            return mu * np.exp(total)
        return mu + self.unit() * total

    def total(self, without: int | None = None) -> float:
        return float(self.all(without).sum(dtype=np.float64))


def gains(hazard: Hazard) -> list[Block]:
    """Shapley value of every channel at every person-day. Shape: each (people, days)."""
    if hazard.form != "multiplicative":
        return _added(hazard)
    mu = np.exp(hazard.log_mu)
    visits, *senders = hazard.halo
    ratios = [np.exp(s) for s in hazard.sums]
    with_visits = {key: np.exp(s) for key, s in hazard.halo_sums.items()}
    found = [np.zeros_like(mu) for _ in ratios]
    nodes, weights = np.polynomial.legendre.leggauss(4)
    for t, w in zip((nodes + 1) / 2, weights / 2, strict=True):
        t = np.float32(t)
        others = np.float32(w) * mu
        for j, ratio in enumerate(ratios):
            if j not in hazard.halo:
                others = others * (1 - t + t * ratio)
        chance = {0: 1 - t, 1: t}
        together = np.zeros_like(mu)
        for key in product((0, 1), repeat=2):
            mass = np.float32(1.0)
            for on, sender in zip(key, senders, strict=True):
                mass = mass * chance[on] * (ratios[sender] if on else 1)
            together += mass * (1 - t + t * with_visits[key])
            found[visits] += others * mass * (with_visits[key] - 1)
        for place, sender in enumerate(senders):
            other = senders[1 - place]
            for on in (0, 1):
                mass = chance[on] * (ratios[other] if on else 1)
                keys = [(a, on) if place == 0 else (on, a) for a in (0, 1)]
                off_, on_ = (1 - t + t * with_visits[key] for key in keys)
                found[sender] += others * mass * (ratios[sender] * on_ - off_)
        for j, ratio in enumerate(ratios):
            if j not in hazard.halo:
                found[j] += others / (1 - t + t * ratio) * (ratio - 1) * together
    return found


def _added(hazard: Hazard) -> list[Block]:
    visits, first, second = hazard.halo
    unit = hazard.unit()
    found = [unit * s for s in hazard.sums]
    s = hazard.halo_sums
    found[visits] = unit * (s[0, 0] / 3 + (s[1, 0] + s[0, 1]) / 6 + s[1, 1] / 3)
    found[first] += unit * ((s[1, 0] - s[0, 0]) / 6 + (s[1, 1] - s[0, 1]) / 3)
    found[second] += unit * ((s[0, 1] - s[0, 0]) / 6 + (s[1, 1] - s[1, 0]) / 3)
    return found


def shares(
    hazard: Hazard, parts: Mapping[int, Sequence[Block]], videos: int
) -> tuple[Array, Array]:
    """Expected conversions by channel, and by video inside a channel as its doses lie.

    Shape: parts, channel -> one (people, days) per video; returns (channels,),
    (channels, videos).
    """
    found = gains(hazard)
    by_channel = np.array([gained.sum(dtype=np.float64) for gained in found])
    by_video = np.zeros((len(found), videos))
    for c, each in parts.items():
        for v, part in enumerate(each):
            by_video[c, v] = (found[c] * part).sum(dtype=np.float64)
    return by_channel, by_video
