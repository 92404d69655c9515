"""Columns of the Instagram table: the API's names, and units as they come (milliseconds)."""

from ingestion.spec import DATE, FLOAT, INT, STAMP, TEXT, Columns

PAGE_FIELDS = ("id", "name", "instagram_business_account")
MEDIA_FIELDS = (
    "id",
    "caption",
    "media_type",
    "media_product_type",
    "permalink",
    "timestamp",
)
COUNTS = (
    "views",
    "reach",
    "likes",
    "comments",
    "saved",
    "shares",
    "total_interactions",
)
# What may be asked depends on where the video stands: a wrong one fails the whole call.
METRICS = {
    "FEED": (*COUNTS, "profile_visits", "follows"),
    "REELS": (
        *COUNTS,
        "ig_reels_avg_watch_time",
        "ig_reels_video_view_total_time",
        "reels_skip_rate",
    ),
}
MEDIA: Columns = {
    "account_id": TEXT,
    "snapshot_date": DATE,
    **{name: STAMP if name == "timestamp" else TEXT for name in MEDIA_FIELDS},
    **dict.fromkeys(COUNTS, INT),
    "profile_visits": INT,
    "follows": INT,
    "ig_reels_avg_watch_time": FLOAT,
    "ig_reels_video_view_total_time": FLOAT,
    "reels_skip_rate": FLOAT,  # percent
}
