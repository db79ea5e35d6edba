"""The processes that draw sheets with QGIS: finding it, and starting it on a project of the book's themes."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import tostring

from twentegeo.publish.maps.questions import BOOK_THEMES
from twentegeo.publish.project.document import Content, project_document
from twentegeo.publish.project.layers import Source
from twentegeo.publish.sheets.layout import layout_element
from twentegeo.publish.sheets.typography import FONTS

if TYPE_CHECKING:
    from twentegeo.publish.maps.contents import Contents
    from twentegeo.publish.maps.parameters import MapBookParams
    from twentegeo.publish.maps.press import Job

PYTHON: Final = "TWENTEGEO_QGIS_PYTHON"
"""Environment variable that names the Python of QGIS, where it is not one of :data:`_USUAL`."""

_USUAL: Final = ("/usr/bin/python3",)
_SCRIPT: Final = Path(__file__).with_name("qgis_worker.py")
_PROBE_S: Final = 60
"""Seconds that QGIS may take to say that it is there; it takes about one."""


class QgisDrawer:
    """
    The kind of process that draws with QGIS.

    Parameters
    ----------
    python
        A Python that has PyQGIS.
    project
        Project with the themes of the book.
    folder
        Where it may write; QGIS gets its home there, so that a user's own settings have no say.
    """

    name = "QGIS"

    def __init__(self, python: str, project: Path, folder: Path) -> None:
        self._command = [python, str(_SCRIPT), str(project), str(FONTS)]
        self._environment = qgis_environment(folder)

    def start(self) -> subprocess.Popen[bytes]:
        """Start one."""
        return subprocess.Popen(  # noqa: S603 - QGIS' own Python on our script
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self._environment,
        )

    def written(self, job: Job, folder: Path, number: int) -> Path:
        """Write a sheet down as the process reads it."""
        path = folder / f"{number}.xml"
        path.write_bytes(tostring(layout_element(job.sheet, job.dpi), encoding="utf-8", xml_declaration=True))
        return path


def find(contents: Contents, parameters: MapBookParams, folder: Path) -> QgisDrawer | None:
    """
    Make ready to draw with QGIS.

    Parameters
    ----------
    contents
        The release that the sheets are about.
    parameters
        Not asked for anything but who draws.
    folder
        Where to write the project, and whatever QGIS writes of itself.

    Returns
    -------
    drawer
        None where QGIS is not installed.
    """
    if parameters.tekenaar == "matplotlib":
        return None
    python = qgis_python(folder)
    if python is None:
        return None
    project = folder / "kaartenboek.qgs"
    source = Source(str(contents.package.resolve()), contents.extents, limits=False)
    content = Content(source, contents.region, {}, (), contents.credit, backdrop=False, themes=BOOK_THEMES)
    project.write_bytes(project_document(content, contents.classes, contents.edition))
    return QgisDrawer(python, project, folder)


def qgis_python(folder: Path) -> str | None:
    """
    Find a Python that has PyQGIS.

    Parameters
    ----------
    folder
        Where QGIS may write.

    Returns
    -------
    python
        Its path; None where there is none.
    """
    named = os.environ.get(PYTHON)
    for python in (named,) if named else _USUAL:
        if not Path(python).is_file():
            continue
        try:
            run = subprocess.run(  # noqa: S603 - a fixed question to a fixed program
                [python, "-c", "import qgis.core"],
                env=qgis_environment(folder),
                check=False,
                capture_output=True,
                timeout=_PROBE_S,
            )
        except (OSError, subprocess.TimeoutExpired):
            continue
        if run.returncode == 0:
            return python
    return None


def qgis_environment(folder: Path) -> dict[str, str]:
    """
    Give QGIS surroundings of its own: no screen, no settings of a user, not our packages.

    Parameters
    ----------
    folder
        Where it may write.

    Returns
    -------
    environment
        Variables by name.
    """
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    ours = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PROJ_DATA", "PROJ_LIB", "GDAL_DATA"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {
        **kept,
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(runtime),
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
    }
