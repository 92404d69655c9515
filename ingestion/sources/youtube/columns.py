"""Columns of the YouTube tables: the API's names, snake case, and units as they come."""

from ingestion.spec import DATE, FLOAT, INT, JSON, STAMP, TEXT, Columns

CHANNELS: Columns = {
    "account_id": TEXT,
    "title": TEXT,
    "uploads": TEXT,
    "view_count": INT,
    "subscriber_count": INT,
    "video_count": INT,
}
VIDEOS: Columns = {
    "account_id": TEXT,
    "id": TEXT,
    "title": TEXT,
    "description": TEXT,
    "published_at": STAMP,
    "duration": TEXT,
    "tags": JSON,
    "privacy_status": TEXT,
    "view_count": INT,
    "like_count": INT,
    "comment_count": INT,
}
# Public counters as somebody read them on a day: cumulative, from file exports only.
VIDEO_COUNTERS: Columns = {
    "account_id": TEXT,
    "video_id": TEXT,
    "snapshot_date": DATE,
    "fetched_at": STAMP,
    "title": TEXT,
    "channel_title": TEXT,
    "published_at": STAMP,
    "duration_seconds": INT,
    "view_count": INT,
    "like_count": INT,
    "comment_count": INT,
    "file": TEXT,
}
# metric of the Analytics API -> column; a missing cell of a returned row is 0.
DAILY_METRICS = {
    "views": "views",
    "engagedViews": "engaged_views",
    "estimatedMinutesWatched": "estimated_minutes_watched",
    "averageViewDuration": "average_view_duration",
    "averageViewPercentage": "average_view_percentage",
    "likes": "likes",
    "dislikes": "dislikes",
    "comments": "comments",
    "shares": "shares",
    "subscribersGained": "subscribers_gained",
    "subscribersLost": "subscribers_lost",
}
VIDEO_DAILY: Columns = {
    "account_id": TEXT,
    "video_id": TEXT,
    "day": DATE,
    **{
        column: FLOAT if column.startswith(("average", "estimated")) else INT
        for column in DAILY_METRICS.values()
    },
}
RETENTION_METRICS = {
    "audienceWatchRatio": "audience_watch_ratio",
    "relativeRetentionPerformance": "relative_retention_performance",
    "startedWatching": "started_watching",
    "stoppedWatching": "stopped_watching",
}
AUDIENCE_RETENTION: Columns = {
    "account_id": TEXT,
    "video_id": TEXT,
    "elapsed_video_time_ratio": FLOAT,
    "audience_watch_ratio": FLOAT,
    "relative_retention_performance": FLOAT,
    "started_watching": INT,
    "stopped_watching": INT,
    "window_start": DATE,
    "window_end": DATE,
}
