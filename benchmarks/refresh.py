"""The main job: where its seconds go, and how much more it costs than its bare parts.

    python -m benchmarks.refresh [--scenario unit] [--rounds 3]

Yardstick: the same raw rows loaded by dlt alone, the same models built by dbt alone, the
same numerics alone, each in a process of its own; their CPU seconds added up. The whole may
cost 1.5 times that, a run with one new day 0.6 of the first, memory 2 GiB. The simulated
platforms answer from a process of their own: part of a run's seconds, and no part of what the
whole costs beyond its parts. Each round does all of it in a new folder; medians are shown, for
a shared machine's speed wanders.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from time import perf_counter

from rich.console import Console
from rich.table import Table

from ingestion.sandbox.process import started
from warehouse.settings import Settings

PLAYHEAD = [sys.executable, "-c", "from orchestration.cli import main; main()"]
PARTS = ("load", "build", "numerics")


@dataclass(frozen=True)
class Cost:
    """Wall and CPU seconds (children included), and the peak of its memory in MiB."""

    wall: float
    cpu: float
    mib: float


def measured(command: list[str], **variables: str) -> Cost:
    """Run to the end: what this process cost, and no other."""
    begun = perf_counter()
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=said,
            env={**os.environ, **variables},
        )
        _, status, used = os.wait4(child.pid, 0)
        wall = perf_counter() - begun
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            said.seek(0)
            error = said.read().decode()[-2000:]
            sys.exit(f"{command} ended with {child.returncode}:\n{error}")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def run(settings: Settings, told: Path, *more: str) -> tuple[Cost, float]:
    """A run beside its platforms: what both cost, and the platforms' CPU seconds."""
    command = [*PLAYHEAD, "run", "--data-dir", str(settings.data_dir), *more]
    command += ["--scenario", settings.scenario, "--json", str(told)]
    before = _ended()
    with started(settings) as url:
        own = measured(command, PLAYHEAD_SANDBOX_URL=url)
    both = _ended() - before
    return replace(own, cpu=both), both - own.cpu


def _ended() -> float:
    """CPU seconds of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def bare(part: str, folder: Path) -> None:
    """One bare part on a copy of the warehouse; runs in a process of its own."""
    from warehouse.settings import quiet

    quiet()
    # all models anew, as in a first run
    settings = Settings(data_dir=folder, rebuild=True)
    if part == "load":
        _load(settings)
    elif part == "build":
        _build(settings)
    else:
        _numerics(settings)


def _load(settings: Settings) -> None:
    import dlt
    import duckdb
    from dlt.destinations import duckdb as destination

    from ingestion.registry import sources
    from warehouse.layout import raw

    path = str(settings.data_dir / "copy.duckdb")
    for name, source in sources().items():
        with duckdb.connect(path, read_only=True) as con:
            tables = {
                table.name: con.sql(f"from {raw(name)}.{table.name}").to_arrow_table()
                for table in source.SPEC.tables
            }
        pipeline = dlt.pipeline(
            f"bare_{name}",
            pipelines_dir=str(Path(path).parent / "bare"),
            destination=destination(str(Path(path).parent / "bare.duckdb")),
            dataset_name=raw(name),
        )
        pipeline.run(
            [
                dlt.resource(rows.drop_columns(["_dlt_load_id"]), name=table)
                for table, rows in tables.items()
            ]
        )


def _build(settings: Settings) -> None:
    from orchestration.assets.transform import SELECT
    from orchestration.resources import Dbt, failures

    dbt = Dbt(settings)
    for selection in SELECT.values():
        wrong = failures(dbt.build(selection.split()))
        if wrong:
            sys.exit(str(wrong))


def _numerics(settings: Settings) -> None:
    from ingestion.clock import read_clock
    from warehouse import db
    from warehouse.attribution import run as attribution
    from warehouse.learning import run as learning

    as_of = read_clock(settings)
    with db.writer(settings.warehouse_path) as con:
        attribution.refresh(con, as_of=as_of)
        learning.refresh(con, as_of=as_of)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", default="default")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--bare", choices=PARTS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.bare:
        bare(asked.bare, asked.folder)
        return
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    rounds = []
    for _ in range(asked.rounds):
        with tempfile.TemporaryDirectory() as scratch:
            rounds.append(measured_round(asked.scenario, Path(scratch)))
    show(rounds)


@dataclass(frozen=True)
class Round:
    """Costs by run or part; the platforms' CPU seconds and wall seconds by stage, of the
    first run and of one day more."""

    costs: dict[str, Cost]
    platforms: tuple[float, float]
    stages: tuple[dict[str, float], dict[str, float]]


def measured_round(scenario: str, scratch: Path) -> Round:
    """A first run, one day more, and the bare parts on what they left."""
    data, told = scratch / "data", (scratch / "first.json", scratch / "second.json")
    settings = Settings(data_dir=data, scenario=scenario)
    first, its_platforms = run(settings, told[0])
    more, later_platforms = run(settings, told[1], "--advance", "1")
    costs = {"first run": first, "one day more": more}
    shutil.copy(data / "playhead.duckdb", data / "copy.duckdb")
    itself = [sys.executable, "-m", "benchmarks.refresh", "--folder", str(data)]
    for part in PARTS:
        costs[f"bare {part}"] = measured([*itself, "--bare", part])
    stages = [
        {
            each["stage"]: each["seconds"]
            for each in json.loads(path.read_text())["stages"]
        }
        for path in told
    ]
    return Round(costs, (its_platforms, later_platforms), (stages[0], stages[1]))


def show(rounds: Sequence[Round]) -> None:
    """Print the two tables and the ratios: medians of the rounds."""
    console = Console()
    stages = Table(
        "stage", "first run, s", "one day more, s", title="Where the seconds go"
    )
    for name in rounds[0].stages[0]:
        spent = [[each.stages[n].get(name, 0.0) for each in rounds] for n in (0, 1)]
        stages.add_row(name, *(f"{median(seconds):.1f}" for seconds in spent))
    console.print(stages)
    table = Table("", "wall s", "CPU s", "MiB", title="Whole against bare parts")
    for name in rounds[0].costs:
        of = [each.costs[name] for each in rounds]
        table.add_row(
            name,
            f"{median(cost.wall for cost in of):.1f}",
            f"{median(cost.cpu for cost in of):.1f}",
            f"{median(cost.mib for cost in of):.0f}",
        )
    console.print(table)
    platforms = [median(each.platforms[n] for each in rounds) for n in (0, 1)]
    console.print(
        f"of it the simulated platforms: {platforms[0]:.1f} and {platforms[1]:.1f} CPU s"
    )
    parts = [sum(each.costs[f"bare {part}"].cpu for part in PARTS) for each in rounds]
    firsts = [(each.costs["first run"].cpu, each.platforms[0]) for each in rounds]
    own = [
        (all_ - apart) / bare for (all_, apart), bare in zip(firsts, parts, strict=True)
    ]
    whole = [all_ / bare for (all_, _), bare in zip(firsts, parts, strict=True)]
    console.print(
        f"whole / bare parts: {_spread(own)} CPU (at most 1.5); with the platforms' "
        f"{_spread(whole)}"
    )
    more = [
        [
            getattr(each.costs["one day more"], unit)
            / getattr(each.costs["first run"], unit)
            for each in rounds
        ]
        for unit in ("cpu", "wall")
    ]
    console.print(
        f"one day more / first: {_spread(more[0])} CPU, {_spread(more[1])} wall "
        "(at most 0.6)"
    )


def _spread(ratios: Sequence[float]) -> str:
    """The median, and from where to where."""
    middle = f"{median(ratios):.2f}"
    if len(ratios) == 1:
        return middle
    return f"{middle} ({min(ratios):.2f} to {max(ratios):.2f})"


if __name__ == "__main__":
    main()
