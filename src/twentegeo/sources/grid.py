"""A list that people made, CSV or XLSX: numbered rows of text under the names in its first row."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from zipfile import BadZipFile

from twentegeo.errors import SourceChanged, SourceUnavailable, problem
from twentegeo.sources import delivery as deliveries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MARK: Final = b"\xef\xbb\xbf"
_SEPARATORS: Final = ";,\t"
_EXACT: Final = 10**15
"""Excel keeps fifteen digits of a number; a longer one has lost its end."""

LOST_DIGITS: Final = "?"
"""Stands for a number that Excel cut; it is no identifier."""

_REMEDY: Final = "Lever een CSV in UTF-8 (puntkomma of komma) of een XLSX met kolomnamen op de eerste regel"


@dataclass(frozen=True, slots=True)
class Grid:
    """
    A list as read.

    Attributes
    ----------
    names
        The column names as written.
    rows
        Texts of each row that has as many fields as there are names, trimmed.
    numbers
        Line of each of them in the file; the names stand on line 1 as a rule.
    uneven
        Lines with another number of fields.
    """

    names: list[str]
    rows: list[list[str]]
    numbers: list[int]
    uneven: list[int]


def read_grid(path: Path) -> Grid:
    """
    Read a list.

    Parameters
    ----------
    path
        CSV (UTF-8, with or without byte order mark; semicolon, comma or tab) or XLSX (first sheet with rows).

    Returns
    -------
    grid
        Blank rows left out.

    Raises
    ------
    SourceUnavailable
        The file is absent, empty or damaged.
    SourceChanged
        It is in another encoding or holds no rows.
    """
    if path.is_file() and deliveries.is_zip(path):
        records = _from_xlsx(path) if _is_workbook(path) else _from_csv(deliveries.single(path, (".csv", ".txt")))
    else:
        records = _from_csv(deliveries.single(path, (".csv",)))
    filled = [(number, row) for number, row in records if any(row)]
    if not filled:
        raise SourceChanged(problem(path, "bevat geen regels", _REMEDY))
    names = filled[0][1]
    while names and not names[-1]:
        names = names[:-1]
    even = [(number, row) for number, row in filled[1:] if len(row) == len(names) or _is_padded(row, names)]
    return Grid(
        names=names,
        rows=[row[: len(names)] for _, row in even],
        numbers=[number for number, _ in even],
        uneven=sorted({number for number, _ in filled[1:]} - {number for number, _ in even}),
    )


def _is_padded(row: list[str], names: list[str]) -> bool:
    return len(row) > len(names) and not any(row[len(names) :])


def _is_workbook(path: Path) -> bool:
    found = deliveries.candidates(path, (".xml", ".csv", ".txt"))
    return any(part.member is not None and part.member.filename == "xl/workbook.xml" for part in found)


def _from_csv(delivery: deliveries.Delivery) -> Iterator[tuple[int, list[str]]]:
    raw = b"".join(delivery.pieces()).removeprefix(_MARK)
    if b"\0" in raw[:1000]:
        raise SourceChanged(problem(delivery.label, "is geen CSV in UTF-8 maar UTF-16 of geen tekst", _REMEDY))
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        place = f"regel {line} staat niet in UTF-8 (misschien in Windows-1252, zoals Excel vaak bewaart)"
        raise SourceChanged(problem(delivery.label, place, "Bewaar het bestand als 'CSV UTF-8'")) from error
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(_SEPARATORS, key=first.count))
    try:
        for row in reader:
            yield reader.line_num, [value.strip() for value in row]
    except csv.Error as error:
        place = f"regel {reader.line_num} is niet te lezen ({error})"
        raise SourceChanged(problem(delivery.label, place, _REMEDY)) from error


def _from_xlsx(path: Path) -> Iterator[tuple[int, list[str]]]:
    for part in deliveries.candidates(path, (".xml", ".rels")):
        if b"<!DOCTYPE" in (head := part.head()) or b"<!ENTITY" in head:
            place = "bevat een DTD of eigen XML-entiteiten; dat doet Excel niet"
            raise SourceChanged(problem(part.label, place, "Vertrouw dit bestand niet"))
    import openpyxl  # noqa: PLC0415 - slow to load, and few lists are workbooks
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        place = f"is niet te openen als XLSX ({str(error)[:80]})"
        raise SourceUnavailable(problem(path, place, _REMEDY)) from error
    try:
        for sheet in book.worksheets:
            rows = [[_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
            if any(any(row) for row in rows):
                yield from enumerate(rows, start=1)
                return
    finally:
        book.close()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, int | float):
        if abs(value) >= _EXACT:
            return LOST_DIGITS
        return str(int(value)) if value == int(value) else str(value)
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    return str(value).strip()
