"""Columns of the TikTok table: the API's names, and units as they come (seconds, ratios)."""

from ingestion.spec import DATE, FLOAT, INT, JSON, STAMP, TEXT, Columns

# field of business/video/list -> column, lifetime totals unless said otherwise
COUNTS = (
    "video_views",
    "likes",
    "comments",
    "shares",
    "favorites",
    "reach",
    "new_followers",
    "profile_views",
    "website_clicks",
)
SECONDS = ("total_time_watched", "average_time_watched")
SHARES = ("full_video_watched_rate",)
LISTS = ("video_view_retention", "impression_sources")
TEXTS = ("item_id", "caption", "share_url")
FIELDS = (
    *TEXTS,
    "create_time",
    "video_duration",
    *COUNTS,
    *SECONDS,
    *SHARES,
    *LISTS,
)
VIDEOS: Columns = {
    "account_id": TEXT,
    "snapshot_date": DATE,
    **dict.fromkeys(TEXTS, TEXT),
    "create_time": STAMP,
    "video_duration": FLOAT,
    **dict.fromkeys(COUNTS, INT),
    **dict.fromkeys((*SECONDS, *SHARES), FLOAT),
    **dict.fromkeys(LISTS, JSON),
}
