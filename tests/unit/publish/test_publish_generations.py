"""What a publish makes, and when it makes nothing."""

from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from warehouse.publish import PublishRefused, ReportFailed, current, open_snapshot
from warehouse.publish.files import describe


def test_publish_makes_a_whole_generation_when_the_folder_is_empty(place):
    result = place.publish()

    assert (result.generation, result.is_new) == (1, True)
    assert result.tables_changed == {"kpi_daily": 60, "videos": 2}
    assert place.files() == {
        ".publish.lock",
        "manifest.json",
        "current.duckdb",
        "snap-1.duckdb",
        "snap-1.json",
        "parquet/1/kpi_daily.parquet",
        "parquet/1/videos.parquet",
        "report/1.html",
    }
    assert place.front_page() == "<h1>generation 1</h1>"


def test_manifest_says_what_the_generation_is(place):
    result = place.publish()
    manifest = current(place.published_dir)

    assert manifest.content_hash == result.content_hash
    assert (manifest.as_of.isoformat(), manifest.mode) == ("2026-03-01", "sandbox")
    assert manifest.is_simulated
    assert manifest.storage_version == "v1.0.0+"
    assert (manifest.previous, manifest.newest) == (None, 1)
    assert [s.status for s in manifest.sources] == ["fresh", "stale"]
    kpi = manifest.tables["kpi_daily"]
    assert (kpi.rows, kpi.columns["spend_usd"]) == (60, "DECIMAL(18,4)")
    # 60 rows: 100 + 101 + ... + 159, 60 x 0.25, 60 x 1.5
    assert kpi.sums == {
        "impressions": "7770",
        "spend_usd": "15.0000",
        "watch_seconds": "90.0",
    }
    for entry in manifest.files:
        found = describe(place.published_dir, place.published_dir / entry.file)
        assert (found.sha256, found.bytes) == (entry.sha256, entry.bytes)
        assert (place.published_dir / entry.file).stat().st_mode & 0o222 == 0


def test_snapshot_holds_tables_and_its_identity(place_with):
    place = place_with(1)
    with open_snapshot(place.published_dir) as con:
        kinds = con.execute(
            "select table_name, table_type from information_schema.tables "
            "where table_schema = 'published' order by table_name"
        ).fetchall()
        said = con.execute(
            "select generation, as_of, mode, is_simulated, tables, content_hash, "
            "typeof(published_at) from published.snapshot"
        ).fetchall()
        comment = con.execute(
            "select comment from duckdb_columns() where column_name = 'spend_usd'"
        ).fetchone()
    manifest = current(place.published_dir)
    names = ("kpi_daily", "snapshot", "videos")
    assert kinds == [(name, "BASE TABLE") for name in names]
    assert said == [
        (1, manifest.as_of, "sandbox", True, 2, manifest.content_hash, "TIMESTAMP")
    ]
    assert comment == ("USD at the day's rate",)


def test_current_is_the_generation_itself_and_no_copy(place_with):
    place = place_with(1)
    one = (place.published_dir / "current.duckdb").stat()
    other = (place.published_dir / "snap-1.duckdb").stat()
    assert (one.st_ino, one.st_nlink) == (other.st_ino, 2)


def test_parquet_gives_pyarrow_the_same_rows_sums_and_types(place_with):
    place = place_with(1)
    manifest = current(place.published_dir)
    entry = manifest.tables["kpi_daily"].parquet
    table = pq.read_table(place.published_dir / entry.file)

    assert table.num_rows == 60
    assert sum(table["impressions"].to_pylist()) == 7770
    assert sum(table["spend_usd"].to_pylist()) == Decimal("15.0000")
    assert [str(table.schema.field(n).type) for n in ("impressions", "spend_usd")] == [
        "int64",
        "decimal128(18, 4)",
    ]
    assert str(table.schema.field("measured_at").type) == "timestamp[us]"


def test_publish_makes_nothing_when_nothing_changed(place):
    first = place.publish()
    before = {name: _stamp(place.published_dir / name) for name in place.files()}
    second = place.publish()

    assert (second.generation, second.is_new) == (1, False)
    assert (second.content_hash, second.tables_changed) == (first.content_hash, {})
    del before[".publish.lock"]
    after = {name: _stamp(place.published_dir / name) for name in before}
    assert after == before


def test_content_is_the_same_when_only_order_and_load_ids_changed(place_with):
    place = place_with(1)
    place.sql(
        "create or replace table marts.kpi as "
        "select * replace ('load-2' as load_id) from marts.kpi order by hash(impressions)"
    )
    assert place.publish().is_new is False


def test_content_is_the_same_when_a_double_differs_in_its_last_bits(place_with):
    place = place_with(1)
    # One unit in the last place of 1.5 is 2.2e-16: what a parallel sum may do.
    place.sql(
        "update marts.kpi set watch_seconds = 1.5 + 2.2e-16 where impressions < 9e9"
    )
    assert place.publish().is_new is False


@pytest.mark.parametrize(
    ("amount", "next_to_it"),
    [
        (120004.0045, 120004.00450000001),  # nine digits end before the last 5
        (16777217.0, 16777217.000000004),  # half-way between two single precisions
    ],
)
def test_content_is_the_same_when_the_last_bit_would_decide_how_to_round(
    place, amount, next_to_it
):
    place.sql(f"create table published.target as select {amount}::double as target")
    place.publish()
    place.sql(f"update published.target set target = {next_to_it!r}::double")
    assert place.publish().is_new is False


@pytest.mark.parametrize(
    "change",
    [
        "update marts.kpi set impressions = 101 where impressions = 100",
        "insert into marts.kpi select * from marts.kpi limit 1",
        "update marts.kpi set is_paid = null where impressions = 100",
        "update marts.kpi set watch_seconds = 1.500001 where impressions = 100",
        # sums stay: two values change places
        "update marts.kpi set impressions = 300 - impressions where impressions > 140",
    ],
)
def test_content_is_new_when_a_value_changed(place_with, change):
    place = place_with(1)
    place.sql(change)
    result = place.publish()
    assert (result.generation, result.is_new) == (2, True)
    assert list(result.tables_changed) == ["kpi_daily"]


def test_content_is_new_when_a_large_double_changed_by_one(place):
    # Single precision steps by 2 there; the sum of the column tells.
    place.sql("create table published.watch as select 20000000.0::double as seconds")
    place.publish()
    place.sql("update published.watch set seconds = 20000001")
    assert place.publish().tables_changed == {"watch": 1}


def test_content_is_new_when_a_pair_of_equal_rows_became_another_pair(place):
    # A plain xor over the rows is 0 for either pair.
    place.sql("create table published.pairs as select 'x' as name from range(2)")
    place.publish()
    place.sql("update published.pairs set name = 'y'")
    assert place.publish().tables_changed == {"pairs": 2}


def test_tables_changed_names_a_table_that_came_and_one_that_went(place_with):
    place = place_with(1)
    place.sql("drop table published.videos", "create table published.pages (n bigint)")
    assert place.publish().tables_changed == {"videos": 0, "pages": 0}
    assert set(current(place.published_dir).tables) == {"kpi_daily", "pages"}


def test_our_own_snapshot_table_is_left_out_when_a_model_has_that_name(place_with):
    place = place_with(1)
    place.sql("create table published.snapshot as select 9 as generation")
    assert place.publish().is_new is False


def test_damaged_current_generation_is_published_anew_when_nothing_changed(
    place_with, flip
):
    place = place_with(1)
    flip(place.published_dir / "snap-1.duckdb")
    result = place.publish()
    assert (result.generation, result.is_new, result.tables_changed) == (2, True, {})
    with open_snapshot(place.published_dir) as con:
        assert con.execute("select count(*) from published.videos").fetchone() == (2,)


def test_publish_is_refused_when_the_schema_is_empty(place):
    place.sql("drop view published.kpi_daily", "drop table published.videos")
    with pytest.raises(
        PublishRefused, match=r"nothing was published before.*playhead run"
    ):
        place.publish()


def test_publish_is_refused_when_a_view_lost_its_table(place_with):
    place = place_with(1)
    place.sql("drop table marts.kpi")
    with pytest.raises(
        PublishRefused, match=r"generation 1 stays current. Build the mod"
    ):
        place.publish()


def test_generation_is_dropped_when_its_report_fails(place_with):
    place = place_with(1)
    kept = place.files()
    place.sql("delete from marts.kpi")

    def fail(path: Path, number: int) -> str:
        with duckdb.connect(str(path), read_only=True) as con:
            assert con.execute(
                "select generation from published.snapshot"
            ).fetchone() == (number,)
        return str(1 // 0)

    with pytest.raises(
        ReportFailed, match=r"generation 2 .*division.*generation 1 stays"
    ):
        place.publish(render_report=fail)
    assert place.files() == kept
    assert place.front_page() == "<h1>generation 1</h1>"


def test_front_page_goes_when_a_generation_has_no_report(place_with):
    place = place_with(1)
    place.sql("delete from marts.kpi")
    place.publish(render_report=None)
    assert current(place.published_dir).report is None
    assert not (place.report_dir / "index.html").exists()


def test_fewer_than_three_generations_are_refused(place):
    with pytest.raises(ValueError, match="keep=2"):
        place.publish(keep=2)


def _stamp(path: Path) -> tuple[int, int]:
    return path.stat().st_ino, path.stat().st_mtime_ns
