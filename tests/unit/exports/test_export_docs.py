"""docs/exports.md says what is there: keys of the mapping, tables, and its own example."""

import re
from pathlib import Path

import pytest

from ingestion.exports.mapping import Column, Entry, read_mapping
from ingestion.exports.recognise import forms
from ingestion.exports.shapes import Form
from ingestion.registry import sources

TEXT = (Path(__file__).parents[3] / "docs" / "exports.md").read_text()


def section(title: str) -> str:
    return TEXT.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def test_every_key_of_an_entry_is_explained() -> None:
    table = section("exports.yml")
    told = {
        word for line in table.splitlines() for word in re.findall(r"`(\w+)`", line)
    }
    assert set(Entry.model_fields) <= told
    assert set(Column.model_fields) <= told


@pytest.mark.parametrize("form", forms(), ids=lambda form: form.name)
def test_every_form_goes_where_the_table_says(form: Form) -> None:
    lines = [
        line
        for line in section("What is recognised").splitlines()
        if line.startswith(f"| {form.source} ")
    ]
    told = {word for line in lines for word in re.findall(r"`(\w+)`", line)}
    assert {feed.table for feed in form.feeds} <= told
    assert {feed.table for feed in form.feeds} <= {
        table.name for table in sources()[form.source].SPEC.tables
    }


def test_example_of_the_mapping_is_a_right_one(tmp_path: Path) -> None:
    example = section("exports.yml").split("```yaml\n", 1)[1].split("```", 1)[0]
    (tmp_path / "exports.yml").write_text(example)
    assert len(read_mapping(tmp_path, None).files) == 3
