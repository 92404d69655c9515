"""What the audit refuses: nothing is swapped, the message names place, values, remedy."""

import duckdb
import pytest

from warehouse.publish import PublishRefused, current

TYPES = [
    ("sum(impressions)", "HUGEINT", r"cast\(sum\(...\) as bigint\)"),
    ("max(measured_at)::timestamptz", "TIMESTAMP WITH TIME ZONE", "time zone 'UTC'"),
    ("interval 3 day", "INTERVAL", "_seconds or _days"),
    ("'a'::enum ('a', 'b')", r"ENUM\('a', 'b'\)", "as varchar"),
    ("[1, 2]", r"INTEGER\[\]", "rows of their own table"),
    ("{'a': 1}", r"STRUCT\(a INTEGER\)", "rows of their own table"),
    ("map {'a': 1}", "MAP", "rows of their own table"),
    ("'6f9619ff-8b86-d011-b42d-00c04fc964ff'::uuid", "UUID", "as varchar"),
    ("sum(spend_usd)", r"DECIMAL\(38,4\)", r"decimal\(18, 4\)"),
    ("1::float", "FLOAT", "as double"),
    ("'x'::blob", "BLOB", "varchar"),
    ("time '10:00:00'", "TIME", "varchar"),
]


@pytest.mark.parametrize(("value", "kind", "remedy"), TYPES)
def test_a_type_is_refused_when_some_reader_cannot_take_it(
    place_with, value, kind, remedy
):
    place = place_with(1)
    kept = place.files()
    place.sql(
        f"create view published.bad as select {value} as x from playhead.marts.kpi"
    )
    with pytest.raises(
        PublishRefused, match=rf"bad\.x: the type {kind}.*{remedy}"
    ) as told:
        place.publish()
    assert (told.value.table, told.value.column) == ("bad", "x")
    assert "generation 1 stays current" in str(told.value)
    assert told.value.exit_code == 1
    assert place.files() == kept


def test_a_table_is_refused_when_its_name_is_no_file_name(place):
    place.sql('create table published."../Bad" (n bigint)')
    with pytest.raises(PublishRefused, match=r"lower_snake_case.*Rename the model"):
        place.publish()


TAMPERED = [
    (
        "update published.kpi_daily set impressions = 110 where impressions = 100",
        "kpi_daily.impressions: the sum is 7770 in the warehouse and 7780",
    ),
    (
        "update published.kpi_daily set spend_usd = 0.2501 where impressions = 100",
        "kpi_daily.spend_usd: the sum is 15.0000 in the warehouse and 15.0001",
    ),
    (
        "update published.kpi_daily set watch_seconds = 1.6 where impressions = 100",
        "kpi_daily.watch_seconds: the sum is 90.0 in the warehouse and 90.1",
    ),
    (
        "delete from published.kpi_daily where impressions = 100",
        "kpi_daily: the row count is 60 in the warehouse and 59",
    ),
    (
        "update published.videos set title = 'Dem0' where title = 'Demo'",
        "videos: the hash of the rows is",
    ),
    ("drop table published.videos", "videos: the columns are .* and None in the"),
    ("alter table published.videos add column n bigint", "videos: the columns are"),
    ("alter table published.videos add column n hugeint", "videos.n: the type HUGEINT"),
]


@pytest.mark.parametrize(("change", "told"), TAMPERED)
def test_a_build_is_refused_when_it_differs_from_the_warehouse(
    place_with, change, told
):
    place = place_with(1)
    kept = place.files()
    place.sql("insert into published.videos values ('v2', 'More')")

    def tamper(point: str) -> None:
        if point == "built":
            with duckdb.connect(str(_build(place))) as con:
                con.execute(change)

    with pytest.raises(PublishRefused, match=f"published.{told}"):
        place.publish(at=tamper)
    assert place.files() == kept
    assert current(place.published_dir).generation == 1


def test_a_build_is_refused_when_its_storage_is_too_new(place):
    def tamper(point: str) -> None:
        if point == "built":
            build = _build(place)
            build.rename(build.with_name(".build-old"))
            with duckdb.connect() as con:
                con.execute(f"attach '{build}' as n (storage_version 'v1.5.0')")
                con.execute(
                    f"attach '{build.with_name('.build-old')}' as o (read_only)"
                )
                con.execute("copy from database o to n")

    with pytest.raises(
        PublishRefused, match=r"version is v1\.5\.0.*readers need v1\.0\.0"
    ):
        place.publish(at=tamper)
    assert place.files() == {".publish.lock"}


def test_a_build_is_refused_when_its_log_is_left(place):
    def tamper(point: str) -> None:
        if point == "built":
            build = _build(place)
            build.with_name(f"{build.name}.wal").write_bytes(b"unfinished")

    with pytest.raises(PublishRefused, match=r"\.wal is left .*10 bytes"):
        place.publish(at=tamper)


def test_doubles_that_cancel_are_equal_when_the_sum_is_noise(place):
    # +x and -x in another order: the sums are 0 and about 1e-12, the rows are the same.
    place.sql(
        "create table published.lift as "
        "select (random() - 0.5) * 1000 as lift from range(5000)",
        "insert into published.lift select -lift from published.lift order by random()",
        "insert into published.lift values ('nan'::double), (null)",
    )
    assert place.publish().tables_changed["lift"] == 10_002


def _build(place):
    (build,) = place.published_dir.glob(".build-*-snap-*.duckdb")
    return build
