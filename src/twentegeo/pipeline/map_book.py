"""The maps on paper of a release: the settings of the night, handed to the room that draws them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twentegeo.publish.classes import load_classes
from twentegeo.publish.maps.book import make_maps
from twentegeo.publish.maps.contents import open_release

if TYPE_CHECKING:
    from pathlib import Path

    from twentegeo.figures import Reference
    from twentegeo.pipeline.progress import Progress
    from twentegeo.publish.edition import Edition
    from twentegeo.publish.maps.press import Drawn
    from twentegeo.settings import Settings


def write_book(
    package: Path, out: Path, edition: Edition, settings: Settings, reference: Reference, progress: Progress
) -> Drawn:
    """
    Make the map book of a release.

    Parameters
    ----------
    package
        The GeoPackage of the release.
    out
        Folder to make.
    edition
        Region, date, run and notice.
    settings, reference
        How to draw and with how many processes, and class tables for legends.
    progress
        Who is told, sheet by sheet.

    Returns
    -------
    drawn
        Who drew how many sheets.

    Raises
    ------
    ReleaseError
        A sheet could not be drawn.
    """
    contents = open_release(package, load_classes(reference.styles), edition)
    out.mkdir()
    return make_maps(
        contents,
        out,
        settings.maps,
        workers=settings.workers,
        count=lambda done, total: progress.count("maps: sheets", done, total),
    )
