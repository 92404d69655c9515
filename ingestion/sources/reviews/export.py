"""Files of reviews: one review a row, with its stars. Texts and names are not kept."""

from ingestion.exports.shapes import Cell, Form, Rows

_REVIEWS = {
    "id": Cell("external_id|external id|review id|id"),
    "created_at": Cell("created_at|created at|review created (utc)|created"),
    "updated_at": Cell("updated_at|updated at"),
    "stars": Cell("stars|review stars|rating"),
    "scale_max": Cell("scale_max|scale max"),
    "is_verified": Cell("is_verified|verified"),
}

FORMS = (
    Form(
        "reviews",
        "reviews",
        (
            "external_id|external id|review id|id",
            "stars|review stars|rating",
            "created_at|created at|review created (utc)|created",
        ),
        (Rows("reviews", _REVIEWS, days=("created_at",)),),
    ),
)
