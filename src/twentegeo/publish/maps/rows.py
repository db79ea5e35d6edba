"""The rows of a release that a map shows, read from its GeoPackage by extent."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyogrio

from twentegeo.tables.layers import GEMEENTE, HECTARE, PRIORITEITSGEBIED

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from twentegeo.publish.sheets.items import Extent

SMALL: Final = frozenset({GEMEENTE.name, PRIORITEITSGEBIED.name, HECTARE.name, "wijk", "buurt"})
"""Layers that are read once, whole; of the others only what a map shows."""


def rows_within(package: Path, layer: str, columns: Sequence[str], extent: Extent) -> gpd.GeoDataFrame:
    """
    Read what a map shows of a layer.

    Parameters
    ----------
    package
        GeoPackage of a release.
    layer
        Name of a layer that it holds.
    columns
        Columns that are asked for.
    extent
        What the map shows.

    Returns
    -------
    rows
        Those whose bounds touch the extent, in the order of the file.
    """
    sides = (extent.xmin, extent.ymin, extent.xmax, extent.ymax)
    if layer not in SMALL:
        return pyogrio.read_dataframe(package, layer=layer, columns=list(columns), bbox=sides, use_arrow=True)
    whole = _whole(str(package), layer)
    bounds = whole.geometry.bounds
    touches = (
        (bounds["minx"] <= extent.xmax)
        & (bounds["maxx"] >= extent.xmin)
        & (bounds["miny"] <= extent.ymax)
        & (bounds["maxy"] >= extent.ymin)
    )
    return whole[touches]


@lru_cache(maxsize=8)
def _whole(package: str, layer: str) -> gpd.GeoDataFrame:
    return pyogrio.read_dataframe(Path(package), layer=layer, use_arrow=True)
