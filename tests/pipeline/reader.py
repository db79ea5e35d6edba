"""A QGIS that stays open, as a user's does, and opens `latest` whenever it is asked to."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SYSTEM_PYTHON = Path("/usr/bin/python3")
_READER = """
import os, sys
from qgis.core import QgsApplication, QgsVectorLayer

application = QgsApplication([], False)
application.initQgis()
print("ready", flush=True)
kept = []
for line in sys.stdin:
    path, layer = line.rstrip("\\n").split("\\t")
    opened = QgsVectorLayer(f"{path}|layername={layer}", layer, "ogr")
    found = sum(1 for feature in opened.getFeatures() if not feature.geometry().isNull()) if opened.isValid() else -1
    kept = [*kept[-3:], opened]  # what was opened before stays open, while releases come and go
    print(found, flush=True)
os._exit(0)
"""


class Reader:
    """Counts the features that QGIS finds."""

    def __init__(self, program: subprocess.Popen[str]) -> None:
        self._program = program

    def features(self, package: Path, layer: str) -> int:
        """Open a layer; -1 where QGIS does not take it."""
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.write(f"{package}\t{layer}\n")
        self._program.stdin.flush()
        return int(self._program.stdout.readline())


@contextmanager
def opened(folder: Path) -> Iterator[Reader]:
    """Start QGIS; the test is skipped where there is none."""
    probe = [str(SYSTEM_PYTHON), "-c", "import qgis.core"]
    if not SYSTEM_PYTHON.is_file() or subprocess.run(probe, check=False, capture_output=True).returncode:
        absent = "PyQGIS is er niet; installeer het pakket python3-qgis"
        pytest.fail(absent) if os.environ.get("CI") else pytest.skip(absent)
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(runtime), "HOME": str(folder)}
    with subprocess.Popen(
        [str(SYSTEM_PYTHON), "-c", _READER],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as program:
        assert program.stdout is not None
        assert program.stdin is not None
        while program.stdout.readline().strip() != "ready":
            assert program.poll() is None, "QGIS start niet"
        try:
            yield Reader(program)
        finally:
            program.stdin.close()
