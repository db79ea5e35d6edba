"""
A process that draws sheets with QGIS: a job a line on standard input, an answer a line on standard output.

Runs under the Python that came with QGIS, which has none of our packages: ``python3 qgis_worker.py PROJECT FONTS``. A
job names a layout in QGIS' words, a ``.pdf`` or ``.png`` to write, and its dots per inch.
"""

import json
import os
import sys
from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsLayoutExporter,
    QgsPrintLayout,
    QgsProject,
    QgsReadWriteContext,
    QgsRenderContext,
)
from qgis.PyQt.QtGui import QFontDatabase
from qgis.PyQt.QtXml import QDomDocument


def draw(project: QgsProject | None, sheet: Path, out: Path, dpi: int) -> None:
    """
    Draw one sheet.

    Parameters
    ----------
    project
        Holds the layers and themes that the sheet names; None where it could not be read.
    sheet
        A layout in QGIS' words.
    out
        What to write.
    dpi
        Dots per inch.

    Raises
    ------
    ValueError
        The project or the layout cannot be read.
    OSError
        The file could not be written.
    """
    if project is None:
        raise ValueError("the project cannot be read")
    document = QDomDocument()
    read = document.setContent(sheet.read_text(encoding="utf-8"))
    layout = QgsPrintLayout(project)
    if not read[0] or not layout.readLayoutXml(document.documentElement(), document, QgsReadWriteContext()):
        raise ValueError("the layout cannot be read")
    exporter = QgsLayoutExporter(layout)
    if out.suffix == ".pdf":
        settings = QgsLayoutExporter.PdfExportSettings()
        settings.dpi = dpi
        settings.exportMetadata = False
        settings.textRenderFormat = QgsRenderContext.TextFormatAlwaysText
        result = exporter.exportToPdf(str(out), settings)
    else:
        settings = QgsLayoutExporter.ImageExportSettings()
        settings.dpi = dpi
        settings.exportMetadata = False
        result = exporter.exportToImage(str(out), settings)
    if result != QgsLayoutExporter.Success:
        raise OSError(f"QGIS reports {result}: {exporter.errorFile()}")


def main(project_file: str, fonts: str) -> None:
    """
    Draw sheets until standard input ends.

    Parameters
    ----------
    project_file
        Project that the sheets are drawn from.
    fonts
        Folder of TrueType files.
    """
    application = QgsApplication([], False)  # noqa: FBT003 - Qt takes no keywords
    application.initQgis()
    for font in sorted(Path(fonts).glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(font))
    project = QgsProject.instance()
    readable = project.read(project_file)
    for line in sys.stdin:
        job = json.loads(line)
        try:
            draw(project if readable else None, Path(job["sheet"]), Path(job["out"]), job["dpi"])
            answer = {"done": job["out"]}
        except Exception as error:  # noqa: BLE001 - whatever it is, the process that asked must know
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    os._exit(0)  # QGIS may crash while it tidies up, after all the work is done


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
