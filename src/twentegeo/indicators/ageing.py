"""Figures derived from people and dwellings together: grijze druk, mismatch of household and dwelling, prognosis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from twentegeo.indicators.demography import AGES, DemographyParams
from twentegeo.indicators.household_prognosis import household_change
from twentegeo.tables.assessments import BUURT_MENSEN
from twentegeo.tables.contract import DTYPES, conform, empty
from twentegeo.tables.registers import PROGNOSE

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_LEVELS: Final = ("buurt", "wijk", "gemeente")
_ELDERLY, _ALONE, _SIZE = "aandeel_65plus", "aandeel_eenpersoons", "huishoudensgrootte"


@dataclass(frozen=True, slots=True)
class People:
    """
    What is known of the people of each neighbourhood.

    Attributes
    ----------
    buurten
        Table by ``BUURT_MENSEN``, sorted on ``buurt_code``.
    gemeenten
        Index ``gemeente_code``: the prognosis of the municipality, as
        :func:`~twentegeo.indicators.household_prognosis.household_change` gives it.
    left_out
        In Dutch, what could not be computed and why.
    """

    buurten: pd.DataFrame
    gemeenten: pd.DataFrame
    left_out: list[str]


def people(
    bounded: pd.DataFrame,
    buurt: pd.DataFrame,
    woningen: pd.DataFrame,
    parameters: DemographyParams,
    prognose: pd.DataFrame | None = None,
    peiljaar: int | None = None,
) -> People:
    """
    Derive what CBS's figures and the dwellings say together.

    Parameters
    ----------
    bounded
        What :func:`twentegeo.indicators.demography.intervals` gives.
    buurt
        Neighbourhoods with ``buurt_code`` and ``gemeente_code``; every one of them gets a row.
    woningen
        Dwellings with ``buurt_code`` and ``oppervlakte_m2`` (missing where unknown).
    parameters
        Sizes and horizon.
    prognose
        Households by ``PROGNOSE``: ``gemeente_code``, ``variant`` (laag, midden, hoog), ``jaar`` and ``huishoudens``;
        None without.
    peiljaar
        Year that the data refer to; a prognosis that began earlier counts from its last year up to here. None: from
        its first year.

    Returns
    -------
    people
        Grijze druk and mismatch with bounds; the prognosis of the municipality, which is a scenario and no figure of
        the neighbourhood.
    """
    codes = pd.Index(buurt["buurt_code"].sort_values(), name="buurt_code")
    value, low, high = (
        bounded.pivot_table(index="buurt_code", columns="indicator", values=column, dropna=False).reindex(codes)
        for column in ("waarde", "waarde_laag", "waarde_hoog")
    )
    floor, left_out = _floor_area(woningen, codes, parameters)
    parts: list[pd.DataFrame | pd.Series[float] | pd.Series[str]] = [floor]
    needed = {"grijze_druk": {_ELDERLY, *AGES}, "mismatch": {_ELDERLY, _ALONE}, "woonruimte_m2_pp": {_SIZE}}
    absent = {name: sorted(wanted - set(value.columns)) for name, wanted in needed.items()}
    left_out += [f"{name}: niet te berekenen zonder {', '.join(lacks)}" for name, lacks in absent.items() if lacks]
    if not absent["grijze_druk"]:
        pressure = _pressure(value, low, high, parameters)
        level = _highest_level(bounded, needed["grijze_druk"]).reindex(codes)
        parts += [pressure, level.where(pressure["grijze_druk"].notna()).rename("grijze_druk_niveau")]
    if not absent["mismatch"]:
        mismatch = _mismatch(floor["aandeel_groot"], value, low, high)
        level = _highest_level(bounded, needed["mismatch"]).reindex(codes)
        parts += [mismatch, level.where(mismatch["mismatch"].notna()).rename("mismatch_niveau")]
    if not absent["woonruimte_m2_pp"]:
        parts.append((floor["gemiddeld_m2"] / value[_SIZE].where(value[_SIZE] > 0)).rename("woonruimte_m2_pp"))
    known = empty(PROGNOSE) if prognose is None else prognose
    change, told = household_change(known, parameters, peiljaar)
    gemeente = buurt.set_index("buurt_code")["gemeente_code"].reindex(codes)
    parts.append(change.reindex(gemeente).set_axis(codes))
    left_out += ["hh_prognose: geen prognose geleverd"] if known.empty else told
    made = pd.concat(parts, axis=1)
    lacking = {
        column.name: pd.Series(None, index=codes, dtype=DTYPES[column.kind])
        for column in BUURT_MENSEN.columns
        if column.name not in made and column.name != "buurt_code"
    }
    return People(conform(BUURT_MENSEN, made.assign(**lacking).reset_index()), change, left_out)


def _floor_area(
    woningen: pd.DataFrame, codes: pd.Index[str], parameters: DemographyParams
) -> tuple[pd.DataFrame, list[str]]:
    """Mean floor area and share of large dwellings, of those whose area is known."""
    known = woningen[woningen["oppervlakte_m2"].notna()]
    area = known["oppervlakte_m2"].astype("float64")
    both = pd.DataFrame(
        {
            "gemiddeld_m2": area.groupby(known["buurt_code"]).mean(),
            "aandeel_groot": 100 * (area >= parameters.groot_m2).groupby(known["buurt_code"]).mean(),
        }
    ).reindex(codes)
    lacking = int(both["aandeel_groot"].isna().sum())
    told = (
        f"aandeel_groot, woonruimte_m2_pp, mismatch: leeg in {lacking} van {len(codes)} buurten, waar geen woning met"
        " bekende oppervlakte staat"
    )
    return both, [told] if lacking else []


def _highest_level(bounded: pd.DataFrame, indicators: set[str]) -> pd.Series[str]:
    """Say per neighbourhood from how high a level the figures come at most."""
    rows = bounded[bounded["indicator"].isin(indicators)]
    height = rows["niveau"].map({name: place for place, name in enumerate(_LEVELS)})
    highest = height.groupby(rows["buurt_code"]).max()
    return highest.map(dict(enumerate(_LEVELS))).astype("str")


def _pressure(value: pd.DataFrame, low: pd.DataFrame, high: pd.DataFrame, parameters: DemographyParams) -> pd.DataFrame:
    """Compute 65+ per 100 of 20-64. CBS gives 15-24 as one group: its bounds count all or none of it."""
    youths, *adults = AGES
    share = parameters.deel_20_24 / 100

    def per_hundred(old: pd.Series[float], working: pd.Series[float]) -> pd.Series[float]:
        return 100 * old / working.where(working > 0)

    return pd.DataFrame(
        {
            "grijze_druk": per_hundred(
                value[_ELDERLY], share * value[youths] + value[adults].sum(axis=1, skipna=False)
            ),
            "grijze_druk_laag": per_hundred(low[_ELDERLY], high[youths] + high[adults].sum(axis=1, skipna=False)),
            "grijze_druk_hoog": per_hundred(high[_ELDERLY], low[adults].sum(axis=1, skipna=False)),
        }
    )


def _mismatch(large: pd.Series[float], value: pd.DataFrame, low: pd.DataFrame, high: pd.DataFrame) -> pd.DataFrame:
    """Geometric mean of three shares: high only where all three are; it rises with each, so its ends are the ends."""
    return pd.DataFrame(
        {
            name: np.cbrt(large * part[_ELDERLY] * part[_ALONE])
            for name, part in (("mismatch", value), ("mismatch_laag", low), ("mismatch_hoog", high))
        }
    )


def ageing_figures(bounded: pd.DataFrame, mensen: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Gather the figures about ageing of each neighbourhood, with their standard errors.

    Parameters
    ----------
    bounded
        Table by ``BUURT_INTERVAL``.
    mensen
        Table by ``BUURT_MENSEN``.

    Returns
    -------
    figures, sigma
        Index ``buurt_code``; columns ``aandeel_65plus``, ``aandeel_eenpersoons`` (%) and ``mismatch`` (0-100) as far
        as any neighbourhood has them. The error of the mismatch is that of a value anywhere between its bounds.
    """
    rows = bounded[bounded["indicator"].isin((_ELDERLY, _ALONE))]
    value, error = (
        rows.pivot_table(index="buurt_code", columns="indicator", values=column)
        for column in ("waarde", "sigma_waarde")
    )
    derived = mensen.set_index("buurt_code")
    if derived["mismatch"].notna().any():
        spread = (derived["mismatch_hoog"] - derived["mismatch_laag"]) / np.sqrt(12)
        value = value.reindex(derived.index).assign(mismatch=derived["mismatch"])
        error = error.reindex(derived.index).assign(mismatch=spread)
    return value.rename_axis(columns=None), error.rename_axis(columns=None)
