"""The server: ranges, kinds of file, the newest release, and nothing outside it."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import httpx
import pytest
from typer.testing import CliRunner

from tests.publish.site.conftest import serving
from twentegeo.cli import app as program
from twentegeo.errors import ReleaseError
from twentegeo.pipeline import products
from twentegeo.settings import Sample, Settings, config_folder, load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address) as opened:
        yield opened


def test_the_root_leads_to_the_page(client: httpx.Client):
    answer = client.get("/")

    assert (answer.status_code, answer.headers["location"]) == (307, "/site/")
    assert "Renovatiekaart Twente" in client.get("/site/").text


def test_a_range_is_a_range(client: httpx.Client, release: Path):
    whole = (release / "site/data/woningen.pmtiles").read_bytes()
    answer = client.get("/site/data/woningen.pmtiles", headers={"Range": "bytes=7-106", "Accept-Encoding": "gzip"})

    assert answer.status_code == 206
    assert answer.headers["content-range"] == f"bytes 7-106/{len(whole)}"
    assert "content-encoding" not in answer.headers
    assert answer.content == whole[7:107]
    beyond = client.get("/site/data/woningen.pmtiles", headers={"Range": f"bytes={len(whole)}-"})
    assert beyond.status_code == 416


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/site/", "text/html; charset=utf-8"),
        ("/site/vendor/maplibre-gl.js", "text/javascript"),
        ("/site/js/main.js", "text/javascript"),
        ("/site/app.css", "text/css; charset=utf-8"),
        ("/site/data/site.json", "application/json"),
        ("/site/data/panden.pmtiles", "application/vnd.pmtiles"),
        ("/twente.gpkg", "application/geopackage+sqlite3"),
    ],
)
def test_a_file_is_served_as_what_it_is(client: httpx.Client, path: str, kind: str):
    answer = client.get(path)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == kind
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-cache"
    assert client.get(path, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_text_is_packed(client: httpx.Client):
    assert client.get("/site/js/i18n.js", headers={"Accept-Encoding": "gzip"}).headers["content-encoding"] == "gzip"
    assert "content-encoding" not in client.get("/twente.gpkg", headers={"Accept-Encoding": "gzip"}).headers


@pytest.mark.parametrize(
    "path",
    [
        "/../geheim.txt",
        "/site/../../geheim.txt",
        "/%2e%2e/geheim.txt",
        "/site/%2e%2e/%2e%2e/geheim.txt",
        "/..%2fgeheim.txt",
        "/..%5cgeheim.txt",
        "//etc/passwd",
        "/site//etc/passwd",
        "/koppeling.txt",
        "/.verborgen",
        "/site/.nieuw/index.html",
        "/site/%00",
    ],
)
def test_nothing_else_on_the_machine_can_be_had(tmp_path: Path, path: str):
    inside = tmp_path / "uitgave"
    (inside / "site" / ".nieuw").mkdir(parents=True)
    (inside / ".verborgen").write_text("geheim", encoding="utf-8")
    (inside / "site" / ".nieuw" / "index.html").write_text("geheim", encoding="utf-8")
    (tmp_path / "geheim.txt").write_text("geheim", encoding="utf-8")
    (inside / "koppeling.txt").symlink_to(tmp_path / "geheim.txt")
    with serving(inside) as found:
        port = int(found.rsplit(":", 1)[1])
        # by hand, because a client tidies the path up before it asks
        with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
            answer = b"".join(iter(lambda: line.recv(65536), b""))
    assert answer.split(b" ")[1] in {b"404", b"400", b"307"}
    assert b"geheim" not in answer


def test_a_new_release_is_served_without_a_new_start(tmp_path: Path):
    for name in ("een", "twee"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_text(f'"{name}"', encoding="utf-8")
    newest = tmp_path / "latest"
    newest.symlink_to("een", target_is_directory=True)

    with serving(newest) as found:
        assert httpx.get(f"{found}/manifest.json").json() == "een"
        newest.unlink()
        newest.symlink_to("twee", target_is_directory=True)
        assert httpx.get(f"{found}/manifest.json").json() == "twee"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    sample = load(config_folder() / "sample.yaml")
    return sample.model_copy(update={"outputs": tmp_path / "outputs", "sample": Sample(folder=tmp_path / "s")})


def test_without_a_release_there_is_one_clear_line(settings: Settings, tmp_path: Path):
    with pytest.raises(ReleaseError, match="hier staat nog geen release"):
        products.site(settings, _Quiet())
    config = tmp_path / "regio.yaml"
    config.write_text("region: {name: Twente, municipalities: ['0153']}\n", encoding="utf-8")
    told = CliRunner().invoke(program, ["serve", str(config)])
    assert isinstance(told.exception, ReleaseError)


class _Quiet:
    def say(self, text: str) -> None:
        pass

    def count(self, text: str, done: int, total: int) -> None:
        pass
