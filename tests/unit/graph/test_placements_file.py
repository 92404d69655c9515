"""Rows added to the catalogue's file: what stands there stays, byte for byte."""

import stat
from pathlib import Path

import pytest

from warehouse.graph.placements_file import (
    PlacementsUnwritable,
    added,
    free_id,
    replace,
)

HEAD = "placement_id,variant_id,channel,platform,account_id,platform_object_id"
ENTRY = {
    "placement_id": "n1",
    "variant_id": "v1",
    "channel": "meta",
    "platform": "meta_ads",
    "account_id": "act_1",
    "platform_object_id": "ad1",
    "start_date": "2026-01-02",
}
LINE = "n1,v1,meta,meta_ads,act_1,ad1"


def test_entry_is_the_last_row_in_the_file_s_own_columns() -> None:
    before = f"{HEAD},owner\nb,v1,,x,,,Ada\na,v1,,x,,,\n".encode()
    assert added(before, [ENTRY]) == before + f"{LINE},\n".encode()


def test_columns_are_found_where_they_stand() -> None:
    names = HEAD.split(",")
    before = (",".join(reversed(names)) + "\n").encode()
    expected = ",".join(reversed(LINE.split(",")))
    assert added(before, [ENTRY]) == before + f"{expected}\n".encode()


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends_are_the_file_s_own(ends: str, last: bool) -> None:
    before = f"{HEAD}{ends}p,v,c,y,,{ends if last else ''}"
    expected = f"{HEAD}{ends}p,v,c,y,,{ends}{LINE}{ends}"
    assert added(before.encode(), [ENTRY]) == expected.encode()


def test_semicolons_and_a_byte_order_mark_stay() -> None:
    before = b"\xef\xbb\xbf" + (HEAD.replace(",", ";") + "\r\n").encode()
    assert added(before, [ENTRY]) == before + (LINE.replace(",", ";") + "\r\n").encode()


def test_utf_16_of_a_spreadsheet_stays() -> None:
    before = (HEAD.replace(",", "\t") + "\n").encode("utf-16")
    after = added(before, [ENTRY])
    assert after.startswith(before)
    assert after.decode("utf-16").splitlines()[1] == LINE.replace(",", "\t")


def test_value_with_a_comma_is_quoted() -> None:
    after = added(f"{HEAD}\n".encode(), [{**ENTRY, "variant_id": "a,b"}])
    assert after.splitlines()[1] == b'n1,"a,b",meta,meta_ads,act_1,ad1'


def test_file_that_is_not_there_gets_a_header() -> None:
    first, second = added(b"", [ENTRY]).decode().splitlines()
    assert first.startswith(f"{HEAD},platform_video_id,page_path,tag,start_date")
    assert second == f"{LINE},,,,2026-01-02,"


def test_nothing_to_add_leaves_every_byte() -> None:
    before = f"{HEAD}\nx".encode()
    assert added(before, []) == before


def test_missing_column_is_named() -> None:
    with pytest.raises(PlacementsUnwritable, match='no column "account_id"'):
        added(b"placement_id,variant_id,channel,platform\n", [ENTRY])


def test_replace_keeps_the_rights_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "placements.csv"
    path.write_bytes(b"old")
    path.chmod(0o640)
    replace(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [each.name for each in tmp_path.iterdir()] == ["placements.csv"]


def test_replace_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "placements.csv"
    path.write_bytes(b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("warehouse.graph.placements_file.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        replace(path, b"new")
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["placements.csv"]


def test_free_id_counts_on_where_the_name_is_taken() -> None:
    assert free_id("v1", "tiktok_ads", set()) == "v1-tiktok-ads"
    taken = {"v1-tiktok-ads", "v1-tiktok-ads-2"}
    assert free_id("v1", "tiktok_ads", taken) == "v1-tiktok-ads-3"
