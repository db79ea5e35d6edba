"""Servers on this machine that keep what is sent to them: a webhook and a mail server."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any


@contextmanager
def webhook(status: int = 200) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A server that keeps what is posted to it."""
    got: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"json://user:geheim@127.0.0.1:{server.server_port}/hook", got
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def mail_server() -> Iterator[tuple[str, list[str]]]:
    """A server that speaks enough SMTP to take one message."""
    listening = socket.create_server(("127.0.0.1", 0))
    got: list[str] = []

    def serve() -> None:
        connection, _ = listening.accept()
        with connection, connection.makefile("rwb") as stream:

            def say(line: str) -> None:
                stream.write(f"{line}\r\n".encode())
                stream.flush()

            say("220 mail")
            for raw in stream:
                command = raw.decode().strip().upper()
                if command.startswith("DATA"):
                    say("354 go on")
                    lines = iter(stream.readline, b".\r\n")
                    got.append(b"".join(lines).decode())
                say("221 bye" if command.startswith("QUIT") else "250 ok")
                if command.startswith("QUIT"):
                    return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"mailto://127.0.0.1:{listening.getsockname()[1]}/?from=nacht@twente.nl&to=beheer@twente.nl", got
    finally:
        listening.close()
        thread.join(10)
