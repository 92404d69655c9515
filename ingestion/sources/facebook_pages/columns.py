"""Columns of the Facebook table: the API's names, and units as they come (milliseconds)."""

from ingestion.spec import DATE, FLOAT, INT, JSON, STAMP, TEXT, Columns

PAGE_FIELDS = ("id", "name", "access_token")
VIDEO_FIELDS = ("id", "created_time", "length", "title", "permalink_url", "post_id")
# Lifetime totals of a video, and of a reel: Facebook counts the two by other names.
VIDEO_METRICS = (
    "total_video_impressions",
    "total_video_views",  # three seconds
    "total_video_15s_views",
    "total_video_30s_views",
    "total_video_complete_views",  # 97 per cent
    "total_video_view_total_time",
    "total_video_reactions_by_type_total",
)
REEL_METRICS = (
    "blue_reels_play_count",  # without replays
    "fb_reels_total_plays",
    "post_video_view_time",
    "post_video_followers",
    "post_video_likes_by_reaction_type",
    "post_video_social_actions",
)
OBJECTS = (
    "total_video_reactions_by_type_total",
    "post_video_likes_by_reaction_type",
    "post_video_social_actions",
)
VIDEOS: Columns = {
    "account_id": TEXT,
    "snapshot_date": DATE,
    "id": TEXT,
    "kind": TEXT,  # video or reel: which edge listed it
    "created_time": STAMP,
    "length": FLOAT,
    "title": TEXT,
    "permalink_url": TEXT,
    "post_id": TEXT,
    **{
        name: JSON if name in OBJECTS else INT
        for name in (*VIDEO_METRICS, *REEL_METRICS)
    },
}
