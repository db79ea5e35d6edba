"""A layer of the project in QGIS' words: where it comes from, what it is called, and its styles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement

from pyproj import CRS

from twentegeo.publish.project.themes import BACKDROP
from twentegeo.publish.project.tree import contract_of, identifier_of, styles_of
from twentegeo.publish.styles.fields import field_elements
from twentegeo.publish.styles.layers import FACES
from twentegeo.publish.styles.look import ALWAYS, qml_element

if TYPE_CHECKING:
    from twentegeo.publish.classes import ClassTables
    from twentegeo.publish.edition import Edition
    from twentegeo.publish.project.tree import MapLayer
    from twentegeo.publish.sheets.items import Extent
    from twentegeo.publish.styles.look import Style

BACKDROP_TITLE: Final = "BRT-achtergrondkaart grijs (PDOK)"
BACKDROP_SOURCE: Final = (
    "type=xyz&zmin=0&zmax=19&url=https://service.pdok.nl/brt/achtergrondkaart/wmts/v2_0/grijs/EPSG:3857/"
    "%7Bz%7D/%7Bx%7D/%7By%7D.png"
)
"""
Tiles of the WMTS by their address. Asking the service first what it offers would make the layer invalid, and the
project complain, wherever there is no network; see docs/decisions.
"""

_WEB_TILES: Final = 3857
_GEOMETRY: Final = {"Point": "Point", "MultiPolygon": "Polygon", None: "No geometry"}


@dataclass(frozen=True, slots=True)
class Source:
    """
    The GeoPackage as the project finds it.

    Attributes
    ----------
    path
        As the project names it: ``./twente.gpkg`` beside it, or a full path.
    extents
        Extent by layer that it holds; None for a table.
    limits
        False to show every layer at every scale, for printing.
    """

    path: str
    extents: dict[str, Extent | None]
    limits: bool = True

    def of(self, layer: str) -> str:
        """Say where a layer comes from."""
        return f"{self.path}|layername={layer}"


def layer_element(layer: MapLayer, source: Source, classes: ClassTables, edition: Edition) -> Element:
    """
    Say a layer in QGIS' words.

    Parameters
    ----------
    layer
        Its place in the panel.
    source
        Where its rows are.
    classes
        Class tables by name.
    edition
        Names date and notice.

    Returns
    -------
    element
        ``<maplayer>``.
    """
    table = contract_of(layer)
    element = Element("maplayer", {"type": "vector", "geometry": _GEOMETRY[table.geometry], "readOnly": "0"})
    element.set("wkbType", table.geometry or "NoGeometry")
    element.set("styleCategories", "AllStyleCategories")
    SubElement(element, "id").text = layer.identifier
    SubElement(element, "datasource").text = source.of(layer.layer)
    SubElement(element, "layername").text = layer.title
    _metadata(element, table.title, table.summary, edition)
    if table.geometry:
        _extent(element, source.extents[layer.layer])
        SubElement(element, "srs").append(reference_system())
    SubElement(element, "provider", {"encoding": "UTF-8"}).text = "ogr"
    styles = styles_of(layer)
    _join(element, styles)
    if not styles:
        element.extend(field_elements(table, classes))
        return element
    manager = SubElement(element, "map-layer-style-manager", {"current": styles[0].name})
    for number, style in enumerate(styles):
        said = _style(layer, style, source, classes, edition)
        named = SubElement(manager, "map-layer-style", {"name": style.name})
        if number:
            named.append(said)
        else:
            _take_over(element, said)
    return element


def backdrop_element() -> Element:
    """
    Say the backdrop in QGIS' words.

    Returns
    -------
    element
        ``<maplayer>`` of map tiles that QGIS asks for only when it draws them.
    """
    element = Element("maplayer", {"type": "raster", "styleCategories": "AllStyleCategories"})
    SubElement(element, "id").text = BACKDROP
    SubElement(element, "datasource").text = BACKDROP_SOURCE
    SubElement(element, "layername").text = BACKDROP_TITLE
    SubElement(element, "srs").append(reference_system(_WEB_TILES))
    metadata = SubElement(element, "resourceMetadata")
    SubElement(metadata, "title").text = BACKDROP_TITLE
    SubElement(metadata, "rights").text = "Kaartgegevens © Kadaster, CC BY 4.0"
    SubElement(element, "provider").text = "wms"
    manager = SubElement(element, "map-layer-style-manager", {"current": "default"})
    SubElement(manager, "map-layer-style", {"name": "default"})
    pipe = SubElement(element, "pipe")
    SubElement(
        pipe, "rasterrenderer", {"type": "singlebandcolordata", "band": "1", "opacity": "0.7", "alphaBand": "-1"}
    )
    smooth = {"zoomedInResampler": "bilinear", "zoomedOutResampler": "bilinear", "maxOversampling": "2"}
    SubElement(pipe, "rasterresampler", smooth)
    return element


@cache
def _wkt(code: int) -> tuple[str, str]:
    system = CRS.from_epsg(code)
    return system.to_wkt("WKT2_2019"), system.name


def reference_system(code: int = 28992) -> Element:
    """
    Say a coordinate system in QGIS' words.

    Parameters
    ----------
    code
        EPSG code; RD New unless told otherwise.

    Returns
    -------
    element
        ``<spatialrefsys>``. QGIS 3.22 wants the WKT: with the code alone the system counts as invalid.
    """
    wkt, name = _wkt(code)
    element = Element("spatialrefsys", {"nativeFormat": "Wkt"})
    for tag, text in (("wkt", wkt), ("srid", str(code)), ("authid", f"EPSG:{code}"), ("description", name)):
        SubElement(element, tag).text = text
    return element


def _join(element: Element, styles: tuple[Style, ...]) -> None:
    """Put a column of another table beside the rows; kept in memory, so that drawing need not look it up."""
    joins = SubElement(element, "vectorjoins")
    for beside in (style.beside for style in styles if style.beside):
        join = SubElement(
            joins,
            "join",
            {
                "joinLayerId": identifier_of(beside.table),
                "joinFieldName": beside.key,
                "targetFieldName": beside.key,
                "memoryCache": "1",
                "hasCustomPrefix": "1",
                "customPrefix": "",
                "editable": "0",
                "dynamicForm": "0",
            },
        )
        SubElement(SubElement(join, "joinFieldsSubset"), "field", {"name": beside.column})


def _style(layer: MapLayer, style: Style, source: Source, classes: ClassTables, edition: Edition) -> Element:
    face = FACES[layer.layer]
    said = qml_element(contract_of(layer), face, style, classes, edition, limits=source.limits)
    if source.limits and (layer.closest or layer.furthest):
        said.set("hasScaleBasedVisibilityFlag", "1")
        said.set("maxScale", str(layer.closest or 0))
        said.set("minScale", str(layer.furthest or style.furthest or face.furthest or ALWAYS))
    return said


def _take_over(element: Element, style: Element) -> None:
    """Put the style that shows first in the layer itself, as QGIS does."""
    for name in ("labelsEnabled", "hasScaleBasedVisibilityFlag", "minScale", "maxScale"):
        element.set(name, style.get(name, ""))
    element.extend(style)


def _metadata(element: Element, title: str, summary: str, edition: Edition) -> None:
    metadata = SubElement(element, "resourceMetadata")
    SubElement(metadata, "identifier").text = f"{edition.run_id}/{title}"
    SubElement(metadata, "type").text = "dataset"
    SubElement(metadata, "language").text = "nl"
    SubElement(metadata, "title").text = edition.title(title)
    SubElement(metadata, "abstract").text = edition.marked(f"{summary} Peildatum {edition.peildatum:%d-%m-%Y}.")


def _extent(element: Element, extent: Extent | None) -> None:
    if extent is None:
        return
    outer = SubElement(element, "extent")
    for side in ("xmin", "ymin", "xmax", "ymax"):
        SubElement(outer, side).text = f"{getattr(extent, side):.3f}"
