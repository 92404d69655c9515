"""How numbers look: two significant digits in prose, all digits in tables.

Not here: sentences (text.py). The space between a number and its unit never breaks.
"""

import math
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

Number = int | float | Decimal
SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
NONE = DASH  # a cell whose number was never measured
CURRENCY = "USD"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")


def clean(text: str) -> str:
    """Text as platforms send it, without characters that no document may hold."""
    return " ".join(_CONTROL.sub(" ", text).split())


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, the last one an ellipsis where something is cut."""
    text = clean(text)
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "\u2026"


def known(value: Number | None) -> float | None:
    """A finite float, or None."""
    if value is None or not math.isfinite(value):
        return None
    return float(value)


def two(value: Number, digits: int = 2) -> str:
    """Prose: 182345 -> 180 k, 1_234_567 -> 1.2 M, 0.0321 -> 0.032."""
    return _scaled(float(value), digits)


def percent(value: Number, digits: int = 2) -> str:
    """Prose: 0.2134 -> 21 %. What is not quite all is never called all."""
    number = float(value)
    if 0.995 <= number < 1:
        return f"over 99{SPACE}%"
    if 0 < abs(number) < 0.0001:
        return f"under 0.01{SPACE}%"
    return f"{_plain(number * 100, digits)}{SPACE}%"


def chance(value: Number) -> str:
    """A probability: never quite nought or certain."""
    number = float(value)
    if number > 0.99:
        return f"over 99{SPACE}%"
    return f"under 1{SPACE}%" if number < 0.01 else percent(number)


def sample(n: Number) -> str:
    """n = 1,234."""
    return f"n{SPACE}={SPACE}{count(round(float(n)))}"


def points(difference: Number) -> str:
    """Prose: a difference of shares without its sign: 1.2 percentage points."""
    shown = _plain(abs(float(difference)) * 100, 2)
    return f"{shown}{SPACE}percentage point{'' if shown == '1' else 's'}"


def money(value: Number, digits: int = 2) -> str:
    """Prose: 182345.1 -> 180 k USD."""
    return f"{_scaled(float(value), digits)}{SPACE}{CURRENCY}"


def count(value: Number) -> str:
    """Table: 12345 -> 12,345; credits may be fractions: 12.5 -> 12.5."""
    number = float(value)
    whole = abs(number - round(number)) < 1e-9
    return _signed(f"{abs(number):,.0f}" if whole else f"{abs(number):,.1f}", number)


def dollars(value: Number, decimals: int = 0) -> str:
    """Table: 182345.1 -> 182,345; the column's head says the currency."""
    return _signed(f"{abs(float(value)):,.{decimals}f}", float(value))


def amount(value: Number | None) -> str:
    """Table: dollars, or a dash where nothing was measured."""
    number = known(value)
    return NONE if number is None else dollars(number)


def rate(value: Number) -> str:
    """Table: 0.21345 -> 21.35 %."""
    number = float(value) * 100
    return _signed(f"{abs(number):,.2f}", number) + f"{SPACE}%"


def day(value: date) -> str:
    """1 March 2026."""
    return f"{value.day}{SPACE}{value:%B}{SPACE}{value.year}"


def short_day(value: date) -> str:
    """1 Mar 2026: for tables."""
    return f"{value.day}{SPACE}{value:%b}{SPACE}{value.year}"


def between(
    low: Number, high: Number, form: Callable[[Number, int], str] = money
) -> str:
    """Prose: between 310 k and 540 k USD; as many digits as tell the ends apart."""
    for digits in (2, 3, 4, 5):
        one, other = form(low, digits), form(high, digits)
        if one != other:
            unit = _shared_unit(one, other)
            return f"between {one.removesuffix(unit)} and {other}"
    return f"about {form(low, 2)}"


def span(low: Number, high: Number) -> str:
    """Beside a bar: 310 k to 540 k USD."""
    one, other = money(low), money(high)
    if one == other:
        return one
    return f"{one.removesuffix(_shared_unit(one, other))} to {other}"


def plural(number: Number, one: str, many: str | None = None) -> str:
    """1 video, 2 videos, 1.2 k impressions."""
    word = one if number == 1 else many or f"{one}s"
    shown = f"{number:,}" if isinstance(number, int) and number < 1000 else two(number)
    return f"{shown}{SPACE}{word}"


def listed(words: list[str], limit: int = 4) -> str:
    """a; a and b; a, b and c; a, b, c and 3 more."""
    if len(words) > limit:
        words = [*words[: limit - 1], f"{len(words) - limit + 1} more"]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _scaled(number: float, digits: int) -> str:
    size = abs(_rounded(number, digits))
    for factor, letter in ((1e9, "bn"), (1e6, "M"), (1e3, "k")):
        if size >= factor:
            return f"{_plain(number / factor, digits)}{SPACE}{letter}"
    return _plain(number, digits)


def _plain(number: float, digits: int) -> str:
    """So many significant digits, without exponent; hundreds stay whole."""
    rounded = _rounded(number, digits)
    if rounded == 0:
        return "0"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(rounded))))
    text = f"{abs(rounded):,.{decimals}f}"
    if "." in text and digits <= 2:  # 18.0 beside 18.1 keeps its nought
        text = text.rstrip("0").rstrip(".")
    return _signed(text, rounded)


def _rounded(number: float, digits: int) -> float:
    if number == 0:
        return 0.0
    places = digits - 1 - math.floor(math.log10(abs(number)))
    return round(number, places)


def _signed(text: str, number: float) -> str:
    is_zero = not text.strip("0.,")
    return f"{MINUS}{text}" if number < 0 and not is_zero else text


def _shared_unit(one: str, other: str) -> str:
    """` USD` or ` %` when both end on it: it is said once."""
    for unit in (f"{SPACE}{CURRENCY}", f"{SPACE}%"):
        if one.endswith(unit) and other.endswith(unit):
            return unit
    return ""
