"""
Write the GeoPackage that is the release, and read back what a file really holds.

Version 1.3, because QGIS and GDAL as Debian ships them warn about 1.4. Aliases, descriptions, widths and types come
from the contracts. Rules of the PDOK GeoPackage validator that shape this module: no layer without a feature (RQ2),
geometry column ``geom`` (RC17), exterior rings counter-clockwise (RC20), R-tree on each layer (RQ9).
"""

from __future__ import annotations

import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

import pyarrow as pa
import pyogrio

from twentegeo.crs import RD_NEW_TEXT
from twentegeo.errors import ReleaseError, problem
from twentegeo.publish.arrow import GEOM, published
from twentegeo.tables.layers import MAP_LAYERS, PLAIN_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from concurrent.futures import Future
    from pathlib import Path
    from types import TracebackType

    import geopandas as gpd
    import pandas as pd

    from twentegeo.publish.edition import Edition
    from twentegeo.publish.styles.look import NamedStyle
    from twentegeo.tables.contract import Table

LOGGER = logging.getLogger(__name__)

STYLES: Final = "layer_styles"
"""The table in which QGIS looks for the styles of a layer."""

_CREATE_STYLES: Final = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
  styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30),
  ui TEXT(30), update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
)"""

_REGISTER_STYLES: Final = """
INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)
VALUES (?, 'attributes', ?, ?, ?, 0)"""

_INSERT_STYLE: Final = """
INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,
  styleQML, styleSLD, useAsDefault, description, owner, ui, update_time)
VALUES ('', '', ?, ?, ?, ?, '', ?, ?, '', NULL, ?)"""


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """
    What a layer in a file turns out to hold.

    Attributes
    ----------
    rows
        Number of rows, counted.
    columns
        Type by column name, as SQLite declares it; ``fid`` and the geometry are left out.
    crs
        ``EPSG:28992``, or None for a plain table.
    geometry
        ``Point``, ``MultiPolygon`` or None.
    bounds
        xmin, ymin, xmax, ymax in metres, or None.
    null_geometries
        Rows without a geometry.
    rtree
        True where a spatial index stands that holds as many entries as there are rows.
    """

    rows: int
    columns: dict[str, str]
    crs: str | None
    geometry: str | None
    bounds: tuple[float, float, float, float] | None
    null_geometries: int
    rtree: bool


class PackageWriter:
    """
    Writes the layers and tables of a release in a thread of its own, in the order in which they are added.

    GDAL lets other threads run while it writes, so that the caller can prepare the next layer or judge the last one.
    Use it in a ``with`` statement; whoever leaves that before :meth:`finish` leaves a file that is no release.

    Parameters
    ----------
    path
        File to make; it may not exist yet.
    edition
        Names the release in titles and descriptions.

    Attributes
    ----------
    left_out
        Names of map layers that had no rows: a GeoPackage layer must have one.

    Raises
    ------
    ReleaseError
        The file exists already, or could not be written.
    """

    def __init__(self, path: Path, edition: Edition) -> None:
        if path.exists():
            raise ReleaseError(problem(path, "bestaat al", "Schrijf een release in een lege map"))
        self.left_out: list[str] = []
        self._path = path
        self._edition = edition
        self._layers: set[str] = set()
        self._written: list[Future[None]] = []
        self._around = ExitStack()

    def __enter__(self) -> Self:
        """Start."""
        self._around.enter_context(_gdal_for(self._edition.timestamp))
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="write-package")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop; what was not begun yet is left out when something went wrong."""
        self._writer.shutdown(wait=True, cancel_futures=kind is not None)
        self._around.close()

    def add(self, table: Table, rows: pa.Table) -> None:
        """
        Write a layer or table as soon as those before it are written.

        Parameters
        ----------
        table
            Its contract.
        rows
            As :func:`twentegeo.publish.arrow.published` made them.
        """
        if table in MAP_LAYERS and not rows.num_rows:
            self.left_out.append(table.name)
            return
        if table.geometry:
            self._layers.add(table.name)
        # whoever is told of progress may be found by context, as Prefect's log is
        self._written.append(self._writer.submit(copy_context().run, _write, self._path, table, rows, self._edition))

    def finish(self, styles: Sequence[NamedStyle] = ()) -> None:
        """
        Wait until all is written, and add what goes with the layers.

        Parameters
        ----------
        styles
            QGIS styles; those of layers that are left out are too.

        Raises
        ------
        ReleaseError
            The file could not be written.
        """
        try:
            for one in self._written:
                one.result()
            _finish(self._path, [style for style in styles if style.layer in self._layers], self._edition)
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, sqlite3.Error, OSError) as error:
            raise ReleaseError(
                problem(self._path, f"schrijven mislukt: {error}", "Controleer schijfruimte en rechten")
            ) from error


def write_geopackage(
    path: Path,
    layers: Mapping[str, pd.DataFrame | pa.Table],
    *,
    edition: Edition,
    styles: Sequence[NamedStyle] = (),
) -> list[str]:
    """
    Write the layers and tables of a release.

    Parameters
    ----------
    path
        File to make; it may not exist yet.
    layers
        Rows by name, as frames that keep to :mod:`twentegeo.tables.layers` or as
        :func:`twentegeo.publish.arrow.published` made them. Other names are left alone.
    edition
        Names the release in titles and descriptions.
    styles
        QGIS styles; those of layers that are left out are too.

    Returns
    -------
    left_out
        Names of map layers that had no rows.

    Raises
    ------
    ReleaseError
        The file exists already, or could not be written.
    ContractError
        A frame lacks what its contract asks for.
    """
    with PackageWriter(path, edition) as writer:
        for table in (*MAP_LAYERS, *PLAIN_TABLES):
            if table.name in layers:
                rows = layers[table.name]
                writer.add(table, rows if isinstance(rows, pa.Table) else published(table, rows))
        writer.finish(styles)
    return writer.left_out


def read_back(path: Path) -> dict[str, LayerFacts]:
    """
    Open a GeoPackage afresh and tell what it holds.

    Parameters
    ----------
    path
        An existing GeoPackage.

    Returns
    -------
    facts
        By layer or table name, in the file's order; ``layer_styles`` is left out.

    Raises
    ------
    ReleaseError
        The file cannot be read.
    """
    try:
        names = [str(name) for name in pyogrio.list_layers(path)[:, 0] if name != STYLES]
        infos = {name: pyogrio.read_info(path, layer=name, force_total_bounds=True) for name in names}
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            return {name: _facts(connection, name, infos[name]) for name in names}
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, sqlite3.Error) as error:
        raise ReleaseError(problem(path, f"niet te lezen: {error}", "Maak de release opnieuw")) from error


def columns_of(path: Path, name: str) -> list[str]:
    """
    List the columns of a layer.

    Parameters
    ----------
    path
        An existing GeoPackage.
    name
        Name of the layer.

    Returns
    -------
    columns
        Without ``fid`` and geometry; none where there is no such layer.

    Raises
    ------
    ReleaseError
        The file cannot be read.
    """
    try:
        if name not in pyogrio.list_layers(path)[:, 0]:
            return []
        return [str(column) for column in pyogrio.read_info(path, layer=name)["fields"]]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise ReleaseError(problem(path, f"niet te lezen: {error}", "Maak de release opnieuw")) from error


def read_layer(path: Path, name: str, columns: Sequence[str]) -> gpd.GeoDataFrame | None:
    """
    Read some columns of a layer, with its geometry.

    Parameters
    ----------
    path
        An existing GeoPackage.
    name
        Name of the layer.
    columns
        The columns to read.

    Returns
    -------
    rows
        In RD New, as the file has them; None where the layer was left out because it would have been empty.

    Raises
    ------
    ReleaseError
        The file cannot be read or lacks a column.
    """
    try:
        if name not in pyogrio.list_layers(path)[:, 0]:
            return None
        found: gpd.GeoDataFrame = pyogrio.read_dataframe(path, layer=name, columns=list(columns), use_arrow=True)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise ReleaseError(problem(path, f"niet te lezen: {error}", "Maak de release opnieuw")) from error
    lacking = [column for column in columns if column not in found]
    if lacking:
        raise ReleaseError(problem(path, f"laag {name} mist kolom {', '.join(lacking)}", "Maak de release opnieuw"))
    return found


def _write(path: Path, table: Table, rows: pa.Table, edition: Edition) -> None:
    options = {
        "FID": "fid",
        "IDENTIFIER": edition.title(table.title),
        "DESCRIPTION": edition.marked(f"{table.summary} Peildatum {edition.peildatum:%d-%m-%Y}."),
    }
    spatial = {
        "geometry_name": GEOM,
        "geometry_type": table.geometry,
        "crs": RD_NEW_TEXT,
    }
    if table.geometry:
        options |= {"GEOMETRY_NAME": GEOM, "SPATIAL_INDEX": "YES"}
    pyogrio.write_arrow(
        rows,
        path,
        layer=table.name,
        driver="GPKG",
        append=path.exists(),
        dataset_options={"VERSION": "1.3"},
        layer_options=options,
        **(spatial if table.geometry else {}),
    )
    LOGGER.info("%s: %d rows written", table.name, rows.num_rows)


def _finish(path: Path, styles: Sequence[NamedStyle], edition: Edition) -> None:
    """Add the styles, and leave one file that needs no write-ahead log to be read."""
    with closing(sqlite3.connect(path)) as connection:
        if styles:
            notice = edition.title("Stijlen voor QGIS")
            connection.execute(_CREATE_STYLES)
            connection.execute(_REGISTER_STYLES, (STYLES, notice, notice, edition.timestamp))
            rows = [
                (
                    one.layer,
                    GEOM,
                    one.name,
                    one.qml,
                    int(one.default),
                    edition.marked(one.description),
                    edition.timestamp,
                )
                for one in styles
            ]
            connection.executemany(_INSERT_STYLE, rows)
            connection.commit()
        connection.execute("PRAGMA journal_mode=DELETE")


@contextmanager
def _gdal_for(timestamp: str) -> Iterator[None]:
    """
    Let GDAL write a given moment, so that the same release gives the same bytes, and write it quickly.

    SQLite need not wait for the disk at each transaction: a release in the making is thrown away when the machine
    stops, and :func:`twentegeo.publish.release.release` flushes the whole file before it puts it in place.
    """
    wanted = {
        "OGR_CURRENT_DATE": timestamp,
        "OGR_SQLITE_SYNCHRONOUS": "OFF",
        "OGR_SQLITE_PRAGMA": "page_size=32768",
    }
    before = {name: pyogrio.get_gdal_config_option(name) for name in wanted}
    pyogrio.set_gdal_config_options(wanted)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)


def _facts(connection: sqlite3.Connection, name: str, info: dict[str, object]) -> LayerFacts:
    rows = _scalar(connection, f'SELECT count(*) FROM "{name}"')  # noqa: S608 - name comes from the file's own list
    columns = {
        str(row[1]): str(row[2])
        for row in connection.execute(f'PRAGMA table_info("{name}")')
        if row[1] not in ("fid", GEOM)
    }
    if info["geometry_type"] is None:
        return LayerFacts(rows, columns, None, None, None, 0, rtree=False)
    index = f"rtree_{name}_{GEOM}"
    has_index = _scalar(connection, "SELECT count(*) FROM sqlite_master WHERE name = ?", index)
    entries = _scalar(connection, f'SELECT count(*) FROM "{index}"') if has_index else -1  # noqa: S608
    return LayerFacts(
        rows=rows,
        columns=columns,
        crs=str(info["crs"]),
        geometry=str(info["geometry_type"]),
        bounds=info["total_bounds"],  # type: ignore[arg-type]
        null_geometries=_scalar(connection, f'SELECT count(*) FROM "{name}" WHERE "{GEOM}" IS NULL'),  # noqa: S608
        rtree=entries == rows,
    )


def _scalar(connection: sqlite3.Connection, query: str, *values: str) -> int:
    return int(connection.execute(query, values).fetchone()[0])
