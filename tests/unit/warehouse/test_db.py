"""Connections to one warehouse file: alone, and shared while a run holds it open."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from warehouse import db

OPENED = "import duckdb, sys; duckdb.connect(sys.argv[1]).close()"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "playhead.duckdb"


def others_may_write(file: Path) -> bool:
    """Whether another process gets the file."""
    tried = subprocess.run(
        [sys.executable, "-c", OPENED, str(file)], capture_output=True, check=False
    )
    return tried.returncode == 0


def test_run_holds_the_file_and_all_of_its_connections_see_the_same(file: Path) -> None:
    with db.held(file):
        with db.writer(file) as con:
            con.execute("create table t as select 1 as a")
        with db.reader(file) as one, db.writer(file) as other:
            other.execute("insert into t values (2)")
            assert one.execute("select sum(a) from t").fetchone() == (3,)
        assert not others_may_write(file)
    assert others_may_write(file)
    with db.reader(file) as con:
        assert con.execute("select sum(a) from t").fetchone() == (3,)


def test_dbt_may_open_the_file_beside_a_run(file: Path) -> None:
    # as dbt-duckdb does: by path, with no configuration of its own
    with db.held(file), duckdb.connect(str(file), read_only=False) as con:
        con.execute("create table t as select 1 as a")
        with db.reader(file) as reader:
            assert reader.execute("select a from t").fetchone() == (1,)


def test_file_is_let_go_when_a_run_breaks_off(file: Path) -> None:
    with pytest.raises(RuntimeError, match="half way"), db.held(file):
        with db.writer(file) as con:
            con.execute("create table t as select 1 as a")
        raise RuntimeError("half way")
    assert others_may_write(file)
    refused = pytest.raises(duckdb.InvalidInputException, match="read-only")
    with db.reader(file) as con, refused:  # on its own again
        con.execute("insert into t values (2)")


def test_every_connection_speaks_of_utc(file: Path) -> None:
    zone = "select current_setting('TimeZone')"
    with db.writer(file) as alone:
        assert alone.execute(zone).fetchone() == ("UTC",)
    with db.held(file), db.writer(file) as one, db.reader(file) as other:
        assert one.execute(zone).fetchone() == ("UTC",)
        assert other.execute(zone).fetchone() == ("UTC",)


def test_another_process_is_told_what_to_do(file: Path) -> None:
    hold = f"""
import sys
from pathlib import Path
from warehouse import db
with db.held(Path({str(file)!r})):
    print("held", flush=True)
    sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdin is not None and other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(db.WarehouseLocked, match=r"published/current\.duckdb"):
            db.writer(file).__enter__()
        other.stdin.close()


def test_loads_share_a_bound_of_memory_until_the_last_has_ended(file: Path) -> None:
    limit = "select current_setting('memory_limit')"
    with db.held(file), db.reader(file) as con:
        ((unbound,),) = con.execute(limit).fetchall()
        with pytest.raises(RuntimeError, match="broke"), db.loading(file):
            with db.loading(file):
                ((bound,),) = con.execute(limit).fetchall()
            assert con.execute(limit).fetchall() == [(bound,)]  # the other still loads
            raise RuntimeError("broke")
        assert con.execute(limit).fetchall() == [(unbound,)]
    assert bound != unbound and bound.startswith("476")  # MiB: 500 MB
