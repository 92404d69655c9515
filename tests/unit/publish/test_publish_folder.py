"""Housekeeping: what is kept, what is swept, what is mended."""

import errno
import os

import duckdb
import pytest

from warehouse.db import WarehouseCorrupt, WarehouseLocked
from warehouse.publish import (
    FolderUnusable,
    SnapshotCorrupt,
    check,
    current,
    generations,
    release,
    rollback,
)


def test_prune_keeps_the_newest_generations(place_with):
    place = place_with(3)
    place.publish_changed(2)
    place.sql("update marts.kpi set impressions = 0")
    place.publish(keep=4)
    assert _kept(place) == [3, 4, 5, 6]
    folders = sorted(p.name for p in (place.published_dir / "parquet").iterdir())
    pages = sorted(p.name for p in (place.published_dir / "report").iterdir())
    assert folders == ["3", "4", "5", "6"]
    assert pages == ["3.html", "4.html", "5.html", "6.html"]


def test_prune_keeps_the_way_back_when_it_is_an_old_one(place_with):
    place = place_with(3)
    rollback(place.published_dir, place.report_dir, to=1, reason="2 and 3 are wrong")
    release(place.published_dir)
    place.publish_changed(1)
    # 1 was current before 4, so it stays although 2 is newer.
    assert _kept(place) == [1, 3, 4]
    assert current(place.published_dir).previous == 1


def test_prune_takes_the_description_first_and_parquet_last(place_with):
    place = place_with(3)
    place.sql("delete from marts.kpi")
    names = ("snap-1.json", "snap-1.duckdb", "parquet/1")
    left = {}

    def look(point: str) -> None:
        left[point] = [n for n in names if (place.published_dir / n).exists()]

    place.publish(at=look)
    assert left["shown"] == list(names)
    assert left["forgotten"] == ["snap-1.duckdb", "parquet/1"]
    assert left["dropped"] == ["parquet/1"]
    assert left["pruned"] == []


def test_the_way_back_is_kept_when_the_manifest_is_mended(place_with):
    place = place_with(3)
    rollback(place.published_dir, place.report_dir, to=1, reason="2 and 3 are wrong")
    release(place.published_dir)
    place.sql("delete from marts.kpi")

    def stop(point: str) -> None:
        if point == "swapped":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        place.publish(at=stop)
    assert current(place.published_dir).generation == 1
    assert place.publish().repaired[0] == "manifest.json names generation 4 again"
    # 1 was current before 4; 3 is the one somebody rolled back from.
    assert current(place.published_dir).previous == 1


def test_a_reader_goes_on_when_its_generation_is_pruned(place_with):
    place = place_with(1)
    manifest = current(place.published_dir)
    path = place.published_dir / manifest.file
    with duckdb.connect(str(path), read_only=True) as con:
        place.publish_changed(3)
        assert not path.exists()
        total = con.execute(
            "select sum(impressions) from published.kpi_daily"
        ).fetchone()
    assert total == (7770,)


@pytest.mark.parametrize("damage", ["missing", "torn", "wrong"])
def test_the_manifest_is_mended_at_the_next_start(place_with, damage):
    place = place_with(2)
    manifest = place.published_dir / "manifest.json"
    good = manifest.read_text()
    manifest.chmod(0o644)
    if damage == "missing":
        manifest.unlink()
    elif damage == "torn":
        manifest.write_text(good[: len(good) // 2])
    else:
        manifest.write_text(good.replace('"mode": "sandbox"', '"mode": "accounts"'))
    result = place.publish()
    assert (result.generation, result.is_new) == (2, False)
    assert result.repaired == ("manifest.json names generation 2 again",)
    assert manifest.read_text() == good


def test_a_damaged_description_is_mended_from_the_manifest(place_with):
    place = place_with(2)
    path = place.published_dir / "snap-2.json"
    good = path.read_text()
    path.chmod(0o644)
    path.write_text("{}")
    assert place.publish().repaired == ("snap-2.json is written again",)
    assert path.read_text() == good
    assert check(place.published_dir).generation == 2


def test_current_is_linked_again_when_somebody_removed_or_copied_it(place_with):
    place = place_with(1)
    path = place.published_dir / "current.duckdb"
    content = path.read_bytes()
    path.unlink()
    assert place.publish().repaired == ("current.duckdb is generation 1 again",)
    path.unlink()
    path.write_bytes(content)
    assert place.publish().repaired == ("current.duckdb is generation 1 again",)
    assert path.stat().st_nlink == 2


def test_the_newest_sound_generation_is_taken_when_nothing_says_which(place_with, flip):
    place = place_with(3)
    for name in ("manifest.json", "current.duckdb"):
        (place.published_dir / name).unlink()
    flip(place.published_dir / "snap-3.duckdb")
    place.publish()
    # 2 was taken; the warehouse holds what 3 held, so it is published anew.
    assert current(place.published_dir).generation == 4
    assert current(place.published_dir).previous == 2


def test_left_files_are_swept_at_the_next_start(place_with):
    place = place_with(1)
    kept = place.files()
    for left in (
        ".build-1-snap-9.duckdb",
        ".build-1-snap-9.duckdb.wal",
        "snap-9.duckdb",
        "snap-8.json",
        "parquet/9/kpi_daily.parquet",
        "parquet/.build-1-9/kpi_daily.parquet",
        "report/9.html",
        "report/.build-1-9.html",
    ):
        path = place.published_dir / left
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("left by a killed publish")
    (place.published_dir / "notes.txt").write_text("not ours")
    place.publish()
    # A partner never made both: neither of 8 and 9 is whole.
    assert place.files() == kept | {"notes.txt"}


def test_a_number_is_never_given_twice(place_with):
    place = place_with(1)
    (place.published_dir / "snap-9.duckdb").write_text("left by a killed publish")
    assert place.publish_changed().generation == 10


def test_publish_names_the_remedy_when_hard_links_are_refused(place_with, monkeypatch):
    place = place_with(1)

    def refuse(source, target, **options):
        raise OSError(errno.EOPNOTSUPP, "Operation not supported", str(target))

    monkeypatch.setattr(os, "link", refuse)
    with pytest.raises(FolderUnusable, match=r"hard links are refused.*a local disk"):
        place.publish_changed()
    assert _kept(place) == [1]
    assert current(place.published_dir).generation == 1


def test_publish_says_so_when_the_folder_is_a_file(place):
    place.published_dir.write_text("")
    with pytest.raises(FolderUnusable, match="published: File exists"):
        place.publish()


def test_publish_says_so_when_the_warehouse_is_missing(place):
    place.warehouse_path.unlink()
    with pytest.raises(FileNotFoundError, match="playhead run"):
        place.publish()


def test_publish_says_so_when_the_warehouse_is_being_written(place_with, tmp_path):
    place = place_with(1)
    with (
        duckdb.connect(str(place.warehouse_path)),
        pytest.raises((WarehouseLocked, duckdb.ConnectionException)),
    ):
        place.publish()


def test_publish_says_so_when_the_warehouse_is_damaged(place):
    # Enough rows for blocks of their own: damage there is met by the scan, not at opening.
    place.sql(
        "create table published.big as select range as n, hash(range)::varchar as text "
        "from range(200000)"
    )
    place.publish()
    size = place.warehouse_path.stat().st_size
    with place.warehouse_path.open("r+b") as handle:
        handle.seek(size // 2)
        handle.write(b"\xff" * 64)
    with pytest.raises(WarehouseCorrupt, match="Move it away"):
        place.publish()
    assert check(place.published_dir).generation == 1


def test_check_names_the_damaged_file(place_with, flip):
    place = place_with(1)
    assert check(place.published_dir).generation == 1
    flip(place.published_dir / "parquet/1/videos.parquet")
    with pytest.raises(SnapshotCorrupt, match=r"videos\.parquet is damaged: sha256"):
        check(place.published_dir)


def _kept(place):
    return [one.generation for one in generations(place.published_dir)]
