"""
Energy: the registered class, or the distribution of classes in the dwelling's construction period.

Method, first form: a registered label speaks for itself; without one a dwelling gets the mean score of the
distribution of classes of its kind (single or multi-family) and construction period. Such a score is always
marked `geschat`, and no estimated letter is ever written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from twentegeo.tables.columns.label import EFG
from twentegeo.tables.parameters import Parameters

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt

UNKNOWN_PERIOD = "onbekend"


class EnergyParams(Parameters):
    """What steers the energy indicator."""

    verlopen_label: Literal["gebruiken", "schatten"] = Field(
        default="gebruiken",
        description=(
            "Wat met een verlopen label gebeurt (geen eenheid): 'gebruiken' neemt de letter, want een gebouw"
            " verandert niet doordat de termijn van tien jaar verloopt; 'schatten' behandelt de woning als"
            " zonder label."
        ),
    )
    meergezins_vanaf: int = Field(
        default=2,
        ge=2,
        description=(
            "Aantal woningen in een pand vanaf waar het meergezins heet (woningen); twee woningen in een pand"
            " is de kleinste stapeling of splitsing."
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
        Columns ``bouwperiode``, ``vanaf`` (first year; NaN for open), ``score`` (0-100), oldest first.
    distribution
        Columns ``woningsoort`` (eengezins, meergezins), ``vanaf`` (first year; NaN for open), and one per
        class with its share in percent; oldest first per kind.
    """

    class_score: pd.Series[float]
    periods: pd.DataFrame
    distribution: pd.DataFrame


def energy(
    woningen: gpd.GeoDataFrame,
    woning_label: pd.DataFrame,
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
    reference
        Scores per class and period, and the distribution of classes.
    parameters
        What steers the choice.

    Returns
    -------
    judged
        One row per dwelling in the order of `woningen`: ``vbo_id``, ``bouwperiode``, ``label_status``,
        ``score_bron``, ``p_efg`` (%), ``score_energie`` and ``score_ouderdom`` (0-100, NaN where unknown).
    """
    years = woningen["bouwjaar"].to_numpy(dtype="float64", na_value=np.nan)
    labels = woning_label.set_index("vbo_id").reindex(woningen["vbo_id"])
    valid = labels["energielabel"]
    expired = labels["label_verlopen"]
    known_valid = valid.isin(reference.class_score.index).to_numpy()
    usable_expired = expired.isin(reference.class_score.index).to_numpy() & ~known_valid
    if parameters.verlopen_label == "schatten":
        usable_expired = np.zeros_like(usable_expired)
    letter = valid.where(known_valid, expired.where(usable_expired)).to_numpy()
    registered = known_valid | usable_expired

    estimate, chance = _estimate(woningen["pand_id"], years, reference, parameters)
    estimated = ~registered & ~np.isnan(estimate)
    from_letter = reference.class_score.reindex(letter).to_numpy(dtype="float64")
    bad = np.isin(letter.astype(object), EFG)
    periods, age_score = _periods(years, reference.periods)
    return pd.DataFrame(
        {
            "vbo_id": woningen["vbo_id"].to_numpy(),
            "bouwperiode": periods,
            "label_status": np.select(
                [valid.notna().to_numpy(), expired.notna().to_numpy(), estimated],
                ["geldig", "verlopen", "geschat"],
                "geen",
            ),
            "score_bron": np.select(
                [known_valid, usable_expired, estimated], ["geregistreerd", "verlopen", "geschat"], "onbekend"
            ),
            "p_efg": np.where(registered, 100.0 * bad, chance),
            "score_energie": np.where(registered, from_letter, estimate),
            "score_ouderdom": age_score,
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
    return _periods(bouwjaar.to_numpy(dtype="float64", na_value=np.nan), reference.periods)[0]


def _periods(
    years: npt.NDArray[np.float64], periods: pd.DataFrame
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.float64]]:
    known = ~np.isnan(years)
    row = _row_of(years, periods["vanaf"])
    names = np.where(known, periods["bouwperiode"].to_numpy(dtype=object)[row], UNKNOWN_PERIOD)
    scores = np.where(known, periods["score"].to_numpy(dtype="float64")[row], np.nan)
    return names, scores


def _row_of(years: npt.NDArray[np.float64], first_years: pd.Series[float]) -> npt.NDArray[np.int64]:
    """Row of the period that each year falls in; the first period is open to the past."""
    starts = first_years.to_numpy(dtype="float64")[1:]
    return np.searchsorted(starts, np.nan_to_num(years), side="right").astype("int64")


def _estimate(
    pand_id: pd.Series[str],
    years: npt.NDArray[np.float64],
    reference: EnergyReference,
    parameters: EnergyParams,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Mean score and chance of E, F or G (%) by kind of dwelling and period; NaN without a year."""
    together = pand_id.groupby(pand_id).transform("size").fillna(1).to_numpy(dtype="int64")
    is_multi = together >= parameters.meergezins_vanaf
    score = np.full(len(years), np.nan)
    chance = np.full(len(years), np.nan)
    known = ~np.isnan(years)
    for kind, members in (("eengezins", ~is_multi & known), ("meergezins", is_multi & known)):
        table = reference.distribution[reference.distribution["woningsoort"] == kind]
        shares = table[[column for column in table.columns if column in reference.class_score.index]]
        part = shares.to_numpy(dtype="float64")
        part = part / part.sum(axis=1, keepdims=True)
        mean = part @ reference.class_score.reindex(shares.columns).to_numpy(dtype="float64")
        bad = part[:, np.isin(shares.columns, EFG)].sum(axis=1) * 100
        row = _row_of(years[members], table["vanaf"])
        score[members] = mean[row]
        chance[members] = bad[row]
    return score, chance
