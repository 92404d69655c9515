"""Ctrl-C ends a verb at once, whatever its work is doing."""

import os
import signal
from threading import Event

import pytest

from orchestration import cli
from orchestration.cli.common import to_the_end


def test_work_that_is_done_gives_its_result() -> None:
    assert to_the_end(lambda: 7) == 7


def test_work_that_fails_raises_its_own_error() -> None:
    def work() -> None:
        raise KeyError("x")

    with pytest.raises(KeyError, match="x"):
        to_the_end(work)


def test_interrupt_does_not_wait_for_the_work() -> None:
    over = Event()

    def work() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        over.wait(60)

    with pytest.raises(KeyboardInterrupt):
        to_the_end(work)
    over.set()


def test_interrupted_verb_says_so_and_ends_with_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ended: list[int] = []

    def interrupted(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "playhead", interrupted)
    monkeypatch.setattr(os, "_exit", ended.append)
    cli.main([])
    assert ended == [130]
    assert "interrupted; the next run goes on from here" in capsys.readouterr().err
