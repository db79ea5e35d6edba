"""
How wide a text is and where it breaks, so that nothing on a sheet overlaps or is cut off.

Measured with the very letters that are drawn: a small Open Sans comes with the program.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from matplotlib.ft2font import FT2Font, LoadFlags

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twentegeo.publish.sheets.items import Weight

FAMILY: Final = "Open Sans"
FONTS: Final = Path(__file__).parent / "fonts"

WIDER: Final = 1.3
"""How much wider a line may come out where QGIS runs without our font, as a multiple of its measured width."""

MM_PER_PT: Final = 25.4 / 72
LEADING: Final = 1.36
"""Distance between lines, as a multiple of the size of the letters; what the font itself asks for."""

ASCENT: Final = 1.069
"""From the top of a line to its baseline, as a multiple of the size."""

_MEASURED_PT: Final = 100.0
_FIXED: Final = 65_536
"""FreeType gives advances in 16.16 fixed point."""


def font_file(weight: Weight) -> Path:
    """
    Find the file with the letters.

    Parameters
    ----------
    weight
        How heavy they are.

    Returns
    -------
    path
        A TrueType file.
    """
    return FONTS / f"OpenSans-{weight}.ttf"


def width_mm(text: str, size_pt: float, weight: Weight = "Regular") -> float:
    """
    Measure a line of text.

    Parameters
    ----------
    text
        One line.
    size_pt, weight
        How it is set.

    Returns
    -------
    width
        Millimetres.
    """
    return _width(text, weight) * size_pt / _MEASURED_PT * MM_PER_PT


def line_mm(size_pt: float) -> float:
    """
    Tell how far apart lines stand.

    Parameters
    ----------
    size_pt
        Size of the letters.

    Returns
    -------
    distance
        Millimetres.
    """
    return size_pt * LEADING * MM_PER_PT


def wrapped(text: str, room_mm: float, size_pt: float, weight: Weight = "Regular") -> list[str]:
    """
    Break a text into lines.

    Parameters
    ----------
    text
        Any text; line ends in it are kept.
    room_mm
        Width of the column.
    size_pt, weight
        How it is set.

    Returns
    -------
    lines
        None wider than the column; a word that is by itself wider is cut.
    """
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}" if line else word
            if width_mm(longer, size_pt, weight) <= room_mm:
                line = longer
                continue
            lines += [line] if line else []
            line = word if width_mm(word, size_pt, weight) <= room_mm else fitted(word, room_mm, size_pt, weight)
        lines.append(line)
    return lines


def fitted(text: str, room_mm: float, size_pt: float, weight: Weight = "Regular") -> str:
    """
    Shorten a text to one line.

    Parameters
    ----------
    text
        One line.
    room_mm
        Width that there is.
    size_pt, weight
        How it is set.

    Returns
    -------
    text
        The same, or its beginning with an ellipsis.
    """
    if width_mm(text, size_pt, weight) <= room_mm:
        return text
    kept = text
    while kept and width_mm(f"{kept}…", size_pt, weight) > room_mm:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def lines_that_fit(text: str, room_mm: float, most: int, size_pt: float, weight: Weight = "Regular") -> list[str]:
    """
    Break a text into no more lines than there is room for.

    Parameters
    ----------
    text
        Any text.
    room_mm
        Width of the column.
    most
        Number of lines.
    size_pt, weight
        How it is set.

    Returns
    -------
    lines
        The last one ends in an ellipsis where more was to come.
    """
    lines = wrapped(text, room_mm, size_pt, weight)
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], _ellipsis(f"{lines[most - 1]} {lines[most]}", room_mm, size_pt, weight)]


def printable(text: str) -> str:
    """
    Leave out what no line of text can hold.

    Parameters
    ----------
    text
        From the data.

    Returns
    -------
    text
        Without control characters; white space is a single space, and a letter that the font lacks a question mark.
    """
    known = _known()
    shown = (letter if ord(letter) in known else "?" if letter.isprintable() else " " for letter in text)
    return " ".join("".join(shown).split())


def longest(texts: Sequence[str], size_pt: float, weight: Weight = "Regular") -> float:
    """
    Measure the widest of several lines.

    Parameters
    ----------
    texts
        Lines.
    size_pt, weight
        How they are set.

    Returns
    -------
    width
        Millimetres; 0 without lines.
    """
    return max((width_mm(text, size_pt, weight) for text in texts), default=0.0)


def _ellipsis(text: str, room_mm: float, size_pt: float, weight: Weight) -> str:
    short = fitted(text, room_mm, size_pt, weight)
    return short if short.endswith("…") else f"{short}…"


_ONE_AT_A_TIME: Final = Lock()


@cache
def _font(weight: Weight) -> FT2Font:
    font = FT2Font(str(font_file(weight)))
    font.set_size(_MEASURED_PT, 72)
    return font


@cache
def _known() -> frozenset[int]:
    return frozenset(_font("Regular").get_charmap()) & frozenset(_font("Semibold").get_charmap())


@cache
def _letter(letter: str, weight: Weight) -> float:
    # FreeType holds one glyph at a time: two threads that load one corrupt each other's
    with _ONE_AT_A_TIME:
        shown = ord(letter) if ord(letter) in _known() else ord("?")
        glyph = _font(weight).load_char(shown, flags=LoadFlags.NO_HINTING)
        return float(glyph.linearHoriAdvance) / _FIXED


def _width(text: str, weight: Weight) -> float:
    return sum(_letter(letter, weight) for letter in text)
