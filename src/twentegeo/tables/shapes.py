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
import shapely

from twentegeo.crs import RD_NEW_TEXT
from twentegeo.tables.boxes import around, meeting
from twentegeo.tables.keys import ascending
from twentegeo.tables.wkb import multipolygons, oriented, wkb_of

if TYPE_CHECKING:
    import numpy.typing as npt

    Geometries = npt.NDArray[np.object_]

GEOM: Final = "geom"
"""
Name of the geometry column of a layer, as PDOK recommends; in a frame it holds what
:func:`twentegeo.tables.wkb.multipolygons` gives.
"""


@dataclass(frozen=True)
class Mapped:
    """
    Rows with polygons in RD New. What is decoded of all of them stays so until :meth:`let_go`, also in fewer rows.

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

    def holding(self, shapes: Geometries) -> Mapped:
        """Take up the polygons as they are decoded already, and give itself; :meth:`let_go` lets go of them."""
        self.__dict__["shapes"] = shapes
        return self

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.rows)

    @cached_property
    def shapes(self) -> Geometries:
        """(n,) their polygons, decoded."""
        return _decoded(self.wkb)

    @property
    def frame(self) -> gpd.GeoDataFrame:
        """The rows with their polygons, decoded; index from 0."""
        return _framed(self.rows, self.shapes)

    def let_go(self) -> None:
        """Let go of the decoded polygons, of which :attr:`shapes` keeps hold: they take as much memory as all else."""
        self.__dict__.pop("shapes", None)

    def shapes_of(self, at: npt.NDArray[np.int64]) -> Geometries:
        """
        Decode the polygons of some rows.

        Parameters
        ----------
        at
            (m,) their positions.

        Returns
        -------
        shapes
            In that order; those of :attr:`shapes` where these are decoded already.
        """
        held: Geometries | None = self.__dict__.get("shapes")
        return _decoded(self.wkb.take(pa.array(at))) if held is None else held[at]

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
        return _framed(self.rows.iloc[at], self.shapes_of(at))

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
        return self._passing_on(Mapped(self.rows[kept], self.wkb.filter(pa.array(kept)), self.bounds[kept]), kept)

    def with_rows(self, rows: pd.DataFrame) -> Mapped:
        """Lay other columns beside the same polygons, in the same order."""
        return Mapped(rows, self.wkb, self.bounds)

    def sorted_on(self, column: str) -> Mapped:
        """Put the rows in ascending order of a column; index from 0."""
        if ascending(self.rows[column]):
            return self._passing_on(Mapped(self.rows.reset_index(drop=True), self.wkb, self.bounds), slice(None))
        at = self.rows[column].argsort().to_numpy()
        made = Mapped(self.rows.iloc[at].reset_index(drop=True), self.wkb.take(pa.array(at)), self.bounds[at])
        return self._passing_on(made, at)

    def _passing_on(self, made: Mapped, rows: npt.NDArray[Any] | slice) -> Mapped:
        """Spare whoever gets some of the rows decoding what is decoded already."""
        held: Geometries | None = self.__dict__.get("shapes")
        return made if held is None else made.holding(held[rows])

    def only(self, *columns: str) -> Mapped:
        """Keep some columns, and the polygons."""
        return Mapped(self.rows[list(columns)], self.wkb, self.bounds)

    def near(self, shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
        """
        Find the rows that may touch one of some shapes.

        Parameters
        ----------
        shapes
            (m,) shapes in RD New.

        Returns
        -------
        at
            Positions of the rows whose box meets that of a shape, ascending.
        """
        return np.flatnonzero(meeting(self.bounds, shapely.bounds(shapes)))

    def extent(self) -> npt.NDArray[np.float64]:
        """Bound all polygons together: xmin, ymin, xmax, ymax in metres; NaN without rows."""
        return around(self.bounds)

    def layer_column(self) -> Any:
        """Give the column :data:`GEOM` of a frame that is published."""
        return as_column(multipolygons(self.wkb))


def _decoded(wkb: pa.Array) -> Geometries:
    shapes: Geometries = shapely.from_wkb(wkb.to_numpy(zero_copy_only=False))
    return shapes


def _framed(rows: pd.DataFrame, shapes: Geometries) -> gpd.GeoDataFrame:
    return cast("gpd.GeoDataFrame", gpd.GeoDataFrame(rows.reset_index(drop=True), geometry=shapes, crs=RD_NEW_TEXT))


def as_column(wkb: pa.Array) -> Any:
    """Make a column of a frame of WKB."""
    return pd.array(wkb, dtype=pd.ArrowDtype(pa.binary()))
