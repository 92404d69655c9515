"""What a platform answered, written down: played again, and cut into pages and rows.

A tape lets a fault be put into any source's answers without knowing the source: which
answers are pages of one list, and where rows lie in an answer, is found by looking. A fake
whose answers mislead that look says so in its `SHAPE`. Not here: the faults themselves.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ingestion.sandbox.http import Reply, Request, Route

Path = tuple[str | int, ...]
Key = tuple[str, str, tuple[tuple[str, str], ...], bytes]

# Lists of this name hold the rows, wherever they lie.
ROWS = (
    *("rows", "results", "items", "records", "data", "elements", "list", "entries"),
    *("siteEntry", "values", "videos", "events"),
)
# Parameters that tell pages of one question apart.
PAGES = re.compile(
    r"page_?token|start_?index|start_?row|start|offset|after|cursor|page|starting_after",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What cannot be guessed of a platform's answers."""

    rows: tuple[str, ...] = ROWS  # names of the lists that hold rows
    pages: str = PAGES.pattern  # names of the parameters that turn pages
    refusal: Reply | None = None  # the error body of a bad token
    throttle: Reply | None = None  # its own "slow down"
    # Whether pages say how many rows there are in all, so that a lost page is noticed.
    tells_total: bool = True


@dataclass(slots=True)
class Tape:
    """Answers by request; what was never asked before is asked of the fake."""

    shape: Shape = field(default_factory=Shape)
    answers: dict[Key, Reply] = field(default_factory=dict)
    asked: list[tuple[Request, Reply]] = field(default_factory=list)

    def routes(self, routes: Sequence[Route]) -> list[Route]:
        return [replace(each, handler=self._taped(each.handler)) for each in routes]

    def _taped(self, handler: Callable[[Request], Reply]) -> Callable[[Request], Reply]:
        def answer(request: Request) -> Reply:
            known = key(request)
            if known not in self.answers:
                self.answers[known] = handler(request)
            self.asked.append((request, self.answers[known]))
            return self.answers[known]

        return answer

    def books(self) -> Iterator[list[tuple[Key, Reply]]]:
        """Lists of more than one page with rows, each page with its request's key."""
        found: dict[Any, dict[Key, Reply]] = {}
        for request, reply in self.asked:
            if rows_of(reply.body, self.shape):
                question = self._question(request)
                found.setdefault(question, {})[key(request)] = reply
        for pages in found.values():
            if len(pages) > 1:
                yield list(pages.items())

    def _question(self, request: Request) -> Any:
        """A request without what turns its pages."""
        turns = re.compile(self.shape.pages, re.IGNORECASE)
        query = tuple(
            (name, value)
            for name, value in sorted(request.query.items())
            if not turns.fullmatch(name)
        )
        body = re.sub(
            rf'"(?:{self.shape.pages})"\s*:\s*(?:"[^"]*"|\d+),?\s*',
            "",
            request.body.decode(errors="replace"),
            flags=re.IGNORECASE,
        )
        return request.method, request.path, query, body.replace(", }", "}")


def key(request: Request) -> Key:
    """The same question again; the token does not matter."""
    query = {k: v for k, v in request.query.items() if k != "access_token"}
    return request.method, request.path, tuple(sorted(query.items())), request.body


def where_rows(body: Any, shape: Shape) -> Path | None:
    """Where the rows lie: by the name of their list, the outermost one first."""
    if isinstance(body, list):
        inside = [where_rows(each, shape) for each in body[:1]]
        if inside and inside[0] is not None and not _is_row(body[0], shape):
            return (0, *inside[0])
        return () if body and isinstance(body[0], dict) else None
    level: list[tuple[Path, Any]] = [((), body)]
    for _ in range(4):
        for name in shape.rows:
            for path, each in level:
                told = each.get(name) if isinstance(each, dict) else None
                if isinstance(told, list) and told and isinstance(told[0], dict | list):
                    return (*path, name)
        level = [
            ((*path, name), inner)
            for path, each in level
            if isinstance(each, dict)
            for name, inner in each.items()
            if isinstance(inner, dict)
        ]
    return None


def _is_row(body: Any, shape: Shape) -> bool:
    return isinstance(body, dict) and not any(
        isinstance(body.get(name), list) for name in shape.rows
    )


def rows_of(body: Any, shape: Shape) -> list[Any]:
    path = where_rows(body, shape)
    found = body
    for step in path or ():
        found = found[step]
    return list(found) if path is not None else []


def with_rows(reply: Reply, rows: Sequence[Any], shape: Shape) -> Reply:
    """The same answer with other rows."""
    path = where_rows(reply.body, shape)
    if path is None:
        return reply
    return replace(reply, body=_put(reply.body, path, list(rows)))


def _put(body: Any, path: Path, rows: list[Any]) -> Any:
    if not path:
        return rows
    step, rest = path[0], path[1:]
    copied: Any = list(body) if isinstance(body, list) else dict(body)
    copied[step] = _put(body[step], rest, rows)
    return copied


def leaves(row: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """All single values of a row with the way to them."""
    if isinstance(row, Mapping):
        for name, inner in row.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(row, list):
        for number, inner in enumerate(row):
            yield from leaves(inner, (*path, number))
    else:
        yield path, row


def with_leaf(row: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    copied: Any = list(row) if isinstance(row, list) else dict(row)
    copied[path[0]] = with_leaf(row[path[0]], path[1:], value)
    return copied
