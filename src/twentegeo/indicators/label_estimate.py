"""What is published of the estimate: the expected class, its bounds, the chance of E, F or G, and how good it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from twentegeo.indicators.label_evidence import LEVELS, Evidence, LabelReference, gather_evidence
from twentegeo.indicators.label_model import LabelModelParams, Posterior, fit
from twentegeo.tables.columns.estimate import (
    GEREGISTREERD,
    GESCHAT,
    KANS_KOLOMMEN,
    LABELKLASSEN,
    NIVEAUS,
    ONBEKEND,
    WONINGTYPEN,
)
from twentegeo.tables.columns.label import EFG
from twentegeo.tables.contract import conform
from twentegeo.tables.estimates import LABEL_KANS, LABEL_SCHATTING

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

IS_EFG: Final = np.isin(LABELKLASSEN, EFG)

_NATIONAL: Final = len(NIVEAUS) - 1
_PLACES: Final = [LEVELS.index(name) for name in ("blok", "buurt", "wijk", "gemeente", "type")]
"""Levels of the model that ``NIVEAUS`` names; type and period without a narrower place is the region's."""

_HALVINGS: Final = 12
"""Of the range in which the tail is sought: to a hundred-thousandth."""

_ROUNDING: Final = 1e-9
"""Chances add up to one but for rounding; a bound may not jump a class for it."""


@dataclass(frozen=True)
class LabelEstimate:
    """
    The estimate of every dwelling.

    Attributes
    ----------
    table
        One row per dwelling in the order given, by ``LABEL_SCHATTING``.
    chances
        (n, 8) float32 chance of each of ``LABELKLASSEN``; NaN rows where nothing is known.
    strength
        (n,) how many labels the estimate weighs, for draws of its cell as a whole.
    evidence
        What it rests on.
    tail
        Chance left out on either side of the published bounds.
    """

    table: pd.DataFrame
    chances: npt.NDArray[np.float32]
    strength: Floats
    evidence: Evidence
    tail: float


def estimate_labels(
    woningen: pd.DataFrame,
    pand_type: pd.DataFrame,
    woning_label: pd.DataFrame,
    reference: LabelReference,
    parameters: LabelModelParams,
) -> LabelEstimate:
    """
    Estimate the label of every dwelling, and say what each estimate rests on.

    A registered class is never replaced. The expected class is the median: it makes the mean distance to the true
    class smallest, always lies within the bounds, and worse evidence never makes it better, which the most likely
    class does not promise.

    Parameters
    ----------
    woningen
        Dwellings by ``WONING``, any index and order.
    pand_type
        Types by ``PAND_TYPE``.
    woning_label
        Registered labels by ``WONING_LABEL``.
    reference
        Prior shares, confusion of methods, and periods.
    parameters
        What steers the estimate.

    Returns
    -------
    estimate
        In the order of `woningen`.
    """
    evidence = gather_evidence(woningen, pand_type, woning_label, reference, parameters.vormfactor_grenzen)
    posterior = fit(evidence, reference.confusion_matrix(), parameters)
    tail = tail_for(posterior.chances[~evidence.registered], parameters.interval)
    return LabelEstimate(
        table=_table(evidence, posterior, tail, parameters.bewijs_minimum),
        chances=posterior.chances.astype("float32"),
        strength=posterior.strength,
        evidence=evidence,
        tail=tail,
    )


def class_at(chances: Floats, part: float) -> Ints:
    """
    Give the class at which the chances, best class first, have added up to a part.

    Parameters
    ----------
    chances
        (n, 8), rows adding up to 1 or NaN.
    part
        Between 0 and 1.

    Returns
    -------
    position
        Position in ``LABELKLASSEN``, -1 for NaN.
    """
    found = (np.cumsum(chances, axis=1) < part - _ROUNDING).sum(axis=1)
    return np.where(np.isnan(chances).any(axis=1), -1, np.minimum(found, chances.shape[1] - 1))


def content(chances: Floats, tail: float) -> Floats:
    """
    Give the chance that lies within the bounds.

    Parameters
    ----------
    chances
        (n, 8), rows adding up to 1.
    tail
        Chance to leave out on either side at most.

    Returns
    -------
    content
        Chance of the classes from bound to bound, at least 1 - 2 `tail`.
    """
    low, high = class_at(chances, tail), class_at(chances, 1 - tail)
    to = np.concatenate([np.zeros((len(chances), 1)), np.cumsum(chances, axis=1)], axis=1)
    row = np.arange(len(chances))
    inside: Floats = to[row, high + 1] - to[row, low]
    return inside


def tail_for(chances: Floats, interval: float) -> float:
    """
    Find how much chance the bounds may leave out on either side.

    A class is a step: bounds that leave out at most 5 % on either side hold far more than 90 %. The tail is therefore
    the largest for which the bounds hold `interval` on average over the dwellings.

    Parameters
    ----------
    chances
        (n, 8) of the dwellings to hold it on average for; rows with NaN are passed over.
    interval
        Wanted share, such as 0.9.

    Returns
    -------
    tail
        Between (1 - `interval`) / 2 and 1 - `interval`; the first of these without dwellings. For 90 % the last of
        these is 10 %, so that the bounds are the tenth and ninetieth percentile as often as classes allow.
    """
    known = chances[~np.isnan(chances).any(axis=1)]
    low, high = (1 - interval) / 2, 1 - interval
    if not len(known):
        return low
    if content(known, high).mean() >= interval:
        return high
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if content(known, middle).mean() >= interval else (low, middle)
    return low


def _table(evidence: Evidence, posterior: Posterior, tail: float, minimum: int) -> pd.DataFrame:
    chances, letter = posterior.chances, evidence.letter
    known = ~np.isnan(chances).any(axis=1)
    per_level = posterior.n_labels[:, _PLACES]
    enough = per_level >= minimum
    level = np.where(enough.any(axis=1), enough.argmax(axis=1), _NATIONAL)
    n_labels = np.column_stack([per_level, per_level[:, -1]])
    estimated = known & ~evidence.registered
    grade = np.select(
        [evidence.registered & evidence.modern, evidence.registered, ~known, level == 0, level == 1],
        [*GEREGISTREERD, ONBEKEND, *GESCHAT[:2]],
        GESCHAT[2],
    )
    # the registered letter lies within its own bounds
    low, high = class_at(chances, tail), class_at(chances, 1 - tail)
    expected = np.where(letter >= 0, letter, class_at(chances, 0.5))
    names = np.array([*LABELKLASSEN, None], dtype=object)
    types = np.array([*WONINGTYPEN, None], dtype=object)
    table = pd.DataFrame(
        {
            "vbo_id": evidence.vbo_id,
            "woningtype": types[evidence.kind],
            "bewijsgraad": grade,
            "schatting_niveau": np.array([*NIVEAUS, None], dtype=object)[np.where(estimated, level, -1)],
            "n_bewijs": pd.array(n_labels[np.arange(len(level)), level], dtype="Int64"),
            "label_verwacht": names[expected],
            "p_efg": np.clip(100 * chances @ IS_EFG, 0, 100),
            "label_p10": names[np.where(letter >= 0, np.minimum(low, letter), low)],
            "label_p90": names[np.maximum(high, letter)],
        }
    )
    table.loc[~estimated, "n_bewijs"] = pd.NA
    return conform(LABEL_SCHATTING, table)


def chance_table(estimate: LabelEstimate) -> pd.DataFrame:
    """
    Write the chances as a table, to be kept between stages.

    Parameters
    ----------
    estimate
        The estimate.

    Returns
    -------
    table
        By ``LABEL_KANS``, in percent.
    """
    percent = pd.DataFrame(np.clip(100 * estimate.chances.astype("float64"), 0, 100), columns=list(KANS_KOLOMMEN))
    return conform(LABEL_KANS, percent.assign(vbo_id=estimate.evidence.vbo_id))
