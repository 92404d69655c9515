"""Columns of the TikTok Ads tables: the API's names, and units as they come.

Money is in the advertiser's currency, times in seconds; every metric comes as text and
"-" stands for no data.
"""

from ingestion.spec import DATE, FLOAT, INT, MONEY, TEXT, Columns

ADVERTISER_FIELDS = ("advertiser_id", "name", "currency", "timezone")
ADVERTISERS: Columns = {
    "account_id": TEXT,
    "name": TEXT,
    "currency": TEXT,
    "timezone": TEXT,
}

AD_FIELDS = (
    "ad_id",
    "ad_name",
    "campaign_id",
    "adgroup_id",
    "video_id",
    "tiktok_item_id",
    "landing_page_url",
    "secondary_status",
    "create_time",
)
VIDEO_FIELDS = ("file_name", "duration", "signature")
ADS: Columns = {
    "account_id": TEXT,
    **dict.fromkeys(AD_FIELDS, TEXT),
    # of the video in the advertiser's library, so that staging needs no join
    "video_file_name": TEXT,
    "video_duration": FLOAT,
    "video_signature": TEXT,
}
WINDOWS = ("click_attribution_window", "view_attribution_window")
ADGROUP_FIELDS = ("adgroup_id", *WINDOWS)

NAMES = ("ad_name", "campaign_id", "campaign_name", "adgroup_id", "currency")
COUNTS = (
    "impressions",
    "clicks",
    "reach",
    "video_play_actions",
    "video_watched_2s",
    "video_watched_6s",
    "engaged_view_15s",
    "video_views_p25",
    "video_views_p50",
    "video_views_p75",
    "video_views_p100",
    "likes",
    "comments",
    "shares",
)
CONVERSIONS = ("cta_conversion", "vta_conversion")  # after a click, after a view
AD_METRICS = (*NAMES, "spend", *COUNTS, "average_video_play", *CONVERSIONS)
AD_REPORT_DAILY: Columns = {
    "account_id": TEXT,
    "ad_id": TEXT,
    "stat_time_day": DATE,
    **dict.fromkeys(NAMES, TEXT),
    "spend": MONEY,
    **dict.fromkeys(COUNTS, INT),
    "average_video_play": FLOAT,
    **dict.fromkeys(CONVERSIONS, INT),
    **dict.fromkeys(WINDOWS, TEXT),  # of the ad group, as it is set today
}

# By place only what adds up over places.
REGION_METRICS = ("spend", "impressions", "clicks", "video_play_actions", "currency")
AD_REGION_DAILY: Columns = {
    "account_id": TEXT,
    "ad_id": TEXT,
    "province_id": TEXT,
    "stat_time_day": DATE,
    "province_name": TEXT,
    "spend": MONEY,
    "impressions": INT,
    "clicks": INT,
    "video_play_actions": INT,
    "currency": TEXT,
}
