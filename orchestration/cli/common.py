"""What the verbs share: options, and settings with wrong values told as usage errors."""

from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from warehouse.settings import Settings

DEFAULT_SCENARIO = "default"
_Command = Callable[..., Any]


def data_dir_option(function: _Command) -> _Command:
    return click.option(
        "--data-dir",
        type=click.Path(file_okay=False, path_type=Path),
        help="Where everything is written. Default: PLAYHEAD_DATA_DIR or ./data",
    )(function)


def load(data_dir: Path | None, **more: Any) -> Settings:
    """Settings, with a wrong value told as a usage error."""
    try:
        settings = Settings.load(data_dir=data_dir, **more)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if settings.mode == "sandbox" and settings.scenario != DEFAULT_SCENARIO:
        _check_scenario(settings.scenario)
    if settings.mode == "accounts":
        _check_variables(settings)
    return settings


def _check_scenario(name: str) -> None:
    from ingestion.sandbox.scenarios import SCENARIOS

    if name not in SCENARIOS:
        known = ", ".join(sorted(SCENARIOS))
        raise click.UsageError(f"there is no scenario {name!r}: choose one of {known}")


def _check_variables(settings: Settings) -> None:
    """A mistyped variable would switch the sandbox off and no source on."""
    from ingestion.registry import sources

    specs = [source.SPEC for source in sources().values()]
    known = {spec.variable(setting.name) for spec in specs for setting in spec.settings}
    for name in sorted(set(settings.credentials) - known):
        near = get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]}?" if near else "`playhead sources` lists them"
        raise click.UsageError(f"{name} is no variable of any source: {hint}")
