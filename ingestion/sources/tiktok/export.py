"""TikTok Studio's content download: totals of the posts of a period.

Posts are named by their link and the file does not say its days: reported totals.
"""

from ingestion.exports.shapes import Form, Metric, Totals

METRICS = (
    Metric("views", "total views|video views"),
    Metric("likes", "total likes"),
    Metric("comments", "total comments"),
    Metric("shares", "total shares"),
)

FORMS = (
    Form(
        "TikTok Studio content",
        "tiktok",
        ("video title", "video link", "post time"),
        (Totals("studio_content", {"post": "video link"}, METRICS),),
    ),
)
