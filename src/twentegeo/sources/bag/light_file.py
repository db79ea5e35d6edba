"""What is asked of the file ``bag-light.gpkg``: its layers, the day it holds, and rows by attribute or by box."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from twentegeo.crs import is_rd_new
from twentegeo.errors import SourceChanged, SourceUnavailable, problem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

REMEDY: Final = "Gebruik bag-light.gpkg zoals PDOK het aanbiedt, of het BAG-extract"
NEEDED: Final = {
    "pand": ("identificatie", "bouwjaar", "status"),
    "verblijfsobject": (
        *("identificatie", "oppervlakte", "status", "gebruiksdoel", "openbare_ruimte_naam", "huisnummer"),
        *("huisletter", "toevoeging", "postcode", "pand_identificatie"),
        *("nummeraanduiding_hoofdadres_identificatie", "openbare_ruimte_identificatie"),
        *("woonplaats_identificatie", "bronhouder_identificatie"),
    ),
    "woonplaats": ("identificatie", "woonplaats", "bronhouder_identificatie"),
}
"""Columns of the layers that every bag-light has."""


def require_layers(path: Path) -> set[str]:
    """
    Refuse a file that is no bag-light.

    Parameters
    ----------
    path
        The GeoPackage.

    Returns
    -------
    layers
        Names of its layers.

    Raises
    ------
    SourceUnavailable
        The file is damaged.
    SourceChanged
        A table or column is missing, or another CRS than RD New.
    """
    _query(path, "SELECT count(*) FROM gpkg_contents")
    try:
        layers = {str(name) for name, _ in pyogrio.list_layers(path)}
        for layer, columns in NEEDED.items():
            if layer not in layers:
                raise SourceChanged(problem(path, f"tabel '{layer}' ontbreekt", REMEDY))
            about = pyogrio.read_info(path, layer=layer)
            missing = [name for name in columns if name not in about["fields"]]
            if missing:
                raise SourceChanged(problem(path, f"tabel '{layer}' mist kolom {', '.join(missing)}", REMEDY))
            if not is_rd_new(about["crs"]):
                what = f"tabel '{layer}' staat in {about['crs']} in plaats van RD (EPSG:28992)"
                raise SourceChanged(problem(path, what, REMEDY))
    except (DataSourceError, DataLayerError) as error:
        raise _damaged(path, "het bestand") from error
    return layers


def municipalities(path: Path) -> set[str]:
    """List the municipalities that the file holds, as four digits."""
    _, table = pyogrio.read_arrow(path, layer="woonplaats", columns=["bronhouder_identificatie"], read_geometry=False)
    return {code.zfill(4) for code in pc.unique(table["bronhouder_identificatie"]).to_pylist() if code}


def changed(path: Path) -> date:
    """Take the day on which the file was last changed, by its own account."""
    return date.fromisoformat(str(_query(path, "SELECT max(last_change) FROM gpkg_contents"))[:10])


def read_layer(
    path: Path, layer: str, columns: Iterable[str], *, where: str | None = None, bbox: Any = None
) -> pa.Table:
    """
    Read rows of a layer.

    Parameters
    ----------
    path, layer
        The file and which of its layers.
    columns
        Names.
    where
        Condition in SQL; all rows where None.
    bbox
        xmin, ymin, xmax, ymax in RD New, metres: only what touches it.

    Returns
    -------
    table
        The columns, and the geometry as ``wkb``.

    Raises
    ------
    SourceUnavailable
        The layer is damaged.
    """
    try:
        about, table = pyogrio.read_arrow(path, layer=layer, columns=list(columns), where=where, bbox=bbox)
    except (DataSourceError, DataLayerError, RuntimeError, pa.ArrowException) as error:
        raise _damaged(path, f"tabel '{layer}'") from error
    at = table.column_names.index(about["geometry_name"] or "wkb_geometry")
    return table.rename_columns([*table.column_names[:at], "wkb", *table.column_names[at + 1 :]])


def among(column: str, values: Iterable[str]) -> str:
    """Word in SQL that a column holds one of some texts."""
    quoted = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
    return f"{column} IN ({quoted})"


def _query(path: Path, statement: str) -> Any:
    """Ask the file for one value of its administration."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            return connection.execute(statement).fetchone()[0]
    except sqlite3.OperationalError as error:
        raise SourceChanged(problem(path, "is een SQLite-bestand maar geen GeoPackage", REMEDY)) from error
    except sqlite3.DatabaseError as error:
        raise _damaged(path, "het bestand") from error


def _damaged(path: Path, what: str) -> SourceUnavailable:
    return SourceUnavailable(
        problem(path, f"{what} is afgebroken of beschadigd", "Haal het bestand opnieuw op bij PDOK")
    )
