"""`playhead publish`: the snapshot again, from what the warehouse holds now."""

from pathlib import Path

import click

from orchestration.cli.common import data_dir_option, load


@click.command("publish")
@data_dir_option
@click.option("--release", is_flag=True, help="Let go of the hold of a rollback first.")
def command(data_dir: Path | None, release: bool) -> None:
    """Audit schema `published` and swap it in; the same content changes nothing.

    What a run did not make and check to its end is refused.
    """
    settings = load(data_dir)
    from orchestration.publishing import publish_now, refuse_unfinished
    from warehouse import home
    from warehouse.publish import release as let_go

    with home.run_lock(settings):
        refuse_unfinished(settings)
        if release:
            let_go(settings.published_dir)
        result = publish_now(settings)
    if result.is_new:
        click.echo(
            f"published generation {result.generation}: "
            f"{len(result.tables_changed)} tables changed"
        )
    else:
        click.echo(f"nothing changed since generation {result.generation}")
