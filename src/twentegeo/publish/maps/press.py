"""
Sharing sheets out over processes that draw them.

QGIS draws where it is installed. A sheet on which it fails is drawn by matplotlib, with a warning: a book is whole or
it is not made at all.
"""

from __future__ import annotations

import json
import logging
import queue
import subprocess
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, Self

from twentegeo.errors import ReleaseError, problem
from twentegeo.publish.maps import plot_worker, qgis_press

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from twentegeo.publish.maps.contents import Contents
    from twentegeo.publish.maps.parameters import MapBookParams
    from twentegeo.publish.sheets.items import Sheet

LOGGER = logging.getLogger(__name__)

_LAST_CHANCE: Final = 4
"""How much longer matplotlib may take than QGIS: after it there is nobody, and a busy machine is slow for both."""


@dataclass(frozen=True, slots=True)
class Job:
    """A sheet to draw, the ``.pdf`` or ``.png`` to write, and its dots per inch."""

    sheet: Sheet
    path: Path
    dpi: int


class Drawer(Protocol):
    """A kind of process that draws."""

    name: str

    def start(self) -> subprocess.Popen[bytes]:
        """Start one."""
        ...

    def written(self, job: Job, folder: Path, number: int) -> Path:
        """Write a sheet down as the process reads it."""
        ...


@dataclass(frozen=True, slots=True)
class Drawn:
    """How the sheets were drawn: how many by QGIS, and how many by matplotlib."""

    by_qgis: int
    by_matplotlib: int


def draw_all(
    jobs: Sequence[Job],
    contents: Contents,
    parameters: MapBookParams,
    workers: int,
    done: Callable[[int], None],
) -> Drawn:
    """
    Draw sheets.

    Parameters
    ----------
    jobs
        What to draw.
    contents
        The release that they are about.
    parameters
        Who draws, and how long it may take.
    workers
        Number of processes.
    done
        Told how many are done.

    Returns
    -------
    drawn
        Who drew how many.

    Raises
    ------
    ReleaseError
        A sheet could not be drawn by either; or QGIS was asked for and is not there.
    """
    with tempfile.TemporaryDirectory(prefix="twentegeo-kaarten-") as name:
        folder = Path(name)
        plain = plot_worker.Plotter(contents.ground, folder)
        first = qgis_press.find(contents, parameters, folder) if parameters.tekenaar != "matplotlib" else None
        if first is None and parameters.tekenaar == "qgis":
            raise ReleaseError(
                problem("QGIS", "is hier niet te vinden", "Installeer QGIS, of zet maps.tekenaar op auto of matplotlib")
            )
        count = _Count(done)
        failed = list(jobs)
        if first is not None:
            failed = _shared(jobs, first, folder, (parameters.wachttijd_s, workers), count)
            for job in failed:
                LOGGER.warning("QGIS could not draw %s; matplotlib does", job.path.name)
        patience_s = _LAST_CHANCE * parameters.wachttijd_s
        left = _shared(failed, plain, folder, (patience_s, workers), count) if failed else []
        if left:
            raise ReleaseError(
                problem(left[0].path.name, "kon niet worden getekend", "Zie het log; de vorige kaarten staan er nog")
            )
    return Drawn(len(jobs) - len(failed), len(failed))


class _Count:
    """Counts over threads."""

    def __init__(self, done: Callable[[int], None]) -> None:
        self._done = done
        self._number = 0
        self._lock = threading.Lock()

    def add(self) -> None:
        """One more is done."""
        with self._lock:
            self._number += 1
            self._done(self._number)


class _Worker:
    """One process; a context manager that ends it."""

    def __init__(self, drawer: Drawer, patience_s: float) -> None:
        self._process = drawer.start()
        self._patience_s = patience_s
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        process = self._process
        if process.stdin is not None:
            try:
                process.stdin.close()
            except OSError:
                LOGGER.debug("the drawing process was gone already")
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._reader.join()
        if process.stdout is not None:
            process.stdout.close()

    def ask(self, question: dict[str, Any]) -> bool:
        """Have a sheet drawn; False when it failed, took too long or the process died."""
        process = self._process
        try:
            if process.stdin is None:
                return False
            process.stdin.write(json.dumps(question).encode() + b"\n")
            process.stdin.flush()
            answer = self._lines.get(timeout=self._patience_s)
        except (OSError, queue.Empty):
            self._process.kill()
            return False
        if not answer:
            return False
        said = json.loads(answer)
        if "error" in said:
            LOGGER.warning("%s: %s", question["out"], said["error"])
        return "done" in said

    @property
    def is_alive(self) -> bool:
        """False once the process has ended."""
        return self._process.poll() is None

    def _listen(self) -> None:
        if self._process.stdout is not None:
            for line in self._process.stdout:
                # libraries may say something too
                if line.startswith(b"{"):
                    self._lines.put(line)
        self._lines.put(b"")


def _shared(jobs: Sequence[Job], drawer: Drawer, folder: Path, limits: tuple[float, int], count: _Count) -> list[Job]:
    """Draw with several processes; give back what failed."""
    patience_s, workers = limits
    waiting: queue.SimpleQueue[tuple[int, Job]] = queue.SimpleQueue()
    for number, job in enumerate(jobs):
        waiting.put((number, job))
    failed: list[tuple[int, Job]] = []

    def keep_busy() -> None:
        while not waiting.empty():
            with _Worker(drawer, patience_s) as worker:
                # a process that died is replaced, as long as there is work
                while worker.is_alive:
                    try:
                        number, job = waiting.get_nowait()
                    except queue.Empty:
                        return
                    sheet = drawer.written(job, folder, number)
                    if worker.ask({"sheet": str(sheet), "out": str(job.path), "dpi": job.dpi}):
                        count.add()
                    else:
                        failed.append((number, job))
                    sheet.unlink(missing_ok=True)

    with ThreadPoolExecutor(max(min(workers, len(jobs)), 1)) as threads:
        for finished in [threads.submit(keep_busy) for _ in range(max(min(workers, len(jobs)), 1))]:
            finished.result()
    return [job for _, job in sorted(failed, key=lambda pair: pair[0])]
