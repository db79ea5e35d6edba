"""A real PostgreSQL with PostGIS, started for these tests on the loopback address and thrown away after them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PASSWORD = "kaas&brood@huis/9"  # noqa: S105 - of a server that lives for the length of these tests
"""With signs that must be escaped in a connection string."""

ESCAPED = "kaas%26brood%40huis%2F9"


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int

    def dsn(self, database: str, *, user: str = "postgres", password: str = ESCAPED) -> str:
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"


def _bin() -> Path | None:
    """Debian keeps initdb out of the way of users."""
    found = [*sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)]
    extensions = sorted(Path("/usr/share/postgresql").glob("*/extension/postgis.control"), reverse=True)
    on_path = shutil.which("initdb")
    if not extensions:
        return None
    return found[0].parent if found else Path(on_path).parent if on_path else None


@pytest.fixture(scope="session")
def server(absent: Callable[[str], None]) -> Iterator[Server]:
    programs = _bin()
    if programs is None:
        absent("PostgreSQL met PostGIS is er niet; installeer postgresql en postgresql-15-postgis-3")
    folder = Path(tempfile.mkdtemp(prefix="twentegeo-pg-"))
    # the server refuses to run as root, and its folder must be its own
    wanted = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if wanted:
        shutil.chown(folder, "postgres")
    secret = folder / "wachtwoord"
    secret.write_text(PASSWORD)
    secret.chmod(0o644)
    data, log = folder / "data", folder / "log"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(*command: str) -> None:
        subprocess.run([*wanted, *command], check=True, capture_output=True, cwd=folder, timeout=60)

    run(
        f"{programs}/initdb", "-D", f"{data}", "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={secret}",
        "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
    )  # fmt: skip
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off"
    run(f"{programs}/pg_ctl", "-D", f"{data}", "-l", f"{log}", "-w", "-o", options, "start")
    try:
        started = Server(port)
        with psycopg.connect(started.dsn("template1"), autocommit=True) as connection:
            for name in ("kaal", "werk", "gelezen"):
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        for name in ("werk", "gelezen"):
            with psycopg.connect(started.dsn(name), autocommit=True) as connection:
                connection.execute("CREATE EXTENSION postgis")
        yield started
    finally:
        run(f"{programs}/pg_ctl", "-D", f"{data}", "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def dsn(server: Server) -> str:
    """A database with PostGIS and nothing else in it."""
    with psycopg.connect(server.dsn("werk"), autocommit=True) as connection:
        schemas = connection.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN"
            " ('public', 'information_schema')"
        ).fetchall()
        for (name,) in schemas:
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))
        connection.execute("DROP TABLE IF EXISTS public.layer_styles")
    return server.dsn("werk")
