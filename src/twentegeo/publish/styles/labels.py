"""Text on the map, as QGIS writes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal
from xml.etree.ElementTree import Element, SubElement

from twentegeo.publish.styles.palette import PAPER
from twentegeo.publish.styles.symbols import rgba

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

FAMILIES: Final = ("Open Sans", "Noto Sans", "DejaVu Sans", "Arial", "Sans Serif")
"""Letters, the first that a machine has."""

HALO_MM: Final = 1.1
"""Ground around a name; wide enough to be read over the darkest class."""

_BESIDE_POINT: Final = "6"
_OVER_AREA: Final = "1"
_OUTSIDE_AREA: Final = "8"
_LONGEST_LINE: Final = 22
"""Letters after which a name breaks."""


@dataclass(frozen=True, slots=True)
class Label:
    """
    What text a layer shows, and at which scales.

    Attributes
    ----------
    expression
        QGIS expression that gives the text.
    words
        The same for rows in memory: takes a frame of n rows and the denominator of the scale, gives n texts.
    size_pt
        Size of the letters.
    colour
        ``#rrggbb``.
    furthest, closest
        Denominators of the scales between which it shows.
    bold
        Heavy letters.
    priority
        0 to 10; the higher, the longer it stays where there is no room for all.
    place
        ``beside`` a point, ``over`` an area, or ``outside`` it: as a badge, which also shows where it covers a text.
    """

    expression: str
    words: Callable[[pd.DataFrame, float], list[str]]
    size_pt: float
    colour: str
    furthest: int
    closest: int = 1
    bold: bool = False
    priority: int = 5
    place: Literal["beside", "over", "outside"] = "over"

    @property
    def weight(self) -> Literal["Regular", "Semibold"]:
        """How heavy the letters are, as a font file is named."""
        return "Semibold" if self.bold else "Regular"

    def element(self) -> Element:
        """Say it in XML: a ``<labeling>`` element."""
        labeling = Element("labeling", {"type": "simple"})
        settings = SubElement(labeling, "settings", {"calloutType": "simple"})
        self._text(settings)
        wrap = {
            "autoWrapLength": str(_LONGEST_LINE),
            "useMaxLineLengthForAutoWrap": "1",
            "multilineAlign": "1",
        }
        SubElement(settings, "text-format", wrap if self.place == "over" else {})
        self._placement(settings)
        # of these two the smaller number is called scaleMin: the other way round nothing shows, silently
        scale = {"scaleVisibility": "1", "scaleMin": str(self.closest), "scaleMax": str(self.furthest)}
        others = {"drawLabels": "1", "obstacle": "1", "fontMaxPixelSize": "10000"}
        shown = {"displayAll": "1" if self.place == "outside" else "0"}
        SubElement(settings, "rendering", {**scale, **others, **shown})
        return labeling

    def _text(self, settings: Element) -> None:
        style = SubElement(
            settings,
            "text-style",
            {
                "fieldName": self.expression,
                "isExpression": "1",
                "fontFamily": FAMILIES[0],
                "fontSize": f"{self.size_pt:g}",
                "fontSizeUnit": "Point",
                "fontWeight": "63" if self.bold else "50",
                "namedStyle": self.weight,
                "allowHtml": "0",
                "textColor": rgba(PAPER if self.place == "outside" else self.colour),
                "textOpacity": "1",
                "multilineHeight": "1",
            },
        )
        families = SubElement(style, "families")
        for name in FAMILIES:
            SubElement(families, "family", {"name": name})
        if self.place == "outside":
            _badge(style, self.colour)
            return
        halo = {"bufferDraw": "1", "bufferSize": f"{HALO_MM:g}", "bufferSizeUnits": "MM", "bufferOpacity": "1"}
        SubElement(style, "text-buffer", {**halo, "bufferColor": rgba(PAPER), "bufferNoFill": "1"})

    def _placement(self, settings: Element) -> None:
        places = {"beside": _BESIDE_POINT, "over": _OVER_AREA, "outside": _OUTSIDE_AREA}
        SubElement(
            settings,
            "placement",
            {
                "placement": places[self.place],
                "priority": str(self.priority),
                "dist": {"beside": "1.6", "over": "0", "outside": "1"}[self.place],
                "distUnits": "MM",
                "centroidInside": "1",
                "quadOffset": "4",
                "centroidWhole": "0",
                "predefinedPositionOrder": "TR,TL,BR,BL,R,L,TSR,BSR",
                "layerType": "PointGeometry" if self.place == "beside" else "PolygonGeometry",
            },
        )


def _badge(style: Element, colour: str) -> None:
    """Put a text in a box with round corners."""
    box = {
        "shapeDraw": "1",
        "shapeType": "0",
        "shapeSizeType": "0",
        "shapeSizeX": "1",
        "shapeSizeY": "0.35",
        "shapeSizeUnit": "MM",
        "shapeRadiiX": "1",
        "shapeRadiiY": "1",
        "shapeRadiiUnit": "MM",
        "shapeFillColor": rgba(colour),
        "shapeBorderColor": rgba(PAPER),
        "shapeBorderWidth": "0.3",
        "shapeBorderWidthUnit": "MM",
        "shapeOpacity": "1",
    }
    SubElement(style, "background", box)


def named(
    column: str, size_pt: float, colour: str, scales: tuple[int, int], *, bold: bool = False, priority: int = 5
) -> Label:
    """
    Show a column of texts.

    Parameters
    ----------
    column
        Its name.
    size_pt, colour, bold, priority
        As for :class:`Label`.
    scales
        Denominators of the closest and the furthest scale at which it shows.

    Returns
    -------
    label
        Over an area.
    """
    return Label(
        f'"{column}"',
        lambda frame, _: [str(text) for text in frame[column]],
        size_pt,
        colour,
        furthest=scales[1],
        closest=scales[0],
        bold=bold,
        priority=priority,
    )
