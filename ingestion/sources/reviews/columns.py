"""Columns of the review tables. Names and texts of consumers are not kept."""

from ingestion.spec import BOOL, FLOAT, INT, STAMP, TEXT, Columns

REVIEWS: Columns = {
    "account_id": TEXT,
    "id": TEXT,
    "created_at": STAMP,
    "updated_at": STAMP,
    "stars": FLOAT,
    "scale_max": FLOAT,
    "language": TEXT,
    "is_verified": BOOL,
    "has_reply": BOOL,
    "text_length": INT,
}
