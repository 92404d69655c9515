"""Nights that other processes live through while the tests go on with theirs.

A run keeps one core busy. These need nothing of this process, so they have the other:
somebody's first evening with accounts of their own, a chain of killed runs, the UI.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any

import requests
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from ingestion.sandbox import process
from tests.support.house import (
    PLAYHEAD,
    SCENARIO,
    clean_environment,
    playhead,
    write_env,
)
from warehouse.settings import Settings

REPOSITORY = Path(__file__).parents[2]
YOUTUBE = {
    "PLAYHEAD_YOUTUBE_CLIENT_ID": "me",
    "PLAYHEAD_YOUTUBE_CLIENT_SECRET": "canary-secret-71c3",
    "PLAYHEAD_YOUTUBE_REFRESH_TOKEN": "canary-refresh-71c3",
}
Said = subprocess.CompletedProcess[str]

# A child per run, forked from one process that has read dbt's project: it kills itself
# where the run has come to the point it was given, so nothing waits for a clock.
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
        signal.alarm(170)

        def at(stage, text):
            if [stage, text] == ask["point"]:
                os.kill(os.getpid(), getattr(signal, ask["signal"]))

        outcome = to_the_end(
            lambda: run(settings, advance_days=ask["advance"], progress=at)
        )
        os._exit(outcome.exit_code)
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""


@dataclass(frozen=True, slots=True)
class Evening:
    """What the command said to somebody with YouTube and a token of Meta that is no good."""

    folder: Path
    init: Said
    again: Said
    run: Said
    without: Said


def evening(folder: Path) -> Evening:
    """init, init again, run; then without any credential."""
    folder.mkdir()
    stand_in = Settings(data_dir=folder / "platforms", scenario=SCENARIO)
    with process.started(stand_in) as url:
        process.set_day(url, None)
        write_env(folder, PLAYHEAD_SANDBOX_URL=url, **YOUTUBE)
        init, again = playhead("init", cwd=folder), playhead("init", cwd=folder)
        with (folder / ".env").open("a") as file:
            file.write("PLAYHEAD_META_ADS_ACCESS_TOKEN=revoked\n")
        run = playhead("run", cwd=folder)
        (folder / ".env").unlink()
        without = playhead("run", cwd=folder)
    return Evening(folder, init, again, run, without)


@dataclass(frozen=True, slots=True)
class Point:
    """Where a run dies, and of what; nowhere, when it is to live."""

    stage: str = ""
    text: str = ""
    by: str = "SIGKILL"
    advance: int = 0


@dataclass(frozen=True, slots=True)
class Killed:
    """How each run ended, and the manifest that readers had after it."""

    folder: Path
    ended: tuple[int, ...]
    manifests: tuple[Mapping[str, object], ...]

    @property
    def record(self) -> date:
        """The day that the folder is on."""
        text = (self.folder / "playhead.json").read_text()
        return date.fromisoformat(json.loads(text)["as_of"])


def killed(begin: Path, folder: Path, points: tuple[Point, ...]) -> Killed:
    """A run for each point, one after the other in a copy of `begin`."""
    shutil.copytree(begin, folder)
    settings = Settings(data_dir=folder, scenario=SCENARIO)
    ended, manifests = [], []
    with process.started(settings) as url:
        server = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(folder), url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=REPOSITORY,
            env=clean_environment(),
        )
        with server:
            assert server.stdin is not None and server.stdout is not None
            for point in points:
                ask = {"point": [point.stage, point.text], "advance": point.advance}
                server.stdin.write(json.dumps({**ask, "signal": point.by}) + os.linesep)
                server.stdin.flush()
                ended.append(int(server.stdout.readline()))
                path = settings.published_dir / "manifest.json"
                manifests.append(json.loads(path.read_text()))
    return Killed(folder, tuple(ended), tuple(manifests))


@dataclass(frozen=True, slots=True)
class Shown:
    """What the UI knew of the project, and how it ended when it was told to."""

    jobs: frozenset[str]
    running: frozenset[str]
    ended: int
    seconds_to_end: float


ASKED = """
{ repositoriesOrError { ... on RepositoryConnection { nodes {
    jobs { name }
    schedules { name scheduleState { status } }
    sensors { name sensorState { status } }
} } } }
"""


def shown(folder: Path) -> Shown:
    """`playhead dev` until it answers, asked what is on, and ended by SIGTERM."""
    folder.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen(
        [PLAYHEAD, "dev", "--port", str(port)],
        cwd=folder,
        env=clean_environment(PLAYHEAD_SCENARIO=SCENARIO),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as ui:
        try:
            (found,) = _answer(f"http://127.0.0.1:{port}/graphql")
        finally:
            told = monotonic()
            ui.terminate()
            try:
                ended = ui.wait(timeout=60)
            finally:
                ui.kill()  # the block waits for it, whatever went wrong
    states = {each["name"]: each["scheduleState"] for each in found["schedules"]}
    states |= {each["name"]: each["sensorState"] for each in found["sensors"]}
    return Shown(
        jobs=frozenset(each["name"] for each in found["jobs"]),
        running=frozenset(n for n, s in states.items() if s["status"] == "RUNNING"),
        ended=ended,
        seconds_to_end=monotonic() - told,
    )


def _answer(url: str) -> list[dict[str, Any]]:
    """The repositories, as soon as the UI has loaded them."""
    for attempt in Retrying(
        stop=stop_after_delay(120),
        wait=wait_fixed(0.5),
        retry=retry_if_exception_type((requests.RequestException, KeyError)),
        reraise=True,
    ):
        with attempt:
            answer = requests.post(url, json={"query": ASKED}, timeout=10).json()
            nodes: list[dict[str, Any]] = answer["data"]["repositoriesOrError"]["nodes"]
    return nodes
