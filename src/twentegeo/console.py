"""How long work shows itself: a live display on a terminal, plain log lines elsewhere."""

from __future__ import annotations

import logging
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from twentegeo.pipeline.progress import LogProgress
from twentegeo.pipeline.progress import Progress as Watcher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import TaskID


class _Display:
    """A live line per countable piece of work, finished lines above it."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID = progress.add_task("starting", total=None)

    def say(self, text: str) -> None:
        """Print the line and show it as what is going on."""
        self._progress.console.print(text, markup=False, highlight=False)
        self._progress.reset(self._task, total=None, description=text)

    def count(self, text: str, done: int, total: int) -> None:
        """Move the bar."""
        self._progress.update(self._task, description=text, completed=done, total=total)


@contextmanager
def watched(*, plain: bool) -> Iterator[Watcher]:
    """
    Show what happens for as long as the block runs.

    Parameters
    ----------
    plain
        Plain lines also on a terminal.

    Yields
    ------
    watcher
        Whoever is to be told.
    """
    console = Console(stderr=True)
    if plain or not console.is_terminal:
        yield LogProgress()
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        yield _Display(progress)


def logged() -> None:
    """Send log lines to standard error, warnings and the project's own news only."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s", datefmt="%H:%M:%S"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("twentegeo").setLevel(logging.INFO)
