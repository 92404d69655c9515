"""The small vocabulary of the fakes: Route, Request, Reply. No sockets here."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs


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
class Reply:
    """What goes out: JSON unless `raw` is given."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None

    def encoded(self) -> bytes:
        if self.raw is not None:
            return self.raw
        return json.dumps(self.body, separators=(",", ":")).encode()


Handler = Callable[[Request], Reply]


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path pattern (a regular expression with named groups)."""

    method: str
    pattern: str
    handler: Handler

    def match(self, method: str, path: str) -> re.Match[str] | None:
        return re.fullmatch(self.pattern, path) if method == self.method else None
