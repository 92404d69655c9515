"""TikTok Ads Manager's custom reports. By ad id and day they are the API's rows; else totals.

What does not add up is left in the file: rates, averages of several days, reach. Conversions
of a file are those after clicks and views together: totals, never the API's two columns.
"""

from ingestion.exports.shapes import Cell, Form, Metric, Rows, Totals

DAY, SPENT, PLAYED = "by day|stat time day|date", "cost|total cost", "video views"
CLICKED = "clicks (destination)|destination clicks|clicks"

OBJECTS = {
    "campaign_id": "campaign id",
    "campaign_name": "campaign name",
    "adgroup_id": "ad group id",
    "adgroup_name": "ad group name",
    "ad_id": "ad id",
    "ad_name": "ad name",
    "province": "subregion|province|region",
    "country": "country/region|country",
    "age": "age",
    "gender": "gender",
    "placement": "placement",
}
METRICS = (
    Metric("spend", SPENT, "native"),
    Metric("impressions", "impressions"),
    Metric("clicks", CLICKED),
    Metric("video_plays", PLAYED),
    Metric("plays_2s", "2-second video views"),
    Metric("plays_6s", "6-second video views"),
    Metric("p25_plays", "video views at 25%"),
    Metric("p50_plays", "video views at 50%"),
    Metric("p75_plays", "video views at 75%"),
    Metric("p100_plays", "video views at 100%"),
    Metric("conversions", "conversions|conversion"),
)
_ROWS = {
    "ad_id": Cell("ad id"),
    "stat_time_day": Cell(DAY),
    "ad_name": Cell("ad name"),
    "campaign_id": Cell("campaign id"),
    "campaign_name": Cell("campaign name"),
    "adgroup_id": Cell("ad group id"),
    "currency": Cell("currency"),
    "spend": Cell(SPENT),
    "impressions": Cell("impressions"),
    "clicks": Cell(CLICKED),
    "reach": Cell("reach"),
    "video_play_actions": Cell(PLAYED),
    "video_watched_2s": Cell("2-second video views"),
    "video_watched_6s": Cell("6-second video views"),
    "engaged_view_15s": Cell("15-second focused views|focused view (15s)"),
    "video_views_p25": Cell("video views at 25%"),
    "video_views_p50": Cell("video views at 50%"),
    "video_views_p75": Cell("video views at 75%"),
    "video_views_p100": Cell("video views at 100%"),
    "average_video_play": Cell("average play time per video view"),
    "likes": Cell("likes|paid likes"),
    "comments": Cell("comments|paid comments"),
    "shares": Cell("shares|paid shares"),
}

FORMS = (
    Form(
        "TikTok Ads Manager report of a whole period",
        "tiktok_ads",
        (SPENT, "impressions", PLAYED),
        (Totals("tiktok_ads_by_{by}", OBJECTS, METRICS, starts=DAY),),
        unnamed_total=True,
    ),
    Form(
        "TikTok Ads Manager report by ad and day",
        "tiktok_ads",
        ("ad id", DAY, SPENT, "impressions"),
        (Rows("ad_report_daily", _ROWS, days=("stat_time_day",)),),
        without=tuple(
            OBJECTS[name]
            for name in ("province", "country", "age", "gender", "placement")
        ),
        unnamed_total=True,
    ),
)
