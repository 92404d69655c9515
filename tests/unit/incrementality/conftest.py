"""Panels whose lift is known: by construction, or put into a simulated world."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.unit.incrementality.panels import Written, panel_of
from warehouse.incrementality.panel import Panel


@pytest.fixture
def noisy() -> Panel:
    """Twelve regions of a common rhythm, 140 days, noise of 3 % and nothing else."""
    rng = np.random.default_rng(5)
    rhythm = 100 + 20 * np.sin(np.arange(140) / 9) + 10 * (np.arange(140) % 7 >= 5)
    sizes = np.linspace(0.5, 3.0, 12)
    noise = rng.normal(1.0, 0.03, (140, 12))
    return panel_of(rhythm[:, None] * sizes * noise)


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Writes a panel as the CSV that the command reads."""

    def write(panel: Panel) -> Path:
        path = tmp_path / "outcomes.csv"
        lines = ["date,region,value"]
        for row, when in enumerate(panel.days):
            for column, region in enumerate(panel.regions):
                lines.append(f"{when},{region},{float(panel.values[row, column])!r}")
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write
