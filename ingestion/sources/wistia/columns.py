"""Columns of the Wistia tables: media as they are listed, viewing sessions as they are told.

Addresses of viewers become hashes on the way in; their IP, place and browser are not kept.
"""

from ingestion.spec import DATE, FLOAT, JSON, STAMP, TEXT, Columns

MEDIAS: Columns = {
    "account_id": TEXT,
    "hashed_id": TEXT,
    "id": TEXT,
    "name": TEXT,
    "type": TEXT,
    "duration": FLOAT,
    "created": STAMP,
    "updated": STAMP,
    "tags": JSON,
}
EVENTS: Columns = {
    "account_id": TEXT,
    "event_key": TEXT,
    "received_at": STAMP,
    "received_date": DATE,
    "visitor_key": TEXT,
    "media_id": TEXT,
    "embed_url": TEXT,
    "percent_viewed": FLOAT,
    "email_sha256": TEXT,
    "conversion_type": TEXT,
}
