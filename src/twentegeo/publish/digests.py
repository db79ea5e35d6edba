"""
What a release says, in digests: one per column of each layer, and one of all of these.

They are taken of the rows as they are published (:mod:`twentegeo.publish.arrow`), so that they say what a reader of the
layer gets, and nothing about when or where it was made.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from twentegeo.tables.layers import MAP_LAYERS, OF_HISTORY, PLAIN_TABLES, RUN

if TYPE_CHECKING:
    from collections.abc import Mapping

HASHED: Final = tuple(one for one in (*MAP_LAYERS, *PLAIN_TABLES) if one is not RUN and one not in OF_HISTORY)
"""What a release says by itself: all but the table of the run, and what compares it with another release."""


def column_digests(rows: pa.Table) -> dict[str, str]:
    """
    Identify what each column of a layer says.

    Parameters
    ----------
    rows
        As :func:`published` made them.

    Returns
    -------
    sha256
        By column, in order; equal for equal values in an equal order.
    """
    return {name: column_digest(rows.column(name)) for name in rows.column_names}


def column_digest(column: pa.Array | pa.ChunkedArray) -> str:
    """
    Identify what one column says.

    Parameters
    ----------
    column
        As :func:`published` made it.

    Returns
    -------
    sha256
        64 hexadecimal digits.
    """
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    digest = hashlib.sha256(f"{len(whole)}\0".encode())
    _hash_column(digest, whole)
    return digest.hexdigest()


def hash_of(digests: Mapping[str, Mapping[str, str]]) -> str:
    """
    Identify what a release says by the digests of its columns.

    Parameters
    ----------
    digests
        By layer name and column.

    Returns
    -------
    sha256
        64 hexadecimal digits; equal for equal content, whatever of it was written in which order.
    """
    digest = hashlib.sha256()
    for table in HASHED:
        for name, stated in digests.get(table.name, {}).items():
            digest.update(f"{table.name}\0{name}\0{stated}\0".encode())
    return digest.hexdigest()


def _hash_column(digest: hashlib._Hash, column: pa.Array) -> None:
    """Feed a column to a digest; what a missing value happens to hold in memory does not count."""
    if column.null_count:
        digest.update(np.packbits(column.is_null().to_numpy(zero_copy_only=False)).tobytes())
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_binary(kind):
        digest.update(pc.fill_null(pc.binary_length(column), -1).to_numpy().astype("<i4", copy=False))
        # joining leaves out offsets and gaps, which differ between equal arrays
        digest.update(_payload(column))
        return
    if pa.types.is_date32(kind):
        column = column.cast(pa.int32())
    elif pa.types.is_timestamp(kind):
        column = column.cast(pa.int64())
    filled = pc.fill_null(column, 0).to_numpy()
    digest.update(np.ascontiguousarray(filled, dtype=filled.dtype.newbyteorder("<")).data)


def _payload(column: pa.Array) -> pa.Buffer | bytes:
    """All bytes of a text or binary column, one after the other."""
    filled = column if not column.null_count else column.drop_null()
    offsets, data = filled.buffers()[1:3]
    if data is None or len(filled) == 0:
        return b""
    bounds = np.frombuffer(offsets, dtype=np.int32)[filled.offset : filled.offset + len(filled) + 1]
    return data.slice(int(bounds[0]), int(bounds[-1] - bounds[0]))
