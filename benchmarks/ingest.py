"""A source's load, against the bare fetching, parsing and inserting of the same bytes.

    python -m benchmarks.ingest [--rows 500000] [--sources search_console,meta_ads,youtube]
                                [--latency 0.1]

Yardstick: requests and the standard library's JSON, rows as they come into Arrow, one insert
per answer into DuckDB; a process of its own. The answers are recorded ones, given by a plain
server in another process. At most twice the CPU from 500,000 rows on; the peak of memory must
not grow with the days (a quarter of them is loaded too).
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.recordings import LAST, RECORDINGS, Recording, serve
from benchmarks.refresh import Cost, measured

DAYS = 480  # Search Console keeps sixteen months
YOUTUBE_DAYS = 365


def bare(recording: Recording, url: str, folder: Path) -> None:
    """Fetch, parse, insert; nothing typed, checked, keyed or recorded."""
    import duckdb
    import pyarrow as pa
    import requests

    with (
        requests.Session() as session,
        duckdb.connect(str(folder / "bare.duckdb")) as con,
    ):
        made = False
        for asked in recording.questions():
            answer = session.request(
                asked.method, url + asked.path, params=asked.query, data=asked.body
            )
            rows = recording.rows(json.loads(answer.content))
            if not rows:
                continue
            con.register("coming", pa.Table.from_pylist(rows))
            if not made:
                con.execute("create table landed as from coming limit 0")
                made = True
            con.execute("insert into landed by name from coming")


def load(recording: Recording, url: str, folder: Path) -> None:
    """The source's own load of the same days."""
    from datetime import timedelta

    from ingestion.ingest import ingest
    from ingestion.registry import sources
    from ingestion.windows import Window
    from warehouse.settings import Settings

    settings = Settings(data_dir=folder / "data", sandbox_url=url)
    window = Window(LAST - timedelta(days=recording.days - 1), LAST + timedelta(days=1))
    source = sources()[recording.source]
    outcome = ingest(source, settings, as_of=LAST, window=window)
    expected = recording.days * recording.daily
    if outcome.rows.get(recording.table) != expected:
        sys.exit(f"{outcome.reason}: {dict(outcome.rows)}, expected {expected}")


@contextmanager
def served(name: str, days: int, daily: int, latency: float) -> Iterator[str]:
    """The recording's server as a process of its own."""
    command = [sys.executable, "-m", "benchmarks.ingest", "--part", "serve", *_as(name)]
    command += ["--days", str(days), "--daily", str(daily), "--latency", str(latency)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None and child.stdin is not None
        try:
            yield child.stdout.readline().strip()
        finally:
            child.stdin.close()
            child.kill()


def _as(name: str) -> tuple[str, str]:
    return "--sources", name


def cost(part: str, name: str, days: int, daily: int, latency: float) -> Cost:
    with (
        tempfile.TemporaryDirectory() as folder,
        served(name, days, daily, latency) as url,
    ):
        command = [sys.executable, "-m", "benchmarks.ingest", "--part", part]
        command += [*_as(name), "--days", str(days), "--daily", str(daily)]
        return measured([*command, "--url", url, "--folder", folder])


def show(name: str, rows: int, latency: float) -> None:
    """Measure and print one source."""
    days = YOUTUBE_DAYS if name == "youtube" else DAYS
    daily = max(1, rows // days)
    quarter = cost("load", name, days // 4, daily, latency)
    whole = cost("load", name, days, daily, latency)
    alone = cost("bare", name, days, daily, latency)
    table = Table(
        "", "wall s", "CPU s", "rows/s", "MiB", title=f"{name}, {days * daily:,} rows"
    )
    for what, each, share in (
        ("bare", alone, 1),
        ("load", whole, 1),
        (f"load of {days // 4} days", quarter, 4),
    ):
        speed = days * daily / share / each.wall
        told = (f"{each.wall:.1f}", f"{each.cpu:.1f}", f"{speed:,.0f}")
        table.add_row(what, *told, f"{each.mib:.0f}")
    console = Console()
    console.print(table)
    console.print(
        f"CPU of bare / load: {alone.cpu / whole.cpu:.2f} (at least 0.5); memory of "
        f"{days} / {days // 4} days: {whole.mib / quarter.mib:.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--sources", default=",".join(RECORDINGS))
    parser.add_argument("--latency", type=float, default=0.0)
    for hidden, kind in (("part", str), ("url", str), ("folder", Path)):
        parser.add_argument(f"--{hidden}", type=kind, help=argparse.SUPPRESS)
    for hidden in ("days", "daily"):
        parser.add_argument(f"--{hidden}", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.part is None:
        for name in asked.sources.split(","):
            show(name, asked.rows, asked.latency)
        return
    recording = RECORDINGS[asked.sources](asked.days, asked.daily)
    if asked.part == "serve":
        server = serve(recording, asked.latency)
        sys.stdout.write(f"http://127.0.0.1:{server.server_address[1]}\n")
        sys.stdout.flush()
        server.serve_forever()
    else:
        {"bare": bare, "load": load}[asked.part](recording, asked.url, asked.folder)


if __name__ == "__main__":
    main()
