"""What a source is, declared once: tables, grain, windows, cadence, settings.

Checks, windows, schedules, `playhead check` and docs read it; nobody repeats it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

import pyarrow as pa

Family = Literal["social", "paid", "seo", "journey", "own"]
Columns = Mapping[str, pa.DataType]

TEXT = pa.string()
INT = pa.int64()
FLOAT = pa.float64()
MONEY = pa.decimal128(18, 4)
DATE = pa.date32()
STAMP = pa.timestamp("us", tz="UTC")
BOOL = pa.bool_()
JSON = pa.string()  # nested values stay text; staging takes them apart

# Reports coarser than the API's grain: never mixed into daily facts (docs/exports.md).
REPORTED_TOTALS: Columns = {
    "account_id": TEXT,
    "report": TEXT,
    "period_start": DATE,
    "period_end": DATE,
    "breakdown": TEXT,
    "breakdown_value": TEXT,
    "metric": TEXT,
    "amount": FLOAT,
    "unit": TEXT,
    "file": TEXT,
    "row_number": INT,
}


@dataclass(frozen=True, slots=True)
class Table:
    """One raw table. A load replaces the rows that `replaced_by` selects.

    ("account_id",): a list, replaced whole per account, refused when it shrinks;
    ("account_id", day column): the days of the window, emptied days included;
    a key such as ("account_id", "id"): the rows that came (upsert).
    """

    name: str
    columns: Columns
    grain: tuple[str, ...]
    replaced_by: tuple[str, ...] = ("account_id",)
    window_column: str | None = None
    may_shrink: bool = False

    def __post_init__(self) -> None:
        if self.grain[0] != "account_id" or self.replaced_by[0] != "account_id":
            raise ValueError(f"{self.name}: every grain begins with account_id")
        missing = {*self.grain, *self.replaced_by} - set(self.columns)
        if missing:
            raise ValueError(f"{self.name}: {sorted(missing)} are no columns of it")

    @property
    def is_list(self) -> bool:
        return self.replaced_by == ("account_id",)

    @property
    def is_window(self) -> bool:
        return self.window_column is not None


@dataclass(frozen=True, slots=True)
class Setting:
    """A variable PLAYHEAD_<SOURCE>_<NAME> of a source."""

    name: str
    says: str
    is_secret: bool = True
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """One source: the only place where its cadence, lookback and day zone are said."""

    name: str
    family: Family
    title: str
    tables: tuple[Table, ...]
    day_zone: str  # IANA name, or "account"
    lag_days: int  # the newest day that has data is as_of minus this
    lookback_days: int  # the platform restates this far back
    history_days: int = 365  # what the first load asks for
    cadence: Literal["daily", "intraday"] = "daily"
    settings: tuple[Setting, ...] = ()
    hosts: Mapping[str, str] = field(default_factory=dict)
    # (status, decoded body) -> "ok" | "retry" | "refused" | "quota" | "too_much" | "wrong"
    verdict: Callable[[int, object], str] | None = None
    has_reported_totals: bool = False
    # Table and time (SQL over its columns) that prove the newest day, where a window asked
    # for proves nothing: files that may have stopped. So many quiet days are normal.
    fresh_by: tuple[str, str] | None = None
    quiet_days: int = 1

    def __post_init__(self) -> None:
        if self.has_reported_totals:
            totals = Table(
                "reported_totals",
                REPORTED_TOTALS,
                grain=(
                    "account_id",
                    "report",
                    "period_start",
                    "period_end",
                    "breakdown",
                    "breakdown_value",
                    "metric",
                    "file",
                    "row_number",
                ),
                may_shrink=True,
            )
            object.__setattr__(self, "tables", (*self.tables, totals))

    def __getitem__(self, table: str) -> Table:
        for each in self.tables:
            if each.name == table:
                return each
        raise KeyError(f"{self.name} has no table {table!r}")

    @property
    def lookback(self) -> timedelta:
        return timedelta(days=self.lookback_days)

    def variable(self, setting: str) -> str:
        return f"PLAYHEAD_{self.name}_{setting}".upper()
