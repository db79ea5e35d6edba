"""
Energy: the registered class, or the chances of each class that its likes give.

A registered label speaks for itself. Without one a dwelling gets the mean score of its classes, weighed by their
chances (:mod:`twentegeo.indicators.label_estimate`). Such a score is always marked `geschat`, and the estimate stands
beside the registered class, never in its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from twentegeo.tables.columns.estimate import KANS_KOLOMMEN, LABELKLASSEN
from twentegeo.tables.keys import laid_beside, positions
from twentegeo.tables.parameters import Parameters

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

UNKNOWN_PERIOD = "onbekend"
POOLED: Final = {"A+ en beter": "A+"}
"""Class whose score stands for a pooled class of the estimate: its worst member, so that nothing looks too good."""


class EnergyParams(Parameters):
    """What steers the energy indicator."""

    verlopen_label: Literal["gebruiken", "schatten"] = Field(
        default="gebruiken",
        description=(
            "Wat met een verlopen label gebeurt (geen eenheid): 'gebruiken' neemt de letter, want een gebouw"
            " verandert niet doordat de termijn van tien jaar verloopt; 'schatten' neemt de kansen die het verlopen"
            " label en vergelijkbare woningen samen geven."
        ),
    )


@dataclass(frozen=True)
class EnergyReference:
    """
    Figures from `config/reference/`.

    Attributes
    ----------
    class_score
        Score 0-100 per energy class; index is the class.
    periods
        Columns ``bouwperiode`` and ``vanaf`` (first year; NaN for open), oldest first.
    """

    class_score: pd.Series[float]
    periods: pd.DataFrame

    @property
    def pooled_score(self) -> Floats:
        """Scores of the classes of the estimate, best first."""
        classes = [POOLED.get(name, name) for name in LABELKLASSEN]
        return np.asarray(self.class_score.loc[classes], dtype=np.float64)


def energy(
    woningen: gpd.GeoDataFrame,
    woning_label: pd.DataFrame,
    chances: pd.DataFrame,
    reference: EnergyReference,
    parameters: EnergyParams,
) -> pd.DataFrame:
    """
    Judge the energy need of every dwelling.

    Parameters
    ----------
    woningen
        Dwellings by ``WONING``, any index.
    woning_label
        Registered labels by ``WONING_LABEL``, at most one row per dwelling.
    chances
        Chance of each class by ``LABEL_KANS``, one row per dwelling in the order of `woningen`.
    reference
        Scores per class, and the periods.
    parameters
        What steers the choice.

    Returns
    -------
    judged
        One row per dwelling in the order of `woningen`: ``vbo_id``, ``bouwperiode``, ``label_status``,
        ``score_bron`` and ``score_energie`` (0-100, NaN where unknown).
    """
    labels = laid_beside(woning_label, "vbo_id", woningen["vbo_id"])
    valid = labels["energielabel"]
    expired = labels["label_verlopen"]
    valid_at, expired_at = (positions(letters, reference.class_score.index) for letters in (valid, expired))
    known_valid = valid_at >= 0
    usable_expired = (expired_at >= 0) & ~known_valid
    if parameters.verlopen_label == "schatten":
        usable_expired = np.zeros_like(usable_expired)
    at = np.where(known_valid, valid_at, np.where(usable_expired, expired_at, -1))
    registered = known_valid | usable_expired

    share = chances[list(KANS_KOLOMMEN)].to_numpy(dtype="float64") / 100
    estimate = np.clip(share @ reference.pooled_score, 0, 100)
    estimated = ~registered & ~np.isnan(estimate)
    from_letter = np.append(reference.class_score.to_numpy(dtype="float64"), np.nan)[at]
    return pd.DataFrame(
        {
            "vbo_id": woningen["vbo_id"].to_numpy(),
            "bouwperiode": construction_periods(woningen["bouwjaar"], reference),
            "label_status": np.select(
                [valid.notna().to_numpy(), expired.notna().to_numpy(), estimated],
                ["geldig", "verlopen", "geschat"],
                "geen",
            ),
            "score_bron": np.select(
                [known_valid, usable_expired, estimated], ["geregistreerd", "verlopen", "geschat"], "onbekend"
            ),
            "score_energie": np.where(registered, from_letter, estimate),
        }
    )


def construction_periods(bouwjaar: pd.Series, reference: EnergyReference) -> npt.NDArray[np.object_]:
    """
    Name the construction period of each year.

    Parameters
    ----------
    bouwjaar
        Years, missing where unknown.
    reference
        The periods.

    Returns
    -------
    bouwperiode
        One name per year, ``onbekend`` where the year is missing.
    """
    years = bouwjaar.to_numpy(dtype="float64", na_value=np.nan)
    # the first period is open to the past
    starts = reference.periods["vanaf"].to_numpy(dtype="float64")[1:]
    row = np.searchsorted(starts, np.nan_to_num(years), side="right")
    return np.where(np.isnan(years), UNKNOWN_PERIOD, reference.periods["bouwperiode"].to_numpy(dtype=object)[row])
