"""
Time, processor time and memory of a process with all that it starts.

Memory is sampled from ``/proc`` every 20 ms: the resident sizes of the process and its descendants added up, of which
the highest sum counts. Pages that two processes share are in it twice, so the figure is an upper bound; what rises
and falls between two samples is missed, and so may be a process that lives less than 100 ms. ``largest`` is the highest
resident size of a single process, as the kernel kept it (``VmHWM``).
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from benchmarks.jobs.job import START, STOP

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERVAL = 0.02
SELDOM = 5
"""Looks from one time to the next that processes are sought: walking along all threads takes most of the time, on cores
that what is measured has need of."""
MB = 1_000_000
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Measured:
    """Seconds of wall clock and of processors, and megabytes (10⁶ bytes); ``failed`` says why when it went wrong."""

    wall: float
    cpu: float
    peak: float
    main: float
    largest_child: float
    failed: str | None = None


class Tree:
    """A process and its descendants, watched."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.peak = 0
        self.high: dict[int, int] = {}
        self.cpu: dict[int, float] = {}
        self._looks = 0
        self._there: list[int] = []

    def look(self) -> None:
        """Take a sample."""
        if self._looks % SELDOM == 0:
            self._there = self._members()
            for pid in self._there:
                self._look_up(pid)
        self._looks += 1
        total = 0
        for pid in self._there:
            try:
                total += int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * PAGE
                fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            except OSError:  # gone between two looks
                continue
            self.cpu[pid] = (int(fields[11]) + int(fields[12])) / TICKS
        self.peak = max(self.peak, total)

    def _look_up(self, pid: int) -> None:
        """See how large a process has been at most."""
        try:
            status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        except OSError:
            return
        high = status.partition("VmHWM:")[2].split(maxsplit=1)
        if high:
            self.high[pid] = max(self.high.get(pid, 0), int(high[0]) * 1024)

    def used(self) -> float:
        """Add up the processor seconds seen so far, also of processes that have ended."""
        return sum(self.cpu.values())

    def _members(self) -> list[int]:
        waiting, members = [self.pid], []
        while waiting:
            pid = waiting.pop()
            members.append(pid)
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                try:
                    waiting += [int(child) for child in task.read_text(encoding="ascii").split()]
                except OSError:
                    continue
        return members


def run(command: Sequence[str], *, cwd: Path, log: Path) -> Measured:
    """
    Run a command and watch it.

    Parameters
    ----------
    command
        Program and arguments; may print the lines of :mod:`benchmarks.jobs.job`.
    cwd
        Folder to run in.
    log
        File for what it says.

    Returns
    -------
    measured
        From start line to stop line; without those, the whole process.
    """
    said: SimpleQueue[tuple[str, float]] = SimpleQueue()
    with log.open("w", encoding="utf-8") as errors:
        begun = time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, stderr=errors, text=True)
        listener = threading.Thread(target=_listen, args=(process, said, log), daemon=True)
        listener.start()
        measured = _watch(process, said, begun)
        code = process.wait()
        listener.join()
    if code == 0:
        return measured
    tail = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    reason = f"exit code {code}; {tail[-1] if tail else 'it said nothing'}"
    return Measured(measured.wall, measured.cpu, measured.peak, measured.main, measured.largest_child, reason[:200])


def _listen(process: subprocess.Popen[str], said: SimpleQueue[tuple[str, float]], log: Path) -> None:
    with log.with_suffix(".out").open("w", encoding="utf-8") as out:
        for line in process.stdout or ():
            said.put((line.strip(), time.perf_counter()))
            out.write(line)


def _watch(process: subprocess.Popen[str], said: SimpleQueue[tuple[str, float]], begun: float) -> Measured:
    tree, cpu_before, ended = Tree(process.pid), 0.0, None
    while ended is None:
        tree.look()
        for line, moment in _lines(said):
            if line == START:
                begun, cpu_before = moment, tree.used()
            elif line == STOP:
                ended = moment
        if ended is None and process.poll() is not None:
            ended = time.perf_counter()
        elif ended is None:
            time.sleep(INTERVAL)
    children = [size for pid, size in tree.high.items() if pid != process.pid]
    return Measured(
        wall=ended - begun,
        cpu=tree.used() - cpu_before,
        peak=tree.peak / MB,
        main=tree.high.get(process.pid, 0) / MB,
        largest_child=max(children, default=0) / MB,
    )


def _lines(said: SimpleQueue[tuple[str, float]]) -> list[tuple[str, float]]:
    lines = []
    while True:
        try:
            lines.append(said.get_nowait())
        except Empty:
            return lines
