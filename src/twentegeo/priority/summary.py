"""From dwellings to whatever they lie in: building, parcel, hectare cell, neighbourhood, priority area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from twentegeo.tables.columns.label import EFG, KLASSEN
from twentegeo.tables.keys import grouped, positions

if TYPE_CHECKING:
    import numpy.typing as npt


def summarise(dwellings: pd.DataFrame, by: str) -> pd.DataFrame:
    """
    Sum up dwellings per area.

    Shares of labels count valid registered labels only, so that an estimate never passes for a registration;
    mean scores count every dwelling that has one.

    Parameters
    ----------
    dwellings
        One row per dwelling: the columns of ``WONING``, ``WONING_LABEL`` and ``SCORE`` that are used here
        (``energielabel``, ``label_status``, ``score_bron``, ``bouwjaar``, ``p_efg``,
        ``score_energie``) and the column `by`.
    by
        Column that says which area a dwelling lies in; dwellings without a value count nowhere.

    Returns
    -------
    summary
        Index `by`, sorted; columns ``n_woningen``, ``n_labels``, ``label_dekking``, ``aandeel_efg``,
        ``aandeel_geschat``, ``aandeel_efg_verwacht`` (%), ``gemiddeld_bouwjaar``, ``score_energie``,
        ``label_slechtste`` and ``label_beste``
        (class, or NaN without a valid registered label).
    """
    codes, areas = grouped(dwellings[by])
    inside = codes >= 0
    here = codes[inside]
    part = pd.DataFrame(dwellings[_SUMMED])[inside]
    count = np.bincount(here, minlength=len(areas))
    labelled = (part["label_status"] == "geldig").to_numpy()
    n_labels = np.bincount(here, weights=labelled, minlength=len(areas))
    bad = labelled & part["energielabel"].isin(EFG).to_numpy()
    estimated = (part["score_bron"] == "geschat").to_numpy()
    worst, best = _extremes(part["energielabel"].where(labelled), here, len(areas))
    return pd.DataFrame(
        {
            "n_woningen": count,
            "n_labels": n_labels.astype("int64"),
            "label_dekking": _share(n_labels, count),
            "aandeel_efg": _share(np.bincount(here, weights=bad, minlength=len(areas)), n_labels),
            "aandeel_geschat": _share(np.bincount(here, weights=estimated, minlength=len(areas)), count),
            "gemiddeld_bouwjaar": _mean(part["bouwjaar"], here, len(areas)),
            "aandeel_efg_verwacht": _mean(part["p_efg"], here, len(areas)),
            "score_energie": _mean(part["score_energie"], here, len(areas)),
            "label_slechtste": worst,
            "label_beste": best,
        },
        index=areas,
    )


_SUMMED: Final = ["label_status", "energielabel", "score_bron", "bouwjaar", "p_efg", "score_energie"]


def rank(score: pd.Series[float]) -> pd.Series[int]:
    """
    Rank areas by score.

    Parameters
    ----------
    score
        Score per area, 0-100, NaN where unknown; any index.

    Returns
    -------
    rank
        1 for the highest score; equal scores share the better rank; absent where the score is unknown.
    """
    return score.rank(method="min", ascending=False).astype("Int64")


def from_neighbourhoods(
    area: pd.Series[str], buurt: pd.Series[str], figures: pd.DataFrame, sigma: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Carry figures of neighbourhoods over to areas that hold parts of several, weighed by dwellings.

    Parameters
    ----------
    area, buurt
        Of each dwelling: the area and the neighbourhood that it lies in; missing counts nowhere.
    figures, sigma
        Index ``buurt_code``: figures and their standard errors.

    Returns
    -------
    figures, sigma
        Index the areas, sorted; the mean over the neighbourhoods whose figure is known (NaN where none is), and its
        error if those of neighbourhoods are independent.
    """
    inside = (area.notna() & buurt.notna()).to_numpy()
    count = pd.DataFrame({"area": area.array[inside], "buurt": buurt.array[inside]}).value_counts()
    names = pd.Index(sorted(area.dropna().unique()), name=area.name)
    row, column = (count.index.get_level_values(level) for level in ("area", "buurt"))
    at, weight = names.get_indexer(row), count.to_numpy(dtype="float64")

    def carry(table: pd.DataFrame, power: int) -> pd.DataFrame:
        values = table.reindex(column).to_numpy(dtype="float64")
        known = ~np.isnan(figures.reindex(column).to_numpy(dtype="float64"))
        part = np.where(known, weight[:, None] ** power * np.nan_to_num(values) ** power, 0.0)
        made = {}
        for place, name in enumerate(table.columns):
            whole = np.bincount(at, weights=weight * known[:, place], minlength=len(names))
            total = np.bincount(at, weights=part[:, place], minlength=len(names))
            made[name] = np.where(whole > 0, total ** (1 / power) / np.where(whole > 0, whole, 1), np.nan)
        return pd.DataFrame(made, index=names)

    return carry(figures, 1), carry(sigma.reindex(columns=figures.columns), 2)


def _share(part: npt.NDArray[Any], whole: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, 100 * part / whole, np.nan)


def _mean(values: pd.Series[float], codes: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.float64]:
    numbers = values.to_numpy(dtype="float64", na_value=np.nan)
    known = ~np.isnan(numbers)
    count = np.bincount(codes[known], minlength=size)
    total = np.bincount(codes[known], weights=numbers[known], minlength=size)
    with np.errstate(invalid="ignore"):
        return np.where(count > 0, total / np.where(count > 0, count, 1), np.nan)


def _extremes(
    classes: pd.Series[str], codes: npt.NDArray[np.int64], size: int
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    """Worst and best class per area; a class that the table does not know is neither."""
    order = positions(classes, pd.Index(KLASSEN))
    known = order >= 0
    worst = np.full(size, -1)
    best = np.full(size, len(KLASSEN))
    np.maximum.at(worst, codes[known], order[known])
    np.minimum.at(best, codes[known], order[known])
    names = np.array([*KLASSEN, None], dtype=object)
    return names[np.where(worst >= 0, worst, len(KLASSEN))], names[best]
