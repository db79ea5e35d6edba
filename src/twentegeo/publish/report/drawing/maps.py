"""Small maps: areas as SVG paths, each drawn once and coloured as often as there are maps."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

WIDTH: Final = 4600
"""Units across the canvas; whole numbers keep the page small, ten units are about one pixel."""

_FINE: Final = 8.0
"""What is smaller than this many units is not drawn: less than a pixel."""


@dataclass(frozen=True, slots=True)
class Canvas:
    """
    What a map shows.

    Attributes
    ----------
    west, north
        RD New, metres, of the upper left corner.
    unit
        Metres in one unit of the canvas.
    height
        Units; the width is :data:`WIDTH`.
    """

    west: float
    north: float
    unit: float
    height: int


@dataclass(frozen=True, slots=True)
class Shape:
    """An area: what it is called on the page, its outline as an SVG path, and its name for people."""

    key: str
    path: str
    name: str


def canvas(areas: pd.DataFrame) -> Canvas | None:
    """
    Fit a map around areas.

    Parameters
    ----------
    areas
        A GeoDataFrame in RD New.

    Returns
    -------
    canvas
        With a margin of a fiftieth on every side; None without areas.
    """
    if not len(areas):
        return None
    west, south, east, north = shapely.total_bounds(areas.geometry.to_numpy())
    margin = max(east - west, north - south) / 50
    unit = (east - west + 2 * margin) / WIDTH
    return Canvas(west - margin, north + margin, unit, int(np.ceil((north - south + 2 * margin) / unit)))


def shapes(areas: pd.DataFrame, frame: Canvas, *, key: str, name: str, prefix: str) -> list[Shape]:
    """
    Draw areas.

    Parameters
    ----------
    areas
        A GeoDataFrame in RD New; neighbours may share borders, which stay shared.
    frame
        The canvas.
    key, name
        Columns with the code and the name of an area.
    prefix
        Starts the key of each shape, so that keys of several layers differ.

    Returns
    -------
    shapes
        One per area that is large enough to see.
    """
    whole = shapely.coverage_simplify(areas.geometry.to_numpy(), _FINE / 2 * frame.unit)
    return [
        Shape(f"{prefix}{code}", path, str(called))
        for code, called, path in zip(areas[key], areas[name], _paths(whole, frame), strict=True)
        if path
    ]


def outlines(areas: pd.DataFrame, frame: Canvas) -> list[str]:
    """
    Draw areas that do not border each other.

    Parameters
    ----------
    areas
        A GeoDataFrame in RD New.
    frame
        The canvas.

    Returns
    -------
    paths
        One SVG path per area; empty where it is too small to see.
    """
    return _paths(shapely.simplify(areas.geometry.to_numpy(), _FINE / 2 * frame.unit), frame)


def middles(areas: pd.DataFrame, frame: Canvas) -> list[tuple[int, int]]:
    """
    Place a mark in each area.

    Parameters
    ----------
    areas
        A GeoDataFrame in RD New.
    frame
        The canvas.

    Returns
    -------
    places
        One point (x, y) inside each area.
    """
    points = shapely.get_coordinates(shapely.point_on_surface(areas.geometry.to_numpy()))
    places = np.rint((points - (frame.west, frame.north)) / (frame.unit, -frame.unit)).astype(np.int64)
    return [(int(x), int(y)) for x, y in places]


def _paths(geometry: npt.NDArray[np.object_], frame: Canvas) -> list[str]:
    """Write each geometry as moves and relative lines between whole numbers."""
    parts, part_of = shapely.get_parts(geometry, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    owner = part_of[ring_part]
    points, ring_of = shapely.get_coordinates(rings, return_index=True)
    places = np.rint((points - (frame.west, frame.north)) / (frame.unit, -frame.unit)).astype(np.int64)
    starts = np.searchsorted(ring_of, np.arange(len(rings) + 1))
    paths = [""] * len(geometry)
    for ring, (start, end) in enumerate(itertools.pairwise(starts.tolist())):
        paths[owner[ring]] += _ring(places[start:end])
    return paths


def _ring(places: npt.NDArray[np.int64]) -> str:
    steps = np.diff(places, axis=0)[:-1]
    steps = steps[(steps != 0).any(axis=1)]
    if np.ptp(places, axis=0).max(initial=0) < _FINE or len(steps) < 2:  # noqa: PLR2004
        return ""
    x, y = places[0]
    lines = " ".join(f"{dx},{dy}" for dx, dy in steps.tolist())
    return f"M{x},{y}l{lines}z"
