"""Sheets into one PDF per municipality, with an outline; and what a picture says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PIL import Image, PngImagePlugin
from pypdf import PdfWriter
from pypdf.generic import NameObject, TextStringObject

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from twentegeo.publish.edition import Edition
    from twentegeo.publish.sheets.items import Sheet

_LANGUAGE: Final = "nl-NL"


def bind(title: str, pages: Sequence[tuple[Sheet, Path]], path: Path, edition: Edition) -> None:
    """
    Bind sheets into a book.

    Parameters
    ----------
    title
        Of the book.
    pages
        Each sheet, and the one-page PDF that was drawn of it.
    path
        The PDF to write: with an outline, its language, and in its properties what every page shows.
    edition
        Gives the moment that the PDF names.
    """
    writer = PdfWriter()
    for number, (sheet, drawn) in enumerate(pages):
        writer.append(str(drawn), import_outline=False)
        writer.add_outline_item(title=sheet.name, page_number=number)
    moment = f"D:{edition.moment:%Y%m%d%H%M%S}Z"
    told = " ".join(f"Blad {number}: {sheet.alt_text}" for number, (sheet, _) in enumerate(pages, start=1))
    writer.add_metadata(
        {
            "/Title": title,
            "/Subject": told,
            "/Author": "twentegeo",
            "/Creator": "twentegeo",
            "/Producer": "twentegeo",
            "/CreationDate": moment,
            "/ModDate": moment,
        }
    )
    writer.root_object[NameObject("/Lang")] = TextStringObject(_LANGUAGE)
    writer.page_mode = "/UseOutlines"
    writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=True)
    with path.open("wb") as stream:
        writer.write(stream)


def describe_picture(path: Path, sheet: Sheet) -> None:
    """
    Write in a picture what it shows.

    Parameters
    ----------
    path
        A PNG; it is written anew.
    sheet
        What was drawn.
    """
    said = PngImagePlugin.PngInfo()
    said.add_itxt("Title", sheet.name, lang="nl")
    said.add_itxt("Description", sheet.alt_text, lang="nl")
    with Image.open(path) as picture:
        plain = picture.convert("RGB")
    plain.save(path, format="PNG", pnginfo=said, compress_level=6)
