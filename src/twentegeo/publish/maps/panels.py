"""What stands beside a map: legends with the number of dwellings, the square of two axes, lists and large figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from twentegeo.publish.maps.wording import homes, whole
from twentegeo.publish.sheets.design import RULE, heading
from twentegeo.publish.sheets.items import Box, Shape, Swatch, Text
from twentegeo.publish.sheets.typography import MM_PER_PT, fitted
from twentegeo.publish.styles.palette import GREY, INK, PAPER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twentegeo.publish.classes import ClassTable, ClassTables
    from twentegeo.publish.sheets.items import Item
    from twentegeo.publish.styles.drawings import Drawing
    from twentegeo.publish.styles.symbols import Symbol

ROW: Final = 5.7
SMALL_PT: Final = 8.5
BODY_PT: Final = 9.5
_BAR: Final = "#c9c5ba"
_SWATCH: Final = (7.5, 3.9)
_DARK: Final = 0.52
"""Letters on a colour of less lightness than this (0 to 1) are white."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a legend: its text, how it looks on the map, and the dwellings behind it (None: not counted)."""

    label: str
    symbol: Symbol
    count: int | None = None


def entries_of(drawing: Drawing, counts: Sequence[int] = ()) -> list[Entry]:
    """
    Make the lines of a legend.

    Parameters
    ----------
    drawing
        Lines of one level.
    counts
        Dwellings by line, or nothing.

    Returns
    -------
    entries
        One per line with a symbol.
    """
    lines = [line for line in drawing.lines if line.symbol is not None]
    padded = [*counts, *[None] * (len(lines) - len(counts))]
    return [
        Entry(line.label, line.symbol, count)
        for line, count in zip(lines, padded, strict=True)
        if line.symbol is not None
    ]


def legend(title: str, entries: Sequence[Entry], at: Box) -> tuple[list[Item], float]:
    """
    Draw a legend, with a bar for the dwellings behind each line.

    Parameters
    ----------
    title
        What the map shows.
    entries
        Its lines.
    at
        Where it begins, and how wide it is.

    Returns
    -------
    items, bottom
        What to draw, and how far down it comes.
    """
    counted = [entry.count for entry in entries if entry.count is not None]
    most = max(counted, default=0)
    items: list[Item] = [heading(fitted(title, at.width, 10.5, "Semibold"), at.x, at.y + 3.6)]
    y = at.y + 7.5
    if counted:
        items.append(Text(at.right, y + 1.2, "woningen", 7.5, "Regular", GREY, "right"))
        y += 3.2
    number_x, bar_x = at.right, at.x + 51.0
    room = number_x - 15.0 - bar_x
    for entry in entries:
        middle = y + ROW / 2
        items += swatch(entry.symbol, Box(at.x, middle - _SWATCH[1] / 2, *_SWATCH))
        label_room = (bar_x - 2 if entry.count is not None else at.right) - at.x - 10
        items.append(_centred(at.x + 10, middle, fitted(entry.label, label_room, BODY_PT), BODY_PT))
        if entry.count is not None:
            width = max(room * entry.count / most, 0.25) if entry.count else 0.0
            if width:
                items.append(Shape(Box(bar_x, middle - 1.5, width, 3.0), colour=_BAR))
            items.append(_centred(number_x, middle, whole(entry.count), SMALL_PT, align="right"))
        y += ROW
    return items, y


def swatch(symbol: Symbol, box: Box) -> list[Item]:
    """
    Draw a symbol in a legend.

    Parameters
    ----------
    symbol
        A fill or a marker.
    box
        What a fill fills; a marker stands in its middle.

    Returns
    -------
    items
        One for a fill, a shape per layer for a marker.
    """
    if symbol.geometry == "fill":
        return [Swatch(box, symbol)]
    x, y = box.x + box.width / 2, box.y + box.height / 2
    items: list[Item] = []
    for layer in symbol.layers:
        side, width = float(layer.options["size"]), float(layer.options["outline_width"])
        edge = _hex(layer.options["outline_color"])
        if layer.options["name"] == "cross2":
            items.append(_centred(x, y, "×", side / MM_PER_PT * 1.6, align="center", colour=edge or INK))
            continue
        place = Box(x - side / 2, y - side / 2, side, side)
        kind = "ellipse" if layer.options["name"] == "circle" else "rectangle"
        items.append(
            Shape(place, "ellipse" if kind == "ellipse" else "rectangle", _hex(layer.options["color"]), edge, width)
        )
    return items


@dataclass(frozen=True, slots=True)
class Square:
    """
    How the legend of two axes looks.

    Attributes
    ----------
    energy
        Name of the class table of the energy axis: it differs between areas and dwellings.
    side_mm
        Side of each of the nine squares.
    counts
        Dwellings by pair of classes, as the class table names them, and under an empty text the unknown; or None.
    """

    energy: str
    side_mm: float
    counts: dict[str, int] | None = None


def square(classes: ClassTables, look: Square, at: Box) -> tuple[list[Item], float]:
    """
    Draw the legend of two axes: a square of nine colours, with the share of the dwellings in each.

    Parameters
    ----------
    classes
        Class tables by name.
    look
        How large, and what is counted.
    at
        Where it begins, and how wide it is.

    Returns
    -------
    items, bottom
        What to draw, and how far down it comes.
    """
    energy, life = classes[look.energy], classes["as_levensloop"]
    side, left, top = look.side_mm, at.x + 36.0, at.y + 7.5
    items: list[Item] = [heading("Energie en levensloop samen", at.x, at.y + 3.6)]
    for row, life_class in enumerate(reversed(life.classes)):
        y = top + row * side
        items.append(_centred(left - 2, y + side / 2, life_class.label, SMALL_PT, align="right"))
        for column, energy_class in enumerate(energy.classes):
            box = Box(left + column * side, y, side, side)
            items += _pair(classes["twee_assen"], f"{energy_class.key}-{life_class.key}", look, box)
    below = top + 3 * side
    size_pt = min(SMALL_PT, 0.72 * side)  # or the words would touch
    for column, energy_class in enumerate(energy.classes):
        x = left + (column + 0.5) * side
        items.append(Text(x, below + 4.2, energy_class.label, size_pt, "Regular", INK, "center"))
    items.append(Text(left + 1.5 * side, below + 9.0, "opgave energie", BODY_PT, "Semibold", INK, "center"))
    middle = top + 1.5 * side
    for number, word in enumerate(("opgave", "levensloop")):
        items.append(Text(at.x, middle - 0.8 + number * 4.4, word, BODY_PT, "Semibold", INK))
    return _below_square(classes, look, items, Box(at.x, below + 12.0, at.width, 0))


def _pair(pairs: ClassTable, pair: str, look: Square, box: Box) -> list[Item]:
    colour = pairs.colour_of(pair)
    items: list[Item] = [Shape(box, colour=colour, edge=PAPER, width_mm=0.4)]
    total = sum(look.counts.values()) if look.counts else 0
    if look.counts and total:
        told = f"{100 * look.counts.get(pair, 0) / total:.0f}%"
        ink = PAPER if lightness(colour) < _DARK else INK
        items.append(_centred(box.x + box.width / 2, box.y + box.height / 2, told, 11, align="center", colour=ink))
    return items


def _below_square(classes: ClassTables, look: Square, items: list[Item], at: Box) -> tuple[list[Item], float]:
    """Explain grey, and from where an axis is high."""
    unknown, y = classes["twee_assen"].unknown, at.y
    if unknown:
        items.append(Shape(Box(at.x, y, *_SWATCH), colour=unknown.colour))
        missing = look.counts.get("", 0) if look.counts else 0
        told = unknown.label + (f" ({homes(missing)})" if missing else "")
        items.append(_centred(at.x + 10, y + _SWATCH[1] / 2, told, BODY_PT))
        y += ROW + 1
    limits = f"Energie is hoog vanaf {_from(classes[look.energy])}, levensloop vanaf {_from(classes['as_levensloop'])}."
    lines = [limits, *(["In elk vak: deel van de woningen."] if look.counts else [])]
    for line in lines:
        items.append(Text(at.x, y + 3.0, line, SMALL_PT, "Regular", GREY))
        y += 3.6
    return items, y + 1.4


def tiles(figures: Sequence[tuple[str, str]], at: Box) -> tuple[list[Item], float]:
    """
    Set large figures above each other.

    Parameters
    ----------
    figures
        Number and what it counts.
    at
        Where they begin, and how wide they are.

    Returns
    -------
    items, bottom
        What to draw, and how far down it comes.
    """
    items: list[Item] = []
    y = at.y
    for number, meaning in figures:
        items += [
            Text(at.x, y + 9.0, number, 24, "Semibold", INK),
            Text(at.x + 37, y + 8.6, fitted(meaning, at.width - 37, BODY_PT), BODY_PT, "Regular", GREY),
            Shape(Box(at.x, y + 12.2, at.width, 0.2), colour=RULE),
        ]
        y += 13.4
    return items, y


def _from(table: ClassTable) -> str:
    return f"{table.classes[-1].lower:g}".replace(".", ",")


def _centred(x: float, middle: float, text: str, size_pt: float, *, align: str = "left", colour: str = INK) -> Text:
    """Set a line with its small letters around a height."""
    y = middle + 0.34 * size_pt * MM_PER_PT
    if align == "right":
        return Text(x, y, text, size_pt, "Regular", colour, "right")
    return Text(x, y, text, size_pt, "Regular", colour, "center" if align == "center" else "left")


def lightness(colour: str) -> float:
    """
    Tell how light a colour looks.

    Parameters
    ----------
    colour
        ``#rrggbb``.

    Returns
    -------
    lightness
        0 is black, 1 is white; weighed as the eye does.
    """
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def _hex(text: str) -> str | None:
    red, green, blue, alpha = text.split(",")
    return f"#{int(red):02x}{int(green):02x}{int(blue):02x}" if alpha != "0" else None
