"""Faults for any source: each makes, of a recorded night, what its platform does wrong.

A fault names the ends that are right: `equal` (the tables of an undisturbed night), `stale`
(a clear error, the last good rows stay exactly), `sent` (what was sent is loaded or counted
as put aside, row for row), `healed` (no total tells of the loss: the next night has it all).
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from ingestion.sandbox.http import Reply, Request, Wire
from ingestion.sandbox.tape import Key, key, leaves, rows_of, with_leaf, with_rows
from tests.support.stand import QUICK, Stand, Strike

EQUAL, STALE, SENT, HEALED = "equal", "stale", "sent", "healed"
HOURS = 40_591  # seconds, as Google Ads once asked for
EMOJI = "🎬 שלום مرحبا 测试"
ABOVE_DOUBLE = 2**53 + 1
NO_MEASURE = re.compile(
    r"id|ids|account|customer|zone|version|offset|limit|time|date|day|year|month|key"
    r"|code|order|level|index|duration|page|number|port|ratio|start|end|after|total",
    re.IGNORECASE,
)
IN_MOTION = replace(QUICK, timeout=0.2, longest_answer=0.2, attempts=2)
HTML = b"<html><body><h1>502 Bad Gateway</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Ill:
    """A fault: how it strikes (None: this source has nothing it could strike)."""

    name: str
    strike: Callable[[Stand], Strike | None]
    ends: tuple[str, ...]
    patience: Any = QUICK
    says: str = ""  # what the reason of a stale source must hold


def once_each(change: Callable[[Reply], Reply | None]) -> Callable[[Stand], Strike]:
    """The first answer of every path is bad, what follows is well."""

    def made(stand: Stand) -> Strike:
        met: set[str] = set()

        def strike(request: Request, reply: Reply) -> Reply | None:
            if request.path in met or not stand.is_data(request):
                return reply
            met.add(request.path)
            return change(reply)

        return strike

    return made


def from_half(change: Callable[[Reply], Reply | None]) -> Callable[[Stand], Strike]:
    """From the middle of the night on nothing is well."""

    def made(stand: Stand) -> Strike:
        asked = len(stand.tape.asked)  # one alone, and that one is not well
        left = [min(max(1, asked // 2), asked - 1)]

        def strike(request: Request, reply: Reply) -> Reply | None:
            if not stand.is_data(request):
                return reply
            left[0] -= 1
            return reply if left[0] >= 0 else change(reply)

        return strike

    return made


def _always(reply: Reply | None) -> Callable[[Reply], Reply | None]:
    return lambda _: reply


def _wired(wire: Wire) -> Callable[[Reply], Reply]:
    return lambda reply: replace(reply, wire=wire)


def _cut(reply: Reply) -> Reply:
    content = reply.encoded()
    return Reply(raw=content[: len(content) // 2])


SLOW = Reply({"message": "Too many requests"}, 429)
BROKEN = Reply({"message": "Internal error"}, 500)


def throttled(headers: dict[str, str], spread: Any) -> Callable[[Stand], Strike]:
    """The platform's own way to say so, where it has one."""

    def made(stand: Stand) -> Strike:
        own = stand.tape.shape.throttle or SLOW
        told = replace(own, headers={**own.headers, **headers})
        return spread(_always(told))(stand)  # type: ignore[no-any-return]

    return made


def refused(stand: Stand) -> Reply:
    """What the platform says to a token it took back."""
    if stand.tape.shape.refusal is not None:
        return stand.tape.shape.refusal
    request, _ = next(pair for pair in stand.tape.asked if stand.is_data(pair[0]))
    headers = {**request.headers, "authorization": "Bearer revoked"}
    headers |= {"access-token": "revoked"}
    query = dict(request.query)
    if "access_token" in query:
        query["access_token"] = "revoked"
    for route in stand.routes:
        if route.match(request.method, request.path, request.query):
            asked = replace(request, headers=headers, query=query)
            return route.handler(asked)
    raise AssertionError(f"no route for {request.path}")


def refused_as_success(spread: Any) -> Callable[[Stand], Strike]:
    def made(stand: Stand) -> Strike:
        return spread(_always(replace(refused(stand), status=200)))(stand)  # type: ignore[no-any-return]

    return made


# Tokens and accounts


def token_of(request: Request) -> str:
    headers = request.headers
    told = headers.get("authorization") or headers.get("access-token")
    return told or str(request.query.get("access_token"))


def token_expires(stand: Stand) -> Strike:
    left, dead = [max(1, len(stand.tape.asked) // 2)], set[str]()
    refusal = refused(stand)

    def strike(request: Request, reply: Reply) -> Reply | None:
        if not stand.is_data(request):
            return reply
        left[0] -= 1
        if left[0] == 0:
            dead.add(token_of(request))
        return refusal if token_of(request) in dead else reply

    return strike


def token_revoked(stand: Stand) -> Strike:
    return from_half(_always(refused(stand)))(stand)


def one_account(stand: Stand) -> Strike | None:
    """The last of the accounts is no longer ours."""
    refusal = refused(stand)
    accounts = sorted({str(row[0]) for rows in stand.after.values() for row in rows})
    lost = accounts[-1]

    def names(request: Request) -> bool:
        told = [request.path, request.body.decode(), *request.query.values()]
        return any(lost in unquote(each) for each in told)

    if not any(names(request) for request, _ in stand.tape.asked):
        return None
    return lambda request, reply: refusal if names(request) else reply


# Pages

Book = list[tuple[Key, Reply]]


def paged(
    change: Callable[[Stand, Book], dict[Key, Reply]],
    fewest: int = 2,
    *,
    longest: bool = False,
) -> Callable[[Stand], Strike | None]:
    """Every list of at least `fewest` pages changed, or only the longest one."""

    def made(stand: Stand) -> Strike | None:
        changed: dict[Key, Reply] = {}
        books = sorted(stand.tape.books(), key=len)
        for book in books[-1:] if longest else books:
            if len(book) >= fewest:
                changed |= change(stand, book)
        if not changed:
            return None
        return lambda request, reply: changed.get(key(request), reply)

    return made


def _rows(stand: Stand, reply: Reply) -> list[Any]:
    return rows_of(reply.body, stand.tape.shape)


def _with(stand: Stand, reply: Reply, rows: Sequence[Any]) -> Reply:
    return with_rows(reply, rows, stand.tape.shape)


def overlap(stand: Stand, book: Book) -> dict[Key, Reply]:
    """Rows slide over a page's edge, as when new ones come in while one pages."""
    sizes = [len(_rows(stand, reply)) for _, reply in book]
    spare = min(3, sizes[0] - sizes[-1])
    rows = [row for _, reply in book for row in _rows(stand, reply)]
    slid = rows[: sizes[0]] + rows[sizes[0] - spare :]
    changed, start = {}, 0
    for number, (page, reply) in enumerate(book):
        end = start + sizes[number] if number < len(book) - 1 else len(slid)
        changed[page] = _with(stand, reply, slid[start:end])
        start = end
    return changed if spare > 0 else {}


def again(stand: Stand, book: Book) -> dict[Key, Reply]:
    """The first page's rows also on the second page, in the place of its own."""
    (_, first), (second, reply) = book[:2]
    return {second: _with(stand, reply, _rows(stand, first))}


def _is_offset(book: Book) -> bool:
    """Pages told by how many rows came before, or by their number."""
    told = [re.findall(r"\d+", str(page[2:])) for page, _ in book[:2]]
    return "next" not in str(book[0][1].body)[:4000].lower() and told[0] != told[1]


def missing(stand: Stand, book: Book) -> dict[Key, Reply]:
    """The second page is left out: where it was asked for, the third one comes."""
    pages = [page for page, _ in book]
    replies = [reply for _, reply in book]
    if not _is_offset(book):
        return {pages[1]: replies[2]}
    return dict(zip(pages[1:], [*replies[2:], replies[-1]], strict=True))


def swapped(stand: Stand, book: Book) -> dict[Key, Reply]:
    """The first two pages have changed places."""
    (one, first), (two, second) = book[:2]
    rows = (_rows(stand, first), _rows(stand, second))
    return {one: _with(stand, first, rows[1]), two: _with(stand, second, rows[0])}


def backwards(stand: Stand, book: Book) -> dict[Key, Reply]:
    return {
        page: _with(stand, reply, _rows(stand, reply)[::-1]) for page, reply in book
    }


def loop(stand: Stand, book: Book) -> dict[Key, Reply]:
    """Every page is the first one again, its token included."""
    return {page: book[0][1] for page, _ in book}


# Values


def _name(path: Sequence[Any]) -> str:
    return ".".join(str(step) for step in path if isinstance(step, str))


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if abs(value) < 10**9 else None
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,9}(\.\d{1,6})?", value):
        return float(value)
    return None


def is_measure(path: Sequence[Any], value: Any) -> bool:
    return _number(value) is not None and not NO_MEASURE.search(_name(path))


def is_whole(path: Sequence[Any], value: Any) -> bool:
    return is_measure(path, value) and "." not in str(value)


def is_amount(path: Sequence[Any], value: Any) -> bool:
    name = _name(path).lower()
    money = ("spend", "cost", "amount", "revenue", "micros", "value")
    return _number(value) is not None and any(word in name for word in money)


def is_currency(path: Sequence[Any], value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[A-Z]{3}", value) is not None


def is_words(path: Sequence[Any], value: Any) -> bool:
    return isinstance(value, str) and " " in value.strip() and "://" not in value


def like(value: Any) -> Callable[[Any], Any]:
    """`value`, as text where the platform writes numbers as text."""
    return lambda known: str(value) if isinstance(known, str) else value


def altered(
    fits: Callable[[Sequence[Any], Any], bool],
    change: Callable[[Any], Any],
    *,
    everywhere: bool = False,
) -> Callable[[Stand], Strike | None]:
    """One fitting value of one row of every path is changed; or all of that name."""

    def made(stand: Stand) -> Strike | None:
        changed: dict[Key, Reply] = {}
        met: dict[str, tuple[Any, ...]] = {}
        for request, reply in stand.tape.asked:
            if request.path in met and not everywhere:
                continue
            rows = _rows(stand, reply)
            found = next(_fitting(rows, fits, met.get(request.path)), None)
            if found is None:
                continue
            number, path = found
            met[request.path] = path
            if everywhere:
                rows = [_changed(row, path, change) for row in rows]
            else:
                rows[number] = _changed(rows[number], path, change)
            changed[key(request)] = _spelt(_with(stand, reply, rows))
        if not changed:
            return None
        return lambda request, reply: changed.get(key(request), reply)

    return made


def _spelt(reply: Reply) -> Reply:
    """As a careless service writes it: NaN, Infinity and integers of any size."""
    return replace(reply, raw=json.dumps(reply.body).encode())


def _fitting(
    rows: Sequence[Any],
    fits: Callable[[Sequence[Any], Any], bool],
    path_known: tuple[Any, ...] | None,
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    for number, row in enumerate(rows):
        for path, value in leaves(row):
            if path and (path_known in (None, path)) and fits(path, value):
                yield number, path


def _changed(row: Any, path: tuple[Any, ...], change: Callable[[Any], Any]) -> Any:
    for known, value in leaves(row):
        if known == path:
            return with_leaf(row, path, change(value))
    return row


def new_field(stand: Stand) -> Strike | None:
    def strike(request: Request, reply: Reply) -> Reply | None:
        rows = _rows(stand, reply) if stand.is_data(request) else []
        if not rows or not all(isinstance(row, dict) for row in rows):
            return reply
        told = [{**row, "brand_new": {"since": "today"}} for row in rows]
        return _with(stand, reply, told)

    return strike


ILLS = (
    Ill("429", throttled({}, once_each), (EQUAL,)),
    Ill("429 with a hint", throttled({"Retry-After": "7"}, once_each), (EQUAL,)),
    Ill("429 for good", throttled({}, from_half), (STALE,)),
    Ill(
        "429 with a hint of hours",
        throttled({"Retry-After": str(HOURS)}, from_half),
        (STALE,),
        says="11.3 hours",
    ),
    Ill("500", once_each(_always(BROKEN)), (EQUAL,)),
    Ill("500 for good", from_half(_always(BROKEN)), (STALE,)),
    Ill("time-out", once_each(_wired(Wire(delay=0.3))), (EQUAL,), IN_MOTION),
    Ill("time-out for good", from_half(_wired(Wire(delay=0.3))), (STALE,), IN_MOTION),
    Ill(
        "slow trickle",
        once_each(_wired(Wire(pause=0.03, pieces=30))),
        (EQUAL,),
        IN_MOTION,
    ),
    Ill(
        "slow trickle for good",
        from_half(_wired(Wire(pause=0.03, pieces=30))),
        (STALE,),
        IN_MOTION,
    ),
    Ill("dropped connection", once_each(_always(None)), (EQUAL,)),
    Ill("dropped connection for good", from_half(_always(None)), (STALE,)),
    Ill("cut-off JSON", once_each(_cut), (EQUAL,)),
    Ill("cut-off JSON for good", from_half(_cut), (STALE,)),
    Ill("connection lost in mid-body", once_each(_wired(Wire(cut=True))), (EQUAL,)),
    Ill("HTML with status 200", once_each(_always(Reply(raw=HTML))), (EQUAL,)),
    Ill("HTML with status 200 for good", from_half(_always(Reply(raw=HTML))), (STALE,)),
    Ill("error body with status 200", refused_as_success(once_each), (EQUAL, STALE)),
    Ill("error body with status 200 for good", refused_as_success(from_half), (STALE,)),
    Ill("token expires in mid-paging", token_expires, (EQUAL, STALE)),
    Ill("token revoked in mid-paging", token_revoked, (STALE,)),
    Ill("one account revoked", one_account, (STALE,)),
    Ill("rows slide over a page's edge", paged(overlap), (EQUAL, STALE)),
    Ill("a page twice", paged(again, longest=True), (EQUAL, STALE)),
    Ill(
        "a page missing",
        paged(missing, fewest=3, longest=True),
        (EQUAL, STALE, HEALED),  # equal: noticed, and read in another way
    ),
    Ill("pages in another order", paged(swapped, fewest=3), (EQUAL, STALE)),
    Ill("rows in another order", paged(backwards), (EQUAL, STALE)),
    Ill("a page token that loops", paged(loop), (STALE,)),
    Ill("a new column", new_field, (EQUAL, SENT, STALE)),
    Ill("a changed type", altered(is_measure, lambda _: "n/a"), (SENT, STALE)),
    Ill(
        "a changed type in every row",
        altered(is_measure, lambda v: {"v": v}, everywhere=True),
        (EQUAL, SENT, STALE),
    ),
    Ill("an integer beyond int64", altered(is_whole, like(10**20)), (SENT, STALE)),
    Ill("an integer beyond 2^53", altered(is_whole, like(ABOVE_DOUBLE)), (SENT,)),
    Ill(
        "emoji and right-to-left",
        altered(is_words, lambda v: f"{v} {EMOJI}"),
        (EQUAL, SENT),
    ),
    Ill("NaN", altered(is_measure, like(float("nan"))), (SENT, STALE)),
    Ill("Infinity", altered(is_measure, like(float("inf"))), (SENT, STALE)),
    Ill("negative spend", altered(is_amount, like(-12.34)), (SENT, STALE)),
    Ill("a currency change", altered(is_currency, lambda _: "JPY"), (SENT, STALE)),
)
