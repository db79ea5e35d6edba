"""Dwelling to neighbourhood by its point, and the figure of a neighbourhood from the lowest level that has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from twentegeo.tables.columns.people import AANTAL_HUISHOUDENS, AANTAL_INWONERS, INDICATOREN, WONINGVOORRAAD
from twentegeo.tables.contract import conform
from twentegeo.tables.losses import Reason, account
from twentegeo.tables.registers import BUURT_INDICATOR

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

COUNTS: Final = (AANTAL_INWONERS.name, AANTAL_HUISHOUDENS.name, WONINGVOORRAAD.name)
"""Indicators that count. They stay at their own level: a municipality's inhabitants are no neighbourhood's."""

_OUTSIDE: Final = Reason(
    "woning op buurt",
    "woning",
    "punt ligt in geen buurt",
    "Controleer of de buurtkaart van hetzelfde jaar is en de hele regio dekt.",
)


def cascade(
    buurt: pd.DataFrame,
    wijk: pd.DataFrame,
    gemeente: pd.DataFrame,
    years: Mapping[str, Mapping[str, int | None]] | None = None,
) -> pd.DataFrame:
    """
    Give each neighbourhood the figures of the lowest level that has them.

    CBS withholds figures of small neighbourhoods. An average or a share of the district, or else of the
    municipality, then stands in, and the level it came from is kept. Counts do not cascade.

    Parameters
    ----------
    buurt, wijk, gemeente
        Tables by ``BUURT``, ``WIJK`` and ``GEMEENTE``.
    years
        By level, the year that each figure comes from; the map's own year when None.

    Returns
    -------
    figures
        Table by ``BUURT_INDICATOR``: a row per neighbourhood and indicator; value and level are missing
        where no level gives it.
    """
    in_wijk, in_gemeente = wijk.set_index("wijk_code"), gemeente.set_index("gemeente_code")
    parts = []
    for indicator in INDICATOREN:
        name = indicator.name
        candidates = {"buurt": buurt[name]}
        if name not in COUNTS:
            candidates["wijk"] = buurt["wijk_code"].map(in_wijk[name])
            candidates["gemeente"] = buurt["gemeente_code"].map(in_gemeente[name])
        values = pd.DataFrame(candidates)
        level = pd.Series(None, index=buurt.index, dtype="str")
        for candidate in reversed(values.columns):
            level = level.mask(values[candidate].notna(), candidate)
        year = level.map(lambda at, name=name: (years or {}).get(at, {}).get(name), na_action="ignore")
        if years is None:
            year = buurt["cbs_jaar"].where(level.notna())
        parts.append(
            pd.DataFrame(
                {
                    "buurt_code": buurt["buurt_code"],
                    "indicator": name,
                    "waarde": values.bfill(axis=1).iloc[:, 0],
                    "niveau": level,
                    "cijfer_jaar": year.astype("Int64"),
                }
            )
        )
    return conform(BUURT_INDICATOR, pd.concat(parts).sort_values(["buurt_code", "indicator"], kind="stable"))


def locate(points: gpd.GeoDataFrame, buurt: gpd.GeoDataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Find the neighbourhood in which each point lies.

    Parameters
    ----------
    points
        Point geometries in RD New; losses are named by `vbo_id` where that column is there, else by the index.
    buurt
        Table by ``BUURT``.

    Returns
    -------
    places
        `buurt_code` and `wijk_code`, same index and order as `points`; missing outside all neighbourhoods.
        A point on a border belongs to the neighbourhood with the lowest code.
    losses
        Rows by ``KOPPELVERLIES`` of the points outside.
    """
    areas = buurt.sort_values("buurt_code", kind="stable").reset_index(drop=True)
    # the few areas are asked of the many points, so that GEOS prepares the areas
    tree = shapely.STRtree(points.geometry.to_numpy())
    area, point = tree.query(areas.geometry.to_numpy(), predicate="intersects")
    chosen = np.full(len(points), len(areas))
    np.minimum.at(chosen, point, area)
    places = pd.DataFrame(
        {
            name: pd.array([*areas[name], None], dtype=pd.StringDtype(na_value=np.nan)).take(chosen)
            for name in ("buurt_code", "wijk_code")
        },
        index=points.index,
    )
    outside = chosen == len(areas)
    names = points["vbo_id"] if "vbo_id" in points else points.index.to_series()
    return places, _OUTSIDE.rows(names[outside])


def located_account(n_dwellings: int, n_areas: int, n_inside: int) -> pd.DataFrame:
    """
    Sum up the join of dwellings to neighbourhoods.

    Parameters
    ----------
    n_dwellings, n_areas
        Rows on either side.
    n_inside
        Dwellings that lie in a neighbourhood.

    Returns
    -------
    summary
        One row by ``KOPPELING``.
    """
    return account(
        _OUTSIDE.koppeling,
        "Woningen waarvan het punt in een CBS-buurt ligt.",
        left=n_dwellings,
        right=n_areas,
        matched=n_inside,
    )
