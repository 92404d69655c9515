"""YouTube Studio's exports (Analytics, advanced mode): Totals, Chart data, Table data.

Only a chart by content has the API's grain, video and day. The rest has no video or spans
the whole period: reported totals. What does not add up (averages, rates, unique viewers)
is left in the file.
"""

from ingestion.exports.shapes import Cell, Form, Metric, Rows, Totals

DATE = "date"
CONTENT = "content|video"
_TITLE = "video title"
_PUBLISHED = "video publish time"
_LENGTH = "duration"

# breakdown -> heading in Studio
DIMENSIONS = {
    "country": "geography",
    "traffic_source": "traffic source",
    "device": "device type",
    "age": "viewer age",
    "gender": "viewer gender",
    "subscription": "subscription status",
    "playlist": "playlist",
    "city": "cities|city",
    "operating_system": "operating system",
    "content_type": "content type",
}
METRICS = (
    Metric("views", "views"),
    Metric("engaged_views", "engaged views"),
    Metric("watch_hours", "watch time (hours)", "hours"),
    Metric("subscribers", "subscribers"),
    Metric("subscribers_gained", "subscribers gained"),
    Metric("subscribers_lost", "subscribers lost"),
    Metric("likes", "likes"),
    Metric("dislikes", "dislikes"),
    Metric("comments", "comments added|comments"),
    Metric("shares", "shares"),
    Metric("impressions", "impressions|thumbnail impressions"),
    Metric(
        "estimated_revenue",
        "estimated revenue (*)|your estimated revenue (*)",
        "money",
    ),
)
NOT_ADDED_UP = (
    "average view duration",
    "average percentage viewed (%)|average percentage viewed",
    "impressions click-through rate (%)|thumbnail click-through rate (%)",
    "unique viewers",
    "new viewers",
    "returning viewers",
    "average views per viewer",
    "likes (vs. dislikes) (%)",
    "rpm (*)",
    "cpm (*)",
)
_ABOUT_VIDEO = (_TITLE, _PUBLISHED, _LENGTH)
_DAILY = {
    "views": Cell("views"),
    "engaged_views": Cell("engaged views"),
    "estimated_minutes_watched": Cell("watch time (hours)", times=60.0),
    "average_view_duration": Cell("average view duration", read="duration"),
    "likes": Cell("likes"),
    "dislikes": Cell("dislikes"),
    "comments": Cell("comments added|comments"),
    "shares": Cell("shares"),
    "subscribers_gained": Cell("subscribers gained"),
    "subscribers_lost": Cell("subscribers lost"),
}


def _by_dimension(name: str, heading: str) -> tuple[Form, Form]:
    """The chart (by day) and the table (whole period) of one of Studio's dimensions."""
    also = (*NOT_ADDED_UP, f"{heading.split('|')[0]} name")
    return (
        Form(
            f"YouTube Studio chart by {name.replace('_', ' ')} and day",
            "youtube",
            (DATE, heading),
            (Totals(f"studio_chart_{name}", {name: heading}, METRICS, starts=DATE),),
            also,
        ),
        Form(
            f"YouTube Studio table by {name.replace('_', ' ')}",
            "youtube",
            (heading,),
            (Totals(f"studio_table_{name}", {name: heading}, METRICS),),
            also,
        ),
    )


FORMS = (
    Form(
        "YouTube Studio totals by day",
        "youtube",
        (DATE,),
        (Totals("studio_totals", {"date": DATE}, METRICS, starts=DATE),),
        NOT_ADDED_UP,
    ),
    Form(
        "YouTube Studio chart by video and day",
        "youtube",
        (DATE, CONTENT),
        (
            Rows(
                "video_daily",
                {"video_id": Cell(CONTENT), "day": Cell(DATE), **_DAILY},
                days=("day",),
            ),
        ),
        (*_ABOUT_VIDEO, *NOT_ADDED_UP, *(m.heading for m in METRICS)),
    ),
    Form(
        "YouTube Studio table by video",
        "youtube",
        (CONTENT,),
        (
            Totals("studio_table_video", {"video": CONTENT}, METRICS),
            Rows(
                "videos",
                {
                    "id": Cell(CONTENT),
                    "title": Cell(_TITLE),
                    "published_at": Cell(_PUBLISHED),
                    "duration": Cell(_LENGTH, read="iso_duration"),
                },
            ),
        ),
        (*_ABOUT_VIDEO, *NOT_ADDED_UP),
    ),
    *(
        form
        for name, heading in DIMENSIONS.items()
        for form in _by_dimension(name, heading)
    ),
)
