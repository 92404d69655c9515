"""How a source's requests are let in: which credential, its token, and its renewal.

In this order: a service account's key, a refresh token, a token or key as it is. The
environment says it, or what `playhead auth` keeps; new tokens of a platform that rotates
them are kept there at once. Not here: what a token endpoint is asked (grants.py).
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

from ingestion import grants
from ingestion.errors import CredentialMissing, CredentialRefused, CredentialUnkept
from ingestion.grants import Grant, Send
from ingestion.spec import Consent, SourceSpec
from warehouse.settings import Settings
from warehouse.vault import Kept

SANDBOX_VALUES = {
    "CHANNEL_ID": "MINE",
    "BUSINESS_ID": "_000Qx3brindlemoorWz7uV1kT",  # no call tells whose token it is
}
WAYS = ("SERVICE_ACCOUNT", "REFRESH_TOKEN", "ACCESS_TOKEN")
EARLY_SECONDS = 60.0  # a token this near its end is not sent any more
PROLONG_SECONDS = 30 * 86_400.0  # and one of weeks is prolonged this long before


@dataclass(slots=True)
class Access:
    """One source's way in during a run; `send` is the transport's, without a token."""

    spec: SourceSpec
    settings: Settings
    send: Send
    now: Callable[[], float] = time.time
    beside: Mapping[str, str] = field(default_factory=dict)  # said with the last token
    _token: str | None = field(default=None, repr=False)
    _ends_at: float | None = None

    def optional(self, name: str) -> str | None:
        """PLAYHEAD_<SOURCE>_<NAME> as it is valid now; the sandbox sets none of them."""
        variable = self.spec.variable(name)
        told = self.settings.credentials.get(variable) or None
        if self.settings.is_simulated:
            return told
        return self.settings.vault.successor(variable, told)

    def setting(self, name: str) -> str:
        """The same, where it has to be there. Raises: CredentialMissing."""
        if (value := self.optional(name)) is not None:
            return value
        if self.settings.is_simulated:
            return SANDBOX_VALUES.get(name, f"sandbox-{name.lower().replace('_', '-')}")
        raise CredentialMissing(
            f"{self.spec.variable(name)} is not set: {self._remedy()}, or put it into .env "
            f"({self.spec.sheet} says where {self.spec.title} shows it)"
        )

    def token(self) -> str:
        """The token to send, a new one where the old one is about to end."""
        ends = self._ends_at
        if self._token is None or (ends is not None and self.now() > ends):
            self._token, self._ends_at = self._obtained()
        return self._token

    def has_another(self) -> bool:
        """Whether there is another token than the one that was just refused."""
        refused, self._token = self._token, None
        return self._way() != "ACCESS_TOKEN" or self.token() != refused

    def refused(self, said: str) -> CredentialRefused:
        """The error of a platform that said no, with the remedy."""
        named = self.spec.variable(self._way())
        return CredentialRefused(
            f"{said}. Renew {named}: {self._remedy()} ({self.spec.sheet})"
        )

    def redacted(self, text: str) -> str:
        """`text` without any secret of this source, however the platform quoted it."""
        return grants.redact(text, self.secrets())

    def secrets(self) -> tuple[str, ...]:
        """Every value of this source that must not be seen."""
        names = [s.name for s in self.spec.settings if s.is_secret]
        told = [self.settings.credentials.get(self.spec.variable(n)) for n in names]
        return tuple(value for value in (*told, self._token) if value)

    def redeemed(self, fields: Mapping[str, str]) -> Grant:
        """What the token endpoint gives for `fields` and the client we are."""
        return self._asked({**fields, **self._client()})

    def keep(self, grant: Grant) -> str:
        """Write down what lasts of a grant, and use it; returns the variable's name.

        Raises: CredentialRefused where it holds nothing that lasts; CredentialUnkept.
        """
        declared = {setting.name for setting in self.spec.settings}
        if grant.refresh_token and "REFRESH_TOKEN" in declared:
            name, value = "REFRESH_TOKEN", grant.refresh_token
            lives = grant.refresh_expires_in
        elif "ACCESS_TOKEN" in declared:
            name, value, lives = "ACCESS_TOKEN", grant.access_token, grant.expires_in
        else:
            raise CredentialRefused(
                f"{self.spec.title} gave no refresh token: take back the access of this "
                "app in the account's own settings there, then consent again"
            )
        ends_at = self.now() + lives if lives else None
        self.keep_as(name, Kept(value, ends_at))
        self._use(grant)
        return self.spec.variable(name)

    def keep_as(self, name: str, kept: Kept) -> None:
        """Write a credential down; what else was kept to get in by is forgotten.

        Raises: CredentialUnkept.
        """
        others = [way for way in WAYS if way != name] if name in WAYS else []
        gone = [self.spec.variable(way) for way in others]
        self._write({self.spec.variable(name): kept}, forget=gone)

    def ends_at(self) -> float | None:
        """When what was kept ends and a person has to consent again, where that is known."""
        variable = self.spec.variable(self._way())
        kept = self.settings.vault.read().get(variable)
        told = self.settings.credentials.get(variable)
        return kept.ends_at if kept is not None and kept.succeeds(told) else None

    def at(self, url: str) -> str:
        """The platform's address, or the sandbox's that stands in for it."""
        sandbox = self.settings.sandbox_url
        return sandbox + urlsplit(url).path if sandbox else url

    @property
    def consent(self) -> Consent:
        assert self.spec.consent is not None, f"{self.spec.name} declares no consent"
        return self.spec.consent

    def _way(self) -> str:
        """Which credential there is; in the sandbox the first that is required."""
        declared = {each.name: each for each in self.spec.settings}
        for name in WAYS:
            if name in declared and self.optional(name) is not None:
                return name
        for name in WAYS:
            if name in declared and declared[name].is_required:
                return name
        return "ACCESS_TOKEN"

    def _obtained(self) -> tuple[str, float | None]:
        """A token, and when it is not to be sent any more."""
        way = self._way()
        if way == "ACCESS_TOKEN":
            return self._given()
        if way == "SERVICE_ACCOUNT":
            scopes = self.consent.service_account
            said = grants.from_service_account(self.setting(way), scopes, self.now())
            asked = {"grant_type": grants.JWT_BEARER, "assertion": said}
            return self._use(self._remedied(asked))
        old = self.setting(way)
        asked = {"grant_type": "refresh_token", "refresh_token": old}
        grant = self._remedied({**asked, **self._client()})
        if grant.refresh_token and grant.refresh_token != old:
            self._rotate(way, old, grant)
        return self._use(grant)

    def _given(self) -> tuple[str, float | None]:
        """A token as it is; one of weeks is prolonged before it ends."""
        token, ends_at = self.setting("ACCESS_TOKEN"), self.ends_at()
        if ends_at is None:
            return token, None
        left = ends_at - self.now()
        if left <= EARLY_SECONDS:
            day = datetime.fromtimestamp(ends_at, UTC).date()
            raise CredentialRefused(
                f"the access to {self.spec.title} ended on {day}: {self._remedy()}"
            )
        if left < PROLONG_SECONDS and self.spec.consent and self.spec.consent.prolongs:
            try:
                grant = self.prolonged(token)
            except CredentialRefused:  # it still serves; `playhead check` tells its end
                return token, ends_at - EARLY_SECONDS
            self._rotate("ACCESS_TOKEN", token, grant)
            return self._use(grant)
        return token, ends_at - EARLY_SECONDS

    def prolonged(self, token: str) -> Grant:
        """A token of weeks for a short one, or for one that is about to end."""
        grant = self.consent.prolongs or ""
        return self._asked({"grant_type": grant, grant: token, **self._client()})

    def _rotate(self, name: str, old: str, grant: Grant) -> None:
        """The old one is dead from now on: whoever was told it must find the new one."""
        if self.settings.is_simulated:
            return
        value, lives = grant.refresh_token, grant.refresh_expires_in
        if name == "ACCESS_TOKEN":
            value, lives = grant.access_token, grant.expires_in
        variable = self.spec.variable(name)
        ends_at = self.now() + lives if lives else self.ends_at()
        self._write({variable: Kept(value or "", ends_at)}, {variable: old})

    def _write(
        self,
        values: Mapping[str, Kept],
        instead_of: Mapping[str, str] | None = None,
        forget: Sequence[str] = (),
    ) -> None:
        try:
            self.settings.vault.keep(values, instead_of=instead_of, forget=forget)
        except OSError as error:
            raise CredentialUnkept(
                f"{self.spec.title} gave a new token and {self.settings.vault.path} cannot "
                f"be written ({error.strerror}): make it writable, then {self._remedy()}"
            ) from None

    def _use(self, grant: Grant) -> tuple[str, float | None]:
        lives = grant.expires_in
        self._token, self.beside = grant.access_token, grant.beside
        self._ends_at = self.now() + max(0.0, lives - EARLY_SECONDS) if lives else None
        return self._token, self._ends_at

    def _client(self) -> dict[str, str]:
        """Who we are to the authorisation server; some know an app without a secret."""
        name, secret = self.consent.client
        return {"client_id": self.setting(name), "client_secret": self.setting(secret)}

    def _remedied(self, fields: Mapping[str, str]) -> Grant:
        try:
            return self._asked(fields)
        except CredentialRefused as error:
            named = self.spec.variable(self._way())
            raise CredentialRefused(
                f"{error}. Give access again: {self._remedy()} ({named})"
            ) from None

    def _asked(self, fields: Mapping[str, str]) -> Grant:
        return grants.ask(
            self.spec,
            self.consent,
            fields,
            send=self.send,
            at=self.at,
            secrets=self.secrets(),
        )

    def _remedy(self) -> str:
        return f"`playhead auth {self.spec.name}`"
