"""A data folder that tests run the whole job in, put back to a saved state in between.

It stays at one path, so that dbt's project is parsed once per process and folder; the
sandbox lives in this process, so that a test can order faults.
"""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ingestion.sandbox.process import serve
from ingestion.sandbox.server import Sandbox
from orchestration.runner import RunOutcome, run
from warehouse.publish import Manifest, current
from warehouse.settings import DEFAULT_SEED, Settings

PLAYHEAD = Path(sys.executable).parent / "playhead"
SCENARIO = "unit"


def clean_environment(**more: str) -> dict[str, str]:
    """This process's variables without any of ours, so that no test meets another's."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PLAYHEAD_")}
    return {**kept, **more}


def write_env(folder: Path, **variables: str) -> None:
    lines = [f"{name}={value}\n" for name, value in variables.items()]
    (folder / ".env").write_text("".join(lines))


def playhead(
    *arguments: str | Path, cwd: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    """The real command in a process of its own, in a folder without an .env."""
    return subprocess.run(
        [str(PLAYHEAD), *map(str, arguments)],
        cwd=cwd,
        env=clean_environment(**environment),
        capture_output=True,
        text=True,
        timeout=900,  # a guard against a run that hangs, no measure
        check=False,
    )


@dataclass(frozen=True, slots=True)
class FirstNight:
    """What the command said and wrote."""

    done: subprocess.CompletedProcess[str]
    summary: dict[str, Any]


@dataclass(frozen=True, slots=True)
class House:
    """`root/data` is the folder at work; `root/saved` holds the states it can go back to."""

    root: Path
    sandbox: Sandbox

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def settings(self) -> Settings:
        return Settings(
            data_dir=self.data, scenario=SCENARIO, sandbox_url=self.sandbox.url
        )

    def save(self, state: str) -> None:
        shutil.copytree(self.data, self.root / "saved" / state)

    def back_to(self, state: str) -> None:
        """The folder as it was saved; orders to the sandbox are forgotten."""
        self.sandbox.faults.orders.clear()
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.copytree(self.root / "saved" / state, self.data)

    def run(self, **order: Any) -> RunOutcome:
        return run(self.settings, **order)

    def manifest(self) -> Manifest:
        return current(self.settings.published_dir)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the work database answers."""
        path = str(self.settings.warehouse_path)
        with duckdb.connect(path, read_only=True) as con:
            return con.execute(query).fetchall()

    def notices(self) -> list[Mapping[str, str]]:
        path = self.settings.logs_dir / "notices.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        return [json.loads(line) for line in lines]

    def options(self) -> Sequence[str]:
        return ("--data-dir", str(self.data))


@contextmanager
def house(root: Path) -> Iterator[House]:
    sandbox = serve(SCENARIO, DEFAULT_SEED, root / "data" / "sandbox")
    thread = threading.Thread(target=sandbox.serve, daemon=True)
    thread.start()
    try:
        yield House(root, sandbox)
    finally:
        sandbox.stop()
        thread.join()
