"""What a run came to: for people on the console, for machines as JSON."""

from pathlib import Path
from typing import Any

import click
from rich.console import Console

from orchestration.failures import EXIT_USAGE
from orchestration.runner import STAGES, RunOutcome
from warehouse import db
from warehouse.publish import PublishError, current
from warehouse.report import summary
from warehouse.settings import Settings


def show(settings: Settings, outcome: RunOutcome) -> None:
    """Print the summary and why nothing was published; of a wrong order only that."""
    if outcome.exit_code == EXIT_USAGE:
        click.echo(f"playhead: {outcome.error}", err=True)
        return
    console = Console(highlight=False)
    facts = _facts(settings)
    summary.print_to(console, facts, _run_facts(settings, outcome))
    for line in _unrecognised(settings):
        console.print(line, markup=False, soft_wrap=True)
    for notice in outcome.notices:
        console.print(notice, markup=False, soft_wrap=True)
    if outcome.error is not None:
        click.secho(f"Not published: {outcome.error}", fg="red", err=True)


def as_json(settings: Settings, outcome: RunOutcome) -> dict[str, Any]:
    """Stages, sources and tables changed, with plain values only."""
    quarantined = sum(each["quarantined"] or 0 for each in outcome.sources)
    loaded = sum(each["rows_loaded"] or 0 for each in outcome.sources)
    return {
        "run_id": outcome.run_id,
        "as_of": outcome.as_of and outcome.as_of.isoformat(),
        "mode": settings.mode,
        "is_simulated": settings.is_simulated,
        "exit_code": outcome.exit_code,
        "error": outcome.error,
        "generation": outcome.generation,
        "is_new": outcome.is_new,
        "stages": [
            {
                "stage": stage,
                "seconds": round(outcome.seconds[stage], 3),
                "rows": _rows(stage, outcome, loaded),
                "quarantined": quarantined if stage == "ingest" else 0,
            }
            for stage in ("start", *STAGES)
            if stage in outcome.seconds
        ],
        "sources": [
            {
                "source": each["source"],
                "status": each["status"],
                "is_stale": each["status"] == "stale",
                "loaded": each["rows_loaded"],
                "quarantined": each["quarantined"],
                "new_columns": each["new_columns"],
                "reason": each["reason"],
                "last_date": each["last_date"] and each["last_date"].isoformat(),
            }
            for each in outcome.sources
        ],
        "notices": outcome.notices,
        "tables_changed": outcome.tables_changed,
    }


def _rows(stage: str, outcome: RunOutcome, loaded: int) -> int:
    if stage == "ingest":
        return loaded
    if stage == "publish":
        return sum(outcome.tables_changed.values())
    return outcome.rows.get(stage, 0)


def _facts(settings: Settings) -> summary.Summary | None:
    try:
        manifest = current(settings.published_dir)
        return summary.facts(settings.published_dir / manifest.file)
    except PublishError:
        return None  # nothing is published yet, or what is cannot be read


def _run_facts(settings: Settings, outcome: RunOutcome) -> summary.RunFacts:
    told = as_json(settings, outcome)
    return summary.RunFacts(
        stages=[
            (s["stage"], s["seconds"], s["rows"], s["quarantined"])
            for s in told["stages"]
        ],
        sources=[
            (
                s["source"],
                s["status"],
                s["loaded"] or 0,
                s["quarantined"] or 0,
                s["reason"],
                s["new_columns"],
            )
            for s in told["sources"]
        ],
        tables_changed=outcome.tables_changed,
        generation=outcome.generation,
        is_new=outcome.is_new,
        paths={name: path for name, path in _paths(settings).items() if path.exists()},
    )


def _paths(settings: Settings) -> dict[str, Path]:
    return {
        "report": settings.report_dir / "index.html",
        "snapshot": settings.published_dir / "current.duckdb",
        "parquet": settings.published_dir / "parquet",
        "warehouse": settings.warehouse_path,
    }


def _unrecognised(settings: Settings) -> list[str]:
    """Files of an export folder that no form fits, each with the nearest one."""
    if settings.mode != "exports":
        return []
    with db.reader(settings.warehouse_path) as con:
        if not db.table_exists(con, "meta", "unrecognised_files"):
            return []
        rows = con.sql(
            "select file, nearest, says from meta.unrecognised_files order by file"
        ).fetchall()
    if not rows:
        return []
    lines = [f"{len(rows)} files were not recognised and left alone:"]
    return lines + [
        f"  {file}: {says}" + (f" (nearest: {nearest})" if nearest else "")
        for file, nearest, says in rows
    ]
