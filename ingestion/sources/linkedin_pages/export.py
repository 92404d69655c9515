"""A LinkedIn page's analytics, saved as CSV: its days, and all posts of a period.

Days are of the whole page, posts of the whole period: both coarser than the API, hence
reported totals. Sponsored figures stand apart from organic ones. Rates and unique
impressions do not add up and are left in the file.
"""

from ingestion.exports.shapes import Form, Metric, Totals

DATE, LINK = "date", "post link"
_COUNTED = ("impressions", "clicks", "reactions", "comments", "reposts")
DAYS = tuple(
    Metric(f"{name}_{part}", f"{name} ({part})")
    for name in _COUNTED
    for part in ("organic", "sponsored")
)
POSTS = (
    Metric("impressions", "impressions"),
    Metric("views", "views (excluding offsite video views)|views"),
    Metric("offsite_views", "offsite views"),
    Metric("clicks", "clicks"),
    Metric("likes", "likes"),
    Metric("comments", "comments"),
    Metric("reposts", "reposts"),
    Metric("follows", "follows"),
)

FORMS = (
    Form(
        "LinkedIn page, content metrics by day",
        "linkedin_pages",
        (DATE, "impressions (organic)", "impressions (sponsored)"),
        (Totals("page_content_days", {"date": DATE}, DAYS, starts=DATE),),
    ),
    Form(
        "LinkedIn page, all posts",
        "linkedin_pages",
        ("post title", LINK, "reposts"),
        (Totals("page_posts", {"post": LINK}, POSTS),),
    ),
)
