"""
What kind of building a dwelling is in, how many storeys it has and how compact it is.

A pand with one dwelling is a single-family house; which kind follows from the houses it is attached to. A pand with
more is multi-family, low, middle or high by its storeys. The form factor is the surface that loses heat over the
floor area: of two houses with walls alike, the less compact one has the poorer label (methods.md 5.3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import scipy
from pydantic import Field

from twentegeo.tables.columns.estimate import WONINGTYPEN
from twentegeo.tables.contract import conform
from twentegeo.tables.estimates import PAND_TYPE
from twentegeo.tables.keys import positions
from twentegeo.tables.parameters import Parameters

if TYPE_CHECKING:
    import numpy.typing as npt

    from twentegeo.indicators.outlines import Outlines
    from twentegeo.indicators.party_walls import Walls

    Bools = npt.NDArray[np.bool_]
    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

DETACHED, SEMI, ROW_END, ROW_MIDDLE, LOW, MIDDLE, HIGH = range(7)
"""Positions in ``WONINGTYPEN``."""

_SERIES_KIND: Final = np.array([0, 1, 2, 2, 3, 3, 3])
"""A row's ends and middles were built as one series, and so were the wings of a block of flats."""


class DwellingTypeParams(Parameters):
    """What steers the type of a dwelling, its storeys and its form factor."""

    muur_tolerantie_m: float = Field(
        default=0.15,
        gt=0,
        le=2,
        description="Afstand (m) waarbinnen twee gevels een gedeelde muur zijn; de BAG is op 0,3 m ingewonnen, en"
        " buren zijn meestal op dezelfde lijn getekend.",
    )
    muur_minimum_m: float = Field(
        default=2.0,
        gt=0,
        description="Lengte (m) van de gedeelde muur vanaf waar woningen aaneengebouwd heten; korter is een hoek"
        " of een tuinmuur die de panden net raakt.",
    )
    bruto_netto: float = Field(
        default=0.8,
        gt=0,
        le=1,
        description="Gebruiksoppervlakte als deel van de bruto vloer (verhouding): muren, trappenhuizen en schuine"
        " kap tellen niet mee; bij woningen gewoonlijk 0,75 tot 0,85.",
    )
    verdieping_m: float = Field(
        default=2.8,
        gt=2,
        le=5,
        description="Hoogte van een bouwlaag (m): 2,6 m vrije hoogte van het Bouwbesluit met de vloer.",
    )
    bouwlagen_maximum: int = Field(
        default=60,
        ge=2,
        description="Meeste bouwlagen die geloofd worden (aantal); meer wijst op een fout in oppervlakte of pand.",
    )
    laag_tot_en_met: int = Field(
        default=4,
        ge=1,
        description="Bouwlagen tot en met waar meergezins laag heet (aantal); daarboven ligt een vloer hoger dan"
        " 12,5 m en eist het Bouwbesluit een lift.",
    )
    midden_tot_en_met: int = Field(
        default=7,
        ge=2,
        description="Bouwlagen tot en met waar meergezins midden heet (aantal); daarboven ligt een vloer hoger dan"
        " 20 m, waar andere brandeisen gaan gelden.",
    )
    woning_m2: float = Field(
        default=80.0,
        gt=0,
        description="Oppervlakte van een appartement (m²) waarmee gerekend wordt als in een pand geen enkele"
        " oppervlakte bekend is; ongeveer het landelijk gemiddelde.",
    )
    reeks_jaren: int = Field(
        default=3,
        ge=0,
        description="Verschil in bouwjaar (jaren) waarbinnen aaneengebouwde woningen een reeks zijn; een rij wordt"
        " in een of twee seizoenen gebouwd, met enige speling van de registratie.",
    )


def dwelling_types(
    outlines: Outlines,
    woningen: pd.DataFrame,
    parameters: DwellingTypeParams,
    overig: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """
    Describe every pand that has a dwelling.

    Sheds, shops and other panden without a dwelling are no neighbours: a house with only a shed against it is
    detached. Storeys are the floor area over the footprint, rounded; where areas are missing they are filled
    with the mean of the same pand, and where all are, with `woning_m2` (both said in ``type_zekerheid``).

    Parameters
    ----------
    outlines
        The standing panden that hold dwellings, and the walls that they share.
    woningen
        Dwellings with ``pand_id`` (their main pand) and ``oppervlakte_m2``.
    parameters
        What steers the judgement.
    overig
        Other verblijfsobjecten in use with ``pand_id`` and ``oppervlakte_m2``, such as the shop under a flat;
        None where only dwellings are known.

    Returns
    -------
    types
        One row per pand with a dwelling, by ``PAND_TYPE``, sorted on ``pand_id``. ``reeks_id`` is the lowest
        ``pand_id`` of the panden attached to it of the same kind and time. ``vormfactor`` is missing where no
        area is known.
    """
    lived_in, walls = outlines.panden, outlines.walls
    floor, certainty = _floor_area(lived_in, woningen, overig, parameters)
    footprint = lived_in["oppervlakte_m2"].to_numpy()
    ratio = floor / (footprint * parameters.bruto_netto)
    storeys = np.clip(np.round(ratio), 1, parameters.bouwlagen_maximum).astype("int64")
    kind = _kinds(lived_in["n_woningen"].to_numpy(dtype="int64"), storeys, walls, parameters)
    shared = np.bincount(walls.first, walls.length, len(lived_in)) + np.bincount(
        walls.second, walls.length, len(lived_in)
    )
    outside = np.maximum(lived_in["omtrek_m"].to_numpy() - shared, 0.0) * storeys * parameters.verdieping_m
    form = np.where(certainty == "laag", np.nan, (outside + 2 * footprint) / floor)
    table = pd.DataFrame(
        {
            "pand_id": lived_in["pand_id"],
            "woningtype": np.array(WONINGTYPEN, dtype=object)[kind],
            "type_zekerheid": certainty,
            "bouwlagen": pd.array(storeys, dtype="Int64"),
            "vormfactor": form,
            "reeks_id": _series(lived_in, kind, walls, parameters.reeks_jaren),
        }
    )
    return conform(PAND_TYPE, table)


def _floor_area(
    lived_in: pd.DataFrame, woningen: pd.DataFrame, overig: pd.DataFrame | None, parameters: DwellingTypeParams
) -> tuple[Floats, npt.NDArray[np.object_]]:
    """Usable floor area of each pand in m², and how much of it was given."""
    uses = [woningen[["pand_id", "oppervlakte_m2"]]]
    if overig is not None:
        uses.append(overig[["pand_id", "oppervlakte_m2"]])
    parts = pd.concat(uses, ignore_index=True)
    row = positions(parts["pand_id"], lived_in["pand_id"])
    area = parts["oppervlakte_m2"].to_numpy(dtype="float64", na_value=np.nan)
    row, area = row[row >= 0], area[row >= 0]
    given = ~np.isnan(area)
    n_all = np.bincount(row, minlength=len(lived_in))
    n_given = np.bincount(row[given], minlength=len(lived_in))
    total = np.bincount(row[given], area[given], len(lived_in))
    mean = np.where(n_given > 0, total / np.maximum(n_given, 1), parameters.woning_m2)
    certainty = np.select([n_given == 0, n_given < n_all], ["laag", "middel"], "hoog").astype(object)
    return total + mean * (np.maximum(n_all, 1) - n_given), certainty


def _kinds(n_dwellings: Ints, storeys: Ints, walls: Walls, parameters: DwellingTypeParams) -> Ints:
    """Position in ``WONINGTYPEN`` of each pand."""
    n = len(n_dwellings)
    single = n_dwellings == 1
    neighbours = np.bincount(walls.first, minlength=n) + np.bincount(walls.second, minlength=n)
    # a pair: two single houses that each have only the other
    lone = single & (neighbours == 1)
    together = lone[walls.first] & lone[walls.second]
    pair = np.zeros(n, dtype=bool)
    pair[walls.first[together]] = pair[walls.second[together]] = True
    stacked = np.select(
        [storeys <= parameters.laag_tot_en_met, storeys <= parameters.midden_tot_en_met], [LOW, MIDDLE], HIGH
    )
    house = np.select([neighbours == 0, pair, neighbours == 1], [DETACHED, SEMI, ROW_END], ROW_MIDDLE)
    return np.where(single, house, stacked)


def _series(lived_in: pd.DataFrame, kind: Ints, walls: Walls, years: int) -> npt.NDArray[np.object_]:
    """Name the series of each pand after its first pand."""
    built = lived_in["bouwjaar"].to_numpy(dtype="float64", na_value=np.nan)
    alike = _SERIES_KIND[kind[walls.first]] == _SERIES_KIND[kind[walls.second]]
    # a missing year is like no other, so that its comparison is false
    alike &= np.abs(built[walls.first] - built[walls.second]) <= years
    n = len(lived_in)
    first, second = walls.first[alike], walls.second[alike]
    links = scipy.sparse.coo_array((np.ones(len(first), dtype=bool), (first, second)), shape=(n, n))
    number, series = scipy.sparse.csgraph.connected_components(links, directed=False)
    lowest = np.full(number, n)
    np.minimum.at(lowest, series, np.arange(n))
    names: npt.NDArray[np.object_] = lived_in["pand_id"].to_numpy(dtype=object)[lowest[series]]
    return names
