"""The command line in this process, as somebody at a desk meets it."""

import os
from pathlib import Path

import pytest

from orchestration.cli import main
from tests.support.house import write_env


def without_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of ours: neither the developer's nor another test's."""
    for name in [name for name in os.environ if name.startswith("PLAYHEAD_")]:
        monkeypatch.delenv(name)


class Desk:
    """A working folder, its `.env`, and what the command says."""

    def __init__(
        self, folder: Path, url: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.folder, self.url, self._capsys = folder, url, capsys

    def set(self, **variables: str) -> None:
        """Write `.env` anew; the sandbox stands in for every platform."""
        given = {"PLAYHEAD_SANDBOX_URL": self.url, **variables}
        write_env(self.folder, **given)

    def says(self, *arguments: str | Path) -> tuple[int, str, str]:
        """Exit code, output, errors."""
        self._capsys.readouterr()
        code = 0
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as ended:
            code = int(ended.code or 0)
        said = self._capsys.readouterr()
        return code, said.out, said.err
