"""
RD New (EPSG:28992) everywhere; this is the only module that reprojects.

Register geometry arrives in RD New and leaves in RD New. A table that says otherwise, or whose coordinates
lie outside the Netherlands, is refused rather than guessed at.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from pyproj import CRS, Transformer

from twentegeo.errors import SourceChanged, problem

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt

RD_NEW: Final = CRS.from_epsg(28992)
"""Amersfoort / RD New; metres, x east, y north."""

RD_NEW_TEXT: Final = "EPSG:28992"

BOUNDS: Final = (0.0, 300_000.0, 300_000.0, 625_000.0)
"""xmin, ymin, xmax, ymax of the European Netherlands in RD New, in metres."""

WEB_TEXT: Final = "EPSG:4326"
"""How web maps label longitude and latitude; what :func:`to_web` gives is ETRS89, which they take it for."""

_GRID: Final = Path(__file__).with_name("rdtrans2018.tif")
_PROJECTION: Final = (
    "+proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889 +k=0.9999079 +x_0=155000 +y_0=463000 +ellps=bessel"
)


def is_rd_new(crs: object) -> bool:
    """
    Tell whether a CRS is RD New, with or without a height axis.

    Parameters
    ----------
    crs
        Anything that pyproj understands, or None.

    Returns
    -------
    same
        True for EPSG:28992 and for the compound EPSG:7415 (RD New + NAP).
    """
    if crs is None:
        return False
    candidate = CRS.from_user_input(crs)
    horizontal = candidate.sub_crs_list[0] if candidate.is_compound else candidate
    if horizontal.to_epsg(min_confidence=20) == RD_NEW.to_epsg():
        return True
    # ESRI's .prj of RD New names no EPSG code; its projection method and ellipsoid tell
    return "RD_New" in horizontal.name or "RD New" in horizontal.name


def require_rd_new(frame: gpd.GeoDataFrame, path: Path | str, layer: str) -> gpd.GeoDataFrame:
    """
    Refuse a layer that is not in RD New.

    Parameters
    ----------
    frame
        Layer as read; its CRS is checked, its coordinates as well.
    path, layer
        Where it came from, for the message.

    Returns
    -------
    frame
        The same layer, its CRS spelled EPSG:28992.

    Raises
    ------
    SourceChanged
        The layer has another CRS, none, or coordinates outside the Netherlands.
    """
    if not is_rd_new(frame.crs):
        found = "geen coördinatenstelsel" if frame.crs is None else frame.crs.to_string()[:60]
        raise SourceChanged(
            problem(
                path,
                f"laag '{layer}' staat in {found} in plaats van RD (EPSG:28992)",
                "Lever de laag in EPSG:28992; twentegeo rekent niet stilzwijgend om",
            )
        )
    require_inside(frame.total_bounds, path, layer)
    return frame.set_crs(RD_NEW_TEXT, allow_override=True)


def require_inside(bounds: npt.ArrayLike, path: Path | str, layer: str) -> None:
    """
    Refuse coordinates that cannot lie in the Netherlands.

    Parameters
    ----------
    bounds
        xmin, ymin, xmax, ymax in metres; NaN (nothing to bound) passes.
    path, layer
        Where they came from, for the message.

    Raises
    ------
    SourceChanged
        A bound lies outside :data:`BOUNDS`.
    """
    xmin, ymin, xmax, ymax = np.asarray(bounds, dtype=float)
    if np.isnan(xmin):
        return
    if xmin < BOUNDS[0] or ymin < BOUNDS[1] or xmax > BOUNDS[2] or ymax > BOUNDS[3]:
        raise SourceChanged(
            problem(
                path,
                f"laag '{layer}' heeft coördinaten buiten Nederland"
                f" (x {xmin:.0f} tot {xmax:.0f}, y {ymin:.0f} tot {ymax:.0f})",
                "Controleer het coördinatenstelsel en de volgorde van de assen; verwacht wordt RD in meters",
            )
        )


def degrees(bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """
    Tell where a box lies on the globe, for catalogues; no layer is made with it.

    Parameters
    ----------
    bounds
        xmin, ymin, xmax, ymax in RD New, metres.

    Returns
    -------
    degrees
        West, south, east, north in ETRS89 (EPSG:4258): the box around the four bent sides, to 0.00001 degree. Without
        the grid of RDNAPTRANS it is a quarter of a metre off at most, which no catalogue shows.
    """
    # the latitude comes first in the register's own order of axes; a catalogue wants the longitude first
    there = Transformer.from_crs(RD_NEW, "EPSG:4258", always_xy=True)
    west, south, east, north = (round(value, 5) for value in there.transform_bounds(*bounds))
    return west, south, east, north


def to_web(geometry: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """
    Bring geometry to longitude and latitude for a web map.

    The transformation is RDNAPTRANS2018 with its official grid, which lies beside this module: the wheels of PROJ do
    not carry it, and without it points shift by up to 0.2 m. It is asked for by name, because PROJ never uses it on the
    way to EPSG:4326.

    Parameters
    ----------
    geometry
        Shape (n,), RD New, within :data:`BOUNDS`; None stays None.

    Returns
    -------
    geometry
        Shape (n,), degrees, longitude first; ETRS89, to be labelled :data:`WEB_TEXT`.

    Raises
    ------
    pyproj.exceptions.ProjError
        A point lies outside the grid, so outside the Netherlands.
    """

    def moved(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(_web_transformer().transform(points[:, 0], points[:, 1], errcheck=True))

    found: npt.NDArray[np.object_] = shapely.transform(geometry, moved)
    return found


@cache
def _web_transformer() -> Transformer:
    return Transformer.from_pipeline(
        f"+proj=pipeline +step +inv {_PROJECTION} +step +proj=hgridshift +grids={_GRID.as_posix()}"
        " +step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )
