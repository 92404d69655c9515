"""The small vocabulary of the fakes: Route, Request, Reply. No sockets here."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import orjson


@dataclass(frozen=True, slots=True)
class Request:
    """What came in; `found` holds the named groups of the route's pattern."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""
    found: Mapping[str, str] = field(default_factory=dict)
    base_url: str = ""
    raw_query: str = ""  # as it was spelled: some platforms care

    def json(self) -> Any:
        return json.loads(self.body or b"{}")

    def form(self) -> dict[str, str]:
        return {k: v[-1] for k, v in parse_qs(self.body.decode()).items()}

    @property
    def token(self) -> str | None:
        kind, _, value = self.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and value:
            return value
        return self.query.get("access_token")


@dataclass(frozen=True, slots=True)
class Wire:
    """How badly an answer travels: late, in small pieces, or cut off."""

    delay: float = 0.0  # seconds before the first byte
    pause: float = 0.0  # seconds between two pieces
    pieces: int = 1
    cut: bool = False  # the connection ends at half of what was promised


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes out: JSON unless `raw` is given."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    wire: Wire | None = None

    def encoded(self) -> bytes:
        if self.raw is not None:
            return self.raw
        return orjson.dumps(self.body, option=orjson.OPT_SERIALIZE_NUMPY)


Handler = Callable[[Request], Reply]


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path pattern (a regular expression with named groups)."""

    method: str
    pattern: str
    handler: Handler
    # Parameters that must be so: two questions of one path, told apart by them.
    when: Mapping[str, str] = field(default_factory=dict)

    def match(
        self, method: str, path: str, query: Mapping[str, str]
    ) -> re.Match[str] | None:
        if method != self.method:
            return None
        if any(query.get(name) != value for name, value in self.when.items()):
            return None
        return re.fullmatch(self.pattern, path)
