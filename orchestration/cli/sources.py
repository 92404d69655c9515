"""`playhead sources`: what can be connected, as each source declares it."""

import click

from ingestion.registry import sources


@click.command("sources")
def command() -> None:
    """List every source: family, tables, restatement window, and what it needs."""
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
