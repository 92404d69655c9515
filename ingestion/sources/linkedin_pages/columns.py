"""Columns of the LinkedIn Pages tables: the API's names, and units as they come."""

from ingestion.spec import DATE, INT, STAMP, TEXT, Columns

# field of totalShareStatistics -> column, lifetime and organic
SHARE_STATISTICS = {
    "impressionCount": "impression_count",
    "uniqueImpressionsCount": "unique_impressions_count",
    "clickCount": "click_count",
    "likeCount": "like_count",
    "commentCount": "comment_count",
    "shareCount": "share_count",
}
# type of videoAnalytics -> column, by day
VIDEO_TYPES = {"VIDEO_VIEW": "video_view", "TIME_WATCHED": "time_watched"}
POSTS: Columns = {
    "account_id": TEXT,
    "snapshot_date": DATE,
    "id": TEXT,
    "commentary": TEXT,
    "media_id": TEXT,
    "duration": INT,  # milliseconds
    "published_at": STAMP,
    "lifecycle_state": TEXT,
    **dict.fromkeys(SHARE_STATISTICS.values(), INT),
}
VIDEO_ANALYTICS_DAILY: Columns = {
    "account_id": TEXT,
    "id": TEXT,
    "date": DATE,
    "video_view": INT,
    "time_watched": INT,  # milliseconds
}
