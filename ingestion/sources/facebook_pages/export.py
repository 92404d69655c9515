"""Meta Business Suite's content export of a page: lifetime totals by post.

Posts are named by their own number, not by their video's, and the file does not say when it
was made: reported totals. Reach and averages do not add up and are left in the file.
"""

from ingestion.exports.shapes import Form, Metric, Totals

METRICS = (
    Metric("views", "views"),
    Metric("impressions", "impressions"),
    Metric("plays_3s", "3-second video views"),
    Metric("plays_60s", "1-minute video views"),
    Metric("watch_seconds", "seconds viewed", "seconds"),
    Metric("reactions", "reactions"),
    Metric("comments", "comments"),
    Metric("shares", "shares"),
    Metric("clicks", "total clicks"),
    Metric("link_clicks", "link clicks"),
)

FORMS = (
    Form(
        "Meta Business Suite content of a page",
        "facebook_pages",
        ("post id", "page id", "publish time"),
        (Totals("business_suite_content", {"post": "post id"}, METRICS),),
    ),
)
