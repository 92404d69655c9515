"""From a folder into the raw tables: replaced, kept, refused, never half written."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ingestion.clock import set_clock
from ingestion.errors import ExportUnreadable
from ingestion.ingest import ingest
from ingestion.records import Outcome
from ingestion.registry import sources
from tests.support.export_folder import Folder
from warehouse import db
from warehouse.settings import Settings

COUNTERS = """
files:
  - pattern: readings/*
    source: youtube
    table: video_counters
    columns: {video_id: video, snapshot_date: day, view_count: views}
"""


@dataclass
class Job:
    """The clock and one source, on a folder of exports."""

    settings: Settings

    def run(self, source: str = "youtube") -> Outcome:
        return ingest(sources()[source], self.settings, as_of=set_clock(self.settings))

    def all(self, query: str) -> list[tuple[Any, ...]]:
        with db.reader(self.settings.warehouse_path) as con:
            return con.execute(query).fetchall()


@pytest.fixture
def job(folder: Folder, tmp_path: Path) -> Job:
    return Job(
        Settings(data_dir=tmp_path / "data", mode="exports", exports_dir=folder.path)
    )


AMOUNTS = (
    "select file, sum(amount) from raw_youtube.reported_totals group by 1 order by 1"
)


def test_second_import_changes_nothing_and_a_removed_file_leaves_with_its_rows(
    folder: Folder, job: Job
) -> None:
    folder.write("a/one.csv", "Date,Views\n2021-01-01,10\n")
    gone = folder.write("a/two.csv", "Date,Views\n2021-01-02,5\n")
    first = job.run()
    told = job.all(AMOUNTS)
    assert first.status == "fresh"
    assert told == [("a/one.csv", 10.0), ("a/two.csv", 5.0)]
    assert job.run().rows["reported_totals"] == 2
    assert job.all(AMOUNTS) == told
    gone.unlink()
    job.run()
    assert job.all(AMOUNTS) == told[:1]


def test_accounts_are_fresh_by_their_own_last_day(folder: Folder, job: Job) -> None:
    folder.write("old/t.csv", "Date,Views\n2011-01-01,10\n")
    folder.write("new/t.csv", "Date,Views\n2021-01-01,10\n")
    outcome = job.run()
    assert (outcome.status, outcome.last_date) == ("fresh", date(2021, 1, 1))
    assert job.all("select account_id, loaded_to from meta.watermarks order by 1") == [
        ("new", date(2021, 1, 1)),
        ("old", date(2011, 1, 1)),
    ]
    assert job.all("select as_of, mode from meta.clock") == [
        (date(2021, 1, 1), "exports")
    ]
    # a source without a file is off, and its tables are there
    assert job.run("search_console").status == "off"
    assert job.all("select count(*) from raw_search_console.by_date") == [(0,)]


def test_days_of_a_chart_are_replaced_and_earlier_days_stay(
    folder: Folder, job: Job
) -> None:
    chart = folder.write(
        "a/jan.csv",
        "Date,Content,Views\n2021-01-01,v,1\n2021-01-02,v,2\n2021-01-03,v,3\n",
    )
    job.run()
    chart.unlink()
    # the next export tells days 2 and 3 again: day 3 has gone from it
    folder.write("a/feb.csv", "Date,Content,Views\n2021-01-02,v,20\n2021-01-04,v,4\n")
    job.run()
    assert job.all("select day, views from raw_youtube.video_daily order by day") == [
        (date(2021, 1, 1), 1),
        (date(2021, 1, 2), 20),
        (date(2021, 1, 4), 4),
    ]


def test_counters_are_kept_per_file_and_follow_a_renamed_one(
    folder: Folder, job: Job
) -> None:
    query = (
        "select file, video_id, view_count from raw_youtube.video_counters order by 3"
    )
    folder.write("exports.yml", COUNTERS)
    day1 = folder.write("readings/d1.csv", "video,day,views\nv,2021-01-01,1\n")
    job.run()
    day1.unlink()
    day2 = folder.write("readings/d2.csv", "video,day,views\nv,2021-01-02,2\n")
    job.run()
    assert len(job.all(query)) == 2  # a file a day: the earlier reading stays
    day2.rename(folder.path / "readings/renamed.csv")
    job.run()
    assert job.all(query) == [
        ("readings/d1.csv", "v", 1),
        ("readings/renamed.csv", "v", 2),
    ]


def test_counters_that_tell_a_part_of_an_earlier_file_are_refused(
    folder: Folder, job: Job
) -> None:
    folder.write("exports.yml", COUNTERS)
    both = "video,day,views\nv,2021-01-01,1\nw,2021-01-01,7\n"
    earlier = folder.write("readings/both.csv", both)
    job.run()
    earlier.unlink()
    folder.write("readings/again.csv", "video,day,views\nv,2021-01-01,2\n")
    outcome = job.run()
    assert outcome.status == "stale"
    assert outcome.reason is not None
    assert outcome.reason.startswith(
        "readings/again.csv: tells in part what readings/both.csv told at an earlier load"
    )
    assert job.all("select sum(view_count) from raw_youtube.video_counters") == [(8,)]


def test_bad_file_keeps_what_was_loaded_and_is_put_aside(
    folder: Folder, job: Job
) -> None:
    folder.write("a/one.csv", "Date,Views\n2021-01-01,10\n")
    job.run()
    folder.write("a/two.csv", 'Date,Views\n2021-01-02,"1.234,5"\n')
    outcome = job.run()
    assert outcome.status == "stale"
    assert outcome.reason is not None
    assert outcome.reason.startswith('a/two.csv row 2: "1.234,5" under "views"')
    assert job.all(AMOUNTS) == [("a/one.csv", 10.0)]
    assert (job.settings.quarantine_dir / "two.csv").read_text().endswith('"1.234,5"\n')


def test_file_no_longer_recognised_keeps_its_rows(folder: Folder, job: Job) -> None:
    folder.write("a/one.csv", "Date,Views\n2021-01-01,10\n")
    folder.write("a/two.csv", "Date,Views\n2021-01-02,5\n")
    job.run()
    folder.write("a/two.csv", "Date,Veiws\n2021-01-02,5\n")
    outcome = job.run()
    assert outcome.status == "stale"
    assert outcome.reason == (
        'a/two.csv: was loaded before and has no heading "views". Export it again as '
        "YouTube Studio totals by day, or remove the file."
    )
    assert len(job.all(AMOUNTS)) == 2


def test_shrunken_list_is_refused(folder: Folder, job: Job) -> None:
    header = "Record ID,Email,Create Date\n"
    many = [f"{n},p{n}@x.example,2026-01-01\n" for n in range(20)]
    folder.write("crm/contacts.csv", header + "".join(many))
    job.run("hubspot")
    folder.write("crm/contacts.csv", header + "".join(many[:3]))
    outcome = job.run("hubspot")
    assert outcome.status == "stale"
    assert outcome.reason is not None
    assert "3 contacts of crm where 20 are known" in outcome.reason
    assert job.all("select count(*) from raw_hubspot.contacts") == [(20,)]


def test_rows_put_aside_are_counted_and_do_not_grow(folder: Folder, job: Job) -> None:
    folder.write("a/c.csv", "Date,Content,Views\n2021-01-01,v,1\n2021-01-01,,2\n")
    assert job.run().quarantined == 1
    job.run()
    assert job.all(
        "select account_id, location, row_number, column_name from quarantine.rows"
    ) == [("a", "a/c.csv", 3, "video_id")]


def test_files_left_alone_are_listed_and_a_lost_zip_stops_before_the_load(
    folder: Folder, job: Job
) -> None:
    folder.write("a/one.csv", "Date,Views\n2021-01-01,10\n")
    folder.write("a/paths.csv", "path,total_conversions\na > b,3\n")
    job.run()
    listed = job.all("select file, says from meta.unrecognised_files")
    assert [file for file, _ in listed] == ["a/paths.csv"]
    folder.write("a/export.zip", b"PK\x03\x04 cut off")
    with pytest.raises(ExportUnreadable, match="is no whole ZIP"):
        set_clock(job.settings)
    assert job.all(AMOUNTS) == [("a/one.csv", 10.0)]
    assert (job.settings.quarantine_dir / "export.zip").exists()
