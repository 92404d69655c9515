"""Markov attribution, exact: what is lost when a channel is taken out of the chain.

Paths are a chain of states from start to conversion or loss; removing a channel sends
home everyone who reaches it. Nothing is simulated: one inverse gives all effects.
Not here: where paths come from (sql/runs.sql counts them) and any table.
Source: Anderl et al. 2016, "Mapping the customer journey"; docs/attribution.md.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
State = tuple[str, ...]  # the last `order` channels of a path, oldest first

DENSE_STATES = (
    3_000  # a dense inverse takes about a second here, and grows with the cube
)
STILL = 1e-13  # sweeps end when no more than this of all visits moves
MOST_SWEEPS = 100_000
STRIDE = 6  # sweeps from one leap to the next
MOST_LEAPS = 100  # then plain sweeps, which always end
NOWHERE = -1  # before the first channel of a path, after the last


class NotSettled(ArithmeticError):
    """Sweeps that do not end: a chain which nobody ever leaves."""


class BadPath(ValueError):
    """A path that cannot be counted; the message quotes it."""


@dataclass(frozen=True)
class PathCount:
    """One distinct path: how often it ended in a conversion, how often in nothing."""

    channels: tuple[str, ...]
    conversions: float
    value: float
    nulls: float


@dataclass(frozen=True)
class Runs:
    """What a chain of `memory` channels needs of all paths, counted.

    Shape: tokens (n, memory + 1), everything else (n,). Units: tokens are places in
    `channels`, oldest first: the last one is where the step leads, -1 where the path
    ends; others are -1 where it had not begun. `paths` took the step; conversions and
    value are those of paths that ended with it.
    """

    channels: tuple[str, ...]
    tokens: Ints
    paths: Array
    conversions: Array
    value: Array


@dataclass(frozen=True)
class Chain:
    """Shape: states n; start (n,), transitions (n, n) sparse, conversion (n,), value (n,).

    Units: probabilities per visit of a state; `value` is what a visit brings if it is
    the last, weighted by the chance that it is.
    `conversions` and `value_total` are what the counted paths booked.
    """

    states: tuple[State, ...]
    start: Array
    transitions: sparse.csr_array
    conversion: Array
    value: Array
    conversions: float
    value_total: float


@dataclass(frozen=True)
class Credit:
    """Shape: one entry per channel, channels in alphabetical order.

    Units: effects are shares of all conversions (of all value); credits sum to what the
    paths booked.
    """

    channels: tuple[str, ...]
    effect: Array
    value_effect: Array
    conversions: Array
    value: Array


def runs_of_paths(paths: Sequence[PathCount], *, order: int = 1) -> Runs:
    """Runs of `order` channels and the one they lead to, path by path.

    Raises: BadPath for negative counts, or a path without a channel (a conversion
    without a touch is unattributed, not a path).
    """
    if order < 1:
        raise ValueError(f"order {order}: a chain remembers at least 1 channel")
    for row, path in enumerate(paths, start=1):
        if not path.channels or min(path.conversions, path.value, path.nulls) < 0:
            raise BadPath(
                f"row {row}: {path} has no channel or a negative count: conversions, "
                "value and nulls are totals, never less than 0"
            )
    names = tuple(sorted({name for path in paths for name in path.channels}))
    place = {name: i for i, name in enumerate(names)}
    tokens: list[Ints] = []
    counts: list[tuple[float, float, float]] = []
    for path in paths:
        weight = path.conversions + path.nulls
        if weight == 0:
            continue
        walked = [NOWHERE] * order + [place[c] for c in path.channels] + [NOWHERE]
        tokens.append(np.lib.stride_tricks.sliding_window_view(walked, order + 1))
        counts += [(weight, 0.0, 0.0)] * len(path.channels)
        counts.append((weight, path.conversions, path.value))
    return Runs(
        names,
        np.concatenate([np.empty((0, order + 1), int), *tokens]),
        *np.array(counts, dtype=float).reshape(-1, 3).T,
    )


def chain(runs: Runs, *, order: int | None = None) -> Chain:
    """Probabilities from counted runs: of as many channels as were counted, or fewer.

    A path shorter than the memory is one state of its own length.
    """
    order = order or runs.tokens.shape[1] - 1
    tokens = runs.tokens[:, -order - 1 :]
    leads, begun = tokens[:, -1] != NOWHERE, tokens[:, 0] != NOWHERE
    before, after = tokens[:, :-1], tokens[:, 1:]
    starts = leads & ~begun & (after[:, 0] != NOWHERE)
    code = (len(runs.channels) + 1) ** np.arange(order)[::-1]
    origins, targets = (before + 1) @ code, (after + 1) @ code
    known = np.unique(
        np.concatenate([origins[~leads], targets[leads & begun | starts]])
    )
    origins, targets = np.searchsorted(known, origins), np.searchsorted(known, targets)
    size, moves, short = len(known), leads & begun, ~leads & ~begun

    def summed(places: Ints, counts: Array, where: Bools) -> Array:
        return np.bincount(places[where], counts[where], size).astype(np.float64)

    start = summed(targets, runs.paths, starts) + summed(origins, runs.paths, short)
    leaving = summed(origins, runs.paths, moves | ~leads)
    moved = sparse.csr_array(
        (runs.paths[moves], (origins[moves], targets[moves])), shape=(size, size)
    )
    return Chain(
        states=_states(runs.channels, known, order),
        start=start / max(start.sum(), 1.0),
        transitions=sparse.diags_array(1 / leaving, dtype=float) @ moved
        if size
        else moved,
        conversion=summed(origins, runs.conversions, ~leads) / leaving,
        value=summed(origins, runs.value, ~leads) / leaving,
        conversions=float(runs.conversions.sum()),
        value_total=float(runs.value.sum()),
    )


def _states(channels: tuple[str, ...], codes: Ints, order: int) -> tuple[State, ...]:
    """The names in each code, without the places where a path had not begun."""
    digits = [codes // (len(channels) + 1) ** i for i in reversed(range(order))]
    places = np.column_stack(digits) % (len(channels) + 1) - 1
    return tuple(
        tuple(channels[i] for i in row if i != NOWHERE) for row in places.tolist()
    )


def removal_effects(model: Chain, outcome: Array, channels: Sequence[str]) -> Array:
    """Share of the outcome lost when all states that hold a channel send everyone home.

    Shape: outcome (n,) or (n, outcomes), `model.conversion` or `model.value` or both;
    returns (channels,) or (channels, outcomes).
    Units: shares in 0..1; all 0 when nothing converts, never NaN.
    Source: with N = (I - Q)^-1, reached f = s'N and ahead B = N r, a set of states S
    loses f_S (N_SS)^-1 B_S of the total: what goes through S at least once. Above 3,000
    states the chains without each channel are swept side by side until they stand still.
    """
    if not model.states:
        return np.zeros((len(channels), *outcome.shape[1:]))
    by_channel: dict[str, list[int]] = {channel: [] for channel in channels}
    for place, state in enumerate(model.states):
        for channel in by_channel.keys() & state:
            by_channel[channel].append(place)
    large = len(model.states) > DENSE_STATES
    lost, whole = (_swept if large else _solved)(model, outcome, by_channel.values())
    shares = np.divide(lost, whole, out=np.zeros_like(lost), where=whole > 0)
    return np.clip(shares, 0.0, 1.0)


def _solved(
    model: Chain, outcome: Array, held: Collection[list[int]]
) -> tuple[Array, Array]:
    """What is lost without each set of states, and the whole."""
    fundamental = np.linalg.inv(np.eye(len(model.states)) - model.transitions.toarray())
    reached, ahead = model.start @ fundamental, fundamental @ outcome
    lost = np.zeros((len(held), *outcome.shape[1:]))
    for i, states in enumerate(held):
        block = fundamental[np.ix_(states, states)]
        lost[i] = reached[states] @ np.linalg.solve(block, ahead[states])
    return lost, model.start @ ahead


def _swept(
    model: Chain, outcome: Array, held: Collection[list[int]]
) -> tuple[Array, Array]:
    """The same by one column of visits per chain, the whole and each rest: x <- kept (x Q + s).

    Every outcome is read off the same visits.
    """
    kept = np.ones((len(outcome), len(held) + 1))
    for column, states in enumerate(held, start=1):
        kept[states, column] = 0.0
    begun = kept * model.start[:, None]
    arriving = model.transitions.T.tocsr()
    visits, moved = begun, begun
    for sweep in range(1, MOST_SWEEPS + 1):
        before = moved
        swept = arriving @ visits
        swept *= kept
        swept += begun
        moved = swept - visits
        visits = swept
        if sweep % STRIDE:
            continue
        if sweep <= MOST_LEAPS * STRIDE:
            visits = swept + moved * _ahead(before, moved)
        most = float(swept.sum(axis=0).max())
        if float(np.abs(moved).sum(axis=0).max()) <= STILL * max(1.0, most):
            break
    else:
        raise NotSettled(
            f"{len(model.states)} states did not settle in {MOST_SWEEPS} sweeps: some "
            "paths never end; count their ends as conversions or nulls"
        )
    totals = visits.T @ outcome
    return totals[0] - totals[1:], totals[0]


def _ahead(before: Array, moved: Array) -> Array:
    """How many of the last sweep's moves to add: then the next one moves least.

    Late sweeps shrink by one factor each, and their sum is known. Least squares, so that
    no chain is thrown back by it. Shape: (chains,).
    Source: Anderson 1965, "Iterative procedures for nonlinear integral equations", depth 1.
    """
    slowed = before - moved
    own = (slowed * slowed).sum(axis=0)
    shared = (moved * slowed).sum(axis=0)
    return np.divide(shared, own, out=np.zeros_like(own), where=own > 0)


def conversion_probability(model: Chain) -> float:
    """Chance that a path ends in a conversion; the same for chains of every order."""
    if not model.states:
        return 0.0
    through = np.linalg.solve(
        np.eye(len(model.states)) - model.transitions.toarray(), model.conversion
    )
    return float(model.start @ through)


def credit(model: Chain) -> Credit:
    """Removal effects scaled to what was booked, for conversions and for value."""
    channels = tuple(sorted({name for state in model.states for name in state}))
    outcomes = np.column_stack([model.conversion, model.value])
    effect, value_effect = removal_effects(model, outcomes, channels).T
    return Credit(
        channels=channels,
        effect=effect,
        value_effect=value_effect,
        conversions=_scaled(effect, model.conversions),
        value=_scaled(value_effect, model.value_total),
    )


def _scaled(effects: Array, total: float) -> Array:
    """Effects as parts of a total; no effects at all leave nothing to share."""
    mass = float(effects.sum())
    return effects / mass * total if mass > 0 else np.zeros_like(effects)
