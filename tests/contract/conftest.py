"""A connector beside its fake, over real HTTP on the loopback."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from ingestion.sandbox.http import Reply, Request, Route
from ingestion.sandbox.server import Sandbox, serving
from ingestion.spec import SourceSpec
from ingestion.transport import Api, Patience
from warehouse.settings import Settings

HASTY = Patience(
    timeout=5.0,
    attempts=3,
    backoff=0.001,
    longest_wait=0.01,
    longest_job=1.0,
    sleep=lambda seconds: None,
)


@dataclass(frozen=True, slots=True)
class Link:
    """A connector's way to a sandbox, and what it has asked there."""

    api: Api
    sandbox: Sandbox
    calls: list[Request]


Connect = Callable[..., Link]


@pytest.fixture
def connect(tmp_path: Path) -> Iterator[Connect]:
    """connect(SPEC, routes, ACCESS_TOKEN="revoked") -> Link; closed after the test."""
    with ExitStack() as stack:

        def connected(spec: SourceSpec, routes: Sequence[Route], **told: str) -> Link:
            calls: list[Request] = []
            sandbox = stack.enter_context(serving([_noted(r, calls) for r in routes]))
            settings = Settings(
                data_dir=tmp_path,
                sandbox_url=sandbox.url,
                credentials={spec.variable(name): told[name] for name in told},
            )
            return Link(Api(spec, settings, HASTY), sandbox, calls)

        yield connected


def _noted(route: Route, calls: list[Request]) -> Route:
    def handler(request: Request) -> Reply:
        calls.append(request)
        return route.handler(request)

    return replace(route, handler=handler)
