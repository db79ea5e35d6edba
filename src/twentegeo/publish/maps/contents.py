"""What a release holds that sheets tell of: areas with their extents, and dwellings by line of a legend."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyogrio
import shapely

from twentegeo.publish.maps.mapping import Ground
from twentegeo.publish.project.write import layer_extents
from twentegeo.publish.sheets.design import credits_of
from twentegeo.publish.sheets.items import Extent
from twentegeo.tables.layers import BRON, BUURT, GEMEENTE, HECTARE, PAND, PRIORITEITSGEBIED, VERBLIJFSOBJECT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd
    import numpy.typing as npt

    from twentegeo.publish.classes import ClassTables
    from twentegeo.publish.edition import Edition
    from twentegeo.publish.styles.drawings import Drawing
    from twentegeo.tables.contract import Table

REGION: Final = ""
"""In place of the code of a municipality: all of them."""

_NETHERLANDS: Final = Extent(0.0, 300_000.0, 300_000.0, 625_000.0)


@dataclass(frozen=True)
class Contents:
    """
    A release, opened.

    Attributes
    ----------
    package
        Its GeoPackage.
    extents
        Extent by layer that it holds; None for a table.
    classes
        Class tables by name.
    edition
        Region, date, run and notice.
    """

    package: Path
    extents: dict[str, Extent | None]
    classes: ClassTables
    edition: Edition

    @property
    def ground(self) -> Ground:
        """What maps are drawn from."""
        return Ground(self.package, frozenset(self.extents), self.classes)

    @property
    def region(self) -> Extent:
        """Extent of the region."""
        found = (self.extents.get(table.name) for table in (GEMEENTE, HECTARE))
        return next((extent for extent in found if extent), _NETHERLANDS)

    @cached_property
    def credit(self) -> str:
        """Who made the data, in one line."""
        if BRON.name not in self.extents:
            return ""
        frame = self._plain(BRON, ["bron", "bronhouder"])
        return credits_of(list(zip(frame["bron"], frame["bronhouder"], strict=True)))

    @cached_property
    def municipalities(self) -> gpd.GeoDataFrame:
        """Rows of ``gemeente`` by name; none where the layer was left out."""
        return self._mapped(GEMEENTE).sort_values("naam", ignore_index=True)

    @cached_property
    def areas(self) -> gpd.GeoDataFrame:
        """Rows of ``prioriteitsgebied`` by rank, those without one last; none where the layer was left out."""
        return self._mapped(PRIORITEITSGEBIED).sort_values("rang", na_position="last", ignore_index=True)

    @cached_property
    def cells(self) -> pd.DataFrame:
        """Rows of ``hectare`` with ``gemeente_code``, the municipality in which its middle lies."""
        frame = self._mapped(HECTARE)
        middle = shapely.centroid(frame.geometry.to_numpy())
        return pd.DataFrame(frame.drop(columns="geometry")).assign(gemeente_code=self.municipality_at(middle))

    @cached_property
    def quarters(self) -> pd.DataFrame:
        """Rows of ``buurt`` without geometry."""
        return self._plain(BUURT)

    @cached_property
    def buildings(self) -> pd.DataFrame:
        """Rows of ``pand`` without geometry: what a legend of labels asks for."""
        return self._plain(PAND, ["gemeente_code", "heeft_woning", "label_slechtste", "n_woningen"])

    @cached_property
    def homes(self) -> pd.DataFrame:
        """Rows of ``verblijfsobject`` without geometry: what is counted by municipality."""
        columns = ["gemeente_code", "energielabel", "label_status", "levensloop_klasse", "kwadrant"]
        return self._plain(VERBLIJFSOBJECT, columns)

    def municipality_at(self, points: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
        """
        Find the municipality of points.

        Parameters
        ----------
        points
            Shape (n,), points in RD New.

        Returns
        -------
        codes
            Shape (n,); empty text outside all of them.
        """
        # few large shapes are asked of a tree of points: the other way round each point is held against each border
        area, point = shapely.STRtree(points).query(self.municipalities.geometry.to_numpy(), predicate="intersects")
        codes = np.full(len(points), REGION, dtype=object)
        codes[point] = self.municipalities["code"].to_numpy(dtype=object)[area]
        return codes

    def _mapped(self, table: Table) -> gpd.GeoDataFrame:
        if table.name in self.extents:
            return pyogrio.read_dataframe(self.package, layer=table.name, use_arrow=True)
        import geopandas as gpd  # noqa: PLC0415 - a release without this layer is rare

        return gpd.GeoDataFrame({name: [] for name in table.names}, geometry=[], crs="EPSG:28992")

    def _plain(self, table: Table, columns: Sequence[str] | None = None) -> pd.DataFrame:
        if table.name not in self.extents:
            return pd.DataFrame(columns=list(columns or table.names))
        read: pd.DataFrame = pyogrio.read_dataframe(
            self.package, layer=table.name, columns=columns, read_geometry=False, use_arrow=True
        )
        return read


def open_release(package: Path, classes: ClassTables, edition: Edition) -> Contents:
    """
    Open a release.

    Parameters
    ----------
    package
        Its GeoPackage.
    classes
        Class tables by name.
    edition
        Region, date, run and notice.

    Returns
    -------
    contents
        Read as far as it is asked for.
    """
    return Contents(package, layer_extents(package), classes, edition)


def dwellings_by_line(drawing: Drawing, rows: pd.DataFrame) -> list[int]:
    """
    Count the dwellings behind each line of a legend.

    Parameters
    ----------
    drawing
        Draws the layer of the rows.
    rows
        Rows of a layer; a row stands for ``n_woningen`` dwellings, or for one where there is no such column.

    Returns
    -------
    counts
        For each line with a symbol, in order.
    """
    weight = rows["n_woningen"].to_numpy(dtype=float) if "n_woningen" in rows else np.ones(len(rows))
    return [int(np.nansum(weight[mask])) for _, mask in drawing.drawn(rows)] if len(rows) else []


def of_municipality(rows: pd.DataFrame, code: str) -> pd.DataFrame:
    """
    Take the rows of a municipality.

    Parameters
    ----------
    rows
        With a column ``gemeente_code``.
    code
        Of a municipality, or :data:`REGION`.

    Returns
    -------
    rows
        Those in it; all for the region.
    """
    return rows if code == REGION else rows[rows["gemeente_code"] == code]
