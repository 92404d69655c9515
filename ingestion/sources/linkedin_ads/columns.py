"""Columns of the LinkedIn Ads tables: the API's names in snake case, units as they come.

Money is text in the account's currency, times in milliseconds.
"""

from collections.abc import Mapping

import pyarrow as pa

from ingestion.spec import DATE, INT, MONEY, STAMP, TEXT, Columns

ACCOUNTS: Columns = {
    "account_id": TEXT,
    "name": TEXT,
    "currency": TEXT,
    "status": TEXT,
}
CREATIVES: Columns = {
    "account_id": TEXT,
    "id": TEXT,  # the number at the end of the URN
    "name": TEXT,
    "campaign_id": TEXT,
    "intended_status": TEXT,
    "created_at": STAMP,
    "reference": TEXT,  # URN of the post it shows
    "video": TEXT,  # URN of the video in that post, the same for organic posts
    "video_duration": INT,
    "content_landing_page": TEXT,
}

# field -> column and type. More than a call may ask for: see FIELDS_PER_CALL.
METRICS: Mapping[str, tuple[str, pa.DataType]] = {
    "impressions": ("impressions", INT),
    "clicks": ("clicks", INT),
    "landingPageClicks": ("landing_page_clicks", INT),
    "costInLocalCurrency": ("cost_in_local_currency", MONEY),
    "videoStarts": ("video_starts", INT),
    "videoViews": ("video_views", INT),
    "videoFirstQuartileCompletions": ("video_first_quartile_completions", INT),
    "videoMidpointCompletions": ("video_midpoint_completions", INT),
    "videoThirdQuartileCompletions": ("video_third_quartile_completions", INT),
    "videoCompletions": ("video_completions", INT),
    "fullScreenPlays": ("full_screen_plays", INT),
    "likes": ("likes", INT),
    "comments": ("comments", INT),
    "shares": ("shares", INT),
    "follows": ("follows", INT),
    "oneClickLeads": ("one_click_leads", INT),
    "externalWebsiteConversions": ("external_website_conversions", INT),
    "externalWebsitePostClickConversions": (
        "external_website_post_click_conversions",
        INT,
    ),
    "externalWebsitePostViewConversions": (
        "external_website_post_view_conversions",
        INT,
    ),
    "conversionValueInLocalCurrency": ("conversion_value_in_local_currency", MONEY),
}
KEYS = ("dateRange", "pivotValues")  # without them a row cannot be told apart
FIELDS_PER_CALL = 20  # keys included
REGION_METRICS = (
    "impressions",
    "clicks",
    "landingPageClicks",
    "costInLocalCurrency",
)
AD_ANALYTICS_DAILY: Columns = {
    "account_id": TEXT,
    "creative_id": TEXT,
    "date": DATE,
    "campaign_id": TEXT,  # of the creative, as it is today
    "campaign_name": TEXT,
    "currency": TEXT,
    **dict(METRICS.values()),
}
CAMPAIGN_REGION_DAILY: Columns = {
    "account_id": TEXT,
    "campaign_id": TEXT,
    "geo_id": TEXT,  # the number at the end of the URN
    "geo_name": TEXT,
    "date": DATE,
    "currency": TEXT,
    **dict(METRICS[name] for name in REGION_METRICS),
}
