"""How areas are drawn: by class, within an edge; what each drawing is for stands in :mod:`.areas`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from twentegeo.publish.styles.conditions import OneOf, in_class
from twentegeo.publish.styles.drawings import Line, by_class, by_rule, categorized, graduated, single, two_axes
from twentegeo.publish.styles.palette import GEMEENTEGRENS, INK, LAND, PAPER
from twentegeo.publish.styles.symbols import Far, Symbol, SymbolLayer, fill, hatch, outline, over

if TYPE_CHECKING:
    from twentegeo.publish.classes import Class, ClassTables
    from twentegeo.publish.styles.drawings import Drawing
    from twentegeo.publish.styles.look import Draw

OTHER_MUNICIPALITY: Final = "\"code\" <> coalesce(@gemeente_code, attribute(@atlas_feature, 'code'))"
"""True on a printed page about another municipality, unknown and so untrue on screen."""


def _far(width_mm: float) -> Far:
    """From afar heavy edges get thin, or they would hide a small area."""
    return Far(60_000, width_mm)


@dataclass(frozen=True, slots=True)
class Edge:
    """
    The edge of an area that is filled by class.

    Attributes
    ----------
    colour, width_mm
        ``#rrggbb`` and millimetres.
    swollen_mm
        Width from afar, in the colour of the class: a hectare is a third of a millimetre on a map of the region, and
        one that lies alone would not be seen. None where areas are large enough by themselves.
    """

    colour: str
    width_mm: float
    swollen_mm: float | None = None

    def around(self, item: Class) -> Symbol:
        """Fill an area with the colour of its class, within this edge."""
        far = None if self.swollen_mm is None else Far(_SMALL_BEYOND, self.swollen_mm, item.colour)
        return fill(item.colour, edge=self.colour, width_mm=self.width_mm, far=far)


_SMALL_BEYOND: Final = 75_000
"""Denominator of the scale beyond which a hectare is less than 1.3 mm wide."""


def by_score(column: str, table: str, edge: Edge) -> Draw:
    """
    Draw areas by a score or share.

    Parameters
    ----------
    column
        Column of numbers.
    table
        Name of its class table.
    edge
        How their edges look.

    Returns
    -------
    draw
        Makes the drawing from the class tables.
    """
    return lambda classes: graduated(column, classes[table], edge.around)


def by_axes(edge: Edge) -> Draw:
    """
    Draw areas by energy and life-course at once.

    Parameters
    ----------
    edge
        How their edges look.

    Returns
    -------
    draw
        Makes the drawing from the class tables.
    """

    def draw(classes: ClassTables) -> Drawing:
        energy = ("score_energie", classes["as_energie_gebied"])
        return two_axes(energy, ("score_levensloop", classes["as_levensloop"]), classes["twee_assen"], edge.around)

    return draw


def less_sure(edge: Edge, *, tested: bool) -> Draw:
    """
    Draw areas by priority score, hatched where it is less sure.

    Parameters
    ----------
    edge
        As for :func:`by_score`.
    tested
        True for a layer of which the firmness of the class was drawn; else more than half estimated is less sure.

    Returns
    -------
    draw
        Makes the drawing from the class tables.
    """

    def draw(classes: ClassTables) -> Drawing:
        (item,) = classes["onzeker" if tested else "geschat"].classes
        unsure = OneOf("stabiel", item.values) if tested else in_class("aandeel_geschat", item)
        return by_rule(
            *by_class("score_prioriteit", classes["prioriteit"], edge.around),
            Line(item.label, unsure, hatch(item.colour, width_mm=0.18, apart_mm=1.8)),
        )

    return draw


def _heavy(item: Class) -> Symbol:
    """Draw an area by a heavy edge in the colour of its class; what lies within must stay readable."""
    filling = fill(item.colour, edge=item.colour, width_mm=0, opacity=0.12)
    return over(filling, outline((PAPER, 1.9, _far(0.9)), (item.colour, 1.3, _far(0.5)), (INK, 0.35, _far(0.25))))


def heavy_by(column: str, table: str, *, text: bool = True) -> Draw:
    """
    Draw priority areas by the classes of a column: a heavy edge, since what lies within must stay readable.

    Parameters
    ----------
    column, table
        The column, and the name of its class table.
    text
        Whether it holds texts; else numbers.

    Returns
    -------
    draw
        Makes the drawing from the class tables.
    """
    draw_by = categorized if text else graduated
    return lambda classes: draw_by(column, classes[table], _heavy)


def heavy_by_firmness(classes: ClassTables) -> Drawing:
    """
    Draw priority areas by score, hatched where the class is not sure.

    Parameters
    ----------
    classes
        Class tables by name.

    Returns
    -------
    drawing
        Of the layer.
    """
    (unsure,) = classes["onzeker"].classes
    over_it = hatch(unsure.colour, width_mm=0.18, apart_mm=1.8)
    return by_rule(
        *by_class("score_prioriteit", classes["prioriteit"], _heavy),
        Line(unsure.label, OneOf("stabiel", unsure.values), over_it),
    )


def concentration(edge_mm: float, column: str) -> Draw:
    """
    Draw tested concentrations by their edge; where three bands lie over each other it is heaviest.

    Parameters
    ----------
    edge_mm
        Width of the edge.
    column
        Column with the verdict.

    Returns
    -------
    draw
        Makes the drawing from the class tables.
    """
    return lambda classes: categorized(
        column,
        classes["concentratie"],
        lambda item: fill(item.colour, edge=item.colour, width_mm=edge_mm, opacity=0.35),
    )


def alike(symbol: Symbol, label: str) -> Draw:
    """
    Draw every area of a layer the same.

    Parameters
    ----------
    symbol
        How.
    label
        Its line in the legend.

    Returns
    -------
    draw
        Makes the drawing, whatever the class tables say.
    """
    return lambda _: single(symbol, label)


EDGE_ONLY: Final = alike(outline((PAPER, 1.5, _far(0.8)), (INK, 0.7, _far(0.35))), "prioriteitsgebied, met rang")
"""The outline of priority areas and nothing else; from afar it gets thin."""

SOLID: Final = alike(fill(INK, edge=INK, width_mm=0.6), "prioriteitsgebied")
"""Where priority areas lie, in ink."""

GROUND: Final = alike(fill(LAND, edge=LAND, width_mm=0), "gemeenten in deze regio")
"""The land of the region, on which all else lies."""

THIN_BORDER: Final = alike(outline((PAPER, 0.6), ("#6f6f86", 0.2)), "buurtgrens")
"""Borders of neighbourhoods."""


def municipality(_: ClassTables) -> Drawing:
    """
    Draw borders; on a page of the map book the other municipalities fade behind a veil.

    Parameters
    ----------
    classes
        Class tables by name.

    Returns
    -------
    drawing
        Of the layer.
    """
    veil = SymbolLayer(
        "SimpleFill",
        {"color": "255,255,255,0", "style": "solid", "outline_style": "no"},
        {"fillColor": f"if({OTHER_MUNICIPALITY}, '255,255,255,150', '255,255,255,0')"},
    )
    lines = outline((PAPER, 1.0), (GEMEENTEGRENS, 0.5))
    return single(Symbol("fill", [veil, *lines.layers]), "gemeentegrens")
