"""docs/add-a-source.md, done: a source by what the page says, and nothing else is edited."""

import filecmp
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

REPOSITORY = Path(__file__).parents[2]
PAGE = (REPOSITORY / "docs" / "add-a-source.md").read_text()
NAME = "clipshelf"
PLAYHEAD = ("-c", "from orchestration.cli import main; main()")
BLOCKS = re.compile(r"^`([\w./-]+)`\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WORD = re.compile(r"`\"(\w+)\": \[\.\.\., \"(\w+)\"\]`")
FAMILIES = Path("dbt_project/macros/families.sql")
PARTS = ("ingestion", "orchestration", "warehouse", "dbt_project", "tests", "docs")
LEFT = shutil.ignore_patterns("__pycache__", "target", "logs", ".*cache")


def files(root: Path) -> set[Path]:
    return {
        path.relative_to(root)
        for part in PARTS
        for path in (root / part).rglob("*")
        if path.is_file() and not {"__pycache__", "target", "logs"} & {*path.parts}
    }


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository with what the page adds."""
    root = tmp_path_factory.mktemp("tree")
    for part in PARTS:
        shutil.copytree(REPOSITORY / part, root / part, ignore=LEFT)
    for name in ("pyproject.toml", ".env.example", "README.md"):
        shutil.copy(REPOSITORY / name, root / name)
    for path, text in BLOCKS.findall(PAGE):
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text)
    ((family, word),) = WORD.findall(PAGE)
    lists = (root / FAMILIES).read_text()
    said = re.sub(rf'("{family}": \[[^\]]*)\]', rf'\1, "{word}"]', lists, count=1)
    (root / FAMILIES).write_text(said)
    return root


def run(tree: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PLAYHEAD_")}
    return subprocess.run(
        [sys.executable, *command],
        cwd=tree,
        env={**kept, "PYTHONPATH": str(tree), **more},
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )


def test_page_adds_two_folders_and_edits_one_word(tree: Path) -> None:
    added = files(tree) - files(REPOSITORY)
    assert {path.parent for path in added} == {
        Path("ingestion/sources") / NAME,
        Path("dbt_project/models/staging") / NAME,
    }
    both = files(tree) & files(REPOSITORY)
    edited = {
        p for p in both if not filecmp.cmp(tree / p, REPOSITORY / p, shallow=False)
    }
    assert edited == {FAMILIES}
    before = re.findall(r"\w+", (REPOSITORY / FAMILIES).read_text())
    after = re.findall(r"\w+", (tree / FAMILIES).read_text())
    assert len(after) == len(before) + 1


def test_page_forgets_nothing_that_a_source_must_have(tree: Path) -> None:
    checks = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", f"[{NAME}]")
    done = run(tree, *checks, "tests/contract/test_every_source.py")
    assert done.returncode == 0, done.stdout[-3000:]
    # let in by consent, renewed in mid-run, its secrets never seen
    done = run(tree, *checks, "tests/contract/auth")
    assert done.returncode == 0, done.stdout[-3000:]
    listed = run(tree, *PLAYHEAD, "sources", "--env")
    assert "#PLAYHEAD_CLIPSHELF_REFRESH_TOKEN=" in listed.stdout


def test_source_is_typed_and_formatted_as_the_house_is(tree: Path) -> None:
    source = f"ingestion/sources/{NAME}"
    for check in (("ruff", "check"), ("ruff", "format", "--check")):
        done = run(tree, "-m", *check, source)
        assert done.returncode == 0, done.stdout


def test_its_plays_are_published(tree: Path) -> None:
    """The whole nightly run: HTTP, raw, staging, family, facts, publish."""
    data = tree / "data"
    order = ("run", "--scenario", "unit", "--data-dir", str(data))
    done = run(tree, *PLAYHEAD, *order)
    assert done.returncode == 0, done.stdout + done.stderr
    with duckdb.connect(str(data / "playhead.duckdb"), read_only=True) as con:
        loaded = con.execute(
            "select sum(plays), count(distinct clip_id) from raw_clipshelf.clip_daily"
        ).fetchone()
    with duckdb.connect(str(data / "published" / "current.duckdb")) as con:
        shown = con.execute(
            "select sum(views), count(distinct placement_key), "
            "any_value(views_definition) from published.video_performance_daily "
            "where platform = 'clipshelf'"
        ).fetchone()
    assert loaded is not None and loaded[0] > 0
    assert shown == (*loaded, "clipshelf_play")
