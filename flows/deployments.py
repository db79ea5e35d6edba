"""
What runs when: flow, schedule and parameters, in one list.

``python -m flows.deployments config/twente.yaml`` (``make night``) serves the list on one machine: it starts a Prefect
server when there is none, registers the deployments and carries out what they schedule until it is stopped. For a
server with a work pool, `prefect.yaml` holds the same list; a test keeps the two equal.

Nights never overlap, however they are started: each waits for the lock of the outputs folder and holds it
(:func:`twentegeo.store.only_run`); a crash releases it. Prefect's own concurrency limit is left alone on purpose: its
server keeps who holds a slot in memory, so that after a power cut the slot is taken for ever and every later night
waits in silence.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import httpx
from prefect import serve
from prefect.schedules import Cron
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.nightly import nightly
from flows.retention import retention
from flows.vault import where
from twentegeo.errors import TwenteGeoError
from twentegeo.notifier import tell
from twentegeo.pipeline.telling import about_failure, killed
from twentegeo.settings import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect import Flow
    from prefect.deployments.runner import RunnerDeployment

ZONE: Final = "Europe/Amsterdam"
TAGS: Final = ("twentegeo",)
SERVER_START_S: Final = 180.0
"""How long a server of our own may take to make its database and answer, seconds."""

PORT: Final = 4200
"""Where Prefect's server stands when nothing else is said."""


@dataclass(frozen=True, slots=True)
class Planned:
    """
    A flow with its schedule.

    Attributes
    ----------
    name
        Name of the deployment, Dutch: the operator sees it.
    flow
        What runs.
    cron
        When, in the time of :data:`ZONE`; None for by hand only. On the day that the clock skips 02:15 the night runs
        an hour earlier, and on the day that has it twice the night runs once.
    description
        One Dutch sentence.
    """

    name: str
    flow: Flow[..., Any]
    cron: str | None
    description: str


PLANNED: Final = (
    Planned("nacht", nightly, "15 2 * * *", "Elke nacht de registers ophalen, bouwen, controleren en uitbrengen."),
    Planned(
        "handmatig",
        nightly,
        None,
        "Een nacht met de hand: alles opnieuw bouwen (rebuild), of een afwijking aanvaarden (accept, reason).",
    ),
    Planned(
        "opruimen",
        retention,
        "30 5 * * 0",
        "Elke zondag releases verwijderen die niet bewaard hoeven te blijven.",
    ),
)


def deployments(config: Path) -> list[RunnerDeployment]:
    """
    Make the deployments for a region.

    Parameters
    ----------
    config
        Its settings file.

    Returns
    -------
    deployments
        In the order of :data:`PLANNED`.
    """
    made = [
        planned.flow.to_deployment(
            name=planned.name,
            description=planned.description,
            tags=list(TAGS),
            parameters={"config": str(config)},
            schedules=[Cron(planned.cron, timezone=ZONE)] if planned.cron else [],
        )
        for planned in PLANNED
    ]
    return cast("list[RunnerDeployment]", made)


@contextmanager
def server(port: int) -> Iterator[None]:
    """
    Have a Prefect server: the one that is configured, the one that answers on this machine, or one of our own.

    Parameters
    ----------
    port
        Where to look for one, and where to start one.

    Raises
    ------
    TimeoutError
        The server of our own does not answer in time.
    """
    if PREFECT_API_URL.value():
        yield
        return
    address = f"http://127.0.0.1:{port}/api"
    with temporary_settings({PREFECT_API_URL: address}):
        if _answers(address):
            yield
            return
        command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as started:  # noqa: S603 - our own interpreter
            try:
                _wait_for(address)
                yield
            finally:
                started.terminate()


def main() -> None:
    """Serve the deployments from a shell until the process is stopped."""
    parser = argparse.ArgumentParser(prog="python -m flows.deployments", description="Run the nights on schedule.")
    parser.add_argument("config", type=Path, help="settings file, for example config/twente.yaml")
    parser.add_argument("--port", type=int, default=PORT, help="port of the Prefect server on this machine")
    arguments = parser.parse_args()
    config = arguments.config.absolute()
    try:
        settings = load(config)
    except TwenteGeoError as error:
        sys.exit(f"twentegeo: {error}")
    with server(arguments.port):
        if reason := killed(settings):  # the machine stopped in the middle of a night; nobody else can tell
            tell(about_failure(settings, reason), where())
        # nights missed while the machine was off are made up for: the first finds what changed, the others that nothing
        # did; pausing on the way out would keep the process from ending when Prefect is in the middle of a call
        serve(*deployments(config), pause_on_shutdown=False, limit=len(PLANNED))


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health", timeout=2).is_success
    except httpx.HTTPError:
        return False


def _wait_for(address: str) -> None:
    until = time.monotonic() + SERVER_START_S
    while not _answers(address):
        if time.monotonic() > until:
            raise TimeoutError(f"Prefect's server at {address} does not answer after {SERVER_START_S:.0f} s")
        time.sleep(0.5)


if __name__ == "__main__":
    main()
