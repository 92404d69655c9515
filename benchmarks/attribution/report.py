"""The printed table: every method on every world, means and worst.

Yardstick: the best peer of each world, chosen with the truth in hand. Not here: worlds,
methods, errors.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks.attribution import scores
from benchmarks.attribution.exposures import DIRECT, NAMES
from benchmarks.attribution.methods import flagship, peers
from benchmarks.attribution.worlds import World, world
from warehouse.attribution.causal.model import Causal

Array = NDArray[np.float64]
FLAGSHIP, TESTED = "causal", "causal + 2 lift tests"
JUDGED = [c for c in range(len(NAMES)) if c != DIRECT]
LARGE = 1_000  # seeds further on
NONE = 0.02  # a channel with less of the truth has next to no effect


@dataclass(frozen=True)
class Result:
    """One world. `errors`: method -> (L1, rank correlation, abs, total, CPU seconds)."""

    world: str
    broken: bool
    errors: dict[str, tuple[float, ...]]
    covered: Array
    covered_tested: Array
    covered_total: bool
    null_credit: Array
    null_reaches_zero: Array
    videos: tuple[float, float]

    @property
    def best_peer(self) -> float:
        return min(e[0] for name, e in self.errors.items() if "causal" not in name)


def kind(number: int) -> str:
    """Every fourth world is broken on purpose, by turns in two ways."""
    return ("follows", "jumps")[number // 4 % 2] if number % 4 == 3 else "natural"


def judged(made: World) -> Result:
    """All methods on one world."""
    said = {name: (each.total, each.cpu) for name, each in peers(made).items()}
    found, tested, cpu = flagship(made)
    said |= {FLAGSHIP: (found.total, cpu), TESTED: (tested.total, cpu)}
    truth = made.truth
    errors = {
        name: (
            scores.l1(total, truth),
            scores.rank_correlation(total, truth),
            scores.absolute(total, truth),
            scores.level(total, truth),
            seconds,
        )
        for name, (total, seconds) in said.items()
    }
    small = [c for c in JUDGED if truth[c] < NONE * truth.sum()]
    return Result(
        world=f"{made.seed} {made.said}",
        broken=made.broken,
        errors=errors,
        covered=scores.covered(found.low, found.high, truth, JUDGED),
        covered_tested=scores.covered(tested.low, tested.high, truth, JUDGED),
        covered_total=found.caused_low <= truth.sum() <= found.caused_high,
        null_credit=scores.shares(found.total)[small],
        null_reaches_zero=found.low[small] <= 0,
        videos=_videos(made, found),
    )


def _videos(made: World, found: Causal) -> tuple[float, float]:
    """L1 of the split inside video channels: ours, and an even one."""
    ours, even = [], []
    split = found.touches
    for c in np.flatnonzero(made.video_truth.sum(axis=1) > 0):
        logged = (split.channel == c) & (split.touch >= 0)
        total = np.bincount(
            made.video[split.touch[logged]],
            split.credit[logged],
            made.video_truth.shape[1],
        )
        ours.append(scores.l1(total, made.video_truth[c]))
        even.append(scores.l1(np.ones(total.size), made.video_truth[c]))
    return (float(np.mean(ours)), float(np.mean(even))) if ours else (np.nan, np.nan)


def truth(worlds: int, large: int, first_seed: int, mix: str) -> None:
    """Print both tables."""
    console = Console(width=120)
    if worlds:
        made = (world(first_seed + n, kind=kind(n), mix=mix) for n in range(worlds))
        title = f"{worlds} worlds of about 2,000 conversions, effects {mix}"
        _print(console, title, [_told(console, each) for each in made])
    if large:
        made = (
            world(first_seed + LARGE + n, people=100_000, conversions=5_000, mix=mix)
            for n in range(large)
        )
        title = f"{large} natural worlds of about 5,000 conversions, effects {mix}"
        _print(console, title, [_told(console, each) for each in made])


def _told(console: Console, made: World) -> Result:
    found = judged(made)
    e, t = found.errors[FLAGSHIP], found.errors[TESTED]
    console.print(
        f"{found.world}{' BROKEN' if found.broken else ''}: L1 {e[0]:.2f} "
        f"(tests {t[0]:.2f}) of {found.best_peer:.2f}, total {e[3]:+.0%}, "
        f"covered {found.covered.mean():.0%}, {e[4]:.1f} CPU s",
        highlight=False,
    )
    return found


def _print(console: Console, title: str, results: list[Result]) -> None:
    table = Table(title=title)
    table.add_column("method")
    for name in (
        "L1",
        "worst",
        "of best peer",
        "rank",
        "abs",
        "total",
        "|total|",
        "CPU",
    ):
        table.add_column(name, justify="right")
    best = float(np.mean([r.best_peer for r in results]))
    rows = {
        name: np.array([r.errors[name] for r in results]) for name in results[0].errors
    }
    for name, e in sorted(rows.items(), key=lambda item: -item[1][:, 0].mean()):
        mean = e.mean(axis=0)
        table.add_row(
            name,
            f"{mean[0]:.2f}",
            f"{e[:, 0].max():.2f}",
            f"{mean[0] / best:.2f}",
            f"{mean[1]:.2f}",
            f"{mean[2]:.2f}",
            f"{mean[3]:+.0%}",
            f"{np.abs(e[:, 3]).mean():.0%}",
            f"{mean[4]:.2f}",
        )
    console.print(table)
    console.print(f"best peer of each world: L1 {best:.2f}")
    for said, part in (
        ("natural", [r for r in results if not r.broken]),
        ("broken", [r for r in results if r.broken]),
    ):
        if part:
            level = np.array([r.errors[FLAGSHIP][3] for r in part])
            console.print(
                f"{said} ({len(part)}): L1 {np.mean([r.errors[FLAGSHIP][0] for r in part]):.2f}, "
                f"with tests {np.mean([r.errors[TESTED][0] for r in part]):.2f}, best peer "
                f"{np.mean([r.best_peer for r in part]):.2f}; total {level.mean():+.0%} "
                f"(abs. {np.abs(level).mean():.0%}); intervals cover "
                f"{np.concatenate([r.covered for r in part]).mean():.0%} of "
                f"{sum(r.covered.size for r in part)}, with tests "
                f"{np.concatenate([r.covered_tested for r in part]).mean():.0%}, the total "
                f"{np.mean([r.covered_total for r in part]):.0%}"
            )
    null = np.concatenate([r.null_credit for r in results])
    reach = np.concatenate([r.null_reaches_zero for r in results])
    if null.size:
        console.print(
            f"{null.size} channels of true share below 2 %: {null.mean():.0%} of the total "
            f"on average, lower bound 0 in {reach.mean():.0%}"
        )
    ours, even = np.nanmean([r.videos for r in results], axis=0)
    console.print(f"split to videos inside a channel: L1 {ours:.2f}, even {even:.2f}")
