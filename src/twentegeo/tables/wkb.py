"""Shapes by their bytes: known again, or told apart, without being decoded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    import numpy.typing as npt

_AT_ONCE: Final = 4_000
"""Shapes that are compared at a time: of so few most often none came or went in between."""


def prints(wkb: pa.Array) -> npt.NDArray[np.int64]:
    """
    Take a print of shapes, by which they are known again.

    Parameters
    ----------
    wkb
        (n,) binary.

    Returns
    -------
    prints
        (n,) 64 bits each: equal for equal bytes, and different otherwise but for one in 10^19 (SipHash with the fixed
        key of pandas).
    """
    texts = wkb.to_numpy(zero_copy_only=False)
    return np.asarray(pd.util.hash_array(texts, categorize=False).view("int64"))


def differing(
    wkb: pa.Array | pa.ChunkedArray,
    rows: npt.NDArray[np.int64],
    others: pa.Array | pa.ChunkedArray,
    at: npt.NDArray[np.int64],
) -> npt.NDArray[np.bool_]:
    """
    Compare shapes byte by byte, some at a time: laid side by side all at once they take as much memory again.

    Parameters
    ----------
    wkb, others
        Two columns of binary.
    rows, at
        (n,) positions in the one and in the other; in order, but for a few, so that little is moved.

    Returns
    -------
    differing
        (n,) where they differ, or one is null.
    """
    unequal = np.zeros(len(rows), dtype=bool)
    for start in range(0, len(rows), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        equal = pc.equal(_run(wkb, rows[some]), _run(others, at[some]))
        unequal[some] = ~np.asarray(pc.fill_null(equal, fill_value=False).to_numpy(zero_copy_only=False), dtype=bool)
    return unequal


def _run(column: pa.Array | pa.ChunkedArray, at: npt.NDArray[np.int64]) -> pa.Array | pa.ChunkedArray:
    """Take values by position; those that stand one after the other are not moved."""
    if bool((np.diff(at) == 1).all()):
        return column.slice(int(at[0]), len(at))
    return column.take(pa.array(at))
