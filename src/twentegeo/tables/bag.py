"""The BAG as read: current objects of one region, whichever delivery they came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from twentegeo.tables.columns import building, place
from twentegeo.tables.contract import Table

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from twentegeo.tables.shapes import Mapped

PAND: Final = Table(
    "bag_pand",
    "Panden (BAG)",
    "Een rij per actueel pand in de regio, ook geplande en zonder verblijfsobject.",
    (
        place.PAND_ID.required(),
        building.PAND_STATUS.required(),
        building.BOUWJAAR.optional(),
        building.BOUWJAAR_DUMMY.required(),
        building.GEOMETRIE_HERSTELD.required(),
        place.GEMEENTE_CODE.required(),
    ),
    key=("pand_id",),
    geometry="MultiPolygon",
)

VERBLIJFSOBJECT: Final = Table(
    "bag_verblijfsobject",
    "Verblijfsobjecten (BAG)",
    "Een rij per actueel verblijfsobject in de regio, ook geplande en zonder woonfunctie.",
    (
        place.VBO_ID.required(),
        building.VBO_STATUS.required(),
        building.GEBRUIKSDOEL.required(),
        building.OPPERVLAKTE_M2.optional(),
        building.OPPERVLAKTE_DUMMY.required(),
        place.NUMMERAANDUIDING_ID.required(),
        place.GEMEENTE_CODE.required(),
    ),
    key=("vbo_id",),
    geometry="Point",
)

VBO_PAND: Final = Table(
    "bag_vbo_pand",
    "Verblijfsobject in pand (BAG)",
    "Een rij per paar van een verblijfsobject en een pand waar het deel van uitmaakt.",
    (place.VBO_ID.required(), place.PAND_ID.required(), place.VOLGORDE.required()),
    key=("vbo_id", "pand_id"),
)

ADRES: Final = Table(
    "bag_adres",
    "Adressen (BAG)",
    "Een rij per adres van een verblijfsobject, ligplaats of standplaats; hoofd- en nevenadressen.",
    (
        place.NUMMERAANDUIDING_ID.required(),
        place.OBJECT_ID.required(),
        place.OBJECT_SOORT.required(),
        place.IS_HOOFDADRES.required(),
        place.STRAAT.required(),
        place.HUISNUMMER.required(),
        place.HUISLETTER.optional(),
        place.TOEVOEGING.optional(),
        place.POSTCODE.optional(),
        place.WOONPLAATS.required(),
        place.GEMEENTE_CODE.required(),
    ),
    key=("nummeraanduiding_id", "object_id"),
)

PLAATS: Final = Table(
    "bag_plaats",
    "Ligplaatsen en standplaatsen (BAG)",
    "Een rij per actuele ligplaats of standplaats in de regio.",
    (
        place.PLAATS_ID.required(),
        place.PLAATS_SOORT.required(),
        building.PLAATS_STATUS.required(),
        place.NUMMERAANDUIDING_ID.required(),
        place.GEMEENTE_CODE.required(),
    ),
    key=("plaats_id",),
    geometry="MultiPolygon",
)


@dataclass(frozen=True, slots=True)
class Bag:
    """
    The five tables of one BAG delivery for one region, each by its own contract.

    Attributes
    ----------
    pand
        Rows that keep to the columns of ``PAND``, with their outlines.
    verblijfsobject, vbo_pand, adres, plaats
        Frames that keep to ``VERBLIJFSOBJECT``, ``VBO_PAND``, ``ADRES`` and ``PLAATS``.
    """

    pand: Mapped
    verblijfsobject: gpd.GeoDataFrame
    vbo_pand: pd.DataFrame
    adres: pd.DataFrame
    plaats: gpd.GeoDataFrame


class Addressed(Protocol):
    """What a BAG says of objects and addresses; where they lie plays no part. A :class:`Bag` is one."""

    @property
    def verblijfsobject(self) -> pd.DataFrame:
        """Frame that keeps to the columns of ``VERBLIJFSOBJECT``."""
        ...

    @property
    def vbo_pand(self) -> pd.DataFrame:
        """Frame that keeps to ``VBO_PAND``."""
        ...

    @property
    def adres(self) -> pd.DataFrame:
        """Frame that keeps to ``ADRES``."""
        ...

    @property
    def plaats(self) -> pd.DataFrame:
        """Frame that keeps to the columns of ``PLAATS``."""
        ...


@dataclass(frozen=True, slots=True)
class Unmapped:
    """An :class:`Addressed` without geometry."""

    verblijfsobject: pd.DataFrame
    vbo_pand: pd.DataFrame
    adres: pd.DataFrame
    plaats: pd.DataFrame
