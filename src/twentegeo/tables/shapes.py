"""
Rows with outlines that most nights only pass on: as WKB from the store to the layer, decoded where somebody looks.

Making objects of half a million outlines, turning their rings and writing them out again costs a night seconds, and
after a change of labels nobody looks at more than those of a few neighbourhoods.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from twentegeo.crs import RD_NEW_TEXT
from twentegeo.tables.keys import ascending

if TYPE_CHECKING:
    import numpy.typing as npt

GEOM: Final = "geom"
"""Name of the geometry column of a layer, as PDOK recommends; in a frame it holds what :func:`multipolygons` gives."""

_MULTI_OF_ONE: Final = bytes.fromhex("010600000001000000")
"""WKB header of a little-endian multipolygon with a single part."""

_POLYGON: Final = b"\x01\x03\x00\x00\x00"


@dataclass(frozen=True)
class Mapped:
    """
    Rows with polygons in RD New.

    Attributes
    ----------
    rows
        All else, index from 0.
    wkb
        (n,) their polygons, 2D, exterior rings counter-clockwise, little-endian.
    bounds
        (n, 4) xmin, ymin, xmax, ymax in metres.
    """

    rows: pd.DataFrame
    wkb: pa.Array
    bounds: npt.NDArray[np.float64]

    @classmethod
    def of(cls, frame: gpd.GeoDataFrame) -> Mapped:
        """
        Put polygons in the form in which they are published.

        Parameters
        ----------
        frame
            Polygons or multipolygons in RD New; index from 0.

        Returns
        -------
        mapped
            The same rows.
        """
        shapes = oriented(frame.geometry.to_numpy())
        rows = pd.DataFrame(frame.drop(columns=frame.geometry.name))
        return cls(rows, wkb_of(shapes), shapely.bounds(shapes)).holding(shapes)

    def holding(self, shapes: npt.NDArray[np.object_]) -> Mapped:
        """Take up the polygons as they are decoded already, and give itself; :meth:`let_go` lets go of them."""
        self.__dict__["frame"] = gpd.GeoDataFrame(self.rows, geometry=shapes, crs=RD_NEW_TEXT)
        return self

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.rows)

    @cached_property
    def frame(self) -> gpd.GeoDataFrame:
        """The rows with their polygons decoded."""
        return self.taken(np.arange(len(self)))

    def let_go(self) -> None:
        """Let go of the decoded polygons, of which :attr:`frame` keeps hold: they take as much memory as all else."""
        self.__dict__.pop("frame", None)

    def taken(self, at: npt.NDArray[np.int64]) -> gpd.GeoDataFrame:
        """
        Decode some rows.

        Parameters
        ----------
        at
            (m,) their positions.

        Returns
        -------
        rows
            In that order, polygons in RD New; index from 0.
        """
        shapes = shapely.from_wkb(self.wkb.take(pa.array(at)).to_numpy(zero_copy_only=False))
        rows = self.rows if len(at) == len(self) and np.array_equal(at, np.arange(len(at))) else self.rows.iloc[at]
        made = gpd.GeoDataFrame(rows.reset_index(drop=True), geometry=shapes, crs=RD_NEW_TEXT)
        return cast("gpd.GeoDataFrame", made)

    def where(self, kept: npt.NDArray[np.bool_]) -> Mapped:
        """
        Keep some rows.

        Parameters
        ----------
        kept
            (n,) which.

        Returns
        -------
        mapped
            Those; index as it was.
        """
        return Mapped(self.rows[kept], self.wkb.filter(pa.array(kept)), self.bounds[kept])

    def with_rows(self, rows: pd.DataFrame) -> Mapped:
        """Lay other columns beside the same polygons, in the same order."""
        return Mapped(rows, self.wkb, self.bounds)

    def sorted_on(self, column: str) -> Mapped:
        """Put the rows in ascending order of a column; index from 0."""
        if ascending(self.rows[column]):
            return Mapped(self.rows.reset_index(drop=True), self.wkb, self.bounds)
        at = self.rows[column].argsort().to_numpy()
        return Mapped(self.rows.iloc[at].reset_index(drop=True), self.wkb.take(pa.array(at)), self.bounds[at])

    def only(self, *columns: str) -> Mapped:
        """Keep some columns, and the polygons."""
        return Mapped(self.rows[list(columns)], self.wkb, self.bounds)

    def near(self, shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
        """
        Find the rows that may touch one of some shapes.

        Parameters
        ----------
        shapes
            (m,) shapes in RD New; few.

        Returns
        -------
        at
            Positions of the rows whose box meets that of a shape, ascending.
        """
        west, south, east, north = self.bounds.T
        found = np.zeros(len(self), dtype=bool)
        for xmin, ymin, xmax, ymax in shapely.bounds(shapes):
            found |= (east >= xmin) & (west <= xmax) & (north >= ymin) & (south <= ymax)
        return np.flatnonzero(found)

    def extent(self) -> npt.NDArray[np.float64]:
        """Bound all polygons together: xmin, ymin, xmax, ymax in metres; NaN without rows."""
        if not len(self):
            return np.full(4, np.nan)
        return np.concatenate([self.bounds[:, :2].min(axis=0), self.bounds[:, 2:].max(axis=0)])

    def layer_column(self) -> Any:
        """Give the column :data:`GEOM` of a frame that is published."""
        return as_column(multipolygons(self.wkb))


def oriented(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """
    Put polygons in the form in which they are published.

    Parameters
    ----------
    shapes
        (n,) polygons or multipolygons.

    Returns
    -------
    shapes
        2D, exterior rings counter-clockwise (PDOK's RC20).
    """
    flat = shapely.force_2d(shapes) if shapely.has_z(shapes).any() else shapes
    turned: npt.NDArray[np.object_] = shapely.orient_polygons(flat, exterior_cw=False)
    return turned


def wkb_of(shapes: npt.NDArray[np.object_]) -> pa.Array:
    """
    Write shapes as little-endian WKB.

    Parameters
    ----------
    shapes
        (n,) shapes.

    Returns
    -------
    wkb
        (n,) binary.
    """
    return pa.array(shapely.to_wkb(shapes, byte_order=1), type=pa.binary())


def prints(wkb: pa.Array) -> npt.NDArray[np.int64]:
    """
    Take a print of shapes, by which they are known again.

    Parameters
    ----------
    wkb
        (n,) binary.

    Returns
    -------
    prints
        (n,) 64 bits each: equal for equal bytes, and different otherwise but for one in 10^19 (SipHash with the fixed
        key of pandas).
    """
    texts = wkb.to_numpy(zero_copy_only=False)
    return np.asarray(pd.util.hash_array(texts, categorize=False).view("int64"))


def multipolygons(wkb: pa.Array) -> pa.Array:
    """
    Make every polygon a multipolygon: by a header in front, which is cheaper than a new geometry.

    Parameters
    ----------
    wkb
        (n,) polygons or multipolygons, little-endian.

    Returns
    -------
    wkb
        (n,) multipolygons.
    """
    single = pc.starts_with(wkb, pattern=_POLYGON)
    header = pc.if_else(single, pa.scalar(_MULTI_OF_ONE, pa.binary()), pa.scalar(b"", pa.binary()))
    return pc.binary_join_element_wise(header, wkb, b"")


def as_column(wkb: pa.Array) -> Any:
    """Make a column of a frame of WKB."""
    return pd.array(wkb, dtype=pd.ArrowDtype(pa.binary()))
