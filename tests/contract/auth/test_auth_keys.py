"""`playhead auth` by a key: asked for without echo, from a file, a service account's."""

import io
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from ingestion.registry import sources
from ingestion.sandbox.server import Sandbox
from tests.contract.auth.conftest import TOKENS
from tests.support.desk import Desk

TOKEN = "pat-na1-5ad1c0de-canary"
SERVED = [
    name
    for name, m in sources().items()
    if m.SPEC.consent and m.SPEC.consent.service_account
]


def kept(desk: Desk) -> dict[str, str]:
    path = desk.folder / TOKENS
    told = json.loads(path.read_text()) if path.exists() else {}
    return {name: each["value"] for name, each in told.items()}


def test_a_token_is_read_from_a_file(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "token.txt"
    file.write_text(TOKEN + "\n")
    code, out, err = desk.says("auth", "hubspot", "--token-file", file)
    assert code == 0, err
    assert kept(desk) == {"PLAYHEAD_HUBSPOT_ACCESS_TOKEN": TOKEN}
    assert "hubspot: ok, 1 account" in out
    assert TOKEN not in out + err


def test_a_token_is_read_from_standard_input(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TOKEN.encode())))
    assert desk.says("auth", "meta_ads", "--token-file", "-")[0] == 0
    assert kept(desk) == {"PLAYHEAD_META_ADS_ACCESS_TOKEN": TOKEN}


def test_a_token_is_asked_for_without_echo(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden: list[bool] = []

    def prompt(text: str, *, hide_input: bool, err: bool) -> str:
        hidden.append(hide_input)
        return TOKEN

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("click.prompt", prompt)
    assert desk.says("auth", "hubspot")[0] == 0
    assert hidden == [True]


def test_without_a_terminal_nothing_hangs(desk: Desk) -> None:
    code, _, err = desk.says("auth", "hubspot")
    assert code == 2
    assert "there is no terminal to ask on" in err and "--token-file" in err


def test_a_token_that_is_refused_is_not_kept_and_the_old_one_stays(
    desk: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "token.txt"
    for value, ends in ((TOKEN, 0), ("revoked", 1)):
        file.write_text(value)
        code, _, err = desk.says("auth", "hubspot", "--token-file", file)
        assert code == ends
    assert "Renew PLAYHEAD_HUBSPOT_ACCESS_TOKEN" in err
    assert "`playhead auth hubspot`" in err
    assert kept(desk) == {"PLAYHEAD_HUBSPOT_ACCESS_TOKEN": TOKEN}


def test_a_file_that_holds_no_token_is_told_from_one(
    desk: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "token.txt"
    file.write_text("two\nlines")
    code, _, err = desk.says("auth", "hubspot", "--token-file", file)
    assert code == 2 and "that is no token, one line is" in err


def test_a_source_without_keys_says_that_it_takes_consent(
    desk: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "token.txt"
    file.write_text(TOKEN)
    code, _, err = desk.says("auth", "youtube", "--token-file", file)
    assert code == 2 and "takes no token or key, only consent" in err


@pytest.fixture(scope="module")
def pair() -> tuple[str, str]:
    """A private and a public key, as text."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    text = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return text.decode(), public.decode()


def account(folder: Path, private: str, **more: str) -> Path:
    file = folder / "key.json"
    fields = {
        "type": "service_account",
        "client_email": "reader@project.iam.example",
        "private_key_id": "k1",
        "private_key": private,
        "token_uri": "https://oauth2.googleapis.com/token",
    }
    file.write_text(json.dumps({**fields, **more}))
    return file


@pytest.mark.parametrize("name", SERVED)
def test_a_service_account_signs_for_itself(
    desk: Desk, sandbox: Sandbox, tmp_path: Path, pair: tuple[str, str], name: str
) -> None:
    private, public = pair
    sandbox.authorisation.public_keys["reader@project.iam.example"] = public
    spec = sources()[name].SPEC
    assert spec.consent is not None
    skip = {"REFRESH_TOKEN", *spec.consent.client}
    wanted = [s.name for s in spec.settings if s.is_required and s.name not in skip]
    desk.set(**{spec.variable(each): f"my-{each}" for each in wanted})
    file = account(tmp_path, private)
    code, out, err = desk.says("auth", name, "--service-account", file)
    assert code == 0, err
    assert f"{name}: ok, " in out
    assert set(kept(desk)) == {spec.variable("SERVICE_ACCOUNT")}
    # by the path of its file, in the environment, as well
    desk.says("auth", name, "--forget")
    desk.set(
        **{spec.variable(each): f"my-{each}" for each in wanted},
        **{spec.variable("SERVICE_ACCOUNT"): str(file)},
    )
    assert f"{name:<16} ok" in desk.says("check")[1]


def test_a_service_account_with_another_key_is_refused(
    desk: Desk, sandbox: Sandbox, tmp_path: Path, pair: tuple[str, str]
) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    pem = other.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    sandbox.authorisation.public_keys["reader@project.iam.example"] = pem.decode()
    file = account(tmp_path, pair[0])
    code, _, err = desk.says("auth", "search_console", "--service-account", file)
    assert code == 1
    assert 'refused the service account: "Invalid JWT Signature."' in err
    assert kept(desk) == {}
    assert pair[0].splitlines()[1] not in err, "the key is quoted"


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"type": "authorized_user"}, 'its "type" is not "service_account"'),
        ({"private_key": "-----BEGIN"}, "its private_key cannot be read"),
    ],
)
def test_what_is_no_key_of_a_service_account_says_why(
    desk: Desk, tmp_path: Path, pair: tuple[str, str], fields: dict[str, str], says: str
) -> None:
    file = account(tmp_path, pair[0], **fields)
    code, _, err = desk.says("auth", "search_console", "--service-account", file)
    assert code == 1
    assert says in err and "under IAM, Service accounts, Keys" in err


def test_a_platform_that_takes_no_service_account_says_so(
    desk: Desk, tmp_path: Path, pair: tuple[str, str]
) -> None:
    file = account(tmp_path, pair[0])
    code, _, err = desk.says("auth", "youtube", "--service-account", file)
    assert code == 2 and "YouTube takes no service account" in err
