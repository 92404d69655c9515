"""What all sentences share: unknown, titles, values of KPIs."""

from warehouse.report.numbers import (
    NONE,
    Number,
    count,
    dollars,
    known,
    money,
    percent,
    rate,
    shorten,
    two,
)

UNKNOWN = "can't be told yet"
PERCENT_UNITS = frozenset({"share", "percentage"})
_OPEN, _CLOSE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


def named(title: str, limit: int = 60) -> str:
    """A title inside a sentence; isolated, so that Arabic or Hebrew stays in place."""
    return f"“{_OPEN}{shorten(title, limit)}{_CLOSE}”"


def prose(unit: str, value: Number, digits: int = 2) -> str:
    """A KPI's value inside a sentence."""
    if unit in PERCENT_UNITS:
        return percent(value, digits)
    if unit == "usd":
        return money(value, digits)
    if unit == "ratio":
        return f"{two(value, digits)} for 1"
    if unit == "usd_per_1000":
        return f"{money(value, digits)} per 1,000"
    if unit == "days":
        return f"{two(value, digits)} day{'' if value == 1 else 's'}"
    return two(value, digits)


def exact(unit: str, value: Number | None) -> str:
    """A KPI's value in a table."""
    number = known(value)
    if number is None:
        return NONE
    if unit in PERCENT_UNITS:
        return rate(number)
    if unit in ("usd", "usd_per_1000"):
        return dollars(number, 0 if abs(number) >= 1000 else 2)
    return count(number)


def lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def upper(text: str) -> str:
    return text[:1].upper() + text[1:]
