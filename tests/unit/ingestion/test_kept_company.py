"""The sandbox's company is built once per folder, and never stands for another."""

import dataclasses
import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ingestion.sandbox import keeping
from ingestion.sandbox.keeping import KEPT, kept
from ingestion.sandbox.scenarios import SCENARIOS
from ingestion.world import World, WorldSettings, build

UNIT = SCENARIOS["unit"]


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[WorldSettings]:
    made: list[WorldSettings] = []

    def counted(settings: WorldSettings) -> World:
        made.append(settings)
        return build(settings)

    monkeypatch.setattr(keeping, "build", counted)
    return made


def test_second_start_reads_the_same_company(
    tmp_path: Path, builds: list[WorldSettings]
) -> None:
    first, second = kept(UNIT, tmp_path), kept(UNIT, tmp_path)
    assert builds == [UNIT]
    for name, values in first.view().delivery.items():
        assert np.array_equal(values, second.view().delivery[name])
    for name in ("events", "contacts", "claims_log"):
        one, other = (list(getattr(w.view(), name).rows()) for w in (first, second))
        assert repr(one) == repr(other)  # as text: NaN equals itself there
        assert one


def test_another_process_finds_it(tmp_path: Path, builds: list[WorldSettings]) -> None:
    code = (
        "from pathlib import Path\n"
        "from ingestion.sandbox.keeping import kept\n"
        "from ingestion.sandbox.scenarios import SCENARIOS\n"
        f"kept(SCENARIOS['unit'], Path({str(tmp_path)!r}))\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "1"}  # sets print in another order
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    kept(UNIT, tmp_path)
    assert builds == []


def test_other_seed_in_the_same_folder_is_another_company(
    tmp_path: Path, builds: list[WorldSettings]
) -> None:
    other = dataclasses.replace(UNIT, seed=7)
    kept(UNIT, tmp_path)
    assert kept(other, tmp_path).settings == other
    assert builds == [UNIT, other]


def test_other_code_builds_anew(
    tmp_path: Path, builds: list[WorldSettings], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(UNIT, tmp_path)
    monkeypatch.setattr(keeping, "_code", lambda: "of another version")
    kept(UNIT, tmp_path)
    assert len(builds) == 2


@pytest.mark.parametrize("left", [b"", b"half a fi", pickle.dumps("something else")])
def test_broken_file_is_built_over(
    tmp_path: Path, builds: list[WorldSettings], left: bytes
) -> None:
    (tmp_path / KEPT).write_bytes(left)
    kept(UNIT, tmp_path)
    kept(UNIT, tmp_path)
    assert len(builds) == 1
    assert [path.name for path in tmp_path.iterdir()] == [KEPT]
