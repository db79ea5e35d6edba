"""
Make indicators comparable: winsorised min-max against a frozen reference vintage, and the percentile beside it.

The limits stand in `config/reference/normering.csv` and do not follow tonight's data, so that a score does not move
because a neighbour's did (methods.md 5.8). The percentile does move; it says where a row stands among the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

Level = Literal["woning", "gebied"]

WINSOR: Final = (2.5, 97.5)
"""Percentiles at which a reference vintage is cut off: one in forty at either side may be a freak."""


@dataclass(frozen=True)
class Norms:
    """
    The frozen limits.

    Attributes
    ----------
    table
        Columns ``niveau`` (woning, gebied), ``pijler``, ``indicator``, ``gewicht`` (ratio within the pillar),
        ``onder`` and ``boven`` (in the unit of the indicator).

    Raises
    ------
    ValueError
        A lower limit is not below its upper one, or a weight is not above zero.
    """

    table: pd.DataFrame

    def __post_init__(self) -> None:
        """Refuse limits that would turn an indicator around."""
        wrong = ~(self.table["onder"] < self.table["boven"]) | ~(self.table["gewicht"] > 0)
        if wrong.any():
            first = self.table.loc[wrong, "indicator"].iloc[0]
            raise ValueError(
                f"normering.csv: indicator {first} heeft onder >= boven of een gewicht dat niet boven 0 is"
            )

    def of(self, level: Level) -> pd.DataFrame:
        """Pick the rows of a level, pillars in the order of the file."""
        return self.table[self.table["niveau"] == level]

    def limits(self, level: Level, indicator: str) -> tuple[float, float]:
        """Give what becomes 0 and 100, in the unit of the indicator."""
        rows = self.of(level)
        lower, upper = rows.loc[rows["indicator"] == indicator, ["onder", "boven"]].to_numpy(dtype="float64")[0]
        return float(lower), float(upper)


@dataclass(frozen=True, slots=True)
class Pillars:
    """
    Pillars of each row.

    Attributes
    ----------
    table
        One column per pillar, 0-100 (100 is most urgent), index as the input; NaN where no indicator is known.
    left_out
        In Dutch, which indicators were missing, altogether or for some rows.
    """

    table: pd.DataFrame
    left_out: list[str]


def normalise(values: Floats, lower: float, upper: float) -> Floats:
    """
    Stretch values between frozen limits.

    Parameters
    ----------
    values
        In the unit of the limits; NaN stays NaN.
    lower, upper
        What becomes 0 and 100; values beyond them are cut off.

    Returns
    -------
    normalised
        0-100.
    """
    return np.clip(100 * (values - lower) / (upper - lower), 0, 100)


def percentile(values: Floats) -> Floats:
    """
    Place each value among all.

    Parameters
    ----------
    values
        Any order; NaN stays NaN and does not count.

    Returns
    -------
    place
        0-100, the middle of the value's step: equal values share a place, and the places average 50.
    """
    known = ~np.isnan(values)
    place = np.full(len(values), np.nan)
    if known.any():
        place[known] = 100 * (pd.Series(values[known]).rank().to_numpy() - 0.5) / known.sum()
    return place


def freeze(values: Floats) -> tuple[float, float]:
    """
    Take the limits of a reference vintage, to be written into `normering.csv` with its source.

    Parameters
    ----------
    values
        The indicator over the areas of the vintage; NaN does not count.

    Returns
    -------
    limits
        Its 2.5th and 97.5th percentile.
    """
    lower, upper = np.nanpercentile(values, WINSOR)
    return float(lower), float(upper)


def pillars(frame: pd.DataFrame, level: Level, norms: Norms) -> Pillars:
    """
    Normalise the indicators and take the weighted arithmetic mean within each pillar.

    Parameters
    ----------
    frame
        Indicators as columns, any index.
    level
        Which limits apply.
    norms
        Limits and weights.

    Returns
    -------
    pillars
        A pillar with no indicator in the frame is left out altogether. Of a pillar with some, the rest speaks, with
        weights scaled up; what was missing is told.
    """
    table = norms.of(level)
    left_out, made = [], {}
    for pillar, rows in table.groupby("pijler", sort=False):
        there = rows[rows["indicator"].isin([name for name in frame if frame[name].notna().any()])]
        absent = [name for name in rows["indicator"] if name not in set(there["indicator"])]
        left_out += [f"{name}: ontbreekt, telt niet mee in pijler {pillar}" for name in absent]
        if there.empty:
            left_out.append(f"pijler {pillar}: weggelaten, geen enkele indicator")
            continue
        stretched = np.column_stack(
            [
                normalise(frame[name].to_numpy(dtype="float64", na_value=np.nan), low, high)
                for name, low, high in zip(there["indicator"], there["onder"], there["boven"], strict=True)
            ]
        )
        known = ~np.isnan(stretched)
        left_out += _gaps(list(there["indicator"]), known, str(pillar))
        weight = known * there["gewicht"].to_numpy(dtype="float64")
        with np.errstate(invalid="ignore"):
            made[str(pillar)] = (weight * np.nan_to_num(stretched)).sum(axis=1) / weight.sum(axis=1)
    return Pillars(pd.DataFrame(made, index=frame.index), left_out)


def pillar_sigma(frame: pd.DataFrame, level: Level, norms: Norms) -> pd.DataFrame:
    """
    Carry standard errors of indicators over to their pillars.

    Parameters
    ----------
    frame
        Standard errors as columns named like the indicators, in their units; NaN counts as none.
    level
        Which limits apply.
    norms
        Limits and weights.

    Returns
    -------
    sigma
        One column per pillar that has an indicator in the frame (points), index as the input; indicators are taken to
        be independent. Cutting off at the limits is left aside, so that it errs to the large side.
    """
    made = {}
    for pillar, rows in norms.of(level).groupby("pijler", sort=False):
        there = rows[rows["indicator"].isin(frame.columns)]
        if not there.empty:
            scale = (100 * there["gewicht"] / (there["boven"] - there["onder"]) / there["gewicht"].sum()).to_numpy()
            errors = frame[list(there["indicator"])].fillna(0).to_numpy(dtype="float64")
            made[str(pillar)] = np.sqrt(((errors * scale) ** 2).sum(axis=1))
    return pd.DataFrame(made, index=frame.index)


def _gaps(names: list[str], known: npt.NDArray[np.bool_], pillar: str) -> list[str]:
    lacking = (~known).sum(axis=0)
    return [
        f"{name}: leeg bij {count} van {len(known)} rijen in pijler {pillar}"
        for name, count in zip(names, lacking, strict=True)
        if count
    ]
