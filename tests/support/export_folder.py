"""A folder of export files, written by the test, and what is read from it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ingestion.exports import Plan, plan
from ingestion.registry import sources


class Folder:
    """What a marketing team dropped into `exports/`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def read(self) -> Plan:
        return plan(self.path)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Rows of "source.table"; the test fails on any file that could not be read."""
        found = self.read()
        assert not found.faults, [str(fault.error) for fault in found.faults]
        source, name = table.split(".")
        pieces = found.tables(sources()[source].SPEC).get(name, [])
        return [row for piece in pieces for row in piece.rows.to_pylist()]

    def amounts(self, source: str = "youtube") -> Mapping[tuple[str, str], float]:
        """(breakdown value, metric) -> amount of the reported totals."""
        return {
            (row["breakdown_value"], row["metric"]): row["amount"]
            for row in self.rows(f"{source}.reported_totals")
        }

    def fault(self) -> str:
        """The one line said of the one file that cannot be read."""
        (fault,) = self.read().faults
        return str(fault.error)
