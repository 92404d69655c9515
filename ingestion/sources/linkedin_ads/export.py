"""Campaign Manager's exports: UTF-16, tabs, some lines above the headings.

By ad id and day they are the API's rows; else totals. Rates, averages and reach are left in
the file.
"""

from ingestion.exports.shapes import Cell, Form, Metric, Rows, Totals

STARTS, ENDS = "start date (in utc)|date (in utc)", "end date (in utc)"
SPENT = "total spent|total spent (*)"
AD = "ad id|creative id"

OBJECTS = {
    "campaign_group": "campaign group name",
    "campaign_id": "campaign id",
    "campaign_name": "campaign name",
    "ad_id": AD,
    "ad_name": "ad name|creative name",
}
METRICS = (
    Metric("spend", SPENT, "native"),
    Metric("impressions", "impressions"),
    Metric("clicks", "clicks"),
    Metric("landing_page_clicks", "clicks to landing page|landing page clicks"),
    Metric("video_starts", "video starts"),
    Metric("views", "video views"),
    Metric("p25_plays", "video views at 25%|video first quartile completions"),
    Metric("p50_plays", "video views at 50%|video midpoint completions"),
    Metric("p75_plays", "video views at 75%|video third quartile completions"),
    Metric("p100_plays", "video completions"),
    Metric("reactions", "reactions"),
    Metric("comments", "comments"),
    Metric("shares", "shares"),
    Metric("conversions", "conversions"),
    Metric("leads", "leads"),
)
_ROWS = {
    "creative_id": Cell(AD),
    "date": Cell(STARTS),
    "campaign_id": Cell("campaign id"),
    "campaign_name": Cell("campaign name"),
    "currency": Cell("currency"),
    "impressions": Cell("impressions"),
    "clicks": Cell("clicks"),
    "landing_page_clicks": Cell("clicks to landing page|landing page clicks"),
    "cost_in_local_currency": Cell(SPENT),
    "video_starts": Cell("video starts"),
    "video_views": Cell("video views"),
    "video_first_quartile_completions": Cell(
        "video views at 25%|video first quartile completions"
    ),
    "video_midpoint_completions": Cell("video views at 50%|video midpoint completions"),
    "video_third_quartile_completions": Cell(
        "video views at 75%|video third quartile completions"
    ),
    "video_completions": Cell("video completions"),
    "full_screen_plays": Cell("full screen plays|full-screen plays"),
    "likes": Cell("likes"),
    "comments": Cell("comments"),
    "shares": Cell("shares"),
    "follows": Cell("follows"),
    "external_website_post_click_conversions": Cell(
        "click conversions|post-click conversions"
    ),
    "external_website_post_view_conversions": Cell(
        "view-through conversions|post-view conversions"
    ),
}

FORMS = (
    Form(
        "Campaign Manager report of a whole period",
        "linkedin_ads",
        (STARTS, SPENT, "impressions"),
        (
            Totals(
                "campaign_manager_by_{by}", OBJECTS, METRICS, starts=STARTS, ends=ENDS
            ),
        ),
        unnamed_total=True,
    ),
    Form(
        "Campaign Manager report by ad and day",
        "linkedin_ads",
        (AD, STARTS, SPENT, "impressions"),
        (Rows("ad_analytics_daily", _ROWS, days=("date",)),),
        without=(ENDS,),
        unnamed_total=True,
    ),
)
