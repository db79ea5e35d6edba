"""
A layer as it is published: typed, rounded, sorted by key, its geometry as WKB.

The GeoPackage is written from these Arrow tables, and digests (:mod:`twentegeo.publish.digests`) are taken of them.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from twentegeo.errors import ContractError
from twentegeo.tables.shapes import GEOM
from twentegeo.tables.wkb import multipolygons, oriented, wkb_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    import pandas as pd

    from twentegeo.tables.contract import Column, Storage, Table

LOGGER = logging.getLogger(__name__)

DECIMALS: Final = 2
"""Scores, shares and square metres are published to the hundredth; more is noise that differs by machine."""

JA_NEE_WIDTH: Final = 3

_ARROW_TYPES: Final[Mapping[Storage, pa.DataType]] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "real": pa.float64(),
    "date": pa.date32(),
    "datetime": pa.timestamp("ms"),
    "flag": pa.string(),
}


def caption(column: Column) -> str:
    """
    Name a column as a legend or an attribute table shows it.

    Parameters
    ----------
    column
        Any column.

    Returns
    -------
    caption
        The alias, with the unit in brackets where the alias alone does not tell it.
    """
    if column.unit is None or column.unit == "jaar":
        return column.alias
    return f"{column.alias} ({column.unit})"


def published(table: Table, frame: pd.DataFrame) -> pa.Table:
    """
    Make the rows of a layer as they are published.

    Parameters
    ----------
    table
        Contract of the layer.
    frame
        Rows that keep to it; a GeoDataFrame in RD New where the contract has a geometry, or a frame with the column
        :data:`GEOM`.

    Returns
    -------
    rows
        Arrow table sorted by key, fields in contract order and described in the words of GDAL; flags as
        ``ja``/``nee``, reals rounded; :data:`GEOM` holds little-endian WKB: 2D, multi-part, exterior rings
        counter-clockwise.

    Raises
    ------
    ContractError
        A column or the geometry is absent, or a key is longer than its column is wide.
    """
    missing = [name for name in table.names if name not in frame.columns]
    if missing:
        raise ContractError(f"tabel {table.name}: kolom(men) {', '.join(missing)} ontbreken.")
    frame = _in_key_order(table, frame)
    arrays = [_array(table, use.column, frame[use.column.name]) for use in table.uses]
    for use, array in zip(table.uses, arrays, strict=True):
        if array.null_count and not use.nullable:
            raise ContractError(f"tabel {table.name}: kolom {use.column.name} mist {array.null_count} waarde(n).")
    fields = [
        _field(table, use.column, array, nullable=use.nullable) for use, array in zip(table.uses, arrays, strict=True)
    ]
    if table.geometry is not None:
        arrays.append(_wkb(table, frame))
        metadata = {"ARROW:extension:name": "geoarrow.wkb"}
        fields.append(pa.field(GEOM, pa.binary(), nullable=False, metadata=metadata))
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def published_column(table: Table, frame: pd.DataFrame, name: str) -> pa.Array:
    """
    Give a column of a layer as it is published.

    Parameters
    ----------
    table
        Contract of the layer.
    frame
        Its rows: the key and the column, in any order.
    name
        The column.

    Returns
    -------
    column
        In the order of the rows that :func:`published` gives.
    """
    ordered = _in_key_order(table, frame[[*table.key, name]])
    return _array(table, table.columns[table.names.index(name)], ordered[name])


def rounded(values: pd.Series) -> npt.NDArray[np.float64]:
    """
    Give numbers as they are published.

    Parameters
    ----------
    values
        Numbers of a column of kind ``real``; any index.

    Returns
    -------
    numbers
        Rounded to :data:`DECIMALS`; NaN where there is none.
    """
    # adding zero turns -0.0 into 0.0
    numbers: npt.NDArray[np.float64] = np.round(values.to_numpy(dtype=float, na_value=np.nan), DECIMALS) + 0.0
    return numbers


def _in_key_order(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    by = list(table.key) or table.names
    if len(by) == 1 and frame[by[0]].is_monotonic_increasing:
        return frame
    return frame.sort_values(by, kind="stable")


def _array(table: Table, column: Column, values: pd.Series) -> pa.Array:
    if column.kind == "flag":
        return pc.if_else(pa.array(values.to_numpy(dtype=bool)), "ja", "nee")
    if column.kind == "real":
        return pa.array(rounded(values), from_pandas=True)
    array = pa.array(values, from_pandas=True)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    array = array.cast(_ARROW_TYPES[column.kind])
    return array if column.width is None else _fitted(table, column.name, column.width, array)


def _fitted(table: Table, name: str, width: int, texts: pa.Array) -> pa.Array:
    """Shorten texts that the column cannot hold; GDAL would write them too long, other readers cut them."""
    if (pc.max(pc.binary_length(texts)).as_py() or 0) <= width:
        return texts  # a character takes one byte or more
    too_long = pc.fill_null(pc.greater(pc.utf8_length(texts), width), fill_value=False)
    n_long = pc.sum(too_long).as_py() or 0
    if not n_long:
        return texts
    if name in table.key:
        raise ContractError(
            f"tabel {table.name}: {n_long} waarde(n) van sleutel {name} zijn langer dan {width} tekens."
        )
    LOGGER.warning("%s.%s: %d text(s) shortened to %d characters", table.name, name, n_long, width)
    shortened = pc.binary_join_element_wise(pc.utf8_slice_codeunits(texts, 0, width - 1), "…", "")
    return pc.if_else(too_long, shortened, texts)


def _field(table: Table, column: Column, array: pa.Array, *, nullable: bool) -> pa.Field:
    metadata = {"GDAL:OGR:alternative_name": caption(column), "GDAL:OGR:comment": column.description}
    width = JA_NEE_WIDTH if column.kind == "flag" else column.width
    if width:
        metadata["GDAL:OGR:width"] = str(width)
    if table.key == (column.name,):
        metadata["GDAL:OGR:unique"] = "true"
    return pa.field(column.name, array.type, nullable=nullable, metadata=metadata)


def _wkb(table: Table, frame: pd.DataFrame) -> pa.Array:
    if GEOM in frame:
        return pa.array(frame[GEOM])
    if not isinstance(frame, gpd.GeoDataFrame):
        raise ContractError(f"tabel {table.name}: geometrie in RD (EPSG:28992) ontbreekt.")
    shapes = frame.geometry.to_numpy()
    if table.geometry == "Point":
        return wkb_of(shapely.force_2d(shapes) if shapely.has_z(shapes).any() else shapes)
    return multipolygons(wkb_of(oriented(shapes)))
