"""Servers that this project did not write, started on this machine for the length of a test run."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PYGEOAPI = REPOSITORY / ".venv-pygeoapi" / "bin" / "pygeoapi"
MAPSERV = Path("/usr/lib/cgi-bin/mapserv")


def require(path: str | Path | None, what: str) -> str:
    """The program, or no test: where it must be there (CI), its absence is a failure."""
    if path and Path(path).exists():
        return str(path)
    if os.environ.get("CI"):
        pytest.fail(f"{what} ontbreekt; .ci/run hoort het te installeren")
    pytest.skip(f"{what} is niet geïnstalleerd (zie tests/tools/install_servers.sh)")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextlib.contextmanager
def running(command: list[str], url: str, log: Path, env: Mapping[str, str] | None = None, cwd: Path | None = None):
    """Start a server, wait until it answers, stop it in the end."""
    with log.open("wb") as stream:
        server = subprocess.Popen(
            command, stdout=stream, stderr=subprocess.STDOUT, env={**os.environ, **(env or {})}, cwd=cwd
        )
        try:
            deadline = time.monotonic() + 60
            while not answers(url):
                if server.poll() is not None or time.monotonic() > deadline:
                    pytest.fail(f"{command[0]} komt niet op: {log.read_text(errors='replace')[-800:]}")
                time.sleep(0.1)
            yield
        finally:
            server.terminate()
            server.wait(timeout=20)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - an address on this machine
            return answer.status < 500
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


@contextlib.contextmanager
def nginx(location: str, work: Path, ready: str = "") -> Iterator[str]:
    """nginx, doing what `location` says; by itself it serves files with Range, If-Range, ETag and Last-Modified."""
    program = require(shutil.which("nginx") or "/usr/sbin/nginx", "nginx")
    work.mkdir(parents=True, exist_ok=True)
    port = free_port()
    config = work / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    config.write_text(
        f"""{user} daemon off; worker_processes 1; pid {work}/pid; error_log {work}/error.log;
        events {{ worker_connections 64; }}
        http {{
            access_log off; client_body_temp_path {work}/a; proxy_temp_path {work}/b;
            fastcgi_temp_path {work}/c; uwsgi_temp_path {work}/d; scgi_temp_path {work}/e;
            types {{ application/zip zip; application/geopackage+sqlite3 gpkg; application/atom+xml xml; }}
            server {{ listen 127.0.0.1:{port}; {location} }}
        }}"""
    )
    url = f"http://127.0.0.1:{port}"
    with running([program, "-p", str(work), "-c", str(config)], url + ready, work / "nginx.log"):
        yield url


@contextlib.contextmanager
def mapserver(mapfile: Path, work: Path) -> Iterator[str]:
    """MapServer's WFS, as PDOK runs it: FastCGI behind a web server."""
    program = require(MAPSERV, "MapServer (cgi-mapserver)")
    work.mkdir(parents=True, exist_ok=True)
    settings = work / "mapserver.conf"
    settings.write_text('CONFIG\n ENV\n  MS_MAP_PATTERN "."\n END\nEND\n')
    names = ("QUERY_STRING", "REQUEST_METHOD", "CONTENT_TYPE", "CONTENT_LENGTH", "REQUEST_URI", "SERVER_PROTOCOL")
    passed = " ".join(f"fastcgi_param {name} ${name.lower()};" for name in names)
    location = f"""location / {{
        fastcgi_pass unix:{work}/mapserver.sock; {passed}
        fastcgi_param SCRIPT_NAME /; fastcgi_param SERVER_NAME 127.0.0.1; fastcgi_param SERVER_PORT $server_port;
        fastcgi_param MS_MAPFILE {mapfile}; fastcgi_param MAPSERVER_CONFIG_FILE {settings};
    }}"""
    with socket.socket(socket.AF_UNIX) as listening, (work / "mapserver.log").open("wb") as log:
        listening.bind(str(work / "mapserver.sock"))
        listening.listen(16)
        env = {**os.environ, "MAPSERVER_CONFIG_FILE": str(settings)}
        server = subprocess.Popen([program], stdin=listening, stdout=log, stderr=subprocess.STDOUT, env=env)
        try:
            with nginx(location, work, "/?service=WFS&request=GetCapabilities") as url:
                yield url
        finally:
            # it waits for a request before it heeds a friendlier signal
            server.kill()
            server.wait(timeout=20)


@contextlib.contextmanager
def pygeoapi(config: str, work: Path) -> Iterator[str]:
    """pygeoapi; `config` has {url} and {port} where those go."""
    program = require(PYGEOAPI, "pygeoapi")
    work.mkdir(parents=True, exist_ok=True)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    (work / "config.yml").write_text(config.replace("{url}", url).replace("{port}", str(port)))
    env = {"PYGEOAPI_CONFIG": str(work / "config.yml"), "PYGEOAPI_OPENAPI": str(work / "openapi.yml"), "PYTHONPATH": ""}
    made = subprocess.run(
        [program, "openapi", "generate", str(work / "config.yml"), "--output-file", str(work / "openapi.yml")],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr[-800:]
    with running([program, "serve"], f"{url}/collections?f=json", work / "out.log", env):
        yield url
