"""Which form a file is of, by its headings alone, and what becomes of its cells."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from ingestion.privacy import email_hash
from tests.support.export_folder import Folder

STUDIO_TABLE = (
    "Content,Video title,Video publish time,Duration,Views,Watch time (hours),"
    "Subscribers,Thumbnail impressions,Thumbnail click-through rate (%),"
    "Average view duration,Estimated revenue (EUR)\n"
    "Total,,,,130,4.5,3,1000,4.2,0:02:05,1.5\n"
    'abcdefghijk,"Demo, long","May 8, 2020",161,100,4.0,3,900,5.1,0:02:24,1.5\n'
    "lmnopqrstuv,Brand,Jun 1 2020,30,,,0,,,,\n".replace("Jun 1 2020", '"Jun 1, 2020"')
)


def test_studio_table_by_video_is_totals_and_a_list_of_videos(folder: Folder) -> None:
    folder.write("channel/Totals.csv", "Date,Views\n2021-01-31,130\n")
    folder.write("channel/Table data.csv", STUDIO_TABLE)
    amounts = folder.amounts()
    assert amounts["abcdefghijk", "views"] == 100
    assert amounts["abcdefghijk", "watch_hours"] == 4.0
    assert amounts["total", "impressions"] == 1000
    # nothing measured is no row; a rate or an average is never one
    assert ("lmnopqrstuv", "views") not in amounts
    assert amounts["lmnopqrstuv", "subscribers"] == 0
    assert {metric for _, metric in amounts} == {
        "views",
        "watch_hours",
        "subscribers",
        "impressions",
        "estimated_revenue",
    }
    videos = folder.rows("youtube.videos")
    assert [v["id"] for v in videos] == ["abcdefghijk", "lmnopqrstuv"]
    assert videos[0]["title"] == "Demo, long"
    assert videos[0]["duration"] == "PT161S"
    assert videos[0]["published_at"] == datetime(2020, 5, 8, tzinfo=UTC)


def test_studio_chart_by_video_has_the_grain_of_the_api(folder: Folder) -> None:
    folder.write(
        "channel/Chart data.csv",
        "Date,Content,Video title,Video publish time,Duration,Views,"
        'Watch time (hours)\n2021-01-01,abcdefghijk,Demo,"May 8, 2020",161,10,0.5\n',
    )
    (row,) = folder.rows("youtube.video_daily")
    # half an hour is 30 minutes; likes were never requested: null, not 0
    assert (row["video_id"], row["day"]) == ("abcdefghijk", date(2021, 1, 1))
    assert (row["views"], row["estimated_minutes_watched"]) == (10, 30.0)
    assert row["likes"] is None
    assert folder.rows("youtube.reported_totals") == []


def test_a_dimension_nobody_knows_is_not_taken_for_the_channel(folder: Folder) -> None:
    folder.write("channel/Chart data.csv", "Date,Moon phase,Views\n2021-01-01,full,1\n")
    (left,) = folder.read().unrecognised
    assert left.nearest == "YouTube Studio totals by day"
    assert left.says == 'strange heading "moon phase"'


META = (
    "Reporting starts,Reporting ends,Campaign name,Ad name,Age,Amount spent (GBP),"
    "Impressions,Reach,Results,Result indicator,Cost per result,Ad set budget,"
    "3-second video plays,Video plays at 50%\n"
    "2026-01-01,2026-01-31,,,,30.5,,90,7,,,,,\n"
    "2026-01-01,2026-01-31,C,Ad,18-24,10.25,100,50,3,actions:video_view,3.4,900,40,\n"
    "2026-01-01,2026-01-31,C,Ad,25-34,20.25,200,60,4,actions:link_click,5.1,900,,8\n"
)


def test_ads_report_keeps_what_adds_up_and_its_total_row_apart(folder: Folder) -> None:
    folder.write("shop/report.csv", META)
    rows = folder.rows("meta_ads.reported_totals")
    assert {row["breakdown"] for row in rows} == {
        "campaign_name, ad_name, age",
        "total",
    }
    spend = {
        row["breakdown_value"]: row["amount"]
        for row in rows
        if row["metric"] == "spend"
    }
    assert spend == {
        "total": 30.5,
        '["C", "Ad", "18-24"]': 10.25,
        '["C", "Ad", "25-34"]': 20.25,
    }
    assert {row["unit"] for row in rows if row["metric"] == "spend"} == {"GBP"}
    # results count something else in each row: a metric each, never one sum
    metrics = {row["metric"] for row in rows if row["breakdown"] != "total"}
    assert {"results:video_view", "results:link_click"} <= metrics
    assert not metrics & {"results", "reach", "budget", "cost_per_result"}
    assert {row["report"] for row in rows} == {
        "ads_manager_by_campaign_name_and_ad_name_and_age"
    }


def test_ads_report_by_ad_and_day_is_the_insights_of_the_api(folder: Folder) -> None:
    folder.write(
        "shop/daily.csv",
        "Reporting starts,Reporting ends,Day,Ad ID,Ad name,Amount spent (USD),"
        "Impressions,Link clicks,Video plays at 25%\n"
        '2026-01-02,2026-01-02,2026-01-02,120200,Ad,"1,250.50",100,4,33\n',
    )
    (row,) = folder.rows("meta_ads.ad_insights")
    assert row["spend"] == Decimal("1250.5000")
    assert (row["ad_id"], row["date_start"]) == ("120200", date(2026, 1, 2))
    assert row["account_currency"] == "USD"
    assert row["video_p25_watched_actions"] == (
        '[{"action_type": "video_view", "value": "33"}]'
    )
    assert row["video_p50_watched_actions"] is None
    assert folder.rows("meta_ads.reported_totals") == []


def test_ads_report_by_ad_day_and_age_is_not_the_insights(folder: Folder) -> None:
    # its rows would overwrite one another at the grain of ad and day
    folder.write(
        "shop/daily.csv",
        "Reporting starts,Reporting ends,Day,Ad ID,Age,Amount spent (USD)\n"
        "2026-01-02,2026-01-02,2026-01-02,120200,18-24,1\n"
        "2026-01-02,2026-01-02,2026-01-02,120200,25-34,2\n",
    )
    assert folder.rows("meta_ads.ad_insights") == []
    assert len(folder.rows("meta_ads.reported_totals")) == 2


def search_export(folder: Folder, kind: str = "Web") -> None:
    folder.write(
        "site/Chart.csv",
        "Date,Clicks,Impressions,CTR,Position\n2025-04-19,1,9,11.11%,23.56\n"
        "2025-04-18,0,6,0%,25.17",
    )
    folder.write(
        "site/Queries.csv",
        "Top queries,Clicks,Impressions,CTR,Position\nchairs,1,3,33.3%,2",
    )
    folder.write(
        "site/Filters.csv", f"Filter,Value\nSearch type,{kind}\nDate,Last year"
    )


@pytest.mark.parametrize("kind", ["Web", "Video"])
def test_search_export_learns_its_kind_from_filters_and_its_days_from_the_chart(
    folder: Folder, kind: str
) -> None:
    search_export(folder, kind)
    days = folder.rows("search_console.by_date")
    assert [(row["type"], row["clicks"]) for row in days] == [
        (kind.upper(), 1),
        (kind.upper(), 0),
    ]
    assert days[0]["ctr"] == pytest.approx(0.1111)
    (clicks, impressions) = folder.rows("search_console.reported_totals")
    assert clicks["report"] == f"{kind.lower()}_queries"
    assert impressions["amount"] == 3
    # "Last year" says nothing: two days are in the chart
    assert str(clicks["period_start"]) == "2025-04-18"
    assert str(clicks["period_end"]) == "2025-04-19"


def test_search_export_with_a_filter_is_refused_as_it_shows_a_part(
    folder: Folder,
) -> None:
    search_export(folder)
    folder.write("site/Filters.csv", "Filter,Value\nSearch type,Web\nCountry,Kenya")
    assert folder.fault().startswith(
        'site/Filters.csv row 3: "Country: Kenya" is a filter'
    )


def test_crm_exports_become_the_words_of_the_api(folder: Folder) -> None:
    folder.write(
        "crm/contacts.csv",
        "Record ID,Email,Create Date,Lifecycle Stage,Original Traffic Source,"
        "Associated Company IDs\n"
        "8001,Ann@X.example ,2026-01-02 09:14,Marketing Qualified Lead,"
        "Organic Social,9001;9002\n",
    )
    folder.write(
        "crm/deals.csv",
        "Record ID,Deal Name,Deal Stage,Amount,Close Date,Create Date,"
        "Associated Contact IDs\n"
        "7001,New,Closed won (Sales),125000,2026-03-01,2026-01-10,8001;8002\n"
        "7002,Open,Evaluation,,2027-01-01,2026-01-11,\n",
    )
    (contact,) = folder.rows("hubspot.contacts")
    assert contact["email_sha256"] == email_hash("ann@x.example")
    assert contact["lifecyclestage"] == "marketingqualifiedlead"
    assert contact["hs_analytics_source"] == "SOCIAL_MEDIA"
    assert contact["createdate"] == datetime(2026, 1, 2, 9, 14, tzinfo=UTC)
    won, still_open = folder.rows("hubspot.deals")
    assert (won["hs_is_closed"], won["hs_is_closed_won"]) == (True, True)
    assert (still_open["hs_is_closed"], still_open["amount"]) == (False, None)
    assert {
        (row["deal_id"], row["contact_id"])
        for row in folder.rows("hubspot.deal_contacts")
    } == {("7001", "8001"), ("7001", "8002")}
    assert len(folder.rows("hubspot.contact_companies")) == 2
    # the close date of an open deal lies ahead: it is no day that was lived through
    assert folder.read().last_day == date(2026, 1, 11)


def test_deals_without_contacts_leave_the_pairs_untouched(folder: Folder) -> None:
    folder.write(
        "crm/deals.csv",
        "Record ID,Deal Name,Deal Stage,Create Date\n1,N,S,2026-01-10\n",
    )
    names = [piece.table.name for piece in folder.read().pieces["hubspot"]]
    assert names == ["deals"]


def test_strangers_and_papers_are_told_apart(folder: Folder) -> None:
    folder.write("a/paths.csv", "path,total_conversions\na > b,3\n")
    folder.write("a/book.xlsx", b"PK\x03\x04 anything")
    folder.write("a/README.md", "about")
    folder.write("a/LICENSE", "about")
    folder.write(".hidden/Totals.csv", "Date,Views\n2021-01-01,1\n")
    left = {each.file: each for each in folder.read().unrecognised}
    assert set(left) == {"a/paths.csv", "a/book.xlsx"}
    assert left["a/paths.csv"].nearest
    assert left["a/paths.csv"].says.startswith("no heading ")
    assert left["a/book.xlsx"].says == "is no text file: export it as CSV"
