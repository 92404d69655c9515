"""How `playhead lift` prints: tables for people, CSV and JSON for machines."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from orchestration.cli.common import tell_csv, tell_json

if TYPE_CHECKING:
    from warehouse.incrementality.choose import Choice
    from warehouse.incrementality.lift import Measured
    from warehouse.incrementality.plan import Plan, Row

Rows = Sequence[Mapping[str, Any]]
SHORT = {
    "ridge_augmented": "ridge-augmented",
    "synthetic_control": "synthetic control",
    "difference_in_differences": "differences",
}


def test(measured: "Measured", form: str) -> None:
    """The readings of a test, one row per estimator."""
    from warehouse.incrementality import wording

    if measured.left_out:
        names = ", ".join(measured.left_out)
        click.echo(f"left out, constant or empty before the test: {names}", err=True)
    rows = [asdict(reading) for reading in measured.readings]
    if form == "csv":
        _csv(rows)
    elif form == "json":
        tell_json(rows)
    else:
        click.echo(wording.head(measured))
        _table(
            ["estimator", "lift", "90 %", "extra", "p space", "p time"],
            [
                (
                    SHORT[row["estimator"]],
                    f"{row['lift']:+.1%}",
                    f"{row['lift_p05']:+.1%} to {row['lift_p95']:+.1%}",
                    f"{row['incremental']:+,.0f}",
                    f"{row['p_space']:.2f}",
                    f"{row['p_time']:.2f}",
                )
                for row in rows
            ],
        )
        click.echo(wording.verdict(measured))


def plan(found: "Plan", row: "Row", choices: "list[Choice] | None", form: str) -> None:
    """The power of each test, and with beliefs the channels by what a test narrows."""
    rows = [{**asdict(each), "treated": "|".join(each.treated)} for each in found.rows]
    channels = [asdict(each) for each in choices or ()]
    if found.too_long:
        days = ", ".join(str(each) for each in found.too_long)
        click.echo(f"left out, history too short: {days} days", err=True)
    if form == "csv":
        _csv(rows if choices is None else channels)
    elif form == "json":
        tell_json({"tests": _finite(rows), "channels": channels})
    else:
        _tables(found, row, choices)


def _tables(found: "Plan", row: "Row", choices: "list[Choice] | None") -> None:
    from warehouse.incrementality import wording

    lifts = sorted({each.lift for each in found.rows})
    tests: dict[tuple[int, int], list[Row]] = {}
    for each in found.rows:
        tests.setdefault((each.regions, each.days), []).append(each)
    _table(
        ["regions", "days", "of all", "80 % see", *(f"{lift:.0%}" for lift in lifts)],
        [
            (
                str(regions),
                str(days),
                f"{each[0].share:.0%}",
                f"{each[0].detectable:.1%}",
                *(f"{one.power:.0%}" for one in each),
            )
            for (regions, days), each in tests.items()
        ],
    )
    for lift in lifts:
        click.echo(wording.proposal(found, lift))
    if choices is not None:
        _table(
            ["channel", "estimate", "sd", "sd after", "narrowed", "spend"],
            [
                (
                    each.channel,
                    f"{each.estimate:,.0f}",
                    f"{each.sd:,.0f}",
                    f"{each.sd_after:,.0f}" if each.is_testable else "",
                    f"{each.narrowed:.0%}" if each.is_testable else "",
                    f"{each.spend:,.0f}",
                )
                for each in choices
            ],
        )
        click.echo(wording.choice(choices, row))


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(header_style="bold")
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def _csv(rows: Rows) -> None:
    tell_csv(list(rows[0]), [list(row.values()) for row in rows])


def _finite(rows: Rows) -> list[dict[str, Any]]:
    """JSON knows no infinity: no lift that could be seen is null."""
    return [
        {name: None if value == float("inf") else value for name, value in row.items()}
        for row in rows
    ]
