"""
A good cell among bad ones, and the reverse: local Moran's I.

Where a neighbour solved it: a cell with little need amid cells with much shows what can be done there. Source of the
statistic: Anselin 1995.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from twentegeo.areas.lattice import Lattice
from twentegeo.areas.permutation import draw_sums, false_discovery, sum_moments

if TYPE_CHECKING:
    from twentegeo.areas.getis_ord import HotspotParams

KINDS = ("hoog-hoog", "laag-laag", "hoog-laag", "laag-hoog")
"""Value of the cell, then of its neighbours; the last two are the outliers."""


def local_moran(values: pd.Series[float], band_m: float) -> pd.DataFrame:
    """
    Compute local Moran's I with row-standardised binary weights.

    Parameters
    ----------
    values
        Index ``cel_id``; no NaN.
    band_m
        Greatest distance between the middles of neighbours, metres.

    Returns
    -------
    local
        Index of `values`; ``moran_i`` (0 for a cell without neighbours; NaN when the values do not vary), ``lag`` (sum
        of the neighbours' z-scores), ``n_buren`` (neighbours without itself), ``moran_soort``.
    """
    lattice = Lattice.of(values.index)
    x = values.to_numpy(dtype="float64")
    spread = x.std() if len(x) else 0.0
    z = (x - x.mean()) / spread if spread > 0 else np.full(len(x), np.nan)
    count = np.rint(lattice.around(np.ones(len(x)), band_m, itself=False)).astype("int64")
    lag = lattice.around(np.nan_to_num(z), band_m, itself=False)
    mean = np.divide(lag, count, out=np.zeros_like(lag), where=count > 0)
    n = len(x)
    kind = np.select([(z > 0) & (lag > 0), (z <= 0) & (lag <= 0), (z > 0) & (lag <= 0)], KINDS[:3], KINDS[3])
    return pd.DataFrame(
        {"moran_i": z * mean * (n - 1) / max(n, 1), "lag": lag, "n_buren": count, "moran_soort": kind},
        index=values.index,
    )


def outliers(cells: pd.DataFrame, band_m: float, parameters: HotspotParams, seed: int) -> pd.DataFrame:
    """
    Find cells that differ from their surroundings, and those that are like them.

    The value of a cell stays and those of its neighbours are shuffled (conditional permutation). Draws come from all
    cells, the cell itself included, which changes a chance by the order of 1 in the number of cells.

    Parameters
    ----------
    cells
        As :func:`twentegeo.areas.smoothing.cell_need` gives: index ``cel_id``, ``overschot_z``.
    band_m
        Distance within which cells are neighbours, metres.
    parameters
        The share of false discoveries, the number of draws and the least number of cells.
    seed
        Of the draws.

    Returns
    -------
    judged
        Index of `cells`; ``moran_i``, ``moran_q`` and ``moran_soort`` (one of :data:`KINDS`, ``geen`` where chance
        does as well, ``onbekend`` where not tested).
    """
    known = cells["overschot_z"].dropna().sort_index()
    if len(known) < parameters.min_cellen or np.ptp(known.to_numpy()) == 0:
        nothing = {"moran_i": np.nan, "moran_q": np.nan, "moran_soort": "onbekend"}
        return pd.DataFrame(nothing, index=cells.index)
    local = local_moran(known, band_m)
    count = local["n_buren"].to_numpy()
    x = known.to_numpy(dtype="float64")
    standard = (x - x.mean()) / x.std()
    draws = draw_sums(standard, count, parameters.trekkingen, seed)
    _, spread = sum_moments(standard, count)
    z = np.divide(local["lag"].to_numpy(), spread, out=np.full(len(x), np.nan), where=(spread > 0) & (count > 0))
    # one-sided on the side that the neighbours are on, doubled because either side would have been taken
    p = np.minimum(1.0, 2 * np.where(z > 0, draws.at_least(z, count), draws.at_most(z, count)))
    q = false_discovery(p)
    tested = ~np.isnan(q)
    found = local.assign(
        moran_q=q,
        moran_soort=np.select([q <= parameters.q_max, tested], [local["moran_soort"], "geen"], "onbekend"),
    )
    return found[["moran_i", "moran_q", "moran_soort"]].reindex(cells.index).fillna({"moran_soort": "onbekend"})
