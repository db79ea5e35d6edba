"""A sheet drawn by matplotlib, where there is no QGIS."""

from __future__ import annotations

from functools import singledispatchmethod
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Ellipse, Polygon, Rectangle

from twentegeo.publish.maps.mapping import draw_map, rgba_of
from twentegeo.publish.sheets.items import Box, MapFrame, North, Shape, Swatch, Text
from twentegeo.publish.sheets.typography import MM_PER_PT, font_file
from twentegeo.publish.sheets.vector import NORTH_LEFT, NORTH_RIGHT
from twentegeo.publish.styles.palette import INK, OUTSIDE, PAPER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from matplotlib.axes import Axes

    from twentegeo.publish.maps.mapping import Ground
    from twentegeo.publish.project.themes import Theme
    from twentegeo.publish.sheets.items import Item, Sheet
    from twentegeo.publish.styles.symbols import SymbolLayer

MM_PER_INCH: Final = 25.4
# letters as letters, so that they can be searched and are embedded once
_SETTINGS: Final[dict[Any, Any]] = {"pdf.fonttype": 42, "pdf.compression": 6, "path.simplify": True}


def plot_sheet(sheet: Sheet, path: Path, themes: Mapping[str, Theme], ground: Ground, dpi: int) -> None:
    """
    Draw a sheet.

    Parameters
    ----------
    sheet
        What lies where; items that only QGIS can fill in are not allowed.
    path
        A ``.pdf`` or ``.png`` to write.
    themes
        Themes that maps on the sheet name.
    ground
        Where the rows are, and class tables.
    dpi
        Dots per inch, of a picture or of what in a PDF is one.
    """
    save(lay_out(sheet, themes, ground, dpi), sheet, path)


def lay_out(sheet: Sheet, themes: Mapping[str, Theme], ground: Ground, dpi: int) -> Figure:
    """
    Lay a sheet out.

    Parameters
    ----------
    sheet, themes, ground, dpi
        As for :func:`plot_sheet`.

    Returns
    -------
    figure
        Holds all that is to be seen: nothing is read when it is saved.
    """
    width, height = (side / MM_PER_INCH for side in sheet.size_mm)
    with mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=(width, height), dpi=dpi, facecolor=PAPER)
        FigureCanvasAgg(figure)
        table = _Table(figure, sheet, themes, ground)
        for item in sheet.items:
            table.lay(item)
    return figure


def save(figure: Figure, sheet: Sheet, path: Path) -> None:
    """
    Draw what was laid out.

    Parameters
    ----------
    figure
        What :func:`lay_out` gave.
    sheet
        The same sheet: its name and what it tells who cannot see it.
    path
        A ``.pdf`` or ``.png`` to write.
    """
    with mpl.rc_context(_SETTINGS):
        software = {"Creator": "twentegeo", "Producer": "twentegeo", "CreationDate": None, "ModDate": None}
        pdf = {**software, "Title": sheet.name, "Subject": sheet.alt_text}
        png = {"Software": None, "Title": sheet.name, "Description": sheet.alt_text}
        figure.savefig(path, metadata=pdf if path.suffix == ".pdf" else png)


class _Table:
    """Lays items on a figure, each over those before it."""

    def __init__(self, figure: Figure, sheet: Sheet, themes: Mapping[str, Theme], ground: Ground) -> None:
        self._figure = figure
        self._sheet = sheet
        self._themes = themes
        self._ground = ground
        self._count = 0
        self._axes = self._layer()

    @singledispatchmethod
    def lay(self, item: Item) -> None:
        """Lay an item."""
        raise NotImplementedError(type(item).__name__)

    @lay.register(Text)
    def _text(self, item: Text) -> None:
        self._axes.text(
            item.x,
            item.y,
            item.text,
            fontproperties=FontProperties(fname=str(font_file(item.weight))),
            fontsize=item.size_pt,
            color=item.colour,
            ha=item.align,
            va="baseline",
            parse_math=False,
            zorder=self._next(),
        )

    @lay.register(Shape)
    def _shape(self, item: Shape) -> None:
        box = item.box
        style: dict[str, Any] = {
            "facecolor": item.colour or "none",
            "edgecolor": item.edge or "none",
            "linewidth": item.width_mm / MM_PER_PT if item.edge else 0,
            "zorder": self._next(),
        }
        if item.kind == "ellipse":
            middle = (box.x + box.width / 2, box.y + box.height / 2)
            self._axes.add_patch(Ellipse(middle, box.width, box.height, **style))
        else:
            self._axes.add_patch(Rectangle((box.x, box.y), box.width, box.height, **style))

    @lay.register(Swatch)
    def _swatch(self, item: Swatch) -> None:
        for layer in item.symbol.layers:
            if layer.kind == "LinePatternFill":
                self._hatched(item.box, layer)
                continue
            colour, width = layer.line(0)
            filling = rgba_of(layer.options["color"]) if layer.kind == "SimpleFill" else (0, 0, 0, 0)
            box = item.box
            patch = Rectangle(
                (box.x, box.y),
                box.width,
                box.height,
                facecolor=filling,
                edgecolor=rgba_of(colour),
                linewidth=width / MM_PER_PT,
                joinstyle="round",
                zorder=self._next(),
            )
            self._axes.add_patch(patch)

    def _hatched(self, box: Box, layer: SymbolLayer) -> None:
        if layer.within is None:
            return
        clip = Rectangle((box.x, box.y), box.width, box.height, transform=self._axes.transData)
        step = float(layer.options["distance"]) * 2**0.5
        for drawn in layer.within.layers:
            colour, width = drawn.line(0)
            start = box.x - box.height
            while start < box.right:
                (line,) = self._axes.plot(
                    [start, start + box.height],
                    [box.bottom, box.y],
                    color=rgba_of(colour),
                    linewidth=width / MM_PER_PT,
                    zorder=self._next(),
                )
                line.set_clip_path(clip)
                start += step

    @lay.register(MapFrame)
    def _map(self, item: MapFrame) -> None:
        width, height = self._sheet.size_mm
        box = item.box
        place = (box.x / width, 1 - box.bottom / height, box.width / width, box.height / height)
        axes = self._figure.add_axes(place, facecolor=OUTSIDE, zorder=self._next())
        axes.set_xticks([])
        axes.set_yticks([])
        for spine in axes.spines.values():
            spine.set_color(item.edge)
            spine.set_linewidth(0.2 / MM_PER_PT)
            spine.set_zorder(2_000)
        draw_map(axes, item, self._themes[item.theme], self._ground, self._sheet.variables)
        self._axes = self._layer()

    @lay.register(North)
    def _north(self, item: North) -> None:
        box = item.box
        for points, colour in ((NORTH_LEFT, INK), (NORTH_RIGHT, PAPER)):
            corners = [(box.x + x * box.width, box.y + y * box.height) for x, y in points]
            patch = Polygon(corners, facecolor=colour, edgecolor=INK, linewidth=0.6, zorder=self._next())
            self._axes.add_patch(patch)

    def _layer(self) -> Axes:
        """Lay a clear sheet over what is there, measured in millimetres from the upper left corner."""
        axes = self._figure.add_axes((0, 0, 1, 1), zorder=self._next())
        axes.set_xlim(0, self._sheet.size_mm[0])
        axes.set_ylim(self._sheet.size_mm[1], 0)
        axes.set_axis_off()
        axes.patch.set_visible(False)
        return axes

    def _next(self) -> int:
        self._count += 1
        return self._count
