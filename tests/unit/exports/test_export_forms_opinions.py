"""Files of survey answers and reviews: one a row, with the scale it is on."""

from datetime import UTC, datetime

from ingestion.privacy import email_hash
from tests.support.export_folder import Folder


def test_scores_carry_their_scale_and_no_address(folder: Folder) -> None:
    folder.write(
        "nps/answers.csv",
        "external_id,email,score,scale_max,created_at\n"
        "a1,ada@one.example,9,10,2026-05-01T10:00:00Z\n",
    )
    (row,) = folder.rows("surveys.answers")
    assert (row["number"], row["scale_max"], row["question_type"]) == (9, 10, "score")
    assert row["email_sha256"] == email_hash("ada@one.example")
    assert row["submitted_at"] == datetime(2026, 5, 1, 10, tzinfo=UTC)


def test_a_study_tells_its_cells(folder: Folder) -> None:
    folder.write(
        "panel/study.csv",
        "external_id,dimension,cell,answer,created_at\n"
        "p1,trust,exposed,true,2026-05-01\np2,trust,control,false,2026-05-01\n",
    )
    shown, kept = folder.rows("surveys.answers")
    assert (shown["cell"], shown["boolean"], shown["question_ref"]) == (
        "exposed",
        True,
        "trust",
    )
    assert (kept["cell"], kept["boolean"]) == ("control", False)


def test_reviews_keep_stars_and_no_text(folder: Folder) -> None:
    folder.write(
        "brand/reviews.csv",
        "external_id,stars,text,created_at\nr1,4,so good,2026-05-01T10:00:00Z\n",
    )
    (row,) = folder.rows("reviews.reviews")
    assert (row["id"], row["stars"], row["is_verified"]) == ("r1", 4, None)
    assert "so good" not in str(row)
