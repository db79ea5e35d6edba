"""
A sheet as a QGIS print layout.

Only what differs from QGIS' defaults is written. Text of ours is evaluated by QGIS when it holds ``[%``, so what comes
from the data is escaped here; a :class:`~twentegeo.publish.sheets.items.Formula` is meant to be evaluated.
"""

from __future__ import annotations

import uuid
from functools import singledispatch
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement

from twentegeo.publish.sheets.items import (
    Box,
    Formula,
    LegendOf,
    MapFrame,
    North,
    ScaleBar,
    Shape,
    Swatch,
    Text,
)
from twentegeo.publish.sheets.typography import ASCENT, FAMILY, MM_PER_PT, WIDER, line_mm, width_mm
from twentegeo.publish.sheets.vector import NORTH_SVG
from twentegeo.publish.styles.palette import OUTSIDE
from twentegeo.publish.styles.symbols import Symbol, SymbolLayer, fill, option_map, rgba

if TYPE_CHECKING:
    from twentegeo.publish.sheets.items import Align, Atlas, Item, Sheet, Weight

_PAGE, _MAP, _PICTURE, _LABEL, _LEGEND, _SHAPE, _SCALE_BAR = (
    str(65_600 + number) for number in (38, 39, 40, 41, 42, 43, 46)
)
_HALIGN: Final = {"left": "1", "center": "4", "right": "2"}
_TOP: Final = "32"
_WEIGHTS: Final = {"Regular": "50", "Semibold": "63"}
_SHAPES: Final = {"ellipse": "0", "rectangle": "1"}

_MARGIN_AROUND_FEATURE: Final = "2"
_FIT_SEGMENT_WIDTH: Final = "1"
_FIT_SHARE: Final = 0.5


def layout_element(sheet: Sheet, dpi: int = 300) -> Element:
    """
    Say a sheet in QGIS' words.

    Parameters
    ----------
    sheet
        What lies where.
    dpi
        Dots per inch of what is exported from it.

    Returns
    -------
    layout
        A ``<Layout>`` element of a project file.
    """
    layout = Element("Layout", {"name": sheet.name, "units": "mm", "printResolution": str(dpi), "worldFileMap": ""})
    pages = SubElement(layout, "PageCollection")
    paper = fill("#ffffff", edge="#ffffff", width_mm=0)
    pages.append(paper.element(""))
    page = _item(_PAGE, Box(0, 0, *sheet.size_mm), f"{sheet.name}/page", 0)
    page.append(paper.element(""))
    pages.append(page)
    for number, item in enumerate(sheet.items, start=1):
        for element in elements_of(item, f"{sheet.name}/{number}", sheet):
            element.set("zValue", str(number))
            layout.append(element)
    _variables(layout, sheet.variables)
    if sheet.atlas:
        layout.append(_atlas(sheet.atlas))
    return layout


def escaped(text: str) -> str:
    """
    Keep QGIS from evaluating a text.

    Parameters
    ----------
    text
        As it is to be read.

    Returns
    -------
    text
        With what opens an expression, or stands for a date, written as an expression that gives just that.
    """
    return text.replace("[%", "\0").replace("$", "[% '$' %]").replace("\0", "[% '[%' %]")


@singledispatch
def elements_of(item: Item, key: str, sheet: Sheet) -> list[Element]:
    """
    Say an item in QGIS' words.

    Parameters
    ----------
    item
        What lies on the sheet.
    key
        Text that identifies it.
    sheet
        Where it lies.

    Returns
    -------
    elements
        ``<LayoutItem>`` elements.
    """
    raise NotImplementedError(type(item).__name__)


@elements_of.register(Text)
def _text(item: Text, key: str, _: Sheet) -> list[Element]:
    width = width_mm(item.text, item.size_pt, item.weight) * WIDER + 1
    left = {"left": item.x, "center": item.x - width / 2, "right": item.x - width}[item.align]
    top = item.y - ASCENT * item.size_pt * MM_PER_PT
    box = Box(left, top, width, line_mm(item.size_pt))
    return [_label(box, escaped(item.text), key, (item.size_pt, item.weight, item.colour, item.align))]


@elements_of.register(Formula)
def _formula(item: Formula, key: str, _: Sheet) -> list[Element]:
    return [_label(item.box, item.text, key, (item.size_pt, item.weight, item.colour, item.align))]


@elements_of.register(Shape)
def _shape(item: Shape, key: str, _: Sheet) -> list[Element]:
    options = {
        "color": rgba(item.colour or "#ffffff", 1.0 if item.colour else 0.0),
        "style": "solid" if item.colour else "no",
        "joinstyle": "miter",
        "outline_color": rgba(item.edge or "#ffffff"),
        "outline_style": "solid" if item.edge else "no",
        "outline_width": f"{item.width_mm:g}",
        "outline_width_unit": "MM",
    }
    element = _item(_SHAPE, item.box, key, 0)
    element.set("shapeType", _SHAPES[item.kind])
    element.append(Symbol("fill", [SymbolLayer("SimpleFill", options)]).element(""))
    return [element]


@elements_of.register(Swatch)
def _swatch(item: Swatch, key: str, _: Sheet) -> list[Element]:
    element = _item(_SHAPE, item.box, key, 0)
    element.set("shapeType", _SHAPES["rectangle"])
    element.append(item.symbol.element(""))
    return [element]


@elements_of.register(MapFrame)
def _map(item: MapFrame, _: str, sheet: Sheet) -> list[Element]:
    element = _item(_MAP, item.box, _map_key(sheet, item.name), 0)
    element.set("id", item.name)
    element.set("followPreset", "true")
    element.set("followPresetName", item.theme)
    element.set("drawCanvasItems", "false")
    _frame(element, item.edge)
    extent = item.extent
    sides = {"xmin": extent.xmin, "ymin": extent.ymin, "xmax": extent.xmax, "ymax": extent.ymax}
    SubElement(element, "Extent", {side: f"{value:.3f}" for side, value in sides.items()})
    SubElement(
        element,
        "AtlasMap",
        {
            "atlasDriven": "1" if sheet.atlas else "0",
            "scalingMode": _MARGIN_AROUND_FEATURE,
            "margin": f"{item.margin:g}",
        },
    )
    return [element]


@elements_of.register(ScaleBar)
def _scale_bar(item: ScaleBar, key: str, sheet: Sheet) -> list[Element]:
    box = Box(item.right - item.length_mm - 12, item.bottom - 9, item.length_mm + 12, 9)
    element = _item(_SCALE_BAR, box, key, 0)
    unit = "km" if item.in_km else "m"
    options = {
        "style": "Single Box",
        "mapUuid": _uuid(_map_key(sheet, item.of)),
        "unitType": unit if item.in_km else "meters",
        "unitLabel": unit,
        "numMapUnitsPerScaleBarUnit": "1",
        "numSegments": "2",
        "numSegmentsLeft": "0",
        "numUnitsPerSegment": "1",
        "segmentSizeMode": _FIT_SEGMENT_WIDTH,
        "minBarWidth": f"{item.length_mm * _FIT_SHARE:g}",
        "maxBarWidth": f"{item.length_mm:g}",
        "height": "1.6",
        "labelBarSpace": "1",
        "boxContentSpace": "0.5",
        "outlineWidth": "0.2",
        "alignment": "2",
    }
    for name, value in options.items():
        element.set(name, value)
    _text_style(element, 8)
    element.set("background", "true")
    SubElement(element, "BackgroundColor", {"red": "255", "green": "255", "blue": "255", "alpha": "255"})
    for name, grey in (("fillColor", "31"), ("fillColor2", "255"), ("strokeColor", "31")):
        SubElement(element, name, {"red": grey, "green": grey, "blue": grey, "alpha": "255"})
    return [element]


@elements_of.register(North)
def _north(item: North, key: str, _: Sheet) -> list[Element]:
    element = _item(_PICTURE, item.box, key, 0)
    element.set("file", NORTH_SVG)
    element.set("mode", "0")
    element.set("resizeMode", "0")
    element.set("anchorPoint", "4")
    return [element]


@elements_of.register(LegendOf)
def _legend(item: LegendOf, key: str, sheet: Sheet) -> list[Element]:
    element = _item(_LEGEND, item.box, key, 0)
    options = {
        "map_uuid": _uuid(_map_key(sheet, item.of)),
        "title": "",
        "resizeToContents": "1",
        "symbolWidth": "6",
        "symbolHeight": "3.4",
        "boxSpace": "0",
        "columnSpace": "4",
        "wmsLegendWidth": "0",
        "fontColor": "#1f1f1f",
        "legendFilterByAtlas": "0",
    }
    for name, value in options.items():
        element.set(name, value)
    styles = SubElement(element, "styles")
    for name, size, weight, margins in (
        ("title", 11, "Semibold", {"marginBottom": "2"}),
        ("group", 10, "Semibold", {"marginTop": "3"}),
        ("subgroup", 9, "Semibold", {"marginTop": "3.5", "marginBottom": "0.5"}),
        ("symbol", 8.5, "Regular", {"marginTop": "1.1"}),
        ("symbolLabel", 8.5, "Regular", {"marginTop": "1.1", "marginLeft": "2"}),
    ):
        style = SubElement(styles, "style", {"name": name, "alignment": "1", "indent": "0", **margins})
        SubElement(style, "styleFont", _font(size, weight))
    tree = SubElement(element, "layer-tree-group")
    SubElement(tree, "customproperties")
    for identifier, heading in item.layers:
        layer = SubElement(tree, "layer-tree-layer", {"id": identifier, "name": heading, "checked": "Qt::Checked"})
        shown = {"legend/title-label": heading, "legend/title-style": "subgroup"}
        option_map(SubElement(layer, "customproperties"), shown if heading else {"legend/title-style": "hidden"})
    return [element]


def _item(kind: str, box: Box, key: str, z: int) -> Element:
    place, size = f"{box.x:.3f},{box.y:.3f},mm", f"{box.width:.3f},{box.height:.3f},mm"
    return Element(
        "LayoutItem",
        {
            "type": kind,
            "uuid": _uuid(key),
            "templateUuid": _uuid(key),
            "id": "",
            "position": place,
            "positionOnPage": place,
            "size": size,
            "referencePoint": "0",
            "zValue": str(z),
            "visibility": "1",
            "opacity": "1",
            "background": "false",
            "frame": "false",
        },
    )


def _frame(element: Element, edge: str) -> None:
    element.set("frame", "true")
    element.set("background", "true")
    element.set("outlineWidthM", "0.2,mm")
    for name, colour in (("FrameColor", edge), ("BackgroundColor", OUTSIDE)):
        red, green, blue, alpha = rgba(colour).split(",")
        SubElement(element, name, {"red": red, "green": green, "blue": blue, "alpha": alpha})


def _label(box: Box, text: str, key: str, look: tuple[float, Weight, str, Align]) -> Element:
    size_pt, weight, colour, align = look
    element = _item(_LABEL, box, key, 0)
    for name, value in (("labelText", text), ("htmlState", "0"), ("halign", _HALIGN[align]), ("valign", _TOP)):
        element.set(name, value)
    for margin in ("marginX", "marginY"):
        element.set(margin, "0")
    SubElement(element, "LabelFont", _font(size_pt, weight))
    red, green, blue, alpha = rgba(colour).split(",")
    SubElement(element, "FontColor", {"red": red, "green": green, "blue": blue, "alpha": alpha})
    return element


def _font(size_pt: float, weight: str) -> dict[str, str]:
    return {"description": f"{FAMILY},{size_pt:g},-1,5,{_WEIGHTS[weight]},0,0,0,0,0", "style": weight}


def _text_style(parent: Element, size_pt: float) -> None:
    SubElement(
        parent,
        "text-style",
        {
            "fontFamily": FAMILY,
            "fontSize": f"{size_pt:g}",
            "fontSizeUnit": "Point",
            "fontWeight": "50",
            "namedStyle": "Regular",
            "textColor": rgba("#1f1f1f"),
            "textOpacity": "1",
        },
    )


def _variables(layout: Element, variables: dict[str, str]) -> None:
    outer = SubElement(SubElement(layout, "customproperties"), "Option", {"type": "Map"})
    for name, values in (("variableNames", variables.keys()), ("variableValues", variables.values())):
        listed = SubElement(outer, "Option", {"name": name, "type": "StringList"})
        for value in values:
            SubElement(listed, "Option", {"type": "QString", "value": value})


def _atlas(atlas: Atlas) -> Element:
    return Element(
        "Atlas",
        {
            "enabled": "1",
            "coverageLayer": atlas.layer,
            "coverageLayerName": atlas.layer_name,
            "coverageLayerSource": atlas.source,
            "coverageLayerProvider": "ogr",
            "hideCoverage": "0",
            "filterFeatures": "0",
            "sortFeatures": "1",
            "sortAscending": "1",
            "sortKey": atlas.page,
            "pageNameExpression": atlas.page,
            "filenamePattern": atlas.file,
        },
    )


def _map_key(sheet: Sheet, name: str) -> str:
    return f"{sheet.name}/map/{name}"


def _uuid(key: str) -> str:
    return f"{{{uuid.uuid5(uuid.NAMESPACE_URL, key)}}}"
