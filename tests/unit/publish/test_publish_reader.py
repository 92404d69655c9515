"""What a reader is promised, and what it is told when that cannot be kept."""

import json

import duckdb
import pytest

from warehouse.publish import NothingPublished, SnapshotCorrupt, current, open_snapshot


def test_reading_names_the_remedy_when_nothing_is_published(tmp_path):
    with (
        pytest.raises(NothingPublished, match="playhead run"),
        open_snapshot(tmp_path),
    ):
        pass


def test_a_new_reader_sees_the_new_generation_while_an_old_one_is_open(place_with):
    place = place_with(1)
    with open_snapshot(place.published_dir) as old:
        place.publish_changed()
        with open_snapshot(place.published_dir) as new:
            assert _generation(new) == 2
        assert _generation(old) == 1


def test_a_reader_may_not_write(place_with):
    place = place_with(1)
    with (
        pytest.raises(duckdb.InvalidInputException, match="read-only"),
        open_snapshot(place.published_dir) as con,
    ):
        con.execute("delete from published.videos")


def test_a_mistake_in_the_query_is_not_called_damage(place_with):
    place = place_with(1)
    with (
        pytest.raises(duckdb.CatalogException, match="no_such"),
        open_snapshot(place.published_dir) as con,
    ):
        con.execute("select * from published.no_such")


def test_damage_is_told_at_opening_or_at_the_query(place):
    place.sql(
        "create table published.big as select hash(range)::varchar as text "
        "from range(100000)"
    )
    place.publish()
    path = place.published_dir / current(place.published_dir).file
    good = path.read_bytes()
    path.chmod(0o644)
    told, answers = [], set()
    question = "select max(text), count(*) from published.big"
    # One byte in each of twelve places over the file: never a wrong answer.
    for part in range(12):
        content = bytearray(good)
        content[(2 * part + 1) * len(content) // 24] ^= 0x10
        path.write_bytes(content)
        try:
            with open_snapshot(place.published_dir) as con:
                answers.add(con.execute(question).fetchone())
        except SnapshotCorrupt as error:
            told.append(str(error))
    assert len(told) >= 6
    assert len(answers) <= 1
    assert all("is damaged" in line and "playhead rollback" in line for line in told)


@pytest.mark.parametrize("content", [b"", b"not a database"])
def test_damage_is_told_when_the_file_is_cut_to_nothing(place_with, content):
    place = place_with(1)
    path = place.published_dir / "snap-1.duckdb"
    path.chmod(0o644)
    path.write_bytes(content)
    with (
        pytest.raises(SnapshotCorrupt, match=r"snap-1\.duckdb is damaged"),
        open_snapshot(place.published_dir),
    ):
        pass


def test_damage_is_told_when_the_file_is_gone(place_with):
    place = place_with(1)
    (place.published_dir / "snap-1.duckdb").unlink()
    with (
        pytest.raises(SnapshotCorrupt, match=r"it is missing.*playhead run"),
        open_snapshot(place.published_dir),
    ):
        pass


def test_a_torn_manifest_is_told_with_the_remedy(place_with):
    place = place_with(1)
    path = place.published_dir / "manifest.json"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(SnapshotCorrupt, match=r"manifest\.json is damaged.*it repairs"):
        current(place.published_dir)


def test_a_manifest_of_a_later_release_is_read_as_far_as_its_format_is_known(
    place_with,
):
    place = place_with(1)
    path = place.published_dir / "manifest.json"
    path.chmod(0o644)
    later = json.loads(path.read_text()) | {"colour": "green"}
    path.write_text(json.dumps(later))
    assert current(place.published_dir).generation == 1
    path.write_text(json.dumps(later | {"format": 2}))
    with pytest.raises(SnapshotCorrupt, match="format 2, this release reads up to 1"):
        current(place.published_dir)


def _generation(con):
    return con.execute("select generation from published.snapshot").fetchone()[0]
