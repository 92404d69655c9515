"""Google Ads' downloaded reports: title lines, tabs, UTF-16, rows of totals below.

By ad id and day they are the API's rows, but for the video, which they do not name. Anything
else is totals. Rates and averages are left in the file; so are conversions, whose windows a
file does not tell.
"""

import json
from typing import Any

from ingestion.exports.shapes import Cell, Form, Metric, Rows, Totals

DAY, SHOWN = "day", "impr.|impressions"
NOT_TOLD = "(not told)"

OBJECTS = {
    "campaign_id": "campaign id",
    "campaign": "campaign",
    "ad_group_id": "ad group id",
    "ad_group": "ad group",
    "ad_id": "ad id",
    "ad": "ad name|ad",
    "video": "video|video title",
    "region": "region (user location)|region (matched)|region",
    "device": "device",
    "network": "network (with search partners)|network",
}
METRICS = (
    Metric("impressions", SHOWN),
    Metric("clicks", "clicks"),
    Metric("interactions", "interactions"),
    Metric("spend", "cost", "native"),
    Metric("views", "trueview views|views"),
    Metric("conversions", "conversions", "amount"),
    Metric("conversions_value", "conv. value|all conv. value", "native"),
)


def _one(url: Any) -> str:
    """As the API says it: a list of addresses."""
    return json.dumps([url])


_ROWS = {
    "ad_id": Cell("ad id"),
    "video_id": Cell(value=NOT_TOLD),
    "date": Cell(DAY),
    "currency_code": Cell("currency code|currency"),
    "campaign_id": Cell("campaign id"),
    "campaign_name": Cell("campaign"),
    "ad_group_id": Cell("ad group id"),
    "ad_name": Cell("ad name|ad"),
    "ad_final_urls": Cell("final url", wrap=_one),
    "impressions": Cell(SHOWN),
    "clicks": Cell("clicks"),
    "cost_micros": Cell("cost", times=1e6),
    "video_trueview_views": Cell("trueview views|views"),
    "video_quartile_p25_rate": Cell("video played to 25%"),
    "video_quartile_p50_rate": Cell("video played to 50%"),
    "video_quartile_p75_rate": Cell("video played to 75%"),
    "video_quartile_p100_rate": Cell("video played to 100%"),
}

FORMS = (
    Form(
        "Google Ads report of a whole period",
        "google_ads",
        (SHOWN, "cost"),
        (Totals("google_ads_by_{by}", OBJECTS, METRICS, starts=DAY),),
        unnamed_total=True,
    ),
    Form(
        "Google Ads report by ad id and day",
        "google_ads",
        ("ad id", DAY, SHOWN, "cost"),
        (Rows("ad_video_daily", _ROWS, days=("date",)),),
        without=(OBJECTS["region"], OBJECTS["device"], OBJECTS["network"]),
        unnamed_total=True,
    ),
)
