"""
Symbols as QGIS writes them: fills, outlines and markers.

QGIS reads what it knows and fills in the rest with its defaults, so only what we choose is written. Sizes are
millimetres on paper.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class SymbolLayer:
    """
    One of the drawings that together make a symbol.

    Attributes
    ----------
    kind
        QGIS' name of the class: ``SimpleFill``, ``SimpleLine`` or ``SimpleMarker``.
    options
        Its properties, as texts.
    expressions
        Properties that an expression gives for each feature.
    """

    kind: str
    options: Mapping[str, str]
    expressions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Symbol:
    """
    A symbol.

    Attributes
    ----------
    geometry
        ``fill`` or ``marker``.
    layers
        Drawn from the first to the last.
    opacity
        0 is invisible, 1 is solid.
    """

    geometry: str
    layers: Sequence[SymbolLayer]
    opacity: float = 1.0

    def element(self, name: str) -> Element:
        """
        Say it in XML.

        Parameters
        ----------
        name
            Key by which the renderer refers to it.

        Returns
        -------
        symbol
            A ``<symbol>`` element.
        """
        element = Element(
            "symbol",
            {
                "name": name,
                "type": self.geometry,
                "alpha": f"{self.opacity:g}",
                "clip_to_extent": "1",
                "force_rhr": "0",
            },
        )
        for layer in self.layers:
            child = SubElement(element, "layer", {"class": layer.kind, "enabled": "1", "locked": "0", "pass": "0"})
            option_map(child, layer.options)
            # QGIS before 3.26 reads these, later ones read the options above
            for key, value in layer.options.items():
                SubElement(child, "prop", {"k": key, "v": value})
            _expressions(child, layer.expressions)
        return element


def option_map(parent: Element, options: Mapping[str, str]) -> Element:
    """
    Write texts by name in the way QGIS keeps settings.

    Parameters
    ----------
    parent
        Element to write in.
    options
        Texts by name.

    Returns
    -------
    option
        The ``<Option type="Map">`` that was added.
    """
    outer = SubElement(parent, "Option", {"type": "Map"})
    for name, value in options.items():
        SubElement(outer, "Option", {"name": name, "value": value, "type": "QString"})
    return outer


def rgba(colour: str, opacity: float = 1.0) -> str:
    """
    Write a colour as QGIS does.

    Parameters
    ----------
    colour
        ``#rrggbb``.
    opacity
        0 to 1.

    Returns
    -------
    text
        ``red,green,blue,alpha``, each 0 to 255.
    """
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"


def fill(colour: str, *, edge: str, width_mm: float, opacity: float = 1.0) -> Symbol:
    """
    Fill an area and draw its edge.

    Parameters
    ----------
    colour, edge
        ``#rrggbb``.
    width_mm
        Width of the edge; 0 is the thinnest line there is.
    opacity
        Of the filling; the edge stays solid.

    Returns
    -------
    symbol
        A fill.
    """
    options = {
        "color": rgba(colour, opacity),
        "style": "solid",
        "joinstyle": "round",
        "outline_color": rgba(edge),
        "outline_style": "solid",
        "outline_width": f"{width_mm:g}",
        "outline_width_unit": "MM",
    }
    return Symbol("fill", [SymbolLayer("SimpleFill", options)])


def outline(*lines: tuple[str, float]) -> Symbol:
    """
    Draw the edge of an area and leave it open.

    Parameters
    ----------
    *lines
        Colour (``#rrggbb``) and width in millimetres of the lines that lie over each other, lowest first.

    Returns
    -------
    symbol
        A fill without a filling.
    """
    return Symbol("fill", [_line(colour, width_mm) for colour, width_mm in lines])


def marker(
    shape: str, size_mm: float, *, colour: str | None, edge: str, width_mm: float, edge_by: str | None = None
) -> Symbol:
    """
    Draw a point.

    Parameters
    ----------
    shape
        QGIS' name: ``circle``, ``square``, ``cross2``.
    size_mm
        Diameter.
    colour
        ``#rrggbb`` of the filling, or None for an open one.
    edge
        ``#rrggbb`` of the edge.
    width_mm
        Width of the edge.
    edge_by
        QGIS expression that gives the colour of the edge, or None.

    Returns
    -------
    symbol
        A marker.
    """
    options = {
        "name": shape,
        "color": rgba(colour or "#ffffff", 1.0 if colour else 0.0),
        "size": f"{size_mm:g}",
        "size_unit": "MM",
        "outline_color": rgba(edge),
        "outline_style": "solid",
        "outline_width": f"{width_mm:g}",
        "outline_width_unit": "MM",
        "joinstyle": "miter",
    }
    expressions = {"outlineColor": edge_by} if edge_by else {}
    return Symbol("marker", [SymbolLayer("SimpleMarker", options, expressions)])


def _line(colour: str, width_mm: float) -> SymbolLayer:
    return SymbolLayer(
        "SimpleLine",
        {
            "line_color": rgba(colour),
            "line_style": "solid",
            "line_width": f"{width_mm:g}",
            "line_width_unit": "MM",
            "joinstyle": "round",
            "capstyle": "round",
        },
    )


def _expressions(parent: Element, expressions: Mapping[str, str]) -> None:
    outer = option_map(SubElement(parent, "data_defined_properties"), {"name": ""})
    properties = SubElement(outer, "Option", {"name": "properties"})
    if expressions:
        properties.set("type", "Map")
    for name, expression in expressions.items():
        one = SubElement(properties, "Option", {"name": name, "type": "Map"})
        SubElement(one, "Option", {"name": "active", "value": "true", "type": "bool"})
        SubElement(one, "Option", {"name": "expression", "value": expression, "type": "QString"})
        SubElement(one, "Option", {"name": "type", "value": "3", "type": "int"})
    SubElement(outer, "Option", {"name": "type", "value": "collection", "type": "QString"})
