"""The one map that every release has, as something that another process can be asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twentegeo.publish.maps.book import first_picture
from twentegeo.publish.maps.contents import open_release

if TYPE_CHECKING:
    from pathlib import Path

    from twentegeo.publish.classes import ClassTables
    from twentegeo.publish.edition import Edition
    from twentegeo.publish.maps.parameters import MapBookParams


def draw_picture(package: Path, out: Path, edition: Edition, classes: ClassTables, parameters: MapBookParams) -> Path:
    """
    Draw where in the region renovation is most urgent.

    Parameters
    ----------
    package
        The GeoPackage of the release.
    out
        Folder to make.
    edition
        Region, date, run and notice.
    classes
        Class tables by name.
    parameters
        How fine it is.

    Returns
    -------
    path
        A PNG in `out`.
    """
    contents = open_release(package, classes, edition)
    out.mkdir()
    return first_picture(contents, out, parameters)
