"""What an authorisation server gives: a Grant, and the words it is asked for with.

RFC 6749 with each platform's own spelling (Consent); a service account asserts who it is
(RFC 7523) instead of asking a person. Not here: when a token is renewed and where it is
kept (access.py), the walk to the platform's page (consent.py).
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from google.auth import crypt, jwt

from ingestion.answers import body_of, message_of
from ingestion.errors import CredentialRefused, SourceUnreachable
from ingestion.spec import Consent, SourceSpec

Send = Callable[..., requests.Response]
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SHORTEST = 8  # letters: below that it is a word of the sentence, not a secret
ASSERTION_SECONDS = 3600  # Google takes no longer one
_HOW = {"form": ("POST", "data"), "json": ("POST", "json"), "query": ("GET", "params")}
_SECRET = re.compile(
    r"((?:access_token|refresh_token|fb_exchange_token|client_secret|secret|"
    r"appsecret_proof|assertion|code|code_verifier|auth_code|key|token)=)[^&\s\"]+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Grant:
    """Tokens, how many seconds each lives (None: nobody said), and what came beside."""

    access_token: str = field(repr=False)
    expires_in: float | None = None
    refresh_token: str | None = field(default=None, repr=False)
    refresh_expires_in: float | None = None
    beside: Mapping[str, str] = field(default_factory=dict)


def redact(text: str, secrets: tuple[str, ...] = ()) -> str:
    """`text` without tokens: what may be logged or quoted."""
    for secret in secrets:
        if len(secret) >= SHORTEST:
            text = text.replace(secret, "***")
    return _SECRET.sub(r"\1***", text)


def ask(
    spec: SourceSpec,
    consent: Consent,
    fields: Mapping[str, str],
    *,
    send: Send,
    at: Callable[[str], str],
    secrets: tuple[str, ...] = (),
) -> Grant:
    """What the token endpoint gives for `fields`, named as in RFC 6749.

    `at` makes the platform's address the one to use (the sandbox stands in for it).
    Raises: CredentialRefused in the platform's words; SourceUnreachable.
    """
    url = consent.token_url
    if fields["grant_type"] == "refresh_token":
        url = consent.refresh_url or url
    method, place = _HOW[consent.asked_by]
    spelt = {consent.words.get(name, name): value for name, value in fields.items()}
    spelt.pop("", None)  # words the platform does not know
    response = send(method, at(url), **{place: spelt})
    found = _grant(consent, body_of(response))
    if response.status_code < 400 and found is not None:
        return found
    said = message_of(body_of(response)) or str(response.status_code)
    said = redact(said, (*secrets, *_secret(fields)))
    if response.status_code >= 500 or response.status_code == 429:
        raise SourceUnreachable(
            f"{spec.title} answered {response.status_code} where tokens are given "
            f'({urlsplit(url).path}): "{said}". Run again later'
        )
    raise CredentialRefused(f'{spec.title} refused {_what(fields)}: "{said}"')


def from_service_account(key: str, scopes: tuple[str, ...], now: float) -> str:
    """The assertion of a Google service account, signed RS256 with its key.

    `key`: the JSON text, or the path of its file.
    Raises: CredentialRefused where it is no such key (the key itself is never quoted).
    """
    info = service_account(key)
    claims = {
        "iss": info["client_email"],
        "scope": " ".join(scopes),
        "aud": info["token_uri"],
        "iat": int(now),
        "exp": int(now) + ASSERTION_SECONDS,
    }
    try:
        signer = crypt.RSASigner.from_service_account_info(info)
    except ValueError:
        raise _no_key("its private_key cannot be read") from None
    return jwt.encode(signer, claims).decode()


def service_account(key: str) -> dict[str, str]:
    """The fields of a key. Raises: CredentialRefused, naming what is missing."""
    try:
        text = (
            key if key.lstrip().startswith("{") else Path(key).expanduser().read_text()
        )
        info = json.loads(text)
    except OSError as error:
        raise _no_key(f"{key}: {error.strerror}") from None
    except ValueError:
        raise _no_key("it is no JSON") from None
    wanted = {"client_email", "private_key", "token_uri"}
    if not isinstance(info, dict) or info.get("type") != "service_account":
        raise _no_key('its "type" is not "service_account"')
    if missing := wanted - set(info):
        raise _no_key(f"it lacks {', '.join(sorted(missing))}")
    return info


def _no_key(why: str) -> CredentialRefused:
    return CredentialRefused(
        f"this is no key of a service account ({why}): create one of type JSON in the "
        "Google Cloud console, under IAM, Service accounts, Keys"
    )


def _grant(consent: Consent, body: Any) -> Grant | None:
    if consent.inside is not None and isinstance(body, dict):
        body = body.get(consent.inside)
    if not isinstance(body, dict) or not body.get("access_token"):
        return None
    told = dict(body)
    names = ("access_token", "refresh_token", "expires_in", "refresh_expires_in")
    token, refresh, lives, refresh_lives = (told.pop(name, None) for name in names)
    # LinkedIn's and TikTok's word for the same
    refresh_lives = told.pop("refresh_token_expires_in", None) or refresh_lives
    return Grant(
        str(token),
        float(lives) if lives else None,
        str(refresh) if refresh else None,
        float(refresh_lives) if refresh_lives else None,
        {
            name: value
            for name, value in told.items()
            if isinstance(value, str) and "token" not in name
        },
    )


def _secret(fields: Mapping[str, str]) -> tuple[str, ...]:
    public = {"grant_type", "client_id", "redirect_uri", "scope"}
    return tuple(value for name, value in fields.items() if name not in public)


def _what(fields: Mapping[str, str]) -> str:
    return {
        "refresh_token": "the refresh token",
        "authorization_code": "the code of the consent",
        JWT_BEARER: "the service account",
    }.get(fields["grant_type"], "the token")
