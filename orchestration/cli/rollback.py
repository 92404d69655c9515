"""`playhead rollback`: readers get an earlier generation, and it is held."""

from pathlib import Path

import click

from orchestration.cli.common import data_dir_option, load


@click.command("rollback")
@data_dir_option
@click.option("--to", "generation", type=int, help="Default: the one before.")
@click.option("--reason", required=True, help="Kept with the hold, told by every run.")
def command(data_dir: Path | None, generation: int | None, reason: str) -> None:
    """Swap back and hold: later runs publish nothing until `publish --release`."""
    settings = load(data_dir)
    from warehouse.publish import rollback

    result = rollback(
        settings.published_dir, settings.report_dir, to=generation, reason=reason
    )
    click.echo(
        f"generation {result.generation} is current and held ({reason}); "
        "`playhead publish --release` lets go"
    )
