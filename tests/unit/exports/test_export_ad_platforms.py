"""What ad platforms let people download, read as they write it."""

import json
from datetime import date
from decimal import Decimal

import pytest

from tests.support.export_folder import Folder

GOOGLE = (
    "Ad report\n"
    "March 1, 2026 - March 2, 2026\n"
    "Ad status\tDay\tCampaign ID\tCampaign\tAd group ID\tAd ID\tFinal URL\t"
    "Currency code\tCost\tImpr.\tClicks\tCTR\tTrueView views\t"
    "Video played to 25%\tVideo played to 100%\tConversions\n"
    "Enabled\t2026-03-01\t11\tBrand\t22\t33\thttps://x.example/?utm_content=a\t"
    "EUR\t12.34\t200\t4\t2.00%\t80\t45.50%\t10%\t1.50\n"
    "Enabled\t2026-03-02\t11\tBrand\t22\t33\thttps://x.example/?utm_content=a\t"
    "EUR\t0.66\t100\t0\t0.00%\t0\t --\t --\t0.00\n"
    "Total: Ads\t --\t --\t --\t --\t --\t --\tEUR\t13.00\t300\t4\t1.33%\t80\t --\t --\t1.50\n"
    "Total: Account\t --\t --\t --\t --\t --\t --\tEUR\t13.00\t300\t4\t1.33%\t80\t --\t --\t1.50\n"
)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8"])
def test_google_ads_by_ad_and_day_has_the_grain_of_the_api(
    folder: Folder, encoding: str
) -> None:
    folder.write("shop/Ad report.csv", GOOGLE.encode(encoding))
    rows = folder.rows("google_ads.ad_video_daily")
    assert [(row["ad_id"], row["date"]) for row in rows] == [
        ("33", date(2026, 3, 1)),
        ("33", date(2026, 3, 2)),
    ]  # and none of the two rows of totals
    first, second = rows
    # money in millionths, quartiles as shares of the impressions
    assert (first["cost_micros"], first["impressions"]) == (12_340_000, 200)
    assert first["video_quartile_p25_rate"] == pytest.approx(0.455)
    assert first["video_quartile_p100_rate"] == pytest.approx(0.1)
    assert json.loads(first["ad_final_urls"]) == ["https://x.example/?utm_content=a"]
    assert second["video_quartile_p25_rate"] is None  # "--" says nothing, not 0
    assert first["video_watch_time_duration_millis"] is None  # never in the file


def test_google_ads_without_ad_ids_is_totals_with_its_total_rows_apart(
    folder: Folder,
) -> None:
    text = (
        "Campaign report\nMarch 1, 2026 - March 2, 2026\n"
        "Campaign\tDay\tCost\tImpr.\tClicks\tConversions\n"
        "Brand\t2026-03-01\t12.34\t200\t4\t1.50\n"
        "Reach\t2026-03-01\t1.00\t50\t1\t0.00\n"
        "Total: Campaigns\t --\t13.34\t250\t5\t1.50\n"
    )
    folder.write("shop/campaigns.csv", text.encode("utf-16"))
    assert folder.rows("google_ads.ad_video_daily") == []
    rows = folder.rows("google_ads.reported_totals")
    assert {row["report"] for row in rows} == {"google_ads_by_campaign"}
    amounts = {(r["breakdown_value"], r["metric"]): r["amount"] for r in rows}
    assert amounts["Brand", "spend"] == 12.34
    assert amounts["Brand", "conversions"] == 1.5
    assert amounts["Reach", "impressions"] == 50


TIKTOK = (
    "Campaign name,Ad group ID,Ad name,Ad ID,By Day,Currency,Cost,Impressions,"
    "Clicks (destination),Video views,2-second video views,Video views at 25%,"
    "Average play time per video view,Conversions\n"
    "C,2,A,9,2026-03-01,USD,3.20,1000,5,800,300,90,2.15,1\n"
    "Total of 1 results,-,-,-,-,-,3.20,1000,5,800,300,90,2.15,1\n"
)


def test_tiktok_by_ad_and_day_has_the_grain_of_the_api(folder: Folder) -> None:
    folder.write("shop/tiktok.csv", TIKTOK)
    (row,) = folder.rows("tiktok_ads.ad_report_daily")
    assert (row["ad_id"], row["stat_time_day"]) == ("9", date(2026, 3, 1))
    assert (row["spend"], row["video_play_actions"]) == (Decimal("3.2000"), 800)
    assert (row["video_watched_2s"], row["average_video_play"]) == (300, 2.15)
    # after a click or after a view: a file does not say, so neither is told
    assert (row["cta_conversion"], row["vta_conversion"]) == (None, None)
    assert folder.rows("tiktok_ads.reported_totals") == []


def test_tiktok_by_gender_is_totals(folder: Folder) -> None:
    text = (
        "Ad ID,Gender,By Day,Cost,Impressions,Video views\n"
        "9,Female,2026-03-01,1.20,600,500\n9,Male,2026-03-01,2.00,400,300\n"
    )
    folder.write("shop/tiktok.csv", text)
    rows = folder.rows("tiktok_ads.reported_totals")
    assert {row["breakdown"] for row in rows} == {"ad_id, gender"}
    assert sum(row["amount"] for row in rows if row["metric"] == "impressions") == 1000


LINKEDIN = (
    "Ad Performance Report (in UTC)\n"
    'Report Start: March 1, 2026\n"Report End: March 2, 2026"\n'
    "\n"
    "Start Date (in UTC)\tAccount Name\tCurrency\tCampaign ID\tCampaign Name\tAd ID\t"
    "Total Spent\tImpressions\tClicks\tVideo Views\tVideo Completions\tReactions\n"
    "2026-03-01\tBrindle\tEUR\t5\tC\t77\t12.50\t300\t3\t90\t20\t2\n"
    "2026-03-02\tBrindle\tEUR\t5\tC\t77\t2.50\t60\t0\t11\t1\t0\n"
)


def test_campaign_manager_by_ad_and_day_has_the_grain_of_the_api(
    folder: Folder,
) -> None:
    folder.write("shop/ad_performance.csv", LINKEDIN.encode("utf-16"))
    rows = folder.rows("linkedin_ads.ad_analytics_daily")
    assert [(row["creative_id"], row["date"]) for row in rows] == [
        ("77", date(2026, 3, 1)),
        ("77", date(2026, 3, 2)),
    ]
    first = rows[0]
    assert first["cost_in_local_currency"] == Decimal("12.5000")
    assert (first["video_views"], first["video_completions"]) == (90, 20)
    assert (first["currency"], first["video_starts"]) == ("EUR", None)


def test_campaign_manager_of_a_whole_period_is_totals(folder: Folder) -> None:
    text = LINKEDIN.replace(
        "Start Date (in UTC)\t", "Start Date (in UTC)\tEnd Date (in UTC)\t"
    )
    text = text.replace("2026-03-01\t", "2026-03-01\t2026-03-31\t")
    text = text.partition("2026-03-02")[0]
    folder.write("shop/ad_performance.csv", text.encode("utf-16"))
    rows = folder.rows("linkedin_ads.reported_totals")
    assert {(row["period_start"], row["period_end"]) for row in rows} == {
        (date(2026, 3, 1), date(2026, 3, 31))
    }
    assert {row["metric"] for row in rows} == {
        "spend",
        "impressions",
        "clicks",
        "views",
        "p100_plays",
        "reactions",
    }
