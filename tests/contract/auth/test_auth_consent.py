"""`playhead auth` by consent: the whole walk, and every way in which it must not succeed."""

import json
from itertools import chain, repeat
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from ingestion import consent
from ingestion.registry import sources
from ingestion.sandbox.server import Sandbox
from ingestion.spec import SourceSpec
from tests.contract.auth.conftest import TOKENS, Person
from tests.support.desk import Desk

CONSENTING = [name for name, m in sources().items() if m.SPEC.consent is not None]
CLIENT = {
    "PLAYHEAD_YOUTUBE_CLIENT_ID": "my-app",
    "PLAYHEAD_YOUTUBE_CLIENT_SECRET": "app-secret-9c1e",
}
WALK = ("auth", "youtube", "--port", "0", "--seconds", "9")


def client(spec: SourceSpec) -> dict[str, str]:
    """What else a source needs beside the consent: its client, and what is required."""
    assert spec.consent is not None
    wanted = {s.name for s in spec.settings if s.is_required} | {*spec.consent.client}
    ways = {"REFRESH_TOKEN", "ACCESS_TOKEN", "SERVICE_ACCOUNT"}
    return {spec.variable(name): f"my-{name}".lower() for name in wanted - ways}


def kept(desk: Desk) -> dict[str, str]:
    told = json.loads((desk.folder / TOKENS).read_text())
    return {name: each["value"] for name, each in told.items()}


@pytest.mark.parametrize("name", CONSENTING)
def test_consent_lets_a_source_in_for_good(
    desk: Desk, person: Person, sandbox: Sandbox, name: str
) -> None:
    spec = sources()[name].SPEC
    desk.set(**client(spec))
    code, out, err = desk.says("auth", name, "--port", "0", "--seconds", "9")
    assert code == 0, err
    assert f"{name}: ok, " in out
    assert person.sees().status_code == 200
    asked = parse_qs(urlsplit(person.opened[0]).query)
    assert spec.consent is not None
    assert ("code_challenge" in asked) == spec.consent.pkce
    (variable,) = kept(desk)
    assert variable in (spec.variable("REFRESH_TOKEN"), spec.variable("ACCESS_TOKEN"))
    # nothing that was given out is ever shown
    assert not [each for each in sandbox.authorisation.issued if each in out + err]
    code, out, _ = desk.says("check")
    assert f"{name} " in out and f"{name:<16} ok" in out


def test_file_and_folder_are_their_owners_alone(desk: Desk, person: Person) -> None:
    desk.set(**CLIENT)
    assert desk.says(*WALK)[0] == 0
    file = desk.folder / TOKENS
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert [each.name for each in file.parent.iterdir()] == ["tokens.json"]


def test_file_that_others_can_read_is_refused_with_its_mode(
    desk: Desk, person: Person
) -> None:
    desk.set(**CLIENT)
    assert desk.says(*WALK)[0] == 0
    file = desk.folder / TOKENS
    file.chmod(0o644)
    code, _, err = desk.says("check")
    assert code == 2
    assert "others can read it (mode 0644)" in err and f"`chmod 600 {file}`" in err


def test_file_may_lie_where_a_variable_says(
    desk: Desk, person: Person, tmp_path: Path
) -> None:
    file = tmp_path / "safe" / "mine.json"
    desk.set(**CLIENT, PLAYHEAD_CREDENTIALS_FILE=str(file))
    assert desk.says(*WALK)[0] == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert not (desk.folder / TOKENS).exists()
    assert "youtube          ok" in desk.says("check")[1]


def meddled(**changed: str) -> Person:
    """A person whose page was told something else than we asked for."""

    def meddle(url: str) -> str:
        head, _, query = url.partition("?")
        told = {name: values[-1] for name, values in parse_qs(query).items()}
        return f"{head}?{urlencode({**told, **changed})}"

    return Person(meddle)


@pytest.fixture
def with_client(desk: Desk) -> Desk:
    desk.set(**CLIENT)
    return desk


def refused(desk: Desk, says: str) -> None:
    code, out, err = desk.says(*WALK)
    assert code == 1, out
    assert says in err
    assert not (desk.folder / TOKENS).exists(), "nothing is kept"


def test_an_answer_with_another_state_is_refused(
    with_client: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = meddled(state="of-somebody-else")
    monkeypatch.setattr("webbrowser.open", person.open)
    refused(with_client, "does not belong to this request (its state is another one)")
    assert person.sees().status_code == 400


def test_a_declined_consent_says_so(
    with_client: Desk, person: Person, sandbox: Sandbox
) -> None:
    sandbox.authorisation.declines = True
    refused(with_client, "YouTube: consent was declined. Nothing was kept")
    assert "Nothing was changed: consent was declined" in person.sees().text


def test_a_code_is_worth_nothing_without_its_verifier(
    with_client: Desk, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consent, "challenge", lambda verifier: "of-another-verifier")
    refused(
        with_client, 'refused the code of the consent: "The code verifier is wrong."'
    )


def test_a_code_that_has_expired_is_refused(
    with_client: Desk, person: Person, sandbox: Sandbox
) -> None:
    # given out at second 0, redeemed at second 601: codes live ten minutes
    ticks = chain([0.0], repeat(601.0))
    sandbox.authorisation.now = lambda: next(ticks)
    refused(with_client, "The code has expired or was used before.")


def test_a_page_asked_for_too_much_says_so(
    with_client: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webbrowser.open", meddled(scope="youtube.delete").open)
    refused(with_client, 'YouTube: it said "invalid_scope"')


def test_a_walk_without_proof_key_is_refused_where_it_is_asked_for(
    with_client: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = meddled(code_challenge_method="plain")
    monkeypatch.setattr("webbrowser.open", person.open)
    refused(with_client, 'YouTube: it said "invalid_request"')


def test_nobody_at_the_page_ends_the_walk_in_time(with_client: Desk) -> None:
    code, out, err = with_client.says(*WALK, "--no-browser", "--seconds", "0.05")
    assert code == 1
    assert (
        "nobody consented within 0 seconds: `playhead auth youtube` asks again" in err
    )
    assert "/o/oauth2/v2/auth?" in out, "the address is shown all the same"


def test_a_browser_that_asks_for_an_icon_first_does_not_end_the_walk(
    with_client: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    import requests

    person = Person()
    browse = person._browse

    def icon_first(url: str) -> None:
        back = parse_qs(urlsplit(url).query)["redirect_uri"][0]
        assert requests.get(back + "favicon.ico", timeout=10).status_code == 404
        browse(url)

    monkeypatch.setattr(Person, "_browse", lambda self, url: icon_first(url))
    monkeypatch.setattr("webbrowser.open", person.open)
    assert with_client.says(*WALK)[0] == 0


def test_a_busy_port_names_the_option(with_client: Desk) -> None:
    port = urlsplit(with_client.url).port
    code, _, err = with_client.says("auth", "youtube", "--port", str(port))
    assert code == 1
    assert "choose another --port" in err


def test_the_environment_wins_and_says_so_before_anybody_consents(
    desk: Desk, person: Person
) -> None:
    desk.set(**CLIENT, PLAYHEAD_YOUTUBE_REFRESH_TOKEN="from-the-environment")
    code, _, err = desk.says(*WALK)
    assert code == 2
    assert "PLAYHEAD_YOUTUBE_REFRESH_TOKEN is set in the environment or .env" in err
    assert person.opened == []


def test_a_client_nobody_has_set_is_named_where_nobody_can_be_asked(desk: Desk) -> None:
    code, _, err = desk.says(*WALK)
    assert code == 2
    assert "PLAYHEAD_YOUTUBE_CLIENT_ID" in err and "set it in .env" in err


def test_a_client_that_is_asked_for_is_kept_too(
    desk: Desk, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, bool] = {}

    def prompt(text: str, *, hide_input: bool, err: bool) -> str:
        asked[text.split()[0]] = hide_input
        return f"answer-{len(asked)}"

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("click.prompt", prompt)
    assert desk.says(*WALK)[0] == 0
    assert asked == {
        "PLAYHEAD_YOUTUBE_CLIENT_ID": False,
        "PLAYHEAD_YOUTUBE_CLIENT_SECRET": True,  # without echo
    }
    assert set(kept(desk)) == {*asked, "PLAYHEAD_YOUTUBE_REFRESH_TOKEN"}


@pytest.mark.parametrize(
    ("name", "setting"), [("tiktok", "BUSINESS_ID"), ("salesforce", "DOMAIN")]
)
def test_what_the_answer_tells_beside_the_token_is_kept_too(
    desk: Desk, person: Person, name: str, setting: str
) -> None:
    spec = sources()[name].SPEC
    variable = spec.variable(setting)
    desk.set(**{k: v for k, v in client(spec).items() if k != variable})
    code, _, err = desk.says("auth", name, "--port", "0", "--seconds", "9")
    assert code == 0, err
    assert kept(desk)[variable] == f"sandbox-{setting.lower().replace('_', '-')}"


def test_forget_leaves_nothing_of_the_source(with_client: Desk, person: Person) -> None:
    assert with_client.says(*WALK)[0] == 0
    code, out, _ = with_client.says("auth", "youtube", "--forget")
    assert (code, kept(with_client)) == (0, {})
    assert "forgotten: PLAYHEAD_YOUTUBE_REFRESH_TOKEN" in out


def test_a_folder_of_the_simulated_company_takes_no_credentials(
    with_client: Desk, person: Person
) -> None:
    data = with_client.folder / "data"
    data.mkdir()
    (data / "playhead.json").write_text('{"mode": "sandbox", "as_of": null}')
    code, _, err = with_client.says(*WALK)
    assert code == 2
    assert "holds mode 'sandbox'" in err and "--data-dir" in err


def test_a_source_that_needs_no_credential_is_no_source_for_it(desk: Desk) -> None:
    code, _, err = desk.says("auth", "catalogue")
    assert code == 2 and "no source 'catalogue' takes a credential" in err
    assert "did you mean youtube?" in desk.says("auth", "yotube")[2]


def test_challenge_is_that_of_the_standard() -> None:
    # RFC 7636, appendix B
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert consent.challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_every_walk_has_a_state_and_verifier_of_its_own() -> None:
    youtube = sources()["youtube"].SPEC.consent
    assert youtube is not None
    walks = [consent.begin(youtube, "me", "http://127.0.0.1/") for _ in range(20)]
    assert len({each.state for each in walks}) == len(walks)
    assert len({each.verifier for each in walks}) == len(walks)
    # RFC 7636, section 4.1: 43 to 128 letters
    assert all(43 <= len(each.verifier or "") <= 128 for each in walks)
    assert not [each for each in walks if (each.verifier or "?") in repr(each)]
