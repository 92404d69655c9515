"""HTTP for every source: one client with time-outs, retries, throttling and redaction.

Wraps dlt's requests client. What an answer means is the source's verdict; paging loops
are the source's own. Not here: tables, types.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import requests
from dlt.sources.helpers.requests import Client
from tenacity import (
    Retrying,
    retry_if_result,
    stop_after_delay,
    wait_exponential,
)

from ingestion.errors import (
    AnswerUnreadable,
    CredentialMissing,
    CredentialRefused,
    RateLimited,
    RequestRefused,
    SourceUnreachable,
    TooMuchAsked,
)
from ingestion.spec import SourceSpec
from warehouse.settings import Settings

_SECRET = re.compile(
    r"((?:access_token|refresh_token|client_secret|appsecret_proof|key|token)=)[^&\s]+",
    re.IGNORECASE,
)


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait and how often to try, in seconds and attempts."""

    timeout: float = 30.0
    attempts: int = 5
    backoff: float = 0.5
    longest_wait: float = 60.0
    longest_job: float = 900.0  # a report that the platform prepares


def redact(text: str) -> str:
    """`text` without tokens: what may be logged or quoted."""
    return _SECRET.sub(r"\1***", text)


def default_verdict(status: int, body: object) -> str:
    """What most platforms mean by a status."""
    if status in (401, 403):
        return "refused"
    if status == 429 or status >= 500:
        return "retry"
    return "ok" if status < 400 else "wrong"


@dataclass(slots=True)
class Api:
    """One source's platform, as this run may reach it.

    Sandbox and tests replace every host by one URL. `setting` reads the source's own
    variables, so a credential is named in one place.
    """

    spec: SourceSpec
    settings: Settings
    patience: Patience = field(default_factory=Patience)
    headers: dict[str, str] = field(default_factory=dict)
    # Of the last answer: some platforms say more there than in the body.
    answer_headers: Mapping[str, str] = field(default_factory=dict)
    _client: Client | None = None
    _token: str | None = None

    def setting(self, name: str) -> str:
        """The variable PLAYHEAD_<SOURCE>_<NAME>.

        Raises: CredentialMissing with the variable to set.
        """
        variable = self.spec.variable(name)
        value = self.settings.credentials.get(variable)
        if value:
            return value
        if self.settings.is_simulated:
            return SANDBOX_VALUES.get(name, f"sandbox-{name.lower().replace('_', '-')}")
        raise CredentialMissing(
            f"{variable} is not set: put it into .env (docs/operations.md names where "
            f"{self.spec.title} shows it)"
        )

    def optional(self, name: str) -> str | None:
        """A variable that may stay unset; the sandbox sets none of them."""
        return self.settings.credentials.get(self.spec.variable(name)) or None

    def host(self, name: str) -> str:
        return self.settings.sandbox_url or self.spec.hosts[name]

    def get(self, host: str, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """Decoded JSON of a GET. Raises a SourceError whose message names the remedy."""
        return self._send("GET", self.host(host) + path, params=params)

    def post(self, host: str, path: str, body: object) -> Any:
        """Decoded JSON of a POST with a JSON body."""
        return self._send("POST", self.host(host) + path, json=body)

    def post_form(self, host: str, path: str, form: Mapping[str, Any]) -> Any:
        """Decoded JSON of a POST with a form as its body."""
        return self._send("POST", self.host(host) + path, data=form)

    def follow(self, url: str) -> Any:
        """A next-page address as the platform gave it."""
        return self._send("GET", url)

    def until(self, look: Callable[[], T | None], what: str) -> T:
        """Call `look` until it finds something, ever more slowly.

        Raises: SourceUnreachable when that takes longer than `patience.longest_job`.
        """
        found = Retrying(
            retry=retry_if_result(lambda each: each is None),
            wait=wait_exponential(
                multiplier=self.patience.backoff, max=self.patience.longest_wait
            ),
            stop=stop_after_delay(self.patience.longest_job),
            retry_error_callback=lambda _: None,
        )(look)
        if found is None:
            raise SourceUnreachable(
                f"{self.spec.title} did not finish {what} within "
                f"{self.patience.longest_job:.0f} seconds: run again later"
            )
        return found

    def _send(self, method: str, url: str, **request: Any) -> Any:
        response = self._once(method, url, **request)
        if self._verdict(response) == "refused" and self._token is not None:
            # Tokens live an hour: one refresh in mid-run is normal, two are not.
            self._token = None
            response = self._once(method, url, **request)
        return self._answer(response)

    def _once(self, method: str, url: str, **request: Any) -> requests.Response:
        headers = {**self.headers, "Authorization": f"Bearer {self.token()}"}
        return self._request(method, url, headers=headers, **request)

    def _request(self, method: str, url: str, **request: Any) -> requests.Response:
        client = self._client = self._client or self._new_client()
        try:
            response: requests.Response = client.session.request(method, url, **request)
        except requests.RequestException as error:
            raise SourceUnreachable(
                f"{self.spec.title} gave no answer at {redact(url)} after "
                f"{self.patience.attempts} attempts ({type(error).__name__}): check the "
                "network, then run again; the last good data stays"
            ) from error
        return response

    def _new_client(self) -> Client:
        return Client(
            request_timeout=self.patience.timeout,
            raise_for_status=False,
            status_codes=(),
            request_max_attempts=self.patience.attempts,
            request_backoff_factor=self.patience.backoff,
            request_max_retry_delay=self.patience.longest_wait,
            retry_condition=self._worth_retrying,
        )

    def _worth_retrying(
        self, response: requests.Response | None, error: BaseException | None
    ) -> bool:
        if response is None:
            return False
        return self._verdict(response) == "retry"

    def _verdict(self, response: requests.Response) -> str:
        judge = self.spec.verdict or default_verdict
        verdict = judge(response.status_code, _body(response))
        if verdict == "ok" and _body(response) is None:
            return "retry"  # an HTML error page or a cut-off body behind status 200
        return verdict

    def _answer(self, response: requests.Response) -> Any:
        verdict = self._verdict(response)
        body = _body(response)
        if verdict == "ok" and body is not None:
            self.answer_headers = response.headers
            return body
        said = redact(_message(body) or response.text[:200].replace("\n", " "))
        at = f"{self.spec.title} answered {response.status_code} at "
        at += redact(response.url.split("?")[0])
        if verdict == "refused":
            raise CredentialRefused(
                f'{at}: "{said}". Renew {self._credentials()} '
                f"(docs/operations.md#{self.spec.name})"
            )
        if verdict == "quota":
            raise RateLimited(
                f'{at}: "{said}". The day\'s quota is used up; the next night goes on'
            )
        if verdict == "too_much":
            raise TooMuchAsked(f'{at}: "{said}". Ask for fewer days or rows at a time')
        if verdict == "retry" and body is not None:
            raise SourceUnreachable(
                f'{at}: "{said}", {self.patience.attempts} times. Run again later'
            )
        if body is None:
            raise AnswerUnreadable(
                f'{at} with what is no JSON: "{said}". Run again; if it stays, a proxy '
                "stands between"
            )
        raise RequestRefused(f'{at}: "{said}". Report this: the request was wrong')

    def _credentials(self) -> str:
        names = [self.spec.variable(s.name) for s in self.spec.settings if s.is_secret]
        return ", ".join(names) or "the credential"

    def token(self) -> str:
        """The bearer token: as given, or exchanged for the refresh token (Google)."""
        if self._token is None:
            names = {setting.name for setting in self.spec.settings}
            if "REFRESH_TOKEN" in names:
                self._token = self._exchange()
            else:
                return self.setting("ACCESS_TOKEN")
        return self._token

    def _exchange(self) -> str:
        """POST /token, RFC 6749 section 6."""
        response = self._request(
            "POST",
            self.host("oauth") + "/token",
            data={
                "grant_type": "refresh_token",
                "refresh_token": self.setting("REFRESH_TOKEN"),
                "client_id": self.setting("CLIENT_ID"),
                "client_secret": self.setting("CLIENT_SECRET"),
            },
        )
        body = _body(response)
        if response.status_code == 200 and isinstance(body, dict):
            return str(body["access_token"])
        if response.status_code >= 500:
            return str(self._answer(response))  # raises: no word about the credential
        said = redact(_message(body) or str(response.status_code))
        raise CredentialRefused(
            f'{self.spec.title} refused the refresh token: "{said}". Give consent '
            f"again and set {self.spec.variable('REFRESH_TOKEN')} "
            f"(docs/operations.md#{self.spec.name})"
        )


SANDBOX_VALUES = {"CHANNEL_ID": "MINE"}


def _body(response: requests.Response) -> Any:
    """The decoded JSON, or None where the body is none; decoded once per response."""
    if not hasattr(response, "playhead_body"):
        try:
            decoded = response.json()
        except ValueError:
            decoded = None
        response.playhead_body = decoded  # type: ignore[attr-defined]
    return response.playhead_body  # type: ignore[attr-defined]


def _message(body: object) -> str | None:
    """The sentence inside the error envelopes of the platforms."""
    if not isinstance(body, dict):
        return None
    error = body.get("error")
    if isinstance(error, dict):
        return str(error.get("message", error))
    described = body.get("error_description") or body.get("message") or error
    return str(described) if described else None
