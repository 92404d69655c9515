"""Faults on order: what a test tells the sandbox to do wrong, and how often."""

import re
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

    def add(self, fault: Fault) -> None:
        self.orders.append(fault)

    def apply(self, request: Request, answer: Callable[[], Reply]) -> Reply | None:
        for order in self.orders:
            if order.times <= 0 or not re.search(order.pattern, request.path):
                continue
            if order.skip > 0:
                order.skip -= 1
                continue
            order.times -= 1
            if isinstance(order.reply, Reply):
                return order.reply
            return order.reply(request, answer())
        return answer()
