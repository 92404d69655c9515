"""What is measured of ours, each part in a process of its own, by the product's own calls.

    python -m benchmarks.attribution.speed_parts touches FOLDER

Prints {step: [CPU seconds, peak MiB so far]} as JSON. Not here: data (simulated.py), other
packages (yardsticks.py), the table (speed.py).
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import process_time

import duckdb

from benchmarks.attribution import simulated
from benchmarks.attribution.worlds import world
from warehouse.attribution import markov, modelled, own_files, paths_file, queries
from warehouse.attribution.causal.model import corrected, estimated
from warehouse.attribution.queries import Tally
from warehouse.attribution.rules import rules, summed
from warehouse.attribution.touch_files import Files, read
from warehouse.db import in_memory

THREE = ("first", "last", "linear")  # what the other packages offer too
LOOKBACK_DAYS = 30.0
SEED, PEOPLE, CONVERSIONS = 5_001, 100_000, 5_000

Costs = dict[str, tuple[float, float]]


@contextmanager
def charged(costs: Costs, step: str) -> Iterator[None]:
    before = process_time()
    yield
    peak = getrusage(RUSAGE_SELF).ru_maxrss / 1024
    costs[step] = (process_time() - before, peak)


def touches(folder: Path) -> Costs:
    """Files of touches and conversions: read, then as they are counted."""
    costs: Costs = {}
    files = Files(folder / "touches.parquet", folder / "conversions.parquet")
    with in_memory() as con:
        with charged(costs, "files"):
            read(con, files, time_zone="UTC", by_video=False)
        _journeys(con, costs)
    return costs


def written(folder: Path) -> Costs:
    """The files themselves; a process that only waits stays small, as do its children."""
    touches, channels, paths = folder.name.split("-")
    simulated.write(
        folder, touches=int(touches), channels=int(channels), paths=paths == "paths"
    )
    return {}


def coded(size: Path) -> Costs:
    """As many touches and channels as `size` names ("100000000-20"), without files."""
    costs: Costs = {}
    figures = [int(each) for each in size.name.split("-")]
    with in_memory() as con:
        simulated.code(con, touches=figures[0], channels=figures[1])
        _journeys(con, costs)
    return costs


def _journeys(con: duckdb.DuckDBPyConnection, costs: Costs) -> None:
    """Touches sorted bare; made journeys; counted."""
    with charged(costs, "sort"):
        con.execute(
            "create temp table sorted as select * from told_touches "
            "order by person, touched_at"
        )
    con.execute("drop table sorted")
    memory = modelled.memory(_channels(con))
    with charged(costs, "journeys"):
        tally = own_files.offer_journeys(
            con, lookback_days=LOOKBACK_DAYS, memory=memory
        )
    _counted(con, costs, memory, tally)


def _channels(con: duckdb.DuckDBPyConnection) -> int:
    ((known,),) = con.execute(
        "select len(enum_range(cast(null as channel_name)))"
    ).fetchall()
    return int(known)


def _counted(
    con: duckdb.DuckDBPyConnection, costs: Costs, memory: int, tally: Tally
) -> None:
    for step, names in (("rules", THREE), ("every rule", rules())):
        with charged(costs, step), summed(con, names):
            con.execute(queries.sql("channels")).fetchall()
    for order in range(1, memory + 1):
        with charged(costs, f"markov_{order}"):
            _chain(con, order, tally)


def _chain(con: duckdb.DuckDBPyConnection, order: int, tally: Tally) -> None:
    runs = queries.runs(con, order, tally)
    markov.credit(markov.chain(runs["conversion"], order=order))


def paths(folder: Path) -> Costs:
    """Path strings, each step from the strings on; and the whole command on the file."""
    costs: Costs = {}
    file = folder / "paths.parquet"
    with in_memory() as con:
        with charged(costs, "read"):
            paths_file.read(con, file)
        paths_file.code(con)
        longest = modelled.memory(_channels(con))
    for step in ("rules", *(f"markov_{order}" for order in range(1, longest + 1))):
        with in_memory() as con:
            paths_file.read(con, file)
            order = int(step[-1]) if step != "rules" else 1
            with charged(costs, step):
                tally = paths_file.code(con)
                paths_file.offer_paths(con, [], memory=order)
                if step == "rules":
                    with summed(con, THREE):
                        con.execute(queries.sql("channels")).fetchall()
                else:
                    _chain(con, order, tally)
    with charged(costs, "command"):
        paths_file.attribute(file)
    return costs


def flagship(_: Path) -> Costs:
    """`causal`, 100 draws, on a company of 100,000 people and 5,000 conversions."""
    costs: Costs = {}
    made = world(SEED, people=PEOPLE, conversions=CONVERSIONS)
    with charged(costs, "causal"):
        corrected(estimated(made.inputs), ())
    return costs


PARTS = {
    "written": written,
    "touches": touches,
    "coded": coded,
    "paths": paths,
    "flagship": flagship,
}


def main() -> None:
    part, folder = sys.argv[1:]
    found = PARTS[part]
    sys.stdout.write(json.dumps(found(Path(folder))) + "\n")


if __name__ == "__main__":
    main()
