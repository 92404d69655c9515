"""A warehouse in memory with the journey tables that attribution reads."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pytest

TABLES = """
create schema intermediate;
create table intermediate.int_journey__conversions (
    conversion_id varchar, conversion_type varchar, person_key varchar,
    account_key varchar, converted_at timestamp, value_usd decimal(18, 4),
    lookback_days integer
);
create table intermediate.int_journey__paths (
    path_id varchar, conversion_type varchar, is_converted boolean,
    converted_at timestamp, value_usd decimal(18, 4), touch_id varchar,
    touched_at timestamp, channel varchar, video_key varchar, variant_key varchar,
    placement_key varchar, is_null_channel boolean, position integer,
    path_length integer, age_days double
);
create table intermediate.int_journey__visits (
    account_id varchar, visit_id varchar, anonymous_id varchar, visited_at timestamp,
    utm_campaign varchar, utm_content varchar, click_id varchar, channel varchar
);
create table intermediate.int_journey__persons (
    account_id varchar, anonymous_id varchar, visitor_key varchar, person_key varchar
);
create table intermediate.int_journey__touches (
    touch_id varchar, visitor_key varchar, touched_at timestamp, channel varchar,
    video_key varchar, variant_key varchar, placement_key varchar, watch_share double
);
create table intermediate.int_journey__leads (
    person_key varchar, lead_at timestamp, region varchar
);
create table intermediate.int_journey__account_persons (
    account_key varchar, person_key varchar
);
create table intermediate.int_paid__region_delivery_daily (
    channel varchar, video_key varchar, region varchar, performance_date date,
    impressions double
);
create table intermediate.journey_channels (
    channel varchar, is_video boolean, is_null_channel boolean, follows_visitors boolean
);
create schema marts;
create table marts.dim_videos (video_id varchar, video_key varchar);
create schema staging;
create table staging.stg_catalogue__experiments (
    experiment_id varchar, name varchar, kind varchar, channel varchar, video_id varchar,
    start_date date, end_date date, treated_units double, control_units double,
    treated_conversions double, control_conversions double, control_share double
);
"""
CONVERTED_AT = datetime.fromisoformat("2026-03-01T12:00")


class Journeys:
    """Writes journeys the way dbt would: positions by (touched_at, touch_id)."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con

    def conversion(
        self,
        name: str,
        touches: list[tuple[str, float]],
        *,
        kind: str = "lead",
        value: float | None = 100.0,
    ) -> None:
        """A conversion and its touches as (channel, days before it), oldest first."""
        self.con.execute(
            "insert into intermediate.int_journey__conversions values "
            "(?, ?, ?, null, ?, ?, 30)",
            [name, kind, f"person of {name}", CONVERTED_AT, value],
        )
        self._path(name, kind, True, value, touches)

    def silent(
        self, name: str, channels: list[str], *, kind: str | None = None
    ) -> None:
        """A path that did not convert."""
        touches = [(c, float(len(channels) - i)) for i, c in enumerate(channels)]
        self._path(name, kind, False, None, touches)

    def _path(
        self,
        name: str,
        kind: str | None,
        converted: bool,
        value: float | None,
        touches: list[tuple[str, float]],
    ) -> None:
        rows: list[list[Any]] = []
        for number, (channel, age) in enumerate(touches, start=1):
            rows.append(
                [
                    name,
                    kind,
                    converted,
                    CONVERTED_AT if converted else None,
                    value,
                    f"{name}-{number:05d}",
                    CONVERTED_AT - timedelta(days=age),
                    channel,
                    f"video of {channel}",
                    channel == "direct",
                    number,
                    len(touches),
                    age if converted else None,
                ]
            )
        if rows:
            self.con.executemany(
                "insert into intermediate.int_journey__paths values "
                "(?, ?, ?, ?, ?, ?, ?, ?, ?, null, null, ?, ?, ?, ?)",
                rows,
            )

    def credits(self, method: str, conversion: str) -> list[float]:
        """Credits of one conversion in the order of its touches."""
        rows = self.con.execute(
            "select credit from analysis.attribution_credits "
            "where method = ? and conversion_id = ? order by touch_id",
            [method, conversion],
        ).fetchall()
        return [row[0] for row in rows]

    def channels(
        self, method: str, kind: str = "lead"
    ) -> dict[str, tuple[float, float]]:
        """Conversions and value by channel."""
        rows = self.con.execute(
            "select channel, conversions, value_usd from analysis.attribution_channels "
            "where method = ? and conversion_type = ? order by channel",
            [method, kind],
        ).fetchall()
        return {row[0]: (row[1], row[2]) for row in rows}


@pytest.fixture
def journeys() -> Iterator[Journeys]:
    con = duckdb.connect()
    con.execute(TABLES)
    yield Journeys(con)
    con.close()
