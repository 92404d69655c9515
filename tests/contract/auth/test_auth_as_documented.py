"""What docs/operations.md says of `playhead auth`, done: each command, and its output."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from orchestration.cli import auth
from tests.contract.auth.conftest import Person
from tests.contract.auth.test_auth_keys import account, pair
from tests.support.desk import Desk

PAGE = (Path(__file__).parents[3] / "docs" / "operations.md").read_text()
TOLD = re.findall(r"^\| `playhead (auth [^`]+)` \|", PAGE, re.MULTILINE)
SHOWN = PAGE.partition("```\n$ playhead auth youtube\n")[2].partition("```")[0]
ANSWER = "canary-of-a-person"
__all__ = ["pair"]


@pytest.fixture
def at_hand(
    desk: Desk,
    person: Person,
    pair: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> Desk:
    """A terminal, somebody who answers and reads, and the files the page names."""
    say: Callable[..., None] = click.echo

    def read(text: str = "", **more: object) -> None:
        if str(text).startswith("http") and not person.opened:
            person.open(str(text))
        say(text, **more)

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr(
        "click.prompt", lambda *_, hide_input, **__: ANSWER if hide_input else "my-app"
    )
    monkeypatch.setattr(auth.click, "echo", read)
    monkeypatch.setattr(auth.webbrowser, "open", lambda url: True)
    (desk.folder / "token.txt").write_text(ANSWER)
    account(desk.folder, pair[0])
    return desk


@pytest.mark.parametrize("command", sorted(set(TOLD)))
def test_command_of_the_page_does_what_it_says(at_hand: Desk, command: str) -> None:
    if "--setting" in command:  # a second key beside the consent
        assert (
            at_hand.says("auth", "google_ads", "--port", "0", "--seconds", "9")[0] == 0
        )
    # any free port: that of the page may be taken while this runs
    code, out, err = at_hand.says(
        *shlex.split(command), "--port", "0", "--seconds", "9"
    )
    assert code == 0, err
    assert ANSWER not in out + err


def test_page_shows_what_the_command_says(at_hand: Desk) -> None:
    assert len(TOLD) > 6
    code, out, err = at_hand.says("auth", "youtube", "--port", "0", "--seconds", "9")
    assert code == 0, err
    # Addresses, folders, ids and seconds are of this desk; everything else is word for word.
    own = re.compile(r"https?://\S+|/\S+/data|UC\w+|\d+ s:")
    said = [own.sub("*", line) for line in out.splitlines()]
    assert said == [own.sub("*", line) for line in SHOWN.splitlines()]
