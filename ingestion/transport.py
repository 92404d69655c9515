"""HTTP for every source: one client with time-outs, retries, throttling and redaction.

Wraps dlt's requests client. What an answer means is the source's verdict; paging loops
are the source's own. Not here: tables, types; what an envelope holds (answers.py), which
token is sent (access.py).
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import requests
from urllib3.exceptions import HTTPError

from ingestion.access import Access
from ingestion.answers import asked_to_wait, body_of, code_inside, message_of, spell
from ingestion.errors import (
    AnswerUnreadable,
    RateLimited,
    RequestRefused,
    SourceUnreachable,
    TooMuchAsked,
)
from ingestion.parallel import in_order
from ingestion.spec import SourceSpec
from warehouse.settings import Settings

if TYPE_CHECKING:
    from dlt.sources.helpers.requests import Client

T = TypeVar("T")
R = TypeVar("R")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait and how often to try, in seconds and attempts."""

    timeout: float = 30.0  # of silence on the line
    longest_answer: float = 300.0  # from the question to its last byte
    attempts: int = 5
    backoff: float = 0.5
    longest_wait: float = 60.0  # between two attempts, unless the platform asks for it
    longest_throttle: float = 1200.0  # in all, where the platform asks for it
    longest_job: float = 900.0  # a report that the platform prepares
    sleep: Callable[[float], None] = time.sleep

    def pause(self, attempt: int) -> float:
        """Seconds after the so-many-th attempt that failed: ever longer."""
        return float(min(self.longest_wait, self.backoff * 2 ** (attempt - 1)))


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
    throttled: float = 0.0  # seconds waited because the platform asked for it
    access: Access = field(init=False)
    _client: "Client | None" = None
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _last: threading.local = field(default_factory=threading.local, repr=False)

    def __post_init__(self) -> None:
        self.access = Access(self.spec, self.settings, self._request)
        self._client = self._new_client()

    @property
    def answer_headers(self) -> Mapping[str, str]:
        """Of this thread's last answer: some platforms say more there than in a body."""
        return getattr(self._last, "headers", {})

    def each(self, work: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """`work` on every item, as many at once as the platform takes, in their order."""
        return in_order(work, items, at_once=self.spec.requests_at_once)

    def setting(self, name: str) -> str:
        """The variable PLAYHEAD_<SOURCE>_<NAME>.

        Raises: CredentialMissing with the variable to set.
        """
        return self.access.setting(name)

    def optional(self, name: str) -> str | None:
        """A variable that may stay unset; the sandbox sets none of them."""
        return self.access.optional(name)

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
        waited, looks = 0.0, 0
        while (found := look()) is None and waited < self.patience.longest_job:
            looks += 1
            self.patience.sleep(self.patience.pause(looks))
            waited += self.patience.pause(looks)
        if found is None:
            raise SourceUnreachable(
                f"{self.spec.title} did not finish {what} within "
                f"{self.patience.longest_job:.0f} seconds: run again later"
            )
        return found

    def _send(self, method: str, url: str, **request: Any) -> Any:
        with self._lock:
            token = self.token()
        response = self._once(token, method, url, **request)
        if self._verdict(response) == "refused":
            # Tokens live an hour: one renewal in mid-run is normal, two are not.
            with self._lock:
                another = self.token() != token or self.access.has_another()
                token = self.token() if another else token
            if another:
                response = self._once(token, method, url, **request)
        return self._answer(response)

    def _once(
        self, token: str, method: str, url: str, **request: Any
    ) -> requests.Response:
        name = self.spec.token_header
        said = f"Bearer {token}" if name == "Authorization" else token
        headers = {**self.spec.headers, **self.headers, name: said}
        return self._request(method, url, headers=headers, **request)

    def _request(self, method: str, url: str, **request: Any) -> requests.Response:
        """Ask until the answer is one to keep, as often and as long as is patient.

        Raises: SourceUnreachable; RateLimited where the platform wants a longer wait.
        """
        attempt = 0
        while True:
            attempt += 1
            try:
                response = self._asked(method, url, **request)
            except (requests.RequestException, HTTPError) as error:
                if attempt >= self.patience.attempts:
                    raise SourceUnreachable(
                        f"{self.spec.title} gave no answer at "
                        f"{self.access.redacted(url)} after {self.patience.attempts} "
                        f"attempts ({type(error).__name__}): check the network, then run "
                        "again; the last good data stays"
                    ) from None  # its own message quotes the whole address
                self.patience.sleep(self.patience.pause(attempt))
                continue
            verdict = self._verdict(response)
            wait = self._wait(response) if verdict in ("retry", "quota") else None
            if wait is not None and wait > self.patience.longest_wait:
                self._throttle(response, wait)
                attempt -= 1  # its own limit ends it
            elif verdict != "retry" or attempt >= self.patience.attempts:
                return response
            else:
                self.patience.sleep(wait or self.patience.pause(attempt))

    def _asked(self, method: str, url: str, **request: Any) -> requests.Response:
        """One question and its whole answer, however slowly it trickles in."""
        assert self._client is not None
        ends = time.monotonic() + self.patience.longest_answer
        response: requests.Response = self._client.session.request(
            method, url, stream=True, **request
        )
        parts = []
        while part := response.raw.read1(2**20, decode_content=True):
            parts.append(part)
            if time.monotonic() > ends:
                response.close()
                raise requests.Timeout("the answer came too slowly")
        response._content = b"".join(parts)
        response._content_consumed = True  # type: ignore[attr-defined]
        response.close()
        return response

    def _wait(self, response: requests.Response) -> float | None:
        """Seconds the platform asks for, in its own way or in a common one."""
        told = None
        if self.spec.hint is not None:
            told = self.spec.hint(response.headers, body_of(response))
        return told if told is not None else asked_to_wait(response)

    def _throttle(self, response: requests.Response, wait: float) -> None:
        """Wait as long as the platform asks, within what a run may wait in all."""
        if self.throttled + wait > self.patience.longest_throttle:
            raise RateLimited(
                f"{self._said(response)}. It asks to wait {spell(wait)}; a run waits "
                f"{spell(self.patience.longest_throttle)} at most, "
                f"{spell(self.throttled)} are spent. The next run goes on"
            )
        self.throttled += wait
        _log.warning("%s asks to wait %s", self.spec.title, spell(wait))
        self.patience.sleep(wait)

    def _new_client(self) -> "Client":
        # here, because the sandbox reads the sources without ever asking one
        from dlt.sources.helpers.requests import Client

        return Client(
            request_timeout=self.patience.timeout,
            raise_for_status=False,
            status_codes=(),
            exceptions=(),
            request_max_attempts=1,
        )

    def _verdict(self, response: requests.Response) -> str:
        judge = self.spec.verdict or default_verdict
        body = body_of(response)
        verdict = judge(response.status_code, body)
        if verdict != "ok":
            return verdict
        if body is None:
            return "retry"  # an HTML error page or a cut-off body behind status 200
        inside = code_inside(body)
        if inside is not None:  # an error that some gateway sent with status 200
            verdict = judge(inside, body)
            return "retry" if verdict == "ok" else verdict
        return verdict

    def _said(self, response: requests.Response) -> str:
        said = message_of(body_of(response)) or response.text[:200].replace("\n", " ")
        at = self.access.redacted(response.url.split("?")[0])
        return (
            f"{self.spec.title} answered {response.status_code} at {at}: "
            f'"{self.access.redacted(said)}"'
        )

    def _answer(self, response: requests.Response) -> Any:
        verdict = self._verdict(response)
        body = body_of(response)
        if verdict == "ok" and body is not None:
            self._last.headers = response.headers
            return body
        said = self._said(response)
        if verdict == "refused":
            raise self.access.refused(said)
        if verdict == "quota":
            raise RateLimited(
                f"{said}. The day's quota is used up; the next night goes on"
            )
        if verdict == "too_much":
            raise TooMuchAsked(f"{said}. Ask for fewer days or rows at a time")
        if verdict == "retry" and body is not None:
            raise SourceUnreachable(
                f"{said}, {self.patience.attempts} times. Run again later"
            )
        if body is None:
            raise AnswerUnreadable(
                f"{said}, which is no JSON. Run again; if it stays, a proxy stands "
                "between"
            )
        raise RequestRefused(f"{said}. Report this: the request was wrong")

    def token(self) -> str:
        """The bearer token: as given, or exchanged for what a consent left us."""
        return self.access.token()
