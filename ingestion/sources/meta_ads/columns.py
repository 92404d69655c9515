"""Columns of the Meta Ads tables: the API's names, and units as they come.

Money is in the account's currency, times in seconds, lists of actions stay JSON text.
"""

from ingestion.spec import DATE, FLOAT, INT, JSON, MONEY, STAMP, TEXT, Columns

ACCOUNT_FIELDS = ("account_id", "name", "currency", "timezone_name")
ACCOUNTS: Columns = dict.fromkeys(ACCOUNT_FIELDS, TEXT)

AD_FIELDS = (
    "id",
    "name",
    "campaign_id",
    "adset_id",
    "effective_status",
    "created_time",
    "creative{id,video_id,object_story_spec{video_data{video_id}},"
    "asset_feed_spec{videos{video_id}},effective_object_story_id,url_tags}",
)
ADS: Columns = {
    "account_id": TEXT,
    "id": TEXT,
    "name": TEXT,
    "campaign_id": TEXT,
    "adset_id": TEXT,
    "creative_id": TEXT,
    "video_id": TEXT,  # found in the creative, wherever it sits
    "video_title": TEXT,  # of that video, so that staging needs no join
    "video_length": FLOAT,
    "url_tags": TEXT,
    "effective_status": TEXT,
    "created_time": STAMP,
    "creative": JSON,
}
# Without this list the API leaves archived ads out, and their spend with them.
EVERY_STATUS = (
    "ACTIVE",
    "PAUSED",
    "DELETED",
    "ARCHIVED",
    "CAMPAIGN_PAUSED",
    "ADSET_PAUSED",
    "PENDING_REVIEW",
    "PENDING_BILLING_INFO",
    "PREAPPROVED",
    "DISAPPROVED",
    "IN_PROCESS",
    "WITH_ISSUES",
)

VIDEO_FIELDS = ("id", "title", "length")
AD_VIDEOS: Columns = {"account_id": TEXT, "id": TEXT, "title": TEXT, "length": FLOAT}

# Requested and left out by the API means: none happened.
COUNTS = ("impressions", "reach", "clicks", "inline_link_clicks")
ACTION_LISTS = (
    "actions",
    "action_values",
    "video_play_actions",
    "video_continuous_2_sec_watched_actions",
    "video_15_sec_watched_actions",
    "video_30_sec_watched_actions",
    "video_thruplay_watched_actions",
    "video_p25_watched_actions",
    "video_p50_watched_actions",
    "video_p75_watched_actions",
    "video_p95_watched_actions",
    "video_p100_watched_actions",
)
# Requested and left out means: nothing to average.
AVERAGES = ("video_avg_time_watched_actions",)
NAMES = (
    "account_id",
    "account_currency",
    "campaign_id",
    "campaign_name",
    "adset_id",
    "adset_name",
    "ad_id",
    "ad_name",
    "attribution_setting",
)
INSIGHT_FIELDS = (*NAMES, "spend", *COUNTS, *ACTION_LISTS, *AVERAGES)
AD_INSIGHTS: Columns = {
    "account_id": TEXT,
    "ad_id": TEXT,
    "date_start": DATE,
    "date_stop": DATE,
    **{name: TEXT for name in NAMES if name not in ("account_id", "ad_id")},
    "spend": MONEY,
    **dict.fromkeys(COUNTS, INT),
    **dict.fromkeys((*ACTION_LISTS, *AVERAGES), JSON),
}

# By region only what adds up over regions: no reach, no averages.
REGION_FIELDS = (
    "account_id",
    "account_currency",
    "ad_id",
    "spend",
    "impressions",
    "inline_link_clicks",
    "actions",
    "video_play_actions",
)
AD_INSIGHTS_BY_REGION: Columns = {
    "account_id": TEXT,
    "ad_id": TEXT,
    "region": TEXT,
    **{name: AD_INSIGHTS[name] for name in ("date_start", "date_stop")},
    **{name: AD_INSIGHTS[name] for name in REGION_FIELDS if "_id" not in name},
}
