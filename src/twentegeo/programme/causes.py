"""
Two states of the same dwellings side by side, and what happened to each dwelling in between.

A cause here is something that happened to the dwelling itself or to the area that it lies in. That its score moved
because of other data, another method or other settings is for :mod:`twentegeo.programme.split` to find out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from twentegeo.tables.columns.change import (
    GEWIJZIGD,
    GRENZEN,
    LABEL_INGETROKKEN,
    LABEL_NIEUW,
    LABEL_VERLOPEN,
    LABEL_VERVANGEN,
    NIEUW,
    VERVALLEN,
)
from twentegeo.tables.keys import positions

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Flags = npt.NDArray[np.bool_]
    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

PROPERTIES: Final = (
    "adres",
    "postcode",
    "pand_id",
    "vbo_status",
    "gebruiksdoel",
    "oppervlakte_m2",
    "bouwjaar",
    "n_panden",
)
"""Columns of the BAG that say what a dwelling is; with its place."""

LABEL: Final = ("energielabel", "label_verlopen", "label_geldig_tot", "label_methode")
"""Columns that say which registration a dwelling's label is."""

AREAS: Final = ("buurt_code", "wijk_code", "gemeente_code")
AXES: Final = ("score_energie", "score_levensloop")
SCORE: Final = "score_prioriteit"

COLUMNS: Final = ("vbo_id", *PROPERTIES, "label_status", *LABEL, *AREAS, *AXES, SCORE)
"""What is compared of each dwelling."""

_MOVED_M: Final = 0.05
"""A point that moved less than this lies where it lay, metres: deliveries write coordinates to the millimetre."""


@dataclass(frozen=True)
class Pair:
    """
    Two states of the dwellings, row by row.

    Attributes
    ----------
    old, new
        Index ``vbo_id``, the same in both: the dwellings of tonight, then those that went; columns :data:`COLUMNS`
        with ``x`` and ``y`` in metres. A row is empty where the dwelling was not there or is gone.
    was, is_there
        Whether the dwelling was there before, and whether it is there now.
    """

    old: pd.DataFrame
    new: pd.DataFrame
    was: Flags
    is_there: Flags

    def only(self, rows: Flags) -> Pair:
        """
        Take some of the dwellings.

        Parameters
        ----------
        rows
            Which rows.

        Returns
        -------
        pair
            Those rows, in the same order.
        """
        # by place: a mask would go along every column of a whole region
        place = np.flatnonzero(rows)
        return Pair(self.old.take(place), self.new.take(place), self.was[place], self.is_there[place])


def pair(old: pd.DataFrame, new: pd.DataFrame) -> Pair:
    """
    Lay two states of the dwellings side by side.

    Parameters
    ----------
    old, new
        One row per dwelling: :data:`COLUMNS`, ``x`` and ``y``.

    Returns
    -------
    pair
        Every dwelling of either state, once.
    """
    before, after = (frame.set_index("vbo_id") for frame in (old, new))
    if before.index.equals(after.index):
        everywhere = np.ones(len(after), dtype=bool)
        return Pair(before, after, everywhere, everywhere)
    row = positions(old["vbo_id"], after.index)
    gone = before.index[row < 0]
    ids = after.index.append(gone)
    was = np.zeros(len(ids), dtype=bool)
    was[row[row >= 0]] = True
    was[len(after) :] = True
    # reindexing looks each id up again; the rows are known
    come_from = np.full(len(ids), -1)
    come_from[row[row >= 0]] = np.flatnonzero(row >= 0)
    come_from[len(after) :] = np.flatnonzero(row < 0)
    left = _taken(before, come_from, ids)
    right = _taken(after, np.where(np.arange(len(ids)) < len(after), np.arange(len(ids)), -1), ids)
    return Pair(left, right, was, np.arange(len(ids)) < len(after))


def causes_of(both: Pair) -> dict[str, Flags]:
    """
    Find out what happened to each dwelling.

    Parameters
    ----------
    both
        The two states.

    Returns
    -------
    causes
        Per cause of ``EIGEN``, which rows it applies to. A dwelling can have several; a new or vanished dwelling has
        that one only, and a dwelling has at most one that is about its label.
    """
    stayed = both.was & both.is_there
    moved = np.hypot(*(_numbers(both.new[axis]) - _numbers(both.old[axis]) for axis in ("x", "y"))) > _MOVED_M
    changed = stayed & (moved | differs(both, PROPERTIES))
    elsewhere = stayed & differs(both, AREAS)
    return {
        VERVALLEN: both.was & ~both.is_there,
        NIEUW: ~both.was,
        **{cause: stayed & rows for cause, rows in _label_causes(both).items()},
        GEWIJZIGD: changed,
        # a dwelling that moved may lie in another area because of that
        GRENZEN: elsewhere & ~moved,
    }


def differs(both: Pair, columns: Sequence[str]) -> Flags:
    """
    Find the rows in which columns differ; missing on both sides is the same.

    Parameters
    ----------
    both
        The two states.
    columns
        Which columns.

    Returns
    -------
    differs
        One flag per row.
    """
    found = np.zeros(len(both.old), dtype=bool)
    for name in columns:
        one, other = both.old[name], both.new[name]
        if pd.api.types.is_numeric_dtype(one.dtype):
            left, right = _numbers(one), _numbers(other)
            found |= (left != right) & ~(np.isnan(left) & np.isnan(right))
            continue
        lacking = one.isna().to_numpy(), other.isna().to_numpy()
        unequal = (one.array != other.array) & ~lacking[0] & ~lacking[1]
        found |= np.asarray(unequal, dtype=bool) | (lacking[0] != lacking[1])
    return found


def _taken(frame: pd.DataFrame, rows: Ints, index: pd.Index[str]) -> pd.DataFrame:
    """Take rows by place; -1 gives an empty one."""
    columns = {name: frame[name].array.take(rows, allow_fill=True) for name in frame.columns}
    return pd.DataFrame(columns, index=index)


def _label_causes(both: Pair) -> dict[str, Flags]:
    before, after = (frame["label_status"] for frame in (both.old, both.new))
    valid = (before == "geldig").to_numpy(), (after == "geldig").to_numpy()
    expired = (before == "verlopen").to_numpy(), (after == "verlopen").to_numpy()
    another = differs(both, LABEL)
    return {
        LABEL_NIEUW: ~valid[0] & valid[1],
        LABEL_VERVANGEN: another & ((valid[0] & valid[1]) | (expired[0] & expired[1])),
        LABEL_VERLOPEN: ~expired[0] & expired[1],
        LABEL_INGETROKKEN: (valid[0] | expired[0]) & ~valid[1] & ~expired[1],
    }


def _numbers(column: pd.Series[float]) -> Floats:
    return np.asarray(column.to_numpy(dtype="float64", na_value=np.nan), dtype="float64")
