"""Ads Manager's reports. By ad id and day they are the API's insights; else totals.

Only what adds up over the rows of a report is kept: no reach, rate, cost per anything or
budget (repeated on every row). Results mean something else from row to row: one metric
for each thing that was counted.
"""

import json
from typing import Any

from ingestion.exports.shapes import Cell, Form, Metric, Rows, Totals

STARTS, ENDS = "reporting starts", "reporting ends"
SPEND = "amount spent (*)|amount spent"
_PLAYS = "video_view"

# breakdown -> heading; a report has some of them, and its rows are one for each set
OBJECTS = {
    "campaign_name": "campaign name",
    "campaign_id": "campaign id",
    "ad_set_name": "ad set name",
    "ad_set_id": "ad set id",
    "ad_name": "ad name",
    "ad_id": "ad id",
}
SPLITS = {
    "age": "age",
    "gender": "gender",
    "country": "country",
    "region": "region",
    "dma_region": "dma region",
    "impression_device": "impression device",
    "platform": "platform",
    "placement": "placement",
    "device_platform": "device platform|platform device",
    "hour": "time of day (*)",
    "asset": "asset id|video id|image, video and slideshow",
}
METRICS = (
    Metric("spend", SPEND, "money"),
    Metric("impressions", "impressions"),
    Metric("clicks", "clicks (all)"),
    Metric("link_clicks", "link clicks"),
    Metric("plays_2s", "2-second continuous video plays"),
    Metric("plays_3s", "3-second video plays|3-second video views"),
    Metric("thruplays", "thruplays|thruplay"),
    Metric("p25_plays", "video plays at 25%|video watches at 25%"),
    Metric("p50_plays", "video plays at 50%|video watches at 50%"),
    Metric("p75_plays", "video plays at 75%|video watches at 75%"),
    Metric("p95_plays", "video plays at 95%|video watches at 95%"),
    Metric("p100_plays", "video plays at 100%|video watches at 100%"),
    Metric("reactions", "post reactions"),
    Metric("comments", "post comments"),
    Metric("shares", "post shares"),
    Metric("saves", "post saves"),
    Metric("landing_page_views", "landing page views"),
    Metric("registrations", "registrations completed|website registrations completed"),
    Metric("leads", "leads|website leads"),
    Metric("purchases", "purchases|website purchases"),
    Metric("checkouts", "checkouts initiated|website checkouts initiated"),
    Metric("adds_to_wishlist", "adds to wishlist|website adds to wishlist"),
    Metric("searches", "searches|website searches"),
    Metric("results", "results", by="result indicator|result type"),
)


def _actions(kind: str) -> Any:
    """A count as the API gives it: a list with one action."""

    def wrapped(count: int) -> str:
        return json.dumps([{"action_type": kind, "value": str(count)}])

    return wrapped


_PLAY_LISTS = {
    "video_play_actions": "video plays",
    "video_continuous_2_sec_watched_actions": "2-second continuous video plays",
    "video_thruplay_watched_actions": "thruplays|thruplay",
    "video_p25_watched_actions": "video plays at 25%|video watches at 25%",
    "video_p50_watched_actions": "video plays at 50%|video watches at 50%",
    "video_p75_watched_actions": "video plays at 75%|video watches at 75%",
    "video_p95_watched_actions": "video plays at 95%|video watches at 95%",
    "video_p100_watched_actions": "video plays at 100%|video watches at 100%",
}
_INSIGHTS = {
    "ad_id": Cell("ad id"),
    "date_start": Cell("day"),
    "date_stop": Cell("day"),
    "account_currency": Cell("currency|amount spent (*)", read="currency"),
    "campaign_id": Cell("campaign id"),
    "campaign_name": Cell("campaign name"),
    "adset_id": Cell("ad set id"),
    "adset_name": Cell("ad set name"),
    "ad_name": Cell("ad name"),
    "attribution_setting": Cell("attribution setting"),
    "spend": Cell(SPEND),
    "impressions": Cell("impressions"),
    "reach": Cell("reach"),
    "clicks": Cell("clicks (all)"),
    "inline_link_clicks": Cell("link clicks"),
    # `actions` stays unknown: in the API what the list leaves out is none, and a file
    # cannot say that of what it leaves out
    **{
        column: Cell(heading, read="count", wrap=_actions(_PLAYS))
        for column, heading in _PLAY_LISTS.items()
    },
}

FORMS = (
    Form(
        "Ads Manager report of a whole period",
        "meta_ads",
        (STARTS, ENDS),
        (
            Totals(
                "ads_manager_by_{by}",
                OBJECTS | SPLITS,
                METRICS,
                starts=STARTS,
                ends=ENDS,
            ),
        ),
        unnamed_total=True,
    ),
    Form(
        "Ads Manager report by ad and day",
        "meta_ads",
        ("ad id", "day", SPEND),
        (Rows("ad_insights", _INSIGHTS, days=("date_start",)),),
        without=tuple(SPLITS.values()),
        unnamed_total=True,
    ),
)
