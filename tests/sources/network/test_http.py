"""The client: which failures it lives with, what it refuses, and what it never says."""

from __future__ import annotations

import gzip
import logging
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from tests.sources.network.conftest import PARAMS, Service
from twentegeo.errors import SourceUnavailable
from twentegeo.sources.answers import Barred, NotThere
from twentegeo.sources.http import Web
from twentegeo.sources.redaction import bare, redact

URL = "https://service.pdok.nl/iets"
GOOD = httpx.Response(200, json={"a": 1})


def refusal(web: Web, kind: type[Exception] = SourceUnavailable, url: str = URL) -> str:
    with pytest.raises(kind) as caught:
        web.get_json(url)
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_a_good_answer(service: Service, web: Web) -> None:
    service.in_turn(GOOD)
    assert web.get_json(URL, params={"q": "x"})[0] == {"a": 1}
    sent = service.requests[0]
    assert sent.headers["user-agent"].startswith("twentegeo/")
    assert sent.url.params["q"] == "x"


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_passing_failure_is_tried_again(status: int, service: Service, web: Web) -> None:
    service.in_turn(httpx.Response(status), httpx.Response(status), GOOD)
    assert web.get_json(URL)[0] == {"a": 1}
    assert len(service.requests) == 3
    assert len(service.pauses) == 2


@pytest.mark.parametrize(
    "error", [httpx.ConnectError("x"), httpx.ReadTimeout("x"), httpx.RemoteProtocolError("x"), httpx.ReadError("x")]
)
def test_a_broken_connection_is_tried_again(error: Exception, service: Service, web: Web) -> None:
    service.in_turn(error, GOOD)
    assert web.get_json(URL)[0] == {"a": 1}


@pytest.mark.parametrize(
    ("status", "kind"), [(400, SourceUnavailable), (401, Barred), (403, Barred), (404, NotThere), (410, NotThere)]
)
def test_a_refusal_is_not_tried_again(status: int, kind: type[Exception], service: Service, web: Web) -> None:
    service.in_turn(httpx.Response(status))
    assert f"HTTP {status}" in refusal(web, kind)
    assert len(service.requests) == 1


def test_patience_ends(service: Service, web: Web) -> None:
    service.in_turn(httpx.Response(503))
    assert "na 5 pogingen: storing bij de dienst (HTTP 503)" in refusal(web)
    assert len(service.requests) == PARAMS.attempts


def test_pauses_grow_and_differ(service: Service, web: Web) -> None:
    service.in_turn(httpx.Response(500))
    for _ in range(30):
        refusal(web)
    firsts, lasts = service.pauses[::4], service.pauses[3::4]
    assert max(firsts) <= PARAMS.backoff_s
    assert max(lasts) > 2
    assert len(set(lasts)) > 10


@pytest.mark.parametrize("form", ["7", "date"])
def test_retry_after_is_obeyed(form: str, service: Service, web: Web) -> None:
    moment = format_datetime(datetime.now(tz=UTC) + timedelta(seconds=7), usegmt=True)
    service.in_turn(httpx.Response(429, headers={"Retry-After": "7" if form == "7" else moment}), GOOD)
    web.get_json(URL)
    assert 5 < service.pauses[0] <= 7


def test_a_service_that_wants_to_be_left_alone_for_long_is(service: Service, web: Web) -> None:
    service.in_turn(httpx.Response(503, headers={"Retry-After": "7200"}))
    assert "120 minuten" in refusal(web)
    assert len(service.requests) == 1


def test_a_redirect_within_the_allowed_hosts_is_followed(service: Service, web: Web) -> None:
    service.in_turn(httpx.Response(302, headers={"Location": "https://api.pdok.nl/daar"}), GOOD)
    web.get_json(URL, headers={"Authorization": "geheim"})
    assert service.requests[0].headers["authorization"] == "geheim"
    assert "authorization" not in service.requests[1].headers


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("https://elders.example/x?handtekening=geheim", "host die niet toegestaan is (elders.example)"),
        ("http://service.pdok.nl/x", "onbeveiligd adres"),
        (URL, "meer dan 5 keer door"),
    ],
)
def test_a_redirect_elsewhere_is_refused(where: str, said: str, service: Service, web: Web) -> None:
    service.in_turn(httpx.Response(302, headers={"Location": where}))
    assert said in refusal(web)
    assert "geheim" not in refusal(web)


def test_plain_http_is_for_this_machine_only(service: Service, web: Web) -> None:
    service.in_turn(GOOD)
    assert "https://" in refusal(web, url="http://service.pdok.nl/iets")
    assert web.get_json("http://127.0.0.1:1/iets")[0] == {"a": 1}


@pytest.mark.parametrize("url", ["https://", "iets", "ftp://service.pdok.nl/x", "https://a:poort/x"])
def test_what_is_no_address(url: str, service: Service, web: Web) -> None:
    service.in_turn(GOOD)
    with pytest.raises(SourceUnavailable, match="adres"):
        web.get_json(url)
    assert not service.requests


def test_a_certificate_that_is_wrong_is_not_tried_again(service: Service, web: Web) -> None:
    error = httpx.ConnectError("x")
    error.__cause__ = ssl.SSLCertVerificationError("expired")
    service.in_turn(error)
    assert "certificaat" in refusal(web)
    assert len(service.requests) == 1


def test_a_page_in_place_of_json_passes(service: Service, web: Web) -> None:
    page = httpx.Response(200, html="<!doctype html><title>Onderhoud</title>")
    service.in_turn(page, GOOD)
    assert web.get_json(URL)[0] == {"a": 1}
    service.in_turn(page)
    assert "webpagina" in refusal(web)
    service.in_turn(httpx.Response(200, content=b'{"a": '))
    assert "afgekapt" in refusal(web)


def test_a_bomb_does_not_go_off(service: Service) -> None:
    small = PARAMS.model_copy(update={"page_most_bytes": 2**16})
    bomb = gzip.compress(bytes(2**24))
    service.in_turn(httpx.Response(200, content=bomb, headers={"Content-Encoding": "gzip"}))
    with service.web(small) as web:
        assert "groter dan 65536 bytes" in refusal(web)
        twice = httpx.Response(
            200, stream=httpx.ByteStream(gzip.compress(bomb)), headers={"Content-Encoding": "gzip, gzip"}
        )
        service.in_turn(twice)
        assert "onverwachte wijze ingepakt" in refusal(web)


def test_a_trickle_is_broken_off() -> None:
    service, clock = Service(), iter(range(0, 100_000, 20))

    def trickle() -> httpx.Response:
        return httpx.Response(200, content=(b"x" for _ in range(1000)))

    service.answer = lambda _: trickle()
    transport = httpx.MockTransport(service)
    with Web(PARAMS, transport=transport, sleep=service.pauses.append, clock=lambda: float(next(clock))) as web:
        assert "te traag" in refusal(web)


def test_few_requests_at_a_time(service: Service) -> None:
    busy, most = 0, 0
    lock = threading.Lock()

    def slow(_: httpx.Request) -> httpx.Response:
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
        time.sleep(0.02)
        with lock:
            busy -= 1
        return GOOD

    service.answer = slow
    with service.web() as web:
        threads = [threading.Thread(target=web.get_json, args=(URL,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert most == PARAMS.parallel_per_host


def test_no_log_tells_a_signature(service: Service, web: Web, caplog: pytest.LogCaptureFixture) -> None:
    service.in_turn(httpx.Response(200, json={}))
    with caplog.at_level(logging.DEBUG):
        web.get_json("https://service.pdok.nl/bestand?sig=geheim")
        logging.getLogger("httpcore.http11").debug("x %r", [(b"Location", b"https://a.nl/b?sig=geheim")])
    assert "service.pdok.nl/bestand" in caplog.text
    assert "geheim" not in caplog.text


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://naam:wachtwoord@a.nl:8443/b/c.zip?sig=1#x", "https://a.nl:8443/b/c.zip"),
        ("https://a.nl", "https://a.nl"),
        ("v20261101_v4_csv.zip", "v20261101_v4_csv.zip"),
    ],
)
def test_an_address_is_stripped(url: str, shown: str) -> None:
    assert bare(url) == shown


def test_addresses_in_text_are_stripped() -> None:
    assert (
        redact("GET https://u:p@a.nl/b?sig=1&x=2 klaar, https://c.nl/d") == "GET https://a.nl/b?… klaar, https://c.nl/d"
    )
