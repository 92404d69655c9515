"""Proposals and channels in words, branch by branch: no claim above its grade."""

import pytest

from tests.unit.report.samples import plain, rec
from warehouse.report import words
from warehouse.report.text import alternatives as say

NAMES = {"v1": "Film", "v1a": "Film (16:9, en)"}


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("v1/meta/hook_rate", "“Film” on Meta ads"),
        ("v1/v1a/all/hook_rate", "“Film (16:9, en)”"),
        ("retargeting/hook_rate", "Hook rate on Retargeting"),
        ("something_else", "Something else"),
        ("", "all videos"),
    ],
)
def test_unit_name_puts_keys_into_words(unit: str, said: str) -> None:
    assert plain(say.unit_name(unit, NAMES)) == said


def test_advice_is_an_order_even_for_an_action_not_known_yet() -> None:
    assert plain(say.advice(rec(action="retire"), NAMES)) == "Stop “Film” on Meta ads"
    assert plain(say.advice(rec(action="dub"), NAMES)) == "Dub: “Film” on Meta ads"


def test_names_keep_their_acronyms_inside_a_sentence() -> None:
    assert words.inline("link_ctr") == "link CTR"
    assert words.inline("roas") == "ROAS"
    assert words.inline(None) == "unknown"


def test_label_keeps_what_may_be_cut_off_for_the_end() -> None:
    assert say.label(rec(), NAMES) == "Scale, Meta ads, three-second plays: Film"
    assert say.label(rec(unit="x_y"), NAMES) == "Scale: X y"


def test_reason_shows_titles_for_keys() -> None:
    said = say.reason(rec(reason="v1a on meta beats v9."), NAMES)
    assert said is not None
    assert plain(said) == "“Film (16:9, en)” on meta beats v9."
    assert say.reason(rec(), NAMES) is None


@pytest.mark.parametrize(
    ("grade", "action", "may"),
    [
        ("A", "scale", True),
        ("B", "retire", True),
        ("C", "vary", True),
        ("D", "scale", False),
        ("E", "scale", False),
        ("A", "hold", False),
        ("A", "test", False),
    ],
)
def test_money_moves_on_grades_a_to_c_only(grade: str, action: str, may: bool) -> None:
    assert say.may_move(rec(grade=grade, action=action)) is may


@pytest.mark.parametrize(
    ("grade", "verb"),
    [
        ("A", "caused"),
        ("B", "very likely caused"),
        ("C", "is expected to bring"),
        ("D", "goes along with"),
        ("E", "goes along with"),
        ("?", "goes along with"),
    ],
)
def test_gain_uses_the_verb_of_its_grade(grade: str, verb: str) -> None:
    said = plain(say.gain(rec(grade=grade)))
    assert said == f"{verb} between 400 and 1.5 k USD, evidence {grade}"


def test_gain_warns_of_a_loss_and_admits_ignorance() -> None:
    assert "; a loss is possible, " in say.gain(rec(gain_low=-10))
    assert (
        say.gain(rec(gain_low=None)) == "what it brings can't be told yet, evidence C"
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ""),
        ({"cost": 25}, "costs about 25 three-second plays"),
        ({"voi": 340}, "worth about 340 three-second plays"),
        (
            {"voi": 340, "cost": 25, "unit": "v1"},
            "worth about 340 successes, costs about 25",
        ),
    ],
)
def test_test_terms_name_what_is_counted(changes: dict[str, object], said: str) -> None:
    assert plain(say.test_terms(rec(action="test", **changes))) == said


def test_best_test_is_worth_most_for_its_price() -> None:
    dear = rec(recommendation_id="a", action="test", voi=100, cost=50)
    cheap = rec(recommendation_id="b", action="test", voi=60, cost=10)
    free = rec(recommendation_id="c", action="test", voi=None, cost=None)
    assert say.best_test([dear, cheap, free, rec()]) is cheap
    assert say.best_test([rec()]) is None


@pytest.mark.parametrize(
    ("grades", "lows", "said"),
    [
        ("", [], "Nothing is proposed today: doing nothing is the only row."),
        ("C", [-1], "Of 1 proposal, it is not surely better than doing nothing."),
        ("CD", [0, None], "Of 2 proposals, none is surely better than doing nothing."),
        (
            "C",
            [5],
            "1 of 1 proposal looks better than doing nothing at the lower end too.",
        ),
        (
            "DE",
            [5, 6],
            "2 of 2 proposals look better than doing nothing at the lower end too; evidence "
            "D and E: only to be tested.",
        ),
    ],
)
def test_alternatives_count_those_better_at_the_lower_end(
    grades: str, lows: list[float | None], said: str
) -> None:
    moves = [rec(grade=g, gain_low=low) for g, low in zip(grades, lows, strict=True)]
    assert plain(say.alternatives(moves)) == said


def test_next_test_names_one_or_says_there_is_none() -> None:
    none = "Which test would change this order can't be told yet: none is proposed."
    assert say.next_test([rec()], NAMES) == none
    bare = plain(say.next_test([rec(action="test")], NAMES))
    assert bare == (
        "The test that could change this order and repays its price best: test “Film” on "
        "Meta ads."
    )
    priced = plain(say.next_test([rec(action="test", cost=25)], NAMES))
    assert priced.endswith("on Meta ads (costs about 25 three-second plays).")


@pytest.mark.parametrize(
    ("number", "start"),
    [
        (0, "No comparison ends in doing nothing."),
        (1, "1 comparison ends in doing nothing"),
        (4, "4 comparisons end in doing nothing"),
    ],
)
def test_held_counts_comparisons(number: int, start: str) -> None:
    assert say.held(number).startswith(start)


def test_best_channel_goes_along_and_never_drives() -> None:
    assert "can't be told yet: no spend meets a won deal" in say.best_channel([], 0)
    assert "none is clearly ahead" in say.best_channel([], 3)
    said = say.best_channel(["Meta ads"], 2)
    assert "goes along with Meta ads" in said
    assert said.endswith("what caused it can't be told yet.")


def test_no_outcome_keeps_spend_without_a_lead_in_sight() -> None:
    assert say.no_outcome([]) == "Every paid channel goes along with at least one lead."
    assert plain(say.no_outcome([("LinkedIn ads", 1800), ("TikTok ads", 200)])) == (
        "2 k USD went to LinkedIn ads and TikTok ads without one lead credited by any method."
    )
