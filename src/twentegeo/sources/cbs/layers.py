"""The layers of a Wijk- en Buurtkaart: in one GeoPackage, or in shapefiles beside each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pyogrio
from pyarrow import ArrowInvalid
from pyogrio.errors import DataLayerError, DataSourceError

from twentegeo.crs import require_rd_new
from twentegeo.errors import SourceChanged, SourceUnavailable, problem
from twentegeo.sources import delivery as deliveries
from twentegeo.sources.cbs import columns

if TYPE_CHECKING:
    from pathlib import Path

LEVELS: Final = ("buurt", "wijk", "gemeente")
_SUFFIXES: Final = (".gpkg", ".shp")
_REMEDY: Final = "Lever de Wijk- en Buurtkaart van CBS (GeoPackage of shapefile) aan"


@dataclass(frozen=True, slots=True)
class Layer:
    """
    One layer on disk.

    Attributes
    ----------
    level
        Buurt, wijk or gemeente.
    source
        Name under which GDAL opens the file.
    name
        Name of the layer in it.
    found
        Its column by wanted name.
    """

    level: str
    source: str
    name: str
    found: dict[str, str]


def list_layers(path: Path) -> dict[str, Layer]:
    """
    Find the layers of a delivery.

    Parameters
    ----------
    path
        GeoPackage, shapefile, zip of either, or folder of shapefiles.

    Returns
    -------
    layers
        By level; `buurt` is always there.

    Raises
    ------
    SourceUnavailable
        The delivery cannot be opened.
    SourceChanged
        It holds no layer of buurten with their codes.
    """
    layers: dict[str, Layer] = {}
    seen: list[str] = []
    try:
        for source in _sources(path):
            for name in pyogrio.list_layers(source)[:, 0]:
                seen.append(str(name))
                level = _level(str(name))
                fields = [str(field) for field in pyogrio.read_info(source, layer=name)["fields"]]
                found = columns.find(fields)
                if level and level not in layers and f"{level}_code" in found and "gemeente_code" in found:
                    layers[level] = Layer(level, source, str(name), found)
    except (DataSourceError, DataLayerError) as error:
        place = f"is niet te openen als GeoPackage of shapefile ({str(error)[:80]})"
        raise SourceUnavailable(problem(path, place, "Haal de levering opnieuw op")) from error
    if "buurt" not in layers or "wijk_code" not in layers["buurt"].found:
        place = f"geen laag 'buurten' met buurtcode, wijkcode en gemeentecode (wel: {', '.join(seen)[:80]})"
        raise SourceChanged(problem(path, place, _REMEDY))
    return layers


def read_layer(path: Path, layer: Layer, municipalities: tuple[str, ...]) -> gpd.GeoDataFrame:
    """
    Read the areas on land of some municipalities.

    Parameters
    ----------
    path
        The delivery, for messages.
    layer
        As :func:`list_layers` found it.
    municipalities
        CBS codes with their letters, for example ``GM0153``.

    Returns
    -------
    areas
        Wanted columns by our names, values as CBS wrote them; geometry in RD New. Water (``JA``) and
        foreign ground (``B``) are left out.

    Raises
    ------
    SourceChanged
        The layer is not in RD New, or lies outside the Netherlands.
    """
    quoted = ", ".join(f"'{code}'" for code in municipalities)
    try:
        areas = pyogrio.read_dataframe(
            layer.source,
            layer=layer.name,
            columns=list(layer.found.values()),
            where=f'"{layer.found["gemeente_code"]}" IN ({quoted})',
            use_arrow=True,
        )
    except (DataSourceError, DataLayerError, ArrowInvalid) as error:
        place = f"laag '{layer.name}' is niet te lezen ({str(error)[:80]})"
        raise SourceUnavailable(problem(path, place, "Haal de levering opnieuw op")) from error
    if not isinstance(areas, gpd.GeoDataFrame):
        raise SourceChanged(problem(path, f"laag '{layer.name}' heeft geen geometrie", _REMEDY))
    areas = require_rd_new(areas, path, layer.name)
    areas = areas.rename(columns={column: wanted for wanted, column in layer.found.items()})
    if "water" in areas:
        areas = areas[areas["water"].fillna("NEE").str.strip().str.upper() == "NEE"]
    return areas.reset_index(drop=True)


def codes_held(layer: Layer) -> list[str]:
    """
    List the municipalities of a layer.

    Parameters
    ----------
    layer
        As :func:`list_layers` found it.

    Returns
    -------
    codes
        Sorted and unique.
    """
    column = layer.found["gemeente_code"]
    frame = pyogrio.read_dataframe(layer.source, layer=layer.name, columns=[column], read_geometry=False)
    return sorted(frame[column].dropna().astype("str").unique())


def _sources(path: Path) -> list[str]:
    if path.is_dir():
        return [str(file) for file in sorted(path.glob("*.shp"))]
    if path.suffix.lower() == ".shp":
        # districts and municipalities are files of their own beside it; those of another year are not its own
        others = [file for file in sorted(path.parent.glob("*.shp")) if file != path]
        return [str(path), *(str(file) for file in others if _edition(file) == _edition(path))]
    return [delivery.gdal_name for delivery in deliveries.candidates(path, _SUFFIXES)]


def _edition(file: Path) -> str:
    return re.sub("(buurt|wijk|gemeente)(en)?", "", file.stem.lower())


def _level(name: str) -> str | None:
    lower = name.lower()
    held = [level for level in LEVELS if level in lower]
    return held[0] if len(held) == 1 else None
