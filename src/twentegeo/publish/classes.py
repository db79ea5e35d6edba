"""
Class tables: one list of classes for the QGIS style, the legend and the picture.

They come from ``config/styles/klassen.csv``, with a reason for each colour. Limits are frozen: the same score has the
same colour every night. A lower limit belongs to its class, an upper limit to the next.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from twentegeo.errors import SettingsError, problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

FILE: Final = "klassen.csv"
COLUMNS: Final = ("klassentabel", "waarde", "ondergrens", "bovengrens", "etiket", "kleur", "bron")
NEEDED: Final = (
    "prioriteit",
    "energielabel",
    "pand_gebruik",
    "label_status",
    "score_energie",
    "score_levensloop",
    "as_energie_gebied",
    "as_energie_woning",
    "as_levensloop",
    "twee_assen",
    "kwadrant",
    "levensloop_klasse",
    "label_verwacht",
    "bewijsgraad",
    "aandeel_efg",
    "label_dekking",
    "geschat",
    "bouwperiode",
    "concentratie",
    "onzeker",
    "relatie",
)
"""Class tables that the styles and the map ask for."""

_COLOUR: Final = re.compile(r"#[0-9a-f]{6}")
_REMEDY: Final = "Herstel de regel; elke klasse heeft een etiket, een kleur als #1a2b3c, en waarden of grenzen"


@dataclass(frozen=True, slots=True)
class Class:
    """
    One line of a legend.

    Attributes
    ----------
    label
        Dutch text in the legend.
    colour
        ``#rrggbb``.
    values
        Texts that fall in this class, for a class of texts.
    lower, upper
        Limits, for a class of numbers; ``lower`` belongs to it, ``upper`` does not, None is open.
    """

    label: str
    colour: str
    values: tuple[str, ...] = ()
    lower: float | None = None
    upper: float | None = None

    @property
    def key(self) -> str:
        """The first of its texts, by which other tables name it; empty where it has none."""
        return self.values[0] if self.values else ""

    @property
    def is_unknown(self) -> bool:
        """True for the class of what is not known: it has neither values nor limits."""
        return not self.values and self.lower is None and self.upper is None


@dataclass(frozen=True, slots=True)
class ClassTable:
    """
    A legend.

    Attributes
    ----------
    name
        Name of the class table.
    classes
        The known classes in order.
    unknown
        The class of what is not known, or None where that cannot occur.
    """

    name: str
    classes: tuple[Class, ...]
    unknown: Class | None = None

    @property
    def legend(self) -> tuple[Class, ...]:
        """Every line, unknown last."""
        return (*self.classes, self.unknown) if self.unknown else self.classes

    def colour_of(self, value: str) -> str:
        """
        Find the colour of a text.

        Parameters
        ----------
        value
            A text that one of the classes holds.

        Returns
        -------
        colour
            ``#rrggbb``.

        Raises
        ------
        KeyError
            No class holds it.
        """
        for item in self.classes:
            if value in item.values:
                return item.colour
        raise KeyError(value)

    def place(self, numbers: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
        """
        Tell in which class each number falls.

        Parameters
        ----------
        numbers
            Shape (n,); NaN is unknown.

        Returns
        -------
        places
            Shape (n,): index in :attr:`legend`; the last one for NaN.
        """
        limits = [item.lower for item in self.classes[1:]]
        places = np.searchsorted(np.asarray(limits, dtype=float), numbers, side="right")
        return np.where(np.isnan(numbers), len(self.classes), places)


ClassTables = dict[str, ClassTable]


def load_classes(folder: Path) -> ClassTables:
    """
    Load the class tables of a folder of configuration.

    Parameters
    ----------
    folder
        Holds ``klassen.csv``.

    Returns
    -------
    tables
        Class table by name.

    Raises
    ------
    SettingsError
        The file is absent or :func:`parse_classes` refuses it.
    """
    path = folder / FILE
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            problem(path, f"niet te lezen ({type(error).__name__})", "Zet het bestand terug, in UTF-8")
        ) from error
    return parse_classes(text, path)


def parse_classes(text: str, path: Path | str, needed: Sequence[str] = NEEDED) -> ClassTables:
    """
    Make class tables of the text of a CSV.

    Parameters
    ----------
    text
        CSV with the columns of :data:`COLUMNS`; several texts in ``waarde`` are separated by ``|``; a line
        without values and limits is the class of what is unknown.
    path
        Where it came from, for the message.
    needed
        Names of the tables that must be there.

    Returns
    -------
    tables
        Class table by name; the needed ones at least.

    Raises
    ------
    SettingsError
        A column or table is absent, a line has no label or colour, or limits do not join up.
    """
    reader = csv.DictReader(io.StringIO(text))
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise SettingsError(problem(path, f"kolom(men) {', '.join(missing)} ontbreken", "Vul de kopregel aan"))
    found: dict[str, list[Class]] = {}
    for row in reader:
        found.setdefault(row["klassentabel"], []).append(_class(row, path, reader.line_num))
    absent = [name for name in needed if name not in found]
    if absent:
        raise SettingsError(problem(path, f"klassentabel(len) {', '.join(absent)} ontbreken", "Voeg ze toe"))
    tables = {name: _table(name, rows) for name, rows in found.items()}
    for table in tables.values():
        _require_joined(table, path)
    return tables


def _class(row: Mapping[str, str], path: Path | str, line: int) -> Class:
    colour = (row["kleur"] or "").lower()
    try:
        lower, upper = (float(row[name]) if row[name] else None for name in ("ondergrens", "bovengrens"))
    except (TypeError, ValueError) as error:
        raise SettingsError(problem(path, f"regel {line}: een grens is geen getal", _REMEDY)) from error
    if not row["etiket"] or not _COLOUR.fullmatch(colour):
        raise SettingsError(problem(path, f"regel {line}: etiket of kleur ontbreekt", _REMEDY))
    values = tuple(value for value in row["waarde"].split("|") if value)
    return Class(row["etiket"], colour, values, lower, upper)


def _table(name: str, rows: list[Class]) -> ClassTable:
    unknown = next((row for row in rows if row.is_unknown), None)
    return ClassTable(name, tuple(row for row in rows if not row.is_unknown), unknown)


def _require_joined(table: ClassTable, path: Path | str) -> None:
    """Refuse classes of numbers that leave a gap or overlap."""
    numbers = [item for item in table.classes if item.lower is not None or item.upper is not None]
    for before, after in itertools.pairwise(numbers):
        if before.upper is None or before.upper != after.lower:
            raise SettingsError(
                problem(
                    path,
                    f"klassentabel {table.name}: '{before.label}' en '{after.label}' sluiten niet aan",
                    "Laat elke ondergrens gelijk zijn aan de bovengrens ervoor",
                )
            )
