"""
A GeoPackage of a release as it lies on disk: its layers, columns, captions, styles and rows.

Products that are made from a release read these from the file, and not from today's contracts: an older release keeps
the columns and the words that it was published with. Only which columns identify a row is asked of the contracts, since
a GeoPackage does not tell.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pyogrio

from twentegeo.errors import ReleaseError, problem
from twentegeo.publish.layer_styles import STYLES
from twentegeo.tables import layers as contracts
from twentegeo.tables.shapes import GEOM

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

BATCH: Final = 20_000
"""Rows that are read at a time; bounds the memory that a product takes."""

_CONTENTS: Final = """
SELECT table_name, identifier, description FROM gpkg_contents
WHERE data_type IN ('features', 'attributes') AND table_name <> ?"""
_DEFAULTS: Final = """
SELECT f_table_name, styleName, styleQML, useAsDefault, description FROM layer_styles ORDER BY id"""
_REMEDY: Final = "Maak de release opnieuw"


@dataclass(frozen=True, slots=True)
class Field:
    """
    A column.

    Attributes
    ----------
    name
        Its name.
    kind
        Its Arrow type.
    nullable
        False where every row has a value.
    width
        Greatest length of a text; None where there is no bound.
    caption, description
        What it is called, with its unit, and what it means, in Dutch.
    """

    name: str
    kind: pa.DataType
    nullable: bool
    width: int | None
    caption: str
    description: str


@dataclass(frozen=True, slots=True)
class Style:
    """A QGIS style of a layer: its name, the QML, whether it is the default, and a description."""

    name: str
    qml: str
    default: bool
    description: str


@dataclass(frozen=True, slots=True)
class Layer:
    """
    A layer or table.

    Attributes
    ----------
    name, title, description
        As the file has them.
    geometry
        ``Point`` or ``MultiPolygon``; None for a table.
    rows
        Number of rows.
    fields
        Columns, geometry left out.
    key
        Columns that identify a row, all of them filled; empty where there are none.
    styles
        Its styles.
    """

    name: str
    title: str
    description: str
    geometry: str | None
    rows: int
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    styles: tuple[Style, ...]


def read_layout(package: Path) -> list[Layer]:
    """
    Tell what a GeoPackage holds.

    Parameters
    ----------
    package
        The GeoPackage of a release.

    Returns
    -------
    layers
        In the file's order, the table of styles left out.

    Raises
    ------
    ReleaseError
        The file cannot be read.
    """
    try:
        with closing(sqlite3.connect(f"file:{package}?mode=ro", uri=True)) as connection:
            contents = connection.execute(_CONTENTS, (STYLES,)).fetchall()
            styled = connection.execute("SELECT 1 FROM gpkg_contents WHERE table_name = ?", (STYLES,)).fetchone()
            styles = connection.execute(_DEFAULTS).fetchall() if styled else []
        return [_layer(package, *row, styles=styles) for row in contents]
    except (pyogrio.errors.DataSourceError, sqlite3.Error) as error:
        raise ReleaseError(problem(package, f"niet te lezen: {error}", _REMEDY)) from error


@contextmanager
def batches(package: Path, layer: Layer) -> Iterator[Iterator[pa.RecordBatch]]:
    """
    Read the rows of a layer, some at a time.

    Parameters
    ----------
    package, layer
        The file and the layer.

    Yields
    ------
    batches
        Record batches with the layer's fields and, for a map layer, ``geom`` as little-endian WKB.
    """
    with pyogrio.open_arrow(package, layer=layer.name, use_pyarrow=True, batch_size=BATCH) as (_, reader):
        yield iter(reader)


def _layer(package: Path, name: str, title: str, description: str, *, styles: list[Any]) -> Layer:
    info = pyogrio.read_info(package, layer=name)
    with pyogrio.open_arrow(package, layer=name, use_pyarrow=True, batch_size=1) as (_, reader):
        schema = reader.schema
    fields = tuple(_field(one) for one in schema if one.name != GEOM)
    known = {table.name: table.key for table in (*contracts.MAP_LAYERS, *contracts.PLAIN_TABLES)}
    # a key of which a part may be absent is none to a database
    filled = {one.name for one in fields if not one.nullable}
    key = known.get(name, ())
    return Layer(
        name=name,
        title=title,
        description=description,
        geometry=info["geometry_type"],
        rows=int(info["features"]),
        fields=fields,
        key=key if filled.issuperset(key) else (),
        styles=tuple(Style(row[1], row[2], bool(row[3]), row[4] or "") for row in styles if row[0] == name),
    )


def _field(field: pa.Field) -> Field:
    told = {key.decode(): value.decode() for key, value in (field.metadata or {}).items()}
    width = told.get("GDAL:OGR:width")
    # GDAL leaves an alias out that only differs from the name in capitals
    caption = told.get("GDAL:OGR:alternative_name") or field.name.capitalize()
    return Field(
        field.name, field.type, field.nullable, int(width) if width else None, caption, told.get("GDAL:OGR:comment", "")
    )
