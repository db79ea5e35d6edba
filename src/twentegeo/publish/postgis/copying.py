"""
Rows on their way into PostGIS: Arrow record batches as the CSV that ``COPY`` reads.

No row passes through Python. A missing value is nothing between commas and an empty text is ``""``, which is how
PostgreSQL tells them apart; geometry is EWKB in hexadecimal, with its coordinate system, so that it cannot land in a
column of another one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from twentegeo.tables.shapes import GEOM

if TYPE_CHECKING:
    from twentegeo.publish.packaged import Layer

SRID: Final = 28992

_WITH_SRID: Final = 0x20000000
_WKB: Final = {"Point": 1, "MultiPolygon": 6}
_HEX: Final = np.array([f"{byte:02X}".encode() for byte in range(256)], dtype="S2").view("<u2")
_OPTIONS: Final = csv.WriteOptions(include_header=False, quoting_style="needed")


def as_csv(batch: pa.RecordBatch, layer: Layer) -> bytes:
    """
    Write rows as ``COPY … WITH (FORMAT csv)`` reads them.

    Parameters
    ----------
    batch
        Rows of the layer; ``geom`` is little-endian WKB of the layer's kind.
    layer
        Says which columns, and of what kind the geometry is.

    Returns
    -------
    text
        Fields in the layer's order, the geometry last.
    """
    columns = [batch.column(field.name) for field in layer.fields]
    names = [field.name for field in layer.fields]
    if layer.geometry:
        columns.append(_hexadecimal(_with_srid(batch.column(GEOM), layer.geometry)))
        names.append(GEOM)
    sink = pa.BufferOutputStream()
    csv.write_csv(pa.RecordBatch.from_arrays(columns, names), sink, _OPTIONS)
    text: bytes = sink.getvalue().to_pybytes()
    return text


def _with_srid(wkb: pa.Array, kind: str) -> pa.Array:
    """Replace byte order and kind by those with the coordinate system behind them."""
    header = b"\x01" + (_WKB[kind] | _WITH_SRID).to_bytes(4, "little") + SRID.to_bytes(4, "little")
    return pc.binary_replace_slice(wkb.cast(pa.binary()), 0, 5, header)


def _hexadecimal(blobs: pa.Array) -> pa.Array:
    """Write bytes as digits, all rows at once; no row is missing."""
    offsets = np.frombuffer(blobs.buffers()[1], dtype=np.int32)[blobs.offset : blobs.offset + len(blobs) + 1]
    data = np.frombuffer(blobs.buffers()[2], dtype=np.uint8)[offsets[0] : offsets[-1]]
    digits = pa.py_buffer(_HEX[data].tobytes())
    return pa.StringArray.from_buffers(len(blobs), pa.py_buffer((2 * (offsets - offsets[0])).astype(np.int32)), digits)
