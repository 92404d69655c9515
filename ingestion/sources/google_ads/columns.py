"""Fields of the Google Ads reports: GAQL name -> raw column and type, units as they come.

Cost is in millionths of the account's currency, durations in milliseconds, quartiles are
shares of the impressions.
"""

from collections.abc import Mapping

import pyarrow as pa

from ingestion.spec import BOOL, DATE, FLOAT, INT, JSON, MONEY, TEXT, Columns

Fields = Mapping[str, tuple[str, pa.DataType]]

CUSTOMER: Fields = {
    "customer_client.id": ("account_id", TEXT),
    "customer_client.descriptive_name": ("descriptive_name", TEXT),
    "customer_client.currency_code": ("currency_code", TEXT),
    "customer_client.time_zone": ("time_zone", TEXT),
    "customer_client.manager": ("manager", BOOL),
    "customer_client.status": ("status", TEXT),
}
AD_VIDEO_DAILY: Fields = {
    "customer.id": ("account_id", TEXT),
    "ad_group_ad.ad.id": ("ad_id", TEXT),
    "video.id": ("video_id", TEXT),
    "segments.date": ("date", DATE),
    "customer.currency_code": ("currency_code", TEXT),
    "campaign.id": ("campaign_id", TEXT),
    "campaign.name": ("campaign_name", TEXT),
    "campaign.advertising_channel_type": ("advertising_channel_type", TEXT),
    "ad_group.id": ("ad_group_id", TEXT),
    "ad_group_ad.ad.name": ("ad_name", TEXT),
    "ad_group_ad.ad.final_urls": ("ad_final_urls", JSON),
    "video.title": ("video_title", TEXT),
    "video.duration_millis": ("video_duration_millis", INT),
    "metrics.impressions": ("impressions", INT),
    "metrics.clicks": ("clicks", INT),
    "metrics.cost_micros": ("cost_micros", INT),
    "metrics.video_trueview_views": ("video_trueview_views", INT),
    "metrics.video_quartile_p25_rate": ("video_quartile_p25_rate", FLOAT),
    "metrics.video_quartile_p50_rate": ("video_quartile_p50_rate", FLOAT),
    "metrics.video_quartile_p75_rate": ("video_quartile_p75_rate", FLOAT),
    "metrics.video_quartile_p100_rate": ("video_quartile_p100_rate", FLOAT),
    "metrics.video_watch_time_duration_millis": (
        "video_watch_time_duration_millis",
        INT,
    ),
    "metrics.average_video_watch_time_duration_millis": (
        "average_video_watch_time_duration_millis",
        INT,
    ),
}
# The assets of an ad: views, quartiles and watch time may not be asked for beside them.
AD_ASSET_DAILY: Fields = {
    "customer.id": ("account_id", TEXT),
    "ad_group_ad.ad.id": ("ad_id", TEXT),
    "asset.id": ("asset_id", TEXT),
    "segments.date": ("date", DATE),
    "ad_group_ad_asset_view.field_type": ("field_type", TEXT),
    "asset.youtube_video_asset.youtube_video_id": ("youtube_video_id", TEXT),
    "asset.youtube_video_asset.youtube_video_title": ("youtube_video_title", TEXT),
    "customer.currency_code": ("currency_code", TEXT),
    "campaign.id": ("campaign_id", TEXT),
    "campaign.name": ("campaign_name", TEXT),
    "campaign.advertising_channel_type": ("advertising_channel_type", TEXT),
    "ad_group.id": ("ad_group_id", TEXT),
    "ad_group_ad.ad.name": ("ad_name", TEXT),
    "ad_group_ad.ad.final_urls": ("ad_final_urls", JSON),
    "metrics.impressions": ("impressions", INT),
    "metrics.clicks": ("clicks", INT),
    "metrics.cost_micros": ("cost_micros", INT),
}
VIDEO_ASSETS = "ad_group_ad_asset_view.field_type = 'YOUTUBE_VIDEO'"
# Places are told for ad groups, never for a single ad.
AD_GROUP_REGION_DAILY: Fields = {
    "customer.id": ("account_id", TEXT),
    "ad_group.id": ("ad_group_id", TEXT),
    "segments.geo_target_region": ("geo_target_region", TEXT),
    "segments.date": ("date", DATE),
    "customer.currency_code": ("currency_code", TEXT),
    "campaign.id": ("campaign_id", TEXT),
    "metrics.impressions": ("impressions", INT),
    "metrics.clicks": ("clicks", INT),
    "metrics.cost_micros": ("cost_micros", INT),
}
# A query that parts conversions by action may ask for no impressions, clicks or cost.
AD_CONVERSIONS_DAILY: Fields = {
    "customer.id": ("account_id", TEXT),
    "ad_group_ad.ad.id": ("ad_id", TEXT),
    "segments.conversion_action": ("conversion_action", TEXT),
    "segments.conversion_attribution_event_type": (
        "conversion_attribution_event_type",
        TEXT,
    ),
    "segments.date": ("date", DATE),
    "customer.currency_code": ("currency_code", TEXT),
    "campaign.id": ("campaign_id", TEXT),
    "metrics.conversions": ("conversions", FLOAT),
    "metrics.conversions_value": ("conversions_value", MONEY),
}
CONVERSION_ACTION: Fields = {
    "conversion_action.resource_name": ("conversion_action", TEXT),
    "conversion_action.name": ("conversion_action_name", TEXT),
    "conversion_action.click_through_lookback_window_days": (
        "click_through_lookback_window_days",
        INT,
    ),
}
GEO_TARGET: Fields = {
    "geo_target_constant.resource_name": ("geo_target_region", TEXT),
    "geo_target_constant.name": ("region_name", TEXT),
}


def typed(*parts: Fields) -> Columns:
    """The raw columns of a table that is made of these fields."""
    return {column: kind for fields in parts for column, kind in fields.values()}


# Asked for and left out: none. Of anything else: unknown.
ZERO_WHERE_ABSENT = frozenset(
    column
    for fields in (
        *(AD_VIDEO_DAILY, AD_ASSET_DAILY),
        *(AD_GROUP_REGION_DAILY, AD_CONVERSIONS_DAILY),
    )
    for name, (column, _) in fields.items()
    if name.startswith("metrics.") and column != "conversions_value"
)
