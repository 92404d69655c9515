"""Which days to ask a source for: cursor, restatement window, backfill.

All windows are half-open, [start, end). Not here: how a platform spells a range.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from ingestion.spec import SourceSpec

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """Days from `start` to before `end`."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start > self.end:
            raise ValueError(
                f"from {self.start} to before {self.end} holds no day: swap the dates"
            )

    @classmethod
    def inclusive(cls, first: date, last: date) -> Self:
        return cls(first, last + DAY)

    @property
    def last(self) -> date:
        """The last day inside: what APIs with inclusive ends want."""
        return self.end - DAY

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    def split(self, most_days: int) -> Iterator["Window"]:
        """Pieces of at most `most_days`, no day twice, none missing."""
        start = self.start
        while start < self.end:
            end = min(start + most_days * DAY, self.end)
            yield Window(start, end)
            start = end

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end


def nightly(spec: SourceSpec, as_of: date, loaded_to: date | None) -> Window:
    """The window of an ordinary run.

    From the last loaded day minus the source's lookback (or its history at the first
    load) to the newest day that can have data.
    """
    end = as_of - spec.lag_days * DAY + DAY
    first = as_of - (spec.history_days - 1) * DAY
    if loaded_to is not None:
        first = max(first, min(loaded_to, end - DAY) - spec.lookback + DAY)
    return Window(min(first, end), end)
