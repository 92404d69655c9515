"""`playhead attribute`: every method on files of one's own, without a warehouse.

Either `--paths`, a file of counted paths, or `--touches` with `--conversions` and whatever
else is known. Not here: reading, refusing, methods (warehouse/attribution).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestration.cli.common import format_option, named, tell_csv, tell_json

if TYPE_CHECKING:
    from warehouse.attribution.modelled import ChannelRow
    from warehouse.attribution.own_files import Row

HEADINGS = (
    "method",
    "channel",
    "conversions",
    "value",
    "share",
    "conversions_p05",
    "conversions_p95",
)
VIDEO_HEADINGS = (*HEADINGS[:2], "video_id", *HEADINGS[2:])
FILE = click.Path(path_type=Path)


class Refused(click.ClickException):
    """A file that cannot be counted: one line, exit code 2."""

    exit_code = 2


@click.command("attribute")
@click.option(
    "--paths",
    type=FILE,
    help='CSV or Parquet: path ("a > b"), total_conversions, total_conversion_value, '
    "total_null.",
)
@click.option(
    "--touches",
    type=FILE,
    help="CSV or Parquet: user_id, touched_at, channel; optional touch_id, "
    "interaction, video_id, watch_share (0 to 1).",
)
@click.option(
    "--conversions",
    type=FILE,
    help="conversion_id, user_id, converted_at, value. Needed with --touches.",
)
@click.option(
    "--users",
    type=FILE,
    help="user_id; optional weight (1 / share kept), region; all else is a covariate.",
)
@click.option("--delivered", type=FILE, help="channel, delivered, logged.")
@click.option("--lift-tests", type=FILE, help="channel, incremental_conversions, se.")
@click.option(
    "--channels",
    type=FILE,
    help="channel; is_navigational, is_null, is_bought_by_region, is_video. "
    "Default: guessed by name, and the guess is printed.",
)
@click.option("--time-zone", help="Of stamps that name none, and of days.")
@click.option(
    "--lookback-days",
    type=click.FloatRange(min=0, min_open=True),
    default=30.0,
    show_default=True,
    help="How long before a conversion a touch counts.",
)
@click.option(
    "--by",
    type=click.Choice(["channel", "video"]),
    default="channel",
    show_default=True,
)
@format_option
@click.pass_context
def command(
    context: click.Context,
    /,
    paths: Path | None,
    touches: Path | None,
    conversions: Path | None,
    form: str,
    by: str,
    **others: Any,
) -> None:
    """Who gets the credit, by every method, from files of one's own."""
    if (paths is None) == (touches is None):
        raise click.UsageError(
            "name either --paths FILE, or --touches FILE and --conversions FILE"
        )
    if paths is not None:
        _refuse_beside_paths(context)
        _tell(HEADINGS, _from_paths(paths), form)
        return
    if touches is None or conversions is None:
        raise click.UsageError("--touches needs --conversions FILE beside it")
    told = _from_touches(touches, conversions, by == "video", **others)
    _tell(VIDEO_HEADINGS if by == "video" else HEADINGS, told, form)


def _refuse_beside_paths(context: click.Context) -> None:
    allowed = {"paths", "form"}
    for name in context.params:
        source = context.get_parameter_source(name)
        if name not in allowed and source is click.core.ParameterSource.COMMANDLINE:
            raise click.UsageError(
                f"--{name.replace('_', '-')} needs --touches: counted paths carry "
                "neither people nor times"
            )


def _from_paths(file: Path) -> list[list[Any]]:
    from warehouse.attribution.paths_file import attribute
    from warehouse.lines import FileRefused

    try:
        found = attribute(file)
    except FileRefused as error:
        raise Refused(str(error)) from error
    if found.null_channels:
        names = ", ".join(found.null_channels)
        click.echo(f"taken for no channel of its own, by name: {names}", err=True)
    left_out = ", ".join(found.left_out)
    click.echo(f"left out, as paths carry no times: {left_out}", err=True)
    for note in found.notes:
        click.echo(note, err=True)
    return [_cells(row) for row in found.rows]


def _from_touches(
    touches: Path,
    conversions: Path,
    by_video: bool,
    *,
    users: Path | None,
    delivered: Path | None,
    lift_tests: Path | None,
    channels: Path | None,
    time_zone: str | None,
    lookback_days: float,
) -> list[list[Any]]:
    from warehouse.attribution.own_files import attribute
    from warehouse.attribution.touch_files import Files
    from warehouse.lines import FileRefused

    files = Files(touches, conversions, users, delivered, lift_tests, channels)
    try:
        found = attribute(
            files, time_zone=time_zone, lookback_days=lookback_days, by_video=by_video
        )
    except FileRefused as error:
        raise Refused(str(error)) from error
    for note in found.notes:
        click.echo(note, err=True)
    return [_video_cells(row, by_video) for row in found.rows]


def _cells(row: "ChannelRow") -> list[Any]:
    return [
        row.method,
        row.channel,
        row.conversions,
        row.value_usd,
        row.share,
        row.conversions_p05,
        row.conversions_p95,
    ]


def _video_cells(row: "Row", by_video: bool) -> list[Any]:
    cells = list(row)
    return cells if by_video else [*cells[:2], *cells[3:]]


def _tell(headings: Sequence[str], rows: Sequence[Sequence[Any]], form: str) -> None:
    if form == "csv":
        tell_csv(headings, rows)
    elif form == "json":
        tell_json(named(headings, rows))
    else:
        _table(headings, rows)


def _table(headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(header_style="bold")
    names = headings[1:-5]
    table.add_column("method", no_wrap=True)
    for name in names:
        table.add_column(name, overflow="fold")
    for name in headings[-5:-2]:
        table.add_column(name, justify="right")
    table.add_column("90 % interval", justify="right")
    before = None
    for method, *labels, conversions, value, share, low, high in rows:
        if before not in (None, method):
            table.add_section()
        table.add_row(
            method if method != before else "",
            *labels,
            f"{conversions:,.1f}",
            f"{value:,.2f}",
            f"{share:.1%}" if share is not None else "",
            f"{low:,.1f} to {high:,.1f}" if low is not None else "",
        )
        before = method
    Console().print(table)
