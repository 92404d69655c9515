"""Several requests or loads at a time: their answers in order, or each as it is done.

How many requests a platform takes is said once, in its SPEC. Not here: the work itself.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


def in_order(
    work: Callable[[A], B], items: Iterable[A], *, at_once: int
) -> Iterator[B]:
    """`work` on each item, `at_once` at a time; an error comes where its item stands."""
    if at_once <= 1:
        yield from map(work, items)
        return
    waiting: deque[Future[B]] = deque()
    with ThreadPoolExecutor(at_once, thread_name_prefix="playhead") as pool:
        try:
            for item in items:
                waiting.append(pool.submit(work, item))
                if len(waiting) > at_once:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for each in waiting:
                each.cancel()


def as_done(work: Callable[[A], B], items: Iterable[A], *, at_once: int) -> Iterator[B]:
    """`work` on each item, `at_once` at a time, each handed over when it is done.

    After an error what has begun ends, and nothing else begins.
    """
    with ThreadPoolExecutor(at_once, thread_name_prefix="playhead") as pool:
        begun = [pool.submit(work, item) for item in items]
        try:
            for each in as_completed(begun):
                yield each.result()
        finally:
            for each in begun:
                each.cancel()
