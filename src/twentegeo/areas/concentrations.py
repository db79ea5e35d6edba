"""
Where need is concentrated: the test on the cells, and the areas drawn around what it finds, on two grounds.

*Boven verwachting* asks where more dwellings are bad than their kind and period explain: something is the matter with
this place. *Veel opgave* asks where bad dwellings lie together, whatever explains it: old neighbourhoods count. The
first is the stricter question and goes first; an area on the second ground holds only dwellings that are in no area
on the first. See docs/decisions/0010.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pydantic import Field

from twentegeo.areas.blocks import leave_out
from twentegeo.areas.getis_ord import HotspotParams, Hotspots, hotspots
from twentegeo.areas.identity import IdentityParams
from twentegeo.areas.outliers import outliers
from twentegeo.areas.outlines import Drawn, OutlineParams, draw_areas
from twentegeo.areas.places import PlaceParams
from twentegeo.areas.reasons import ReasonParams
from twentegeo.areas.smoothing import SmoothingParams, cell_need, expected_need
from twentegeo.crs import RD_NEW_TEXT
from twentegeo.tables.keys import is_among
from twentegeo.tables.parameters import Parameters

if TYPE_CHECKING:
    import numpy.typing as npt

    from twentegeo.tables.shapes import Mapped

KIND: Final = ("woningtype", "bouwperiode")
"""Columns that together say what a dwelling is; dwellings alike in these are expected to be alike in need."""

Ground = Literal["boven verwachting", "veel opgave"]


class AreaParams(Parameters):
    """What steers the finding and drawing of priority areas."""

    gronden: tuple[Ground, ...] = Field(
        default=("boven verwachting", "veel opgave"),
        min_length=1,
        description=(
            "Waarop een prioriteitsgebied gevonden mag worden (geen eenheid): meer slechte labels dan soort en"
            " bouwperiode doen verwachten, en/of veel meer dan gemiddeld in de regio. De laag hotspot gaat altijd over"
            " de eerste vraag."
        ),
    )
    verwachting: SmoothingParams = Field(
        default_factory=SmoothingParams, description="Waarmee de opgave van een plek vergeleken wordt."
    )
    toets: HotspotParams = Field(default_factory=HotspotParams, description="De toets op concentraties (Gi*).")
    omtrek: OutlineParams = Field(default_factory=OutlineParams, description="Het tekenen van gebieden.")
    veel_min_tekort: float = Field(
        default=50.0,
        ge=0,
        le=100,
        description=(
            "Verwacht aandeel E, F of G van een gebied met veel opgave ten minste (%): de meerderheid van de woningen."
        ),
    )
    veel_min_overschot: float = Field(
        default=20.0,
        ge=0,
        le=100,
        description=(
            "Verschil met het regiogemiddelde van een gebied met veel opgave ten minste (procentpunt): in een regio"
            " waar de meerderheid slecht is blijft alleen wat daar duidelijk boven ligt."
        ),
    )
    moran_band_m: int = Field(
        default=250,
        ge=100,
        description="Afstand tot waar cellen buren zijn bij het zoeken van uitschieters (m); de middelste band.",
    )
    trekkingen_ruw: int = Field(
        default=19_999,
        ge=99,
        description=(
            "Trekkingen per aantal buren bij de toets op veel opgave en bij het zoeken van uitschieters (aantal): daar"
            " zijn honderden cellen tegelijk bijzonder, zodat de toets ook zonder heel kleine kansen scherp is."
        ),
    )
    startgetal: int = Field(
        default=7, ge=0, description="Startgetal van het toeval (geen eenheid); gelijk getal, gelijke uitkomst."
    )
    herkenning: IdentityParams = Field(
        default_factory=IdentityParams, description="Wanneer een gebied hetzelfde is als in de vorige release."
    )
    plaats: PlaceParams = Field(default_factory=PlaceParams, description="Namen en gemeenten van gebieden.")
    redenen: ReasonParams = Field(default_factory=ReasonParams, description="Redenen in gewone taal.")


@dataclass(frozen=True)
class Concentrations:
    """
    What was found.

    Attributes
    ----------
    cells
        Index ``cel_id``: need and expectation as :func:`twentegeo.areas.smoothing.cell_need` gives, and of the test
        against what is expected ``gi_z``, ``gi_q``, ``gi_teken``, ``moran_soort``.
    hotspots
        That test, by band.
    areas
        One row per area from 0: polygons in RD New, no two overlap; ``n_woningen``, ``aanleiding``, ``tekort`` and
        ``verwacht`` (means of its dwellings, 0-100).
    member
        Index of the dwellings as given: number of the area, -1 outside.
    expected
        Index of the dwellings as given: need to be expected of its kind, 0-100, NaN where unknown.
    left_out
        In Dutch, what could not be tested and why.
    """

    cells: pd.DataFrame
    hotspots: Hotspots
    areas: gpd.GeoDataFrame
    member: pd.Series[int]
    expected: pd.Series[float]
    left_out: list[str]


def find_among(
    known: pd.DataFrame, place: npt.NDArray[np.float64], panden: Mapped, parameters: AreaParams
) -> Concentrations:
    """
    Do the same with points as numbers: what can be handed to another process without making objects of them.

    Parameters
    ----------
    known
        As the dwellings of :func:`find_concentrations`, without their points.
    place
        (n, 2) coordinates in RD New.
    panden, parameters
        As for :func:`find_concentrations`.

    Returns
    -------
    found
        Cells, areas and members.
    """
    dwellings = gpd.GeoDataFrame(known, geometry=shapely.points(place), crs=RD_NEW_TEXT)
    return find_concentrations(cast("gpd.GeoDataFrame", dwellings), panden, parameters)


def find_concentrations(dwellings: gpd.GeoDataFrame, panden: Mapped, parameters: AreaParams) -> Concentrations:
    """
    Test the cells and draw the areas.

    Parameters
    ----------
    dwellings
        One row per dwelling: points in RD New, ``pand_id`` (NaN allowed), ``cel_id``, the columns of :data:`KIND`,
        ``tekort`` (chance of class E, F or G, 0-100, NaN where unknown), ``is_bewijs`` and ``blok_id``.
    panden
        Buildings, with ``pand_id``.
    parameters
        Grounds, test and outlines.

    Returns
    -------
    found
        Cells, areas and members. The order of the rows plays no part.
    """
    kinds = KIND if parameters.verwachting.vergelijking == "opbouw" else ()
    by_kind = dwellings.assign(verwacht=expected_need(dwellings, kinds, parameters.verwachting))
    cells = cell_need(by_kind)
    tested = hotspots(cells, parameters.toets, parameters.startgetal)
    coarser = parameters.toets.model_copy(update={"trekkingen": parameters.trekkingen_ruw})
    moran = outliers(cells, parameters.moran_band_m, coarser, parameters.startgetal)
    parts = []
    taken = pd.Series(-1, index=dwellings.index, name="gebied", dtype="int64")
    if "boven verwachting" in parameters.gronden:
        drawn = draw_areas(by_kind, panden, _hot(tested), parameters.omtrek)
        parts.append(drawn.areas.assign(aanleiding="boven verwachting"))
        taken = drawn.member
    if "veel opgave" in parameters.gronden:
        plain, hot = _much_need(dwellings, taken, panden, parameters)
        before = parts[0].geometry.to_numpy() if parts else np.array([], dtype=object)
        shapes = leave_out(plain.areas.geometry.to_numpy(), before)
        parts = [part.assign(aanleiding=_both(part, taken, dwellings, hot, parameters)) for part in parts]
        number = plain.member.where(plain.member < 0, plain.member + sum(len(part) for part in parts))
        taken = taken.where(taken >= 0, number.reindex(taken.index).fillna(-1).astype("int64"))
        parts.append(plain.areas.set_geometry(shapes, crs=RD_NEW_TEXT).assign(aanleiding="veel opgave"))
    areas = cast("gpd.GeoDataFrame", pd.concat(parts, ignore_index=True))
    inside = by_kind[["tekort", "verwacht"]].groupby(taken.to_numpy()).mean().reindex(range(len(areas)))
    return Concentrations(
        cells=cells.join(tested.cells).join(moran[["moran_soort"]]),
        hotspots=tested,
        areas=areas.assign(tekort=inside["tekort"].to_numpy(), verwacht=inside["verwacht"].to_numpy()),
        member=taken,
        expected=by_kind["verwacht"],
        left_out=[tested.note] if tested.note else [],
    )


def _hot(tested: Hotspots) -> pd.Index:
    return tested.cells.index[tested.cells["gi_teken"] == "hoog"]


def _much_need(
    dwellings: gpd.GeoDataFrame, taken: pd.Series[int], panden: Mapped, parameters: AreaParams
) -> tuple[Drawn, pd.Index]:
    """Draw what lies far above the mean of the region, among the dwellings that are not taken yet."""
    region = SmoothingParams(vergelijking="regio")
    flat = dwellings.assign(verwacht=expected_need(dwellings, (), region))
    # old districts are ordinary here, so the ordinary spread may not be called chance
    changed = {"nulverdeling": "permutatie", "trekkingen": parameters.trekkingen_ruw}
    shuffled = parameters.toets.model_copy(update=changed)
    hot = _hot(hotspots(cell_need(flat), shuffled, parameters.startgetal))
    stricter = {"min_tekort": parameters.veel_min_tekort, "min_overschot": parameters.veel_min_overschot}
    free = flat[(taken < 0).to_numpy()]
    used = dwellings.loc[(taken >= 0).to_numpy(), "pand_id"]
    standing = panden.where(~is_among(panden.rows["pand_id"], used)) if len(used) else panden
    drawn = draw_areas(cast("gpd.GeoDataFrame", free), standing, hot, parameters.omtrek.model_copy(update=stricter))
    return drawn, hot


def _both(
    areas: gpd.GeoDataFrame, taken: pd.Series[int], dwellings: gpd.GeoDataFrame, hot: pd.Index, parameters: AreaParams
) -> list[str]:
    """Say of areas above expectation whether they would be found on the other ground too."""
    inside = taken.to_numpy()
    need = dwellings["tekort"].groupby(inside).mean().reindex(range(len(areas))).to_numpy()
    touched = pd.Series(is_among(dwellings["cel_id"], hot)).groupby(inside).any().reindex(range(len(areas)))
    overall = dwellings["tekort"].mean()
    much = (need >= parameters.veel_min_tekort) & (need - overall >= parameters.veel_min_overschot)
    return list(np.where(much & touched.to_numpy(dtype=bool), "beide", "boven verwachting"))
