"""Tests by region on simulated worlds with known lift: bias, error, cover; and the planner.

    python -m benchmarks.lift [--worlds 300] [--plans 60] [--seed 50000]

Yardstick: the lift that was put in, and for the planner the power that its tests then had.
At most 3 points rmse and 85 to 95 % cover in steady worlds; realised power within 20 % of the
80 % that the planner looks for. In the tables: bias and rmse in points of lift; cover of the
90 % interval; false: intervals without 0 where nothing happened, B: those of them that were
graded; found: intervals above 0 where 9 % and more were put in; sound: usable figures. Worlds of
other seeds than these were used while building.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from time import process_time

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.regions import (
    OWN_FACTOR,
    SMALL,
    STEADY,
    Array,
    Kind,
    course,
    sets_in,
    world,
)
from warehouse.incrementality.lift import Lift, measure
from warehouse.incrementality.panel import Panel
from warehouse.incrementality.plan import Row, plan, usual_count
from warehouse.incrementality.weights import ESTIMATORS, FLAGSHIP

KINDS = {
    "steady (3-8 regions, 8 % of all)": STEADY,
    "small (1-2 regions, few outcomes)": SMALL,
    "treated on a factor of their own": OWN_FACTOR,
}
SHORT = dict(
    zip(ESTIMATORS, ("ridge-augmented", "synthetic", "differences"), strict=True)
)
HISTORY = 182
LENGTHS = (14, 21, 28, 42)
WANTED = 0.06


@dataclass(frozen=True)
class Judged:
    """One estimator over many worlds. Units: shares; `bias`, `rmse` shares of lift."""

    bias: float
    rmse: float
    cover: float
    false_claims: float
    found: float
    sound: float
    false_grades: float


def judge(kind: Kind, seeds: Sequence[int]) -> dict[str, Judged]:
    """Every estimator on one world per seed."""
    readings: dict[str, list[tuple[float, Lift]]] = {name: [] for name in ESTIMATORS}
    for seed in seeds:
        came = course(world(seed, kind))
        measured = measure(
            came.panel, treated=came.treated, first=came.first, last=came.last
        )
        for reading in measured.readings:
            readings[reading.estimator].append((came.lift, reading))
    return {name: _judged(found) for name, found in readings.items()}


def _judged(found: Sequence[tuple[float, Lift]]) -> Judged:
    missed = np.array([reading.lift - lift for lift, reading in found])
    inside = [one.lift_p05 <= lift <= one.lift_p95 for lift, one in found]
    null = [one for lift, one in found if lift == 0]
    large = [one for lift, one in found if lift > 0.08]
    return Judged(
        bias=float(missed.mean()),
        rmse=float(np.sqrt(np.mean(missed**2))),
        cover=float(np.mean(inside)),
        false_claims=_mean([not one.lift_p05 <= 0 <= one.lift_p95 for one in null]),
        found=_mean([one.lift_p05 > 0 for one in large]),
        sound=_mean([one.is_sound for _, one in found]),
        false_grades=_mean([one.grade != "D" for one in null]),
    )


def _mean(told: Sequence[bool]) -> float:
    return float(np.mean(told)) if told else 0.0


@dataclass(frozen=True)
class Kept:
    """Was the planner's word kept? One test planned on a world's history and then run."""

    row: Row
    is_found: bool
    is_shortest: bool


def promises(seeds: Sequence[int], *, lift: float = WANTED) -> list[Kept]:
    """Plan on 182 days without effect, then run every planned test on what follows."""
    found = []
    for seed in seeds:
        longest = max(LENGTHS)
        each = world(seed, days=HISTORY + longest, length=longest)
        panel = course(each, tau=0.0).panel
        past = Panel(panel.days[:HISTORY], panel.regions, panel.values[:HISTORY])
        planned = plan(past, counts=[usual_count(past)], lengths=LENGTHS, lifts=[lift])
        shortest = planned.shortest(lift)
        for row in planned.rows:
            treated = np.array([panel.regions.index(name) for name in row.treated])
            tau = lift / float(
                sets_in(each, row.days).mean()
            )  # lift: of the whole test
            came = course(each, tau=tau, treated=treated)
            reading = measure(
                came.panel,
                treated=row.treated,
                first=panel.days[HISTORY],
                last=panel.days[HISTORY + row.days - 1],
                estimators=[FLAGSHIP],
            ).flagship
            found.append(Kept(row, reading.lift_p05 > 0, row == shortest))
    return found


def length_for(power: Array, wanted: float) -> float:
    """Days that bring a power, on the straight line of power over log days."""
    slope, level = np.polyfit(np.log(LENGTHS), power, 1)
    return float(np.exp((wanted - level) / slope))


def show(name: str, found: dict[str, Judged], spent: float, worlds: int) -> None:
    table = Table(title=f"{name}: {worlds} worlds, {spent:.0f} CPU s")
    table.add_column("estimator", no_wrap=True)
    for head in ("bias", "rmse", "cover", "false", "found", "sound", "B"):
        table.add_column(head, justify="right")
    for estimator, one in found.items():
        table.add_row(
            SHORT[estimator],
            f"{100 * one.bias:+.1f}",
            f"{100 * one.rmse:.1f}",
            *(
                f"{share:.0%}"
                for share in (
                    one.cover,
                    one.false_claims,
                    one.found,
                    one.sound,
                    one.false_grades,
                )
            ),
        )
    Console().print(table)


def show_promises(kept: Sequence[Kept], spent: float, worlds: int) -> None:
    title = f"planner, lift {WANTED:.0%}: {worlds} worlds, {spent:.0f} CPU s"
    table = Table("days", "promised", "realised", title=title)
    curves = []
    for days in LENGTHS:
        mine = [each for each in kept if each.row.days == days]
        promised = float(np.mean([each.row.power for each in mine]))
        realised = float(np.mean([each.is_found for each in mine]))
        curves.append((promised, realised))
        table.add_row(str(days), f"{promised:.0%}", f"{realised:.0%}")
    first = [each for each in kept if each.is_shortest]
    if first:
        table.add_row(
            f"shortest with 80 % ({len(first)} worlds, "
            f"{np.mean([each.row.days for each in first]):.0f} days)",
            f"{np.mean([each.row.power for each in first]):.0%}",
            f"{np.mean([each.is_found for each in first]):.0%}",
        )
    Console().print(table)
    promised, realised = np.array(curves).T
    Console().print(
        f"days for 80 %: promised {length_for(promised, 0.8):.0f}, "
        f"realised {length_for(realised, 0.8):.0f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=300)
    parser.add_argument("--plans", type=int, default=60)
    parser.add_argument("--seed", type=int, default=50_000)
    asked = parser.parse_args()
    for name, kind in KINDS.items() if asked.worlds else ():
        began = process_time()
        found = judge(kind, range(asked.seed, asked.seed + asked.worlds))
        show(name, found, process_time() - began, asked.worlds)
    if asked.plans:
        began = process_time()
        kept = promises(range(asked.seed, asked.seed + asked.plans))
        show_promises(kept, process_time() - began, asked.plans)


if __name__ == "__main__":
    main()
