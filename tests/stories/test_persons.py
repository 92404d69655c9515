"""Who is one person, against the simulated company's true persons.

The truth is the world's own and reaches nothing but tests.
"""

import pyarrow as pa
import pytest

from ingestion.sandbox.scenarios import SCENARIOS
from ingestion.world.truth import truth_of
from tests.support.asking import Con, one

JOINED = (
    "select persons.*, truth.person from intermediate.int_journey__persons as persons "
    "join truth using (anonymous_id)"
)


@pytest.fixture(scope="module")
def judged(con: Con) -> Con:
    """With `truth`: the person behind each browser."""
    told = truth_of(SCENARIOS["default"]).identity()
    browsers = [str(each) for each in told["anonymous_id"].tolist()]
    con.register(
        "truth", pa.table({"anonymous_id": browsers, "person": told["person"]})
    )
    return con


def test_no_two_people_are_one_and_nobody_known_is_two(judged: Con) -> None:
    assert one(judged, f"select count(*) from ({JOINED})") > 40_000
    for one_of, many in (("person_key", "person"), ("person", "person_key")):
        doubled = (
            f"select {one_of} from ({JOINED}) where is_identified "
            f"group by {one_of} having count(distinct {many}) > 1"
        )
        assert one(judged, f"select count(*) from ({doubled})") == 0


def test_all_browsers_that_gave_a_name_are_joined_and_no_others_can_be(
    judged: Con,
) -> None:
    """Recall is bound by browsers that never said who they are: of the visits of people who
    are known, about half (one device of several, cookies that ended)."""
    named = (
        "select distinct anonymous_id from staging.stg_site_events__events "
        "where not is_bot and coalesce(email_sha256, user_id) is not null"
    )
    joined = f"select anonymous_id from ({JOINED}) where is_identified"
    reachable = f"({named}) semi join truth using (anonymous_id)"
    assert (
        one(
            judged,
            f"select count(*) from ({joined}) anti join ({named}) using (anonymous_id)",
        )
        == 0
    )
    assert one(judged, f"select count(*) from ({joined})") == one(
        judged, f"select count(*) from {reachable}"
    )
    visits = (
        f"select is_identified, person in (select person from ({JOINED}) where is_identified)"
        f" as is_known from intermediate.int_journey__visits join ({JOINED}) using (anonymous_id)"
    )
    share, recall = judged.execute(
        "select avg(cast(is_identified as int)), "
        f"avg(cast(is_identified as int)) filter (where is_known) from ({visits})"
    ).fetchall()[0]
    assert share == pytest.approx(0.165, abs=0.01)
    assert recall == pytest.approx(0.516, abs=0.02)
