"""Files of surveys: one answer a row, with its scale; NPS, or a study's exposed and control.

Headings as in README.md. Addresses become hashes on the way in.
"""

from ingestion.exports.shapes import Cell, Form, Rows
from ingestion.privacy import email_hash

_COMMON = {
    "response_id": Cell("external_id|external id|response id|response_id|token"),
    "submitted_date": Cell("created_at|created at|submitted at|submit date (utc)"),
    "submitted_at": Cell("created_at|created at|submitted at|submit date (utc)"),
    "email_sha256": Cell("email|customer email|respondent email", wrap=email_hash),
    "subject_ref": Cell("subject_ref|subject ref|customer|customer id"),
}
_SCORES = {
    **_COMMON,
    "question_id": Cell(value="score"),
    "question_type": Cell(value="score"),
    "number": Cell("score"),
    "scale_max": Cell("scale_max|scale max"),
}
_LIFT = {
    **_COMMON,
    "question_id": Cell("dimension|question"),
    "question_ref": Cell("dimension|question"),
    "question_type": Cell(value="yes_no"),
    "boolean": Cell("answer"),
    "cell": Cell("cell|group"),
}
_DAYS = ("submitted_date",)

FORMS = (
    Form(
        "survey scores",
        "surveys",
        (
            "external_id|external id|response id|response_id|token",
            "score",
            "scale_max|scale max",
            "created_at|created at|submitted at|submit date (utc)",
        ),
        (Rows("answers", _SCORES, days=_DAYS),),
        without=("stars", "is_verified"),
    ),
    Form(
        "survey study with exposed and control",
        "surveys",
        (
            "external_id|external id|response id|response_id|token",
            "dimension|question",
            "cell|group",
            "answer",
            "created_at|created at|submitted at|submit date (utc)",
        ),
        (Rows("answers", _LIFT, days=_DAYS),),
    ),
)
