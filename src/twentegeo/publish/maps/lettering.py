"""Text on a map that is drawn without QGIS: who gets a place when there is no room for all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from matplotlib import patheffects
from matplotlib.font_manager import FontProperties

from twentegeo.publish.sheets.typography import MM_PER_PT, font_file, line_mm, longest, printable
from twentegeo.publish.styles.labels import HALO_MM
from twentegeo.publish.styles.palette import INK, PAPER

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt
    from matplotlib.axes import Axes

    from twentegeo.publish.sheets.items import MapFrame
    from twentegeo.publish.styles.labels import Label

    Place = tuple[float, float, float, float]

_BREAK: Final = 22
"""Letters after which a name breaks, as in QGIS."""
_BADGE_MM: Final = (1.6, 0.9)
"""Room around the text of a badge, sideways and above."""
_AIR_MM: Final = 0.6
_SHIFTS: Final = (0.0, 1.2, -1.2, 2.4, -2.4, 3.6, -3.6)
"""Where a name may go when its place is taken: up and down, as multiples of its height."""
_EDGE_MM: Final = 1.5
"""Nothing stands nearer to the edge of the map."""


class Lettering:
    """
    Texts that ask for a place on one map.

    Parameters
    ----------
    axes
        The map, its limits set.
    frame
        Where it lies on the sheet, for measures on paper.
    """

    def __init__(self, axes: Axes, frame: MapFrame) -> None:
        self._axes = axes
        self._frame = frame
        self._asked: list[tuple[Label, str, shapely.Geometry]] = []
        self._taken: list[Place] = []

    def add(self, rows: gpd.GeoDataFrame, label: Label, scale: float) -> None:
        """
        Ask a place for the text of each row.

        Parameters
        ----------
        rows
            What the text belongs to.
        label
            How it looks.
        scale
            Denominator.
        """
        extent = self._frame.extent
        seen = shapely.clip_by_rect(rows.geometry.to_numpy(), extent.xmin, extent.ymin, extent.xmax, extent.ymax)
        for words, shape in zip(label.words(rows, scale), seen, strict=True):
            text = printable(words)
            if text and not shapely.is_empty(shape):
                self._asked.append((label, text, shape))

    def place(self) -> None:
        """Give places, the most important first; badges always get one."""
        order = sorted(
            range(len(self._asked)), key=lambda i: (self._asked[i][0].place != "outside", -self._asked[i][0].priority)
        )
        for i in order:
            label, text, shape = self._asked[i]
            lines = broken(text) if label.place == "over" else [text]
            if label.place == "outside":
                self._badge(label, text, shape)
            else:
                self._name(label, lines, shape)

    def _name(self, label: Label, lines: list[str], shape: shapely.Geometry) -> None:
        width = longest(lines, label.size_pt, label.weight)
        height = line_mm(label.size_pt) * len(lines) * 0.86
        middle, inside = shapely.centroid(shape), shapely.point_on_surface(shape)
        for point in (middle, inside):
            x, y = self._on_paper(point)
            for shift in _SHIFTS:
                moved = shapely.Point(self._on_ground(x, y + shift * height))
                box = (x - width / 2, y + (shift - 0.5) * height, x + width / 2, y + (shift + 0.5) * height)
                if self._is_free(box) and shapely.contains(shape, moved):
                    self._take(box)
                    self._write(label, "\n".join(lines), moved)
                    return

    def _badge(self, label: Label, text: str, shape: shapely.Geometry) -> None:
        width = longest([text], label.size_pt, label.weight) + 2 * _BADGE_MM[0]
        height = label.size_pt * MM_PER_PT + 2 * _BADGE_MM[1]
        near, far = (self._around(shape, width, height, apart) for apart in (_AIR_MM, _AIR_MM + height))
        box = next((place for place in (*near, *far) if self._is_free(place)), near[0])
        self._take(box)
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        if box in far:
            self._lead((x, y), shape)
        self._axes.text(
            *self._on_ground(x, y),
            text,
            fontproperties=FontProperties(fname=str(font_file(label.weight))),
            fontsize=label.size_pt,
            color=PAPER,
            ha="center",
            va="center_baseline",
            parse_math=False,
            zorder=1_000,
            bbox={
                "boxstyle": f"round,pad={_BADGE_MM[1] / (label.size_pt * MM_PER_PT):.2f},rounding_size=0.35",
                "facecolor": label.colour,
                "edgecolor": PAPER,
                "linewidth": 0.3 / MM_PER_PT,
            },
        )

    def _lead(self, badge: tuple[float, float], shape: shapely.Geometry) -> None:
        """Draw a line from a badge that had to move away to what it belongs to."""
        point = shapely.point_on_surface(shape)
        start = self._on_ground(*badge)
        self._axes.plot([start[0], point.x], [start[1], point.y], color=INK, linewidth=0.8, zorder=990)

    def _around(self, shape: shapely.Geometry, width: float, height: float, apart: float) -> list[Place]:
        """Places beside the shape, inside the map; a large one gets its badge at the edge of what is seen of it."""
        xmin, ymin, xmax, ymax = shapely.bounds(shape)
        left, low = self._on_paper(shapely.Point(xmin, ymin))
        right, high = self._on_paper(shapely.Point(xmax, ymax))
        x, y = self._on_paper(shapely.point_on_surface(shape))
        found = [
            (right + apart, y - height / 2),
            (left - apart - width, y - height / 2),
            (x - width / 2, high + apart),
            (x - width / 2, low - apart - height),
            (right + apart, high + apart - _AIR_MM),
            (left - apart - width, high + apart - _AIR_MM),
            (right + apart, low - apart + _AIR_MM - height),
            (left - apart - width, low - apart + _AIR_MM - height),
        ]
        box = self._frame.box
        return [self._kept((a, b, a + width, b + height), box.width, box.height) for a, b in found]

    def _kept(self, place: Place, width: float, height: float) -> Place:
        """Move a place inside the map."""
        x = float(np.clip(place[0], _EDGE_MM, width - _EDGE_MM - (place[2] - place[0])))
        y = float(np.clip(place[1], _EDGE_MM, height - _EDGE_MM - (place[3] - place[1])))
        return x, y, x + place[2] - place[0], y + place[3] - place[1]

    def _write(self, label: Label, text: str, point: shapely.Point) -> None:
        written = self._axes.text(
            point.x,
            point.y,
            text,
            fontproperties=FontProperties(fname=str(font_file(label.weight))),
            fontsize=label.size_pt,
            color=label.colour,
            ha="center",
            va="center",
            linespacing=1.05,
            parse_math=False,
            zorder=900,
            clip_on=True,
        )
        halo = patheffects.withStroke(linewidth=2 * HALO_MM / MM_PER_PT, foreground=PAPER)
        written.set_path_effects([halo])

    def _on_paper(self, point: shapely.Point) -> tuple[float, float]:
        """Millimetres from the lower left corner of the map."""
        extent, box = self._frame.extent, self._frame.box
        x = (point.x - extent.xmin) / extent.width * box.width
        y = (point.y - extent.ymin) / extent.height * box.height
        return float(x), float(y)

    def _on_ground(self, x: float, y: float) -> tuple[float, float]:
        extent, box = self._frame.extent, self._frame.box
        return extent.xmin + x / box.width * extent.width, extent.ymin + y / box.height * extent.height

    def _is_free(self, place: Place) -> bool:
        box = self._frame.box
        inside = (
            place[0] >= _EDGE_MM
            and place[1] >= _EDGE_MM
            and place[2] <= box.width - _EDGE_MM
            and place[3] <= box.height - _EDGE_MM
        )
        if not inside or not self._taken:
            return inside
        taken: npt.NDArray[np.float64] = np.array(self._taken)
        apart = (
            (taken[:, 0] > place[2] + _AIR_MM)
            | (taken[:, 2] < place[0] - _AIR_MM)
            | (taken[:, 1] > place[3] + _AIR_MM)
            | (taken[:, 3] < place[1] - _AIR_MM)
        )
        return bool(apart.all())

    def _take(self, place: Place) -> None:
        self._taken.append(place)


def broken(text: str) -> list[str]:
    """
    Break a name into lines.

    Parameters
    ----------
    text
        A name.

    Returns
    -------
    lines
        Of at most as many letters as QGIS puts on a line, where words allow.
    """
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= _BREAK or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
