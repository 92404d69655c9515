"""The main job: where its seconds go, and how much more it costs than its bare parts.

    python -m benchmarks.refresh [--scenario unit]

Yardstick: the same raw rows loaded by dlt alone, the same models built by dbt alone, the
same numerics alone, each in a process of its own; their CPU seconds added up. The whole may
cost 1.5 times that, a run with one new day 0.6 of the first, memory 2 GiB.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.table import Table

PLAYHEAD = [sys.executable, "-c", "from orchestration.cli import main; main()"]
PARTS = ("load", "build", "numerics")


@dataclass(frozen=True)
class Cost:
    """Wall and CPU seconds (children included), and the largest process in MiB."""

    wall: float
    cpu: float
    mib: float


def measured(command: list[str]) -> Cost:
    """Run to the end; the largest child of all so far stands for its memory."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wall = perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"{command} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, cpu, after.ru_maxrss / 1024)


def bare(part: str, folder: Path) -> None:
    """One bare part on a copy of the warehouse; runs in a process of its own."""
    from warehouse.settings import Settings, quiet

    quiet()
    # all models anew, as in a first run
    settings = Settings(data_dir=folder, rebuild=True)
    if part == "load":
        _load(settings)
    elif part == "build":
        _build(settings)
    else:
        _numerics(settings)


def _load(settings: object) -> None:
    import dlt
    import duckdb
    from dlt.destinations import duckdb as destination

    from ingestion.registry import sources
    from warehouse.layout import raw

    path = str(settings.data_dir / "copy.duckdb")  # type: ignore[attr-defined]
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


def _build(settings: object) -> None:
    from orchestration.assets.transform import SELECT
    from orchestration.resources import Dbt, failures

    dbt = Dbt(settings)  # type: ignore[arg-type]
    for selection in SELECT.values():
        wrong = failures(dbt.build(selection.split()))
        if wrong:
            sys.exit(str(wrong))


def _numerics(settings: object) -> None:
    from ingestion.clock import read_clock
    from warehouse import db
    from warehouse.attribution import run as attribution
    from warehouse.learning import run as learning

    as_of = read_clock(settings)  # type: ignore[arg-type]
    with db.writer(settings.warehouse_path) as con:  # type: ignore[attr-defined]
        attribution.refresh(con, as_of=as_of)
        learning.refresh(con, as_of=as_of)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", default="default")
    parser.add_argument("--bare", choices=PARTS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.bare:
        bare(asked.bare, asked.folder)
        return
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with tempfile.TemporaryDirectory() as scratch:
        show(asked.scenario, Path(scratch))


def show(scenario: str, scratch: Path) -> None:
    """Measure and print the two tables."""
    data = scratch / "data"
    run = [*PLAYHEAD, "run", "--data-dir", str(data), "--scenario", scenario]
    first = measured([*run, "--json", str(scratch / "first.json")])
    second = measured([*run, "--advance", "1", "--json", str(scratch / "second.json")])
    shutil.copy(data / "playhead.duckdb", data / "copy.duckdb")
    parts = {
        part: measured(
            [
                *(sys.executable, "-m", "benchmarks.refresh"),
                *("--bare", part, "--folder", str(data)),
            ]
        )
        for part in PARTS
    }
    console = Console()
    stages = Table(
        "stage", "first run, s", "one day more, s", title="Where the seconds go"
    )
    told = [
        json.loads((scratch / f"{n}.json").read_text()) for n in ("first", "second")
    ]
    later = {each["stage"]: each["seconds"] for each in told[1]["stages"]}
    for each in told[0]["stages"]:
        name = each["stage"]
        stages.add_row(name, f"{each['seconds']:.1f}", f"{later.get(name, 0.0):.1f}")
    console.print(stages)
    table = Table("", "wall s", "CPU s", "MiB", title="Whole against bare parts")
    rows = {"first run": first, "one day more": second}
    rows |= {f"bare {name}": cost for name, cost in parts.items()}
    for name, cost in rows.items():
        table.add_row(name, f"{cost.wall:.1f}", f"{cost.cpu:.1f}", f"{cost.mib:.0f}")
    console.print(table)
    bare_cpu = sum(cost.cpu for cost in parts.values())
    console.print(f"whole / bare parts: {first.cpu / bare_cpu:.2f} CPU (at most 1.5)")
    console.print(
        f"one day more / first: {second.cpu / first.cpu:.2f} CPU, "
        f"{second.wall / first.wall:.2f} wall (at most 0.6)"
    )


if __name__ == "__main__":
    main()
