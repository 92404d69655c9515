"""`playhead` on the command line: one file per verb.

Only the verbs that run Dagster import it, inside the verb, so that `--help` is quick.
"""

import atexit
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from orchestration.cli import (
    attribute,
    auth,
    backfill,
    check,
    dev,
    init,
    lift,
    link,
    map,
    publish,
    report,
    rollback,
    run,
    sandbox,
    sources,
)
from orchestration.failures import EXIT_INTERRUPTED, EXIT_USAGE, explained


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="playhead")
def playhead() -> None:
    """What your videos are worth, learnt anew every night.

    Without any credential it runs on a simulated company (the sandbox). Everything it
    writes lies under one folder: --data-dir, PLAYHEAD_DATA_DIR or ./data.
    """


for verb in (
    run,
    check,
    auth,
    backfill,
    publish,
    rollback,
    report,
    sandbox,
    sources,
    init,
    map,
    link,
    attribute,
    lift,
    dev,
):
    playhead.add_command(verb.command)


def main(arguments: Sequence[str] | None = None) -> None:
    """The console script: known errors are one line and an honest exit code."""
    try:
        _obeyed(arguments)
    except SystemExit as ended:
        if arguments is None and isinstance(ended.code, int):
            _leave(ended.code)
        raise
    if arguments is None:
        _leave(0)


def _leave(code: int) -> NoReturn:
    """End the process now: all is written, and taking a run apart takes two seconds."""
    atexit._run_exitfuncs()  # what libraries leave for the end is done
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _obeyed(arguments: Sequence[str] | None) -> None:
    try:
        playhead(args=arguments, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(EXIT_USAGE)
    except (click.Abort, KeyboardInterrupt):
        click.echo("playhead: interrupted; the next run goes on from here", err=True)
        sys.stdout.flush()
        os._exit(EXIT_INTERRUPTED)  # whatever still works in a thread ends with it
    except Exception as error:
        told = explained(error)
        if told is None:
            raise
        line, code = told
        click.echo(f"playhead: {line}", err=True)
        sys.exit(code)
