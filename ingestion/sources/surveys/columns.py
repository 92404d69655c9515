"""Columns of the survey tables: questions of forms, and one row per answer.

Respondents' names are not asked for; a hidden field `email` becomes a hash on the way in.
"""

from ingestion.spec import BOOL, DATE, FLOAT, INT, STAMP, TEXT, Columns

QUESTIONS: Columns = {
    "account_id": TEXT,
    "id": TEXT,
    "form_id": TEXT,
    "form_title": TEXT,
    "ref": TEXT,
    "type": TEXT,
    "title": TEXT,
    "steps": INT,
    "starts_at_one": BOOL,
}
ANSWERS: Columns = {
    "account_id": TEXT,
    "response_id": TEXT,
    "question_id": TEXT,
    "form_id": TEXT,
    "submitted_date": DATE,
    "submitted_at": STAMP,
    "question_ref": TEXT,
    "question_type": TEXT,
    "number": FLOAT,
    "boolean": BOOL,
    "choice": TEXT,
    "email_sha256": TEXT,
    "subject_ref": TEXT,
    "cell": TEXT,
    "scale_max": FLOAT,  # told by files, which have no questions
}
