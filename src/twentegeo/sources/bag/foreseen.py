"""
What is kept of an extract, judged before it is known what of it the next delivery says again.

What holds on the day and what belongs to the region follows row by row, so it can be told of all that is kept while the
members are still being read; which rows are said again is then a choice among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from twentegeo.sources.bag import region
from twentegeo.sources.bag.current import standing

if TYPE_CHECKING:
    import numpy.typing as npt

    from twentegeo.sources.bag.members import Task

    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

MEMBER: Final = 1 << 32
"""More stands than a member can have."""


@dataclass(frozen=True)
class Rows:
    """
    Rows of the region, from one place.

    Attributes
    ----------
    table
        What :mod:`twentegeo.sources.bag.region` made of voorkomens.
    at
        (n,) rows of it.
    places
        (n,) where each stands in the delivery.
    """

    table: pa.Table
    at: Ints
    places: Ints

    @classmethod
    def of(cls, table: pa.Table, number: int) -> Rows:
        """Take all rows of a table that says their places in a member, by its number."""
        return cls(table, np.arange(table.num_rows), table["plaats"].to_numpy() + number * MEMBER)


@dataclass(frozen=True)
class Foreseen:
    """
    All that is kept of one type, n rows.

    Attributes
    ----------
    ids
        (n,) of the objects.
    holds, late
        (n,) see :func:`twentegeo.sources.bag.current.standing`.
    table
        Those that belong to the region, if they hold; ``plaats`` is the row among the n.
    """

    ids: Ints
    holds: Flags
    late: Flags
    table: pa.Table

    @classmethod
    def of(cls, read: pa.Table, task: Task) -> Foreseen:
        """
        Judge and filter.

        Parameters
        ----------
        read
            What is kept, as it was read.
        task
            Its type, the day, and where the region's ids have been left.
        """
        holds, rank, late = standing(read, task.day)
        table = read.append_column("rank", pa.array(rank)).append_column("plaats", pa.array(np.arange(len(holds))))
        return cls(read["id"].to_numpy(), holds, late, region.KEEP[task.kind](table, task, {}))

    def counted(self, rows: Ints) -> dict[str, int]:
        """Count what is not taken of rows that are said again, and what is for a reason of its own."""
        return {"vervallen": int((~self.holds[rows]).sum()), "later_geregistreerd": int(self.late[rows].sum())}

    def chosen(self, rows: Ints, places: Ints) -> tuple[Rows, Flags]:
        """
        Choose rows that are said again.

        Parameters
        ----------
        rows, places
            (m,) which of the n, and where each stands in the delivery.

        Returns
        -------
        chosen
            Those that hold and belong to the region.
        others
            (m,) which do not.
        """
        mine = self.table["plaats"].to_numpy()
        at = np.searchsorted(mine, rows)
        inside = self.holds[rows] & (at < len(mine))
        inside[inside] = mine[at[inside]] == rows[inside]
        return Rows(self.table, at[inside], places[inside]), ~inside
