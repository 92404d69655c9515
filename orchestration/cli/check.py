"""`playhead check`: configuration, credentials and reachability, one line per source."""

import sys
from collections import deque
from datetime import UTC, date, datetime
from pathlib import Path

import click

from ingestion.errors import source_error
from ingestion.ingest import is_on
from ingestion.registry import sources
from ingestion.source import Ask, SourceModule
from ingestion.transport import Api, Patience
from ingestion.windows import Window
from orchestration.cli.common import data_dir_option, load
from orchestration.failures import EXIT_NOT_PUBLISHED
from warehouse import home
from warehouse.settings import Settings

SOON_SECONDS = 30 * 86_400.0
NO_DAYS = Window(date.min, date.min)
QUICK = Patience(
    timeout=10.0, attempts=2, backoff=0.2, longest_wait=1.0, longest_throttle=1.0
)


@click.command("check")
@data_dir_option
def command(data_dir: Path | None) -> None:
    """Ask every source that is switched on for its accounts; change nothing.

    Exit codes: 0 all that are on answer; 1 one does not (its line has the remedy).
    """
    settings = load(data_dir)
    if home.read_record(settings) is not None:
        home.claim(settings)  # raises where the folder is of another mode
    from ingestion.clock import start_day
    from orchestration.runner import reachable

    counts = {"ok": 0, "off": 0, "refused": 0}
    with reachable(settings) as reached:
        start_day(reached)
        for name, source in sources().items():
            status, text = _look(source, reached)
            counts[status] += 1
            click.echo(f"{name:<16} {status:<8} {text}")
    on = counts["ok"] + counts["refused"]
    click.echo(
        f"{on} sources on: {counts['ok']} ok, {counts['refused']} refused; "
        f"{counts['off']} off"
    )
    click.echo(f"mode {settings.mode}, data folder {settings.data_dir}")
    sys.exit(EXIT_NOT_PUBLISHED if counts["refused"] else 0)


def _look(source: SourceModule, settings: Settings) -> tuple[str, str]:
    spec = source.SPEC
    if not is_on(spec, settings):
        wanted = [spec.variable(s.name) for s in spec.settings if s.is_required]
        if spec.takes_credential:
            return "off", f"to switch on: `playhead auth {spec.name}`"
        return "off", f"to switch on, set {', '.join(wanted)}" if wanted else "no files"
    try:
        api = Api(spec, settings, QUICK)
        accounts = source.accounts(api)
        if spec.family == "own":  # files at hand: every row is looked at
            for batches in source.read(api, Ask(accounts, NO_DAYS, date.min)).values():
                deque(batches, maxlen=0)
    except Exception as error:
        reason = source_error(error)
        if reason is None:
            raise
        return "refused", str(reason)
    listed = ", ".join(accounts[:3]) + (" ..." if len(accounts) > 3 else "")
    plural = "account" if len(accounts) == 1 else "accounts"
    return "ok", f"{len(accounts)} {plural}: {listed}{_soon(api)}"


def _soon(api: Api) -> str:
    """A consent that ends within a month, while there is time to renew it."""
    ends_at = api.access.ends_at()
    if ends_at is None or ends_at - api.access.now() > SOON_SECONDS:
        return ""
    day = datetime.fromtimestamp(ends_at, UTC).date()
    return f"; access ends on {day}: `playhead auth {api.spec.name}`"
