"""The day of the data: the sandbox's own calendar, and nobody's wall clock but accounts'."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ingestion import clock
from ingestion.clock import known_day, read_clock, set_clock
from ingestion.errors import SourceUnreachable
from ingestion.sandbox.company import SandboxEnded
from ingestion.sandbox.http import Reply, Request, Route
from ingestion.sandbox.process import DAY_ROUTE, ENDED, set_day
from ingestion.sandbox.server import serving
from warehouse import home
from warehouse.settings import Settings

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 4)


def calendar(request: Request) -> Reply:
    """A sandbox of four days."""
    asked = request.json()["as_of"]
    day = date.fromisoformat(asked) if asked else FIRST
    if day > LAST:
        return Reply({"message": f"the sandbox ends on {LAST}"}, ENDED)
    return Reply({"as_of": str(day), "first": str(FIRST), "last": str(LAST)})


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Settings]:
    with serving([Route("POST", DAY_ROUTE, calendar)]) as made:
        yield Settings(data_dir=tmp_path, sandbox_url=made.url)


def test_sandbox_begins_on_its_first_day_and_stays_there(sandbox: Settings) -> None:
    assert known_day(sandbox) is None
    assert [set_clock(sandbox), set_clock(sandbox)] == [FIRST, FIRST]
    assert read_clock(sandbox) == known_day(sandbox) == FIRST


def test_sandbox_moves_by_the_days_asked_also_at_its_first_run(
    sandbox: Settings,
) -> None:
    assert set_clock(sandbox, advance_days=1) == date(2026, 3, 2)
    assert set_clock(sandbox, advance_days=2) == LAST


def test_sandbox_past_its_end_changes_neither_record_nor_clock(
    sandbox: Settings,
) -> None:
    set_clock(sandbox)
    with pytest.raises(SandboxEnded, match="ends on 2026-03-04"):
        set_clock(sandbox, advance_days=4)
    record = home.read_record(sandbox)
    assert record is not None
    assert record.as_of == read_clock(sandbox) == FIRST


def test_sandbox_that_fails_says_what_it_said() -> None:
    def broken(request: Request) -> Reply:
        raise KeyError("videos")

    with (
        serving([Route("POST", DAY_ROUTE, broken)]) as made,
        pytest.raises(SourceUnreachable, match=r"could not set the day.*KeyError"),
    ):
        set_day(made.url, FIRST)


def test_accounts_follow_the_wall_clock_also_backwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data_dir=tmp_path, mode="accounts")
    # forward over a night that has 23 hours, then a clock that was set back
    for day in (date(2026, 3, 28), date(2026, 3, 29), date(2026, 3, 27)):
        monkeypatch.setattr(clock, "today", lambda day=day: day)
        assert set_clock(settings) == day
        assert read_clock(settings) == known_day(settings) == day
    assert home.read_record(settings) == home.Record("accounts")
