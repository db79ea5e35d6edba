"""
The map on a sheet, drawn by matplotlib with the symbols that QGIS uses.

Sizes are those of the symbols, in millimetres on paper. Polygons of one symbol are one compound path, so that a town is
drawn in a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.path import Path as DrawnPath

from twentegeo.publish.maps.lettering import Lettering
from twentegeo.publish.maps.rows import rows_within
from twentegeo.publish.project.tree import every_layer
from twentegeo.publish.sheets.typography import MM_PER_PT
from twentegeo.publish.styles.layers import FACES, STYLES
from twentegeo.publish.styles.look import columns_in

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import numpy.typing as npt
    from matplotlib.axes import Axes

    from twentegeo.publish.classes import ClassTables
    from twentegeo.publish.project.themes import Theme
    from twentegeo.publish.project.tree import MapLayer
    from twentegeo.publish.sheets.items import MapFrame
    from twentegeo.publish.styles.drawings import Drawing, Line
    from twentegeo.publish.styles.look import Style
    from twentegeo.publish.styles.symbols import Symbol, SymbolLayer

Colour = tuple[float, float, float, float]

_CHUNK: Final = 400
"""Polygons in one path; more would overflow the cells in which Agg fills a path."""

_MARKERS: Final = {"circle": "o", "square": "s", "cross2": "x"}
_VEIL: Final = (1.0, 1.0, 1.0, 150 / 255)
_RASTERED: Final = 2_000
"""From so many polygons on a map they go into a PDF as a picture; lines and letters stay sharp."""


@dataclass(frozen=True, slots=True)
class Ground:
    """
    What maps are drawn from.

    Attributes
    ----------
    package
        GeoPackage of a release.
    layers
        Names of the layers that it holds.
    classes
        Class tables by name.
    """

    package: Path
    layers: frozenset[str]
    classes: ClassTables


def draw_map(axes: Axes, frame: MapFrame, theme: Theme, ground: Ground, variables: dict[str, str]) -> None:
    """
    Draw a map.

    Parameters
    ----------
    axes
        Where to; its limits become the extent of the map.
    frame
        Extent and place; its box gives the scale.
    theme
        What to show.
    ground
        Where the rows are, and class tables.
    variables
        ``gemeente_code`` fades the other municipalities.
    """
    extent = frame.extent
    axes.set_xlim(extent.xmin, extent.xmax)
    axes.set_ylim(extent.ymin, extent.ymax)
    scale = extent.scale(frame.box)
    letters = Lettering(axes, frame)
    shown = [layer for layer in every_layer() if layer.key in theme.shown and layer.layer in ground.layers]
    for order, layer in enumerate(reversed(shown)):
        style = _style(layer, theme)
        drawing = style.draw(ground.classes)
        rows = rows_within(ground.package, layer.layer, _columns(layer, style, drawing), extent)
        if rows.empty:
            continue
        if layer.key == "gemeentegrens" and "gemeente_code" in variables:
            _veil(axes, rows[rows["code"] != variables["gemeente_code"]], order)
        _draw(axes, rows, drawing, scale, order)
        label = FACES[layer.layer].label if style.label else None
        if label and label.closest <= scale <= label.furthest:
            letters.add(rows, label, scale)
    letters.place()


def _style(layer: MapLayer, theme: Theme) -> Style:
    name = theme.style_of(layer.key, layer.style)
    return next(style for style in STYLES[layer.layer] if style.name == name)


def _columns(layer: MapLayer, style: Style, drawing: Drawing) -> list[str]:
    label = FACES[layer.layer].label if style.label else None
    return list(dict.fromkeys([*drawing.columns, *(columns_in(label.expression) if label else ())]))


def _draw(axes: Axes, rows: gpd.GeoDataFrame, drawing: Drawing, scale: float, order: int) -> None:
    """Draw by level, as QGIS does: the first layer of every symbol before the second of any."""
    drawn = [(line, rows[mask]) for line, mask in drawing.drawn(rows) if mask.any()]
    depth = max((len(line.symbol.layers) for line, _ in drawn if line.symbol), default=0)
    for level in range(depth):
        for line, part in drawn:
            symbol = line.symbol
            if symbol is not None and level < len(symbol.layers):
                _layer(axes, part, line, symbol, level, (scale, order + level / 10))


def _layer(axes: Axes, rows: gpd.GeoDataFrame, line: Line, symbol: Symbol, level: int, at: tuple[float, float]) -> None:
    layer, shapes, (scale, z) = symbol.layers[level], rows.geometry.to_numpy(), at
    if layer.kind == "SimpleFill" and not layer.expressions:
        colour, width = layer.line(scale)
        edge = rgba_of(colour) if layer.options.get("outline_style") != "no" else (0.0, 0.0, 0.0, 0.0)
        _polygons(axes, shapes, rgba_of(layer.options["color"]), (edge, width), z)
    elif layer.kind == "SimpleLine":
        colour, width = layer.line(scale)
        _lines(axes, shapely.boundary(shapes), rgba_of(colour), width, z)
    elif layer.kind == "LinePatternFill":
        _hatch(axes, shapes, layer, scale, z)
    elif layer.kind == "SimpleMarker":
        _points(axes, shapes, layer, _tints(rows, line) if level == 0 else None, z)


def _polygons(
    axes: Axes, shapes: npt.NDArray[np.object_], colour: Colour, edge: tuple[Colour, float], z: float
) -> None:
    parts = shapely.orient_polygons(shapely.get_parts(shapes))
    _, points, (rings, polygons) = shapely.to_ragged_array(parts)
    codes = np.full(len(points), DrawnPath.LINETO, dtype=DrawnPath.code_type)
    codes[rings[:-1]] = DrawnPath.MOVETO
    codes[rings[1:] - 1] = DrawnPath.CLOSEPOLY
    for start in range(0, len(parts), _CHUNK):
        first, last = rings[polygons[start]], rings[polygons[min(start + _CHUNK, len(parts))]]
        collection = PathCollection(
            [DrawnPath(points[first:last], codes[first:last])],
            facecolors=[colour],
            edgecolors=[edge[0]],
            linewidths=[edge[1] / MM_PER_PT],
            joinstyle="round",
            zorder=z,
            rasterized=len(parts) > _RASTERED,
        )
        axes.add_collection(collection, autolim=False)


def _lines(axes: Axes, lines: npt.NDArray[np.object_], colour: Colour, width_mm: float, z: float) -> None:
    parts = [shapely.get_coordinates(part) for part in shapely.get_parts(lines)]
    collection = LineCollection(
        parts,
        colors=[colour],
        linewidths=[width_mm / MM_PER_PT],
        capstyle="round",
        joinstyle="round",
        zorder=z,
        rasterized=len(parts) > _RASTERED,
    )
    axes.add_collection(collection, autolim=False)


def _hatch(axes: Axes, shapes: npt.NDArray[np.object_], layer: SymbolLayer, scale: float, z: float) -> None:
    """Lay slanting lines over the shapes, as wide apart on paper as QGIS draws them."""
    if layer.within is None:
        return
    (xmin, xmax), (ymin, ymax) = axes.get_xlim(), axes.get_ylim()
    seen = shapely.clip_by_rect(shapes, xmin, ymin, xmax, ymax)
    step = float(layer.options["distance"]) * scale / 1000 * np.sqrt(2)
    first = np.floor((ymin - xmax) / step) * step
    starts = np.arange(first, ymax - xmin + step, step)
    ends = np.stack(
        [
            np.column_stack([np.full(len(starts), xmin), starts + xmin]),
            np.column_stack([np.full(len(starts), xmax), starts + xmax]),
        ],
        axis=1,
    )
    lines = shapely.linestrings(ends)
    tree = shapely.STRtree(lines)
    shape, line = tree.query(seen, predicate="intersects")
    cut = shapely.intersection(seen[shape], lines[line])
    cut = shapely.get_parts(cut)
    cut = cut[shapely.get_dimensions(cut) == 1]
    for number, drawn in enumerate(layer.within.layers):
        colour, width = drawn.line(scale)
        _lines(axes, cut, rgba_of(colour), width, z + number / 100)


def _points(
    axes: Axes, shapes: npt.NDArray[np.object_], layer: SymbolLayer, tints: tuple[str, list[str]] | None, z: float
) -> None:
    options = layer.options
    x, y = shapely.get_coordinates(shapes).T
    face: Colour | list[str] = rgba_of(options["color"])
    edge: Colour | list[str] = rgba_of(options["outline_color"])
    if tints is not None:
        part, colours = tints
        face, edge = (colours, edge) if part == "fillColor" else (face, colours)
    marker = _MARKERS[options["name"]]
    # the crossing lines of a cross have no inside
    colours_of: dict[str, Any] = {"color": edge} if marker == "x" else {"facecolor": face, "edgecolor": edge}
    axes.scatter(
        x,
        y,
        s=(float(options["size"]) / MM_PER_PT) ** 2,
        marker=marker,
        linewidths=float(options["outline_width"]) / MM_PER_PT,
        zorder=z,
        **colours_of,
    )


def _tints(rows: gpd.GeoDataFrame, line: Line) -> tuple[str, list[str]] | None:
    tint = line.tint
    if tint is None or line.symbol is None:
        return None
    colours = {value: item.colour for item in tint.table.classes for value in item.values}
    own = line.symbol.colour
    return tint.part, [colours.get(value, own) for value in rows[tint.column]]


def _veil(axes: Axes, rows: gpd.GeoDataFrame, order: float) -> None:
    _polygons(axes, rows.geometry.to_numpy(), _VEIL, ((0.0, 0.0, 0.0, 0.0), 0.0), order - 0.05)


def rgba_of(text: str) -> Colour:
    """
    Read a colour as QGIS writes it.

    Parameters
    ----------
    text
        ``red,green,blue,alpha``, each 0 to 255.

    Returns
    -------
    colour
        Each 0 to 1.
    """
    red, green, blue, alpha = (int(part) / 255 for part in text.split(","))
    return red, green, blue, alpha
