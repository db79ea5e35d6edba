"""
Priority areas: contiguous hectare cells whose dwellings score high together.

First method: a cell counts when its mean priority score is at or above a threshold and it holds enough dwellings
to say so; cells that touch form one area; an area needs enough dwellings to rank. Municipal borders play no part.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pydantic import Field

from twentegeo.areas.cells import clusters, squares
from twentegeo.tables.parameters import Parameters


class AreaParams(Parameters):
    """What steers the drawing of priority areas."""

    drempel_score: float = Field(
        default=75.0,
        ge=0,
        le=100,
        description=(
            "Gemiddelde prioriteitsscore vanaf waar een hectarecel meetelt (0-100); 75 is een buurt van voor 1975"
            " met gemiddeld ongeveer label E."
        ),
    )
    min_woningen_cel: int = Field(
        default=5,
        ge=1,
        description="Woningen die een hectarecel ten minste moet hebben (woningen); minder zegt te weinig.",
    )
    min_woningen_gebied: int = Field(
        default=30,
        ge=1,
        description=(
            "Woningen die een gebied ten minste moet hebben (woningen); onder de 30 is rangschikken op geschatte"
            " cijfers niet verantwoord (methode, paragraaf 5.5)."
        ),
    )
    grensaandeel: float = Field(
        default=10.0,
        gt=0,
        le=50,
        description=(
            "Aandeel van de woningen dat ten minste twee gemeenten elk moeten hebben voor het gebied"
            " grensoverschrijdend heet (%)."
        ),
    )


def hot_cells(cells: pd.DataFrame, parameters: AreaParams) -> pd.Series[int]:
    """
    Choose the cells and group those that touch.

    Parameters
    ----------
    cells
        Index ``cel_id``; ``n_woningen`` and ``score_prioriteit`` as
        :func:`twentegeo.priority.summary.summarise` gives them.
    parameters
        Thresholds.

    Returns
    -------
    cluster
        Index ``cel_id``: number of the group, for cells in a group with enough dwellings; others are left out.
    """
    chosen = cells[
        (cells["score_prioriteit"] >= parameters.drempel_score) & (cells["n_woningen"] >= parameters.min_woningen_cel)
    ]
    if chosen.empty:
        none: pd.Series[int] = pd.Series(0, index=chosen.index, dtype="int64", name="cluster")
        return none
    cluster: pd.Series[int] = pd.Series(clusters(chosen.index.to_series()), index=chosen.index, name="cluster")
    dwellings = chosen["n_woningen"].groupby(cluster).transform("sum")
    kept: pd.Series[int] = cluster[dwellings >= parameters.min_woningen_gebied]
    return kept


def area_ids(cluster: pd.Series[int]) -> pd.Series[str]:
    """
    Name every group after its south-western cell, so that an unchanged area keeps its id.

    Parameters
    ----------
    cluster
        Index ``cel_id``, number of the group.

    Returns
    -------
    gebied_id
        Index ``cel_id``, for example ``PG-E2545N4720``.
    """
    first = cluster.index.to_series().groupby(cluster.to_numpy()).transform("min")
    return ("PG-" + first).rename("gebied_id")


def outlines(gebied_id: pd.Series[str]) -> gpd.GeoSeries:
    """
    Draw the areas.

    Parameters
    ----------
    gebied_id
        Index ``cel_id``, id of the area.

    Returns
    -------
    outlines
        Index ``gebied_id``, sorted; polygons in RD New, one per area.
    """
    boxes = squares(gebied_id.index.to_series())
    ids = np.sort(gebied_id.unique())
    members = gebied_id.groupby(gebied_id).indices
    shapes = [shapely.union_all(boxes.to_numpy()[members[name]]) for name in ids]
    return gpd.GeoSeries(shapes, index=pd.Index(ids, name="gebied_id"), crs=boxes.crs)


def municipalities(dwellings: pd.DataFrame, parameters: AreaParams) -> pd.DataFrame:
    """
    Say which municipalities an area lies in.

    Parameters
    ----------
    dwellings
        One row per dwelling in an area: ``gebied_id``, ``gemeente_naam``.
    parameters
        The share from which an area crosses a border.

    Returns
    -------
    places
        Index ``gebied_id``: ``gemeenten`` (names, largest share first), ``grensoverschrijdend``.
    """
    counts = dwellings.groupby(["gebied_id", "gemeente_naam"]).size().rename("n").reset_index()
    counts["aandeel"] = 100 * counts["n"] / counts.groupby("gebied_id")["n"].transform("sum")
    counts = counts.sort_values(["gebied_id", "n", "gemeente_naam"], ascending=[True, False, True])
    considerable = counts["aandeel"] >= parameters.grensaandeel
    return pd.DataFrame(
        {
            "gemeenten": counts.groupby("gebied_id")["gemeente_naam"].agg(", ".join),
            "grensoverschrijdend": considerable.groupby(counts["gebied_id"]).sum() > 1,
        }
    )
