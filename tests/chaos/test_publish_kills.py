"""kill -9 at every named point of a publish and of a rollback.

A server process imports the package once and forks a child for each kill; the child kills
itself in the callback, so no point is missed and nothing waits for a clock. Promise: no
reader is ever refused or sent back, and the next start leaves no trace of the kill.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

import warehouse
from warehouse.publish import (
    POINTS,
    check,
    current,
    generations,
    held,
    publish,
    release,
    rollback,
)
from warehouse.publish.files import verify

SERVER = """
import json, os, signal, sys
from datetime import date
from pathlib import Path
from warehouse.publish import publish, rollback

for line in sys.stdin:
    ask = json.loads(line)
    child = os.fork()
    if child == 0:
        signal.alarm(30)

        def at(point):
            if point == ask["point"]:
                os.kill(os.getpid(), signal.SIGKILL)

        root = Path(ask["root"])
        published, report = root / "published", root / "report"
        if ask["verb"] == "publish":
            publish(
                warehouse_path=root / "playhead.duckdb", published_dir=published,
                as_of=date(2026, 3, 1), sources=(), is_simulated=True, mode="sandbox",
                render_report=lambda path, number: f"page {number}",
                report_dir=report, at=at,
            )
        else:
            rollback(published, report, reason="wrong", at=at)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""
ROWS = 10  # generation n holds the numbers n .. n + 9 in two tables: the sum tells n


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three generations are published; the warehouse holds what would be the fourth."""
    root = tmp_path_factory.mktemp("template")
    for number in (1, 2, 3, 4):
        with duckdb.connect(str(root / "playhead.duckdb")) as con:
            con.execute("create schema if not exists published")
            for table in ("first", "second"):
                con.execute(
                    f"create or replace table published.{table} as "
                    f"select range + {number} as n from range({ROWS})"
                )
        if number < 4:
            _publish(root)
    return root


@pytest.fixture
def root(template: Path, tmp_path: Path) -> Path:
    """A copy by hard links: generations are never written to, so they can be shared."""
    for name in ("published", "report"):
        shutil.copytree(template / name, tmp_path / name, copy_function=os.link)
    shutil.copy(template / "playhead.duckdb", tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def no_sync(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kill loses nothing that was written: only the children sync."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)


@pytest.fixture(scope="module")
def server() -> Iterator[subprocess.Popen[str]]:
    package = Path(warehouse.__file__).parents[1]
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(package)},
    )
    yield process
    process.communicate()
    assert process.returncode == 0


def test_every_named_point_is_passed_when_nothing_disturbs(root):
    passed: list[str] = []
    _publish(root, at=passed.append)
    assert tuple(passed) == POINTS


@pytest.mark.parametrize("point", POINTS)
def test_readers_and_the_next_start_are_unharmed_when_publish_is_killed(
    root, server, point
):
    _kill(server, root, "publish", point)

    is_committed = POINTS.index(point) >= POINTS.index("committed")
    _assert_readable(root, 4 if is_committed else 3, {3, 4})

    result = _publish(root)
    is_swapped = POINTS.index(point) >= POINTS.index("swapped")
    assert result.is_new is not is_swapped
    assert _sum(root / "published" / current(root / "published").file) == _expected(4)
    assert any("manifest" in line for line in result.repaired) == (point == "swapped")
    _assert_whole(root, result.generation)


@pytest.mark.parametrize("point", ["sealed", "described", "linked", "swapped"])
def test_the_next_start_is_unharmed_when_the_first_publish_ever_is_killed(
    root, server, point
):
    for name in ("published", "report"):
        shutil.rmtree(root / name)
    _kill(server, root, "publish", point)
    result = _publish(root)
    # A whole generation is taken over when nothing else is current.
    assert result.is_new is (point == "sealed")
    _assert_whole(root, result.generation, kept=1)


@pytest.mark.parametrize("point", ["held", "linked", "swapped", "committed", "shown"])
def test_readers_and_the_next_start_are_unharmed_when_rollback_is_killed(
    root, server, point
):
    _kill(server, root, "rollback", point)

    is_committed = point in {"committed", "shown"}
    _assert_readable(root, 2 if is_committed else 3, {2, 3})
    assert held(root / "published").reason == "wrong"

    # What was begun can be said again; then the hold goes and the night goes on.
    rollback(root / "published", root / "report", to=2, reason="wrong")
    _assert_whole(root, 2)
    release(root / "published")
    assert _publish(root).generation == 4
    _assert_whole(root, 4)


def _publish(root, **more):
    return publish(
        warehouse_path=root / "playhead.duckdb",
        published_dir=root / "published",
        as_of=date(2026, 3, 1),
        sources=(),
        is_simulated=True,
        mode="sandbox",
        render_report=lambda path, number: f"page {number}",
        report_dir=root / "report",
        **more,
    )


def _kill(server, root, verb, point):
    server.stdin.write(
        json.dumps({"root": str(root), "verb": verb, "point": point}) + "\n"
    )
    server.stdin.flush()
    assert int(server.stdout.readline()) == -signal.SIGKILL


def _assert_readable(root, by_manifest, by_name):
    """Everything that a reader or a rollback may open is whole, and nothing went back."""
    published = root / "published"
    manifest = check(published)
    assert manifest.generation == by_manifest
    assert _sum(published / manifest.file) == _expected(by_manifest)
    found = _generation(published / "current.duckdb")
    assert found in by_name
    assert _sum(published / "current.duckdb") == _expected(found)
    for generation in generations(published):
        for entry in generation.files:
            verify(published, entry)


def _assert_whole(root, generation, *, kept=3):
    """One generation is current everywhere, and no file belongs to nobody."""
    published = root / "published"
    manifest = check(published)
    assert manifest.generation == generation
    assert (published / "current.duckdb").samefile(published / manifest.file)
    assert (root / "report" / "index.html").read_text() == f"page {generation}"
    found = generations(published)
    assert len(found) == kept
    expected = {published / e.file for one in found for e in one.files}
    expected |= {published / f"snap-{one.generation}.json" for one in found}
    names = (".publish.lock", "manifest.json", "current.duckdb")
    expected |= {published / name for name in names}
    if held(published):
        expected.add(published / "hold.json")
    assert {path for path in published.rglob("*") if path.is_file()} == expected
    assert {path.name for path in (published / "parquet").iterdir()} == {
        str(one.generation) for one in found
    }
    assert [path.name for path in (root / "report").iterdir()] == ["index.html"]


def _expected(number):
    # number + 0 .. number + 9, in each of two tables
    return 2 * (ROWS * number + ROWS * (ROWS - 1) // 2)


def _sum(path):
    return _ask(
        path,
        "select (select sum(n) from published.first) "
        "+ (select sum(n) from published.second)",
    )


def _generation(path):
    return _ask(path, "select generation from published.snapshot")


def _ask(path, question):
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute(question).fetchone()[0]
