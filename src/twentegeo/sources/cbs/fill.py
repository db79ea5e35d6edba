"""
Figures that the newest edition does not have yet, from the latest earlier one that has them.

Codes and borders change from year to year, so a figure goes along only to an area that bears the same code and covers
the same ground; others stay without and get the figure of a wider level later on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import shapely
from pydantic import Field

from twentegeo.sources.cbs.columns import INDICATORS
from twentegeo.tables.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd


class CbsParams(Parameters):
    """When an area of one year is the area of another."""

    same_ground: float = Field(
        default=0.98,
        gt=0.5,
        le=1,
        description=(
            "Deel van de grond dat twee edities van een buurt gemeen moeten hebben (doorsnede op vereniging)"
            " voordat een cijfer van het ene jaar voor het andere geldt; kustlijnen en afronding kosten minder dan 2%."
        ),
    )


def fill(
    level: str,
    newest: gpd.GeoDataFrame,
    earlier: Sequence[tuple[gpd.GeoDataFrame, int | None]],
    year: int | None,
    params: CbsParams,
) -> tuple[gpd.GeoDataFrame, dict[str, int | None]]:
    """
    Fill the figures that no area of the newest edition has.

    Parameters
    ----------
    level
        ``buurt``, ``wijk`` or ``gemeente``.
    newest, earlier
        Tables by ``BUURT``, ``WIJK`` or ``GEMEENTE``; earlier ones with their year, the latest first.
    year
        Of the newest edition.
    params
        When an area counts as the same.

    Returns
    -------
    table
        The newest edition, figures filled; same rows and order.
    years
        Year that each figure comes from, for figures that some area has.
    """
    table = newest.copy()
    years = {name: year for name in INDICATORS if newest[name].notna().any()}
    for old, old_year in earlier:
        wanted = [name for name in INDICATORS if name not in years and old[name].notna().any()]
        if not wanted:
            continue
        same = _same(f"{level}_code", newest, old, params.same_ground)
        for name in wanted:
            values = same[name].reindex(newest[f"{level}_code"])
            if values.notna().any():
                table[name] = values.to_numpy(dtype="float64")
                years[name] = old_year
    return table, years


def _same(code: str, newest: gpd.GeoDataFrame, old: gpd.GeoDataFrame, share: float) -> pd.DataFrame:
    """Take the rows of an earlier edition whose area is that of the newest, by code."""
    there = old.set_index(code)
    mine = newest.set_index(code).geometry
    both = there.index.intersection(mine.index)
    a, b = there.loc[both].geometry.to_numpy(), mine.loc[both].to_numpy()
    common = shapely.area(shapely.intersection(a, b)) / shapely.area(shapely.union(a, b))
    return pd.DataFrame(there.loc[both[common >= share]].drop(columns="geometry"))
