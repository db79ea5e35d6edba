"""The rows of areas behind lists, cards, search, ranking and comparison, in one small file."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from twentegeo.publish.site import contents
from twentegeo.publish.site.contents import PILLARS, on_the_web, with_pillars, with_quadrant

if TYPE_CHECKING:
    import geopandas as gpd

    from twentegeo.publish.site.contents import Layers, Weighing

PRIORITY: Final = "prioriteitsgebied"
_DEGREES: Final = 5
"""Decimals of a degree: about a metre."""


def area_rows(layers: Layers, weighing: Weighing) -> dict[str, Any]:
    """
    Gather the areas.

    Parameters
    ----------
    layers
        What the release holds.
    weighing
        Gives pillars and quadrants.

    Returns
    -------
    rows
        By layer ``{"kolommen": names, "rijen": one list per area}``. Besides the columns of the layer: ``pijler_*``
        (0-100), ``kader`` (west, south, east, north) and ``punt`` (a point inside), both in degrees.
    """
    wanted = {PRIORITY: contents.PRIORITY_COLUMNS, **dict.fromkeys(contents.AREA_LAYERS, contents.AREA_COLUMNS)}
    return {
        name: as_columns(_frame(layers.read(name, columns), weighing))
        for name, columns in wanted.items()
        if layers.counts.get(name)
    }


def bounds_of(rows: dict[str, Any]) -> list[float]:
    """
    Frame the region.

    Parameters
    ----------
    rows
        What :func:`area_rows` gives.

    Returns
    -------
    bounds
        West, south, east, north in degrees: of the municipalities, or of whatever areas there are; the Netherlands
        where there are none.
    """
    for name in ("gemeente", "wijk", "buurt", PRIORITY):
        if name in rows:
            place = rows[name]["kolommen"].index("kader")
            frames = np.array([row[place] for row in rows[name]["rijen"]])
            return [*frames[:, :2].min(axis=0).tolist(), *frames[:, 2:].max(axis=0).tolist()]
    return [3.3, 50.7, 7.3, 53.6]


def as_columns(frame: pd.DataFrame) -> dict[str, Any]:
    """
    Put a frame in JSON: names once, then the values.

    Parameters
    ----------
    frame
        Texts, numbers, dates and lists.

    Returns
    -------
    table
        ``{"kolommen": [...], "rijen": [[...], ...]}``; what is unknown is null.
    """
    columns = [[_plain(value) for value in frame[name].tolist()] for name in frame.columns]
    return {"kolommen": list(frame.columns), "rijen": [list(row) for row in zip(*columns, strict=True)]}


def _frame(rows: gpd.GeoDataFrame, weighing: Weighing) -> pd.DataFrame:
    judged = with_pillars(with_quadrant(rows, weighing, "gebied"), weighing)
    shapes = on_the_web(judged).geometry.to_numpy()
    points = shapely.get_coordinates(shapely.point_on_surface(shapes)).round(_DEGREES)
    frames = shapely.bounds(shapes).round(_DEGREES)
    plain = pd.DataFrame(judged.drop(columns=judged.geometry.name))
    plain = plain.round(dict.fromkeys([name for name in plain if str(name).startswith(PILLARS)], 2))
    return plain.assign(kader=frames.tolist(), punt=points.tolist())


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return value
    if value is None or pd.isna(value):
        return None
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() else value
    return value
