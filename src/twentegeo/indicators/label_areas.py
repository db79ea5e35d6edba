"""How far the registered labels of an area stand for all its dwellings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from twentegeo.indicators.label_estimate import IS_EFG
from twentegeo.tables.contract import conform
from twentegeo.tables.estimates import LABEL_GEBIED

if TYPE_CHECKING:
    from twentegeo.indicators.label_estimate import LabelEstimate


def label_areas(estimate: LabelEstimate, area: pd.Series[str], valid: pd.Series[bool]) -> pd.DataFrame:
    """
    Hold the registered labels of each area against its whole stock.

    Labels are registered more often of dwellings that are sold, let or new, so their raw share is not the area's. The
    expected share is over all dwellings (post-stratification): each without label by its own chance, which rests on
    its type, period and place.

    Parameters
    ----------
    estimate
        The estimate.
    area
        Code of the area of each dwelling, in the estimate's order; missing is passed over.
    valid
        Whether the dwelling has a valid registered label, for ``label_dekking``, in the same order.

    Returns
    -------
    areas
        One row per area by ``LABEL_GEBIED``, sorted on ``code``.
    """
    letter = estimate.evidence.letter
    registered = estimate.evidence.registered
    raw = np.where(registered, 100.0 * IS_EFG[np.maximum(letter, 0)], np.nan)
    rows = pd.DataFrame(
        {
            "code": area.to_numpy(dtype=object),
            "label_dekking": 100.0 * valid.to_numpy(dtype="float64"),
            "aandeel_efg_verwacht": estimate.table["p_efg"].to_numpy(),
            "raw": raw,
        }
    )
    groups = rows.groupby("code", sort=True)
    table = groups.mean().assign(n_woningen=groups.size()).reset_index()
    table["registratie_bias"] = (table["raw"] - table["aandeel_efg_verwacht"]).clip(-100, 100)
    for name in ("label_dekking", "aandeel_efg_verwacht"):
        table[name] = table[name].clip(0, 100)
    return conform(LABEL_GEBIED, table)
