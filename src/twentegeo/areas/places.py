"""Where an area lies: its name and its municipalities."""

from __future__ import annotations

import pandas as pd
from pydantic import Field

from twentegeo.tables.parameters import Parameters


class PlaceParams(Parameters):
    """What steers names."""

    grensaandeel: float = Field(
        default=10.0,
        gt=0,
        le=50,
        description=(
            "Aandeel van de woningen dat ten minste twee gemeenten elk moeten hebben voor het gebied"
            " grensoverschrijdend heet (%)."
        ),
    )
    min_aandeel_naam: float = Field(
        default=25.0,
        gt=0,
        le=100,
        description="Aandeel van de woningen dat een tweede buurt ten minste heeft om in de naam te staan (%).",
    )


def municipalities(dwellings: pd.DataFrame, parameters: PlaceParams) -> pd.DataFrame:
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
    counts = _largest(dwellings, "gemeente_naam")
    share = 100 * counts["n"] / counts.groupby("gebied_id")["n"].transform("sum")
    considerable = share >= parameters.grensaandeel
    return pd.DataFrame(
        {
            "gemeenten": counts.groupby("gebied_id")["gemeente_naam"].agg(", ".join),
            "grensoverschrijdend": considerable.groupby(counts["gebied_id"]).sum() > 1,
        }
    )


def area_names(dwellings: pd.DataFrame, parameters: PlaceParams) -> pd.Series[str]:
    """
    Name every area after the street and the neighbourhoods where most of its dwellings are.

    Parameters
    ----------
    dwellings
        One row per dwelling in an area: ``gebied_id``, ``buurt_naam`` (NaN outside any), ``gemeente_naam`` and
        ``straat`` (NaN where unknown).
    parameters
        When a second neighbourhood is named.

    Returns
    -------
    naam
        Index ``gebied_id``: for example ``Dorpsstraat e.o., Noord en Zuid (Almelo)``. Areas that would share a name
        get a number.
    """
    size = dwellings.groupby("gebied_id").size()
    quarters = _largest(dwellings.assign(buurt_naam=dwellings["buurt_naam"].fillna("buitengebied")), "buurt_naam")
    first = quarters[quarters["turn"] == 0].set_index("gebied_id")["buurt_naam"].reindex(size.index)
    second = quarters[quarters["turn"] == 1].set_index("gebied_id")
    considerable = 100 * second["n"] / size.reindex(second.index) >= parameters.min_aandeel_naam
    other = second.loc[considerable, "buurt_naam"].reindex(size.index)
    town = _largest(dwellings, "gemeente_naam")
    towns = town[town["turn"] == 0].set_index("gebied_id")["gemeente_naam"].reindex(size.index)
    street = _largest(dwellings.dropna(subset="straat"), "straat")
    streets = street[street["turn"] == 0].set_index("gebied_id")["straat"].reindex(size.index)
    naam = (streets + " e.o., ").fillna("") + first + (" en " + other).fillna("") + " (" + towns + ")"
    number = naam.groupby(naam).cumcount() + 1
    return naam.where(~naam.duplicated(keep=False), naam + " " + number.astype("str")).rename("naam")


def _largest(dwellings: pd.DataFrame, column: str) -> pd.DataFrame:
    counts = dwellings.groupby(["gebied_id", column]).size().rename("n").reset_index()
    counts = counts.sort_values(["gebied_id", "n", column], ascending=[True, False, True])
    return counts.assign(turn=counts.groupby("gebied_id").cumcount())
