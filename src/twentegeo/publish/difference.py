"""In which rows a layer differs from what was published last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from twentegeo.tables.shapes import GEOM
from twentegeo.tables.wkb import differing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    Digests = Mapping[str, str]

FEW_ROWS: Final = 0.03
"""Share of the rows that may come, go or have another shape: with more, writing a layer anew is as quick (measured)."""

_LAST: Final = 62
"""The last bit that an integer has for a column; columns after it share it, and are written together."""

FEW_VALUES: Final = 0.3
"""Share of the rows that may have other values; likewise."""


@dataclass(frozen=True, slots=True)
class Difference:
    """
    Between the rows of a layer as they were published last and as they have to become.

    Attributes
    ----------
    gone
        Keys of rows that are no more, or have another shape.
    fresh
        (n,) which of the rows are not there yet, or with another shape.
    cells
        (n,) in which columns each of the rows is there with another value: a bit for each of `columns`, in order; see
        :meth:`parts`.
    columns
        Names of the columns in which some have one.
    constants
        Columns that hold one value throughout, which became another: the day that everything refers to.
    at
        (n,) where each row was; -1 where it is fresh.
    """

    gone: pa.Array
    fresh: npt.NDArray[np.bool_]
    cells: npt.NDArray[np.int64]
    columns: list[str]
    constants: Mapping[str, Any]
    at: npt.NDArray[np.int64]

    def parts(self) -> tuple[npt.NDArray[np.int64], list[tuple[list[str], int]]]:
        """
        Put together the rows that differ in the same columns: most differ in one or two out of many.

        Returns
        -------
        rows
            (m,) those that differ, in an order in which these lie together.
        parts
            The columns in which they do, and how many rows.
        """
        changed = np.flatnonzero(self.cells)
        order = changed[np.argsort(self.cells[changed], kind="stable")]
        kinds, counts = np.unique(self.cells[order], return_counts=True)
        named = [
            [name for at, name in enumerate(self.columns) if kind >> min(at, _LAST) & 1] for kind in kinds.tolist()
        ]
        return order, list(zip(named, counts.tolist(), strict=True))


def difference_of(
    before: pa.Table, rows: pa.Table, key: str, digests: tuple[Digests, Digests], later: Sequence[str] = ()
) -> Difference | None:
    """
    Compare rows with what was published last.

    Parameters
    ----------
    before
        That; the same columns.
    rows
        What the layer has to hold, as :func:`twentegeo.publish.arrow.published` made it.
    key
        The column that names the rows.
    digests
        What :func:`twentegeo.publish.digests.column_digests` says of the columns now, and said of those before: a
        column of which it is the same is not looked at where the rows are the same too.
    later
        Columns that do not matter: they follow.

    Returns
    -------
    difference
        None where so much differs that the layer is better written anew.
    """
    now, then = digests
    alike = {name for name in rows.column_names if now.get(name, "now") == then.get(name, "then")}
    at = np.arange(len(rows)) if key in alike else positions(rows[key], before[key])
    if not {key, GEOM} <= alike:
        there = np.flatnonzero(at >= 0)
        at[there[differing(rows[GEOM], there, before[GEOM], at[there])]] = -1
    same = at >= 0
    gone = np.ones(len(before), dtype=bool)
    gone[at[same]] = False
    if gone.sum() + (~same).sum() > FEW_ROWS * len(rows):
        return None
    passed = {key, GEOM, *later} | (alike if same.all() and not gone.any() else set())
    names = [name for name in rows.column_names if name not in passed]
    unequal, constants = _values_that_differ(rows.select(names), before, same, at[same])
    cells = np.zeros(len(rows), dtype=np.int64)
    for column, other in enumerate(unequal.values()):
        cells[same] |= other.astype(np.int64) << min(column, _LAST)
    if np.count_nonzero(cells) > FEW_VALUES * len(rows):
        return None
    return Difference(before[key].filter(pa.array(gone)).combine_chunks(), ~same, cells, list(unequal), constants, at)


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


def differs(column: pa.ChunkedArray, other: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    """
    Compare two columns value by value.

    Parameters
    ----------
    column, other
        (n,) values of one type.

    Returns
    -------
    differs
        (n,) whether they differ; two that are empty are the same.
    """
    unequal = pc.not_equal(column, other)
    both_empty = pc.and_(column.is_null(), other.is_null())
    return np.asarray(pc.and_not(pc.fill_null(unequal, fill_value=True), both_empty).to_numpy(), dtype=bool)


def _values_that_differ(
    rows: pa.Table, before: pa.Table, same: npt.NDArray[np.bool_], at: npt.NDArray[np.int64]
) -> tuple[dict[str, npt.NDArray[np.bool_]], dict[str, Any]]:
    """Tell per column in which of the same rows it differs, and of those that hold one new value throughout which."""
    unequal, constants = {}, {}
    as_they_stand = len(at) == len(before) and bool((np.diff(at) == 1).all())
    for name in rows.column_names:
        column = rows[name] if same.all() else rows[name].filter(pa.array(same))
        other = differs(column, before[name] if as_they_stand else before[name].take(pa.array(at)))
        if other.all() and len(values := pc.unique(rows[name])) == 1:
            constants[name] = values[0].as_py()
        elif other.any():
            unequal[name] = other
    return unequal, constants
