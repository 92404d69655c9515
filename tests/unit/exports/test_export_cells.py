"""How a cell becomes a value, and what is refused because it may mean two things."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from ingestion.exports.cells import (
    BadValue,
    day,
    heading,
    moment,
    number,
    reader,
    seconds,
    whole,
)
from ingestion.exports.shapes import Formats

PLAIN = Formats()
GERMAN = Formats(decimal=",")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("15503810", "15503810"),
        ("1183689.3666", "1183689.3666"),
        ("1,234.56", "1234.56"),  # a comma before a dot can only part thousands
        ("1,234,567", "1234567"),
        ("12 345", "12345"),
        ("3.16 %", "0.0316"),
        ("100%", "1"),
        ("\u22125", "-5"),  # a typographic minus
    ],
)
def test_number_is_read_when_it_can_mean_one_thing(text: str, value: str) -> None:
    assert number(text, PLAIN) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "value"), [("1.234,56", "1234.56"), ("1.234", "1234")]
)
def test_number_is_german_when_the_mapping_says_so(text: str, value: str) -> None:
    assert number(text, GERMAN) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "formats", "why", "remedy"),
    [
        ("1.234,56", PLAIN, "no number", "decimal: ','"),
        ("0,5", PLAIN, "no number", "decimal: ','"),
        ("1,234", PLAIN, "thousands or decimals", "thousands: ','"),
        ("12.5", GERMAN, "no number", "remove `decimal"),
        ("twelve", PLAIN, "no number", "correct the cell"),
        ("nan", PLAIN, "no number", "correct the cell"),
    ],
)
def test_number_is_refused_with_its_remedy_when_it_is_of_another_country(
    text: str, formats: Formats, why: str, remedy: str
) -> None:
    with pytest.raises(BadValue) as raised:
        number(text, formats)
    assert why in raised.value.why
    assert remedy in raised.value.remedy


def test_number_with_a_lone_comma_is_thousands_when_the_mapping_says_so() -> None:
    assert number("1,234", Formats(thousands=",")) == 1234


def test_count_with_a_fraction_is_refused_as_it_may_be_thousands() -> None:
    # 77.106 views is 77,106 in a German export
    with pytest.raises(BadValue, match="no whole number"):
        whole("77.106", PLAIN)
    assert whole("188065.0", PLAIN) == 188065


@pytest.mark.parametrize(
    ("text", "value"),
    [("0:04:34", 274), ("10:00:01", 36001), ("4:34", 274), ("90", 90)],
)
def test_duration_becomes_seconds(text: str, value: int) -> None:
    assert seconds(text, PLAIN) == value


@pytest.mark.parametrize(
    "text",
    [
        "2020-05-08",
        "May 8, 2020",
        "8 May 2020",
        "2020-05-08 23:59",
        "2020-05-08T01:00Z",
    ],
)
def test_date_is_read_when_the_year_comes_first_or_the_month_has_a_name(
    text: str,
) -> None:
    assert day(text, PLAIN) == date(2020, 5, 8)


@pytest.mark.parametrize("text", ["05/08/2020", "08.05.2020", "May 32, 2020", "Total"])
def test_date_of_digits_is_refused_when_day_and_month_may_be_swapped(text: str) -> None:
    with pytest.raises(BadValue, match="no date") as raised:
        day(text, PLAIN)
    assert "dates:" in raised.value.remedy


def test_date_follows_the_format_of_the_mapping() -> None:
    assert day("08.05.2020", Formats(dates="%d.%m.%Y")) == date(2020, 5, 8)


def test_time_without_zone_is_of_the_zone_of_the_mapping() -> None:
    # New York is four hours behind UTC in May
    expected = datetime(2020, 5, 8, 14, 0, tzinfo=UTC)
    assert moment("2020-05-08 10:00", Formats(zone="America/New_York")) == expected
    assert moment("2020-05-08T16:00+02:00", PLAIN) == expected


def test_namibia_is_text_and_an_empty_number_is_nothing() -> None:
    assert reader(pa.string(), PLAIN)("NA") == "NA"
    assert reader(pa.int64(), PLAIN)(" -- ") is None
    assert reader(pa.int64(), PLAIN)("0") == 0


def test_heading_is_compared_without_soft_hyphens_and_odd_spaces() -> None:
    assert heading(" Im\u00adpres\u00adsions\u00a0 click-through\trate ") == (
        "impressions click-through rate"
    )
