"""The door to the Kadastrale Kaart: one table of parcels, whichever form they came in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import geopandas as gpd
import pandas as pd

from twentegeo.crs import RD_NEW_TEXT, require_inside
from twentegeo.errors import SourceChanged, problem
from twentegeo.sources import delivery as deliveries
from twentegeo.sources.cadastre.gml import read_gml
from twentegeo.sources.cadastre.layer import read_layer
from twentegeo.sources.snapshot import Origin, Snapshot, from_file
from twentegeo.tables.contract import conform
from twentegeo.tables.losses import Reason, gather
from twentegeo.tables.registers import PERCEEL

if TYPE_CHECKING:
    from pathlib import Path

    from twentegeo.sources.cadastre.record import Bounds

ORIGIN: Final = Origin("parcels", "Kadastrale Kaart", "Kadaster", "CC BY 4.0")

SUFFIXES: Final = (".gml", ".xml", ".gpkg", ".geojson", ".json")
"""Endings of files that can hold parcels."""

_NAMESPACE: Final = "NL.IMKAD.KadastraalObject."
_NO_AREA: Final = Reason(
    "percelen lezen",
    "perceel",
    "begrenzing is geen vlak",
    "Meld het perceel bij het Kadaster; panden erop krijgen geen perceel.",
)
_NO_ID: Final = Reason(
    "percelen lezen",
    "perceel",
    "identificatie ontbreekt of is geen getal",
    "Haal de levering opnieuw op bij de downloaddienst van de Kadastrale Kaart.",
)


@dataclass(frozen=True, slots=True)
class Parcels:
    """
    Parcels as read.

    Attributes
    ----------
    parcels
        Table by ``PERCEEL``, sorted by `perceel_id`.
    losses
        Rows by ``KOPPELVERLIES`` of parcels that could not be used.
    counts
        ``gelezen`` (records met), ``vervallen``, ``buiten gebied``, ``dubbel``, ``hersteld``, ``zonder vlak``,
        ``zonder identificatie``, ``percelen`` (rows given); for GML also ``snel`` and ``langzaam``.
    """

    parcels: gpd.GeoDataFrame
    losses: pd.DataFrame
    counts: dict[str, int]


def fetch(path: Path) -> Snapshot:
    """
    Take a file on disk as a delivery of the Kadastrale Kaart.

    Parameters
    ----------
    path
        GML v5 (zipped or not), GeoPackage or GeoJSON.

    Returns
    -------
    snapshot
        The file and its checksum.
    """
    return from_file(ORIGIN, path)


def read(snapshot: Snapshot, bounds: Bounds | None = None) -> Parcels:
    """
    Read the parcels that touch a box.

    Parameters
    ----------
    snapshot
        GML v5, GeoPackage or GeoJSON; told apart by content.
    bounds
        xmin, ymin, xmax, ymax in RD metres; None keeps every parcel.

    Returns
    -------
    parcels
        Unique on `perceel_id`; a parcel repeated on the provider's tiles is kept once.

    Raises
    ------
    SourceUnavailable
        The delivery is absent, empty or cut off.
    SourceChanged
        It is no Kadastrale Kaart v5, not in RD New, or lies outside the Netherlands.
    """
    delivery = deliveries.single(snapshot.path, SUFFIXES, "perceel")
    head = delivery.head(512).lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith(b"<"):
        records, met = read_gml(delivery, bounds)
        counts = {"gelezen": met.members, "snel": met.fast, "langzaam": met.slow, "vervallen": met.ended}
    else:
        records, counts = read_layer(delivery, bounds)
    counts["buiten gebied"] = counts["gelezen"] - counts["vervallen"] - len(records)
    if not len(records):
        place = "bevat geen percelen in het gevraagde gebied"
        raise SourceChanged(problem(delivery.label, place, "Controleer of de levering bij de regio hoort"))
    require_inside(records.total_bounds, delivery.label, "perceel")
    return _by_contract(records, counts)


def _by_contract(records: gpd.GeoDataFrame, counts: dict[str, int]) -> Parcels:
    identifier = records["perceel_id"].str.strip().str.removeprefix(_NAMESPACE)
    known = identifier.str.match(r"^\d{8,18}$").fillna(value=False).astype(bool)
    area = ~(records.geometry.isna() | records.geometry.is_empty)
    losses = gather(
        [_NO_ID.rows(records.index[~known] + 1), _NO_AREA.rows(identifier[known & ~area].drop_duplicates())]
    )
    frame = records.assign(perceel_id=identifier)[known & area]
    double = frame.duplicated("perceel_id")
    frame = frame[~double]
    counts |= {
        "dubbel": int(double.sum()),
        "hersteld": int(frame["hersteld"].sum()),
        "zonder vlak": int((known & ~area).sum()),
        "zonder identificatie": int((~known).sum()),
        "percelen": len(frame),
    }
    # kadastraleGrootte is written with a decimal comma below one square metre
    size = pd.to_numeric(frame["grootte"].str.replace(",", ".", regex=False), errors="coerce")
    name = frame["kadastrale_gemeente"].str.strip()
    akr = frame["akr_code"].str.strip()
    table = gpd.GeoDataFrame(
        {
            "perceel_id": frame["perceel_id"],
            "kadastrale_aanduiding": akr.where(akr.fillna("") != "", name).fillna("?")
            + " "
            + frame["sectie"].fillna("?").str.strip()
            + " "
            + frame["perceelnummer"].fillna("?").str.strip(),
            "kadastrale_gemeente": name.where(name.fillna("") != ""),
            "perceel_grootte_m2": size.where(size >= 0),
        },
        geometry=frame.geometry,
        crs=RD_NEW_TEXT,
    ).sort_values("perceel_id")
    return Parcels(cast("gpd.GeoDataFrame", conform(PERCEEL, table)), losses, counts)
