"""Paging and parallel requests: what comes twice, what never came, and in which order."""

import threading
from concurrent.futures import Future

import pytest

from ingestion.errors import AnswerUnreadable
from ingestion.paging import Paging
from ingestion.parallel import as_done, in_order


def test_page_that_comes_again_is_refused() -> None:
    paging = Paging("X", "rows")
    paging.take([1, 2, 3])
    paging.take([4, 5, 6])
    with pytest.raises(AnswerUnreadable, match="before row 6 of rows twice"):
        paging.take([1, 2, 3])


def test_token_that_comes_again_is_refused() -> None:
    paging = Paging("X", "rows")
    paging.take([1], "a")
    with pytest.raises(AnswerUnreadable, match="token 'a'"):
        paging.take([2], "a")


def test_total_tells_of_a_page_that_never_came() -> None:
    paging = Paging("X", "videos")
    for first in (0, 20):
        paging.take(list(range(first, first + 10)))  # 10 to 19 are missing
    with pytest.raises(AnswerUnreadable, match="30 videos and gave 20"):
        paging.end(30)


def test_few_rows_less_than_the_total_are_the_platforms_way_to_count() -> None:
    paging = Paging("X", "videos")
    paging.take(list(range(10)))
    paging.end(12)
    paging.end(None)


def test_results_come_in_order_with_few_of_them_held() -> None:
    held, most, lock = 0, 0, threading.Lock()

    def work(number: int) -> int:
        nonlocal held, most
        with lock:
            held += 1
            most = max(most, held)
        return number

    for number, done in enumerate(in_order(work, range(100), at_once=4)):
        assert done == number
        with lock:
            held -= 1
    # 4 at work or done and waiting, one handed over, one being submitted
    assert most <= 6


def test_error_comes_where_its_item_stands() -> None:
    def work(number: int) -> int:
        if number == 3:
            raise AnswerUnreadable("the fourth")
        return number

    got = []
    with pytest.raises(AnswerUnreadable, match="the fourth"):
        got.extend(in_order(work, range(10), at_once=3))
    assert got in ([], [0, 1, 2])  # extend keeps what came before


def test_as_many_work_side_by_side_as_were_allowed() -> None:
    together = threading.Barrier(3, timeout=10)

    def work(number: int) -> int:
        together.wait()  # goes on when three are here
        return number

    assert sorted(as_done(work, range(6), at_once=3)) == list(range(6))


def test_what_is_done_first_is_handed_over_first() -> None:
    second_is_out = threading.Event()

    def work(number: int) -> int:
        if number == 0:
            assert second_is_out.wait(10)
        return number

    done = as_done(work, range(2), at_once=2)
    assert next(done) == 1
    second_is_out.set()
    assert list(done) == [0]


def test_after_an_error_what_has_begun_ends_and_nothing_else_begins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, ended, cancelled = [], [], []
    all_cancelled = threading.Event()
    cancel = Future.cancel

    def counted(future: Future[int]) -> bool:
        cancelled.append(future)
        done = cancel(future)
        if len(cancelled) == 100:
            all_cancelled.set()
        return done

    def work(number: int) -> int:
        begun.append(number)
        if number == 0:
            raise AnswerUnreadable("the first")
        assert all_cancelled.wait(10)
        ended.append(number)
        return number

    monkeypatch.setattr(Future, "cancel", counted)
    with pytest.raises(AnswerUnreadable, match="the first"):
        list(as_done(work, range(100), at_once=2))
    assert set(begun) <= {0, 1, 2}
    assert set(ended) == set(begun) - {0}
