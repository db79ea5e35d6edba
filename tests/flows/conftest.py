"""Prefect's own test harness, and a real database, for the tests in this folder only."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.programs import free_port


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    from prefect.testing.utilities import prefect_test_harness  # noqa: PLC0415 - two seconds of import

    with prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.fixture
def postgresql() -> Iterator[str]:
    """Debian's PostgreSQL in a folder of its own; the address for SQLAlchemy."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        absent = "PostgreSQL is er niet; installeer het pakket postgresql"
        pytest.fail(absent) if os.environ.get("CI") else pytest.skip(absent)
    program = programs[-1]
    folder = Path(tempfile.mkdtemp(prefix="twentegeo-pg-"))
    # PostgreSQL does not run as root; Debian's package comes with a user for it
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    if os.geteuid() == 0:
        shutil.chown(folder, user)
    port = free_port()

    def run(*command: str) -> None:
        subprocess.run(command, user=user, check=True, capture_output=True, cwd=folder)

    try:
        run(
            str(program / "initdb"), "-D", "data", "--auth=trust", f"--username={user}", "--encoding=UTF8", "--locale=C"
        )
        options = f"-h 127.0.0.1 -p {port} -k {folder} -c fsync=off"
        run(str(program / "pg_ctl"), "-D", "data", "-w", "-l", "log", "-o", options, "start")
        try:
            yield f"postgresql+asyncpg://{user}@127.0.0.1:{port}/postgres"
        finally:
            run(str(program / "pg_ctl"), "-D", "data", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)
