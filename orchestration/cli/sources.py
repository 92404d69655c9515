"""`playhead sources`: what can be connected, as each source declares it."""

from collections.abc import Iterator
from textwrap import wrap

import click

from ingestion.registry import sources
from ingestion.spec import SourceSpec
from warehouse.settings import HOUSE

WIDTH = 96
HEAD = (
    "Copy to .env and fill in what you have. Any subset works: a source without its "
    "variables is off, and as soon as one is set the simulated company is never used in "
    "that data folder. What `playhead auth` keeps need not stand here; what stands here "
    "wins. `playhead check` tries them; ingestion/sources/<name>/README.md says where a "
    "platform shows them. Written by `playhead sources --env`."
)


@click.command("sources")
@click.option("--env", is_flag=True, help="Print the example of an .env file instead.")
def command(env: bool) -> None:
    """List every source: family, tables, restatement window, and what it needs."""
    if env:
        click.echo(example(), nl=False)
        return
    for name, source in sources().items():
        spec = source.SPEC
        tables = ", ".join(table.name for table in spec.tables)
        click.echo(f"{name} ({spec.family}): {spec.title}")
        click.echo(f"  tables    {tables}")
        click.echo(
            f"  days      {spec.day_zone}; newest after {spec.lag_days} days; "
            f"re-read {spec.lookback_days} days; {spec.cadence}"
        )
        for setting in spec.settings:
            need = "" if setting.is_required else " (optional)"
            click.echo(
                f"  setting   {spec.variable(setting.name)}{need}: {setting.says}"
            )


def example() -> str:
    """The text of `.env.example`: every variable that is read, and what it is for."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield from _said(HEAD)
    for source in sources().values():
        spec = source.SPEC
        if spec.settings:
            yield ""
            yield from _said(_title(spec))
        for setting in spec.settings:
            need = "" if setting.is_required else " (optional)"
            yield from _said(f"- {setting.says}{need}")
            yield f"#{spec.variable(setting.name)}="
    yield ""
    yield from _said("The house's own, all optional")
    for variable, says in HOUSE.items():
        yield from _said(f"- {says}")
        yield f"#{variable}="


def _title(spec: SourceSpec) -> str:
    by_itself = f": or `playhead auth {spec.name}`" if spec.takes_credential else ""
    return f"{spec.title}{by_itself}"


def _said(text: str) -> list[str]:
    return [f"# {line}" for line in wrap(text, WIDTH - 2, break_on_hyphens=False)]
