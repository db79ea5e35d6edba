"""
Stand-ins for the two services that nobody else can run: EP-Online's API and the download service of the parcels.

They hand out addresses of files; the files themselves come from nginx.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.loopback.faults import QuietServer, serving

KEY = "SLEUTEL-0f9e8d7c6b5a"
SIGNATURE = "handtekening-1a2b3c4d"


@dataclass
class Counters:
    """What the services have, and what they were asked."""

    files: str
    url: str = ""
    total: str = ""
    days: dict[str, str] = field(default_factory=dict)
    parcels: str = ""
    state: list[str] = field(default_factory=list)
    orders: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def answer(self, method: str, path: str, key: str | None, body: bytes) -> tuple[int, Any]:
        self.asked.append(path)
        plain, _, _ = path.partition("?")
        if plain.startswith("/api/v5/"):
            return self._label(plain, key)
        if method == "POST" and plain.endswith("/full/custom"):
            self.orders.append(json.loads(body))
            self.state[:] = ["PENDING", "RUNNING", "COMPLETED"]
            return 202, {"downloadRequestId": f"aanvraag-{len(self.orders)}"}
        if plain.endswith("/status"):
            state = self.state.pop(0) if len(self.state) > 1 else (self.state or ["COMPLETED"])[0]
            links = {"download": {"href": f"{self.files}/{self.parcels}"}} if state == "COMPLETED" else {}
            return (201 if links else 200), {"status": state, "progress": 40, "_links": links}
        return 404, {}

    def _label(self, path: str, key: str | None) -> tuple[int, Any]:
        if key != KEY:
            return 401, {"title": "Unauthorized"}
        day = path.rpartition("/")[2]
        name = self.total if day == "DownloadInfo" else self.days.get(day)
        if not name:
            return 404, {"title": "Not found"}
        signed = f"{self.files}/{name}?sv=2024&sig={SIGNATURE}-{len(self.asked)}"
        bare = name.rpartition("/")[2]
        return 200, {"bestandsnaam": bare, "downloadUrl": signed, "geldigTotEnMet": "2026-11-20T03:00:00Z"}


@contextlib.contextmanager
def counters(files: str) -> Iterator[Counters]:
    """Run the stand-ins for as long as the block runs."""
    found = Counters(files)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, value = found.answer(self.command, self.path, self.headers.get("Authorization"), body)
            content = json.dumps(value).encode()
            self.send_response_only(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _serve  # noqa: N815 - named by http.server

    with serving(QuietServer(("127.0.0.1", 0), Handler)) as url:
        found.url = url
        yield found
