"""Shapes as bytes: in the form in which they are published, and known again or told apart without being decoded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

if TYPE_CHECKING:
    import numpy.typing as npt

_AT_ONCE: Final = 4_000
"""Shapes that are compared at a time: of so few most often none came or went in between."""

_MULTI_OF_ONE: Final = bytes.fromhex("010600000001000000")
"""WKB header of a little-endian multipolygon with a single part."""

_POLYGON: Final = b"\x01\x03\x00\x00\x00"


def oriented(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """
    Put polygons in the form in which they are published.

    Parameters
    ----------
    shapes
        (n,) polygons or multipolygons.

    Returns
    -------
    shapes
        2D, exterior rings counter-clockwise (PDOK's RC20).
    """
    flat = shapely.force_2d(shapes) if shapely.has_z(shapes).any() else shapes
    turned: npt.NDArray[np.object_] = shapely.orient_polygons(flat, exterior_cw=False)
    return turned


def wkb_of(shapes: npt.NDArray[np.object_]) -> pa.Array:
    """
    Write shapes as little-endian WKB.

    Parameters
    ----------
    shapes
        (n,) shapes.

    Returns
    -------
    wkb
        (n,) binary.
    """
    return pa.array(shapely.to_wkb(shapes, byte_order=1), type=pa.binary())


def multipolygons(wkb: pa.Array) -> pa.Array:
    """
    Make every polygon a multipolygon: by a header in front, which is cheaper than a new geometry.

    Parameters
    ----------
    wkb
        (n,) polygons or multipolygons, little-endian.

    Returns
    -------
    wkb
        (n,) multipolygons.
    """
    single = pc.starts_with(wkb, pattern=_POLYGON)
    header = pc.if_else(single, pa.scalar(_MULTI_OF_ONE, pa.binary()), pa.scalar(b"", pa.binary()))
    return pc.binary_join_element_wise(header, wkb, b"")


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
    import pandas as pd  # noqa: PLC0415 - who reads the BAG in a process of its own does without

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
