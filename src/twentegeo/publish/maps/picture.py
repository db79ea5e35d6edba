"""
The one map that every release has: where in the region renovation is most urgent.

It is made in two goes, so that it can be drawn while others write in the GeoPackage: laying it out reads all that there
is to be seen, drawing it takes longer and reads nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from twentegeo.publish.maps.contents import REGION, open_release
from twentegeo.publish.maps.pages import question_sheet
from twentegeo.publish.maps.plot import lay_out, save
from twentegeo.publish.maps.questions import QUESTIONS

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure

    from twentegeo.publish.classes import ClassTables
    from twentegeo.publish.edition import Edition
    from twentegeo.publish.maps.contents import Contents
    from twentegeo.publish.maps.parameters import MapBookParams
    from twentegeo.publish.sheets.items import Sheet

FIRST: Final = "prioriteit"
"""The question that every release answers with a picture."""


@dataclass(frozen=True)
class Picture:
    """
    The map, laid out by matplotlib.

    Attributes
    ----------
    file
        Its name.
    sheet
        What lies where.
    figure
        All that there is to be seen.
    """

    file: str
    sheet: Sheet
    figure: Figure

    @classmethod
    def of(cls, contents: Contents, parameters: MapBookParams) -> Self:
        """
        Lay the map of a release out.

        Parameters
        ----------
        contents
            The release.
        parameters
            How fine it is.

        Returns
        -------
        picture
            Reads nothing any more.
        """
        question = next(question for question in QUESTIONS if question.key == FIRST)
        sheet = question_sheet(contents, question, REGION, contents.edition.region, contents.region, "")
        figure = lay_out(sheet, {question.theme.name: question.theme}, contents.ground, parameters.dpi_png)
        return cls(f"{question.file}.png", sheet, figure)

    def draw(self, folder: Path) -> Path:
        """
        Draw the map.

        Parameters
        ----------
        folder
            Existing folder to write in.

        Returns
        -------
        path
            A PNG.
        """
        path = folder / self.file
        save(self.figure, self.sheet, path)
        return path


_laid: dict[Path, Picture] = {}
"""What this process laid out and has not drawn yet, by package: figures are not handed to another process."""


def lay_picture(package: Path, edition: Edition, classes: ClassTables, parameters: MapBookParams) -> None:
    """
    Lay the map of a release out, for :func:`draw_picture` in the same process.

    Parameters
    ----------
    package
        The GeoPackage of the release with its layers; who writes in it waits for this.
    edition
        Region, date, run and notice.
    classes
        Class tables by name.
    parameters
        How fine it is.
    """
    _laid.clear()
    _laid[package] = Picture.of(open_release(package, classes, edition), parameters)


def draw_picture(package: Path, out: Path) -> Path:
    """
    Draw the map of a release.

    Parameters
    ----------
    package
        As it was given to :func:`lay_picture`; it is not read.
    out
        Folder to make.

    Returns
    -------
    path
        A PNG in `out`.
    """
    out.mkdir()
    return _laid.pop(package).draw(out)
