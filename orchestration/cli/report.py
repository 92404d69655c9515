"""`playhead report`: the page again, from the current snapshot."""

from pathlib import Path

import click

from orchestration.cli.common import data_dir_option, load


@click.command("report")
@data_dir_option
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the page here instead of report/index.html.",
)
def command(data_dir: Path | None, out: Path | None) -> None:
    """Write the page of the published generation and say where it lies."""
    settings = load(data_dir)
    from warehouse.publish import current
    from warehouse.report.render import render

    manifest = current(settings.published_dir)
    page = render(settings.published_dir / manifest.file, manifest.generation)
    path = out or settings.report_dir / "index.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")
    click.echo(f"{path}")
