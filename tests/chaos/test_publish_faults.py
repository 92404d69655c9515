"""Two publishers, a full disk, a closed folder, readers during the swap."""

import os
import resource
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import pytest

import warehouse
from warehouse.db import WarehouseLocked
from warehouse.publish import (
    FolderUnusable,
    PublishBusy,
    check,
    current,
    open_snapshot,
    publish,
    rollback,
)

PUBLISH = """
import os, sys
from datetime import date
from pathlib import Path
from warehouse.publish import publish, PublishError

def at(point):
    if point == "built":
        print("built", flush=True)
        sys.stdin.readline()

root = Path(sys.argv[1])
if len(sys.argv) > 2:
    os.setgid(int(sys.argv[2]))
    os.setuid(int(sys.argv[2]))
try:
    result = publish(
        warehouse_path=root / "playhead.duckdb", published_dir=root / "published",
        as_of=date(2026, 3, 1), sources=(), is_simulated=True, mode="sandbox", at=at,
    )
    print(result.generation, flush=True)
except PublishError as error:
    print(error, file=sys.stderr)
    sys.exit(error.exit_code)
"""
WRITE = """
import sys, duckdb
con = duckdb.connect(sys.argv[1])
print("open", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Generation 1 is published, the warehouse holds what would be the second."""
    _fill(tmp_path, 1)
    _publish(tmp_path)
    _fill(tmp_path, 2)
    return tmp_path


def test_the_second_of_two_publishers_stops_and_names_the_first(root):
    with _child(PUBLISH, root) as first:
        assert first.stdout.readline() == "built\n"
        with pytest.raises(PublishBusy) as told:
            _publish(root)
        with pytest.raises(PublishBusy):
            rollback(root / "published", reason="x")
        assert (told.value.pid, told.value.exit_code) == (first.pid, 75)
        assert f"pid {first.pid}, since 2" in str(told.value)
        out, _ = first.communicate("go on\n", timeout=30)
    assert (out, first.returncode) == ("2\n", 0)
    assert check(root / "published").generation == 2


def test_the_next_publisher_starts_at_once_when_the_holder_was_killed(root):
    with _child(PUBLISH, root) as first:
        assert first.stdout.readline() == "built\n"
        first.kill()
    assert _publish(root).generation == 2
    assert list((root / "published").glob(".build-*")) == []


def test_publish_says_who_holds_the_warehouse(root):
    with _child(WRITE, root / "playhead.duckdb") as writer:
        assert writer.stdout.readline() == "open\n"
        with pytest.raises(WarehouseLocked, match=f"PID {writer.pid}"):
            _publish(root)
        writer.communicate("close\n", timeout=30)
    assert _publish(root).generation == 2


# point after which files may not grow beyond so many bytes: what fails then
FULL = [
    ("swept", 300_000, "the copy"),
    ("sealed", 100, "Parquet"),
    ("exported", 100, "the report"),
    ("rendered", 100, "the description"),
    ("swapped", 100, "the manifest"),
]


@pytest.mark.parametrize(("point", "room", "what"), FULL)
def test_readers_keep_what_they_have_when_the_disk_is_full(root, point, room, what):
    with (
        _limit_when(point, room) as at,
        pytest.raises(FolderUnusable, match=r"File too large.*run again") as told,
    ):
        _publish(root, at=at)
    assert str(told.value).startswith(str(root))
    assert check(root / "published").generation == 1
    assert list((root / "published").rglob(".build-*")) == []
    assert _sum(root / "published" / "current.duckdb") in {1, 2}

    result = _publish(root)  # once there is room
    assert result.is_new is (point != "swapped")  # then only the manifest was missing
    assert check(root / "published").generation == result.generation
    assert _sum(root / "published" / current(root / "published").file) == 2


def test_publish_names_the_folder_when_it_may_not_write_there():
    # Not below tmp_path: another user may not enter that one.
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        root.chmod(0o755)
        _fill(root, 1)
        (root / "published").mkdir()
        (root / "published").chmod(0o555)
        nobody = ["65534"] if os.getuid() == 0 else []
        with _child(PUBLISH, root, *nobody) as child:
            _, said = child.communicate("", timeout=30)
    assert child.returncode == 1
    assert "Permission denied" in said
    assert str(root / "published") in said
    assert "write permission" in said


def test_overlapping_readers_see_whole_generations_and_then_the_new_one(root):
    """Four threads that always have a query open, two swaps, one process."""
    published = root / "published"
    enough = threading.Condition()
    newest = 1
    late: list[int] = []
    torn: list[tuple[int, ...]] = []
    answers = dict.fromkeys(range(4), 0)
    stop = threading.Event()

    def read(reader: int) -> None:
        while not stop.is_set():
            asked_for = newest
            with open_snapshot(published) as con:
                seen = con.execute(
                    "select s.generation, min(a.n), max(a.n), min(b.n), max(b.n) from "
                    "published.snapshot as s, published.first as a, "
                    "published.second as b group by s.generation"
                ).fetchone()
            if len(set(seen)) != 1:
                torn.append(seen)
            if seen[0] < asked_for:
                late.append(seen[0])
            with enough:
                answers[reader] += 1
                enough.notify()

    def wait_for(more: int) -> None:
        with enough:
            goal = {reader: count + more for reader, count in answers.items()}
            assert enough.wait_for(
                lambda: all(answers[r] >= goal[r] for r in goal), timeout=30
            )

    threads = [threading.Thread(target=read, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    try:
        for generation in (2, 3):
            wait_for(2)
            _fill(root, generation)
            _publish(root)
            newest = generation  # a query begun from here on must see it
        wait_for(2)
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=30)
    assert (torn, late) == ([], [])
    assert min(answers.values()) >= 6


def _fill(root: Path, number: int) -> None:
    """Every number in the warehouse is `number`, which is the generation to come."""
    with duckdb.connect(str(root / "playhead.duckdb")) as con:
        con.execute("create schema if not exists published")
        for table in ("first", "second"):
            con.execute(
                f"create or replace table published.{table} as "
                f"select cast({number} as bigint) as n from range(100)"
            )


def _publish(root, **more):
    return publish(
        warehouse_path=root / "playhead.duckdb",
        published_dir=root / "published",
        as_of=date(2026, 3, 1),
        sources=(),
        is_simulated=True,
        mode="sandbox",
        render_report=lambda path, number: "page" * 100,
        report_dir=root / "report",
        **more,
    )


@contextmanager
def _child(script, *arguments) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(warehouse.__file__).parents[1])},
    )
    with child:
        try:
            yield child
        finally:
            if child.poll() is None:
                child.kill()


@contextmanager
def _limit_when(point, room):
    """From that point on no file may grow beyond `room` bytes, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def at(reached: str) -> None:
        if reached == point:
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))

    try:
        yield at
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _sum(path):
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute("select max(n) from published.first").fetchone()[0]
