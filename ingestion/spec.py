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
    # Rows by the million, as Arrow: dlt makes the table, DuckDB takes the rows as they come
    # (docs/decisions/0007); for tables that a load replaces by file.
    is_bulk: bool = False

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
class Consent:
    """How a person lets us in on the platform's own page (RFC 6749, 7636, 8252).

    `playhead auth` walks it, a run renews by it, and the sandbox plays the other side.
    """

    authorize_url: str
    token_url: str
    scopes: tuple[str, ...]
    pkce: bool = True  # S256
    parameters: Mapping[str, str] = field(default_factory=dict)  # beside RFC 6749's
    # Where the platform has its own word for one of RFC 6749's: {"client_id": "app_id"};
    # "" where it has none.
    words: Mapping[str, str] = field(default_factory=dict)
    client: tuple[str, str] = ("CLIENT_ID", "CLIENT_SECRET")  # settings
    scope_separator: str = " "
    asked_by: Literal["form", "json", "query"] = (
        "form"  # how the token endpoint is asked
    )
    refresh_url: str | None = None  # where it is not the token_url
    inside: str | None = None  # the answer's fields lie in this object
    loopback: str = "127.0.0.1"  # some register localhost only
    rotates: bool = False  # each refresh token works once
    tells: Mapping[str, str] = field(default_factory=dict)  # answer's field -> setting
    # The grant that makes a token of weeks out of a short one, and out of itself again.
    prolongs: str | None = None
    # Scopes of a service account's key (setting SERVICE_ACCOUNT), where it may come instead.
    service_account: tuple[str, ...] = ()


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
    consent: Consent | None = None
    hosts: Mapping[str, str] = field(default_factory=dict)
    requests_at_once: int = 1  # what the platform takes from one token without a murmur
    token_header: str = "Authorization"  # there as "Bearer <token>", elsewhere as it is
    headers: Mapping[str, str] = field(default_factory=dict)  # with every request
    # (status, decoded body) -> "ok" | "retry" | "refused" | "quota" | "too_much" | "wrong"
    verdict: Callable[[int, object], str] | None = None
    # (headers, decoded body) -> seconds it wants us to wait, where only it says it so
    hint: Callable[[Mapping[str, str], object], float | None] | None = None
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
    def takes_credential(self) -> bool:
        """Whether `playhead auth` can keep what lets us in."""
        return self.consent is not None or any(each.is_secret for each in self.settings)

    @property
    def sheet(self) -> str:
        """Where a reader finds what the platform is like, and its credential."""
        return f"ingestion/sources/{self.name}/README.md"

    @property
    def lookback(self) -> timedelta:
        return timedelta(days=self.lookback_days)

    def variable(self, setting: str) -> str:
        return f"PLAYHEAD_{self.name}_{setting}".upper()
