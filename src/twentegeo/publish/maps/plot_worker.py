"""
A process that draws sheets with matplotlib: a job a line on standard input, an answer a line on standard output.

``python -m twentegeo.publish.maps.plot_worker GROUND``
"""

from __future__ import annotations

import json
import pickle
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from twentegeo.processes import own_python

if TYPE_CHECKING:
    import subprocess

    from twentegeo.publish.maps.mapping import Ground
    from twentegeo.publish.maps.press import Job


class Plotter:
    """
    The kind of process that draws with matplotlib.

    Parameters
    ----------
    ground
        What maps are drawn from.
    folder
        Where it may write.
    """

    name = "matplotlib"

    def __init__(self, ground: Ground, folder: Path) -> None:
        self._ground = folder / "ground.pickle"
        self._ground.write_bytes(pickle.dumps(ground))

    def start(self) -> subprocess.Popen[bytes]:
        """Start one."""
        return own_python(__name__, str(self._ground))

    def written(self, job: Job, folder: Path, number: int) -> Path:
        """Write a sheet down as the process reads it."""
        path = folder / f"{number}.pickle"
        path.write_bytes(pickle.dumps(job.sheet))
        return path


def main(ground_file: str) -> None:
    """
    Draw sheets until standard input ends.

    Parameters
    ----------
    ground_file
        What maps are drawn from, as the process that started this one wrote it.
    """
    from twentegeo.publish.maps.plot import plot_sheet  # noqa: PLC0415 - the name of the module is needed before
    from twentegeo.publish.maps.questions import BOOK_THEMES  # noqa: PLC0415

    ground = pickle.loads(Path(ground_file).read_bytes())  # noqa: S301 - written by the process that started this one
    themes = {theme.name: theme for theme in BOOK_THEMES}
    for line in sys.stdin:
        job = json.loads(line)
        try:
            sheet = pickle.loads(Path(job["sheet"]).read_bytes())  # noqa: S301 - as above
            plot_sheet(sheet, Path(job["out"]), themes, ground, job["dpi"])
            answer = {"done": job["out"]}
        except Exception as error:  # noqa: BLE001 - whatever it is, the process that asked must know
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
