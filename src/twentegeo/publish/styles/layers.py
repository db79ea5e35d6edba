"""
Which layer looks how.

Areas are drawn by priority score, buildings and dwellings by energy label. Unknown is grey, never the lowest class;
an estimate never looks like a registration. Layers with many features show from a scale at which one can see them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from twentegeo.publish.classes import Class
from twentegeo.publish.styles.fields import field_elements, map_tip
from twentegeo.publish.styles.labels import Label
from twentegeo.publish.styles.renderers import Rule, by_rule, categorized, graduated, single
from twentegeo.publish.styles.symbols import Symbol, fill, marker, outline
from twentegeo.tables.changes import WIJZIGING
from twentegeo.tables.hotspots import HOTSPOT
from twentegeo.tables.layers import (
    BUURT,
    GEMEENTE,
    HECTARE,
    MAP_LAYERS,
    PAND,
    PERCEEL,
    PRIORITEITSGEBIED,
    VERBLIJFSOBJECT,
    WIJK,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from twentegeo.publish.classes import ClassTables
    from twentegeo.publish.edition import Edition
    from twentegeo.tables.contract import Table

INK: Final = "#1f1f1f"
PAPER: Final = "#ffffff"
GEMEENTEGRENS: Final = "#3d3d5c"
ZONDER_WONING: Final = "zonder woning"

_DOCTYPE: Final = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_VERSION: Final = "3.22.16"


@dataclass(frozen=True, slots=True)
class Look:
    """
    How a layer looks and what it tells.

    Attributes
    ----------
    renderer
        Makes the ``<renderer-v2>`` element from the class tables.
    heading
        QGIS expression that names a feature.
    tip
        Columns of which the map tip gives the value.
    furthest
        Denominator of the smallest scale at which the layer shows, or None for always.
    label
        Text on the map, or None.
    """

    renderer: Callable[[ClassTables], Element]
    heading: str
    tip: tuple[str, ...]
    furthest: int | None = None
    label: Label | None = None


def layer_styles(classes: ClassTables, edition: Edition) -> dict[str, str]:
    """
    Make the default style of each map layer.

    Parameters
    ----------
    classes
        Class tables by name.
    edition
        Names date and notice in the map tips.

    Returns
    -------
    styles
        QML by layer name, for :func:`twentegeo.publish.geopackage.write_geopackage`.
    """
    return {table.name: _qml(table, LOOKS[table.name], classes, edition) for table in MAP_LAYERS}


def _qml(table: Table, look: Look, classes: ClassTables, edition: Edition) -> str:
    qgis = Element(
        "qgis",
        {
            "version": _VERSION,
            "styleCategories": "AllStyleCategories",
            "labelsEnabled": "1" if look.label else "0",
            "hasScaleBasedVisibilityFlag": "1" if look.furthest else "0",
            # QGIS calls the smallest scale, which has the largest denominator, the minimum
            "minScale": str(look.furthest or 100_000_000),
            "maxScale": "0",
            "readOnly": "0",
        },
    )
    qgis.append(look.renderer(classes))
    if look.label:
        qgis.append(look.label.element())
    for element in field_elements(table):
        qgis.append(element)
    SubElement(qgis, "previewExpression").text = look.heading
    SubElement(qgis, "mapTip").text = map_tip(table, look.heading, look.tip, edition)
    SubElement(qgis, "layerGeometryType").text = "0" if table.geometry == "Point" else "2"
    return _DOCTYPE + tostring(qgis, encoding="unicode")


def _by_score(edge: str, width_mm: float, opacity: float = 1.0) -> Callable[[ClassTables], Element]:
    def symbol(item: Class) -> Symbol:
        return fill(item.colour, edge=edge, width_mm=width_mm, opacity=opacity)

    return lambda classes: graduated("score_prioriteit", classes["prioriteit"], symbol)


def _area(classes: ClassTables) -> Element:
    """Draw priority areas by a heavy edge in the colour of the class; what lies within must stay readable."""

    def symbol(item: Class) -> Symbol:
        filling = fill(item.colour, edge=item.colour, width_mm=0, opacity=0.12)
        edges = outline((PAPER, 1.9), (item.colour, 1.3), (INK, 0.35))
        return Symbol("fill", [*filling.layers, *edges.layers])

    return graduated("score_prioriteit", classes["prioriteit"], symbol)


def _concentration(classes: ClassTables) -> Element:
    """Draw tested concentrations by their edge, three bands over each other: where all agree the edge is heaviest."""
    table = classes["concentratie"]
    return categorized(
        '"teken"', list(table.classes), lambda item: fill(item.colour, edge=item.colour, width_mm=0.4, opacity=0.35)
    )


def _building(classes: ClassTables) -> Element:
    """Draw buildings by their worst label; those without a dwelling are no more than a backdrop."""
    labels = classes["energielabel"]
    (without,) = classes["pand_gebruik"].classes
    backdrop = Class(without.label, without.colour, (ZONDER_WONING,))
    order = [*labels.classes, backdrop, *([labels.unknown] if labels.unknown else [])]
    tests = " OR ".join(f"\"heeft_woning\" = '{value}'" for value in without.values)
    expression = f"CASE WHEN {tests} THEN '{ZONDER_WONING}' ELSE \"label_slechtste\" END"

    def symbol(item: Class) -> Symbol:
        edge = "#c4c4c4" if item is backdrop else "#5a5a5a"
        return fill(item.colour, edge=edge, width_mm=0.1)

    return categorized(expression, order, symbol)


def _dwelling(classes: ClassTables) -> Element:
    """Draw dwellings: a solid dot is a registration; an expired label, an estimate and nothing at all are open."""
    labels, (valid, expired, guessed, nothing) = classes["energielabel"], classes["label_status"].classes
    below = [
        Rule(item.label, _is_one_of("energielabel", item.values), _dot(item.colour, valid.colour))
        for item in labels.classes
    ]
    if labels.unknown:
        below.append(Rule("klasse onbekend", "ELSE", _dot(labels.unknown.colour, valid.colour)))
    last_class = " ".join(
        f"WHEN {_is_one_of('label_verlopen', item.values)} THEN '{item.colour}'" for item in labels.classes
    )
    square = marker(
        "square",
        1.5,
        colour=PAPER,
        edge=expired.colour,
        width_mm=0.5,
        edge_by=f"CASE {last_class} ELSE '{expired.colour}' END",
    )
    ring = marker("circle", 1.3, colour=PAPER, edge=guessed.colour, width_mm=0.25)
    cross = marker("cross2", 1.2, colour=None, edge=nothing.colour, width_mm=0.25)
    return by_rule(
        [
            Rule(valid.label, _is_one_of("label_status", valid.values), below=below),
            Rule(expired.label, _is_one_of("label_status", expired.values), square),
            Rule(guessed.label, _is_one_of("label_status", guessed.values), ring),
            Rule(nothing.label, "ELSE", cross),
        ]
    )


def _changed(classes: ClassTables) -> Element:
    """Draw changed dwellings by what happened to them."""
    return categorized(
        '"oorzaak"',
        list(classes["wijziging"].classes),
        lambda item: marker("circle", 2.2, colour=item.colour, edge=PAPER, width_mm=0.15),
    )


def _dot(colour: str, edge: str) -> Symbol:
    return marker("circle", 1.7, colour=colour, edge=edge, width_mm=0.15)


def _is_one_of(column: str, values: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f'"{column}" IN ({listed})'


_GEBIED_TIP: Final = (
    "score_prioriteit",
    "rang",
    "score_energie",
    "n_woningen",
    "label_dekking",
    "aandeel_efg",
    "gemiddeld_bouwjaar",
)

# from afar the rank alone; up close the name, without the municipalities that it ends with
_RANK_THEN_NAME: Final = (
    'CASE WHEN @map_scale > 15000 THEN to_string("rang")'
    " ELSE \"rang\" || '. ' || regexp_replace(\"naam\", ' [(].*', '') END"
)

LOOKS: Final = {
    PRIORITEITSGEBIED.name: Look(
        _area,
        '"rang" || \'. \' || "naam"',
        ("score_prioriteit", "n_woningen", "aandeel_efg", "aandeel_geschat", "gemeenten", "toelichting"),
        label=Label(
            _RANK_THEN_NAME,
            10,
            INK,
            250_000,
            bold=True,
            priority=10,
            always=True,
        ),
    ),
    HOTSPOT.name: Look(
        _concentration,
        "'Concentratie ' || \"teken\" || ', band ' || \"band_m\" || ' m'",
        ("indicator", "n_woningen", "overschot", "gi_z", "q_waarde", "n_cellen"),
    ),
    GEMEENTE.name: Look(
        lambda _: single(outline((PAPER, 1.0), (GEMEENTEGRENS, 0.5))),
        '"naam"',
        _GEBIED_TIP,
        label=Label('"naam"', 11, GEMEENTEGRENS, 750_000, bold=True, priority=9),
    ),
    WIJK.name: Look(
        _by_score(PAPER, 0.4),
        '"naam"',
        ("gemeente_naam", *_GEBIED_TIP),
        label=Label('"naam"', 9, INK, 100_000, priority=7),
    ),
    BUURT.name: Look(
        _by_score(PAPER, 0.25),
        '"naam"',
        ("gemeente_naam", *_GEBIED_TIP),
        label=Label('"naam"', 8, INK, 50_000, priority=6),
    ),
    HECTARE.name: Look(
        _by_score(PAPER, 0.05),
        '"cel_id"',
        ("score_prioriteit", "n_woningen", "label_dekking", "aandeel_efg", "aandeel_geschat"),
    ),
    PERCEEL.name: Look(
        _by_score("#8a8a8a", 0.1, opacity=0.6),
        '"kadastrale_aanduiding"',
        ("score_prioriteit", "n_woningen", "bebouwd_m2", "label_dekking", "aandeel_efg"),
        furthest=25_000,
    ),
    PAND.name: Look(
        _building,
        '"pand_id"',
        ("bouwjaar", "n_woningen", "label_slechtste", "label_beste", "score_prioriteit", "status"),
        furthest=50_000,
    ),
    VERBLIJFSOBJECT.name: Look(
        _dwelling,
        '"adres"',
        ("woonplaats", "bouwjaar", "oppervlakte_m2", "energielabel", "label_status", "score_prioriteit"),
        furthest=10_000,
        label=Label("coalesce(\"energielabel\", '')", 7, INK, 1_500, point=True),
    ),
    WIJZIGING.name: Look(
        _changed,
        '"adres"',
        ("oorzaken", "wat", "score_oud", "score_nieuw", "verschil"),
        furthest=100_000,
    ),
}
"""The look of each map layer."""
