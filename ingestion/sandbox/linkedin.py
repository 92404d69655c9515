"""How LinkedIn's APIs say no in the sandbox, and how their Rest.li questions are read.

Not here: what any of them answers (each source's fake).
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import unquote

from ingestion.sandbox.http import Reply, Request

LIVE = range(202511, 202612)  # versions that are answered


class Refused(Exception):
    """An error body on its way out."""

    def __init__(self, status: int, code: str, says: str, service: int = 0) -> None:
        body: dict[str, Any] = {"status": status, "code": code, "message": says}
        self.reply = Reply({**body, "serviceErrorCode": service}, status)


def answered(handler: Callable[[Request], Any], request: Request) -> Reply:
    """Token, versions and envelope, the same for every path."""
    try:
        _check(request)
        return Reply(handler(request), headers={"x-li-uuid": "sandbox"})
    except Refused as error:
        return error.reply


def _check(request: Request) -> None:
    if request.path.startswith("/rest/"):  # what lies below /v2/ knows no versions
        _check_version(request)
    if request.headers.get("x-restli-protocol-version") != "2.0.0":
        says = "X-Restli-Protocol-Version must be 2.0.0"
        raise Refused(400, "ILLEGAL_ARGUMENT", says)
    if not request.token:
        raise Refused(401, "EMPTY_ACCESS_TOKEN", "Empty oauth2 access token", 65604)
    if request.token == "revoked":
        says = "The token used in the request has been revoked by the user"
        raise Refused(401, "REVOKED_ACCESS_TOKEN", says, 65601)


def _check_version(request: Request) -> None:
    version = request.headers.get("linkedin-version", "")
    if not version:
        says = "A version must be present. Please specify a version by adding the "
        raise Refused(400, "VERSION_MISSING", says + "LinkedIn-Version header.")
    if not version.isdigit() or int(version) not in LIVE:
        says = f"Requested version {version} is not active"
        raise Refused(426, "NONEXISTENT_VERSION", says)


def illegal(name: str) -> Refused:
    says = f"Invalid query parameters passed to request: {name}"
    return Refused(400, "ILLEGAL_ARGUMENT", says)


def urn(request: Request, name: str) -> str:
    """A URN, encoded."""
    found = re.search(rf"(?:^|&){name}=([^&]*)", request.raw_query)
    if found is None or ":" in found[1]:
        raise illegal(name)
    return unquote(found[1])


def urns(request: Request, name: str) -> list[str]:
    """A list whose brackets are literal and whose URNs are encoded."""
    found = re.search(rf"(?:^|&){name}=List\(([^)&]*)\)", request.raw_query)
    if found is None or ":" in found[1]:
        raise illegal(name)
    return [unquote(part) for part in found[1].split(",") if part]


def millis(day: date) -> int:
    return (day - date(1970, 1, 1)).days * 86_400_000
