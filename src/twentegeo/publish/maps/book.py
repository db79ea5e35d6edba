"""Making the map book: which sheets there are, having them drawn, and binding them."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from twentegeo.publish.maps.area_page import area_sheet
from twentegeo.publish.maps.binding import bind, describe_picture
from twentegeo.publish.maps.contents import REGION
from twentegeo.publish.maps.pages import question_sheet
from twentegeo.publish.maps.press import Drawn, Job, draw_all
from twentegeo.publish.maps.questions import OF_REGION, QUESTIONS
from twentegeo.publish.maps.ranking import areas_of
from twentegeo.publish.sheets.items import Extent
from twentegeo.store import write_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from twentegeo.publish.maps.contents import Contents
    from twentegeo.publish.maps.parameters import MapBookParams
    from twentegeo.publish.sheets.items import Sheet

INDEX: Final = "kaarten.json"
"""Names every file with its title and what each of its pages shows."""


@dataclass(frozen=True)
class Book:
    """
    A file of the map book.

    Attributes
    ----------
    file
        Its name.
    title
        What it is about.
    sheets
        Its pages; a picture has one.
    """

    file: str
    title: str
    sheets: list[Sheet] = field(default_factory=list)


def make_maps(
    contents: Contents,
    folder: Path,
    parameters: MapBookParams,
    *,
    workers: int,
    count: Callable[[int, int], None],
) -> Drawn:
    """
    Make the map book of a release.

    Parameters
    ----------
    contents
        The release.
    folder
        Existing folder to write in: a PNG for each question about the region, a PDF for each municipality, and
        ``kaarten.json``.
    parameters
        How to draw.
    workers
        Number of processes.
    count
        Told how many sheets of how many are drawn.

    Returns
    -------
    drawn
        Who drew how many sheets.

    Raises
    ------
    ReleaseError
        A sheet could not be drawn.
    """
    pictures, books = list(region_pictures(contents)), list(municipality_books(contents))
    with tempfile.TemporaryDirectory(prefix="twentegeo-bladen-") as name:
        jobs = [Job(book.sheets[0], folder / book.file, parameters.dpi_png) for book in pictures]
        pages: dict[str, list[tuple[Sheet, Path]]] = {}
        for book in books:
            stem = Path(name) / Path(book.file).stem
            pages[book.file] = [
                (sheet, stem.with_name(f"{stem.name}_{number}.pdf")) for number, sheet in enumerate(book.sheets)
            ]
            jobs += [Job(sheet, path, parameters.dpi_pdf) for sheet, path in pages[book.file]]
        drawn = draw_all(jobs, contents, parameters, workers, lambda number: count(number, len(jobs)))
        for book in books:
            bind(book.title, pages[book.file], folder / book.file, contents.edition)
    for book in pictures:
        describe_picture(folder / book.file, book.sheets[0])
    write_json(folder / INDEX, index_of([*pictures, *books]))
    return drawn


def region_pictures(contents: Contents) -> Iterator[Book]:
    """
    Make the sheets of the region.

    Parameters
    ----------
    contents
        The release.

    Yields
    ------
    book
        A picture for each question.
    """
    region = contents.edition.region
    for question in OF_REGION:
        sheet = question_sheet(contents, question, REGION, region, contents.region, "")
        yield Book(f"{question.file}.png", sheet.name, [sheet])


def municipality_books(contents: Contents) -> Iterator[Book]:
    """
    Make the sheets of every municipality.

    Parameters
    ----------
    contents
        The release.

    Yields
    ------
    book
        A page for each question, and one for each priority area.
    """
    taken: set[str] = set()
    for row in contents.municipalities.to_dict("records"):
        code, name = str(row["code"]), str(row["naam"])
        extent = Extent(*(float(side) for side in row["geometry"].bounds))
        areas: list[dict[str, Any]] = areas_of(contents.areas, code, name).to_dict("records")
        total = len(QUESTIONS) + len(areas)
        sheets = [
            question_sheet(contents, question, code, name, extent, f"{number} van {total}")
            for number, question in enumerate(QUESTIONS, start=1)
        ]
        sheets += [
            area_sheet(contents, area, extent, name, f"{number} van {total}")
            for number, area in enumerate(areas, start=len(QUESTIONS) + 1)
        ]
        stem = file_name(name)
        stem = stem if stem and stem not in taken else file_name(f"{name} {code}")
        taken.add(stem)
        title = contents.edition.marked(f"Kaartenboek woningverbetering {name}")
        yield Book(f"{stem}.pdf", title, sheets)


def index_of(books: list[Book]) -> dict[str, Any]:
    """
    Say what a map book holds.

    Parameters
    ----------
    books
        Its files.

    Returns
    -------
    index
        Title and pages by file; a page has a title and what it shows.
    """
    return {
        book.file: {
            "titel": book.title,
            "bladen": [{"titel": sheet.name, "beschrijving": sheet.alt_text} for sheet in book.sheets],
        }
        for book in books
    }


def file_name(name: str) -> str:
    """
    Make a file name of a name.

    Parameters
    ----------
    name
        Any text.

    Returns
    -------
    stem
        Lower case; letters, digits and underscores only.
    """
    kept = "".join(letter if letter.isalnum() else " " for letter in name.lower())
    return "_".join(kept.split())
