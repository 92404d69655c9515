"""What the verbs share: options, and settings with wrong values told as usage errors."""

import csv
import gc
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

import click

from warehouse.settings import Settings

DEFAULT_SCENARIO = "default"
T = TypeVar("T")
_Command = Callable[..., Any]


def data_dir_option(function: _Command) -> _Command:
    return click.option(
        "--data-dir",
        type=click.Path(file_okay=False, path_type=Path),
        help="Where everything is written. Default: PLAYHEAD_DATA_DIR or ./data",
    )(function)


def format_option(function: _Command) -> _Command:
    return click.option(
        "--format",
        "form",
        type=click.Choice(["table", "csv", "json"]),
        default="table",
        show_default=True,
    )(function)


def tell_csv(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(rows)


def tell_json(told: object) -> None:
    """JSON knows neither NaN nor infinity: null stands for them before this."""
    click.echo(json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False))


def named(
    headings: Sequence[str], rows: Iterable[Sequence[Any]]
) -> list[dict[str, Any]]:
    return [dict(zip(headings, row, strict=True)) for row in rows]


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


@contextmanager
def starting() -> Iterator[None]:
    """Until the run stands, objects are made and none thrown away: none are looked for."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def to_the_end(work: Callable[[], T]) -> T:
    """`work` in a thread of its own, so that Ctrl-C ends the verb at once.

    Dagster and dbt catch an interrupt in the main thread and take their time over it.
    Nothing needs that: an interrupt is a kill, and a killed run heals at the next one.
    """
    done: list[T] = []
    failed: list[BaseException] = []

    def worker() -> None:
        try:
            done.append(work())
        except BaseException as error:
            failed.append(error)

    thread = Thread(target=worker, daemon=True)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return done[0]
