"""The looks of areas: priority areas, CBS areas and hectare cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from twentegeo.publish.styles.conditions import OneOf, in_class
from twentegeo.publish.styles.drawings import Line, by_class, by_rule, categorized, graduated, single, two_axes
from twentegeo.publish.styles.labels import Label, named
from twentegeo.publish.styles.look import Beside, Face, Style
from twentegeo.publish.styles.palette import GEMEENTEGRENS, INK, LAND, PAPER
from twentegeo.publish.styles.symbols import Far, Symbol, SymbolLayer, fill, hatch, outline, over
from twentegeo.publish.styles.tips import Row
from twentegeo.tables.hotspots import HOTSPOT
from twentegeo.tables.layers import BUURT, GEMEENTE, HECTARE, PRIORITEITSGEBIED, WIJK

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from twentegeo.publish.classes import Class, ClassTables
    from twentegeo.publish.styles.drawings import Drawing

    Draw = Callable[[ClassTables], Drawing]

NAAR_SCORE: Final = "Score prioriteit (100 is het meest urgent)"
NAAR_ENERGIE: Final = "Score energie (100 is het meest urgent)"
NAAR_LEVENSLOOP: Final = "Score levensloop (100 is het meest urgent)"
NAAR_ASSEN: Final = "Energie en levensloop samen"

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


def _priority(classes: ClassTables) -> Drawing:
    return graduated("score_prioriteit", classes["prioriteit"], _heavy)


def _by_quadrant(classes: ClassTables) -> Drawing:
    return categorized("kwadrant", classes["kwadrant"], _heavy)


def _changed(classes: ClassTables) -> Drawing:
    return categorized("relatie", classes["relatie"], _heavy)


def _firmness(classes: ClassTables) -> Drawing:
    """Draw priority areas by score, hatched where the class is not sure."""
    (unsure,) = classes["onzeker"].classes
    over_it = hatch(unsure.colour, width_mm=0.18, apart_mm=1.8)
    return by_rule(
        *by_class("score_prioriteit", classes["prioriteit"], _heavy),
        Line(unsure.label, OneOf("stabiel", unsure.values), over_it),
    )


def _concentration(edge_mm: float, column: str) -> Draw:
    """Draw tested concentrations by their edge; where three bands lie over each other it is heaviest."""
    return lambda classes: categorized(
        column,
        classes["concentratie"],
        lambda item: fill(item.colour, edge=item.colour, width_mm=edge_mm, opacity=0.35),
    )


def _edge_only(_: ClassTables) -> Drawing:
    return single(outline((PAPER, 1.5, _far(0.8)), (INK, 0.7, _far(0.35))), "prioriteitsgebied, met rang")


def _municipality(_: ClassTables) -> Drawing:
    """Draw borders; on a page of the map book the other municipalities fade behind a veil."""
    veil = SymbolLayer(
        "SimpleFill",
        {"color": "255,255,255,0", "style": "solid", "outline_style": "no"},
        {"fillColor": f"if({OTHER_MUNICIPALITY}, '255,255,255,150', '255,255,255,0')"},
    )
    lines = outline((PAPER, 1.0), (GEMEENTEGRENS, 0.5))
    return single(Symbol("fill", [veil, *lines.layers]), "gemeentegrens")


def _solid(_: ClassTables) -> Drawing:
    return single(fill(INK, edge=INK, width_mm=0.6), "prioriteitsgebied")


def _ground(_: ClassTables) -> Drawing:
    return single(fill(LAND, edge=LAND, width_mm=0), "gemeenten in deze regio")


def _thin_border(_: ClassTables) -> Drawing:
    return single(outline((PAPER, 0.6), ("#6f6f86", 0.2)), "buurtgrens")


def _rank_or_name(frame: pd.DataFrame, scale: float) -> list[str]:
    ranks = ["" if rank != rank else f"{rank:.0f}" for rank in frame["rang"].astype(float)]  # noqa: PLR0124 - no rank
    if scale > FROM_HERE_FIRST:
        return [rank if rank and int(rank) <= FIRST_RANKS else "" for rank in ranks]
    if scale > FROM_HERE_NAMES:
        return ranks
    names = [name.split(" (")[0] for name in frame["naam"]]
    return [f"{rank}. {name}" if rank else name for rank, name in zip(ranks, names, strict=True)]


FROM_HERE_NAMES: Final = 15_000
"""Denominator of the scale from which priority areas carry their name beside their rank."""
FROM_HERE_FIRST: Final = 100_000
"""Denominator of the scale beyond which only the first of them carry their rank."""
FIRST_RANKS: Final = 10

# up close the name too, without the municipalities that it ends with
_RANK_OR_NAME: Final = (
    f"CASE WHEN @map_scale > {FROM_HERE_FIRST} AND \"rang\" > {FIRST_RANKS} THEN ''"
    f' WHEN @map_scale > {FROM_HERE_NAMES} THEN to_string("rang")'
    " ELSE coalesce(\"rang\" || '. ', '') || regexp_replace(\"naam\", ' [(].*', '') END"
)

_FIGURES: Final = (
    "score_prioriteit",
    "rang",
    "kwadrant",
    "score_energie",
    "score_levensloop",
    "n_woningen",
    "label_dekking",
    "aandeel_efg_verwacht",
    "aandeel_moeilijk",
    "gemiddeld_bouwjaar",
)


def _by_question(edge: Edge, *, tested: bool) -> tuple[Style, ...]:
    """Answer the same questions on each layer; `tested` where it tells how firm the class is."""
    return (
        Style("Prioriteit", NAAR_SCORE, by_score("score_prioriteit", "prioriteit", edge)),
        Style("Twee assen", NAAR_ASSEN, by_axes(edge)),
        Style("Energie", NAAR_ENERGIE, by_score("score_energie", "score_energie", edge)),
        Style(
            "Label E, F of G",
            "Deel met label E, F of G, bekend of verwacht",
            by_score("aandeel_efg_verwacht", "aandeel_efg", edge),
        ),
        Style("Levensloop", NAAR_LEVENSLOOP, by_score("score_levensloop", "score_levensloop", edge)),
        Style(
            "Onzekerheid",
            "Score prioriteit, met arcering waar die minder zeker is",
            less_sure(edge, tested=tested),
        ),
        Style(
            "Labeldekking",
            "Deel met een geldig geregistreerd label",
            by_score("label_dekking", "label_dekking", edge),
        ),
    )


FACES: Final = {
    PRIORITEITSGEBIED.name: Face(
        "coalesce(\"rang\" || '. ', '') || \"naam\"",
        (
            "score_prioriteit",
            Row("Rang in 8 van 10 trekkingen", '"rang_p10" || \' tot \' || "rang_p90"'),
            "kwadrant",
            "n_woningen",
            "aandeel_efg_verwacht",
            "n_moeilijk_aanpasbaar",
            "aandeel_geschat",
            "gemeenten",
            "toelichting",
        ),
        label=Label(_RANK_OR_NAME, _rank_or_name, 8.5, INK, 400_000, bold=True, priority=10, place="outside"),
    ),
    HOTSPOT.name: Face(
        "'Concentratie: ' || \"teken\" || ', tot ' || \"band_m\" || ' m'",
        ("indicator", "n_woningen", "overschot", "gi_z", "q_waarde", "n_cellen"),
    ),
    GEMEENTE.name: Face(
        '"naam"', _FIGURES, label=named("naam", 10.5, GEMEENTEGRENS, (20_000, 750_000), bold=True, priority=9)
    ),
    WIJK.name: Face('"naam"', ("gemeente_naam", *_FIGURES), label=named("naam", 9, INK, (5_000, 100_000), priority=7)),
    BUURT.name: Face('"naam"', ("gemeente_naam", *_FIGURES), label=named("naam", 8, INK, (2_500, 80_000), priority=6)),
    HECTARE.name: Face(
        '"cel_id"',
        (
            "score_prioriteit",
            "kwadrant",
            "score_energie",
            "score_levensloop",
            "n_woningen",
            "label_dekking",
            "aandeel_efg",
            "aandeel_geschat",
        ),
    ),
}
"""What each layer of areas tells."""

STYLES: Final = {
    PRIORITEITSGEBIED.name: (
        Style("Prioriteit", NAAR_SCORE, _priority),
        Style("Twee assen", NAAR_ASSEN, _by_quadrant),
        Style("Onzekerheid", "Score prioriteit, met arcering waar die minder zeker is", _firmness),
        Style(
            "Verandering",
            "Herkomst sinds de vorige release",
            _changed,
            beside=Beside("gebied_herkomst", "gebied_id", "relatie"),
        ),
        Style("Omtrek", "Prioriteitsgebied", _edge_only, plain=True),
        Style("Ligging", "Prioriteitsgebied", _solid, label=False, plain=True),
    ),
    HOTSPOT.name: (Style("Concentratie", "Concentraties van opgave, drie afstanden", _concentration(0.4, "teken")),),
    GEMEENTE.name: (
        Style("Grenzen", "Gemeentegrens", _municipality, plain=True),
        Style("Grenzen zonder naam", "Gemeentegrens", _municipality, label=False, plain=True),
        Style("Vlak", "Gemeenten in deze regio", _ground, label=False, plain=True),
        *_by_question(Edge(PAPER, 0.5), tested=False),
    ),
    WIJK.name: _by_question(Edge(PAPER, 0.4), tested=True),
    BUURT.name: (
        *_by_question(Edge(PAPER, 0.25), tested=True),
        Style("Grenzen", "Buurtgrens", _thin_border, plain=True),
    ),
    HECTARE.name: (
        *_by_question(Edge(PAPER, 0.05, swollen_mm=0.35), tested=False),
        Style("Concentratie", "Toets op concentraties van opgave (Gi*)", _concentration(0.05, "gi_teken")),
    ),
}
"""The styles of each layer of areas; the first is the default."""
