"""The loopback server: every source's routes on one port, HTTP/1.1 keep-alive.

Not here: what any platform answers (`sources/<name>/fake.py`), or the company (`world`).
"""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from ingestion.sandbox.faults import Faults
from ingestion.sandbox.http import Reply, Request, Route, Wire
from ingestion.sandbox.oauth import AuthorisationServer

HOST = "127.0.0.1"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # buffer writes: a header and a body in one segment
    disable_nagle_algorithm = True
    server: "_Server"

    def _serve(self) -> None:
        url = urlsplit(self.path)
        size = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(size)
        # Google's clients repeat a parameter for each value of a list.
        query = {k: ",".join(v) for k, v in parse_qs(url.query).items()}
        port = self.server.server_address[1]
        for route in self.server.routes:
            found = route.match(self.command, url.path, query)
            if found is None:
                continue
            request = Request(
                method=self.command,
                path=url.path,
                query=query,
                headers=self.server.authorisation.seen(
                    {k.lower(): v for k, v in self.headers.items()}
                ),
                body=body,
                found={k: unquote(v) for k, v in found.groupdict().items() if v},
                base_url=f"http://{HOST}:{port}",
                raw_query=url.query,
            )
            answer = partial(_answer, route, request)
            self._send(self.server.faults.apply(request, answer))
            return
        self._send(Reply({"error": {"code": 404, "message": "Not Found."}}, 404))

    do_GET = _serve
    do_POST = _serve

    def _send(self, reply: Reply | None) -> None:
        if reply is None:
            self.close_connection = True
            return
        body = reply.encoded()
        self.send_response(reply.status)
        if "content-type" not in {name.lower() for name in reply.headers}:
            self.send_header("Content-Type", "application/json; charset=UTF-8")
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if reply.wire is None:
            self.wfile.write(body)
        else:
            self._dribble(body, reply.wire)

    def _dribble(self, body: bytes, wire: Wire) -> None:
        """A fault on the line; whoever hangs up before the end is not held against."""
        self.close_connection = True
        size = max(1, len(body) // wire.pieces)
        if wire.cut:
            body = body[: len(body) // 2]
        waits = self.server.ended.wait
        with suppress(OSError):
            waits(wire.delay)
            for start in range(0, len(body), size):
                self.wfile.write(body[start : start + size])
                self.wfile.flush()
                if waits(wire.pause):
                    return

    def log_message(self, format: str, *args: Any) -> None:
        """The access log is the tests' business, not stderr's."""


def _answer(route: Route, request: Request) -> Reply:
    """A bug in a fake is told as one, not as a dropped connection."""
    try:
        return route.handler(request)
    except Exception as error:
        said = f"the sandbox itself failed: {type(error).__name__}: {error}"
        return Reply({"error": {"code": 500, "message": said}}, 500)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    ended: threading.Event
    routes: Sequence[Route] = ()
    faults: Faults
    authorisation: AuthorisationServer


def listening(port: int = 0) -> socket.socket:
    """A loopback socket on which calls wait until somebody answers; 0 is a free port."""
    return socket.create_server((HOST, port), backlog=64)


def url_of(listener: socket.socket) -> str:
    return f"http://{HOST}:{listener.getsockname()[1]}"


class Sandbox:
    """A running server. `url` is where the platforms' hosts point to."""

    def __init__(
        self,
        routes: Sequence[Route],
        port: int = 0,
        *,
        listener: socket.socket | None = None,
    ) -> None:
        """`listener`: a socket that already takes calls, in place of `port`."""
        self.faults = Faults()
        self.authorisation = AuthorisationServer()
        listener = listener or listening(port)
        address = listener.getsockname()
        self._server = _Server(address, _Handler, bind_and_activate=False)
        self._server.socket.close()
        self._server.socket = listener
        self._server.faults = self.faults
        self._server.authorisation = self.authorisation
        self._server.ended = threading.Event()
        self.answer_with(routes)
        self.url = url_of(listener)

    def answer_with(self, routes: Sequence[Route]) -> None:
        """From the next request on, these routes (another day was reached)."""
        first = sorted(routes, key=lambda route: not route.when)  # the pickiest
        self._server.routes = [*first, *self.authorisation.routes()]

    def serve(self) -> None:
        """Answer until `stop`."""
        self._server.serve_forever(poll_interval=0.05)

    def stop(self) -> None:
        self._server.ended.set()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def serving(routes: Sequence[Route]) -> Iterator[Sandbox]:
    """A sandbox in a thread of this process, for tests."""
    sandbox = Sandbox(routes)
    thread = threading.Thread(target=sandbox.serve, daemon=True)
    thread.start()
    try:
        yield sandbox
    finally:
        sandbox.stop()
        thread.join()
