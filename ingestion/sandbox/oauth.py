"""The authorisation servers of all platforms: consent, codes, tokens, and how they end.

Played from each source's Consent, so that what a person walks through by `playhead auth`
is tried here first. Consents to everything at once; a test tells it to decline, to let
codes and tokens end, and reads what it has given out.
Source: RFC 6749 sections 4.1, 5, 6; RFC 7636; RFC 7523.
"""

import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode, urlsplit

from google.auth import jwt

from ingestion.consent import challenge
from ingestion.registry import sources
from ingestion.sandbox.http import Reply, Request, Route
from ingestion.spec import Consent, SourceSpec

CODE_SECONDS = 600.0
ACCESS_SECONDS = 3599
LONG_SECONDS = 5_184_000  # sixty days
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ACCESS = "sandbox-access-"  # how access tokens begin
REVOKED = "revoked"  # the token that every fake refuses
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_CARRIERS = ("authorization", "access-token")  # headers in which tokens come


@dataclass(frozen=True, slots=True)
class _Code:
    """What was consented to, until it is redeemed, once."""

    client_id: str
    redirect_uri: str
    challenge: str
    at: float


class Refused(Exception):
    """An error of RFC 6749, section 5.2: its word, and a sentence."""


@dataclass(slots=True)
class AuthorisationServer:
    """What it has given out, and what of that is no good any more."""

    now: Callable[[], float] = time.time
    declines: bool = False
    ended: set[str] = field(default_factory=set)
    issued: list[str] = field(
        default_factory=list
    )  # tokens and codes, as they went out
    public_keys: dict[str, str] = field(default_factory=dict)  # of service accounts
    _codes: dict[str, _Code] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        """Both endpoints of every source that has a consent; some share theirs."""
        found: dict[tuple[str, str], list[SourceSpec]] = {}
        pages: set[str] = set()
        for source in sources().values():
            if (consent := source.SPEC.consent) is None:
                continue
            method = "GET" if consent.asked_by == "query" else "POST"
            ends = {consent.token_url, consent.refresh_url or consent.token_url}
            pages.add(urlsplit(consent.authorize_url).path)
            for how, url in [
                ("GET", consent.authorize_url),
                *((method, e) for e in ends),
            ]:
                found.setdefault((how, urlsplit(url).path), []).append(source.SPEC)
        return [
            Route(
                method,
                re.escape(path),
                self._page(specs) if path in pages else self._tokens(specs),
            )
            for (method, path), specs in found.items()
        ]

    def end_tokens(self) -> None:
        """From now on, every access token given out so far is refused by its platform."""
        self.ended.update(each for each in self.issued if each.startswith(ACCESS))

    def seen(self, headers: Mapping[str, str]) -> Mapping[str, str]:
        """Headers in which a token that has ended reads `revoked`."""
        told = dict(headers)
        for name in _CARRIERS:
            kind, _, token = told.get(name, "").rpartition(" ")
            if token in self.ended:
                told[name] = f"{kind} {REVOKED}".strip()
        return told

    def _page(self, specs: list[SourceSpec]) -> Callable[[Request], Reply]:
        consents = _consents(specs)
        scopes = {scope for consent in consents for scope in consent.scopes}

        def consented(request: Request) -> Reply:
            return self._consented(consents[0], scopes, request)

        return consented

    def _consented(self, consent: Consent, scopes: set[str], request: Request) -> Reply:
        told = _in_our_words(consent, request.query)
        back, client = told.get("redirect_uri", ""), told.get("client_id", "")
        if urlsplit(back).hostname not in LOOPBACK or not client:
            # Never redirect to where nobody asked to: RFC 6749, section 4.1.2.1.
            return Reply({"error": "invalid_request"}, 400)
        asked = [s for s in told.get("scope", "").split(consent.scope_separator) if s]
        answer = {"state": told.get("state", "")}
        is_asked = consent.words.get("response_type") != ""
        if is_asked and told.get("response_type") != "code":
            answer["error"] = "unsupported_response_type"
        elif consent.scopes and (not asked or set(asked) - scopes):
            answer["error"] = "invalid_scope"
        elif consent.pkce and not (
            told.get("code_challenge") and told.get("code_challenge_method") == "S256"
        ):
            answer["error"] = "invalid_request"
        elif self.declines:
            answer["error"] = "access_denied"
        else:
            code = self._issue("code")
            challenge = told.get("code_challenge", "")
            self._codes[code] = _Code(client, back, challenge, self.now())
            answer[consent.words.get("code") or "code"] = code
        return Reply(None, 302, {"Location": f"{back}?{urlencode(answer)}"}, raw=b"")

    def _tokens(self, specs: list[SourceSpec]) -> Callable[[Request], Reply]:
        """Sources of one platform share its endpoint, each with scopes of its own."""
        consents = _consents(specs)
        served = tuple(scope for each in consents for scope in each.service_account)
        consent = replace(consents[0], service_account=served)
        settings = {setting.name for spec in specs for setting in spec.settings}
        lives = ACCESS_SECONDS if "REFRESH_TOKEN" in settings else LONG_SECONDS

        def given(request: Request) -> Reply:
            try:
                told = _in_our_words(consent, _sent(consent, request))
                answer = self._granted(consent, told, lives)
            except Refused as error:
                return _refusal(consent, *error.args)
            if consent.inside is not None:
                answer = {"code": 0, "message": "OK", consent.inside: answer}
            return Reply(answer)

        return given

    def _granted(
        self, consent: Consent, told: Mapping[str, str], lives: int
    ) -> dict[str, object]:
        kind = told.get("grant_type") or "authorization_code"
        if kind == JWT_BEARER and consent.service_account:
            self._verify(consent, told.get("assertion", ""))
            return self._tokens_of(lives)
        if not told.get("client_id") or not told.get("client_secret"):
            raise Refused("invalid_client", "The client is not known.")
        if kind == consent.prolongs:
            self._living(told.get(kind, ""))
            return self._tokens_of(LONG_SECONDS)
        if kind == "refresh_token":
            old = told.get("refresh_token", "")
            self._living(old)
            answer = self._tokens_of(lives)
            if consent.rotates:
                self.ended.add(old)
                answer["refresh_token"] = self._issue("refresh")
            return answer
        if kind != "authorization_code":
            raise Refused("unsupported_grant_type", f"No grant of type {kind}.")
        self._redeem(consent, told)
        answer = self._tokens_of(lives)
        for said, setting in consent.tells.items():
            answer[said] = f"sandbox-{setting.lower().replace('_', '-')}"
        if lives == ACCESS_SECONDS:
            answer["refresh_token"] = self._issue("refresh")
        return answer

    def _redeem(self, consent: Consent, told: Mapping[str, str]) -> None:
        code = self._codes.pop(told.get("code", ""), None)
        if code is None or self.now() - code.at > CODE_SECONDS:
            raise Refused("invalid_grant", "The code has expired or was used before.")
        if told["client_id"] != code.client_id:
            raise Refused("invalid_grant", "The code was given to another client.")
        is_asked = consent.words.get("redirect_uri") != ""
        if (
            is_asked
            and told.get("redirect_uri", code.redirect_uri) != code.redirect_uri
        ):
            raise Refused("redirect_uri_mismatch", "The redirect_uri is another one.")
        if (
            code.challenge
            and challenge(told.get("code_verifier", "")) != code.challenge
        ):
            raise Refused("invalid_grant", "The code verifier is wrong.")

    def _verify(self, consent: Consent, assertion: str) -> None:
        try:
            claims = jwt.decode(assertion, verify=False)
        except ValueError:
            raise Refused("invalid_grant", "Invalid JWT.") from None
        known = self.public_keys.get(str(claims.get("iss")))
        if known is not None:
            try:
                jwt.decode(assertion, certs=known)
            except ValueError:
                raise Refused("invalid_grant", "Invalid JWT Signature.") from None
        if set(str(claims.get("scope")).split()) - set(consent.service_account):
            raise Refused("invalid_scope", "Invalid OAuth scope or ID token audience.")
        if not 0 < claims["exp"] - claims["iat"] <= 3600:
            raise Refused("invalid_grant", "Token must be a short-lived one.")

    def _living(self, token: str) -> None:
        if not token or token == REVOKED or token in self.ended:
            raise Refused("invalid_grant", "Token has been expired or revoked.")

    def _tokens_of(self, seconds: int) -> dict[str, object]:
        return {
            "access_token": self._issue("access"),
            "expires_in": seconds,
            "token_type": "Bearer",
        }

    def _issue(self, kind: str) -> str:
        value = f"sandbox-{kind}-{secrets.token_hex(16)}"
        self.issued.append(value)
        return value


def _consents(specs: list[SourceSpec]) -> list[Consent]:
    return [spec.consent for spec in specs if spec.consent is not None]


def _sent(consent: Consent, request: Request) -> Mapping[str, str]:
    if consent.asked_by == "query":
        return request.query
    sent: Mapping[str, str] = (
        request.json() if consent.asked_by == "json" else request.form()
    )
    return sent


def _in_our_words(consent: Consent, told: Mapping[str, str]) -> dict[str, str]:
    ours = {theirs: name for name, theirs in consent.words.items() if theirs}
    return {ours.get(name, name): value for name, value in told.items()}


def _refusal(consent: Consent, word: str, said: str) -> Reply:
    """The platforms' own envelopes: TikTok's, Meta's, and that of RFC 6749."""
    if consent.inside is not None:
        return Reply({"code": 40105, "message": said, consent.inside: {}})
    if consent.asked_by == "query":
        kind = {"message": said, "type": "OAuthException", "code": 100}
        return Reply({"error": {**kind, "error_subcode": 36009}}, 400)
    status = 401 if word == "invalid_client" else 400
    return Reply({"error": word, "error_description": said}, status)
