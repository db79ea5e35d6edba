"""
Rows of an Arrow table picked out, without copying where they lie together.

What one delivery says another says again in the same order, so the rows wanted are most often all rows, or one run of
them; Arrow copies them also then. Several runs are left to it: putting them together takes longer unless each is some
hundreds of rows long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    import numpy.typing as npt

_MOST: Final = 0.9
"""Share of the rows from which, in their order, leaving the others out takes half as long as taking them."""


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
        In the order of `rows`; a part of `table` where they follow each other.
    """
    steps = np.diff(rows)
    if len(rows) and bool((steps == 1).all()):
        return table.slice(int(rows[0]), len(rows))
    if len(rows) > _MOST * table.num_rows and bool((steps > 0).all()):
        keep = np.zeros(table.num_rows, dtype=bool)
        keep[rows] = True
        return table.filter(pa.array(keep))
    return table.take(pa.array(rows))


@dataclass(frozen=True)
class Picked:
    """
    Rows chosen from a table and not yet copied.

    Attributes
    ----------
    table
        Where they stand.
    rows
        (n,) places, in any order.
    """

    table: pa.Table
    rows: npt.NDArray[np.int64]

    @classmethod
    def of(cls, table: pa.Table) -> Self:
        """Choose all rows."""
        return cls(table, np.arange(table.num_rows))

    def __len__(self) -> int:
        """Give n."""
        return len(self.rows)

    def where(self, keep: npt.NDArray[np.bool_]) -> Picked:
        """Keep some of them, (n,) flags."""
        return self if keep.all() else Picked(self.table, self.rows[keep])

    def at(self, places: npt.NDArray[np.int64]) -> Picked:
        """Take some of them, by place among the n."""
        return Picked(self.table, self.rows[places])

    def array(self, name: str) -> npt.NDArray[Any]:
        """Give a column without nulls, (n,) numbers."""
        return np.asarray(self.table[name].to_numpy()[self.rows])

    def missing(self, name: str) -> npt.NDArray[np.bool_]:
        """Tell where a column is null, (n,)."""
        empty = pc.is_null(self.table[name]).to_numpy(zero_copy_only=False)
        return np.asarray(empty[self.rows], dtype=bool)

    def columns(self, *names: str) -> pa.Table:
        """Copy some columns, n rows."""
        return rows_at(self.table.select(names), self.rows)

    def all(self) -> pa.Table:
        """Copy all columns, n rows; `table` itself where nothing is left out."""
        return rows_at(self.table, self.rows)
