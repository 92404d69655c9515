"""`playhead backfill`: the nightly job over days of one's choice."""

import sys
from datetime import datetime
from pathlib import Path

import click

from ingestion.clock import known_day
from orchestration.cli.common import data_dir_option, load, starting, to_the_end


@click.command("backfill")
@data_dir_option
@click.option(
    "--from",
    "first",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    help="First day, inclusive.",
)
@click.option(
    "--to",
    "last",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    help="Last day, inclusive.",
)
@starting()
def command(data_dir: Path | None, first: datetime, last: datetime) -> None:
    """Read these days again from every source, then refresh all that follows.

    Any order of backfills gives the same tables. Exit codes as of `run`.
    """
    if first > last:
        raise click.UsageError(
            f"--from {first:%Y-%m-%d} is after --to {last:%Y-%m-%d}: swap them"
        )
    settings = load(data_dir)
    today = known_day(settings)
    if today is not None and last.date() > today:
        raise click.UsageError(
            f"--to {last:%Y-%m-%d} is after {today}, the day of the data: choose an "
            "earlier one"
        )
    from orchestration.cli.progress import shown
    from orchestration.cli.summary import show
    from orchestration.runner import run

    with shown() as progress:
        outcome = to_the_end(
            lambda: run(
                settings, first=first.date(), last=last.date(), progress=progress
            )
        )
    show(settings, outcome)
    sys.exit(outcome.exit_code)
