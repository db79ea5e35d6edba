"""Text on the map, as QGIS writes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from twentegeo.publish.styles.symbols import rgba

_AROUND_POINT: Final = "6"
_OVER_POINT: Final = "1"


@dataclass(frozen=True, slots=True)
class Label:
    """
    What text a layer shows, and from which scale on.

    Attributes
    ----------
    expression
        QGIS expression that gives the text.
    size_pt
        Size of the letters.
    colour
        ``#rrggbb``.
    furthest
        Denominator of the smallest scale at which it shows: 10000 for 1:10,000 and closer.
    bold
        Heavy letters.
    point
        True for points: the text stands beside it.
    priority
        0 to 10; the higher, the longer it stays where there is no room for all.
    always
        Show it also where it covers another text.
    """

    expression: str
    size_pt: float
    colour: str
    furthest: int
    bold: bool = False
    point: bool = False
    priority: int = 5
    always: bool = False

    def element(self) -> Element:
        """Say it in XML: a ``<labeling>`` element."""
        labeling = Element("labeling", {"type": "simple"})
        settings = SubElement(labeling, "settings", {"calloutType": "simple"})
        style = SubElement(
            settings,
            "text-style",
            {
                "fieldName": self.expression,
                "isExpression": "1",
                "fontFamily": "Open Sans",
                "fontSize": f"{self.size_pt:g}",
                "fontSizeUnit": "Point",
                "fontWeight": "75" if self.bold else "50",
                "namedStyle": "Bold" if self.bold else "Regular",
                "textColor": rgba(self.colour),
                "textOpacity": "1",
                "multilineHeight": "1",
            },
        )
        families = SubElement(style, "families")
        for name in ("Open Sans", "Noto Sans", "DejaVu Sans", "Arial", "Sans Serif"):
            SubElement(families, "family", {"name": name})
        buffer = {"bufferDraw": "1", "bufferSize": "0.8", "bufferSizeUnits": "MM", "bufferOpacity": "0.85"}
        SubElement(style, "text-buffer", {**buffer, "bufferColor": rgba("#ffffff"), "bufferNoFill": "1"})
        wrap = {"autoWrapLength": "22", "useMaxLineLengthForAutoWrap": "1", "multilineAlign": "1"}
        SubElement(settings, "text-format", {} if self.point else wrap)
        SubElement(
            settings,
            "placement",
            {
                "placement": _AROUND_POINT if self.point else _OVER_POINT,
                "priority": str(self.priority),
                "dist": "1.6" if self.point else "0",
                "distUnits": "MM",
                "centroidInside": "1",
                "quadOffset": "4",
                "centroidWhole": "0",
                "predefinedPositionOrder": "TR,TL,BR,BL,R,L,TSR,BSR",
                "layerType": "PointGeometry" if self.point else "PolygonGeometry",
            },
        )
        # of these two the smaller number is called scaleMin: the other way round nothing shows, silently
        scale = {"scaleVisibility": "1", "scaleMin": "1", "scaleMax": str(self.furthest)}
        SubElement(
            settings,
            "rendering",
            {
                **scale,
                "drawLabels": "1",
                "obstacle": "1",
                "displayAll": "1" if self.always else "0",
                "fontMaxPixelSize": "10000",
            },
        )
        return labeling
