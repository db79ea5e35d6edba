"""
How the features of a layer are drawn: the lines of its legend, each with a condition and a symbol.

One :class:`Drawing` serves QGIS, the legends of the map book, and maps that are drawn without QGIS.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from twentegeo.publish.styles import renderers
from twentegeo.publish.styles.conditions import Both, Every, Except, Missing, Otherwise, Within, in_class, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from xml.etree.ElementTree import Element

    import pandas as pd

    from twentegeo.publish.classes import Class, ClassTable
    from twentegeo.publish.styles.conditions import Condition, Mask
    from twentegeo.publish.styles.symbols import Symbol

    Look = Callable[[Class], Symbol]


@dataclass(frozen=True, slots=True)
class Tint:
    """
    A colour of a symbol that follows the class of each feature.

    Attributes
    ----------
    column
        Column of texts.
    table
        Its classes; a text that none of them holds keeps the colour of the symbol.
    part
        What gets the colour: ``fillColor`` or ``outlineColor``.
    """

    column: str
    table: ClassTable
    part: Literal["fillColor", "outlineColor"]

    def expression(self, otherwise: str) -> str:
        """Say it as a QGIS expression; `otherwise` (``#rrggbb``) where no class holds the text."""
        cases = " ".join(
            f"WHEN {in_class(self.column, item).expression} THEN {quoted(item.colour)}" for item in self.table.classes
        )
        return f"CASE {cases} ELSE {quoted(otherwise)} END"


@dataclass(frozen=True, slots=True)
class Line:
    """
    One line of a legend.

    Attributes
    ----------
    label
        Dutch text.
    condition
        Which features it stands for, within the line above it.
    symbol
        How they are drawn, or None for a heading.
    below
        Lines within this one.
    tint
        A colour that follows the feature, or None; the legend shows the symbol as it is.
    """

    label: str
    condition: Condition
    symbol: Symbol | None = None
    below: tuple[Line, ...] = ()
    tint: Tint | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """
    A legend with symbols.

    Attributes
    ----------
    kind
        The QGIS renderer that says it: ``single``, ``graduated``, ``categorized`` or ``rules``. With rules a feature
        is drawn by every line that it meets, otherwise by one.
    lines
        In the order of the legend.
    attribute
        QGIS expression whose value decides, for ``graduated`` and ``categorized``.
    classes
        For those two the class of each line.
    """

    kind: Literal["single", "graduated", "categorized", "rules"]
    lines: tuple[Line, ...]
    attribute: str = ""
    classes: tuple[Class, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the layer that it looks at, each once."""
        lines = list(walk(self.lines))
        asked = [name for line in lines for name in line.condition.columns]
        return tuple(dict.fromkeys([*asked, *(line.tint.column for line in lines if line.tint)]))

    def element(self) -> Element:
        """Say it in QGIS' words: a ``<renderer-v2>`` element."""
        symbols = [line.symbol for line in self.lines if line.symbol is not None]
        if self.kind == "single":
            return renderers.single(symbols[0])
        if self.kind == "graduated":
            return renderers.graduated(self.attribute, self.classes, symbols)
        if self.kind == "categorized":
            return renderers.categorized(self.attribute, self.classes, symbols)
        return renderers.by_rule([_rule(line) for line in self.lines])

    def drawn(self, frame: pd.DataFrame) -> list[tuple[Line, Mask]]:
        """
        Find which rows each line draws.

        Parameters
        ----------
        frame
            Rows of the layer as a release holds them, n of them.

        Returns
        -------
        drawn
            The lines with a symbol, in order, and for each the rows it draws: shape (n,). Unless it draws by rules,
            a row is drawn once.
        """
        found = list(_within(self.lines, frame, np.ones(len(frame), dtype=bool)))
        if self.kind == "rules":
            return found
        left = np.ones(len(frame), dtype=bool)
        once = []
        for line, mask in found:
            once.append((line, mask & left))
            left = left & ~mask
        return once


def single(symbol: Symbol, label: str = "") -> Drawing:
    """
    Draw every feature alike.

    Parameters
    ----------
    symbol
        How.
    label
        Text in the legend.

    Returns
    -------
    drawing
        Of one line.
    """
    return Drawing("single", (Line(label, Every(), symbol),))


def graduated(column: str, table: ClassTable, look: Look) -> Drawing:
    """
    Draw numbers by class.

    Parameters
    ----------
    column
        Name of a column of numbers from 0 to 100.
    table
        Classes; its unknown class takes rows without a value.
    look
        Makes the symbol of a class.

    Returns
    -------
    drawing
        A line per class, unknown last.
    """
    lines = tuple(Line(item.label, in_class(column, item), look(item)) for item in table.legend)
    return Drawing("graduated", lines, f'"{column}"', table.legend)


def categorized(
    column: str, table: ClassTable, look: Look, *, first: Sequence[tuple[Condition, Class]] = ()
) -> Drawing:
    """
    Draw texts by class.

    Parameters
    ----------
    column
        Name of a column of texts.
    table
        Classes; its unknown class takes every text that none of them holds, and absence.
    look
        Makes the symbol of a class.
    first
        Conditions that go before the text, with the class of what meets them; they stand after the known classes in
        the legend.

    Returns
    -------
    drawing
        A line per class, unknown last.
    """
    others = tuple(Except(condition) for condition, _ in first)
    return _categories(f'"{column}"', table, lambda item: Both((*others, in_class(column, item))), look, first)


def two_axes(
    one: tuple[str, ClassTable],
    other: tuple[str, ClassTable],
    table: ClassTable,
    look: Look,
    *,
    first: Sequence[tuple[Condition, Class]] = (),
) -> Drawing:
    """
    Draw two numbers at once.

    Parameters
    ----------
    one, other
        A column of numbers and its classes, each with one text.
    table
        A class per pair of those texts, joined by a hyphen; its unknown class takes rows that lack either number.
    look
        Makes the symbol of a class.
    first
        As for :func:`categorized`.

    Returns
    -------
    drawing
        A line per pair in the order of `table`, unknown last.
    """
    pairs = {f"{a.key}-{b.key}": (a, b) for a in one[1].classes for b in other[1].classes}
    others = tuple(Except(condition) for condition, _ in first)

    def condition_of(item: Class) -> Condition:
        a, b = pairs[item.key]
        return Both((*others, in_class(one[0], a), in_class(other[0], b)))

    missing = " OR ".join(Missing(column).expression for column in (one[0], other[0]))
    attribute = f"CASE WHEN {missing} THEN NULL ELSE {_named(*one)} || '-' || {_named(*other)} END"
    return _categories(attribute, table, condition_of, look, first)


def by_rule(*lines: Line) -> Drawing:
    """
    Draw by every line that a feature meets.

    Parameters
    ----------
    *lines
        In the order of the legend; later ones are drawn over earlier ones.

    Returns
    -------
    drawing
        With those lines.
    """
    return Drawing("rules", lines)


def by_class(column: str, table: ClassTable, look: Look) -> tuple[Line, ...]:
    """
    Make a line of each class, for use among rules.

    Parameters
    ----------
    column
        Column of the layer that the class table is about.
    table
        Classes; the unknown one takes rows without a value.
    look
        Makes the symbol of a class.

    Returns
    -------
    lines
        A line per class, unknown last.
    """
    return tuple(Line(item.label, in_class(column, item), look(item)) for item in table.legend)


def walk(lines: Sequence[Line]) -> Iterator[Line]:
    """
    Go through lines and the lines within them.

    Parameters
    ----------
    lines
        Lines of a legend.

    Yields
    ------
    line
        Each line before those within it.
    """
    for line in lines:
        yield line
        yield from walk(line.below)


def _categories(
    attribute: str,
    table: ClassTable,
    condition_of: Callable[[Class], Condition],
    look: Look,
    first: Sequence[tuple[Condition, Class]],
) -> Drawing:
    unknown = [table.unknown] if table.unknown else []
    lines = [
        *(Line(item.label, condition_of(item), look(item)) for item in table.classes),
        *(Line(item.label, condition, look(item)) for condition, item in first),
        *(Line(item.label, Otherwise(), look(item)) for item in unknown),
    ]
    for condition, item in reversed(first):
        attribute = f"CASE WHEN {condition.expression} THEN {quoted(item.key)} ELSE {attribute} END"
    classes = (*table.classes, *(item for _, item in first), *unknown)
    return Drawing("categorized", tuple(lines), attribute, classes)


def _within(lines: Sequence[Line], frame: pd.DataFrame, above: Mask) -> Iterator[tuple[Line, Mask]]:
    known = np.logical_or.reduce([line.condition.holds(frame) for line in lines])
    for line in lines:
        mask = above & (~known if isinstance(line.condition, Otherwise) else line.condition.holds(frame))
        if line.symbol is not None:
            yield line, mask
        if line.below:
            yield from _within(line.below, frame, mask)


def _rule(line: Line) -> renderers.Rule:
    symbol = line.symbol
    if symbol is not None and line.tint is not None:
        lowest = symbol.layers[0]
        tinted = replace(lowest, expressions={line.tint.part: line.tint.expression(symbol.colour)})
        symbol = replace(symbol, layers=[tinted, *symbol.layers[1:]])
    return renderers.Rule(line.label, line.condition.expression, symbol, [_rule(one) for one in line.below])


def _named(column: str, table: ClassTable) -> str:
    """Turn a number into the text of its class."""
    cases = " ".join(
        f"WHEN {Within(column, None, item.upper).expression} THEN {quoted(item.key)}" for item in table.classes[:-1]
    )
    return f"(CASE {cases} ELSE {quoted(table.classes[-1].key)} END)"
