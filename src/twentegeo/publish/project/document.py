"""The whole project in QGIS' words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from twentegeo.publish.project.layers import (
    BACKDROP_SOURCE,
    BACKDROP_TITLE,
    Source,
    backdrop_element,
    layer_element,
    reference_system,
)
from twentegeo.publish.project.relations import RELATIONS
from twentegeo.publish.project.themes import BACKDROP, THEMES
from twentegeo.publish.project.tree import GROUPS, every_layer, identifier_of, styles_of
from twentegeo.publish.sheets.layout import layout_element
from twentegeo.publish.styles.look import DOCTYPE, VERSION
from twentegeo.publish.styles.palette import OUTSIDE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twentegeo.publish.classes import ClassTables
    from twentegeo.publish.edition import Edition
    from twentegeo.publish.project.themes import Theme
    from twentegeo.publish.project.tree import MapLayer
    from twentegeo.publish.sheets.items import Extent, Sheet

ON: Final = "Qt::Checked"
OFF: Final = "Qt::Unchecked"
_ACHTERGROND: Final = "Achtergrond"


@dataclass(frozen=True, slots=True)
class Content:
    """
    What the project is about.

    Attributes
    ----------
    source
        The GeoPackage.
    view
        What the map shows at first.
    bookmarks
        Extent by name of municipality.
    sheets
        What can be printed.
    credits
        Who made the data, in one line.
    backdrop
        False to leave out what needs a network.
    themes
        Its themes; the first shows at first.
    """

    source: Source
    view: Extent
    bookmarks: dict[str, Extent]
    sheets: Sequence[Sheet]
    credits: str
    backdrop: bool = True
    themes: Sequence[Theme] = THEMES

    def holds(self, layer: MapLayer) -> bool:
        """Tell whether the GeoPackage has the rows of a layer."""
        return layer.layer in self.source.extents


def project_document(content: Content, classes: ClassTables, edition: Edition) -> bytes:
    """
    Write a project file.

    Parameters
    ----------
    content
        What it is about; layers that the GeoPackage lacks are left out, and whatever needs them.
    classes
        Class tables by name.
    edition
        Region, date, run and notice.

    Returns
    -------
    document
        A ``.qgs`` file; the same every time.
    """
    title = edition.title("Woningverbetering")
    qgis = Element("qgis", {"projectname": title, "version": VERSION, "saveUser": "twentegeo", "saveUserFull": ""})
    qgis.set("saveDateTime", f"{edition.moment:%Y-%m-%dT%H:%M:%S}")
    SubElement(qgis, "homePath", {"path": ""})
    SubElement(qgis, "title").text = title
    SubElement(qgis, "projectCrs").append(reference_system())
    qgis.append(_tree(content))
    _relations(qgis, content)
    layers = SubElement(qgis, "projectlayers")
    for layer in filter(content.holds, every_layer()):
        layers.append(layer_element(layer, content.source, classes, edition))
    if content.backdrop:
        layers.append(backdrop_element())
    _properties(qgis, content, edition)
    presets = SubElement(qgis, "visibility-presets")
    presets.extend(_theme(theme, content) for theme in content.themes)
    _metadata(qgis, title, content, edition)
    SubElement(qgis, "Layouts").extend(layout_element(sheet) for sheet in content.sheets)
    _bookmarks(qgis, content.bookmarks)
    _view(qgis, content.view)
    indent(qgis, " ")
    return (DOCTYPE + tostring(qgis, encoding="unicode")).encode()


def _tree(content: Content) -> Element:
    root = Element("layer-tree-group")
    SubElement(root, "customproperties")
    for group in GROUPS:
        present = [layer for layer in group.layers if content.holds(layer)]
        last = group.name == _ACHTERGROND
        if not present and not (last and content.backdrop):
            continue
        shown = [layer.key in content.themes[0].shown for layer in present]
        element = SubElement(root, "layer-tree-group", {"name": group.name, "checked": ON if any(shown) else OFF})
        # a group that nothing shows of must still show a layer as soon as somebody ticks it
        element.set("checked", ON)
        element.set("expanded", "1" if group.open_at_first else "0")
        SubElement(element, "customproperties")
        for layer, on in zip(present, shown, strict=True):
            _leaf(element, layer.identifier, layer.title, content.source.of(layer.layer), on=on)
        if last and content.backdrop:
            _leaf(element, BACKDROP, BACKDROP_TITLE, BACKDROP_SOURCE, on=True, provider="wms")
    return root


def _leaf(parent: Element, key: str, title: str, source: str, *, on: bool, provider: str = "ogr") -> None:
    leaf = SubElement(
        parent,
        "layer-tree-layer",
        {
            "id": key,
            "name": title,
            "source": source,
            "providerKey": provider,
            "checked": ON if on else OFF,
            "expanded": "1" if on and provider == "ogr" else "0",
        },
    )
    SubElement(leaf, "customproperties")


def _relations(qgis: Element, content: Content) -> None:
    element = SubElement(qgis, "relations")
    for relation in RELATIONS:
        if not {relation.parent, relation.child} <= content.source.extents.keys():
            continue
        said = SubElement(
            element,
            "relation",
            {
                "id": relation.key,
                "name": relation.name,
                "referencedLayer": identifier_of(relation.parent),
                "referencingLayer": identifier_of(relation.child),
                "strength": "Association",
            },
        )
        fields = {"referencedField": relation.parent_column, "referencingField": relation.child_column}
        SubElement(said, "fieldRef", fields)


def _theme(theme: Theme, content: Content) -> Element:
    element = Element(
        "visibility-preset", {"name": theme.name, "has-expanded-info": "1", "has-checked-group-info": "1"}
    )
    for layer in filter(content.holds, every_layer()):
        on = layer.key in theme.shown
        if not on:
            continue
        said = SubElement(element, "layer", {"id": layer.identifier, "visible": "1", "expanded": "1"})
        # naming the style makes QGIS read it anew for every legend; a layer with one style needs no name
        if len(styles_of(layer)) > 1 or layer.key in dict(theme.styles):
            said.set("style", theme.style_of(layer.key, layer.style))
    if content.backdrop and BACKDROP in theme.shown:
        SubElement(element, "layer", {"id": BACKDROP, "visible": "1", "expanded": "0"})
    checked = SubElement(element, "checked-group-nodes")
    expanded = SubElement(element, "expanded-group-nodes")
    for group in GROUPS:
        SubElement(checked, "checked-group-node", {"id": group.name})
        if any(layer.key in theme.shown for layer in group.layers):
            SubElement(expanded, "expanded-group-node", {"id": group.name})
    return element


def _properties(qgis: Element, content: Content, edition: Edition) -> None:
    red, green, blue = (int(OUTSIDE[i : i + 2], 16) for i in (1, 3, 5))
    date = f"peildatum {edition.peildatum:%d-%m-%Y}"
    title = " · ".join(filter(None, [edition.notice, edition.region, date]))
    values: dict[str, dict[str, tuple[str, str]]] = {
        "Gui": {
            "CanvasColorRedPart": ("int", str(red)),
            "CanvasColorGreenPart": ("int", str(green)),
            "CanvasColorBluePart": ("int", str(blue)),
        },
        "Paths": {"Absolute": ("bool", "false")},
        "PAL": {"DrawUnplaced": ("bool", "false"), "PlacementEngineVersion": ("int", "1")},
        "SpatialRefSys": {"ProjectionsEnabled": ("int", "1")},
        "Measurement": {"DistanceUnits": ("QString", "meters"), "AreaUnits": ("QString", "m2")},
        # what QGIS writes over the map itself
        "TitleLabel": {
            "Enabled": ("bool", "true" if edition.notice else "false"),
            "Label": ("QString", title),
            "BackgroundColor": ("QString", "156,31,46,220"),
            "Placement": ("int", "4"),
        },
        "CopyrightLabel": {
            "Enabled": ("bool", "true"),
            "Label": ("QString", content.credits),
            "Placement": ("int", "3"),
        },
        "ScaleBar": {"Enabled": ("bool", "true"), "Placement": ("int", "0")},
    }
    properties = SubElement(qgis, "properties")
    for group, entries in values.items():
        parent = SubElement(properties, group)
        for name, (kind, value) in entries.items():
            SubElement(parent, name, {"type": kind}).text = value
    variables = {
        "regio": edition.region,
        "peildatum": f"{edition.peildatum:%d-%m-%Y}",
        "run_id": edition.run_id,
        "bronnen": content.credits,
    }
    parent = SubElement(properties, "Variables")
    for name, listed in (("variableNames", variables.keys()), ("variableValues", variables.values())):
        values_of = SubElement(parent, name, {"type": "QStringList"})
        for value in listed:
            SubElement(values_of, "value").text = value


def _metadata(qgis: Element, title: str, content: Content, edition: Edition) -> None:
    metadata = SubElement(qgis, "projectMetadata")
    SubElement(metadata, "identifier").text = edition.run_id
    SubElement(metadata, "language").text = "nl"
    SubElement(metadata, "title").text = title
    SubElement(metadata, "abstract").text = edition.marked(
        f"Kaarten en gegevens over woningverbetering in {edition.region}. Peildatum {edition.peildatum:%d-%m-%Y}, run"
        f" {edition.run_id}. {content.credits}"
    )
    SubElement(metadata, "author").text = "twentegeo"
    SubElement(metadata, "creation").text = f"{edition.moment:%Y-%m-%dT%H:%M:%S}"


def _bookmarks(qgis: Element, bookmarks: dict[str, Extent]) -> None:
    element = SubElement(qgis, "Bookmarks")
    for name, extent in bookmarks.items():
        corners = [
            (extent.xmin, extent.ymin),
            (extent.xmax, extent.ymin),
            (extent.xmax, extent.ymax),
            (extent.xmin, extent.ymax),
            (extent.xmin, extent.ymin),
        ]
        ring = ", ".join(f"{x:.1f} {y:.1f}" for x, y in corners)
        said = {"id": f"gemeente {name}", "name": name, "group": "Gemeenten", "extent": f"POLYGON(({ring}))"}
        SubElement(element, "Bookmark", said).append(reference_system())


def _view(qgis: Element, view: Extent) -> None:
    settings = SubElement(qgis, "ProjectViewSettings", {"UseProjectScales": "0", "rotation": "0"})
    sides = {side: f"{getattr(view, side):.1f}" for side in ("xmin", "ymin", "xmax", "ymax")}
    SubElement(settings, "DefaultViewExtent", sides).append(reference_system())
    canvas = SubElement(qgis, "mapcanvas", {"name": "theMapCanvas", "annotationsVisible": "1"})
    SubElement(canvas, "units").text = "meters"
    extent = SubElement(canvas, "extent")
    for side, value in sides.items():
        SubElement(extent, side).text = value
    SubElement(canvas, "rotation").text = "0"
    SubElement(canvas, "destinationsrs").append(reference_system())
