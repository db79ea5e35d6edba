"""
From significant cells to areas that follow the buildings.

The test says *that* need is concentrated, per hectare and band; it is too coarse to say where the concentration ends.
Around the cells found, every dwelling is therefore judged by the dwellings within some tens of metres: do their labels
fit the need of the core better than what was to be expected of them? What remains is closed, freed of narrow links,
and laid along the buildings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pydantic import Field
from scipy import ndimage, sparse
from scipy.spatial import cKDTree

from twentegeo.areas.blocks import follow_buildings
from twentegeo.areas.lattice import Lattice, disc
from twentegeo.areas.smoothing import is_evidence
from twentegeo.crs import RD_NEW_TEXT
from twentegeo.tables.parameters import Parameters

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


_TURNS = 6
"""Rounds in which the need inside a zone's area settles."""

_SURE = 0.03
"""No chance is believed nearer to none or all than this, so that one odd label cannot decide by itself."""


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
    omgeving_m: float = Field(
        default=50.0,
        gt=0,
        description=(
            "Afstand waarover de opgave van woningen gemiddeld wordt om de grens te vinden (m); 50 m omvat in een"
            " woonwijk 15 tot 30 woningen, genoeg om toeval te dempen en klein genoeg voor een blok."
        ),
    )
    sluiten_m: float = Field(
        default=30.0,
        gt=0,
        description="Openingen tot tweemaal deze afstand horen bij het gebied (m); een straat met tuinen is 40 a 60 m.",
    )
    rand_m: float = Field(
        default=15.0,
        ge=0,
        description="Rand om de panden van een gebied (m): stoep en tuin; kleiner dan sluiten_m.",
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


def draw_areas(
    dwellings: gpd.GeoDataFrame, panden: gpd.GeoDataFrame, hot: pd.Index, parameters: OutlineParams
) -> Drawn:
    """
    Draw the areas around significant cells.

    Parameters
    ----------
    dwellings
        One row per dwelling: points in RD New, ``pand_id`` (NaN allowed), ``cel_id``, ``tekort`` and ``verwacht``
        (0-100, NaN where unknown), and perhaps ``is_bewijs`` (see :func:`twentegeo.areas.smoothing.cell_need`).
    panden
        Buildings: ``pand_id``, polygons in RD New, with or without dwellings.
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
    is_hot = dwellings["cel_id"].isin(hot).to_numpy()[near]
    chosen = near[_belonging(dwellings.iloc[near], zone[near], is_hot, parameters.omgeving_m)]
    shapes = _joined(_closed(dwellings.iloc[chosen], panden, parameters), dwellings.iloc[chosen], parameters)
    shapes, inside = follow_buildings(shapes, dwellings, panden)
    return _large_enough(shapes, inside, dwellings, hot, parameters)


def _zones(cel_id: pd.Series[str], hot: pd.Index, reach_m: int) -> npt.NDArray[np.int64]:
    """(n,) number of the zone around touching significant cells that each dwelling lies in, -1 outside."""
    cells = pd.Index(cel_id.unique()).union(hot)
    lattice = Lattice.of(cells)
    grid = lattice.place(cells.isin(hot))
    wide = ndimage.binary_dilation(grid, disc(reach_m) > 0) if reach_m else grid
    numbered, _ = ndimage.label(wide, structure=np.ones((3, 3), dtype=int))
    zone = pd.Series(np.asarray(lattice.pick(numbered), dtype="int64") - 1, index=cells)
    return zone.reindex(cel_id).to_numpy()


def _belonging(
    dwellings: gpd.GeoDataFrame, zone: npt.NDArray[np.int64], is_hot: npt.NDArray[np.bool_], reach_m: float
) -> npt.NDArray[np.bool_]:
    """
    Dwellings whose surroundings are likelier under the need of the zone's core than under what is expected of them.

    The need of the core begins as that of the significant cells where it lies above their mean, and is then that of
    the dwellings found, by turns (the likelihood ratio of Kulldorff 1997, in surroundings of fixed size).
    """
    known = is_evidence(dwellings).to_numpy() & dwellings["verwacht"].notna().to_numpy()
    need = np.where(known, dwellings["tekort"].to_numpy(dtype="float64", na_value=0.0) / 100, 0.0)
    expected = np.clip(np.where(known, dwellings["verwacht"].to_numpy(dtype="float64") / 100, 0.5), _SURE, 1 - _SURE)
    nearby = _neighbours(dwellings, reach_m)
    weight = nearby @ known.astype("float64")
    excess = np.divide(nearby @ (need - expected * known), weight, out=np.full(len(weight), -1.0), where=weight > 0)
    core = pd.Series(excess[is_hot]).groupby(zone[is_hot]).quantile(0.9).reindex(zone).to_numpy() / 2
    member = (excess >= core) & is_hot
    for _ in range(_TURNS):
        inside = member & known
        rate = pd.Series(need[inside]).groupby(zone[inside]).mean().reindex(zone).to_numpy()
        rate = np.clip(rate, _SURE, 1 - _SURE)
        ratio = need * np.log(rate / expected) + (1 - need) * np.log((1 - rate) / (1 - expected))
        evidence = nearby @ np.where(known, ratio, 0.0)
        member = (np.round(evidence, 9) > 0) & (weight > 0)
    return np.asarray(member)


def _neighbours(dwellings: gpd.GeoDataFrame, reach_m: float) -> sparse.csr_array:
    """(n, n) one for each pair of dwellings within reach, a dwelling and itself included."""
    points = shapely.get_coordinates(dwellings.geometry.to_numpy())
    pairs = cKDTree(points).query_pairs(reach_m, output_type="ndarray")
    itself = np.arange(len(points))
    here = np.concatenate([pairs[:, 0], pairs[:, 1], itself])
    there = np.concatenate([pairs[:, 1], pairs[:, 0], itself])
    return sparse.csr_array((np.ones(len(here)), (here, there)), shape=(len(points), len(points)))


def _closed(dwellings: gpd.GeoDataFrame, panden: gpd.GeoDataFrame, parameters: OutlineParams) -> list[shapely.Polygon]:
    """Grow, close, shrink and free of narrow links, in metres instead of pixels."""
    footprints = panden.geometry[panden["pand_id"].isin(dwellings["pand_id"])].to_numpy()
    grown = shapely.buffer(
        np.concatenate([footprints, dwellings.geometry.to_numpy()]), parameters.sluiten_m, quad_segs=4
    )
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


def _large_enough(
    shapes: list[shapely.Geometry],
    inside: npt.NDArray[np.int64],
    dwellings: gpd.GeoDataFrame,
    hot: pd.Index,
    parameters: OutlineParams,
) -> Drawn:
    """Keep areas with enough dwellings, enough need and a significant cell; number them from west to east."""
    size = len(shapes)
    member = inside >= 0
    count = np.bincount(inside[member], minlength=size)
    touched = np.bincount(inside[member], weights=dwellings["cel_id"].isin(hot).to_numpy()[member], minlength=size)
    mean = dwellings[["tekort", "verwacht"]].groupby(inside).mean().reindex(range(size))
    enough = (count >= parameters.min_woningen) & (touched > 0) & (mean["tekort"] >= parameters.min_tekort)
    kept = np.flatnonzero(enough & (mean["tekort"] - mean["verwacht"] >= parameters.min_overschot))
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
