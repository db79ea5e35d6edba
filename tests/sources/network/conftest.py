"""A client without waiting, and a service that answers what a test tells it to."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from twentegeo.sources.errand import Errand
from twentegeo.sources.http import Web
from twentegeo.sources.shelf import Shelf
from twentegeo.sources.ways import HttpParams

NOW = datetime(2026, 11, 20, 2, 15, tzinfo=UTC)
PARAMS = HttpParams(spare_bytes=0, backoff_s=1.0)

Answering = Callable[[httpx.Request], httpx.Response]


class Service:
    """Answers requests, and remembers them and the pauses between."""

    def __init__(self) -> None:
        self.answer: Answering = lambda _: httpx.Response(404)
        self.requests: list[httpx.Request] = []
        self.pauses: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.answer(request)

    def in_turn(self, *answers: httpx.Response | Exception | Answering) -> None:
        """Give these answers one after the other, the last one for ever."""
        waiting = list(answers)

        def answer(request: httpx.Request) -> httpx.Response:
            one = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            if isinstance(one, Exception):
                raise one
            return one(request) if callable(one) else one

        self.answer = answer

    def web(self, params: HttpParams = PARAMS) -> Web:
        return Web(params, transport=httpx.MockTransport(self), sleep=self.pauses.append)


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def web(service: Service) -> Iterator[Web]:
    with service.web() as client:
        yield client


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "outputs" / "snapshots")


@pytest.fixture
def errand(web: Web, shelf: Shelf) -> Errand:
    return Errand(web, shelf, NOW, lambda _: None, lambda *_: None)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def a_zip() -> bytes:
    """A small zip that is whole."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inhoud.csv", "".join(f"{number};{number * 7}\n" for number in range(5000)))
    return packed.getvalue()
