"""`playhead dev`: the Dagster UI on the same assets, the sandbox kept alive beside it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import click

from orchestration.cli.common import data_dir_option, load

DAGSTER_YAML = """\
telemetry:
  enabled: false
concurrency:
  pools:
    default_limit: 1
    granularity: op
  runs:
    max_concurrent_runs: 1
"""
LONGEST_GOODBYE = 30  # seconds


@click.command("dev")
@data_dir_option
@click.option("--port", type=int, default=3000, show_default=True)
def command(data_dir: Path | None, port: int) -> None:
    """Open the UI; the nightly schedule is on and, in the sandbox, lives a day a night."""
    settings = load(data_dir)
    from orchestration.runner import reachable

    home = settings.data_dir / ".dagster"
    home.mkdir(parents=True, exist_ok=True)
    (home / "dagster.yaml").write_text(DAGSTER_YAML)
    with reachable(settings) as reached:
        environment = {**os.environ, "DAGSTER_HOME": str(home)}
        environment["PLAYHEAD_DATA_DIR"] = str(settings.data_dir)
        if reached.sandbox_url:
            environment["PLAYHEAD_SANDBOX_URL"] = reached.sandbox_url
        command = [str(Path(sys.executable).parent / "dagster"), "dev"]
        command += ["-m", "orchestration.definitions", "-p", str(port)]
        click.echo(f"http://127.0.0.1:{port} shows the assets; Ctrl-C ends it")
        sys.exit(_until_told(command, environment))


def _until_told(command: list[str], environment: dict[str, str]) -> int:
    """The UI until it ends, or is ended: Ctrl-C reaches it by itself, SIGTERM by us."""
    with subprocess.Popen(command, env=environment) as ui:
        signal.signal(signal.SIGTERM, lambda *_: ui.terminate())
        try:
            return ui.wait()
        except KeyboardInterrupt:
            ui.wait(timeout=LONGEST_GOODBYE)
            return 0
