"""What can lie on a sheet: text, shapes, a map, its scale bar, a north arrow, a legend."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from twentegeo.publish.styles.symbols import Symbol

A3_MM: Final = (420.0, 297.0)
"""Width and height of A3, lying."""

Align = Literal["left", "center", "right"]
Weight = Literal["Regular", "Semibold"]


@dataclass(frozen=True, slots=True)
class Box:
    """
    A rectangle on the sheet.

    Attributes
    ----------
    x, y
        Millimetres from the left and from the top.
    width, height
        Millimetres.
    """

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right edge, millimetres from the left."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Lower edge, millimetres from the top."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Extent:
    """
    A piece of the world.

    Attributes
    ----------
    xmin, ymin, xmax, ymax
        RD New, metres.
    """

    xmin: float
    ymin: float
    xmax: float
    ymax: float

    @property
    def width(self) -> float:
        """Metres from west to east."""
        return self.xmax - self.xmin

    @property
    def height(self) -> float:
        """Metres from south to north."""
        return self.ymax - self.ymin

    def fitted(self, box: Box, margin: float) -> Extent:
        """
        Widen it to the shape of a box.

        Parameters
        ----------
        box
            Where it is to be shown.
        margin
            Room on every side, as a share of the whole.

        Returns
        -------
        extent
            With the same middle, the proportions of the box, and everything of this one in it.
        """
        x, y = (self.xmin + self.xmax) / 2, (self.ymin + self.ymax) / 2
        half = max(self.height, self.width * box.height / box.width) * (0.5 + margin)
        wide = half * box.width / box.height
        return Extent(x - wide, y - half, x + wide, y + half)

    def scale(self, box: Box) -> float:
        """
        Find the scale at which a box shows it.

        Parameters
        ----------
        box
            Where it is shown.

        Returns
        -------
        denominator
            10000 for 1:10,000.
        """
        return self.width * 1000 / box.width


@dataclass(frozen=True, slots=True)
class Text:
    """
    One line of text; what is longer is broken into lines before it comes here.

    Attributes
    ----------
    x, y
        Where its baseline begins, ends or has its middle, as `align` says; millimetres from left and top.
    text
        As it is to be read; nothing in it is markup or an expression.
    size_pt, weight, colour, align
        How it looks; the colour is ``#rrggbb``.
    """

    x: float
    y: float
    text: str
    size_pt: float
    weight: Weight = "Regular"
    colour: str = "#1f1f1f"
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Formula:
    """
    A text that QGIS fills in for the page of an atlas.

    Attributes
    ----------
    box
        Where it may stand; it breaks into lines within it.
    text
        Text with QGIS expressions between ``[%`` and ``%]``.
    size_pt, weight, colour, align
        As for :class:`Text`.
    """

    box: Box
    text: str
    size_pt: float
    weight: Weight = "Regular"
    colour: str = "#1f1f1f"
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Shape:
    """
    A rectangle or an ellipse.

    Attributes
    ----------
    box
        What it fills.
    kind
        ``rectangle`` or ``ellipse``.
    colour
        ``#rrggbb`` of the filling, or None.
    edge
        ``#rrggbb`` of the edge, or None.
    width_mm
        Width of the edge.
    """

    box: Box
    kind: Literal["rectangle", "ellipse"] = "rectangle"
    colour: str | None = None
    edge: str | None = None
    width_mm: float = 0.2


@dataclass(frozen=True, slots=True)
class Swatch:
    """
    A symbol in a legend.

    Attributes
    ----------
    box
        What a fill fills; a marker stands in its middle.
    symbol
        What to draw.
    """

    box: Box
    symbol: Symbol


@dataclass(frozen=True, slots=True)
class MapFrame:
    """
    A map.

    Attributes
    ----------
    box
        Where it lies.
    name
        Unique on the sheet.
    theme
        Name of the theme, which says what layers it shows and how.
    extent
        What it shows, in the shape of the box; on a page of an atlas QGIS moves it.
    edge
        ``#rrggbb`` of its frame.
    margin
        Room around the feature of an atlas, as a share.
    """

    box: Box
    name: str
    theme: str
    extent: Extent
    edge: str = "#b5b2a8"
    margin: float = 0.08


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """
    A scale bar that QGIS keeps right when the map moves.

    Attributes
    ----------
    right, bottom
        Where its right end and its foot are, millimetres from left and top.
    of
        Name of the map.
    length_mm
        Length that it may come near to.
    in_km
        False for metres.
    """

    right: float
    bottom: float
    of: str
    length_mm: float
    in_km: bool = True


@dataclass(frozen=True, slots=True)
class North:
    """An arrow to the north within a box; RD New has the north up."""

    box: Box


@dataclass(frozen=True, slots=True)
class LegendOf:
    """
    A legend that QGIS makes of the layers of a theme, and keeps right when a user changes it.

    Attributes
    ----------
    box
        Its upper left corner counts; QGIS makes it as large as it must be.
    of
        Name of the map.
    layers
        Identifier in the project, and heading, of each layer.
    """

    box: Box
    of: str
    layers: tuple[tuple[str, str], ...]


Item = Text | Formula | Shape | Swatch | MapFrame | ScaleBar | North | LegendOf


@dataclass(frozen=True, slots=True)
class Atlas:
    """
    What a layout makes a page of.

    Attributes
    ----------
    layer
        Identifier of the layer in the project.
    layer_name, source
        Its name and where it comes from.
    page
        QGIS expression that names a page, and sorts.
    file
        QGIS expression that names a file.
    """

    layer: str
    layer_name: str
    source: str
    page: str
    file: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    A sheet of paper.

    Attributes
    ----------
    name
        Title, unique within a book or project.
    alt_text
        What it shows, in a sentence or two, for who cannot see it.
    items
        Drawn from the first to the last.
    variables
        Texts by name that expressions in the styles may ask for.
    atlas
        What QGIS makes a page of, or None.
    size_mm
        Width and height.
    """

    name: str
    alt_text: str
    items: tuple[Item, ...]
    variables: dict[str, str] = field(default_factory=dict)
    atlas: Atlas | None = None
    size_mm: tuple[float, float] = A3_MM
