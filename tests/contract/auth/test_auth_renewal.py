"""Tokens that end in mid-run: renewed once, rotated ones kept, and never seen anywhere."""

import json
import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingestion.errors import CredentialRefused, SourceError
from ingestion.ingest import ingest
from ingestion.registry import sources
from ingestion.sandbox.faults import Fault
from ingestion.sandbox.http import Reply, Request
from ingestion.sandbox.server import Sandbox
from ingestion.source import Ask, SourceModule
from ingestion.sources import hubspot, meta_ads, youtube
from ingestion.spec import SourceSpec
from ingestion.transport import Api, Patience
from ingestion.windows import DAY, Window
from ingestion.world.view import View
from tests.contract.auth.conftest import TOKENS
from tests.support.desk import Desk
from warehouse.settings import Settings
from warehouse.vault import Kept, Vault

QUICK = Patience(timeout=5.0, attempts=2, sleep=lambda seconds: None)
REFRESHING = [
    name
    for name, m in sources().items()
    if m.SPEC.consent is not None
    and any(s.name == "REFRESH_TOKEN" for s in m.SPEC.settings)
]
FOREVER = 10**9


def told(spec: SourceSpec, folder: Path, url: str, **more: str) -> Settings:
    """An account on a platform, by consent; every secret is a canary."""
    ways = {"ACCESS_TOKEN", "SERVICE_ACCOUNT"}
    wanted = {s.name for s in spec.settings if s.is_required} - ways
    assert spec.consent is not None
    example = Api(spec, Settings(data_dir=folder / "data"))
    values = {name: example.setting(name) for name in wanted | {*spec.consent.client}}
    for each in spec.settings:
        if each.name in values and each.is_secret:
            values[each.name] = f"canary-{each.name.lower()}"
    values = {**values, "REFRESH_TOKEN": "canary-refresh-token", **more}
    return Settings(
        data_dir=folder / "data",
        mode="accounts",
        sandbox_url=url,
        credentials={spec.variable(name): value for name, value in values.items()},
    )


def rows(source: SourceModule, api: Api, view: View) -> dict[str, list[str]]:
    """Every table of the last ten days, each row as text."""
    last = view.as_of - source.SPEC.lag_days * DAY
    ask = Ask(source.accounts(api), Window(last - 9 * DAY, last + DAY), view.as_of)
    return {
        table: sorted(
            json.dumps(row, default=str, sort_keys=True)
            for batch in batches
            for row in (
                batch.rows if isinstance(batch.rows, list) else batch.rows.to_pylist()
            )
        )
        for table, batches in source.read(api, ask).items()
    }


def ending(sandbox: Sandbox, after: int) -> Fault:
    """Every token given out so far ends with the so-many-th answer."""

    def strike(request: Request, reply: Reply) -> Reply:
        sandbox.authorisation.end_tokens()
        return reply

    return Fault("", strike, skip=after - 1)


@pytest.mark.parametrize("name", REFRESHING)
def test_a_token_that_ends_in_mid_paging_is_renewed_and_nothing_is_lost(
    sandbox: Sandbox, tmp_path: Path, unit_view: View, name: str
) -> None:
    source = sources()[name]
    settings = told(source.SPEC, tmp_path, sandbox.url)
    undisturbed = rows(source, Api(source.SPEC, settings, QUICK), unit_view)
    sandbox.faults.add(ending(sandbox, after=2))
    disturbed = Api(source.SPEC, settings, QUICK)
    for _ in range(2):  # a short list may end before its token does
        assert rows(source, disturbed, unit_view) == undisturbed
    assert any(undisturbed.values())
    assert sandbox.authorisation.ended
    assert disturbed.token() not in sandbox.authorisation.ended


@pytest.mark.parametrize("name", REFRESHING)
def test_a_token_that_is_refused_twice_names_the_remedy(
    sandbox: Sandbox, tmp_path: Path, unit_view: View, name: str
) -> None:
    source = sources()[name]

    def ends_at_once(request: Request, reply: Reply) -> Reply:
        sandbox.authorisation.end_tokens()
        return reply

    sandbox.faults.add(Fault("token", ends_at_once, times=FOREVER))
    settings = told(source.SPEC, tmp_path, sandbox.url)
    with pytest.raises(CredentialRefused, match=f"`playhead auth {name}`"):
        rows(source, Api(source.SPEC, settings, QUICK), unit_view)


@pytest.fixture
def api(sandbox: Sandbox, tmp_path: Path) -> Api:
    settings = told(youtube.SPEC, tmp_path, sandbox.url)
    return Api(youtube.SPEC, settings, QUICK)


def test_a_token_is_not_sent_past_its_own_end(api: Api, sandbox: Sandbox) -> None:
    now = 1_000.0
    api.access.now = lambda: now
    first = api.token()
    now += 3_500  # an hour less a minute and a half: still good
    assert api.token() == first
    now += 60  # it ends in 39 seconds: on the way it might
    assert api.token() != first


def test_a_revoked_consent_names_the_remedy(sandbox: Sandbox, tmp_path: Path) -> None:
    settings = told(youtube.SPEC, tmp_path, sandbox.url, REFRESH_TOKEN="revoked")
    with pytest.raises(CredentialRefused) as refused:
        youtube.accounts(Api(youtube.SPEC, settings, QUICK))
    assert str(refused.value) == (
        'YouTube refused the refresh token: "Token has been expired or revoked.". Give access '
        "again: `playhead auth youtube` (PLAYHEAD_YOUTUBE_REFRESH_TOKEN)"
    )


@pytest.fixture
def rotating(
    monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox
) -> Iterator[SourceModule]:
    """HubSpot, were each of its refresh tokens good for one time only."""
    assert hubspot.SPEC.consent is not None
    consent = replace(hubspot.SPEC.consent, rotates=True)
    before = sandbox._server.routes
    with monkeypatch.context() as patched:
        patched.setattr(hubspot, "SPEC", replace(hubspot.SPEC, consent=consent))
        sandbox._server.routes = [*sandbox.authorisation.routes(), *before]
        yield hubspot
    sandbox._server.routes = before


def test_a_rotated_refresh_token_is_kept_at_once(
    rotating: SourceModule, sandbox: Sandbox, tmp_path: Path
) -> None:
    spec = rotating.SPEC
    settings = told(spec, tmp_path, sandbox.url)
    # Each night has its settings from the same .env, which holds the first token only.
    for _ in range(3):
        assert rotating.accounts(Api(spec, settings, QUICK))
    file = tmp_path / TOKENS
    assert file.stat().st_mode & 0o777 == 0o600
    kept = settings.vault.read()[spec.variable("REFRESH_TOKEN")]
    assert kept.value not in sandbox.authorisation.ended
    assert len(kept.replaced) == 3
    assert "canary-refresh-token" not in file.read_text()


def test_a_token_of_somebody_else_in_the_environment_wins_over_the_kept_one(
    rotating: SourceModule, sandbox: Sandbox, tmp_path: Path
) -> None:
    spec = rotating.SPEC
    assert rotating.accounts(Api(spec, told(spec, tmp_path, sandbox.url), QUICK))
    other = told(spec, tmp_path, sandbox.url, REFRESH_TOKEN="revoked")
    with pytest.raises(CredentialRefused):
        rotating.accounts(Api(spec, other, QUICK))


def test_a_new_token_that_cannot_be_kept_says_so(
    rotating: SourceModule, sandbox: Sandbox, tmp_path: Path
) -> None:
    settings = told(rotating.SPEC, tmp_path, sandbox.url)
    settings = replace(settings, credentials_file=Path("/proc/nowhere/tokens.json"))
    with pytest.raises(SourceError, match="cannot be written") as failed:
        rotating.accounts(Api(rotating.SPEC, settings, QUICK))
    assert not [t for t in sandbox.authorisation.issued if t in str(failed.value)]


def weeks(folder: Path, url: str, ends_in: float) -> Api:
    """Meta with a token of sixty days that `playhead auth` has kept."""
    spec = meta_ads.SPEC
    settings = told(spec, folder, url)
    values = {k: v for k, v in settings.credentials.items() if "REFRESH" not in k}
    token = spec.variable("ACCESS_TOKEN")
    settings = replace(settings, credentials={**values, token: "canary-of-weeks"})
    settings.vault.keep({token: Kept("canary-of-weeks", 1_000.0 + ends_in)})
    api = Api(spec, settings, QUICK)
    api.access.now = lambda: 1_000.0
    return api


def test_a_token_of_weeks_is_prolonged_before_it_ends(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    assert weeks(tmp_path, sandbox.url, 40 * 86_400.0).token() == "canary-of-weeks"
    soon = weeks(tmp_path, sandbox.url, 20 * 86_400.0)
    assert soon.token() in sandbox.authorisation.issued
    kept = soon.settings.vault.read()[soon.spec.variable("ACCESS_TOKEN")]
    assert (kept.value, kept.ends_at) == (soon.token(), 1_000.0 + 60 * 86_400.0)


def test_check_tells_a_month_before_a_consent_ends(desk: Desk, tmp_path: Path) -> None:
    vault = Vault(tmp_path / TOKENS)
    ends = {"2999-01-01": 32_472_144_000.0, "": None}
    for day, ends_at in ends.items():
        vault.keep({"PLAYHEAD_HUBSPOT_ACCESS_TOKEN": Kept("canary-token", ends_at)})
        assert "access ends on" not in desk.says("check")[1], day
    soon = time.time() + 10 * 86_400.0
    vault.keep({"PLAYHEAD_HUBSPOT_ACCESS_TOKEN": Kept("canary-token", soon)})
    day = datetime.fromtimestamp(soon, UTC).date()
    said = f"; access ends on {day}: `playhead auth hubspot`"
    assert said in desk.says("check")[1]


def test_a_token_of_weeks_that_has_ended_is_not_sent(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    # second 990 of 1970 is the first of January
    ended = weeks(tmp_path, sandbox.url, -10.0)
    with pytest.raises(CredentialRefused, match="ended on 1970-01-01: `playhead auth"):
        ended.token()


@pytest.mark.parametrize("name", REFRESHING)
def test_no_secret_is_in_a_file_a_log_or_an_error(
    sandbox: Sandbox,
    tmp_path: Path,
    unit_view: View,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    name: str,
) -> None:
    """One night that succeeds, one in which the platform quotes what it was sent."""
    caplog.set_level(logging.DEBUG)
    source = sources()[name]
    settings = told(source.SPEC, tmp_path, sandbox.url)
    good = ingest(source, settings, as_of=unit_view.as_of, patience=QUICK)
    assert good.status == "fresh", good.reason

    def quotes(request: Request, reply: Reply) -> Reply:
        said = f"no: {dict(request.headers)} {dict(request.query)} {request.body!r}"
        return Reply({"error": {"code": 403, "message": said}}, 403)

    sandbox.faults.add(Fault("", quotes, skip=1, times=FOREVER))
    bad = ingest(source, settings, as_of=unit_view.as_of + DAY, patience=QUICK)
    assert bad.status == "stale"
    sandbox.faults.orders.clear()
    sandbox.faults.add(Fault("", quotes, times=FOREVER))
    ingest(source, settings, as_of=unit_view.as_of + DAY, patience=QUICK)
    secrets = [*sandbox.authorisation.issued]
    for setting in source.SPEC.settings:
        if setting.is_secret:
            secrets.append(settings.credentials.get(source.SPEC.variable(setting.name)))
    seen = [caplog.text, *capfd.readouterr(), str(bad), str(good)]
    files = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert any(each.suffix == ".duckdb" for each in files)
    for secret in filter(None, secrets):
        assert not [text for text in seen if secret in text], name
        for file in files:
            if file != settings.vault.path:
                assert secret.encode() not in file.read_bytes(), f"{secret}: {file}"


def test_backfilled_days_do_not_ask_for_another_token(
    api: Api, sandbox: Sandbox
) -> None:
    for _ in range(3):
        youtube.accounts(api)
    # one exchange, three questions: a token is used until it ends
    assert len(sandbox.authorisation.issued) == 1
