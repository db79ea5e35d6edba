"""Files: whole or not at all, whatever happens on the way; what came in is not got twice."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sources.network.conftest import PARAMS, Service
from twentegeo.errors import SourceChanged, SourceUnavailable
from twentegeo.sources.arrival import require_whole
from twentegeo.sources.download import Arrived, Wanted, address_of, download
from twentegeo.sources.http import Web
from twentegeo.sources.redaction import file_name

URL = "https://service.pdok.nl/downloads/lvbag.zip"


def serving(content: bytes, *, etag: str = '"1"', cut: Callable[[], int | None] = lambda: None, **headers: str):
    """A server with Range and If-Range, as nginx does it; `cut` says after how many bytes the line breaks."""

    def answer(request: httpx.Request) -> httpx.Response:
        given = {"ETag": etag, "Accept-Ranges": "bytes", **headers}
        if request.headers.get("if-none-match") == etag:
            return httpx.Response(304, headers=given)
        start = 0
        asked = request.headers.get("range")
        if asked and request.headers.get("if-range", etag) == etag:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
            given["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        rest = content[start:]
        given.setdefault("Content-Length", str(len(rest)))

        def body() -> Iterator[bytes]:
            at = cut()
            yield rest[:at]
            if at is not None and at < len(rest):
                raise httpx.RemoteProtocolError("cut")

        return httpx.Response(206 if start else 200, headers=given, content=body())

    return answer


def wanted(**changes: object) -> Wanted:
    return Wanted(**{"address": address_of(URL), "key": URL, "name": "lvbag.zip", **changes})  # type: ignore[arg-type]


def get(web: Web, folder: Path, **changes: object) -> Arrived | None:
    return download(web, wanted(**changes), folder)


def refusal(web: Web, folder: Path, kind: type[Exception] = SourceUnavailable, **changes: object) -> str:
    with pytest.raises(kind) as caught:
        get(web, folder, **changes)
    assert not list(folder.glob("*.zip"))
    return str(caught.value)


def test_a_file_arrives(service: Service, web: Web, tmp_path: Path, a_zip: bytes) -> None:
    service.answer = serving(a_zip, **{"Last-Modified": "Thu, 01 Oct 2026 00:00:00 GMT"})
    told = []
    arrived = download(web, wanted(length=len(a_zip)), tmp_path, lambda *count: told.append(count))
    assert arrived is not None
    assert arrived.path.read_bytes() == a_zip
    assert arrived.validators == {"etag": '"1"', "last_modified": "Thu, 01 Oct 2026 00:00:00 GMT"}
    assert told[-1][1:] == (1, 1)
    assert service.requests[0].headers["accept-encoding"] == "identity"


def test_what_is_there_is_not_got_again(service: Service, web: Web, tmp_path: Path, a_zip: bytes) -> None:
    service.answer = serving(a_zip)
    assert get(web, tmp_path, known={"etag": '"1"'}) is None
    assert get(web, tmp_path, known={"etag": '"0"'}) is not None


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(0, 30_000), max_size=12))
def test_a_line_that_breaks_at_any_byte(cuts: list[int], a_zip: bytes, tmp_path: Path) -> None:
    """However often and wherever it breaks: in the end the same bytes, as long as something comes each time."""
    shutil.rmtree(tmp_path / "in", ignore_errors=True)
    service, waiting = Service(), list(cuts)
    service.answer = serving(a_zip, cut=lambda: waiting.pop(0) if waiting else None)
    patient = PARAMS.model_copy(update={"attempts": 20})
    with service.web(patient) as web:
        arrived = get(web, tmp_path / "in")
    assert arrived is not None
    assert arrived.path.read_bytes() == a_zip


def test_progress_renews_patience(service: Service, web: Web, tmp_path: Path, a_zip: bytes) -> None:
    """Twenty breaks with five attempts: each time a bit more came."""
    step = len(a_zip) // 20 + 1
    service.answer = serving(a_zip, cut=lambda: step)
    assert get(web, tmp_path) is not None
    assert len(service.requests) == 20


def test_the_next_run_goes_on_where_this_one_broke_off(
    service: Service, web: Web, tmp_path: Path, a_zip: bytes
) -> None:
    waiting = [5000, 0, 0, 0, 0, 0, 0]
    service.answer = serving(a_zip, cut=lambda: waiting.pop(0) if waiting else None)
    assert "verbinding verbroken" in refusal(web, tmp_path)
    service.requests.clear()
    waiting.clear()
    arrived = get(web, tmp_path)
    assert arrived is not None
    assert arrived.path.read_bytes() == a_zip
    assert [one.headers["range"] for one in service.requests] == ["bytes=5000-"]


def test_a_part_of_an_older_file_is_not_continued(service: Service, web: Web, tmp_path: Path, a_zip: bytes) -> None:
    waiting = [5000, 0, 0, 0, 0, 0, 0]
    service.answer = serving(b"PK" + bytes(len(a_zip) - 2), etag='"oud"', cut=lambda: waiting.pop(0))
    refusal(web, tmp_path)
    service.answer = serving(a_zip, etag='"nieuw"')
    arrived = get(web, tmp_path)
    assert arrived is not None
    assert arrived.path.read_bytes() == a_zip


def test_a_whole_part_is_only_asked_after(service: Service, web: Web, tmp_path: Path, a_zip: bytes) -> None:
    """Killed between the last byte and the shelf: nothing is got twice."""
    service.answer = serving(a_zip)
    assert get(web, tmp_path) is not None
    service.requests.clear()
    again = get(web, tmp_path)
    assert again is not None
    assert again.path.read_bytes() == a_zip
    assert service.requests[0].headers["if-none-match"] == '"1"'


def test_a_service_without_validators_starts_anew(service: Service, web: Web, tmp_path: Path, a_zip: bytes) -> None:
    waiting: list[int | None] = [5000, None]
    service.answer = serving(a_zip, etag="", cut=lambda: waiting.pop(0))
    assert get(web, tmp_path) is not None
    assert all("range" not in one.headers for one in service.requests)


@pytest.mark.parametrize("change", [-1, +1])
def test_another_length_than_announced(change: int, service: Service, web: Web, tmp_path: Path, a_zip: bytes) -> None:
    service.answer = serving(a_zip)
    assert "aangekondigd" in refusal(web, tmp_path, length=len(a_zip) + change)
    assert get(web, tmp_path, length=len(a_zip)) is not None


def test_more_bytes_than_announced(service: Service, web: Web, tmp_path: Path, a_zip: bytes) -> None:
    service.answer = serving(a_zip + b"staart", **{"Content-Length": str(len(a_zip))})
    assert "meer bytes" in refusal(web, tmp_path)


@pytest.mark.parametrize("name", ["Content-MD5", "Repr-Digest", "Digest"])
def test_a_wrong_checksum(name: str, service: Service, web: Web, tmp_path: Path, a_zip: bytes) -> None:
    def stated(content: bytes) -> str:
        if name == "Content-MD5":
            return base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        return f"sha-256=:{digest}:" if name == "Repr-Digest" else f"SHA-256={digest}"

    service.answer = serving(a_zip, **{name: stated(b"iets anders")})
    assert "controlegetal" in refusal(web, tmp_path)
    service.answer = serving(a_zip, **{name: stated(a_zip)})
    assert get(web, tmp_path) is not None


def test_a_page_in_place_of_a_file(service: Service, web: Web, tmp_path: Path, a_zip: bytes) -> None:
    def page(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=httpx.ByteStream(b"  <!DOCTYPE html><title>Even geduld</title>"))

    service.in_turn(page, serving(a_zip))
    assert get(web, tmp_path / "a") is not None
    service.in_turn(page)
    assert "webpagina" in refusal(web, tmp_path / "b")


def test_a_damaged_file_is_got_again(service: Service, web: Web, tmp_path: Path, a_zip: bytes) -> None:
    damaged = bytearray(a_zip)
    damaged[len(damaged) // 2] ^= 0xFF
    service.in_turn(serving(bytes(damaged)), serving(a_zip, etag='"2"'))
    arrived = get(web, tmp_path)
    assert arrived is not None
    assert arrived.path.read_bytes() == a_zip


def test_a_zip_that_explodes_is_refused_and_removed(service: Service, web: Web, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("groot.csv", bytes(2**24))
    service.answer = serving(packed.getvalue())
    assert "keer zo groot" in refusal(web, tmp_path, SourceChanged)
    assert len(service.requests) == 1
    assert not list(tmp_path.iterdir())


def test_a_file_that_comes_compressed_is_not_taken_for_the_file(
    service: Service, web: Web, tmp_path: Path, a_zip: bytes
) -> None:
    service.answer = serving(gzip.compress(a_zip), **{"Content-Encoding": "gzip"})
    assert "ingepakt" in refusal(web, tmp_path)


def test_a_disk_without_room(service: Service, tmp_path: Path, a_zip: bytes) -> None:
    service.answer = serving(a_zip)
    with service.web(PARAMS.model_copy(update={"spare_bytes": 10**18})) as web:
        assert "GB nodig" in refusal(web, tmp_path)


def test_a_signed_address_that_expired_is_asked_anew(service: Service, web: Web, tmp_path: Path, a_zip: bytes) -> None:
    asked: list[str] = []

    def address() -> str:
        asked.append(f"https://blob.example/x.zip?sig=geheim{len(asked)}")
        return asked[-1]

    service.in_turn(httpx.Response(403), serving(a_zip))
    assert get(web, tmp_path, address=address, key="x.zip", name="x.zip", signed=True) is not None
    assert len(asked) == 2
    assert not any("geheim" in note.read_text() for note in tmp_path.glob("*.json"))
    service.in_turn(httpx.Response(403))
    message = refusal(web, tmp_path / "b", address=address, key="x.zip", name="x.zip", signed=True)
    assert "verlopen" in message
    assert "geheim" not in message


# -- whether a file is whole ---------------------------------------------------------------------------------


@pytest.fixture
def a_geopackage(tmp_path: Path) -> Path:
    path = tmp_path / "heel.gpkg"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE gpkg_contents (table_name TEXT)")
    connection.executemany("INSERT INTO gpkg_contents VALUES (?)", [(f"laag {n}" * 50,) for n in range(200)])
    connection.commit()
    connection.close()
    return path


def test_a_whole_geopackage(a_geopackage: Path) -> None:
    require_whole(a_geopackage)


@pytest.mark.parametrize("keep", [50, 100, 4096, -4096, -1])
def test_half_a_geopackage(keep: int, a_geopackage: Path, tmp_path: Path) -> None:
    half = tmp_path / "half.gpkg"
    half.write_bytes(a_geopackage.read_bytes()[:keep])
    with pytest.raises(SourceUnavailable, match="GeoPackage"):
        require_whole(half)


def test_a_spoilt_geopackage(a_geopackage: Path) -> None:
    content = bytearray(a_geopackage.read_bytes())
    content[5000:9000] = bytes(4000)
    a_geopackage.write_bytes(content)
    with pytest.raises(SourceUnavailable, match="GeoPackage"):
        require_whole(a_geopackage)


@pytest.mark.parametrize("content", [b"", b"PK", b"hallo", b"<html>", b"PK\x03\x04" + bytes(100)])
def test_what_is_no_delivery(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(SourceUnavailable):
        require_whole(path)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://a.nl/b/lvbag-extract-nl.zip?x=1", "lvbag-extract-nl.zip"),
        ("https://a.nl/..%2f..%2fetc", "2f..2fetc"),
        ("https://a.nl/", "bestand"),
    ],
)
def test_the_name_of_a_file(url: str, name: str) -> None:
    found = file_name(url)
    assert found == name or "/" not in found
    assert not found.startswith(".")
