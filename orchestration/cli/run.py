"""`playhead run`: the nightly job, now, in this process."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from orchestration.cli.common import data_dir_option, load, starting, to_the_end
from orchestration.failures import explained
from warehouse.settings import Settings


@click.command("run")
@data_dir_option
@click.option(
    "--exports",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Run on the platforms' own export files below this folder.",
)
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="exports.yml for foreign headings. Default: beside the files.",
)
@click.option(
    "--advance",
    type=click.IntRange(min=0),
    default=0,
    metavar="DAYS",
    help="Sandbox: live through this many further days first.",
)
@click.option("--scenario", help="Sandbox: which simulated company. Default: default")
@click.option(
    "--accept-shrink",
    is_flag=True,
    help="Once: take a list that lost more than a fifth of its rows.",
)
@click.option(
    "--rebuild",
    is_flag=True,
    help="Once: build whole what a night changes in part.",
)
@click.option(
    "--json",
    "json_path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write the summary for machines to this file.",
)
@starting()
def command(
    data_dir: Path | None,
    exports: Path | None,
    mapping: Path | None,
    advance: int,
    scenario: str | None,
    accept_shrink: bool,
    rebuild: bool,
    json_path: Path | None,
) -> None:
    """Load, transform, attribute, learn, publish, report; then say what came of it.

    Exit codes: 0 published, all fresh; 3 published with stale sources; 1 not published;
    2 usage; 75 another run is working in the folder.
    """
    settings = load(
        data_dir,
        exports_dir=exports,
        mapping_path=mapping,
        scenario=scenario,
        accept_shrink=accept_shrink,
        rebuild=rebuild,
    )
    _check_together(settings, advance=advance, scenario=scenario, mapping=mapping)
    if json_path is not None:
        _write(json_path, {})  # before the work: a wrong path is told at once
    from orchestration.cli.progress import shown
    from orchestration.cli.summary import as_json, show
    from orchestration.runner import run

    try:
        with shown() as progress:
            outcome = to_the_end(
                lambda: run(settings, advance_days=advance, progress=progress)
            )
    except Exception as error:
        told = explained(error)
        if told is not None and json_path is not None:
            _write(json_path, {"exit_code": told[1], "error": told[0]})
        raise
    show(settings, outcome)
    if json_path is not None:
        _write(json_path, as_json(settings, outcome))
    sys.exit(outcome.exit_code)


def _check_together(
    settings: Settings, *, advance: int, scenario: str | None, mapping: Path | None
) -> None:
    """Options that only make sense in one mode."""
    here = f"this run is in mode {settings.mode}"
    if advance and settings.mode != "sandbox":
        raise click.UsageError(f"--advance moves the sandbox's calendar; {here}")
    if scenario and settings.mode != "sandbox":
        raise click.UsageError(f"--scenario chooses a simulated company; {here}")
    if mapping and settings.mode != "exports":
        raise click.UsageError(f"--mapping explains the files of --exports; {here}")


def _write(path: Path, said: dict[str, Any]) -> None:
    try:
        path.write_text(json.dumps(said, indent=1) + "\n")
    except OSError as error:
        raise click.UsageError(f"--json {path}: {error.strerror}") from error
