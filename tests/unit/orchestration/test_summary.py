"""The summary of a run: what was left out is said, to people and to machines."""

from pathlib import Path

import pytest

from orchestration.cli.summary import as_json, show
from orchestration.runner import RunOutcome
from warehouse.settings import Settings

SAID = "Hold-out winter is not used: 4 control conversions, 10 are needed."


def test_notices_of_a_run_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = RunOutcome(run_id="r", notices=[SAID])
    show(Settings(data_dir=tmp_path), outcome)
    assert SAID in capsys.readouterr().out
    assert as_json(Settings(data_dir=tmp_path), outcome)["notices"] == [SAID]
