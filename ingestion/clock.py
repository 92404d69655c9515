"""The data clock: which day the data is of, and the row `meta.clock` that models join.

Sandbox: its own calendar, kept in the data folder. Exports: the last day in the files.
Accounts: the wall clock, UTC; the only place that asks it.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from ingestion import exports
from ingestion.sandbox.process import set_day
from warehouse import db, home
from warehouse.settings import Settings

CLOCK_TABLE = """
create schema if not exists meta;
create or replace table meta.clock as
select
    cast(? as date) as as_of,
    cast(? as varchar) as mode,
    cast(? as boolean) as is_simulated,
    cast(? as varchar) as scenario
"""


def set_clock(settings: Settings, *, advance_days: int = 0) -> date:
    """Fix the day of this run and write it; returns it.

    Raises: SandboxEnded past its last prepared day; WrongMode for a foreign folder.
    """
    record = home.claim(settings)
    as_of = _as_of(settings, record, advance_days)
    if settings.mode == "sandbox":
        home.write_record(settings, replace(record, as_of=as_of))
    with db.writer(settings.warehouse_path) as con:
        con.execute(
            CLOCK_TABLE,
            [as_of, settings.mode, settings.is_simulated, settings.scenario],
        )
    return as_of


def start_day(settings: Settings) -> None:
    """Let a sandbox answer on the day of its data folder, without moving anything."""
    if settings.mode == "sandbox" and settings.sandbox_url:
        record = home.read_record(settings)
        set_day(settings.sandbox_url, record.as_of if record else None)


def known_day(settings: Settings) -> date | None:
    """The last day there can be data of, before a run; None where only it will tell."""
    if settings.mode == "accounts":
        return today()
    record = home.read_record(settings) if settings.mode == "sandbox" else None
    return record.as_of if record else None


def today() -> date:
    """The wall clock, UTC."""
    return datetime.now(UTC).date()


def read_clock(settings: Settings) -> date:
    """The day set by the last run in this folder."""
    with db.reader(settings.warehouse_path) as con:
        row = con.execute("select as_of from meta.clock").fetchone()
    assert row is not None
    day: date = row[0]
    return day


def _as_of(settings: Settings, record: home.Record, advance_days: int) -> date:
    if settings.mode == "exports":
        return exports.begin(settings)
    if settings.mode == "accounts":
        return today()
    assert settings.sandbox_url is not None
    asked = record.as_of and record.as_of + timedelta(days=advance_days)
    calendar = set_day(settings.sandbox_url, asked)
    if asked is None and advance_days:
        calendar = set_day(
            settings.sandbox_url, calendar.as_of + timedelta(days=advance_days)
        )
    return calendar.as_of
