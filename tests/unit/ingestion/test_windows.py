"""Windows: no day twice, none missing; what a night asks for."""

from datetime import date, timedelta

import pytest

from ingestion.spec import TEXT, SourceSpec, Table
from ingestion.windows import Window, nightly

SPEC = SourceSpec(
    "demo",
    "paid",
    "Demo",
    (Table("ads", {"account_id": TEXT}, grain=("account_id",)),),
    day_zone="UTC",
    lag_days=2,
    lookback_days=7,
    history_days=30,
)


@pytest.mark.parametrize("most", [1, 7, 31, 400])
def test_split_covers_every_day_once(most: int) -> None:
    window = Window(date(2026, 1, 1), date(2027, 1, 1))
    pieces = list(window.split(most))
    days = [p.start + timedelta(days=i) for p in pieces for i in range(p.days)]
    assert days == [date(2026, 1, 1) + timedelta(days=i) for i in range(365)]
    assert all(piece.days <= most for piece in pieces)


def test_first_load_asks_for_the_history_up_to_the_newest_complete_day() -> None:
    # as of 10 May, newest day 8 May (lag 2); 30 days back from 10 May: 11 April
    asked = nightly(SPEC, date(2026, 5, 10), None)
    assert asked == Window(date(2026, 4, 11), date(2026, 5, 9))


def test_next_load_rereads_the_lookback_before_the_last_loaded_day() -> None:
    # loaded to 7 May: 7 days end there, 1 to 7 May, then on to 8 May
    asked = nightly(SPEC, date(2026, 5, 10), date(2026, 5, 7))
    assert asked == Window(date(2026, 5, 1), date(2026, 5, 9))


def test_a_second_load_on_the_same_day_asks_for_the_lookback_again() -> None:
    asked = nightly(SPEC, date(2026, 5, 10), date(2026, 5, 8))
    assert asked == Window(date(2026, 5, 2), date(2026, 5, 9))


def test_nights_missed_are_caught_up() -> None:
    asked = nightly(SPEC, date(2026, 5, 10), date(2026, 4, 20))
    assert asked.start == date(2026, 4, 14)
    assert asked.last == date(2026, 5, 8)


def test_a_window_that_runs_backwards_says_so() -> None:
    with pytest.raises(ValueError, match="swap the dates"):
        Window(date(2026, 5, 2), date(2026, 5, 1))
