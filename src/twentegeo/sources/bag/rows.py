"""
Rows of an Arrow table picked out, without copying what lies together.

What one delivery says another says again in the same order, so the rows wanted are most often all rows, or a few long
runs of them. A run is handed on as it lies; Arrow would copy it value by value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    import numpy.typing as npt

_LONG: Final = 32
"""Rows that a run has on average at least for handing runs on to pay; below it Arrow copies them faster."""


def rows_where(table: pa.Table, keep: npt.NDArray[np.bool_]) -> pa.Table:
    """
    Keep some rows.

    Parameters
    ----------
    table
        n rows.
    keep
        (n,) which of them.

    Returns
    -------
    rows
        In the order of `table`; `table` itself where that is all of them.
    """
    return table if keep.all() else table.filter(pa.array(keep))


def rows_at(table: pa.Table, rows: npt.NDArray[np.int64]) -> pa.Table:
    """
    Take rows by their places.

    Parameters
    ----------
    table
        Where they stand.
    rows
        (n,) places, in any order.

    Returns
    -------
    rows
        In the order of `rows`, in one piece per column or in pieces of `table` where it is.
    """
    if not len(rows):
        return table.slice(0, 0)
    starts = np.flatnonzero(np.diff(rows, prepend=-2) != 1)
    if len(starts) * _LONG > len(rows):
        return table.take(pa.array(rows))
    lengths = np.diff(starts, append=len(rows))
    if len(starts) == 1:
        return table.slice(int(rows[0]), len(rows))
    runs = [table.slice(at, length) for at, length in zip(rows[starts].tolist(), lengths.tolist(), strict=True)]
    return pa.concat_tables(runs).combine_chunks()
