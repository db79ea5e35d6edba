"""Measure the ground: how large and wide a building and its parcel are, and how much room there is to extend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pydantic import Field

from twentegeo.tables.keys import laid_beside, positions
from twentegeo.tables.parameters import Parameters

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


class FootprintParams(Parameters):
    """What steers the room to extend."""

    achtererf: float = Field(
        default=75.0,
        ge=0,
        le=100,
        description=(
            "Deel van de open grond dat achter of naast de woning ligt (%): voor de woning mag niet zonder vergunning"
            " gebouwd worden. Inschatting van het project: de voortuin is doorgaans een kwart van de open grond."
        ),
    )
    perceel_breedte_m: float = Field(
        default=5.0,
        ge=0,
        description=(
            "Kleinste breedte van een perceel voor een uitbouw (m): slaapkamer van 3 m en een doorgang met badkamer"
            " van 2 m naast elkaar; inschatting van het project."
        ),
    )


@dataclass(frozen=True)
class Plots:
    """
    Parcels, and what lies on them.

    Attributes
    ----------
    perceel
        ``perceel_id`` and the measures of :func:`twentegeo.indicators.outlines.measured`; parcels without a building
        with dwellings may be left out.
    pand_perceel
        The parcel of each building, by ``stock.PAND_PERCEEL``.
    bebouwd
        Columns ``perceel_id`` and ``bebouwd_m2``.
    """

    perceel: pd.DataFrame
    pand_perceel: pd.DataFrame
    bebouwd: pd.DataFrame


def measure(
    panden: pd.DataFrame, plots: Plots | None, brackets: pd.DataFrame, parameters: FootprintParams
) -> pd.DataFrame:
    """
    Measure the buildings that hold dwellings, and their room to extend.

    The width is the short side of the smallest rectangle around the footprint or, where a pand holds several
    dwellings side by side, the long side divided by their number if that is smaller. Open ground of a parcel
    that several dwellings share is divided equally. Sheds count against what may be built, as the rule says.

    Parameters
    ----------
    panden
        The buildings with ``pand_id``, ``n_woningen`` and the measures of
        :func:`twentegeo.indicators.outlines.measured`.
    plots
        Parcels, or None where there are none.
    brackets
        Columns ``vanaf_m2`` (m², ascending, the first 0) and ``deel`` (%): which part of each slice of the yard may
        be built on without a permit.
    parameters
        What steers the room.

    Returns
    -------
    measures
        Index ``pand_id``; ``grondvlak_m2``, ``breedte_m``, and per dwelling ``uitbouwruimte_m2`` (NaN without a
        parcel, 0 where that is too narrow).
    """
    count = panden["n_woningen"].to_numpy(dtype="float64")
    measures = pd.DataFrame(
        {"grondvlak_m2": panden["oppervlakte_m2"].to_numpy(), "breedte_m": _width(panden, count)},
        index=pd.Index(panden["pand_id"], name="pand_id"),
    )
    room = np.full(len(measures), np.nan)
    if plots is not None and len(plots.perceel):
        room = _room(measures, count, plots, brackets, parameters)
    return measures.assign(uitbouwruimte_m2=room)


def _width(outlines: pd.DataFrame, homes: Floats) -> Floats:
    """Short side in metres, or the long side shared by the homes side by side."""
    short, long = (outlines[side].to_numpy(dtype="float64") for side in ("kort_m", "lang_m"))
    narrow: Floats = np.minimum(short, long / np.maximum(homes, 1))
    return narrow


def _room(
    measures: pd.DataFrame, count: Floats, plots: Plots, brackets: pd.DataFrame, parameters: FootprintParams
) -> Floats:
    placed = positions(measures.index, plots.pand_perceel["pand_id"])
    of_pand = positions(plots.pand_perceel["perceel_id"], plots.perceel["perceel_id"])
    parcel = np.where(placed >= 0, np.append(of_pand, -1)[placed], -1)
    has = np.flatnonzero(parcel >= 0)
    used, at = np.unique(parcel[has], return_inverse=True)
    ground = plots.perceel.iloc[used]
    homes = np.bincount(at, weights=count[has], minlength=len(used)).astype("float64")
    houses = np.bincount(at, weights=measures["grondvlak_m2"].to_numpy()[has], minlength=len(used))
    size = ground["oppervlakte_m2"].to_numpy()
    built = laid_beside(plots.bebouwd, "perceel_id", ground["perceel_id"])["bebouwd_m2"]
    # without a measured figure the houses themselves are what is known to stand there
    covered = np.minimum(built.fillna(pd.Series(houses)).to_numpy(), size)
    yard = parameters.achtererf / 100 * (size - covered) / homes
    sheds = np.maximum(covered - houses, 0) / homes
    free = np.clip(_allowed(yard + sheds, brackets) - sheds, 0, yard)
    free[_width(ground, homes) < parameters.perceel_breedte_m] = 0
    room = np.full(len(measures), np.nan)
    room[has] = free[at]
    return room


def _allowed(yard: Floats, brackets: pd.DataFrame) -> Floats:
    """Say what may be built on a yard, both in m²: each slice with its own share, as an income tax."""
    start = brackets["vanaf_m2"].to_numpy(dtype="float64")
    share = brackets["deel"].to_numpy(dtype="float64") / 100
    slices = np.diff(np.append(start, np.inf))
    within = np.clip(yard[:, None] - start, 0, slices)
    built: Floats = within @ share
    return built
