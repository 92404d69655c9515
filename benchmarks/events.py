"""Ten million site events from files, against DuckDB's own read and insert.

    python -m benchmarks.events [--rows 10000000] [--kinds parquet,jsonl]

Yardstick: the same table filled from the same files by DuckDB's own readers and one
`insert into ... select`, nothing cleaned, judged or hashed; each in a process of its own.
The load may cost twice the CPU and 2 GiB; a night with one new file reads that file only.
"""

import argparse
import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from benchmarks.refresh import Cost, measured

SITE = "site.example"
PER_FILE = 500_000
BAD_LINES = 3  # in the second file of JSON lines
SOURCE = "site_events"
AS_OF = date(2026, 3, 1)

# A tracker's rows: a person in twenty events, a fifth with a tag, a tenth of a player.
EVENTS = """
select
    'm' || i as message_id,
    'a' || (i // 20) as anonymous_id,
    case when i % 40 = 0 then 'u' || (i // 40) end as user_id,
    case when i % 10 = 0 then 'track' else 'page' end as type,
    case when i % 10 = 0 then 'Video Playback Started' end as event,
    timestamp '2026-01-01' + to_milliseconds(i * 500) as timestamp,
    timestamp '2026-01-01' + to_milliseconds(i * 500 + 120) as received_at,
    'https://site.example/pages/' || (i % 300) || case when i % 5 = 0
        then '?utm_source=youtube&utm_medium=video&utm_content=ph-p' || (i % 700)
        else '' end as context_page_url,
    '/pages/' || (i % 300) as context_page_path,
    case when i % 5 = 0 then 'youtube' end as context_campaign_source,
    case when i % 5 = 0 then 'video' end as context_campaign_medium,
    case when i % 5 = 0 then 'ph-p' || (i % 700) end as context_campaign_content,
    'Mozilla/5.0 (X11; Linux x86_64) Safari/605.1.15' as context_user_agent,
    case when i % 10 = 0 then 'bm-' || (i % 300) end as content_asset_id,
    case when i % 10 = 0 then 's' || (i // 10) end as session_id,
    case when i % 10 = 0 then (i % 120)::double end as position
from range({first}, {last}) as told(i)
"""
ENVELOPE = """
select json_object(
    'messageId', message_id, 'anonymousId', anonymous_id, 'userId', user_id,
    'type', type, 'event', event,
    'properties', json_object('content_asset_id', content_asset_id,
        'session_id', session_id, 'position', position),
    'context', json_object(
        'page', json_object('url', context_page_url, 'path', context_page_path),
        'campaign', json_object('source', context_campaign_source,
            'medium', context_campaign_medium, 'content', context_campaign_content),
        'userAgent', context_user_agent),
    'timestamp', strftime(timestamp, '%Y-%m-%dT%H:%M:%S.%gZ'),
    'receivedAt', strftime(received_at, '%Y-%m-%dT%H:%M:%S.%gZ')
) as line from ({events})
"""


def write_files(folder: Path, kind: str, first: int, last: int) -> None:
    """Files of PER_FILE events each, named so that they sort."""
    site = folder / SITE
    site.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as con:
        for start in range(first, last, PER_FILE):
            events = EVENTS.format(first=start, last=min(last, start + PER_FILE))
            path = site / f"{start:09d}.{kind}"
            if kind == "parquet":
                con.execute(f"copy ({events}) to '{path}' (compression zstd)")
            else:
                con.execute(
                    f"copy ({ENVELOPE.format(events=events)}) to '{path}' "
                    "(format csv, header false, quote '', escape '', delimiter '\\x01')"
                )
    if kind == "jsonl" and last > PER_FILE and first == 0:
        with (site / f"{PER_FILE:09d}.jsonl").open("a") as file:
            file.write("{broken\n" * BAD_LINES)


# The event table's columns as DuckDB alone would fill them: nothing cleaned or judged.
PLAIN = {
    "account_id": (f"'{SITE}'", f"'{SITE}'"),
    "message_id": ("message_id", '"messageId"'),
    "anonymous_id": ("anonymous_id", '"anonymousId"'),
    "user_id": ("user_id", '"userId"'),
    "event": ("type", "type"),
    "event_name": ("event", "event"),
    "event_at": ("timestamp", "timestamp"),
    "received_at": ("received_at", '"receivedAt"'),
    "page_url": ("context_page_url", "context.page.url"),
    "page_path": ("context_page_path", "context.page.path"),
    "utm_source": ("context_campaign_source", "context.campaign.source"),
    "utm_medium": ("context_campaign_medium", "context.campaign.medium"),
    "utm_content": ("context_campaign_content", "context.campaign.content"),
    "video_ref": ("content_asset_id", "properties.content_asset_id"),
    "player_session_id": ("session_id", "properties.session_id"),
    "position_seconds": ("position", "properties.position"),
    "user_agent": ("context_user_agent", 'context."userAgent"'),
    "file": ("filename", "filename"),
}


def bare(folder: Path, kind: str) -> None:
    """DuckDB alone: its own reader, and an insert into a table of the same columns."""
    from ingestion.cast import arrow_schema
    from ingestion.registry import sources

    files = str(folder / "events" / SITE / f"*.{kind}")
    read = f"read_parquet('{files}', filename = true)"
    if kind == "jsonl":
        read = f"read_json('{files}', format = 'newline_delimited', filename = true, "
        read += "ignore_errors = true)"
    empty = arrow_schema(sources()[SOURCE].SPEC["events"]).empty_table()
    chosen = [f"{each[kind == 'jsonl']} as {name}" for name, each in PLAIN.items()]
    with duckdb.connect(str(folder / "bare.duckdb")) as con:
        con.register("empty", empty)
        con.execute("create table events as from empty")
        con.execute(
            f"insert into events by name select {', '.join(chosen)} from {read}"
        )


def load(folder: Path) -> None:
    """One night of the source, as a run loads it."""
    from ingestion.ingest import ingest
    from ingestion.registry import sources
    from warehouse.settings import Settings

    variables = {"PLAYHEAD_SITE_EVENTS_PATH": str(folder / "events")}
    settings = Settings(
        data_dir=folder / "data", mode="accounts", credentials=variables
    )
    outcome = ingest(sources()[SOURCE], settings, as_of=AS_OF)
    if not outcome.rows:
        sys.exit(str(outcome.reason))
    sys.stdout.write(f"{sum(outcome.rows.values())} {outcome.quarantined}\n")


def process(part: str, folder: Path, kind: str) -> Cost:
    command = [sys.executable, "-m", "benchmarks.events", "--part", part]
    return measured([*command, "--folder", str(folder), "--kinds", kind])


def held(folder: Path) -> tuple[int, int]:
    """Rows loaded and rows put aside."""
    with duckdb.connect(str(folder / "data" / "playhead.duckdb")) as con:
        (rows,) = con.execute("select count(*) from raw_site_events.events").fetchall()
        (bad,) = con.execute("select count(*) from quarantine.rows").fetchall()
    return int(rows[0]), int(bad[0])


def show(rows: int, kinds: list[str], scratch: Path) -> None:
    """Measure and print one table per kind of file."""
    console = Console()
    for kind in kinds:
        folder = scratch / kind
        write_files(folder / "events", kind, 0, rows)
        size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
        alone = process("bare", folder, kind)
        (folder / "bare.duckdb").unlink()
        first = process("load", folder, kind)
        write_files(folder / "events", kind, rows, rows + PER_FILE // 10)
        later = process("load", folder, kind)
        loaded, bad = held(folder)
        shutil.rmtree(folder)
        title = f"{rows:,} events as {kind}, {size / 2**20:,.0f} MiB"
        table = Table("", "wall s", "CPU s", "rows/s", "MiB", title=title)
        for name, cost in (
            ("DuckDB alone", alone),
            ("first night", first),
            ("a night with one new file", later),
        ):
            speed = f"{rows / cost.wall:,.0f}" if cost is not later else ""
            told = (f"{cost.wall:.1f}", f"{cost.cpu:.1f}", speed, f"{cost.mib:.0f}")
            table.add_row(name, *told)
        console.print(table)
        console.print(
            f"{loaded:,} rows, {bad} put aside; speed against DuckDB alone: "
            f"{alone.wall / first.wall:.2f} wall, {alone.cpu / first.cpu:.2f} CPU "
            "(at least 0.5); memory at most 2048 MiB"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--kinds", default="parquet,jsonl")
    parser.add_argument("--part", choices=("bare", "load"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.part == "bare":
        bare(asked.folder, asked.kinds)
    elif asked.part == "load":
        load(asked.folder)
    else:
        with tempfile.TemporaryDirectory() as scratch:
            show(asked.rows, asked.kinds.split(","), Path(scratch))


if __name__ == "__main__":
    main()
