"""`playhead sandbox`: the simulated platforms on a port, to look at and to try clients."""

from pathlib import Path

import click

from orchestration.cli.common import data_dir_option, load


@click.command("sandbox")
@data_dir_option
@click.option("--port", type=int, default=8765, show_default=True)
@click.option("--scenario", help="Which simulated company. Default: default")
def command(data_dir: Path | None, port: int, scenario: str | None) -> None:
    """Serve the fakes on loopback until interrupted. All data is simulated."""
    settings = load(data_dir, scenario=scenario)
    from threading import Thread

    from ingestion.sandbox.process import serve, set_day
    from warehouse.home import read_record

    sandbox = serve(settings.scenario, settings.seed, settings.sandbox_dir, port)
    thread = Thread(target=sandbox.serve, daemon=True)
    thread.start()
    record = read_record(settings)
    calendar = set_day(sandbox.url, record.as_of if record else None)
    click.echo(f"{sandbox.url} answers as of {calendar.as_of}; simulated data")
    click.echo(f"its files lie in {settings.sandbox_dir}; Ctrl-C ends it")
    try:
        thread.join()
    except KeyboardInterrupt:
        sandbox.stop()
