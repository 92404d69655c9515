"""Envelopes of the sandbox's TikTok: tokens, codes inside a status of 200, lists, pages.

Not here: what is inside them (fake.py).
"""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from ingestion.sandbox.http import Reply, Request

MOST_DAYS, MOST_ROWS = 30, 1000


class Refused(Exception):
    """A code other than 0, on its way out."""

    def __init__(self, code: int, says: str) -> None:
        self.code, self.says = code, says


def answered(handler: Callable[[Request], Any], request: Request) -> Reply:
    told: dict[str, Any] = {"code": 0, "message": "OK", "request_id": "sandbox"}
    try:
        token = request.headers.get("access-token")
        if not token or token == "revoked":
            raise Refused(40105, "Access token is incorrect or has been revoked.")
        return Reply({**told, "data": handler(request)})
    except Refused as error:
        return Reply({**told, "code": error.code, "message": error.says, "data": {}})


def days(query: Any) -> tuple[date, date]:
    try:
        first, last = (
            date.fromisoformat(query[f"{end}_date"]) for end in ("start", "end")
        )
    except (KeyError, ValueError) as error:
        raise Refused(40002, "start_date: Not a valid date.") from error
    if last < first or (last - first).days >= MOST_DAYS:
        raise Refused(40002, "The time span with stat_time_day is 30 days at most.")
    return first, last


def listed(request: Request, name: str) -> list[str]:
    """A list that travels as JSON text; anything else is no list."""
    try:
        told = json.loads(request.query.get(name, "[]"))
    except ValueError as error:
        raise Refused(40002, f"{name}: Not a valid list.") from error
    if not isinstance(told, list):
        raise Refused(40002, f"{name}: Not a valid list.")
    return [str(each) for each in told]


def page(request: Request, rows: list[dict[str, Any]]) -> Any:
    size, turn = (
        int(request.query.get("page_size", 10)),
        int(request.query.get("page", 1)),
    )
    if not 1 <= size <= MOST_ROWS or turn < 1:
        raise Refused(40002, "page_size: Must be between 1 and 1000.")
    pages = -(-len(rows) // size)
    info = {"page": turn, "page_size": size, "total_number": len(rows)}
    return {
        "list": rows[(turn - 1) * size : turn * size],
        "page_info": {**info, "total_page": pages},
    }
