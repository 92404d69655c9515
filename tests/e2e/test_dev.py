"""The deployed mode: the UI on the same assets, schedules and sensors as they ship."""

from concurrent.futures import Future

import pytest

from tests.support.beside import Shown


@pytest.fixture(scope="module")
def ui(shown_ui: Future[Shown]) -> Shown:
    return shown_ui.result()


def test_dev_shows_the_jobs(ui: Shown) -> None:
    assert ui.jobs >= {"nightly", "intraday", "deep_learning"}


def test_dev_has_the_nightly_schedule_and_the_notices_on(ui: Shown) -> None:
    assert ui.running == {"nightly", "failed_run", "stale_source"}


def test_dev_ends_when_it_is_told_to(ui: Shown) -> None:
    assert ui.ended == 0
    assert ui.seconds_to_end < 30
