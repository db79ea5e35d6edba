"""Parcels from a GeoPackage or GeoJSON, with the column names of the WFS or of the OGC API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyarrow import ArrowInvalid
from pyogrio.errors import DataLayerError, DataSourceError

from twentegeo.crs import RD_NEW_TEXT, require_rd_new
from twentegeo.errors import SourceChanged, SourceUnavailable, problem
from twentegeo.sources.headers import resolve
from twentegeo.sources.polygons import repair

if TYPE_CHECKING:
    from twentegeo.sources.cadastre.record import Bounds
    from twentegeo.sources.delivery import Delivery

ALIASES: Final = {
    "perceel_id": ("identificatielokaalid", "lokaalid", "identificatie"),
    "kadastrale_gemeente": ("kadastralegemeentewaarde", "kadastralegemeente"),
    "sectie": ("sectie",),
    "perceelnummer": ("perceelnummer",),
    "akr_code": ("akrkadastralegemeentecodewaarde", "akrkadastralegemeentecode"),
    "grootte": ("kadastralegroottewaarde", "kadastralegrootte"),
}
"""Plain spelling of the camelCase names of the WFS and the snake_case names of the OGC API alike."""

_NEEDED: Final = ("perceel_id", "sectie", "perceelnummer")
_REMEDY: Final = "Lever percelen met de kolomnamen van de Kadastrale Kaart (WFS of OGC API van PDOK)"


def read_layer(delivery: Delivery, bounds: Bounds | None) -> tuple[gpd.GeoDataFrame, dict[str, int]]:
    """
    Read the parcels of a layer that touch a box.

    Parameters
    ----------
    delivery
        GeoPackage or GeoJSON, zipped or not.
    bounds
        xmin, ymin, xmax, ymax in RD metres; None keeps everything.

    Returns
    -------
    records
        As :func:`twentegeo.sources.cadastre.gml.read_gml` gives them.
    counts
        ``gelezen`` (features in the layer) and ``vervallen`` (none: these services give current parcels only).

    Raises
    ------
    SourceUnavailable
        GDAL cannot open the file.
    SourceChanged
        No layer has the columns of a parcel, or it is not in RD New.
    """
    try:
        layer, found = find_layer(delivery)
        info = pyogrio.read_info(delivery.gdal_name, layer=layer, force_total_bounds=True)
        _require_rd(info, delivery.label, layer)
        records = pyogrio.read_dataframe(
            delivery.gdal_name, layer=layer, columns=list(found.values()), bbox=bounds, use_arrow=True
        )
    except (DataSourceError, DataLayerError, ArrowInvalid) as error:
        place = f"is niet te lezen als GeoPackage, GeoJSON of GML ({str(error)[:80]})"
        raise SourceUnavailable(problem(delivery.label, place, "Haal de levering opnieuw op")) from error
    texts = {name: records[column].astype("str").str.removesuffix(".0") for name, column in found.items()}
    absent = {name: pd.Series(None, index=records.index, dtype="str") for name in ALIASES if name not in found}
    sound, repaired = repair(records.geometry.to_numpy())
    table = gpd.GeoDataFrame(texts | absent, geometry=sound, crs=RD_NEW_TEXT, index=records.index)
    return table.assign(hersteld=repaired), {"gelezen": int(info["features"]), "vervallen": 0}


def find_layer(delivery: Delivery) -> tuple[str, dict[str, str]]:
    """
    Find the layer that holds parcels.

    Parameters
    ----------
    delivery
        GeoPackage or GeoJSON, zipped or not.

    Returns
    -------
    layer, found
        Its name, and its columns by wanted name.

    Raises
    ------
    SourceChanged
        No layer has the columns of a parcel.
    """
    seen = []
    layers = pyogrio.list_layers(delivery.gdal_name)
    for name, geometry_type in layers:
        fields = [str(field) for field in pyogrio.read_info(delivery.gdal_name, layer=name)["fields"]]
        found = resolve(fields, ALIASES)
        if geometry_type is not None and all(wanted in found for wanted in _NEEDED):
            return str(name), found
        seen.append(f"{name}: {', '.join(fields[:4])}")
    raise SourceChanged(
        problem(
            delivery.label,
            "geen laag heeft de kolommen identificatie_lokaal_id, sectie en perceelnummer"
            f" (wel: {'; '.join(seen)[:160]})",
            _REMEDY,
        )
    )


def _require_rd(info: dict[str, Any], label: str, layer: str) -> None:
    # asked before reading: a box in metres means nothing in another CRS
    corners = [float(value) for value in info["total_bounds"]]
    extent = gpd.GeoSeries([shapely.box(*corners)] if not np.isnan(corners).any() else [], crs=info["crs"])
    require_rd_new(extent.to_frame("geometry"), label, layer)
