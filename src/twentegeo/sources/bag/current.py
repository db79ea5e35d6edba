"""
Which voorkomen of an object holds on the reference date.

The rule (sources.md 1.7): begun by the day, not ended by it, never made inactive or taken out of the BAG, and not
superseded in the register. Two cases that the rule alone would lose:

* An end that is registered ahead. On the day itself the old voorkomen still holds, though the register already
  has its successor. It is taken when nothing better holds (rank 1).
* A delivery that is newer than it says. A voorkomen that was registered after StandTechnischeDatum, and had begun
  when it was registered, is the register's last knowledge. It is taken when the delivery's own present is asked
  for, and counted; it is not when an earlier day is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from twentegeo.sources.bag.rows import Picked

DAY_LENGTH: Final = 10
INACTIVE: Final = ("inactief", "inactief_lv", "niet_bag")
SUPERSEDED: Final = ("eind_registratie", "eind_registratie_lv")


@dataclass(frozen=True, slots=True)
class Day:
    """
    The reference date.

    Attributes
    ----------
    reference
        Whose state is wanted, ``YYYY-MM-DD``.
    delivered
        StandTechnischeDatum, ``YYYY-MM-DD``.
    """

    reference: str
    delivered: str


def standing(table: pa.Table, day: Day) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int8], npt.NDArray[np.bool_]]:
    """
    Judge voorkomens.

    Parameters
    ----------
    table
        One row per voorkomen, with the history fields as text.
    day
        The reference date.

    Returns
    -------
    holds
        Which rows hold on the day, shape (n,).
    rank
        0 where the rule is met, 1 where the voorkomen is superseded but its successor has not begun.
    late
        Which hold only because the delivery is newer than it says, shape (n,).
    """
    begin, registered = _day(table["begin"]), _day(table["registratie"])
    begun = _true(pc.less_equal(begin, day.reference))
    ahead = np.zeros(len(begun), dtype=bool)
    if day.reference >= day.delivered and not begun.all():
        ahead = ~begun & _true(pc.less_equal(begin, registered))
    ended = _true(pc.less_equal(_day(table["eind"]), day.reference))
    holds = (begun | ahead) & ~ended & ~_any(table, INACTIVE)
    rank = _any(table, SUPERSEDED).astype(np.int8)
    return holds, rank, holds & ahead


def newest(picked: Picked, places: npt.NDArray[np.int64]) -> tuple[Picked, int]:
    """
    Choose one row per object, sorted by id.

    Parameters
    ----------
    picked
        n rows with ``id``, ``rank`` of :func:`standing`, ``voorkomen`` and ``registratie``.
    places
        (n,) in the delivery.

    Returns
    -------
    chosen
        In order of id: the best rank, then the highest voorkomen, then the one registered last, then the first.
    doubles
        How many objects had more than one row that met the rule.
    """
    ids = picked.array("id")
    order = np.argsort(ids, kind="stable")
    again = np.r_[False, np.diff(ids[order]) == 0]
    if not again.any():
        return picked.at(order), 0
    # few objects have several rows: those are ordered with care, the rest is left as it is
    several = again | np.r_[again[1:], False]
    contest = order[several]
    part = picked.at(contest).columns("rank", "voorkomen", "registratie")
    age = np.unique(part["registratie"].to_numpy(zero_copy_only=False).astype(str), return_inverse=True)[1]
    rank = part["rank"].to_numpy()
    best = np.lexsort((places[contest], -age, -part["voorkomen"].to_numpy(), rank, ids[contest]))
    later = np.r_[False, np.diff(ids[contest][best]) == 0]
    doubled = ids[contest][best][later & (rank[best] == 0)]
    order[several] = contest[best]
    return picked.at(order[~again]), int(np.unique(doubled).size)


def _day(times: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.utf8_slice_codeunits(times, 0, DAY_LENGTH)


def _true(mask: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    return np.asarray(pc.fill_null(mask, False).to_numpy(zero_copy_only=False), dtype=bool)  # noqa: FBT003


def _any(table: pa.Table, names: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    result = np.zeros(table.num_rows, dtype=bool)
    for name in names:
        column = table[name]
        if column.null_count < len(column):
            result |= np.asarray(pc.is_valid(column).to_numpy(zero_copy_only=False), dtype=bool)
    return result
