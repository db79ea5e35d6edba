"""
The overview map: where in the region renovation is most urgent, on one page.

Drawn with matplotlib alone, so that it is there on every machine; QGIS does the cartography of map books. The legend
is the class table that the QGIS styles use too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from matplotlib import colors, patheffects
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.path import Path as DrawnPath

from twentegeo.publish import sidepanel
from twentegeo.tables.layers import GEMEENTE, HECTARE, PRIORITEITSGEBIED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt
    import pandas as pd
    from matplotlib.axes import Axes

    from twentegeo.publish.classes import ClassTable, ClassTables
    from twentegeo.publish.edition import Edition

SIZE_INCH: Final = (16.0, 10.4)
DPI: Final = 150
CELL_M: Final = 100.0
NUMBERED: Final = 10
"""Areas that get their rank on the map and a line in the list; more would hide what they point at."""

INK: Final = sidepanel.INK
LAND: Final = "#ffffff"
OUTSIDE: Final = "#eceae4"
BORDER: Final = "#6f6f86"

_MAP_BOX: Final = (0.02, 0.03, 0.655, 0.94)
_MARGIN: Final = 0.04
_MARK_PT: Final = 17.0
_DIRECTIONS: Final = np.radians(np.arange(45, 405, 45))


@dataclass(frozen=True, slots=True)
class View:
    """
    The piece of the world that the map shows.

    Attributes
    ----------
    xmin, ymin, xmax, ymax
        RD New, metres.
    """

    xmin: float
    ymin: float
    xmax: float
    ymax: float


def overview_map(layers: Mapping[str, pd.DataFrame], path: Path, *, classes: ClassTables, edition: Edition) -> None:
    """
    Draw the overview map of a release.

    Parameters
    ----------
    layers
        Rows by layer name; drawn are ``hectare``, ``gemeente`` and ``prioriteitsgebied``, and ``bron`` gives the
        sources in the foot. Each may be absent or empty.
    path
        PNG to write.
    classes
        Class tables by name; ``prioriteit`` colours the cells.
    edition
        Region, date, run and notice, for title, foot and corner.
    """
    figure = Figure(figsize=SIZE_INCH, dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes(_MAP_BOX, facecolor=OUTSIDE)
    view = _view(layers)
    _frame(axes, view)
    table = classes["prioriteit"]
    _municipalities(axes, layers.get(GEMEENTE.name))
    _cells(axes, layers.get(HECTARE.name), table)
    _borders(axes, layers.get(GEMEENTE.name))
    _areas(axes, layers.get(PRIORITEITSGEBIED.name))
    _scale_bar(axes, view)
    _north(axes)
    if edition.notice:
        _notice(axes, edition.notice)
    sidepanel.draw(figure, layers, table, edition, numbered=NUMBERED)
    figure.savefig(path, metadata={"Software": None, "Description": alt_text(layers, edition)})


def alt_text(layers: Mapping[str, pd.DataFrame], edition: Edition) -> str:
    """
    Say in a line what the map shows, for who cannot see it.

    Parameters
    ----------
    layers
        Rows by layer name.
    edition
        Names region and date.

    Returns
    -------
    text
        One line of Dutch.
    """
    areas = layers.get(PRIORITEITSGEBIED.name)
    count = 0 if areas is None else len(areas)
    first = ""
    if areas is not None and count:
        top = areas.sort_values("rang").iloc[0]
        first = f"; het meest urgent is {top['naam']}"
    text = f"Kaart van {edition.region} met de prioriteitsscore per hectare en {count} prioriteitsgebieden{first}"
    return edition.marked(f"{text}. Peildatum {edition.peildatum:%d-%m-%Y}.")


def _view(layers: Mapping[str, pd.DataFrame]) -> View:
    """Fit the municipalities, or else the cells, in the shape of the paper."""
    bounds = [
        layers[name].total_bounds for name in (GEMEENTE.name, HECTARE.name) if name in layers and len(layers[name])
    ]
    xmin, ymin, xmax, ymax = bounds[0] if bounds else (0.0, 300_000.0, 300_000.0, 625_000.0)
    paper = (_MAP_BOX[2] * SIZE_INCH[0]) / (_MAP_BOX[3] * SIZE_INCH[1])
    half_height = max(ymax - ymin, (xmax - xmin) / paper) * (0.5 + _MARGIN)
    x, y = (xmin + xmax) / 2, (ymin + ymax) / 2
    return View(x - half_height * paper, y - half_height, x + half_height * paper, y + half_height)


def _frame(axes: Axes, view: View) -> None:
    axes.set_xlim(view.xmin, view.xmax)
    axes.set_ylim(view.ymin, view.ymax)
    axes.set_aspect("equal")
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_color("#b5b2a8")


def _municipalities(axes: Axes, frame: pd.DataFrame | None) -> None:
    if frame is None or frame.empty:
        return
    shapes = shapely.orient_polygons(frame.geometry.to_numpy())
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(shapely.get_parts(shapes))]
    ground = DrawnPath.make_compound_path(*[DrawnPath(ring, closed=True) for ring in rings])
    axes.add_collection(PathCollection([ground], facecolor=LAND, edgecolor="none", zorder=1), autolim=False)


def _cells(axes: Axes, frame: pd.DataFrame | None, table: ClassTable) -> None:
    """Draw the cells as one image: a pixel is a cell."""
    if frame is None or frame.empty:
        return
    bounds = shapely.bounds(frame.geometry.to_numpy())
    west, south = bounds[:, 0].min(), bounds[:, 1].min()
    column = np.rint((bounds[:, 0] - west) / CELL_M).astype(np.intp)
    row = np.rint((bounds[:, 1] - south) / CELL_M).astype(np.intp)
    palette = np.array([colors.to_rgba(item.colour) for item in table.legend])
    image = np.zeros((int(row.max()) + 1, int(column.max()) + 1, 4))
    image[row, column] = palette[table.place(frame["score_prioriteit"].to_numpy(dtype=float, na_value=np.nan))]
    east, north = west + image.shape[1] * CELL_M, south + image.shape[0] * CELL_M
    axes.imshow(
        image,
        extent=(west, east, south, north),
        origin="lower",
        interpolation="nearest",
        zorder=2,
        aspect="equal",
    )
    # imshow widens or narrows the view to the image; it must stay that of the region
    axes.set_autoscale_on(False)


def _borders(axes: Axes, frame: pd.DataFrame | None) -> None:
    if frame is None or frame.empty:
        return
    shapes = frame.geometry.to_numpy()
    lines = [shapely.get_coordinates(part) for part in shapely.get_parts(shapely.boundary(shapes))]
    axes.add_collection(LineCollection(lines, colors="white", linewidths=2.2, alpha=0.7, zorder=3), autolim=False)
    axes.add_collection(LineCollection(lines, colors=BORDER, linewidths=0.9, zorder=3), autolim=False)
    if len(frame) == 1:
        return  # its name stands in the title
    centres = shapely.centroid(shapes)
    inside = np.where(shapely.contains(shapes, centres), centres, shapely.point_on_surface(shapes))
    for name, (x, y) in zip(frame["naam"], shapely.get_coordinates(inside), strict=True):
        text = axes.text(x, y, name, ha="center", va="center", fontsize=8.5, color="#2f2f46", zorder=6)
        text.set_path_effects([patheffects.withStroke(linewidth=2.6, foreground="white", alpha=0.9)])


def _areas(axes: Axes, frame: pd.DataFrame | None) -> None:
    """Outline the priority areas, and give the first of them their rank."""
    if frame is None or frame.empty:
        return
    ordered = frame.sort_values("rang")
    shapes = ordered.geometry.to_numpy()
    lines = [shapely.get_coordinates(part) for part in shapely.get_parts(shapely.boundary(shapes))]
    axes.add_collection(LineCollection(lines, colors="white", linewidths=3.0, zorder=4), autolim=False)
    axes.add_collection(LineCollection(lines, colors=INK, linewidths=1.3, zorder=5), autolim=False)
    first = ordered.head(NUMBERED)
    points = shapely.get_coordinates(shapely.point_on_surface(first.geometry.to_numpy()))
    pixels = axes.transData.transform(points) * 72 / DPI
    for rank, point, offset in zip(first["rang"], points, _spread(pixels), strict=True):
        axes.annotate(
            str(rank),
            xy=tuple(point),
            xytext=tuple(offset),
            textcoords="offset points",
            ha="center",
            va="center",
            fontsize=8.5,
            fontweight="bold",
            color="white",
            zorder=8,
            bbox={"boxstyle": "circle,pad=0.28", "facecolor": INK, "edgecolor": "white", "linewidth": 1.2},
            arrowprops={"arrowstyle": "-", "color": INK, "linewidth": 1.1, "shrinkA": 0, "shrinkB": 0},
        )


def _spread(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """
    Put a mark near each point, in the direction where it is furthest from marks and points so far.

    Parameters
    ----------
    points
        Shape (n, 2), typographic points.

    Returns
    -------
    offsets
        Shape (n, 2), from point to mark.
    """
    around = 1.6 * _MARK_PT * np.column_stack((np.cos(_DIRECTIONS), np.sin(_DIRECTIONS)))
    offsets = np.empty_like(points)
    for i, point in enumerate(points):
        others = np.vstack((np.delete(points, i, axis=0), points[:i] + offsets[:i]))
        if not len(others):
            offsets[i] = around[0]
            continue
        distance = np.linalg.norm((point + around)[:, np.newaxis] - others, axis=2).min(axis=1)
        # beyond three marks away there is no crowd; the first such direction looks calmest
        offsets[i] = around[int(np.argmax(np.minimum(distance, 3 * _MARK_PT)))]
    return offsets


def _scale_bar(axes: Axes, view: View) -> None:
    width = view.xmax - view.xmin
    steps = np.outer(10.0 ** np.arange(1, 6), [1.0, 2.0, 5.0]).ravel()
    length = float(steps[steps <= width / 5].max(initial=steps[0]))
    x, y = view.xmax - 0.03 * width - length, view.ymin + 0.025 * width
    label = f"{length / 1000:g} km".replace(".", ",") if length >= 1000 else f"{length:g} m"  # noqa: PLR2004
    height = 0.005 * width
    for start, colour in ((x, INK), (x + length / 2, "white")):
        axes.add_patch(
            sidepanel.box(start, y, length / 2, height, facecolor=colour, edgecolor=INK, linewidth=0.8, zorder=7)
        )
    axes.text(x + length / 2, y + 2 * height, label, ha="center", va="bottom", fontsize=9, color=INK, zorder=7)


def _north(axes: Axes) -> None:
    axes.annotate(
        "N",
        xy=(0.965, 0.965),
        xytext=(0.965, 0.905),
        xycoords="axes fraction",
        ha="center",
        va="center",
        fontsize=11,
        fontweight="bold",
        color=INK,
        arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.6, "mutation_scale": 16},
        zorder=7,
    )


def _notice(axes: Axes, notice: str) -> None:
    axes.text(
        0.015,
        0.98,
        notice,
        transform=axes.transAxes,
        ha="left",
        va="top",
        fontsize=13,
        fontweight="bold",
        color="white",
        zorder=9,
        bbox={"boxstyle": "square,pad=0.45", "facecolor": "#9c1f2e", "edgecolor": "none"},
    )
