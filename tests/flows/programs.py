"""Real servers and programs beside a test, each with a folder of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

REPOSITORY = Path(__file__).parents[2]
PREFECT = [sys.executable, "-m", "prefect"]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def until(found: Callable[[], Any], seconds: float, what: str) -> Any:
    """Ask until there is an answer."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = found()
        if answer:
            return answer
        time.sleep(0.5)
    pytest.fail(f"{what}: niet binnen {seconds:.0f} s")


@contextmanager
def running(command: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program beside the test, stopped afterwards."""
    with log.open("wb") as stream:
        process = subprocess.Popen(command, env=environment, cwd=REPOSITORY, stdout=stream, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass(frozen=True)
class Server:
    """A Prefect server that answers: where, and the environment in which commands find it."""

    api: str
    environment: dict[str, str]
    folder: Path

    def asked(self, path: str, **body: Any) -> Any:
        answer = httpx.post(f"{self.api}/{path}", json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def runs(self, deployment: str) -> list[dict[str, Any]]:
        """All runs of a deployment, whatever their state."""
        return list(self.asked("flow_runs/filter", deployments={"name": {"any_": [deployment]}}))

    def started(self, deployment: str, **parameters: Any) -> str:
        """Start a run by hand; its id."""
        found = self.asked("deployments/filter", deployments={"name": {"any_": [deployment]}})
        made = self.asked(f"deployments/{found[0]['id']}/create_flow_run", parameters=parameters)
        return str(made["id"])

    def state(self, run: str) -> str:
        answer = httpx.get(f"{self.api}/flow_runs/{run}", timeout=30).json()
        return str(answer["state"]["type"])


@contextmanager
def serving(folder: Path, **environment: str) -> Iterator[Server]:
    """Run a real Prefect server on this machine."""
    api = f"http://127.0.0.1:{(port := free_port())}/api"
    with_api = isolated(folder) | {"PREFECT_API_URL": api} | environment
    command = [*PREFECT, "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with running(command, with_api, folder / "server.log"):
        until(lambda: answers(api), 180, "de server van Prefect")
        yield Server(api, with_api, folder)


def isolated(folder: Path) -> dict[str, str]:
    """An environment in which Prefect keeps its things in a folder of the test's own."""
    home = folder / "prefect"
    home.mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "TWENTEGEO_"))}
    return kept | {"PREFECT_HOME": str(home), "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}


def answers(api: str) -> bool:
    try:
        return httpx.get(f"{api}/health", timeout=2).is_success
    except httpx.HTTPError:
        return False
