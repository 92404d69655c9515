"""The walk to a platform's own consent page and back to a loopback address.

A state that only we know, PKCE where the platform offers it, one answer, a time limit.
Not here: how codes become tokens (grants.py), which credential is used (access.py).
Source: RFC 8252 (native apps), RFC 7636 (PKCE), RFC 6749 section 4.1.
"""

import base64
import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from ingestion.access import Access
from ingestion.errors import ConsentFailed
from ingestion.grants import Grant
from ingestion.spec import Consent

BACK = "/"
_PAGE = (
    "<!doctype html><meta charset=utf-8><title>Playhead</title>"
    "<p style='font:1.2em sans-serif;margin:4em auto;max-width:30em'>"
)


@dataclass(frozen=True, slots=True)
class Walk:
    """One request for consent: its address, and what only we know of it."""

    url: str
    redirect_uri: str
    state: str = field(repr=False)
    verifier: str | None = field(default=None, repr=False)


def walk(
    access: Access,
    *,
    port: int,
    seconds: float,
    show: Callable[[str], None],
    clock: Callable[[], float] = time.monotonic,
) -> Grant:
    """Ask a person on the platform's page; `show` gets the address they have to open.

    Raises: ConsentFailed (declined, not ours, too late); CredentialRefused for the code.
    """
    consent = access.consent
    with _Loopback(("127.0.0.1", port), _Handler) as server:
        back = f"http://{consent.loopback}:{server.server_address[1]}{BACK}"
        asked = begin(consent, access.setting(consent.client[0]), back)
        show(_standing_in(access, asked.url))
        server.begin(asked, consent)
        ends = clock() + seconds
        while server.code is None and server.error is None:
            server.timeout = ends - clock()
            if server.timeout <= 0:
                raise ConsentFailed(
                    f"nobody consented within {seconds:.0f} seconds: "
                    f"`playhead auth {access.spec.name}` asks again"
                )
            server.handle_request()
    if server.error is not None:
        raise ConsentFailed(
            f"{access.spec.title}: {server.error}. Nothing was kept; `playhead auth "
            f"{access.spec.name}` asks again"
        )
    return _redeemed(access, asked, server.code or "")


def begin(consent: Consent, client_id: str, redirect_uri: str) -> Walk:
    """The address to open, in the platform's words, with a fresh state and verifier."""
    state = secrets.token_urlsafe(32)
    verifier = secrets.token_urlsafe(64) if consent.pkce else None
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": consent.scope_separator.join(consent.scopes),
        "state": state,
    }
    if verifier is not None:
        asked |= {
            "code_challenge": challenge(verifier),
            "code_challenge_method": "S256",
        }
    spelt = {
        consent.words.get(name, name): told for name, told in asked.items() if told
    }
    spelt.pop("", None)  # words the platform does not know
    url = f"{consent.authorize_url}?{urlencode({**spelt, **consent.parameters})}"
    return Walk(url, redirect_uri, state, verifier)


def challenge(verifier: str) -> str:
    """RFC 7636, section 4.2: S256."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _redeemed(access: Access, asked: Walk, code: str) -> Grant:
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": asked.redirect_uri,
    }
    if asked.verifier is not None:
        fields["code_verifier"] = asked.verifier
    grant = access.redeemed(fields)
    if access.consent.prolongs is not None:  # an hour becomes weeks
        return access.prolonged(grant.access_token)
    return grant


def _standing_in(access: Access, url: str) -> str:
    """The same page at the sandbox, where that stands in for the platform."""
    return access.at(url) + "?" + urlsplit(url).query


class _Loopback(HTTPServer):
    """Waits for the one request that the platform's page sends the browser to."""

    code: str | None = None
    error: str | None = None
    _state = ""
    _word = "code"

    def begin(self, asked: Walk, consent: Consent) -> None:
        self._state = asked.state
        self._word = consent.words.get("code") or "code"

    def heard(self, query: dict[str, list[str]]) -> str:
        """What the person reads; sets `code` or `error`."""
        told = {name: values[-1] for name, values in query.items()}
        if not secrets.compare_digest(told.get("state", ""), self._state):
            self.error = (
                "the answer does not belong to this request (its state is another one): "
                "perhaps a page of an earlier try"
            )
        elif "error" in told:
            denied = told["error"] in ("access_denied", "user_denied")
            said = told.get("error_description") or told["error"]
            said = "".join(letter for letter in said if letter.isprintable())[:200]
            self.error = "consent was declined" if denied else f'it said "{said}"'
        elif told.get(self._word):
            self.code = told[self._word]
            return "Playhead may read now. You can close this window."
        else:
            self.error = "the answer holds no code"
        return f"Nothing was changed: {self.error}."


class _Handler(BaseHTTPRequestHandler):
    server: _Loopback
    timeout = 5.0  # a browser that opens a connection and says nothing

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path != BACK:  # browsers ask for an icon
            self.send_error(404)
            return
        text = self.server.heard(parse_qs(url.query))
        body = (_PAGE + escape(text)).encode()
        self.send_response(200 if self.server.code else 400)
        for name, value in (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("Connection", "close"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """The address holds the code: it is written nowhere."""
