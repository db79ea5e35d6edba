"""The QGIS project and the map book from a release that stands, drawn by QGIS or by matplotlib."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from benchmarks.jobs.job import found, job, start, stop
from twentegeo.figures import load_reference
from twentegeo.pipeline import products
from twentegeo.pipeline.map_book import write_book
from twentegeo.pipeline.progress import LogProgress
from twentegeo.publish.classes import load_classes
from twentegeo.publish.project import write_project
from twentegeo.settings import config_folder, load


def main() -> None:
    told = job()
    settings = load(Path(told["config"]))
    settings = settings.model_copy(update={"maps": settings.maps.model_copy(update={"tekenaar": told["way"]})})
    subject = products.newest(settings)
    reference = load_reference(config_folder())
    scratch = Path(told["scratch"])
    # the release stands; its package is not written in
    package = Path(shutil.copy(subject.package, scratch))
    package.chmod(0o644)
    out = scratch / "kaarten"
    start()
    begun = time.perf_counter()
    write_project(package, classes=load_classes(reference.styles), edition=subject.edition)
    project = time.perf_counter() - begun
    drawn = write_book(package, out, subject.edition, settings, reference, LogProgress())
    stop()
    books = sorted(out.glob("*.pdf"))
    found(
        told,
        {
            "sheets": drawn.by_qgis + drawn.by_matplotlib,
            "by QGIS": drawn.by_qgis,
            "books": len(books),
            "project s": round(project, 2),
            "MB": round(sum(path.stat().st_size for path in out.iterdir()) / 1e6, 1),
        },
    )


if __name__ == "__main__":
    main()
