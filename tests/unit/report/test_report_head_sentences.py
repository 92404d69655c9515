"""The head and the three sentences, branch by branch."""

from datetime import date

import pytest

from tests.unit.report.samples import plain, rec, source, spend, won
from warehouse.report.model import Period
from warehouse.report.text import head

NAMES = {"v1": "Film", "v2": "Tour"}


def test_period_counts_both_ends() -> None:
    span = Period(date(2025, 12, 2), date(2026, 3, 1))
    assert plain(head.period(span)) == "2 December 2025 to 1 March 2026, 90 days"
    assert span.before == Period(date(2025, 9, 3), date(2025, 12, 1))


def test_generation_names_the_snapshot_and_its_day() -> None:
    said = plain(head.generation(7, date(2026, 3, 1)))
    assert said == "Snapshot 7, data as of 1 March 2026"


@pytest.mark.parametrize(
    ("statuses", "said"),
    [
        ([], "No source is connected: nothing below is more than a form."),
        (["off"], "No source is connected: nothing below is more than a form."),
        (["fresh"], "The one source is fresh."),
        (["fresh", "fresh", "off"], "Every source is fresh."),
        (["stale"], "The one source is behind."),
        (["fresh", "stale"], "1 of 2 sources is behind."),
        (["stale", "stale", "fresh"], "2 of 3 sources are behind."),
    ],
)
def test_freshness_counts_the_sources_that_are_on(
    statuses: list[str], said: str
) -> None:
    found = [source(status=one) for one in statuses]
    assert head.freshness(found, "accounts") == said


def test_freshness_of_files_is_their_own_age() -> None:
    files = "Read from files: each source is as old as its files."
    assert head.freshness([source(status="fresh")], "exports") == files
    assert head.freshness([source(status="stale")], "exports") != files


def test_stale_says_since_when_why_and_what_it_touches() -> None:
    one = source(
        last_date=date(2026, 2, 20),
        expected_date=date(2026, 2, 28),
        reason="token lacks ads_read.",
    )
    assert plain(head.stale(one)) == (
        "Meta Ads is stale (last day 20 February 2026, expected 28 February 2026): token "
        "lacks ads_read. It touches spend, costs per result and every ranking by cost."
    )


def test_stale_says_so_when_nothing_ever_came() -> None:
    said = head.stale(source(family="weather"))
    assert said == (
        "Meta Ads is stale (no day so far). It touches everything that is read from it."
    )


def test_families_are_known_as_far_as_their_slowest_source() -> None:
    found = [
        source(status="fresh", last_date=date(2026, 2, 20)),
        source(status="fresh", last_date=date(2026, 2, 22)),
        source(status="fresh", family="seo", last_date=date(2026, 2, 25)),
        source(status="off", family="journey", last_date=date(2026, 1, 1)),
        source(status="fresh", family="own", last_date=None),
    ]
    said = plain(head.families(found))
    assert said == "Search to 25 February 2026; paid media to 20 February 2026."
    assert head.families([]) == ""


@pytest.mark.parametrize(
    ("before", "tail"),
    [
        (None, ""),
        (0, ""),
        (42_500, ", about as much as in the 90 days before"),
        (30_000, " (30 k USD in the 90 days before)"),
    ],
)
def test_returned_compares_the_spend(before: float | None, tail: str) -> None:
    said = head.returned(
        spend(), spend(spend_usd=before), None, carriers=(0, 0), deals_won=0
    )
    assert plain(said) == (
        f"Media for video cost 42 k USD in the last 90 days{tail}; no won deal is on "
        "record, so what it returned can't be told yet."
    )


def test_returned_is_unknown_when_nothing_is_on_record() -> None:
    nothing = spend(spend_usd=None)
    assert head.returned(nothing, nothing, None, carriers=(0, 0), deals_won=0) == (
        "Neither spend nor a won deal is on record: what video returned can't be told yet."
    )


def test_returned_tells_won_deals_that_no_touch_leads_to() -> None:
    nothing = spend(spend_usd=None)
    said = head.returned(nothing, nothing, None, carriers=(0, 0), deals_won=842)
    assert plain(said) == (
        "What media for video cost in the last 90 days is not on record; no touch leads to "
        "842 won deals, so what it returned can't be told yet."
    )


@pytest.mark.parametrize(
    ("carriers", "half"),
    [
        ((0, 6), ""),
        ((6, 6), ""),
        ((1, 6), "; 1 of 6 videos carries half of it"),
        ((2, 40), "; 2 of 40 videos carry half of it"),
    ],
)
def test_returned_names_how_few_carry_half(
    carriers: tuple[int, int], half: str
) -> None:
    said = head.returned(
        spend(spend_usd=None), spend(), won(), carriers=carriers, deals_won=10
    )
    assert plain(said) == (
        "What media for video cost in the last 90 days is not on record. Of the 200 k USD "
        f"won on record, between 60 k and 80 k USD goes along with video{half}."
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"methods": 0},
            "How much of the 200 k USD won on record goes along with video can't be told yet",
        ),
        (
            {"video_usd_max": 0},
            "Of the 200 k USD won on record, nothing goes along with video",
        ),
        (
            {"methods": 1},
            "Of the 200 k USD won on record, 80 k USD goes along with video",
        ),
    ],
)
def test_goes_along_never_claims_a_cause(changes: dict[str, float], said: str) -> None:
    assert plain(head.goes_along(won(**changes))) == said


def test_how_sure_names_the_grade_and_what_only_a_test_can_say() -> None:
    assert head.how_sure(None).startswith("How sure: not at all yet.")
    assert head.how_sure(won(methods=0)).startswith("How sure: not at all yet.")
    assert "evidence D, it is one way of counting only" in head.how_sure(won(methods=1))
    said = head.how_sure(won())
    assert "evidence D, 3 ways of counting differ by that much" in said
    assert "can't be told yet: only a test" in said


def test_next_step_is_nothing_without_recommendations() -> None:
    assert head.next_step([], NAMES).startswith("Next: nothing is recommended today")


def test_next_step_moves_money_on_grade_c_and_better() -> None:
    said = plain(head.next_step([rec()], NAMES))
    assert said == (
        "Next: give more to “Film” on Meta ads (is expected to bring between 400 and "
        "1.5 k USD, evidence C)."
    )
    two = head.next_step([rec(), rec(recommendation_id="r2")], NAMES)
    assert plain(two).endswith(", and 1 more move below.")


def test_next_step_is_a_test_where_no_money_may_move() -> None:
    one = rec(action="test", grade="D", voi=340, cost=25, expires_on=date(2026, 3, 14))
    assert plain(head.next_step([rec(grade="D"), one], NAMES)) == (
        "Next: test “Film” on Meta ads (worth about 340 three-second plays, costs about "
        "25, answer by 14 March 2026); nothing is sure enough to move money."
    )
    bare = plain(head.next_step([rec(action="test")], NAMES))
    assert bare.startswith("Next: test “Film” on Meta ads; nothing is sure")


def test_next_step_holds_where_nothing_is_sure() -> None:
    assert plain(head.next_step([rec(action="hold")], NAMES)) == (
        "Next: hold. None of 1 comparison is sure enough to move money or worth a test."
    )


def test_generations_are_new_or_unchanged() -> None:
    assert head.nothing_changed(7) == "Nothing changed since generation 7."
    assert head.made(7, 0) == "Generation 7 is published."
    assert plain(head.made(7, 1)) == "Generation 7 is published: 1 table changed."


def test_simulated_data_is_called_so() -> None:
    assert head.simulated().startswith("Simulated data:")
