"""
A proxy on this machine that breaks things on purpose.

It passes requests on to a server and hands back what came, unless a fault says otherwise. A fault is a function of the
request's number, its path and the answer; it may change the answer, or break the line while it is sent.
"""

from __future__ import annotations

import contextlib
import http.client
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

_PATIENCE_S = 10.0
_HOPS = frozenset({"connection", "keep-alive", "transfer-encoding", "server", "date"})


@dataclass(frozen=True)
class Reply:
    """What goes back: after `cut` bytes the line is broken; `pause` seconds pass between pieces of `piece` bytes."""

    status: int
    headers: dict[str, str]
    body: bytes
    cut: int | None = None
    pause: float = 0.0
    piece: int = 2**16

    def header(self, name: str, value: str) -> Reply:
        kept = {key: one for key, one in self.headers.items() if key.lower() != name.lower()}
        return replace(self, headers={**kept, name: value})

    def with_body(self, body: bytes) -> Reply:
        return replace(self, body=body).header("Content-Length", str(len(body)))


@dataclass
class Call:
    """One request: its number from the start of the test, method, path with query, body."""

    number: int
    method: str
    path: str
    body: bytes


Fault = Callable[[Call, Reply], Reply]


def no_fault(_: Call, reply: Reply) -> Reply:
    return reply


@dataclass
class Proxy:
    """The proxy: set `fault`, look at `calls`; `url` stands in for the server's."""

    url: str = ""
    fault: Fault = no_fault
    calls: list[Call] = field(default_factory=list)

    def reset(self, fault: Fault = no_fault) -> None:
        self.fault = fault
        self.calls.clear()


class _Handler(BaseHTTPRequestHandler):
    """Passes a request on, and back what the fault makes of the answer."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        proxy = self.server.proxy
        call = Call(len(proxy.calls) + 1, self.command, self.path, body)
        proxy.calls.append(call)
        self._send(proxy.fault(call, self._patiently(body)))

    def _patiently(self, body: bytes) -> Reply:
        """Ask again where the server itself stumbles: under load it now and then does, and that is no fault of ours."""
        deadline = time.monotonic() + _PATIENCE_S
        while (reply := self._ask(body)).status >= 500 and time.monotonic() < deadline:
            time.sleep(0.2)
        return reply

    def _ask(self, body: bytes) -> Reply:
        target = urlsplit(self.server.upstream)
        connection = http.client.HTTPConnection(target.hostname or "", target.port, timeout=60)
        headers = {key: value for key, value in self.headers.items() if key.lower() not in _HOPS}
        connection.request(self.command, self.path, body or None, headers)
        answer = connection.getresponse()
        content = answer.read()
        kept = {key: value for key, value in answer.getheaders() if key.lower() not in _HOPS}
        connection.close()
        if "json" in kept.get("Content-Type", ""):
            # links lead back through the proxy
            content = content.replace(self.server.upstream.encode(), self.server.proxy.url.encode())
        return Reply(answer.status, kept, content).with_body(content)

    def _send(self, reply: Reply) -> None:
        self.send_response_only(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if reply.status == 304:
            return
        body = reply.body if reply.cut is None else reply.body[: reply.cut]
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for start in range(0, len(body), reply.piece):
                self.wfile.write(body[start : start + reply.piece])
                self.wfile.flush()
                time.sleep(reply.pause)
        if reply.cut is not None:
            self.close_connection = True

    do_GET = do_POST = _pass  # noqa: N815 - named by http.server


class QuietServer(ThreadingHTTPServer):
    """Says nothing of clients that hang up."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing."""


class _Server(QuietServer):
    proxy: Proxy
    upstream: str


@contextlib.contextmanager
def serving(server: QuietServer) -> Iterator[str]:
    """Run a server in a thread for as long as the block runs; its address comes out."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def proxied(upstream: str) -> Iterator[Proxy]:
    """Put a proxy before a server for as long as the block runs."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.proxy, server.upstream = Proxy(), upstream
    with serving(server) as url:
        server.proxy.url = url
        yield server.proxy
