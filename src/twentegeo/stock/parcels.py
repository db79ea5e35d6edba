"""Pand on perceel by largest overlap, and how much of a perceel is built on."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd
import shapely
from pydantic import Field

from twentegeo.tables.contract import conform
from twentegeo.tables.losses import Reason, account, gather
from twentegeo.tables.parameters import Parameters
from twentegeo.tables.stock import PAND_PERCEEL

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]
    Geometries = npt.NDArray[np.object_]

logger = logging.getLogger(__name__)

OP_PERCEEL: Final = "pand op perceel"

GEEN_PERCEEL: Final = Reason(
    OP_PERCEEL,
    "pand",
    "geen perceel op deze plaats",
    "Controleer of de perceellevering de hele regio dekt; boven water en openbaar gebied kan een perceel ontbreken.",
)
ALLEEN_GRENS: Final = Reason(
    OP_PERCEEL,
    "pand",
    "raakt alleen de grens van een perceel",
    "Controleer of de perceellevering de hele regio dekt; het buurperceel ontbreekt waarschijnlijk.",
)

MAJORITY: Final = 0.5 + 1e-9
"""Parcels do not overlap, so one that holds more than half of a pand has the largest part of it."""

_DECIMALS: Final = 6
"""Areas are compared in square millimetres: what differs less is rounding of coordinates, so a tie."""


class OverlapParams(Parameters):
    """How the work is divided, and what is too little to measure."""

    chunk_size: int = Field(20_000, ge=1, description="Panden per chunk; bounds the memory that intersections take.")
    threads: int = Field(2, ge=1, description="Threads; GEOS lets go of the interpreter while it computes.")
    negligible_m2: float = Field(
        0.01,
        ge=0,
        description="m². What is left of a pand beside the parcels already measured is not divided further below"
        " this; the BAG itself is drawn to 0.3 m.",
    )


DEFAULT: Final = OverlapParams()


class Pairs(NamedTuple):
    """
    Which pand touches which parcel.

    Attributes
    ----------
    pand, perceel
        Row positions in the two tables, sorted on pand.
    area
        Shared area in m², NaN where it was not needed for the largest overlap.
    """

    pand: Ints
    perceel: Ints
    area: Floats


@dataclass(frozen=True, slots=True)
class Overlap:
    """
    The parcel of each pand.

    Attributes
    ----------
    pand_perceel
        One row per pand on a parcel, by ``stock.PAND_PERCEEL``, sorted on ``pand_id``.
    pairs
        All touching pairs; :func:`built_area` goes on from them.
    losses, accounts
        Panden without a parcel by reason, and the sum.
    """

    pand_perceel: pd.DataFrame
    pairs: Pairs
    losses: pd.DataFrame
    accounts: pd.DataFrame


def largest_overlap(pand: gpd.GeoDataFrame, perceel: gpd.GeoDataFrame, params: OverlapParams = DEFAULT) -> Overlap:
    """
    Find the parcel that holds the largest part of each pand.

    A pand within the parcel that holds its centroid needs no intersection. Of the others that parcel is measured
    first; with more than half of the pand it is the largest. Only what remains is measured against every parcel
    it touches. Of parcels with equal parts the lowest ``perceel_id`` is taken.

    Parameters
    ----------
    pand
        Panden by ``bag.PAND``.
    perceel
        Parcels by ``registers.PERCEEL``. They may leave gaps but, as cadastral parcels, not overlap; copies of
        one parcel are harmless.
    params
        How the work is divided.

    Returns
    -------
    overlap
        The parcel of each pand and its share in percent; panden on none in the losses.
    """
    buildings, parcels = pand.geometry.to_numpy(), perceel.geometry.to_numpy()
    tree = shapely.STRtree(parcels)

    def measured(start: int) -> Pairs:
        found = _measured(buildings[start : start + params.chunk_size], parcels, tree)
        return Pairs(found.pand + start, found.perceel, found.area)

    with ThreadPoolExecutor(params.threads) as pool:
        chunks = list(pool.map(measured, range(0, len(buildings), params.chunk_size)))
    pairs = Pairs(*(np.concatenate([_NOTHING[i], *(chunk[i] for chunk in chunks)]) for i in range(3)))
    return _result(pand, perceel, pairs)


_NOTHING: Final = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float64))


def _measured(buildings: Geometries, parcels: Geometries, tree: shapely.STRtree) -> Pairs:
    """List the pairs of one chunk, with as many areas as it takes to know the largest."""
    inside = _covered(buildings, parcels, tree)
    left = np.setdiff1d(np.arange(len(buildings)), inside.pand)
    across = _shared(buildings[left], parcels, tree)
    pand, perceel, area = (
        np.concatenate(part) for part in zip(inside, (left[across.pand], across.perceel, across.area), strict=True)
    )
    order = np.lexsort((perceel, pand))
    return Pairs(pand[order], perceel[order], area[order])


def _covered(buildings: Geometries, parcels: Geometries, tree: shapely.STRtree) -> Pairs:
    """List the panden that lie within one parcel: most of them, and the cheapest to tell."""
    pand, perceel = tree.query(buildings)
    middle = shapely.centroid(buildings)
    own, row = _own(parcels, perceel)
    holds = np.flatnonzero(shapely.intersects_xy(own[row], shapely.get_x(middle)[pand], shapely.get_y(middle)[pand]))
    holds = holds[shapely.covers(own[row[holds]], buildings[pand[holds]])]
    return Pairs(pand[holds], perceel[holds], shapely.area(buildings[pand[holds]]))


def _shared(buildings: Geometries, parcels: Geometries, tree: shapely.STRtree) -> Pairs:
    """List the touching pairs of panden that lie within no single parcel."""
    pand, perceel = tree.query(buildings, predicate="intersects")
    own, row = _own(parcels, perceel)
    size = shapely.area(buildings)
    area = np.full(len(pand), np.nan)
    middle = shapely.centroid(buildings)
    holds = shapely.intersects_xy(own[row], shapely.get_x(middle)[pand], shapely.get_y(middle)[pand])
    first = np.flatnonzero(holds)
    area[first] = _shared_area(buildings[pand[first]], own[row[first]])
    settled = np.zeros(len(buildings), dtype=bool)
    settled[pand[np.nan_to_num(area) > MAJORITY * size[pand]]] = True
    rest = np.flatnonzero(np.isnan(area) & ~settled[pand])
    area[rest] = _shared_area(buildings[pand[rest]], own[row[rest]])
    return Pairs(pand, perceel, area)


def _own(parcels: Geometries, rows: Ints) -> tuple[Geometries, Ints]:
    """
    Copy and prepare the parcels that one thread asks about.

    GEOS completes a prepared geometry when it is first asked something, without a lock: two threads that ask the
    same parcel crash the process. Copies make every prepared parcel the property of one thread.
    """
    asked, row = np.unique(rows, return_inverse=True)
    own: Geometries = shapely.force_2d(parcels[asked])
    shapely.prepare(own)
    return own, row


def _shared_area(buildings: Geometries, parcels: Geometries) -> Floats:
    shared: Floats = shapely.area(shapely.intersection(buildings, parcels))
    return shared


def _largest(pairs: Pairs, perceel: gpd.GeoDataFrame) -> Ints:
    """Choose one pair per pand; the answer does not depend on the order of the parcels."""
    rounded = np.round(pairs.area, _DECIMALS)
    real = np.flatnonzero(rounded > 0)
    rank = pd.factorize(perceel["perceel_id"], sort=True)[0]
    ranked = real[np.lexsort((rank[pairs.perceel[real]], -rounded[real], pairs.pand[real]))]
    return ranked[np.unique(pairs.pand[ranked], return_index=True)[1]]


def _result(pand: gpd.GeoDataFrame, perceel: gpd.GeoDataFrame, pairs: Pairs) -> Overlap:
    best = _largest(pairs, perceel)
    areas = shapely.area(pand.geometry.to_numpy())
    row = pairs.pand[best]
    table = pd.DataFrame(
        {
            "pand_id": pand["pand_id"].to_numpy()[row],
            "perceel_id": perceel["perceel_id"].to_numpy()[pairs.perceel[best]],
            "aandeel_overlap": np.clip(100 * pairs.area[best] / areas[row], 0, 100),
        }
    )
    touched = np.bincount(pairs.pand, minlength=len(pand)) > 0
    placed = np.zeros(len(pand), dtype=bool)
    placed[row] = True
    losses = gather(
        [
            GEEN_PERCEEL.rows(pand["pand_id"][~touched]),
            ALLEEN_GRENS.rows(pand["pand_id"][touched & ~placed]),
        ]
    )
    logger.info("%d of %d panden on a parcel, %d touching pairs", len(best), len(pand), len(pairs.pand))
    return Overlap(
        conform(PAND_PERCEEL, table.sort_values("pand_id")),
        pairs,
        losses,
        account(
            OP_PERCEEL,
            "Panden op het perceel waar het grootste deel op ligt.",
            left=len(pand),
            right=len(perceel),
            matched=len(best),
        ),
    )


def built_area(
    pand: gpd.GeoDataFrame,
    perceel: gpd.GeoDataFrame,
    overlap: Overlap,
    wanted: pd.Series[str] | None = None,
    params: OverlapParams = DEFAULT,
) -> pd.DataFrame:
    """
    Measure how much of a parcel is covered by panden.

    Every pand that touches the parcel counts with the part that lies on it, whichever parcel it was given to.

    Parameters
    ----------
    pand, perceel, overlap
        The tables that :func:`largest_overlap` was given, unchanged, and what it gave.
    wanted
        Identifiers of the parcels to measure, for instance those with a dwelling; repeats are harmless. None
        measures all.
    params
        How the work is divided, and what is too little to measure.

    Returns
    -------
    bebouwd_m2
        ``perceel_id`` and ``bebouwd_m2``, sorted; zero without panden. The parts are added up: ground under two
        panden drawn over each other counts twice, but never more than the parcel itself. A part below
        ``negligible_m2`` may be left out.
    """
    buildings, parcels = pand.geometry.to_numpy(), perceel.geometry.to_numpy()
    ids = perceel["perceel_id"]
    asked = np.ones(len(ids), dtype=bool)
    if wanted is not None:
        asked = pd.Index(wanted).unique().get_indexer(pd.Index(ids)) >= 0
    pairs, area = overlap.pairs, overlap.pairs.area.copy()
    measured = np.bincount(pairs.pand, weights=np.nan_to_num(area), minlength=len(pand))
    left = shapely.area(buildings) - measured
    rest = np.flatnonzero(np.isnan(area) & asked[pairs.perceel] & (left > params.negligible_m2)[pairs.pand])

    def part(start: int) -> Floats:
        some = rest[start : start + params.chunk_size]
        return _shared_area(buildings[pairs.pand[some]], parcels[pairs.perceel[some]])

    with ThreadPoolExecutor(params.threads) as pool:
        area[rest] = np.concatenate([_NOTHING[2], *pool.map(part, range(0, len(rest), params.chunk_size))])
    covered = np.bincount(pairs.perceel, weights=np.nan_to_num(area), minlength=len(perceel))
    covered = np.minimum(covered, shapely.area(parcels))
    table = pd.DataFrame({"perceel_id": ids[asked], "bebouwd_m2": covered[asked]})
    return table.sort_values("perceel_id", ignore_index=True)
