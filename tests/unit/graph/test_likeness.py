"""How alike titles, lengths and days are: worked by hand."""

from datetime import date
from math import log

import pytest

from warehouse.graph.likeness import (
    day_likeness,
    length_likeness,
    shape,
    text,
    title_likeness,
    weights,
)


def alike(shown: str, known: str, *, among: tuple[str, ...] = ()) -> float:
    return title_likeness(
        text(shown), text(known), weights([text(known), *map(text, among)])
    )


def test_title_is_the_same_whatever_its_case_accents_and_marks() -> None:
    assert alike("CAFÉ, «über alles»!", "cafe uber alles") == 1.0


def test_text_leaves_out_addresses_endings_and_shapes() -> None:
    assert text("A tour 9:16.mp4 https://x.example/a-b") == text("a TOUR")


def test_titles_share_trigrams_where_one_has_a_typing_error() -> None:
    # "  ab cd  " has the trigrams __a _ab ab_ b_c _cd cd_ d__ (7), "  ab ce  " has 7 as
    # well and shares __a _ab ab_ b_c: 2 x 4 / 14. The word ab weighs log(1 + 2 / 2), the
    # known cd log(1 + 2 / 1): 0.95 x log 2 / (log 2 + log 3) = 0.368 is less.
    found = alike("ab ce", "ab cd", among=("ab ce",))
    assert found == pytest.approx(8 / 14)


def test_title_in_a_longer_name_counts_almost_whole() -> None:
    name = "NA | prospecting | Swap a shift from your van | v3 | July 2026 | hook B"
    assert alike(name, "Swap a shift from your van") == pytest.approx(0.95)


def test_single_word_in_a_longer_name_proves_nothing() -> None:
    # "  tour  ": __t _to tou our ur_ r__ (6) are all but r__ among the 25 of the name,
    # whose tour is followed by one blank and a word: 2 x 5 / (6 + 25)
    assert alike("the grand tour of all rooms", "Tour") < 0.4


def test_rare_words_tell_more_than_common_ones() -> None:
    titles = [text(each) for each in ("planner talk one", "planner talk two")]
    assert weights(titles)["planner"] == pytest.approx(log(1 + 2 / 2))
    assert weights(titles)["one"] == pytest.approx(log(1 + 2 / 1))


def test_nothing_is_alike_where_there_are_no_words() -> None:
    assert alike("9:16 !!!", "Tour") == 0.0
    assert alike("", "") == 0.0


def test_other_scripts_are_compared_as_well() -> None:
    assert alike("勤務表の作り方", "勤務表の作り方") == 1.0


def test_lengths_fall_to_nothing_at_fifteen_hundredths() -> None:
    # 100 and 108 s: 7 s beyond the grace of one, of a span of 0.15 x 108 = 16.2
    assert length_likeness(100.4, 100) == 1.0
    assert length_likeness(108, 100) == pytest.approx(1 - 7 / 16.2)
    assert length_likeness(150, 100) == 0.0
    # short ones: 10 and 12 s are 1 beyond the grace, of a span of 3
    assert length_likeness(10, 12) == pytest.approx(1 - 1 / 3)


def test_days_fall_to_nothing_at_four_months() -> None:
    assert day_likeness(date(2026, 1, 4), date(2026, 1, 1)) == 1.0
    # 63 days apart: 60 beyond the grace, of 120
    assert day_likeness(date(2026, 1, 1), date(2026, 3, 5)) == 0.5
    assert day_likeness(date(2026, 1, 1), date(2027, 1, 1)) == 0.0


def test_shape_is_read_from_a_name() -> None:
    assert shape("A tour 9:16 v2") == "9:16"
    assert shape("At 19:16 sharp") is None
