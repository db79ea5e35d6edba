"""A municipality's prognosis of households as a change in percent, up to the horizon at which it is still believed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

if TYPE_CHECKING:
    from twentegeo.indicators.demography import DemographyParams

VARIANTS: Final = ("laag", "midden", "hoog")
_COLUMNS: Final = tuple(f"hh_prognose_{variant}" for variant in VARIANTS)
_YEARS: Final = ("prognose_vanaf", "prognose_horizon")


def household_change(
    prognose: pd.DataFrame, parameters: DemographyParams, peiljaar: int | None = None
) -> tuple[pd.DataFrame, list[str]]:
    """
    Say by how much each municipality's households change, from now to the horizon.

    Parameters
    ----------
    prognose
        Table by ``PROGNOSE``: ``gemeente_code``, ``variant``, ``jaar`` and ``huishoudens``; may be without rows.
    parameters
        ``prognose_horizon``, the last year that is used.
    peiljaar
        Year that the data refer to: a prognosis that began earlier counts from its last year up to here. None, or a
        prognosis that begins later: from its first year.

    Returns
    -------
    change
        Index ``gemeente_code``; ``hh_prognose_laag``, ``hh_prognose_midden`` and ``hh_prognose_hoog`` (percent),
        ``prognose_vanaf`` and ``prognose_horizon`` (years). Only years that all variants of the municipality give are
        used, so that the variants speak of the same years; a municipality without two of them has no row.
    left_out
        In Dutch, the municipalities without two years.
    """
    if prognose.empty:
        return pd.DataFrame(columns=[*_COLUMNS, *_YEARS], index=pd.Index([], name="gemeente_code")), []
    wide = prognose.pivot_table(index=["gemeente_code", "jaar"], columns="variant", values="huishoudens")
    wide = wide.reindex(columns=pd.Index(VARIANTS))
    has = wide.notna()
    complete = (has == has.groupby(level="gemeente_code").transform("any")).all(axis=1)
    usable = wide[complete].reset_index("jaar")
    usable = usable[usable["jaar"] <= parameters.prognose_horizon]
    by_place = usable.groupby(level="gemeente_code")
    begin, end = by_place.first(), by_place.last()
    if peiljaar is not None:
        begin = usable[usable["jaar"] <= peiljaar].groupby(level="gemeente_code").last().combine_first(begin)
    moves = (begin["jaar"] < end["jaar"]).to_numpy()
    begin, end = begin[moves], end[moves]
    variants = list(VARIANTS)
    change = (100 * (end[variants] / begin[variants] - 1)).add_prefix("hh_prognose_").rename_axis(columns=None)
    change = change.assign(prognose_vanaf=begin["jaar"].astype("Int64"), prognose_horizon=end["jaar"].astype("Int64"))
    without = sorted(set(prognose["gemeente_code"]) - set(change.index))
    told = f"hh_prognose: voor {', '.join(without)} geen twee jaren tot en met {parameters.prognose_horizon}"
    return change, [told] if without else []
