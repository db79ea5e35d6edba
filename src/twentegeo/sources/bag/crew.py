"""
Several worker processes, each with one member at a time.

Plain subprocesses rather than :mod:`multiprocessing`: its spawned children import the main module again, which under
Prefect costs seconds each, and forked ones inherit the threads of whoever calls us.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import twentegeo
from twentegeo import errors
from twentegeo.errors import SourceUnavailable, problem
from twentegeo.sources.bag import worker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from twentegeo.sources.bag.members import Task


SMALL_STEP: Final = 16_000_000
"""Bytes of XML that this process reads itself, while the workers are still starting."""


class Crew:
    """
    Workers to share tasks among; a context manager.

    Parameters
    ----------
    workers
        Number of processes; with 1 or less tasks are done in this process.
    """

    def __init__(self, workers: int) -> None:
        self._processes = [_started() for _ in range(workers)] if workers > 1 else []
        self._background = ThreadPoolExecutor(1)

    def __enter__(self) -> Self:
        """Nothing more to do; the workers are starting."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Send the workers home."""
        self.dismiss()

    def dismiss(self) -> None:
        """Send the workers home, at once: either they have answered everything, or nobody will hear the answer."""
        for process in self._processes:
            process.kill()
        for process in self._processes:
            if process.stdin is not None and not process.stdin.closed:
                process.stdin.close()
            process.wait()
        self._background.shutdown(cancel_futures=True)
        for process in self._processes:
            if process.stdout is not None:
                process.stdout.close()
        self._processes.clear()

    def shares(self, tasks: Sequence[Task]) -> bool:
        """Tell whether tasks are done by the workers, and not by this process."""
        return bool(self._processes) and sum(task.member.size for task in tasks) >= SMALL_STEP

    def run(self, tasks: Sequence[Task], done: Callable[[int], None]) -> list[worker.Result]:
        """
        Do all tasks.

        Parameters
        ----------
        tasks
            In order of reading.
        done
            Told how many are done, from none on, now and then.

        Returns
        -------
        results
            In the order of the tasks.

        Raises
        ------
        TwenteGeoError
            The first complaint of a task; the others are not waited for.
        """
        done(0)
        if not self.shares(tasks):
            results = []
            for task in tasks:
                results.append(worker.run(task))
                done(len(results))
            return results
        return self._shared(tasks, done)

    def start(self, tasks: Sequence[Task], done: Callable[[int], None]) -> Future[list[worker.Result]]:
        """
        Begin on tasks, so that the caller can do something else meanwhile.

        Parameters
        ----------
        tasks, done
            As for :meth:`run`.

        Returns
        -------
        results
            To ask for when they are needed; already there when tasks are done in this process.
        """
        if self._processes:
            return self._background.submit(self.run, tasks, done)
        results: Future[list[worker.Result]] = Future()
        results.set_result(self.run(tasks, done))
        return results

    def _shared(self, tasks: Sequence[Task], done: Callable[[int], None]) -> list[worker.Result]:
        waiting = deque(enumerate(tasks))
        found: dict[int, worker.Result] = {}

        def keep_busy(process: subprocess.Popen[str]) -> None:
            while True:
                try:
                    number, task = waiting.popleft()
                except IndexError:
                    return
                try:
                    found[number] = _asked(process, task)
                except BaseException:
                    waiting.clear()
                    raise
                done(len(found))

        with ThreadPoolExecutor(len(self._processes)) as threads:
            for finished in [threads.submit(keep_busy, process) for process in self._processes]:
                finished.result()
        return [found[number] for number in range(len(tasks))]


def _started() -> subprocess.Popen[str]:
    source = str(Path(twentegeo.__file__).resolve().parents[1])
    path = os.pathsep.join(filter(None, [source, os.environ.get("PYTHONPATH")]))
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", worker.__name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        # one key for the prints of stands, tonight and in later nights
        env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "0"},
    )


def _asked(process: subprocess.Popen[str], task: Task) -> worker.Result:
    try:
        said = _exchange(process, task)
    except (OSError, ValueError) as error:
        raise SourceUnavailable(
            problem(
                task.member.delivery,
                f"het proces dat lid {task.member.name} las is gestopt",
                "Controleer het vrije geheugen en draai opnieuw",
            )
        ) from error
    if "result" in said:
        return worker.Result(**said["result"])
    if "error" in said:
        raise getattr(errors, said["error"])(said["message"])
    raise RuntimeError(f"worker failed on {task.member.name}\n{said['traceback']}")


def _exchange(process: subprocess.Popen[str], task: Task) -> dict[str, Any]:
    if process.stdin is None or process.stdout is None:
        raise OSError("worker without pipes")
    process.stdin.write(worker.packed(task) + "\n")
    process.stdin.flush()
    said: dict[str, Any] = json.loads(process.stdout.readline())
    return said if "ready" not in said else dict(json.loads(process.stdout.readline()))
