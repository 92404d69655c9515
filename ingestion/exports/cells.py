"""One cell of an export -> one value. What could mean two things is refused.

Numbers, dates, times, durations and percentages as platforms write them for people.
Not here: which column is of which type (the source's columns.py).
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from ingestion.exports.shapes import Formats, Read

NOTHING = frozenset({"", "-", "--", "—", "–", "n/a", "null"})  # never "NA": Namibia
_INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_GROUPED = {
    ",": re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?"),
    ".": re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?"),
}
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_DURATION = re.compile(r"(\d+):([0-5]?\d):([0-5]\d)|(\d+):([0-5]\d)")
_WORDED = ("%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y")  # only English months
_IN_MAPPING = "for this pattern in exports.yml"


class BadValue(ValueError):
    """Why a value cannot be read, and what to do about it."""

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(why)
        self.why, self.remedy = why, remedy


def says_nothing(text: str) -> bool:
    return text.strip().casefold() in NOTHING


def heading(text: str) -> str:
    """A heading as it is compared: no soft hyphens or odd spaces, lower case."""
    return _SPACES.sub(" ", text.translate(_INVISIBLE)).strip().casefold()


def number(text: str, formats: Formats) -> Decimal:
    """A number; "3.16 %" is 0.0316. A lone comma may mean two things and is refused."""
    bare = _SPACES.sub("", text).replace("−", "-")
    if bare.endswith("%"):
        return number(bare[:-1], formats) / 100
    comma = formats.decimal == ","
    grouping = "." if comma else ","
    if _GROUPED[grouping].fullmatch(bare):
        clear = comma or formats.thousands == grouping
        if not clear and bare.count(",") == 1 and "." not in bare:
            raise BadValue(
                "may mean thousands or decimals",
                f"set `thousands: ','` or `decimal: ','` {_IN_MAPPING}",
            )
        bare = bare.replace(grouping, "")
    if comma:
        bare = bare.replace(",", ".") if "." not in bare else ""
    if _PLAIN.fullmatch(bare):
        return Decimal(bare)
    if not comma and ("," in bare or bare.count(".") > 1):
        raise BadValue(
            "is no number", f"numbers look German: set `decimal: ','` {_IN_MAPPING}"
        )
    if comma and "." in text:
        raise BadValue(
            "is no number", f"numbers look English: remove `decimal: ','` {_IN_MAPPING}"
        )
    raise BadValue("is no number", "correct the cell, or export the file again")


def whole(text: str, formats: Formats) -> int:
    """A count. A fraction is most often a thousands separator of another country."""
    value = number(text, formats)
    if value != value.to_integral_value():
        raise BadValue(
            "is no whole number",
            f"where . parts thousands, set `decimal: ','` {_IN_MAPPING}",
        )
    if not -(2**63) <= value < 2**63:
        raise BadValue("does not fit 64 bits", "correct the cell")
    return int(value)


def seconds(text: str, formats: Formats) -> Decimal:
    """h:mm:ss or m:ss as seconds; a bare number is seconds already."""
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        return number(text, formats)
    hours, minutes, rest, short_minutes, short_rest = found.groups()
    if short_minutes is not None:
        return Decimal(int(short_minutes) * 60 + int(short_rest))
    return Decimal(int(hours) * 3600 + int(minutes) * 60 + int(rest))


def moment(text: str, formats: Formats) -> datetime:
    """A UTC time; one without zone is of `formats.zone`, a bare date is its midnight.

    Dates of digits must begin with the year; others need `dates` in the mapping.
    """
    bare = _SPACES.sub(" ", text).strip()
    value = _parsed(bare, formats)
    if value.tzinfo is None:
        value = value.replace(tzinfo=ZoneInfo(formats.zone))
    return value.astimezone(UTC)


def day(text: str, formats: Formats) -> date:
    """A calendar date. Of a time with zone: its UTC date."""
    value = _parsed(_SPACES.sub(" ", text).strip(), formats)
    return (value.astimezone(UTC) if value.tzinfo else value).date()


def _parsed(bare: str, formats: Formats) -> datetime:
    if formats.dates is not None:
        try:
            # the zone, if any, is the caller's to add
            return datetime.strptime(bare, formats.dates)  # noqa: DTZ007
        except ValueError as error:
            raise BadValue(
                f"is no date written as {formats.dates}",
                f"correct `dates` {_IN_MAPPING}",
            ) from error
    if _ISO.match(bare):
        try:
            return datetime.fromisoformat(bare)
        except ValueError as error:
            raise BadValue("is no date", "correct the cell") from error
    for pattern in _WORDED:
        try:
            return datetime.strptime(bare.replace(".", ""), pattern)  # noqa: DTZ007
        except ValueError:
            continue
    raise BadValue("is no date", f"set `dates: '%d.%m.%Y'` or the like {_IN_MAPPING}")


def _flag(text: str, formats: Formats) -> bool:
    known = {"true": True, "yes": True, "1": True, "false": False, "no": False}
    try:
        return (known | {"0": False})[text.strip().casefold()]
    except KeyError as error:
        raise BadValue("is neither true nor false", "correct the cell") from error


def reader(
    kind: pa.DataType, formats: Formats, read: Read | None = None, times: float = 1.0
) -> Callable[[str], Any]:
    """The function from a cell's text to a value of `kind`; None where it says nothing.

    Raises (the function): BadValue.
    """
    convert = _converter(kind, read, times)
    if pa.types.is_string(kind) and read != "iso_duration":
        return lambda text: text.strip() or None

    def one(text: str) -> Any:
        if says_nothing(text):
            return None
        return convert(text, formats)

    return one


def _converter(
    kind: pa.DataType, read: Read | None, times: float
) -> Callable[[str, Formats], Any]:
    if read == "iso_duration":
        return lambda text, formats: f"PT{int(seconds(text, formats))}S"
    if pa.types.is_date(kind):
        return day
    if pa.types.is_timestamp(kind):
        return moment
    if pa.types.is_boolean(kind):
        return _flag
    numeric = seconds if read == "duration" else number
    if pa.types.is_integer(kind):
        if read in (None, "count") and times == 1.0:
            return whole
        return lambda text, formats: round(float(numeric(text, formats)) * times)
    if pa.types.is_decimal(kind):
        step = Decimal("0.0001")
        return lambda text, formats: number(text, formats).quantize(step)
    return lambda text, formats: float(numeric(text, formats)) * times
