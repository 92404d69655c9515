"""`playhead attribute`: every method on a file of one's own, without a warehouse."""

import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from warehouse.attribution.modelled import ChannelRow

HEADINGS = (
    "method",
    "channel",
    "conversions",
    "value",
    "share",
    "conversions_p05",
    "conversions_p95",
)


@click.command("attribute")
@click.option(
    "--paths",
    "file",
    required=True,
    type=click.Path(path_type=Path),
    help='CSV or Parquet: path ("a > b"), total_conversions, total_conversion_value, '
    "total_null.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
)
def command(file: Path, form: str) -> None:
    """Who gets the credit, by every method, from a file of counted paths."""
    from warehouse.attribution.paths_file import PathsRefused, attribute

    try:
        found = attribute(file)
    except PathsRefused as error:
        raise click.ClickException(str(error)) from error
    if found.null_channels:
        names = ", ".join(found.null_channels)
        click.echo(f"taken for no channel of its own, by name: {names}", err=True)
    left_out = ", ".join(found.left_out)
    click.echo(f"left out, as paths carry no times: {left_out}", err=True)
    rows = [_cells(row) for row in found.rows]
    if form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(HEADINGS)
        writer.writerows(rows)
    elif form == "json":
        told = [dict(zip(HEADINGS, row, strict=True)) for row in rows]
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        _table(rows)


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


def _table(rows: Sequence[Sequence[Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(header_style="bold")
    table.add_column("method", no_wrap=True)
    table.add_column("channel", overflow="fold")
    for name in HEADINGS[2:5]:
        table.add_column(name, justify="right")
    table.add_column("90 % interval", justify="right")
    before = None
    for method, channel, conversions, value, share, low, high in rows:
        if before not in (None, method):
            table.add_section()
        table.add_row(
            method if method != before else "",
            channel,
            f"{conversions:,.1f}",
            f"{value:,.2f}",
            f"{share:.1%}" if share is not None else "",
            f"{low:,.1f} to {high:,.1f}" if low is not None else "",
        )
        before = method
    Console().print(table)
