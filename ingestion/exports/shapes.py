"""What an export form is: the headings it is known by, and where its cells go.

A heading is written in lower case; `|` parts its spellings through the years, and `(*)`
stands for what a platform puts in brackets, such as the currency. The forms themselves lie
in `sources/<name>/export.py`. Not here: matching (recognise), reading (body, tables, totals).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from ingestion.exports.body import Body

# duration: h:mm:ss as seconds; iso_duration: seconds as PT90S; count: a whole number that
# goes on as text; currency: what stands in the heading's brackets
Read = Literal["duration", "iso_duration", "count", "currency"]


@dataclass(frozen=True, slots=True)
class Cell:
    """Where the value of a raw column comes from: a heading, or the same in all rows."""

    heading: str = ""
    value: Any = None
    told: str = ""  # a name in what other files of the export tell (Form.tells)
    read: Read | None = None
    times: float = 1.0  # unit of the file x times = unit of the API
    parted_by: str = ""  # several values in one cell: one row each
    wrap: Callable[[Any], Any] | None = None  # into what the API would say


@dataclass(frozen=True, slots=True)
class Rows:
    """A row of the file is a row of `table`."""

    table: str
    columns: Mapping[str, Cell]
    days: tuple[str, ...] = ()  # columns of days lived through; () is every date

    def headings(self) -> list[str]:
        return [cell.heading for cell in self.columns.values() if cell.heading]


@dataclass(frozen=True, slots=True)
class Metric:
    """One amount per row. Only what adds up over the rows of its report is a metric."""

    name: str
    heading: str
    unit: str = "count"  # `money`: the currency in the heading's brackets
    by: str = ""  # a heading that says what is counted: never added across


@dataclass(frozen=True, slots=True)
class Totals:
    """A row of the file is one row of `reported_totals` per metric it fills."""

    report: str  # {by}: its breakdowns; {type}: the kind of search
    breakdowns: Mapping[str, str]  # breakdown -> heading; those the file has
    metrics: tuple[Metric, ...]
    starts: str = ""  # headings of the period; without them the whole export's
    ends: str = ""
    table: str = "reported_totals"


@dataclass(frozen=True, slots=True)
class Form:
    """One form of export file. Without `feeds` it is known and carries no figures."""

    name: str
    source: str
    needs: tuple[str, ...]
    feeds: tuple[Rows | Totals, ...] = ()
    also: tuple[str, ...] | None = None  # other headings it may have; None: any
    without: tuple[str, ...] = ()  # headings that make it another form
    tells: Callable[["Body"], Mapping[str, str]] | None = None  # its neighbours
    unnamed_total: bool = False  # the row that sums the others up has an empty key

    @property
    def metrics(self) -> tuple[Metric, ...]:
        return tuple(
            metric
            for feed in self.feeds
            if isinstance(feed, Totals)
            for metric in feed.metrics
        )


@dataclass(frozen=True, slots=True)
class Formats:
    """How a file writes its values; what it does not say by itself is set in the mapping."""

    decimal: str = "."
    thousands: str | None = None
    dates: str | None = None  # as strptime
    zone: str = "UTC"  # of times that name none
    encoding: str | None = None
    # first and last day of a report of a whole period
    period: tuple[date, date] | None = None
    account: str | None = None
