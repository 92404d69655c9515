"""Bad input: one line with the file, the row, the value and the remedy."""

import io
import zipfile
from datetime import date

import pytest

from ingestion.errors import ExportsConflict, ExportUnreadable
from ingestion.exports import last_day
from tests.support.export_folder import Folder

CHART = "Date,Geography,Views\n"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (
            CHART + "2021-01-01,NA,3\n2021-01-02,NA,1.234\n",
            'a/chart.csv row 3: "1.234" under "views" is no whole number. Where . parts '
            "thousands, set `decimal: ','` for this pattern in exports.yml.",
        ),
        (
            CHART + '2021-01-01,NA,"1.234,5"\n',
            'a/chart.csv row 2: "1.234,5" under "views" is no number. Numbers look '
            "German: set `decimal: ','` for this pattern in exports.yml.",
        ),
        (
            CHART + "01/02/2021,NA,3\n",
            'a/chart.csv row 2: "01/02/2021" under "date" is no date. Set '
            "`dates: '%d.%m.%Y'` or the like for this pattern in exports.yml.",
        ),
        (
            CHART + "2021-01-01,NA,3\n2021-01-0",
            'a/chart.csv row 3: "2021-01-0" is 1 cells below 3 headings. The file may '
            "be cut off: export it again.",
        ),
        (
            CHART + "2021-01-01,Dallas, TX,3\n",
            'a/chart.csv row 2: "2021-01-01,Dallas, TX,3" is 4 cells below 3 headings. '
            'Put quotes round what holds a ",", or export it again.',
        ),
        (
            CHART + '2021-01-01,"NA,3\n',
            "a/chart.csv row 2: cannot be split into cells (unexpected end of data). "
            "The file may be cut off, or a quote is missing: export it again.",
        ),
        (
            CHART + ",NA,3\n",
            "a/chart.csv row 2: has no day. Export the file again.",
        ),
    ],
    ids=[
        "thousands",
        "decimals",
        "date",
        "cut off",
        "unquoted",
        "open quote",
        "no day",
    ],
)
def test_file_is_refused_in_one_line(folder: Folder, content: str, says: str) -> None:
    folder.write("a/chart.csv", content)
    assert folder.fault() == says


def test_wrong_encoding_is_refused_with_its_row(folder: Folder) -> None:
    folder.write("a/chart.csv", (CHART + "2021-01-01,Caf\xe9,3\n").encode("cp1252"))
    assert folder.fault() == (
        'a/chart.csv row 2: "Caf\\xe9" is not written in UTF-8. Save the file as "CSV '
        'UTF-8", or set `encoding: cp1252` for this pattern in exports.yml.'
    )


def test_truncated_zip_stops_the_job_since_nobody_knows_what_it_held(
    folder: Folder,
) -> None:
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as made:
        made.writestr("Totals.csv", "Date,Views\n2021-01-01,10\n" * 50)
    folder.write("a/Totals.csv", "Date,Views\n2021-01-01,10\n")
    folder.write("b/export.zip", box.getvalue()[: len(box.getvalue()) // 2])
    with pytest.raises(ExportUnreadable, match=r"b/export.zip: is no whole ZIP"):
        last_day(folder.path)


def test_damaged_zip_member_is_refused(folder: Folder) -> None:
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as made:
        made.writestr("Totals.csv", "Date,Views\n2021-01-01,10\n")
    content = bytearray(box.getvalue())
    content[content.index(b"10\n")] ^= 1  # the sum over the member is wrong now
    folder.write("b/export.zip", bytes(content))
    assert folder.fault().startswith(
        "b/export.zip/Totals.csv: is no whole ZIP (bad crc"
    )


def test_report_of_a_period_that_no_file_names_is_refused(folder: Folder) -> None:
    folder.write("a/Table data.csv", "Geography,Views\nUS,3\n")
    assert folder.fault().startswith(
        "a/Table data.csv: does not say of which days it is. Put the file by day"
    )


def test_missing_column_is_named_when_nothing_else_can_be_loaded(
    folder: Folder,
) -> None:
    folder.write("a/chart.csv", "Date,Geography\n2021-01-01,NA\n")
    with pytest.raises(ExportUnreadable) as raised:
        last_day(folder.path)
    assert str(raised.value).startswith(
        "a/chart.csv: is nearest to YouTube Studio chart by country and day, but has no "
        'heading "views". Export it again with these headings, or map'
    )


def test_empty_folder_is_refused(folder: Folder) -> None:
    with pytest.raises(ExportUnreadable, match="holds no export that is recognised"):
        last_day(folder.path)


def test_readable_files_go_on_when_another_source_has_a_bad_one(folder: Folder) -> None:
    folder.write("a/chart.csv", CHART + "2021-01-01,NA,x\n")
    folder.write(
        "b/Dates.csv", "Date,Clicks,Impressions,CTR,Position\n2025-04-19,1,9,1%,2\n"
    )
    assert last_day(folder.path) == date(2025, 4, 19)
    assert [fault.source for fault in folder.read().faults] == ["youtube"]


DAILY = "Date,Content,Views\n2021-01-01,abcdefghijk,{}\n"


def test_two_files_that_tell_the_same_video_and_day_are_refused(folder: Folder) -> None:
    folder.write("a/one.csv", DAILY.format(10))
    folder.write("a/two.csv", DAILY.format(10))
    (fault,) = folder.read().faults
    assert isinstance(fault.error, ExportsConflict)
    assert str(fault.error) == (
        'a/one.csv: "abcdefghijk, 2021-01-01" (video_id, day) is told by a/two.csv too, '
        "under the same account a. Remove one of the two files, or tell them apart: a "
        "folder each, or `account` in exports.yml."
    )


def test_two_files_are_kept_when_their_accounts_differ(folder: Folder) -> None:
    folder.write("a/one.csv", DAILY.format(10))
    folder.write("b/two.csv", DAILY.format(11))
    assert [row["views"] for row in folder.rows("youtube.video_daily")] == [10, 11]


def test_a_total_told_twice_alike_is_counted_once(folder: Folder) -> None:
    # Studio puts the same Totals.csv into every export of a channel
    folder.write("a/Geography/Totals.csv", "Date,Views\n2021-01-01,10\n")
    folder.write("a/Content/Totals.csv", "Date,Views\n2021-01-01,10\n2021-01-02,5\n")
    rows = folder.rows("youtube.reported_totals")
    assert sum(row["amount"] for row in rows) == 15


def test_a_total_told_otherwise_is_refused(folder: Folder) -> None:
    folder.write("a/Geography/Totals.csv", "Date,Views\n2021-01-01,10\n")
    folder.write("a/Content/Totals.csv", "Date,Views\n2021-01-01,11\n")
    assert "is told by a/Geography/Totals.csv too" in folder.fault()


def test_a_key_told_twice_in_a_file_is_kept_once_or_refused(folder: Folder) -> None:
    folder.write("a/one.csv", DAILY.format(10) + "2021-01-01,abcdefghijk,10\n")
    assert len(folder.rows("youtube.video_daily")) == 1
    folder.write("a/one.csv", DAILY.format(10) + "2021-01-01,abcdefghijk,110\n")
    assert folder.fault().startswith(
        'a/one.csv row 3: "abcdefghijk, 2021-01-01" was told otherwise in row 2.'
    )


def test_a_row_without_its_key_is_put_aside_and_the_others_stay(folder: Folder) -> None:
    folder.write("a/one.csv", DAILY.format(10) + "2021-01-02,,4\n")
    (piece,) = folder.read().pieces["youtube"]
    assert piece.rows.num_rows == 1
    assert [(bad.row_number, bad.column) for bad in piece.rejected] == [(3, "video_id")]
