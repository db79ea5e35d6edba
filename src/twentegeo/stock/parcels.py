"""Pand on perceel by largest overlap, and how much of a perceel is built on."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely
from pydantic import Field

from twentegeo.stock.touching import NOTHING, Pairs, measured, shared_area
from twentegeo.tables.boxes import meeting
from twentegeo.tables.contract import conform
from twentegeo.tables.keys import grouped, is_among
from twentegeo.tables.losses import Reason, account, gather
from twentegeo.tables.parameters import Parameters
from twentegeo.tables.stock import PAND_PERCEEL

if TYPE_CHECKING:
    import numpy.typing as npt

    from twentegeo.stock.overlap_memory import Known
    from twentegeo.stock.surveyed import Surveyed

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

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

_DECIMALS: Final = 6
"""Areas are compared in square millimetres: what differs less is rounding of coordinates, so a tie."""

_MANY: Final = 0.1
"""Where a greater share of the panden is measured, telling which parcels lie near takes longer than decoding all."""


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


def largest_overlap(
    pand: Surveyed,
    perceel: Surveyed,
    params: OverlapParams = DEFAULT,
    known: Known | None = None,
) -> Overlap:
    """
    Find the parcel that holds the largest part of each pand.

    A pand within the parcel that holds its centroid needs no intersection. Of the others that parcel is measured
    first; with more than half of the pand it is the largest. Only what remains is measured against every parcel
    it touches. Of parcels with equal parts the lowest ``perceel_id`` is taken.

    Parameters
    ----------
    pand
        Panden that stand, with ``pand_id``.
    perceel
        Parcels with ``perceel_id``. They may leave gaps but, as cadastral parcels, not overlap; copies of
        one parcel are harmless.
    params
        How the work is divided.
    known
        What an earlier night measured and still holds; it changes the work and not the answer.

    Returns
    -------
    overlap
        The parcel of each pand and its share in percent; panden on none in the losses.
    """
    ask = np.arange(len(pand)) if known is None else np.flatnonzero(~known.settled)
    near = _near(perceel, pand, ask)
    buildings, ground = pand.outlines(ask), perceel.outlines(near)
    tree = shapely.STRtree(ground)

    def chunk(start: int) -> Pairs:
        some = slice(start, start + params.chunk_size)
        found = measured(buildings[some], ground, tree)
        return Pairs(ask[some][found.pand], near[found.perceel], found.area)

    with ThreadPoolExecutor(params.threads) as pool:
        chunks = [NOTHING, *pool.map(chunk, range(0, len(ask), params.chunk_size))]
    pairs = Pairs(*(np.concatenate([one[i] for one in chunks]) for i in range(3)))
    if known is not None:
        logger.info("%d of %d panden measured, the others are as they were", len(ask), len(pand))
        pairs = _together(pairs, Pairs(known.pand, known.perceel, known.area))
    return _result(pand, perceel, pairs)


def _near(perceel: Surveyed, pand: Surveyed, ask: Ints) -> Ints:
    """Find the parcels that some panden may touch; all of them where there is no gain in looking."""
    if len(ask) > _MANY * len(pand):
        return np.arange(len(perceel))
    return np.flatnonzero(meeting(perceel.bounds, pand.bounds[ask]))


def _largest(pairs: Pairs, perceel: Surveyed) -> Ints:
    """Choose one pair per pand; the answer does not depend on the order of the parcels."""
    rounded = np.round(pairs.area, _DECIMALS)
    real = np.flatnonzero(rounded > 0)
    rank = grouped(perceel.ids)[0]
    ranked = real[np.lexsort((rank[pairs.perceel[real]], -rounded[real], pairs.pand[real]))]
    return ranked[np.unique(pairs.pand[ranked], return_index=True)[1]]


def _result(pand: Surveyed, perceel: Surveyed, pairs: Pairs) -> Overlap:
    best = _largest(pairs, perceel)
    row = pairs.pand[best]
    table = pd.DataFrame(
        {
            "pand_id": pand.ids.array[row],
            "perceel_id": perceel.ids.array[pairs.perceel[best]],
            "aandeel_overlap": np.clip(100 * pairs.area[best] / pand.area[row], 0, 100),
        }
    )
    touched = np.bincount(pairs.pand, minlength=len(pand)) > 0
    placed = np.zeros(len(pand), dtype=bool)
    placed[row] = True
    losses = gather(
        [
            GEEN_PERCEEL.rows(pand.ids[~touched]),
            ALLEEN_GRENS.rows(pand.ids[touched & ~placed]),
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


def _together(one: Pairs, other: Pairs) -> Pairs:
    pand, perceel, area = (np.concatenate(part) for part in zip(one, other, strict=True))
    order = np.lexsort((perceel, pand))
    return Pairs(pand[order], perceel[order], area[order])


def built_area(
    pand: Surveyed,
    perceel: Surveyed,
    overlap: Overlap,
    wanted: pd.Series[str] | None = None,
    params: OverlapParams = DEFAULT,
    known: Known | None = None,
) -> tuple[pd.DataFrame, Floats]:
    """
    Measure how much of a parcel is covered by panden.

    Every pand that touches the parcel counts with the part that lies on it, whichever parcel it was given to.

    Parameters
    ----------
    pand, perceel, overlap
        What :func:`largest_overlap` was given, and what it gave.
    wanted
        Identifiers of the parcels to measure, for instance those with a dwelling; repeats are harmless. None
        measures all.
    params
        How the work is divided, and what is too little to measure.
    known
        As for :func:`largest_overlap`.

    Returns
    -------
    bebouwd_m2, parts
        ``perceel_id`` and ``bebouwd_m2``, sorted; and per pair of `overlap` what was measured here or before (m², NaN
        elsewhere), for :func:`twentegeo.stock.overlap_memory.remember`. Zero without panden. The parts are added up:
        ground under two panden drawn over each other counts twice, but never more than the parcel itself. A part
        below ``negligible_m2`` may be left out.
    """
    ids = perceel.ids
    asked = np.ones(len(ids), dtype=bool)
    if wanted is not None:
        asked = is_among(ids, wanted)
    pairs, area = overlap.pairs, overlap.pairs.area.copy()
    so_far = np.bincount(pairs.pand, weights=np.nan_to_num(area), minlength=len(pand))
    left = pand.area - so_far
    needed = np.isnan(area) & asked[pairs.perceel] & (left > params.negligible_m2)[pairs.pand]
    parts = _known_parts(pairs, known)
    rest = np.flatnonzero(needed & np.isnan(parts))
    (lying, row), (under, column) = (np.unique(of[rest], return_inverse=True) for of in (pairs.pand, pairs.perceel))
    buildings, ground = pand.outlines(lying), perceel.outlines(under)

    def part(start: int) -> Floats:
        some = slice(start, start + params.chunk_size)
        return shared_area(buildings[row[some]], ground[column[some]])

    with ThreadPoolExecutor(params.threads) as pool:
        parts[rest] = np.concatenate([NOTHING.area, *pool.map(part, range(0, len(rest), params.chunk_size))])
    area[needed] = parts[needed]
    covered = np.bincount(pairs.perceel, weights=np.nan_to_num(area), minlength=len(perceel))
    covered = np.minimum(covered, perceel.area)
    table = pd.DataFrame({"perceel_id": ids[asked], "bebouwd_m2": covered[asked]})
    return table.sort_values("perceel_id", ignore_index=True), parts


def _known_parts(pairs: Pairs, known: Known | None) -> Floats:
    """Line up what is known of parts with all pairs; both are sorted by pand and parcel, the known ones among them."""
    parts = np.full(len(pairs.pand), np.nan)
    if known is not None:
        order = np.lexsort((known.perceel, known.pand))
        parts[np.flatnonzero(known.settled[pairs.pand])] = known.part[order]
    return parts
