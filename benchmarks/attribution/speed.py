"""How fast attribution is, side by side with packages that do parts of it.

    python -m benchmarks.attribution.speed [--touches 10000000] [--channels 20] [--alone | --coded]

Yardsticks: DuckDB's bare sort of the same coded touches for the journeys table; the C++
package ChannelAttribution and the Python package mta on ready path strings for rules and
chains, in an environment of their own (`make yardsticks`). CPU seconds of every process,
all of its threads; each in a process of its own. `--alone` leaves the packages out,
`--coded` also the files (for sizes at which writing them would take longest).
"""

import argparse
import json
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
YARDSTICKS = HERE.parent.parent / ".venv-yardsticks" / "bin" / "python"
CPP, PYTHON = "ChannelAttribution", "mta"
JOURNEYS_LIMIT, STRINGS_LIMIT = 20, 5
MANY_CHANNELS = 1_000
FLAGSHIP_SECONDS = 30
PEAK_MIB = 2_048


class Cost(NamedTuple):
    """CPU seconds; MiB at most so far in the process."""

    cpu: float
    mib: float


class NotDone(NamedTuple):
    """What was given up, and why."""

    why: str


@dataclass(frozen=True)
class Asked:
    touches: int
    channels: int
    yardsticks: Path | None
    seconds: int  # of CPU that a package may take
    coded: bool


Packages = dict[tuple[str, str], Cost | NotDone]


def ours(part: str, folder: Path) -> dict[str, Cost]:
    command = [sys.executable, "-m", "benchmarks.attribution.speed_parts"]
    done = subprocess.run(
        [*command, part, str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        sys.exit(f"{part} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return {name: Cost(*cost) for name, cost in json.loads(done.stdout).items()}


def theirs(package: str, what: str, folder: Path, asked: Asked) -> Cost | NotDone:
    script, file = str(HERE / "yardsticks.py"), str(folder / "paths.parquet")
    done = subprocess.run(
        [str(asked.yardsticks), script, package, what, file, str(asked.seconds)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == -signal.SIGXCPU:
        return NotDone(f"not in {asked.seconds} CPU s")
    if done.returncode != 0:
        return NotDone(f"died: {(done.stderr.splitlines() or ['?'])[-1][:40]}")
    told = json.loads(done.stdout.splitlines()[-1])
    return Cost(told["cpu"], told["mib"])


def row(
    step: str, our: Cost, name: str, their: Cost | NotDone | None, limit: str
) -> Sequence[str]:
    if their is None:
        return _alone(step, our)
    if isinstance(their, NotDone):
        return (step, f"{our.cpu:.2f}", name, their.why, "", limit, f"{our.mib:,.0f}")
    return (
        step,
        f"{our.cpu:.2f}",
        name,
        f"{their.cpu:.2f}",
        f"{their.cpu / our.cpu:.1f}",
        limit,
        f"{our.mib:,.0f} / {their.mib:,.0f}",
    )


def rows(asked: Asked, scratch: Path) -> list[Sequence[str]]:
    """Everything at one size."""
    folder = scratch / f"{asked.touches}-{asked.channels}"
    if asked.coded:
        return _walked(ours("coded", folder), {})
    folder = folder.with_name(
        f"{folder.name}-{'paths' if asked.yardsticks else 'alone'}"
    )
    ours("written", folder)
    walked = ours("touches", folder)
    if asked.yardsticks is None:
        return _walked(walked, {})
    chains = [step for step in walked if step.startswith("markov")]
    packages = {
        (package, what): theirs(package, what, folder, asked)
        for package, steps in (
            (CPP, ("heuristics", *chains)),
            (PYTHON, ("heuristics", "markov_1")),
        )
        for what in steps
    }
    strings = ours("paths", folder)
    shutil.rmtree(folder)
    return _walked(walked, packages) + _strings(strings, packages, chains)


def _walked(walked: dict[str, Cost], packages: Packages) -> list[Sequence[str]]:
    """From touches: the journeys table and what is counted on it."""
    told = [_over("journeys table", walked["journeys"], walked["sort"], "<= 4 x")]
    if "files" in walked:
        told.append(_over("touches read and judged", walked["files"], walked["sort"]))
    for step, cost in walked.items():
        if step in ("rules", "every rule") or step.startswith("markov"):
            what = step if step.startswith("markov") else "heuristics"
            limit = "" if step == "every rule" else f">= {JOURNEYS_LIMIT}"
            their = packages.get((CPP, what))
            told.append(row(f"{step}, journeys", cost, CPP, their, limit))
    return told


def _strings(
    strings: dict[str, Cost], packages: Packages, chains: Sequence[str]
) -> list[Sequence[str]]:
    """From path strings, as the packages take them."""
    told = []
    for step, what in (("rules", "heuristics"), *((c, c) for c in chains)):
        for package, limit in ((CPP, f">= {STRINGS_LIMIT}"), (PYTHON, "")):
            if (package, what) in packages:
                their = packages[package, what]
                told.append(
                    row(f"{step}, strings", strings[step], package, their, limit)
                )
    told.append(_alone("paths read and judged", strings["read"]))
    told.append(_alone("`attribute --paths`, every method", strings["command"]))
    return told


def _over(step: str, our: Cost, sort: Cost, limit: str = "") -> Sequence[str]:
    """How many times the bare sort a step costs: here less is better."""
    ratio, mib = f"{our.cpu / sort.cpu:.1f} x", f"{our.mib:,.0f}"
    return (step, f"{our.cpu:.2f}", "bare sort", f"{sort.cpu:.2f}", ratio, limit, mib)


def _alone(step: str, our: Cost, limit: str = "") -> Sequence[str]:
    return (step, f"{our.cpu:.2f}", "", "", "", limit, f"{our.mib:,.0f}")


def show(asked: Asked, scratch: Path, *, many: bool, flagship: bool) -> None:
    console = Console(width=120)
    sizes = [asked]
    if many:
        touches = min(asked.touches, 1_000_000)
        sizes.append(replace(asked, touches=touches, channels=MANY_CHANNELS))
    for size in sizes:
        title = f"{size.touches:,} simulated touches, {size.channels:,} channels"
        _print(console, title, rows(size, scratch))
    if flagship:
        cost = ours("flagship", scratch)["causal"]
        limit = f"<= {FLAGSHIP_SECONDS} s"
        _print(console, "100,000 people", [_alone("causal, 100 draws", cost, limit)])


def _print(console: Console, title: str, told: list[Sequence[str]]) -> None:
    table = Table(title=title)
    for name in ("step", "CPU s", "yardstick", "its CPU s", "ratio", "limit", "MiB"):
        side = "left" if name in ("step", "yardstick") else "right"
        table.add_column(name, justify=side)
    for cells in told:
        table.add_row(*cells)
    console.print(table)
    console.print(f"MiB: the process at most, ours / theirs; ours at most {PEAK_MIB:,}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.attribution.speed")
    parser.add_argument("--touches", type=int, default=10_000_000)
    parser.add_argument("--channels", type=int, default=20)
    parser.add_argument(
        "--alone", action="store_true", help="no other package, no path strings"
    )
    parser.add_argument(
        "--coded",
        action="store_true",
        help="alone, from coded touches: no files at all",
    )
    parser.add_argument("--yardsticks", type=Path, default=YARDSTICKS, help="a python")
    parser.add_argument(
        "--seconds", type=int, default=300, help="of CPU, for a package"
    )
    parser.add_argument("--no-many", dest="many", action="store_false")
    parser.add_argument("--no-flagship", dest="flagship", action="store_false")
    given = parser.parse_args()
    if given.coded:
        given.alone = True
    if not given.alone and not given.yardsticks.exists():
        parser.error(
            f"{given.yardsticks} is missing: install the packages to compare with by "
            "`make yardsticks`, or measure ours with --alone"
        )
    asked = Asked(
        given.touches,
        given.channels,
        None if given.alone else given.yardsticks,
        given.seconds,
        given.coded,
    )
    with tempfile.TemporaryDirectory() as scratch:
        show(asked, Path(scratch), many=given.many, flagship=given.flagship)


if __name__ == "__main__":
    main()
