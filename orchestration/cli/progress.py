"""A live line per stage while the run works; nothing where no terminal is."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from orchestration.runner import Progress as Tell

WORDS = {
    "start": "Reading the models",
    "ingest": "Loading the sources",
    "prepare": "Joining on the video",
    "attribute": "Attributing conversions",
    "learn": "Updating beliefs",
    "serve": "Building the marts",
    "publish": "Publishing and writing the report",
}


@contextmanager
def shown() -> Iterator[Tell]:
    """A progress display on stderr; on a pipe, one line per stage."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines(console)
        return
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("[dim]{task.fields[now]}"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    ) as progress:
        yield _Live(progress)


class _Lines:
    def __init__(self, console: Console) -> None:
        self._console, self._stage = console, ""

    def __call__(self, stage: str, text: str) -> None:
        if stage in WORDS and stage != self._stage:
            self._stage = stage
            self._console.print(f"{WORDS[stage]} ...", highlight=False)


class _Live:
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, object] = {}

    def __call__(self, stage: str, text: str) -> None:
        if stage in WORDS and stage not in self._tasks:
            self._finish()
            self._tasks[stage] = self._progress.add_task(
                WORDS[stage], total=1, now=text
            )
        elif self._tasks:
            latest = list(self._tasks.values())[-1]
            self._progress.update(latest, now=text)  # type: ignore[arg-type]

    def _finish(self) -> None:
        for task in self._tasks.values():
            self._progress.update(task, completed=1, now="")  # type: ignore[arg-type]
