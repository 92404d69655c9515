"""What a stamp says, however it is written."""

from datetime import datetime

import duckdb
import pytest

from warehouse.attribution.stamps import stamp, zoned

HALF_PAST_NINE = datetime.fromisoformat("2026-03-01T09:30:00")


def told(text: str, time_zone: str | None) -> tuple[datetime | None, bool]:
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        query = f"select {stamp('told', time_zone)}, {zoned('told')} from (select ? as told)"
        return con.execute(query, [text]).fetchall()[0]


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01T09:30:00Z",
        "2026-03-01 09:30:00Z",
        "2026-03-01T09:30Z",
        "2026-03-01T09:30:00.000Z",
        "2026-03-01T10:30:00+01:00",
        "2026-03-01T10:30:00+0100",
        "2026-03-01 10:30+01",  # as long as a stamp with seconds and without a zone
        "2026-03-01T04:30:00.0-05",
        "2026-03-01 09:30 UTC",
    ],
)
@pytest.mark.parametrize("time_zone", [None, "UTC", "Asia/Tokyo"])
def test_zone_of_a_stamp_goes_before_the_one_named(
    text: str, time_zone: str | None
) -> None:
    assert told(text, time_zone) == (HALF_PAST_NINE, True)


@pytest.mark.parametrize(
    "text",
    ["2026-03-01 09:30:00", "2026-03-01T09:30", "2026-03-01T09:30:00.000000"],
)
def test_stamp_without_a_zone_needs_one_named(text: str) -> None:
    assert told(text, None) == (None, False)
    assert told(text, "UTC") == (HALF_PAST_NINE, False)
    # nine hours ahead
    tokyo = datetime.fromisoformat("2026-03-01T00:30:00")
    assert told(text, "Asia/Tokyo") == (tokyo, False)


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-13-01T09:30:00Z", "2026-03-01 09:30:00.x", "2026-03-01"]
)
def test_what_is_no_stamp_is_null(text: str) -> None:
    found, _ = told(text, None)
    assert found is None
