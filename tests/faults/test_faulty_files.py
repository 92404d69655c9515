"""Every source of files against every fault of a file: noticed, and nothing lost."""

import gzip
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import duckdb
import pyarrow.parquet as pq
import pytest

import ingestion.ingest
from ingestion.records import Outcome
from ingestion.registry import sources
from ingestion.windows import DAY
from ingestion.world import World
from tests.support import shelf
from tests.support.nights import Nights, nights
from tests.support.stand import QUICK, Tables, read_tables
from warehouse.settings import Settings


def truncated(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def bad_lines(path: Path) -> None:
    """Two lines that are none of its kind, in the middle."""
    if path.suffix == ".parquet":
        path.write_bytes(path.read_bytes()[:-100] + b"x" * 100)
        return
    lines = _bytes(path).splitlines()
    half = len(lines) // 2
    bad = [b'{"half": ', b'"not closed,,,,,,,,,,,,,,,,,,,,,,,']
    _write(path, b"\n".join([*lines[:half], *bad, *lines[half:]]) + b"\n")


def missing_column(path: Path) -> None:
    """The first one, on which every row depends."""
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        pq.write_table(table.drop_columns(table.column_names[:1]), path)
    elif path.suffix == ".csv":
        lines = path.read_bytes().splitlines()
        cut = [line.partition(b",")[2] for line in lines]
        path.write_bytes(b"\n".join(cut) + b"\n")
    else:
        lines = _bytes(path).splitlines()
        cut = [b"{" + line.partition(b",")[2] for line in lines]
        _write(path, b"\n".join(cut) + b"\n")


def wrong_encoding(path: Path) -> None:
    """A letter of another code page in every line."""
    if path.suffix != ".parquet":
        lines = _bytes(path).splitlines()
        _write(path, b"\n".join([lines[0], *(b"\xe9" + x for x in lines[1:])]) + b"\n")
    else:
        path.write_bytes(b"\xe9" + path.read_bytes())


def vanished(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def headed(path: Path) -> None:
    """Nothing but the first line is left."""
    _write(path, _bytes(path).split(b"\n", 1)[0] + b"\n")


def _bytes(path: Path) -> bytes:
    return (
        gzip.decompress(path.read_bytes())
        if path.suffix == ".gz"
        else (path.read_bytes())
    )


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)


BREAKS = (
    truncated,
    bad_lines,
    missing_column,
    wrong_encoding,
    vanished,
    emptied,
    headed,
)


@dataclass(slots=True)
class Desk:
    """Files as of the second night, and the warehouse as the first one left it."""

    nights: Nights
    today: Path
    before: Tables
    after: Tables

    @property
    def data(self) -> Path:
        return self.nights.root / "data"

    def files(self) -> dict[str, str]:
        """One file of each age and kind: what is broken in it matters, not which."""
        old = self.nights.root / "first" / "sandbox"
        found = {}
        for path in sorted(p for p in self.today.rglob("*") if p.is_file()):
            name = path.relative_to(self.today)
            known = (old / name).exists()
            kind = path.name if path.suffix == ".csv" else path.suffix
            found[f"{kind}, {'known' if known else 'new'}"] = str(name)
        return found

    def night(self, broken: str, how: Callable[[Path], None]) -> Outcome:
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.copytree(self.nights.root / "first", self.data)
        shutil.rmtree(self.data / "sandbox")
        shutil.copytree(self.today, self.data / "sandbox")
        how(self.data / "sandbox" / broken)
        settings = Settings(
            data_dir=self.data, scenario="unit", sandbox_url=self.nights.sandbox.url
        )
        assert self.nights.day is not None
        with patch.object(ingestion.ingest, "load", shelf.load):
            return ingestion.ingest.ingest(
                self.nights.source, settings, as_of=self.nights.day, patience=QUICK
            )

    def tables(self) -> Tables:
        return read_tables(self.nights.source, self.data / "playhead.duckdb")

    def told(self) -> str:
        """Everything that the quarantine says."""
        with duckdb.connect(str(self.data / "playhead.duckdb"), read_only=True) as con:
            return str(con.execute("from quarantine.rows").fetchall())


@pytest.fixture(
    scope="module", params=[n for n, s in sources().items() if not s.SPEC.hosts]
)
def desk(
    request: pytest.FixtureRequest,
    unit_world: World,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Desk]:
    source, last = sources()[request.param], unit_world.view().as_of
    root = tmp_path_factory.mktemp(request.param)
    with nights(source, unit_world, root) as made:
        made.load("first", last - DAY)
        before = made.tables("first")
        shutil.copytree(root / "first", root / "second")
        made.load("second", last)
        yield Desk(made, made.files, before, made.tables("second"))


@pytest.mark.parametrize("how", BREAKS, ids=lambda how: how.__name__)
def test_broken_file_is_noticed_and_loses_nothing_known(
    desk: Desk, how: Callable[[Path], None], tally: Counter[str]
) -> None:
    for kind, name in desk.files().items():
        if "new" in kind and how in (vanished, emptied, headed):
            continue  # nobody could know that there was more
        tally["tried"] += 1
        outcome = desk.night(name, how)
        now, case = desk.tables(), f"{kind} ({name}) {how.__name__}"
        if outcome.status == "stale":
            assert now == desk.before, f"{case}: the last good rows must stay"
            assert Path(name).stem in str(outcome.reason), f"{case}: {outcome.reason}"
            tally["stale"] += 1
            continue
        if now == desk.after:
            tally["equal"] += 1
            continue
        lost = {t: (desk.after[t] - now[t]).total() for t in now}
        assert Path(name).name in desk.told(), f"{case}: nobody was told of {lost}"
        if how is not bad_lines and "known" in kind:
            gone = {t: (desk.before[t] - now[t]).total() for t in now}
            assert not any(gone.values()), f"{case}: known rows are gone: {gone}"
        tally["put aside"] += 1
