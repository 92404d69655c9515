"""`playhead lift`: what a test by region brought, or which one to run."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration.cli import lift_show
from orchestration.cli.common import data_dir_option, format_option, load

if TYPE_CHECKING:
    from warehouse.incrementality.lift import Measured
    from warehouse.incrementality.panel import Panel

DAY = click.DateTime(["%Y-%m-%d"])


class Numbers(click.ParamType):
    """Numbers parted by commas."""

    def __init__(self, kind: type[int] | type[float]) -> None:
        self.kind, self.name = kind, "numbers"

    def convert(
        self,
        value: object,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> list[float]:
        try:
            return [self.kind(part) for part in str(value).split(",")]
        except ValueError:
            like = "2,4" if self.kind is int else "0.05,0.1"
            self.fail(f"{value!r} are no numbers: write {like}", param, ctx)


@click.command("lift")
@click.option(
    "--outcomes",
    "file",
    required=True,
    type=click.Path(path_type=Path),
    help="CSV or Parquet: date, region, value; a row for every day and region.",
)
@click.option("--treated", help="Regions that were treated, parted by commas.")
@click.option("--from", "first", type=DAY, help="First day of the test.")
@click.option("--to", "last", type=DAY, help="Last day of the test, inclusive.")
@click.option(
    "--randomised", is_flag=True, help="The treated regions were drawn by lot."
)
@click.option(
    "--store", "keep", is_flag=True, help="Keep it in the warehouse; needs --channel."
)
@click.option("--channel", help="The channel that was switched.")
@click.option(
    "--switched-off",
    is_flag=True,
    help="It was off in the treated regions, on elsewhere.",
)
@click.option("--name", help="What the test is called.")
@click.option("--plan", "is_plan", is_flag=True, help="Say which test to run instead.")
@click.option(
    "--regions",
    "counts",
    type=Numbers(int),
    help="Plan: how many regions to treat, as 2,4. Default: a sixth of them.",
)
@click.option(
    "--days", "lengths", type=Numbers(int), help="Plan: lengths of the test, as 14,28."
)
@click.option(
    "--lift", "lifts", type=Numbers(float), help="Plan: effects to find, as 0.05,0.1."
)
@click.option(
    "--channels",
    "beliefs",
    type=click.Path(path_type=Path),
    help="Plan: which channel to test. CSV or Parquet: channel, estimate, sd, spend.",
)
@format_option
@data_dir_option
def command(
    file: Path,
    treated: str | None,
    first: datetime | None,
    last: datetime | None,
    randomised: bool,
    keep: bool,
    channel: str | None,
    switched_off: bool,
    name: str | None,
    is_plan: bool,
    counts: list[int] | None,
    lengths: list[int] | None,
    lifts: list[float] | None,
    beliefs: Path | None,
    form: str,
    data_dir: Path | None,
) -> None:
    """What a test by region brought, or with --plan which one to run.

    Three estimators side by side, the ridge-augmented synthetic control in front, each
    with a 90 % interval and placebo p in space and time.
    """
    of_plan = {
        "--regions": counts,
        "--days": lengths,
        "--lift": lifts,
        "--channels": beliefs,
    }
    of_test = {
        "--treated": treated,
        "--from": first,
        "--to": last,
        "--randomised": randomised,
        "--store": keep,
        "--channel": channel,
        "--switched-off": switched_off,
        "--name": name,
    }
    for option, given in (of_test if is_plan else of_plan).items():
        if given:
            other = "has nothing to do with" if is_plan else "belongs to"
            raise click.UsageError(f"{option} {other} --plan: leave one of them out")
    from warehouse.incrementality.lift import measure
    from warehouse.incrementality.outcomes_file import read_outcomes
    from warehouse.incrementality.panel import LiftRefused
    from warehouse.lines import FileRefused

    try:
        if is_plan:
            _plan(read_outcomes(file), counts, lengths, lifts, beliefs, form)
            return
        if not (treated and first and last):
            raise click.UsageError(
                "name the test with --treated, --from and --to, or ask for --plan"
            )
        if keep and not channel:
            raise click.UsageError("--store needs --channel: which was switched?")
        panel = read_outcomes(file)
        measured = measure(
            panel,
            treated=treated.split(","),
            first=first.date(),
            last=last.date(),
            is_randomised=randomised,
        )
    except (FileRefused, LiftRefused) as error:
        raise click.ClickException(str(error)) from error
    lift_show.test(measured, form)
    if keep and channel:
        _keep(measured, panel, channel, name, switched_off, data_dir)


def _plan(
    panel: "Panel",
    counts: list[int] | None,
    lengths: list[int] | None,
    lifts: list[float] | None,
    beliefs: Path | None,
    form: str,
) -> None:
    from warehouse.incrementality import plan as planner
    from warehouse.incrementality.channels_file import read_channels
    from warehouse.incrementality.choose import choose

    channels = read_channels(beliefs) if beliefs else None
    found = planner.plan(
        panel,
        counts=counts or [planner.usual_count(panel)],
        lengths=lengths or planner.LENGTHS,
        lifts=lifts or planner.LIFTS,
    )
    row = planner.recommended(found)
    choices = None
    if channels is not None:
        choices = choose(channels, test_se=row.error * float(panel.values.sum()))
    lift_show.plan(found, row, choices, form)


def _keep(
    measured: "Measured",
    panel: "Panel",
    channel: str,
    name: str | None,
    switched_off: bool,
    data_dir: Path | None,
) -> None:
    from warehouse import home
    from warehouse.db import writer
    from warehouse.incrementality.store import store
    from warehouse.incrementality.tables import LIFT_TESTS, About

    settings = load(data_dir)
    about = About(
        channel=channel,
        name=name,
        as_of=panel.days[-1],  # what was known, never the wall clock
        switched_off=switched_off,
    )
    with home.run_lock(settings), writer(settings.warehouse_path) as con:
        key = store(con, measured, about)
    click.echo(f"kept as {key} in {LIFT_TESTS} of {settings.warehouse_path}", err=True)
