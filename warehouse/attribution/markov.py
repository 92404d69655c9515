"""Markov attribution, exact: what is lost when a channel is taken out of the chain.

Paths are a chain of states from start to conversion or loss; removing a channel sends
home everyone who reaches it. Nothing is simulated: one inverse gives all effects.
Not here: where paths come from (sql/transitions.sql counts them) and any table.
Source: Anderl et al. 2016, "Mapping the customer journey"; docs/attribution.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Array = NDArray[np.float64]
State = tuple[str, ...]  # the last `order` channels of a path, oldest first

DENSE_STATES = (
    3_000  # a dense inverse takes about a second here, and grows with the cube
)
STILL = 1e-13  # sweeps end when nothing moves by more
MOST_SWEEPS = 100_000


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
class Step:
    """A counted step. `origin` None is the start; `target` None is the end, where
    conversions and value are counted."""

    origin: State | None
    target: State | None
    paths: float
    conversions: float = 0.0
    value: float = 0.0


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


def steps_of_paths(paths: Iterable[PathCount], *, order: int = 1) -> list[Step]:
    """Steps between windows of `order` channels; a shorter path is one state.

    Raises: BadPath for negative counts, or a path without a channel (a conversion
    without a touch is unattributed, not a path).
    """
    if order < 1:
        raise ValueError(f"order {order}: a chain remembers at least 1 channel")
    steps: list[Step] = []
    for row, path in enumerate(paths, start=1):
        if not path.channels or min(path.conversions, path.value, path.nulls) < 0:
            raise BadPath(
                f"row {row}: {path} has no channel or a negative count: conversions, "
                "value and nulls are totals, never less than 0"
            )
        weight = path.conversions + path.nulls
        if weight == 0:
            continue
        tokens = path.channels
        windows = [
            tokens[i : i + order] for i in range(max(1, len(tokens) - order + 1))
        ]
        origins: list[State | None] = [None, *windows[:-1]]
        steps.extend(
            Step(origin, target, weight)
            for origin, target in zip(origins, windows, strict=True)
        )
        steps.append(Step(windows[-1], None, weight, path.conversions, path.value))
    return steps


def chain(steps: Sequence[Step]) -> Chain:
    """Probabilities from counted steps; counts of the same step are added up."""
    found = {s for step in steps for s in (step.origin, step.target) if s is not None}
    states = tuple(sorted(found))
    index = {state: i for i, state in enumerate(states)}
    size = len(states)
    start = np.zeros(size)
    origins: list[int] = []
    targets: list[int] = []
    weights: list[float] = []
    leaving, conversions, value = np.zeros(size), np.zeros(size), np.zeros(size)
    for step in steps:
        if step.origin is None:
            if step.target is not None:
                start[index[step.target]] += step.paths
            continue
        origin = index[step.origin]
        leaving[origin] += step.paths
        if step.target is None:
            conversions[origin] += step.conversions
            value[origin] += step.value
        else:
            origins.append(origin)
            targets.append(index[step.target])
            weights.append(step.paths)
    moves = sparse.csr_array(
        (np.array(weights), (np.array(origins, int), np.array(targets, int))),
        shape=(size, size),
    )
    return Chain(
        states=states,
        start=start / max(start.sum(), 1.0) if size else start,
        transitions=sparse.diags_array(1 / leaving, dtype=float) @ moves
        if size
        else moves,
        conversion=conversions / leaving,
        value=value / leaving,
        conversions=float(conversions.sum()),
        value_total=float(value.sum()),
    )


def removal_effects(model: Chain, outcome: Array, channels: Sequence[str]) -> Array:
    """Share of the outcome lost when all states that hold a channel send everyone home.

    Shape: outcome (n,), `model.conversion` or `model.value`; returns one per channel.
    Units: shares in 0..1; all 0 when nothing converts, never NaN.
    Source: with N = (I - Q)^-1, reached f = s'N and ahead B = N r, a set of states S
    loses f_S (N_SS)^-1 B_S of the total: what goes through S at least once. Above 3,000
    states the chains without each channel are swept side by side until they stand still.
    """
    if not model.states:
        return np.zeros(len(channels))
    if len(model.states) > DENSE_STATES:
        return _swept_effects(model, outcome, channels)
    fundamental = np.linalg.inv(np.eye(len(model.states)) - model.transitions.toarray())
    reached, ahead = model.start @ fundamental, fundamental @ outcome
    total = float(model.start @ ahead)
    if total <= 0:
        return np.zeros(len(channels))
    effects = np.zeros(len(channels))
    for i, channel in enumerate(channels):
        held = [n for n, state in enumerate(model.states) if channel in state]
        if held:
            block = fundamental[np.ix_(held, held)]
            effects[i] = reached[held] @ np.linalg.solve(block, ahead[held]) / total
    return np.clip(effects, 0.0, 1.0)


def _swept_effects(model: Chain, outcome: Array, channels: Sequence[str]) -> Array:
    """One column per chain (the whole, then without each channel): x <- kept (Q x + r)."""
    kept = np.ones((len(model.states), len(channels) + 1))
    for column, channel in enumerate(channels, start=1):
        kept[[channel in state for state in model.states], column] = 0.0
    ahead = np.zeros_like(kept)
    scale = max(float(np.abs(outcome).max()), 1e-300)
    for _ in range(MOST_SWEEPS):
        swept = kept * (model.transitions @ ahead + outcome[:, None])
        moved = float(np.abs(swept - ahead).max())
        ahead = swept
        if moved <= STILL * scale:
            break
    else:
        raise NotSettled(
            f"{len(model.states)} states did not settle in {MOST_SWEEPS} sweeps: some "
            "paths never end; count their ends as conversions or nulls"
        )
    totals = model.start @ ahead
    if totals[0] <= 0:
        return np.zeros(len(channels))
    return np.clip(1.0 - totals[1:] / totals[0], 0.0, 1.0)


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
    effect = removal_effects(model, model.conversion, channels)
    value_effect = removal_effects(model, model.value, channels)
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
