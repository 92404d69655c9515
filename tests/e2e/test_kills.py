"""Runs are killed between and inside their stages; the next start completes them.

The kills follow one another in one folder, so each one meets what the one before it left.
Kills inside a load: tests/chaos/test_ingest_kills.py; in a publish: test_publish_kills.py.
"""

import signal
from concurrent.futures import Future

import pytest

from tests.support.beside import Killed
from tests.support.house import House


@pytest.fixture(scope="module")
def chain(lived_in: House, killed_nights: Future[Killed]) -> Killed:
    """Killed while sources are loaded, killed while marts are built, then left alone."""
    return killed_nights.result()


def test_killed_run_is_dead_and_readers_keep_what_they_had(chain: Killed) -> None:
    assert chain.ended[:2] == (-signal.SIGKILL, -signal.SIGTERM)
    assert [each["generation"] for each in chain.manifests[:2]] == [1, 1]


def test_next_run_stays_on_the_day_that_was_begun_and_completes_it(
    chain: Killed, second: House
) -> None:
    assert chain.ended[2] == 0
    assert chain.record == second.manifest().as_of
    assert chain.manifests[2]["generation"] == 2


def test_tables_after_the_kills_are_those_of_an_undisturbed_night(
    chain: Killed, second: House
) -> None:
    assert chain.manifests[2]["content_hash"] == second.manifest().content_hash


def test_nothing_half_made_is_left(chain: Killed) -> None:
    assert not list((chain.folder / "published").glob(".build*"))
