"""
Symbols as QGIS writes them: fills, outlines and markers.

QGIS reads what it knows and fills in the rest with its defaults, so only what we choose is written. Sizes are
millimetres on paper.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PAPER: Final = "#ffffff"
_CASING: Final = 3.0
"""Width of the light casing of a hatch line, as a multiple of the line."""
_HOLE: Final = 0.5
"""Diameter of the hole of a ring, as a share of the ring."""
_HAIR_MM: Final = 0.12


@dataclass(frozen=True, slots=True)
class Far:
    """
    How a line looks from afar.

    Attributes
    ----------
    beyond
        Denominator of the scale beyond which this holds.
    width_mm
        Width.
    colour
        ``#rrggbb``, or None to keep what it is.
    """

    beyond: int
    width_mm: float
    colour: str | None = None


@dataclass(frozen=True, slots=True)
class SymbolLayer:
    """
    One of the drawings that together make a symbol.

    Attributes
    ----------
    kind
        QGIS' name of the class: ``SimpleFill``, ``SimpleLine``, ``SimpleMarker`` or ``LinePatternFill``.
    options
        Its properties, as texts.
    expressions
        Properties that an expression gives for each feature.
    within
        The symbol that a pattern repeats, or None.
    far
        How the line looks from afar, or None where it is the same at every scale.
    """

    kind: str
    options: Mapping[str, str]
    expressions: Mapping[str, str] = field(default_factory=dict)
    within: Symbol | None = None
    far: Far | None = None

    def line(self, scale: float) -> tuple[str, float]:
        """Tell the colour (as QGIS writes it) and the width (mm) of the line at a scale (denominator)."""
        prefix = "line" if "line_color" in self.options else "outline"
        colour, width = self.options[f"{prefix}_color"], float(self.options[f"{prefix}_width"])
        if self.far is None or scale <= self.far.beyond:
            return colour, width
        return rgba(self.far.colour) if self.far.colour else colour, self.far.width_mm

    def by_scale(self) -> dict[str, str]:
        """Say the same as QGIS expressions by property."""
        if self.far is None:
            return {}
        colour, width = self.line(0)
        test = f"@map_scale > {self.far.beyond}"
        said = {"outlineWidth": f"if({test}, {self.far.width_mm:g}, {width:g})"}
        if self.far.colour:
            said["outlineColor"] = f"if({test}, '{rgba(self.far.colour)}', '{colour}')"
        return said


@dataclass(frozen=True, slots=True)
class Symbol:
    """
    A symbol.

    Attributes
    ----------
    geometry
        ``fill``, ``marker`` or ``line``.
    layers
        Drawn from the first to the last.
    opacity
        0 is invisible, 1 is solid.
    """

    geometry: str
    layers: Sequence[SymbolLayer]
    opacity: float = 1.0

    @property
    def colour(self) -> str:
        """Colour of the lowest layer (``#rrggbb``); of its edge where it is an open one."""
        options = self.layers[0].options
        red, green, blue, opacity = options.get("color", options.get("line_color", "0,0,0,255")).split(",")
        if opacity == "0" and "outline_color" in options:
            red, green, blue, _ = options["outline_color"].split(",")
        return f"#{int(red):02x}{int(green):02x}{int(blue):02x}"

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
        for number, layer in enumerate(self.layers):
            # a pass per layer: where the renderer draws by level, casings of all features come before any line
            attributes = {"class": layer.kind, "enabled": "1", "locked": "0", "pass": str(number)}
            child = SubElement(element, "layer", attributes)
            option_map(child, layer.options)
            # QGIS before 3.26 reads these, later ones read the options above
            for key, value in layer.options.items():
                SubElement(child, "prop", {"k": key, "v": value})
            _expressions(child, {**layer.by_scale(), **layer.expressions})
            if layer.within is not None:
                child.append(layer.within.element(f"@{name}@{number}"))
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


def fill(colour: str, *, edge: str, width_mm: float, opacity: float = 1.0, far: Far | None = None) -> Symbol:
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
    far
        How the edge looks from afar, or None where it is the same at every scale.

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
    return Symbol("fill", [SymbolLayer("SimpleFill", options, far=far)])


def outline(*lines: tuple[str, float] | tuple[str, float, Far]) -> Symbol:
    """
    Draw the edge of an area and leave it open.

    Parameters
    ----------
    *lines
        Colour (``#rrggbb``) and width in millimetres of the lines that lie over each other, lowest first; a third
        value says how it looks from afar.

    Returns
    -------
    symbol
        A fill without a filling.
    """
    return Symbol("fill", [_line(*line) for line in lines])


def hatch(colour: str, *, width_mm: float, apart_mm: float, angle: float = 45) -> Symbol:
    """
    Draw slanting lines over an area and leave the rest open.

    Parameters
    ----------
    colour
        ``#rrggbb``.
    width_mm, apart_mm
        Width of the lines, and how far their middles lie apart.
    angle
        Degrees counter-clockwise from east.

    Returns
    -------
    symbol
        A fill to be laid over another one.
    """
    options = {
        "angle": f"{angle:g}",
        "distance": f"{apart_mm:g}",
        "distance_unit": "MM",
        "color": rgba(colour),
        "line_width": f"{width_mm:g}",
        "line_width_unit": "MM",
        "outline_width_unit": "MM",
    }
    # the casing lets the lines be seen on the darkest class too
    lines = Symbol("line", [_line(_PAPER, _CASING * width_mm), _line(colour, width_mm)])
    return Symbol("fill", [SymbolLayer("LinePatternFill", options, within=lines)])


def over(*symbols: Symbol) -> Symbol:
    """
    Lay symbols of one kind over each other.

    Parameters
    ----------
    *symbols
        Lowest first.

    Returns
    -------
    symbol
        One symbol with all their layers.
    """
    return Symbol(symbols[0].geometry, [layer for symbol in symbols for layer in symbol.layers])


def marker(shape: str, size_mm: float, *, colour: str | None, edge: str, width_mm: float) -> Symbol:
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
    return Symbol("marker", [SymbolLayer("SimpleMarker", options)])


def donut(size_mm: float, *, colour: str, edge: str) -> Symbol:
    """
    Draw a point as a ring with a hairline around it, so that a light colour shows on light ground too.

    Parameters
    ----------
    size_mm
        Diameter.
    colour, edge
        ``#rrggbb`` of the ring and of the hairline.

    Returns
    -------
    symbol
        A marker, open in the middle.
    """
    ring = marker("circle", size_mm, colour=colour, edge=edge, width_mm=_HAIR_MM)
    hole = marker("circle", size_mm * _HOLE, colour=_PAPER, edge=edge, width_mm=_HAIR_MM)
    return over(ring, hole)


def _line(colour: str, width_mm: float, far: Far | None = None) -> SymbolLayer:
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
        far=far,
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
