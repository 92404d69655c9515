"""The file of credentials: never readable by others, never half written, never stale."""

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from warehouse.settings import Settings
from warehouse.vault import Kept, Vault, VaultError, VaultExposed

VARIABLE = "PLAYHEAD_YOUTUBE_REFRESH_TOKEN"


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "data" / "credentials" / "tokens.json")


@pytest.fixture
def open_umask() -> Iterator[None]:
    """The most careless machine: new files are for everybody."""
    before = os.umask(0)
    yield
    os.umask(before)


def test_nothing_is_known_without_a_file(vault: Vault) -> None:
    assert vault.read() == {}
    assert not vault.path.parent.exists(), "reading makes no folder"


@pytest.mark.usefixtures("open_umask")
def test_file_is_its_owners_alone_from_the_first_byte(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes: list[int] = []
    dump = json.dump

    def seen(what: object, file: object, **more: object) -> None:
        modes.extend(
            each.stat().st_mode & 0o777 for each in vault.path.parent.iterdir()
        )
        dump(what, file, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("warehouse.vault.json.dump", seen)
    for value in ("one", "two"):
        vault.keep({VARIABLE: Kept(value)})
    # the new file at first; the old one and the new one then
    assert modes == [0o600, 0o600, 0o600]
    assert vault.path.stat().st_mode & 0o777 == 0o600
    assert vault.path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620])
def test_file_that_others_can_read_or_write_is_refused(vault: Vault, mode: int) -> None:
    vault.keep({VARIABLE: Kept("one")})
    vault.path.chmod(mode)
    with pytest.raises(VaultExposed, match=rf"\(mode {mode:04o}\): `chmod 600 "):
        vault.read()
    with pytest.raises(VaultExposed):
        vault.keep({VARIABLE: Kept("two")})


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"A": 1}', '{"A": {"value": "s3cret"}}']
)
def test_damaged_file_says_so_and_quotes_nothing_of_it(vault: Vault, text: str) -> None:
    vault.keep({})
    vault.path.write_text(text)
    with pytest.raises(VaultError, match="is damaged") as damaged:
        vault.read()
    assert "s3cret" not in str(damaged.value)


def test_a_full_disk_leaves_the_old_file(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.keep({VARIABLE: Kept("one")})

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("warehouse.vault.json.dump", full)
        with pytest.raises(OSError, match="No space"):
            vault.keep({VARIABLE: Kept("two")})
    assert vault.values() == {VARIABLE: "one"}
    vault.keep({VARIABLE: Kept("three")})  # what was left of the try is no hindrance
    assert [each.name for each in vault.path.parent.iterdir()] == ["tokens.json"]


def test_two_writers_lose_nothing(vault: Vault) -> None:
    def write(who: int) -> None:
        for number in range(20):
            vault.keep({f"PLAYHEAD_{who}_{number}": Kept("x")})

    threads = [threading.Thread(target=write, args=(who,)) for who in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(vault.read()) == 60


def test_whoever_was_told_an_old_value_finds_its_successor(vault: Vault) -> None:
    vault.keep({VARIABLE: Kept("second")}, instead_of={VARIABLE: "first"})
    vault.keep({VARIABLE: Kept("third")})
    for told in ("first", "second", "third"):
        assert vault.successor(VARIABLE, told) == "third"
    assert vault.successor(VARIABLE, "of-somebody-else") == "of-somebody-else"
    assert vault.successor(VARIABLE, None) is None
    assert "first" not in vault.path.read_text()
    assert "second" not in vault.path.read_text()


def test_no_value_is_in_a_repr(vault: Vault) -> None:
    vault.keep({VARIABLE: Kept("s3cret")})
    settings = Settings.load(environ={}, data_dir=vault.path.parents[1])
    assert settings.credentials == {VARIABLE: "s3cret"}
    assert "s3cret" not in repr(vault.read()) + repr(settings)


def test_what_is_kept_switches_to_accounts_and_the_environment_wins(
    vault: Vault,
) -> None:
    folder = vault.path.parents[1]
    assert Settings.load(environ={}, data_dir=folder).mode == "sandbox"
    vault.keep({VARIABLE: Kept("kept"), "PLAYHEAD_YOUTUBE_CLIENT_ID": Kept("app")})
    settings = Settings.load(environ={VARIABLE: "told"}, data_dir=folder)
    assert settings.mode == "accounts"
    assert settings.credentials == {
        VARIABLE: "told",
        "PLAYHEAD_YOUTUBE_CLIENT_ID": "app",
    }
