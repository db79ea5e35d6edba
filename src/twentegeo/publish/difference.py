"""In which rows a layer of a package differs from what it has to become."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyogrio

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt

FEW_ROWS: Final = 0.03
"""Share of the rows that may come, go or have another shape: with more, writing a layer anew is as quick (measured)."""

FEW_VALUES: Final = 0.3
"""Share of the rows that may have other values; likewise."""

_AT_ONCE: Final = 50_000
"""Shapes that are compared at a time."""


@dataclass(frozen=True, slots=True)
class Target:
    """
    A layer as it has to become.

    Attributes
    ----------
    layer, key
        Its name, and the column that names its rows.
    wanted
        Arguments for ``pyogrio.write_arrow``, as if it were written anew.
    moment
        Of the release, as GeoPackage writes it.
    later
        Columns that are filled in when all else is written: what they hold meanwhile does not matter.
    """

    layer: str
    key: str
    wanted: Mapping[str, Any]
    moment: str
    later: tuple[str, ...] = ()

    @property
    def shape(self) -> str:
        """Name of the geometry column."""
        return str(self.wanted["geometry_name"])


@dataclass(frozen=True, slots=True)
class Difference:
    """
    Between a layer and what it has to become.

    Attributes
    ----------
    gone
        Numbers (fid) of features that are no more, or have another shape.
    fresh
        Which of the rows are not there yet, or with another shape.
    changed
        Which of the rows are there with another value.
    columns
        Names of the columns in which they have one.
    fids
        Number by row; -1 where it is fresh.
    constants
        Columns that hold one value throughout, which became another: the day that everything refers to.
    """

    gone: npt.NDArray[np.int64]
    fresh: npt.NDArray[np.bool_]
    changed: npt.NDArray[np.bool_]
    columns: list[str]
    fids: npt.NDArray[np.int64]
    constants: Mapping[str, Any]


def difference_of(path: Path, target: Target, rows: pa.Table) -> Difference | None:
    """
    Compare a layer with what it has to become.

    Parameters
    ----------
    path
        The package.
    target
        The layer.
    rows
        What it has to hold; without shapes where keys and shapes are known to be what they were.

    Returns
    -------
    difference
        None where the layer has other columns, other rows than were said to be there, or too much differs.
    """
    # shapes first, and let go of them: they are as large as all else together
    with_shapes = target.shape in rows.column_names
    _, held = pyogrio.read_arrow(
        path, layer=target.layer, columns=[target.key], read_geometry=with_shapes, return_fids=True
    )
    at = positions(rows[target.key], held[target.key])
    same = at >= 0
    if with_shapes:
        same[same] = ~_shapes_differ(rows[target.shape], held[target.shape], np.flatnonzero(same), at[same])
    elif len(held) != len(rows) or not same.all():
        return None
    numbers = held["fid"].to_numpy()
    del held
    gone = np.ones(len(numbers), dtype=bool)
    gone[at[same]] = False
    if gone.sum() + (~same).sum() > FEW_ROWS * len(rows):
        return None
    names = [name for name in rows.column_names if name not in (target.key, target.shape, *target.later)]
    held = (
        pyogrio.read_arrow(path, layer=target.layer, columns=names, read_geometry=False)[1] if names else pa.table({})
    )
    if not set(names) <= set(held.column_names):
        return None
    unequal, constants = _values_that_differ(rows.select(names), held, same, at[same])
    changed = np.zeros(len(rows), dtype=bool)
    for other in unequal.values():
        changed[same] |= other
    if changed.sum() > FEW_VALUES * len(rows):
        return None
    fids = np.full(len(rows), -1)
    fids[same] = numbers[at[same]]
    return Difference(numbers[gone], ~same, changed, list(unequal), fids, constants)


def _values_that_differ(
    rows: pa.Table, held: pa.Table, same: npt.NDArray[np.bool_], at: npt.NDArray[np.int64]
) -> tuple[dict[str, npt.NDArray[np.bool_]], dict[str, Any]]:
    """Tell per column in which of the same rows it differs, and of those that hold one new value throughout which."""
    unequal, constants = {}, {}
    for name in rows.column_names:
        other = differs(_at(rows[name], same), held[name].take(pa.array(at)))
        if other.all() and len(values := pc.unique(rows[name])) == 1:
            constants[name] = values[0].as_py()
        elif other.any():
            unequal[name] = other
    return unequal, constants


def _shapes_differ(
    shapes: pa.ChunkedArray, held: pa.ChunkedArray, rows: npt.NDArray[np.int64], at: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Compare shapes some at a time: laid side by side all at once they take as much memory again."""
    unequal = np.zeros(len(rows), dtype=bool)
    for start in range(0, len(rows), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        unequal[some] = differs(shapes.take(pa.array(rows[some])), held.take(pa.array(at[some])))
    return unequal


def positions(keys: pa.ChunkedArray, among: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """
    Look keys up.

    Parameters
    ----------
    keys, among
        (n,) and (m,) texts.

    Returns
    -------
    positions
        (n,) where each is; -1 where it is not there.
    """
    found: npt.NDArray[np.int64] = pc.fill_null(pc.index_in(keys, among.combine_chunks()), -1).to_numpy()
    return found.astype(np.int64)


def _at(column: pa.ChunkedArray, rows: npt.NDArray[np.bool_]) -> pa.ChunkedArray:
    return column if rows.all() else column.filter(pa.array(rows))


def differs(column: pa.ChunkedArray, other: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    """
    Compare two columns value by value.

    Parameters
    ----------
    column, other
        (n,) values; those of the other are read as of the same type.

    Returns
    -------
    differs
        (n,) whether they differ; two that are empty are the same.
    """
    unequal = pc.not_equal(column, other.cast(column.type))
    both_empty = pc.and_(column.is_null(), other.is_null())
    return np.asarray(pc.and_not(pc.fill_null(unequal, fill_value=True), both_empty).to_numpy(), dtype=bool)
