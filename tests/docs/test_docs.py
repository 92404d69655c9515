"""The documents say what is: commands, targets, links, paths, variables, sources, KPIs."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from ingestion.registry import sources
from ingestion.sources.catalogue.files import read_folder
from orchestration.cli import playhead
from warehouse.settings import RESERVED

REPOSITORY = Path(__file__).parents[2]
PAGES = [
    REPOSITORY / "README.md",
    *sorted((REPOSITORY / "docs").rglob("*.md")),
    *sorted((REPOSITORY / "ingestion").rglob("README.md")),
]
OURS_ALONE = {"PLAYHEAD_WAREHOUSE"}  # dbt's profile gets it from us
FOLDERS = ("orchestration", "ingestion", "warehouse", "dbt_project", "tests", "docs")

every_page = pytest.mark.parametrize(
    "page", PAGES, ids=[str(page.relative_to(REPOSITORY)) for page in PAGES]
)


def text(page: Path) -> str:
    assert page.exists(), f"{page.name} is missing: it is the first thing people read"
    return page.read_text()


def code(page: Path) -> Iterator[str]:
    """Inline code, and the lines of code blocks."""
    blocks = re.compile(r"^```.*?\n(.*?)^```", re.MULTILINE | re.DOTALL)
    for block in blocks.findall(text(page)):
        yield from (line.strip() for line in block.splitlines())
    yield from re.findall(r"`([^`\n]+)`", blocks.sub("", text(page)))


def commands(page: Path, program: str) -> list[list[str]]:
    """Arguments of each time a page calls a program (`$ ` and folders left out)."""
    found = []
    for line in code(page):
        called = re.match(rf"(?:\$ )?(?:\S*/)?{program}((?: .*)?)$", line)
        if called and not re.search(r"[=(]", line.split()[0]):
            arguments = shlex.split(called[1], comments=True)
            found.append(
                arguments[: [*arguments, ">"].index(">")]
            )  # a shell's business
    return found


def example_videos() -> set[str]:
    """Ids that pages may name: those of the example catalogue."""
    folder = REPOSITORY / "ingestion" / "sources" / "catalogue" / "example"
    return {str(row["video_id"]) for row in read_folder(folder)["videos"]}


@every_page
def test_every_playhead_command_exists_with_its_options(page: Path) -> None:
    for verb, *arguments in (given for given in commands(page, "playhead") if given):
        if verb.startswith("-"):
            assert verb in ("--help", "-h", "--version")
            continue
        assert verb in playhead.commands, f"{page.name}: no verb {verb}"
        command = playhead.commands[verb]
        options = {
            name: option
            for option in command.params
            if isinstance(option, click.Option)
            for name in option.opts
        }
        given = [p for p in command.params if isinstance(p, click.Argument)]
        for each in given if arguments else ():  # the bare verb, in a sentence
            known = {
                *sources(),
                *re.findall(r"ingestion/sources/(\w+)/__init", text(page)),
            }
            if each.name == "video":
                known = example_videos()
            else:
                assert each.name == "source"
            assert arguments.pop(0) in known, f"{page.name}: playhead {verb}"
        rest = iter(arguments)
        for argument in rest:
            assert argument in options, f"{page.name}: playhead {verb} {argument}"
            if not options[argument].is_flag:
                assert next(rest, None), f"{page.name}: {argument} needs a value"


@every_page
def test_every_make_target_exists(page: Path) -> None:
    for given in commands(page, "make"):
        done = subprocess.run(
            ["make", "--dry-run", *given],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{page.name}: make {given}: {done.stderr}"


def test_every_verb_is_explained_in_operations() -> None:
    told = {
        c[0] for c in commands(REPOSITORY / "docs" / "operations.md", "playhead") if c
    }
    assert set(playhead.commands) <= told


@every_page
def test_every_link_resolves(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", text(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), f"{page.name}: {target}"
        if anchor:
            assert anchor in _anchors(found), f"{page.name}: {target}"


@every_page
def test_every_path_of_the_repository_exists(page: Path) -> None:
    for said in code(page):
        path = said.rstrip("/").split()[0] if said else ""
        if f"`{path}`\n```" in text(page):  # the page says what to write there
            continue
        if re.fullmatch(rf"({'|'.join(FOLDERS)}|\.ci|benchmarks)/[\w./-]+", path):
            assert (REPOSITORY / path).exists(), f"{page.name}: {path}"


def _anchors(page: Path) -> set[str]:
    """Of each heading, as the forges make them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


def test_every_sheet_in_an_error_message_exists() -> None:
    for source in sources().values():
        assert (REPOSITORY / source.SPEC.sheet).exists(), source.SPEC.sheet


def test_every_page_is_reachable_from_the_readme() -> None:
    linked = set(re.findall(r"\]\((docs/[^)#\s]+)\)", text(REPOSITORY / "README.md")))
    for page in sorted((REPOSITORY / "docs").glob("*.md")):
        assert f"docs/{page.name}" in linked
    assert "docs/decisions/" in linked


def variables() -> set[str]:
    specs = [source.SPEC for source in sources().values()]
    return {spec.variable(each.name) for spec in specs for each in spec.settings}


def named(paths: list[Path]) -> set[str]:
    """Variables in full: PLAYHEAD_<SOURCE>_ and PLAYHEAD_ alone are patterns."""
    found = re.findall(r"PLAYHEAD_[A-Z0-9_]*[A-Z0-9](?![A-Z0-9_<*])", _all(paths))
    return set(found)


def _all(paths: list[Path]) -> str:
    return "\n".join(text(path) for path in paths)


def test_every_variable_that_is_named_is_read() -> None:
    told = named([*PAGES, REPOSITORY / ".env.example"])
    assert told <= variables() | RESERVED


def test_every_variable_that_is_read_is_documented() -> None:
    pages = [REPOSITORY / ".env.example", REPOSITORY / "docs" / "operations.md"]
    assert variables() | RESERVED - OURS_ALONE <= named(pages)


def test_every_exit_code_is_documented() -> None:
    from orchestration import failures

    page = " ".join(text(REPOSITORY / "docs" / "operations.md").split())
    codes = [
        value for name, value in vars(failures).items() if name.startswith("EXIT_")
    ]
    for number in codes:
        assert re.search(rf"\b{number}\b", page), f"exit code {number}"
