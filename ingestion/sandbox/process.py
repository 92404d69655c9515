"""The sandbox in a process of its own: started by `run` and `dev`, told the day by POST.

child = start(settings)         # returns at once; the company is built meanwhile
day = set_day(child.url, None)  # answers once it stands
"""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import requests

from ingestion.errors import SourceUnreachable
from ingestion.sandbox.company import Company, SandboxEnded, routes, write_files
from ingestion.sandbox.http import Reply, Request, Route
from ingestion.sandbox.server import Sandbox, listening, url_of
from warehouse.settings import Settings

DAY_ROUTE = "/sandbox/day"
ENDED = 409


@dataclass(frozen=True, slots=True)
class Calendar:
    """The sandbox's own calendar, as it answered."""

    as_of: date
    first: date
    last: date


def set_day(url: str, as_of: date | None, *, timeout: float = 120.0) -> Calendar:
    """Move the sandbox to a day (None: where it starts); its files are written then.

    Raises: SandboxEnded past the last prepared day; SourceUnreachable.
    """
    try:
        answer = requests.post(
            url + DAY_ROUTE,
            json={"as_of": as_of.isoformat() if as_of else None},
            timeout=timeout,
        )
    except requests.RequestException as error:
        raise SourceUnreachable(
            f"the sandbox at {url} does not answer: start it with `playhead sandbox`"
        ) from error
    if answer.status_code == ENDED:
        raise SandboxEnded(answer.json()["message"])
    if answer.status_code != 200:
        raise SourceUnreachable(
            f"the sandbox at {url} could not set the day: {answer.text[:300]}"
        )
    body = answer.json()
    return Calendar(*(date.fromisoformat(body[k]) for k in ("as_of", "first", "last")))


class _Day:
    """The one route that moves the day; everything else answers as of it."""

    def __init__(self, scenario: str, seed: int, folder: Path) -> None:
        self.sandbox: Sandbox | None = None
        self._told = (scenario, seed)
        self._folder = folder
        self._lock = threading.Lock()
        self._company: Company | None = None

    def route(self) -> Route:
        return Route("POST", DAY_ROUTE, self.move)

    def company(self) -> Company:
        with self._lock:
            if self._company is None:
                self._company = Company(*self._told, self._folder)
            return self._company

    def move(self, request: Request) -> Reply:
        company = self.company()
        asked = request.json().get("as_of")
        as_of = date.fromisoformat(asked) if asked else company.first_as_of
        try:
            view = company.view(as_of)
        except SandboxEnded as error:
            return Reply({"message": str(error)}, ENDED)
        write_files(view, self._folder)
        assert self.sandbox is not None
        self.sandbox.answer_with([self.route(), *routes(view)])
        days = {
            "as_of": as_of,
            "first": company.first_as_of,
            "last": company.last_as_of,
        }
        return Reply({name: day.isoformat() for name, day in days.items()})


def serve(
    scenario: str,
    seed: int,
    folder: Path,
    port: int = 0,
    listener: socket.socket | None = None,
) -> Sandbox:
    """A sandbox ready to answer; the caller runs `.serve()`."""
    day = _Day(scenario, seed, folder)
    sandbox = Sandbox([day.route()], port, listener=listener)
    day.sandbox = sandbox
    threading.Thread(target=day.company, daemon=True).start()
    return sandbox


@contextmanager
def started(settings: Settings) -> Iterator[str]:
    """The sandbox as a child process; it ends with this one, however this one ends.

    The socket is made here: what is asked before the child stands waits in its queue.
    """
    command = [sys.executable, "-m", "ingestion.sandbox.process"]
    command += [settings.scenario, str(settings.seed), str(settings.sandbox_dir)]
    with listening() as listener:
        url, number = url_of(listener), listener.fileno()
        child = subprocess.Popen(
            [*command, str(number)], stdin=subprocess.PIPE, pass_fds=[number]
        )
    with child:  # its copy of the socket is the only one: it answers, or nobody
        assert child.stdin is not None
        try:
            yield url
        finally:
            child.stdin.close()
            child.wait(timeout=10)


def _main(scenario: str, seed: str, folder: str, listener: str) -> None:
    # Ctrl-C reaches both processes; the parent decides when this one ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    given = socket.socket(fileno=int(listener))
    sandbox = serve(scenario, int(seed), Path(folder), listener=given)
    threading.Thread(target=sandbox.serve, daemon=True).start()
    sys.stdin.read()  # ends when the parent does
    os._exit(0)  # nothing is left to write; taking a company apart takes a second


if __name__ == "__main__":
    _main(*sys.argv[1:])
