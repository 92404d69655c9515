"""exports.yml: foreign headings, foreign formats, and what is wrong with an entry."""

from datetime import UTC, date, datetime

import pytest

from ingestion.errors import ExportUnreadable
from ingestion.exports import plan
from tests.support.export_folder import Folder

COUNTERS = """
files:
  - pattern: readings/*.csv
    source: youtube
    table: video_counters
    account: trending
    columns:
      video_id: vid
      snapshot_date: read at
      view_count: plays
      comment_count: {value: 0}
    days: [snapshot_date]
"""


def test_foreign_headings_are_mapped_to_a_raw_table(folder: Folder) -> None:
    folder.write("exports.yml", COUNTERS)
    folder.write(
        "readings/june.csv",
        "Vid,Read at,Plays,Other\nabc,2026-06-01T23:30:00-02:00,12,x\nTotal,,12,\n",
    )
    (row,) = folder.rows("youtube.video_counters")
    # half past eleven two hours behind UTC is the next day in UTC
    assert row["snapshot_date"] == date(2026, 6, 2)
    assert (row["video_id"], row["view_count"], row["comment_count"]) == ("abc", 12, 0)
    assert (row["account_id"], row["file"]) == ("trending", "readings/june.csv")
    assert row["like_count"] is None


def test_mapped_totals_name_their_metrics_and_period(folder: Folder) -> None:
    folder.write(
        "exports.yml",
        """
        files:
          - pattern: "*.csv"
            source: youtube
            table: reported_totals
            report: audience
            breakdowns: {country: land}
            metrics: {subscribers: abos, hours: {heading: stunden, unit: hours}}
            period: {first: 2020-01-01, last: 2020-12-31}
            decimal: ","
        """,
    )
    folder.write("a/geo.csv", 'Land;Abos;Stunden\nNA;1.234;"0,5"\n')
    assert folder.amounts() == {("NA", "subscribers"): 1234.0, ("NA", "hours"): 0.5}
    assert str(folder.rows("youtube.reported_totals")[0]["period_end"]) == "2020-12-31"


def test_formats_of_a_known_form_are_set_without_a_source(folder: Folder) -> None:
    folder.write(
        "exports.yml",
        """
        files:
          - pattern: german/*
            account: verein
            decimal: ","
            dates: "%d.%m.%Y"
            encoding: cp1252
          - pattern: crm/*
            zone: Europe/Paris
        """,
    )
    chart = "Date;Geography;Views\n08.05.2020;Caf\xe9;1.234\n"
    folder.write("german/chart.csv", chart.encode("cp1252"))
    folder.write("crm/c.csv", "Record ID,Email,Create Date\n1,a@b.c,2026-01-02 09:00\n")
    (row,) = folder.rows("youtube.reported_totals")
    assert (row["amount"], row["breakdown_value"]) == (1234.0, "Café")
    assert (row["account_id"], row["period_start"]) == ("verein", date(2020, 5, 8))
    (contact,) = folder.rows("hubspot.contacts")
    # Paris is one hour ahead of UTC in January
    assert contact["createdate"] == datetime(2026, 1, 2, 8, 0, tzinfo=UTC)


def test_one_file_feeds_two_tables_by_two_entries(folder: Folder) -> None:
    folder.write(
        "exports.yml",
        """
        files:
          - {pattern: d.csv, source: hubspot, table: deals,
             columns: {id: nr, closedate: won, hs_is_closed: {value: true}}}
          - {pattern: d.csv, source: hubspot, table: deal_contacts,
             columns: {deal_id: nr, contact_id: {heading: who, parted_by: "+"}}}
        """,
    )
    folder.write("crm/d.csv", "nr,won,who\n1,2026-01-02 10:00:00,a+b\n")
    (deal,) = folder.rows("hubspot.deals")
    assert deal["hs_is_closed"] is True
    assert len(folder.rows("hubspot.deal_contacts")) == 2
    assert folder.read().last_day == date(2026, 1, 2)


def test_a_heading_that_a_mapped_file_lacks_is_named(folder: Folder) -> None:
    folder.write("exports.yml", COUNTERS)
    folder.write("readings/june.csv", "Vid,Read at,Views\nabc,2026-06-01,12\n")
    assert folder.fault() == (
        'readings/june.csv row 1: "plays" is a heading that the mapping names and the '
        "file lacks. Correct it in exports.yml (there are: vid, read at, views)."
    )


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (
            "{pattern: a, source: youtub}",
            '"youtub" (entry 1) is no source. Write youtube',
        ),
        (
            "{pattern: a, source: hubspot, table: leads}",
            '"leads" (entry 1) is no table of hubspot. Write deals',
        ),
        (
            "{pattern: a, source: hubspot, table: deals, columns: {id: x, ammount: y}}",
            '"ammount" (entry 1) is no column of deals. Write amount',
        ),
        (
            "{pattern: a, source: hubspot, table: deals, columns: {amount: x}}",
            '"a" (entry 1) does not say `id`, which is part of the key of deals',
        ),
        ("{pattern: a, table: deals}", '"a" (entry 1) has no `source`'),
        (
            "{pattern: a, source: youtube, table: reported_totals}",
            '"a" (entry 1) needs `report` and `metrics`',
        ),
        ("{pattern: a, zone: Mars}", "'Mars' is no time zone"),
        ("{pattern: a, encoding: klingon}", "'klingon' is no encoding"),
        ("{pattern: a, colums: {}}", "at files 1 colums"),
        ("{pattern: [", "is no YAML in UTF-8"),
    ],
)
def test_a_wrong_entry_is_refused_with_what_it_may_be(
    folder: Folder, entry: str, says: str
) -> None:
    folder.write("exports.yml", f"files:\n  - {entry}\n")
    with pytest.raises(ExportUnreadable) as raised:
        folder.read()
    assert str(raised.value).startswith("exports.yml")
    assert says in str(raised.value)


def test_a_mapping_given_by_hand_wins_over_the_one_beside_the_files(
    folder: Folder,
) -> None:
    folder.write("exports.yml", "files: [{pattern: '*', account: beside}]")
    folder.write("a/Totals.csv", "Date,Views\n2021-01-01,1\n")
    given = folder.path.parent / "mine.yml"
    given.write_text("files: [{pattern: '*', account: given}]")
    (piece,) = plan(folder.path, given).pieces["youtube"]
    assert piece.account == "given"
