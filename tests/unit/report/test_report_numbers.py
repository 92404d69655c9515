"""Numbers in prose have two significant digits, in tables all of them."""

from datetime import date

import pytest

from warehouse.report import numbers
from warehouse.report.numbers import DASH, MINUS, SPACE


def plain(text: str) -> str:
    return text.replace(SPACE, " ")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (182_345, "180 k"),
        (1_234_567, "1.2 M"),
        (2_000_000_000, "2 bn"),
        (999, "1 k"),  # 1,000 with two digits
        (994, "990"),
        (12.6, "13"),
        (1.04, "1"),
        (0.0321, "0.032"),
        (-5_140, f"{MINUS}5.1 k"),
        (-0.0, "0"),
    ],
)
def test_two_keeps_two_significant_digits(value: float, shown: str) -> None:
    assert plain(numbers.two(value)) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0 %"),
        (0.2134, "21 %"),
        (0.0052, "0.52 %"),
        (1, "100 %"),
        (0.9971, "over 99 %"),
        (0.00001, "under 0.01 %"),
        (-0.031, f"{MINUS}3.1 %"),
    ],
)
def test_percent_never_calls_all_what_is_not(value: float, shown: str) -> None:
    assert plain(numbers.percent(value)) == shown


def test_chance_is_never_quite_nought_or_certain() -> None:
    assert plain(numbers.chance(1)) == "over 99 %"
    assert plain(numbers.chance(0)) == "under 1 %"
    assert plain(numbers.chance(0.59)) == "59 %"
    assert plain(numbers.sample(1234)) == "n = 1,234"


def test_points_say_the_size_of_a_difference() -> None:
    assert plain(numbers.points(-0.0138)) == "1.4 percentage points"
    assert plain(numbers.points(0.01)) == "1 percentage point"


def test_between_names_the_unit_once_and_tells_the_ends_apart() -> None:
    assert plain(numbers.between(310_000, 540_000)) == "between 310 k and 540 k USD"
    # 20.8 and 21.2 % are both 21 % with two digits
    shares = plain(numbers.between(0.2088, 0.2119, numbers.percent))
    assert shares == "between 20.9 and 21.2 %"
    assert plain(numbers.between(5, 5)) == "about 5 USD"
    assert plain(numbers.between(-120, 700)) == f"between {MINUS}120 and 700 USD"


def test_span_is_one_number_when_the_ends_are_one() -> None:
    assert plain(numbers.span(2_200, 5_600)) == "2.2 k to 5.6 k USD"
    assert plain(numbers.span(0, 0)) == "0 USD"


def test_tables_show_all_digits() -> None:
    assert numbers.count(1_234_567) == "1,234,567"
    assert numbers.count(12.5) == "12.5"
    assert numbers.count(-3) == f"{MINUS}3"
    assert numbers.dollars(182_345.12) == "182,345"
    assert numbers.dollars(-1.239, 2) == f"{MINUS}1.24"
    assert plain(numbers.rate(0.21345)) == "21.34 %"


def test_a_rounded_nought_has_no_sign() -> None:
    assert numbers.dollars(-0.2) == "0"


@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_known_is_none_for_what_is_no_number(value: float | None) -> None:
    assert numbers.known(value) is None


def test_days_are_written_out_in_prose_and_short_in_tables() -> None:
    assert plain(numbers.day(date(2026, 3, 1))) == "1 March 2026"
    assert plain(numbers.short_day(date(2026, 3, 1))) == "1 Mar 2026"


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0, "0 videos"), (1, "1 video"), (999, "999 videos"), (1200, "1.2 k videos")],
)
def test_plural_counts_its_word(number: int, shown: str) -> None:
    assert plain(numbers.plural(number, "video")) == shown


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        (["a", "b", "c", "d", "e"], "a, b, c and 2 more"),
    ],
)
def test_listed_stops_at_four(words: list[str], shown: str) -> None:
    assert numbers.listed(words) == shown


def test_clean_drops_what_no_document_may_hold() -> None:
    assert numbers.clean("a\x00b\x1b[31m \n c\u2028d") == "a b [31m c d"


def test_shorten_ends_with_an_ellipsis_where_something_is_cut() -> None:
    assert numbers.shorten("abcdef", 4) == "abc\u2026"
    assert numbers.shorten("abcd", 4) == "abcd"


def test_the_dash_of_an_unmeasured_cell_is_no_minus() -> None:
    assert numbers.NONE == DASH
    assert numbers.NONE != MINUS
