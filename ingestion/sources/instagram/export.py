"""Meta Business Suite's content export of an Instagram account: lifetime totals by post.

The file does not say when it was made: reported totals. Reach does not add up and is left
in the file.
"""

from ingestion.exports.shapes import Form, Metric, Totals

METRICS = (
    Metric("views", "views"),
    Metric("likes", "likes"),
    Metric("comments", "comments"),
    Metric("shares", "shares"),
    Metric("saves", "saves"),
    Metric("follows", "follows"),
)

FORMS = (
    Form(
        "Meta Business Suite content of an Instagram account",
        "instagram",
        ("post id", "account username", "publish time"),
        (Totals("business_suite_content", {"post": "post id"}, METRICS),),
    ),
)
