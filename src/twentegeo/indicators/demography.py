"""
People: who lives in a neighbourhood, with the interval that CBS's rounding, suppression and stand-ins leave.

At area level only; nothing here ever stands on a dwelling. CBS rounds counts to multiples of five and withholds those
below ten: a rounded count has a rounding error, a withheld one is an interval and never a number (methods.md 5.7).
Where a higher level stands in, the interval also holds how far neighbourhoods lie from their district.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from pydantic import Field

from twentegeo.tables.assessments import BUURT_INTERVAL
from twentegeo.tables.contract import conform
from twentegeo.tables.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    import pandas as pd

    Floats = npt.NDArray[np.float64]

COUNTS: Final = ("aantal_inwoners", "aantal_huishoudens")
SIZES: Final = ("huishoudensgrootte",)
AGES: Final = ("aandeel_15_24", "aandeel_25_44", "aandeel_45_64")
"""Shares by age that grijze druk needs beside ``aandeel_65plus`` (%)."""
SHARES: Final = ("aandeel_65plus", "aandeel_75plus", "aandeel_eenpersoons", *AGES)
WANTED: Final = (*COUNTS, *SIZES, *SHARES)
"""Indicators that are used where they are given."""

_NORMAL_95: Final = 1.96


class DemographyParams(Parameters):
    """What steers the figures about people."""

    afronding_aantal: float = Field(
        default=5.0,
        gt=0,
        description="Veelvoud waarop CBS aantallen afrondt (personen of huishoudens), CBS-toelichting.",
    )
    onderdrukt_tot: float = Field(
        default=9.0,
        ge=0,
        description="Grootste aantal dat CBS weglaat (personen of huishoudens): onder de tien, CBS-toelichting.",
    )
    afronding_aandeel: float = Field(
        default=1.0, gt=0, description="Eenheid waarop CBS aandelen afrondt (procentpunt): hele procenten."
    )
    afronding_grootte: float = Field(
        default=0.1, gt=0, description="Eenheid waarop CBS de huishoudensgrootte afrondt (personen): een decimaal."
    )
    buurten_voor_spreiding: int = Field(
        default=8,
        ge=2,
        description=(
            "Aantal buurten met een eigen cijfer vanaf waar hun spreiding om het hogere niveau te schatten is"
            " (buurten); met minder is de schatting zelf te grof en geldt het hele bereik."
        ),
    )
    deel_20_24: float = Field(
        default=50.0,
        ge=0,
        le=100,
        description=(
            "Deel van de 15- tot 25-jarigen dat 20 of ouder is (%): vijf van tien jaargangen; de grenzen rekenen met 0"
            " en 100."
        ),
    )
    groot_m2: float = Field(
        default=110.0,
        gt=0,
        description=(
            "Gebruiksoppervlakte vanaf waar een woning groot heet (m²): ruim voor een of twee personen; keuze van het"
            " project, rond de mediaan van de eengezinswoning."
        ),
    )
    prognose_horizon: int = Field(
        default=2040,
        ge=2000,
        le=2100,
        description=(
            "Laatste jaar van een prognose dat nog gebruikt wordt (jaar): daarna lopen de varianten van"
            " huishoudensprognoses zo ver uiteen dat zij niet meer sturen; keuze van het project."
        ),
    )


def intervals(
    cijfers: pd.DataFrame, levels: Mapping[str, pd.DataFrame], parameters: DemographyParams
) -> tuple[pd.DataFrame, list[str]]:
    """
    Give every figure its bounds and standard error.

    Parameters
    ----------
    cijfers
        Figures by ``BUURT_INDICATOR``, as :func:`twentegeo.stock.neighbourhoods.cascade` gives them.
    levels
        ``buurt``, ``wijk`` and ``gemeente``: the CBS tables, from which the spread of neighbourhoods around a higher
        level is measured. May be empty: stand-ins then get the whole range.
    parameters
        Roundings.

    Returns
    -------
    bounded
        Table by ``BUURT_INTERVAL``: the rows of `cijfers` that are about people. A withheld count has no value, bounds
        0 and `onderdrukt_tot`, and no standard error. Rounding to multiples of h has bounds ±h/2 and σ = h/√12;
        a stand-in adds the spread, with bounds of 1.96 σ.
    unknown
        Names of the wanted indicators that no area has a figure of.
    """
    given = set(cijfers.loc[cijfers["waarde"].notna(), "indicator"])
    unknown = [name for name in WANTED if name not in given]
    rows = cijfers[cijfers["indicator"].isin([name for name in WANTED if name in given])]
    value = rows["waarde"].to_numpy(dtype="float64")
    step, limit = _step_and_limit(rows["indicator"], parameters)
    level = rows["niveau"].fillna("").to_numpy()
    spread = _spread_of(rows["indicator"], level, levels, parameters)
    own = spread == 0
    sigma = np.sqrt(step**2 / 12 + spread**2)
    # an unmeasured spread leaves the whole range open
    half = np.where(own, step / 2, np.where(np.isnan(spread), np.inf, _NORMAL_95 * sigma))
    withheld = np.isnan(value) & rows["indicator"].isin(COUNTS).to_numpy()
    low = np.where(withheld, 0.0, np.maximum(value - half, 0))
    high = np.where(withheld, parameters.onderdrukt_tot, np.minimum(value + half, limit))
    bounded = rows.assign(
        waarde_laag=np.where(np.isfinite(low), low, np.nan),
        waarde_hoog=np.where(np.isfinite(high), high, np.nan),
        sigma_waarde=np.where(np.isnan(value), np.nan, sigma),
    )
    return conform(BUURT_INTERVAL, bounded), unknown


def _step_and_limit(indicator: pd.Series[str], parameters: DemographyParams) -> tuple[Floats, Floats]:
    """Give the unit of rounding of each row, and the highest possible value."""
    share = indicator.isin(SHARES).to_numpy()
    count = indicator.isin(COUNTS).to_numpy()
    step = np.select(
        [share, count], [parameters.afronding_aandeel, parameters.afronding_aantal], parameters.afronding_grootte
    )
    return step, np.where(share, 100.0, np.inf)


def _spread_of(
    indicator: pd.Series[str],
    level: npt.NDArray[np.generic],
    levels: Mapping[str, pd.DataFrame],
    parameters: DemographyParams,
) -> Floats:
    """Measure how far neighbourhoods lie from the level that stands in; 0 for an own figure, NaN unmeasured."""
    spread = np.where(level == "buurt", 0.0, np.nan)
    for above in ("wijk", "gemeente"):
        for name in (*SIZES, *SHARES):
            rows = (level == above) & (indicator == name).to_numpy()
            if rows.any():
                spread[rows] = _spread(name, above, levels, parameters)
    return spread


def _spread(name: str, above: str, levels: Mapping[str, pd.DataFrame], parameters: DemographyParams) -> float:
    if "buurt" not in levels or above not in levels or name not in levels["buurt"] or name not in levels[above]:
        return np.nan
    code = f"{above}_code"
    higher = levels["buurt"][code].map(levels[above].set_index(code)[name])
    apart = (levels["buurt"][name] - higher).dropna().to_numpy(dtype="float64")
    # root mean square: a shift between the levels is an error of the stand-in too
    return float(np.sqrt(np.mean(apart**2))) if len(apart) >= parameters.buurten_voor_spreiding else np.nan
