"""Faults on order: what a test tells the sandbox to do wrong, and how often."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from ingestion.sandbox.http import Reply, Request


@dataclass(slots=True)
class Fault:
    """Answer `reply` instead, for the next `times` requests that match `pattern`."""

    pattern: str
    reply: Reply | Callable[[Request, Reply], Reply | None]
    times: int = 1
    skip: int = 0  # matching requests let through first


@dataclass(slots=True)
class Faults:
    """The orders still open. A reply of None drops the connection without an answer."""

    orders: list[Fault] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, fault: Fault) -> None:
        self.orders.append(fault)

    def apply(self, request: Request, answer: Callable[[], Reply]) -> Reply | None:
        order = self._take(request.path)
        if order is None:
            return answer()
        if isinstance(order.reply, Reply):
            return order.reply
        return order.reply(request, answer())

    def _take(self, path: str) -> Fault | None:
        """The order this request meets, counted; of requests at once, each its own."""
        with self._lock:
            for order in self.orders:
                if order.times <= 0 or not re.search(order.pattern, path):
                    continue
                if order.skip > 0:
                    order.skip -= 1
                    continue
                order.times -= 1
                return order
        return None
