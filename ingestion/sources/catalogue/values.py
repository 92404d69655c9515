"""How a cell of a team's CSV file becomes a value: dates, numbers, amounts, keys.

What could mean two things is refused with the way to write it. Not here: which file has
which columns (models.py).
"""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, StringConstraints, ValidationInfo

OBJECTIVES = ("awareness", "acquisition", "conversion", "retention", "credibility")
UNSET = "unset"  # what `playhead init` writes: nobody has said what the video is for
ROLES = ("attract", "clarify", "convince", "convert", "retain")
SEMICOLONS = "semicolons"  # in the validation context: cells were parted by ;

_NUMBER = re.compile(r"[+-]?\d{1,13}(\.\d+)?")  # 13 digits fit decimal(18, 4)
_COMMA_NUMBER = re.compile(r"[+-]?\d{1,13},\d+")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+")

# What is wrong with a value -> what to write instead.
NO_DATE = "is no date"
NO_MONTH = "is no month"
NO_NUMBER = "is no number"
TWO_MEANINGS = "may mean thousands or decimals"
NO_OBJECTIVE = "is no objective"
NO_ROLE = "is no role"
NO_CURRENCY = "is no currency code"
NOT_ABOVE_0 = "is not above 0"
REMEDIES = {
    NO_DATE: "write dates as 2026-03-31",
    NO_MONTH: "write months as 2026-03",
    NO_NUMBER: "write numbers as 1234.56, without thousands separators",
    TWO_MEANINGS: "write 1234 or 1.2340, so that it means one thing",
    NO_OBJECTIVE: f"use one of {', '.join(OBJECTIVES)}",
    NO_ROLE: f"use one of {', '.join(ROLES)}",
    NO_CURRENCY: "use three capital letters such as EUR",
    NOT_ABOVE_0: "correct the number",
}


def _number(value: Any, info: ValidationInfo) -> Any:
    """Spreadsheets that part cells by semicolons write 12,50; their 1.234 is unclear."""
    if not isinstance(value, str):
        return value
    if info.context and info.context.get(SEMICOLONS):
        if _COMMA_NUMBER.fullmatch(value):
            return value.replace(",", ".")
        if _THOUSANDS.fullmatch(value):
            raise ValueError(TWO_MEANINGS)
    if not _NUMBER.fullmatch(value):
        raise ValueError(NO_NUMBER)
    return value


def _day(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError(NO_DATE)
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(NO_DATE) from error


def _month(value: Any) -> Any:
    """2026-03, or its first day."""
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}(-01)?", value):
        raise ValueError(NO_MONTH)
    return _day(value[:7] + "-01") if isinstance(value, str) else value


def _objective(value: str) -> str:
    if value not in OBJECTIVES:
        raise ValueError(NO_OBJECTIVE)
    return value


def _video_objective(value: str) -> str:
    return value if value == UNSET else _objective(value)


def _role(value: str) -> str:
    if value not in ROLES:
        raise ValueError(NO_ROLE)
    return value


def _currency(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", value):
        raise ValueError(NO_CURRENCY)
    return value


def _positive(value: float) -> float:
    if value <= 0:
        raise ValueError(NOT_ABOVE_0)
    return value


Key = Annotated[str, StringConstraints(min_length=1)]
Day = Annotated[date, BeforeValidator(_day)]
Month = Annotated[date, BeforeValidator(_month)]
Amount = Annotated[Decimal, BeforeValidator(_number)]
Number = Annotated[float, BeforeValidator(_number)]
Positive = Annotated[float, BeforeValidator(_number), AfterValidator(_positive)]
Objective = Annotated[str, AfterValidator(_objective)]
VideoObjective = Annotated[str, AfterValidator(_video_objective)]
Role = Annotated[str, AfterValidator(_role)]
Currency = Annotated[str, AfterValidator(_currency)]
