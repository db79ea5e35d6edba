"""
From significant cells to areas that follow the buildings.

The test says *that* need is concentrated, per hectare and band; it is too coarse to say where the concentration ends.
Around the cells found, every building is therefore judged (:mod:`twentegeo.areas.membership`). What belongs is closed,
freed of narrow links, and laid along the buildings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import scipy
import shapely
from pydantic import Field

from twentegeo.areas.blocks import follow_buildings, in_order
from twentegeo.areas.lattice import Lattice, disc
from twentegeo.areas.membership import MembershipParams, belonging
from twentegeo.crs import RD_NEW_TEXT
from twentegeo.tables.keys import is_among, positions
from twentegeo.tables.parameters import Parameters

if TYPE_CHECKING:
    import numpy.typing as npt

    from twentegeo.tables.shapes import Mapped

    Floats = npt.NDArray[np.float64]


class OutlineParams(Parameters):
    """What steers the drawing of tested areas."""

    zoekafstand_m: int = Field(
        default=200,
        ge=0,
        description=(
            "Afstand rond significante cellen waarin de grens gezocht wordt (m); gelijk aan de kleinste band, want zo"
            " ver spreekt de toets van een cel over haar buren."
        ),
    )
    grens: MembershipParams = Field(
        default_factory=MembershipParams, description="Welke panden bij een concentratie horen."
    )
    sluiten_m: float = Field(
        default=40.0,
        gt=0,
        description="Openingen tot tweemaal deze afstand horen bij het gebied (m); een straat met tuinen is 40 a 60 m.",
    )
    rand_m: float = Field(
        default=15.0,
        ge=0,
        description="Rand om de panden van een gebied (m): stoep en tuin; hoogstens sluiten_m.",
    )
    min_woningen: int = Field(
        default=30,
        ge=1,
        description=(
            "Woningen die een gebied ten minste heeft (woningen); onder de 30 is rangschikken op geschatte cijfers"
            " niet verantwoord (methode, paragraaf 5.5)."
        ),
    )
    samen_m: float = Field(
        default=120.0,
        ge=0,
        description=(
            "Delen van een zone die hoogstens zover uiteen liggen zijn een gebied (m); een cel met speling, want binnen"
            " een cel kan de toets ze niet scheiden: een weg of beek, of een gemeentegrens, deelt geen gebied."
        ),
    )
    min_deel: int = Field(
        default=10,
        ge=1,
        description="Woningen die zo'n deel ten minste heeft (woningen); een los rijtje rekt geen gebied op.",
    )
    min_overschot: float = Field(
        default=10.0,
        ge=0,
        le=100,
        description="Gemiddeld verschil met de verwachting dat een gebied ten minste heeft (procentpunt).",
    )
    min_tekort: float = Field(
        default=25.0,
        ge=0,
        le=100,
        description=(
            "Gemiddelde opgave van een gebied ten minste (0-100); een wijk kan bijzonder zijn voor haar bouwjaar en"
            " toch weinig te doen geven."
        ),
    )


_FOOTPRINT_M = 40.0
"""Points of dwellings may lie this much farther apart than their buildings, metres: two halves of a large one."""


@dataclass(frozen=True)
class Drawn:
    """
    The areas and who lies in them.

    Attributes
    ----------
    areas
        One row per area from 0, west to east: geometry (polygons in RD New, no two overlap) and ``n_woningen``.
    member
        Index of the dwellings as given: number of the area, -1 outside. A dwelling is in one area at most.
    """

    areas: gpd.GeoDataFrame
    member: pd.Series[int]


def draw_areas(dwellings: gpd.GeoDataFrame, panden: Mapped, hot: pd.Index, parameters: OutlineParams) -> Drawn:
    """
    Draw the areas around significant cells.

    Parameters
    ----------
    dwellings
        One row per dwelling: points in RD New, ``pand_id`` (NaN allowed), ``cel_id``, ``tekort`` and ``verwacht``
        (0-100, NaN where unknown), and perhaps ``is_bewijs`` (see :func:`twentegeo.areas.smoothing.cell_need`).
    panden
        Buildings, with ``pand_id``, with or without dwellings.
    hot
        ``cel_id`` of the significant cells.
    parameters
        Distances and least sizes.

    Returns
    -------
    drawn
        Areas and members; no rows where nothing is large enough.
    """
    nobody = pd.Series(-1, index=dwellings.index, name="gebied", dtype="int64")
    if not len(hot) or not len(dwellings):
        return Drawn(_no_areas(), nobody)
    zone = _zones(dwellings["cel_id"], hot, parameters.zoekafstand_m)
    near = np.flatnonzero(zone >= 0)
    is_hot = is_among(dwellings["cel_id"].iloc[near], hot)
    chosen = near[belonging(dwellings.iloc[near], zone[near], is_hot, parameters.grens)]
    chosen = _together(chosen, dwellings, hot, parameters)
    shapes = _joined(_closed(dwellings.iloc[chosen], panden, parameters), dwellings.iloc[chosen], parameters)
    shapes = _promising(shapes, dwellings, hot, parameters)
    shapes, inside = follow_buildings(shapes, dwellings, panden)
    return _large_enough(shapes, inside, dwellings, hot, parameters)


def _zones(cel_id: pd.Series[str], hot: pd.Index, reach_m: int) -> npt.NDArray[np.int64]:
    """(n,) number of the zone around touching significant cells that each dwelling lies in, -1 outside."""
    cells = pd.Index(cel_id.unique()).union(hot)
    lattice = Lattice.of(cells)
    grid = lattice.place(cells.isin(hot))
    wide = scipy.ndimage.binary_dilation(grid, disc(reach_m) > 0) if reach_m else grid
    numbered, _ = scipy.ndimage.label(wide, structure=np.ones((3, 3), dtype=int))
    zone = np.asarray(lattice.pick(numbered), dtype="int64") - 1
    return zone[positions(cel_id, cells)]


def _together(
    chosen: npt.NDArray[np.int64], dwellings: gpd.GeoDataFrame, hot: pd.Index, parameters: OutlineParams
) -> npt.NDArray[np.int64]:
    """
    Drop scattered homes before the dear work on shapes: groups that no closing or joining can make an area of.

    What is closed in between is no worse than the members, so a group that lacks need can only lose it; it may gain
    dwellings, so half the number is enough here.
    """
    if not len(chosen):
        return chosen
    points = shapely.get_coordinates(dwellings.geometry.to_numpy()[chosen])
    reach = max(parameters.samen_m, 2 * parameters.sluiten_m) + _FOOTPRINT_M
    pairs = scipy.spatial.cKDTree(points).query_pairs(reach, output_type="ndarray")
    links = scipy.sparse.coo_array((np.ones(len(pairs), dtype=bool), pairs.T), shape=(len(chosen), len(chosen)))
    size, group = scipy.sparse.csgraph.connected_components(links, directed=False)
    inside = np.full(len(dwellings), -1, dtype="int64")
    inside[chosen] = group
    fewer = parameters.model_copy(update={"min_woningen": max(parameters.min_woningen // 2, 1)})
    kept = np.zeros(size, dtype=bool)
    kept[_sufficient(size, inside, dwellings, hot, fewer)] = True
    together: npt.NDArray[np.int64] = chosen[kept[group]]
    return together


def _closed(dwellings: gpd.GeoDataFrame, panden: Mapped, parameters: OutlineParams) -> list[shapely.Polygon]:
    """Grow, close, shrink and free of narrow links, in metres instead of pixels."""
    lived_in = np.flatnonzero(is_among(panden.rows["pand_id"], dwellings["pand_id"]))
    footprints = panden.taken(lived_in).geometry.to_numpy()
    parts = in_order(np.concatenate([footprints, dwellings.geometry.to_numpy()]))
    grown = shapely.buffer(parts, parameters.sluiten_m, quad_segs=4)
    back = parameters.sluiten_m - parameters.rand_m
    closed = shapely.buffer(shapely.union_all(grown), -back, quad_segs=4)
    rim = parameters.rand_m
    opened = shapely.buffer(shapely.buffer(closed, -rim, quad_segs=4), rim, quad_segs=4)
    parts = shapely.get_parts(shapely.simplify(opened, 1.0))
    return [shapely.Polygon(part.exterior) for part in parts if not part.is_empty]


def _joined(
    shapes: list[shapely.Polygon], dwellings: gpd.GeoDataFrame, parameters: OutlineParams
) -> list[shapely.Polygon]:
    """Make one area of parts that lie close together, bridging what lies between; drop scattered homes."""
    if not shapes:
        return []
    part, _ = shapely.STRtree(dwellings.geometry.to_numpy()).query(shapes, predicate="intersects")
    size = np.bincount(part, minlength=len(shapes))
    kept = np.array(shapes, dtype=object)[size >= parameters.min_deel]
    half = parameters.samen_m / 2
    bridged = shapely.buffer(shapely.union_all(shapely.buffer(kept, half, quad_segs=4)), -half, quad_segs=4)
    return [shapely.Polygon(each.exterior) for each in shapely.get_parts(bridged) if not each.is_empty]


def _promising(
    shapes: list[shapely.Polygon], dwellings: gpd.GeoDataFrame, hot: pd.Index, parameters: OutlineParams
) -> list[shapely.Polygon]:
    """Drop the rough shapes that cannot become an area, before the dear work of laying the others along buildings."""
    if not shapes:
        return []
    inside = np.full(len(dwellings), -1, dtype="int64")
    shape, point = shapely.STRtree(dwellings.geometry.to_numpy()).query(shapes, predicate="intersects")
    inside[point] = shape
    return [shapes[number] for number in _sufficient(len(shapes), inside, dwellings, hot, parameters)]


def _sufficient(
    size: int, inside: npt.NDArray[np.int64], dwellings: gpd.GeoDataFrame, hot: pd.Index, parameters: OutlineParams
) -> npt.NDArray[np.int64]:
    """Numbers of the areas with enough dwellings, enough need and a significant cell."""
    members = dwellings[["cel_id", "tekort", "verwacht"]][inside >= 0]
    number = inside[inside >= 0]
    count = np.bincount(number, minlength=size)
    touched = np.bincount(number, weights=is_among(members["cel_id"], hot), minlength=size)
    mean = members[["tekort", "verwacht"]].groupby(number).mean().reindex(range(size))
    enough = (count >= parameters.min_woningen) & (touched > 0) & (mean["tekort"] >= parameters.min_tekort)
    return np.flatnonzero(enough & (mean["tekort"] - mean["verwacht"] >= parameters.min_overschot))


def _large_enough(
    shapes: list[shapely.Geometry],
    inside: npt.NDArray[np.int64],
    dwellings: gpd.GeoDataFrame,
    hot: pd.Index,
    parameters: OutlineParams,
) -> Drawn:
    """Keep areas with enough dwellings, enough need and a significant cell; number them from west to east."""
    size = len(shapes)
    count = np.bincount(inside[inside >= 0], minlength=size)
    kept = _sufficient(size, inside, dwellings, hot, parameters)
    if not len(kept):
        return Drawn(_no_areas(), pd.Series(-1, index=dwellings.index, name="gebied", dtype="int64"))
    geometry = np.array(shapes, dtype=object)[kept]
    order = np.lexsort(shapely.bounds(geometry)[:, :2].T[::-1])
    number = np.full(size + 1, -1)
    number[kept[order]] = np.arange(len(kept))
    areas = gpd.GeoDataFrame({"n_woningen": count[kept][order]}, geometry=geometry[order], crs=RD_NEW_TEXT)
    return Drawn(areas, pd.Series(number[inside], index=dwellings.index, name="gebied", dtype="int64"))


def _no_areas() -> gpd.GeoDataFrame:
    nothing = {"n_woningen": pd.Series([], dtype="int64")}
    return cast("gpd.GeoDataFrame", gpd.GeoDataFrame(nothing, geometry=gpd.GeoSeries([], crs=RD_NEW_TEXT)))
