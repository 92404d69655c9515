"""A run is killed between and inside its stages; the next start completes it.

A server process reads dbt's project once and forks a child for each run, which kills
itself in the progress callback: no point is missed and nothing waits for a clock. The
kills follow one another in one folder, so each one meets what the one before it left.
Kills inside a load: tests/chaos/test_ingest_kills.py; inside a publish: test_publish_kills.py.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestration.runner import RunOutcome
from tests.support.house import House, clean_environment

SERVER = """
import json, os, signal, sys
from pathlib import Path
from orchestration.cli.common import to_the_end
from orchestration.resources import Dbt
from orchestration.runner import run
from warehouse.settings import Settings

settings = Settings(data_dir=Path(sys.argv[1]), scenario="unit", sandbox_url=sys.argv[2])
Dbt(settings).parse()
for line in sys.stdin:
    ask = json.loads(line)
    child = os.fork()
    if child == 0:
        signal.alarm(120)

        def at(stage, text):
            if [stage, text] == ask["point"]:
                os.kill(os.getpid(), getattr(signal, ask["signal"]))

        outcome = to_the_end(
            lambda: run(settings, advance_days=ask["advance"], progress=at)
        )
        print(outcome, file=sys.stderr)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""
Kill = Callable[..., int]


@pytest.fixture
def kill(first: House) -> Iterator[Kill]:
    """Starts a run that dies at (stage, step or model); returns how it ended."""
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(first.data), first.sandbox.url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
        env=clean_environment(),
    )
    assert process.stdin is not None and process.stdout is not None

    def order(stage: str, text: str, *, advance: int = 0, by: str = "SIGKILL") -> int:
        asked: dict[str, Any] = {
            "point": [stage, text],
            "advance": advance,
            "signal": by,
        }
        process.stdin.write(json.dumps(asked) + "\n")
        process.stdin.flush()
        return int(process.stdout.readline())

    yield order
    process.communicate()


def test_killed_runs_end_in_the_tables_of_an_undisturbed_one(
    second_night: RunOutcome, first: House, kill: Kill
) -> None:
    undisturbed = first.root / "saved" / "second" / "published" / "manifest.json"
    wanted = json.loads(undisturbed.read_text())["content_hash"]
    before = first.manifest()
    # in the middle of the sources: some are of the new day, some of the old
    assert kill("ingest", "ingest_meta_ads", advance=1) == -signal.SIGKILL
    # the day was begun, so the next runs stay on it. In the middle of dbt, which works in
    # threads of its own: all is loaded, half of it is joined
    assert kill("model", "int_journey__touches") == -signal.SIGKILL
    # credits and beliefs are of the new day, the marts of the old; and politely
    assert kill("serve", "serve", by="SIGTERM") == -signal.SIGTERM
    assert first.manifest() == before, "readers keep what they had"
    healed = first.run()
    assert healed.exit_code == 0, healed.error
    assert healed.as_of == second_night.as_of
    assert (healed.generation, healed.is_new) == (2, True)
    assert first.manifest().content_hash == wanted
    left = [
        f for f in os.listdir(first.settings.published_dir) if f.startswith(".build")
    ]
    assert left == []
