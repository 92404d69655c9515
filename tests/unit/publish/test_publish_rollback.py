"""Back to an older generation, and the hold that keeps it."""

import pytest

from warehouse.publish import (
    GenerationUnknown,
    NothingPublished,
    PublishHeld,
    SnapshotCorrupt,
    current,
    generations,
    held,
    open_snapshot,
    release,
    rollback,
)


def test_rollback_leads_to_the_generation_before(place_with):
    place = place_with(2)
    result = rollback(place.published_dir, place.report_dir, reason="spend is doubled")

    assert (result.generation, result.was) == (1, 2)
    assert current(place.published_dir).generation == 1
    assert _impressions(place) == 7770  # generation 2 has 60 more
    assert place.front_page() == "<h1>generation 1</h1>"
    current_file = place.published_dir / "current.duckdb"
    assert current_file.samefile(place.published_dir / "snap-1.duckdb")


def test_publish_is_held_after_a_rollback_until_released(place_with):
    place = place_with(2)
    rollback(place.published_dir, place.report_dir, reason="spend is doubled")

    with pytest.raises(
        PublishHeld, match=r"spend is doubled.*Generation 1 stays"
    ) as told:
        place.publish()
    assert (told.value.reason, told.value.generation) == ("spend is doubled", 1)
    assert current(place.published_dir).generation == 1

    hold = release(place.published_dir)
    assert hold is not None
    assert hold.reason == "spend is doubled"
    assert held(place.published_dir) is None
    # The warehouse still holds what generation 2 held: it is published under a new number.
    assert place.publish().generation == 3


def test_release_says_none_when_nothing_is_held(place_with):
    place = place_with(1)
    assert release(place.published_dir) is None


def test_a_damaged_hold_still_holds(place_with):
    place = place_with(1)
    (place.published_dir / "hold.json").write_text("{")
    with pytest.raises(SnapshotCorrupt, match=r"hold\.json is damaged"):
        place.publish_changed()
    assert release(place.published_dir) is None
    assert place.publish().generation == 2


def test_second_rollback_goes_further_back(place_with):
    place = place_with(3)
    for expected in (2, 1):
        result = rollback(place.published_dir, place.report_dir, reason="still wrong")
        assert result.generation == expected
    with pytest.raises(NothingPublished, match="no generation is before"):
        rollback(place.published_dir, place.report_dir, reason="still wrong")


def test_rollback_skips_the_generation_that_was_rolled_back_from(place_with):
    place = place_with(2)
    rollback(place.published_dir, place.report_dir, reason="2 is wrong")
    release(place.published_dir)
    place.publish_changed()

    assert current(place.published_dir).generation == 3
    result = rollback(place.published_dir, place.report_dir, reason="3 is wrong too")
    assert result.generation == 1


def test_rollback_forwards_is_possible_by_number(place_with):
    place = place_with(2)
    rollback(place.published_dir, place.report_dir, reason="looked wrong")
    rollback(place.published_dir, place.report_dir, to=2, reason="was right")
    assert current(place.published_dir).generation == 2
    assert place.front_page() == "<h1>generation 2</h1>"


def test_rollback_to_the_current_one_leaves_no_second_name(place_with):
    place = place_with(1)
    before = place.files()
    rollback(place.published_dir, place.report_dir, to=1, reason="keep it")
    assert place.files() == before | {"hold.json"}
    assert (place.published_dir / "current.duckdb").stat().st_nlink == 2


@pytest.mark.parametrize(
    "hit", ["snap-1.duckdb", "parquet/1/kpi_daily.parquet", "report/1.html"]
)
def test_rollback_is_refused_when_a_byte_of_the_generation_is_flipped(
    place_with, flip, hit
):
    place = place_with(3)
    flip(place.published_dir / hit)
    with pytest.raises(SnapshotCorrupt, match=r"sha256 .* published was .*kept: 2, 3"):
        rollback(place.published_dir, place.report_dir, to=1, reason="x")
    assert current(place.published_dir).generation == 3
    assert held(place.published_dir) is None


def test_rollback_is_refused_when_the_generation_is_cut_short(place_with):
    place = place_with(2)
    path = place.published_dir / "snap-1.duckdb"
    path.chmod(0o644)
    with path.open("r+b") as handle:
        handle.truncate(1000)
    with pytest.raises(SnapshotCorrupt, match="1000 bytes, published were"):
        rollback(place.published_dir, place.report_dir, reason="x")


def test_rollback_names_the_kept_ones_when_the_number_is_unknown(place_with):
    place = place_with(2)
    with pytest.raises(
        GenerationUnknown, match=r"generation 7 is not kept.*one of: 1, 2"
    ):
        rollback(place.published_dir, place.report_dir, to=7, reason="x")


def test_rollback_is_refused_when_nothing_is_published(tmp_path):
    with pytest.raises(NothingPublished, match="playhead run"):
        rollback(tmp_path / "published", reason="x")


def test_generations_lists_what_can_be_rolled_back_to(place_with):
    place = place_with(3)
    place.publish_changed(2)
    assert [one.generation for one in generations(place.published_dir)] == [3, 4, 5]


def _impressions(place):
    with open_snapshot(place.published_dir) as con:
        return con.execute(
            "select sum(impressions) from published.kpi_daily"
        ).fetchone()[0]
