"""
Which rows of a national file can belong to a region, and which lie so near that they might on another day.

The dwellings of a region come and go nightly, the national file once a month. What is read of it is therefore what
shares a municipality's number or the digits of a postcode with the region: that stays the same, and what belongs to the
region on a day is part of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from twentegeo.tables.keys import as_arrow

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy.typing as npt

    Texts = Collection[str] | pd.Series[str]
    Flags = npt.NDArray[np.bool_]

OBJECTS: Final = ("vbo_id", "ligplaats_id", "standplaats_id")
KEYS: Final = (*OBJECTS, "pand_ids", "postcode")
"""Columns that tie a label to a place."""

_MAKER: Final = 4
"""Digits at the head of an id that say which municipality made it, and of a postcode that say where it is."""

_AFTER_MAKER: Final = 10**12
"""What an id of 16 digits is to be divided by to be left with those."""


@dataclass(frozen=True, slots=True)
class LabelScope:
    """
    What ties a label to a region; a row with any of these is kept.

    Attributes
    ----------
    object_ids
        BAG ids, 16 characters, of verblijfsobjecten, ligplaatsen and standplaatsen.
    pand_ids
        BAG ids of panden.
    postcodes
        Postcodes without a space, upper case.
    """

    object_ids: Texts
    pand_ids: Texts = field(default=())
    postcodes: Texts = field(default=())


@dataclass(frozen=True, slots=True)
class Filter:
    """A scope made ready to be asked of many batches: ids as sorted numbers, since 16 digits fit one."""

    objects: npt.NDArray[np.int64]
    panden: npt.NDArray[np.int64]
    postcodes: pl.Series

    @classmethod
    def of(cls, scope: LabelScope) -> Filter:
        """Make ready."""
        return cls(
            _sorted_numbers(scope.object_ids),
            _sorted_numbers(scope.pand_ids),
            _column(scope.postcodes).unique().sort(),
        )

    def near(self, rows: pl.DataFrame) -> Flags:
        """
        Tell which rows have something of the region.

        Parameters
        ----------
        rows
            Cleaned :data:`KEYS`, as :func:`twentegeo.sources.ep_online.values.clean_keys` gives; n of them.

        Returns
        -------
        near
            (n,) which have an id or a postcode in scope.
        """
        near = rows["postcode"].is_in(self.postcodes.implode()).fill_null(value=False).to_numpy().copy()
        for name in OBJECTS:
            near |= _is_member(rows[name], self.objects)
        if len(self.panden):
            row, panden = _each_pand(rows)
            near[row[_is_member(panden, self.panden)]] = True
        return near


@dataclass(frozen=True, slots=True)
class Vicinity:
    """
    What ids and postcodes of a region look like; whatever is in its scope is in here.

    Attributes
    ----------
    makers
        First four digits of ids of objects, sorted.
    pand_makers
        Those of ids of panden.
    districts
        First four characters of postcodes.
    """

    makers: tuple[str, ...]
    pand_makers: tuple[str, ...]
    districts: tuple[str, ...]

    @classmethod
    def of(cls, scope: LabelScope) -> Self:
        """Look at a scope."""
        return cls(_heads(scope.object_ids), _heads(scope.pand_ids), _heads(scope.postcodes))

    def told(self) -> list[Any]:
        """Say it in plain values."""
        return [list(self.makers), list(self.pand_makers), list(self.districts)]

    def near(self, rows: pl.DataFrame) -> Flags:
        """Tell which rows look like the region; see :meth:`Filter.near`."""
        district = rows["postcode"].str.slice(0, _MAKER)
        near = district.is_in(list(self.districts)).fill_null(value=False).to_numpy().copy()
        for name in OBJECTS:
            near |= _is_made_by(rows[name], self.makers)
        if self.pand_makers:
            row, panden = _each_pand(rows)
            near[row[_is_made_by(panden, self.pand_makers)]] = True
        return near


def _heads(texts: Texts) -> tuple[str, ...]:
    held = as_arrow(texts) if isinstance(texts, pd.Series) else pa.array(list(texts), pa.string())
    return tuple(sorted(pc.unique(pc.utf8_slice_codeunits(held, 0, _MAKER)).drop_null().to_pylist()))


def _each_pand(rows: pl.DataFrame) -> tuple[npt.NDArray[np.int64], pl.Series]:
    """List the panden that rows name, and the row of each."""
    lists = rows.select(pl.col("pand_ids").str.split(",")).with_row_index("row").drop_nulls()
    each = lists.explode("pand_ids")
    return each["row"].to_numpy(), each["pand_ids"]


def _is_made_by(ids: pl.Series, makers: tuple[str, ...]) -> Flags:
    if ids.null_count() == len(ids) or not makers:
        return np.zeros(len(ids), dtype=bool)
    known = np.zeros(10**_MAKER, dtype=bool)
    known[np.array(makers, dtype=np.int64)] = True
    numbers = ids.cast(pl.Int64).fill_null(-1).to_numpy()
    return np.asarray(known[numbers // _AFTER_MAKER] & (numbers >= 0), dtype=bool)


def _sorted_numbers(ids: Texts) -> npt.NDArray[np.int64]:
    numbers: npt.NDArray[np.int64] = _column(ids).cast(pl.Int64).unique().sort().to_numpy()
    return numbers


def _column(texts: Texts) -> pl.Series:
    """Take texts over; a column of pandas is not walked along, which would make a Python object at a time."""
    return pl.from_pandas(texts) if isinstance(texts, pd.Series) else pl.Series(list(texts), dtype=pl.String)


def _is_member(ids: pl.Series, known: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    if ids.null_count() == len(ids) or not len(known):
        return np.zeros(len(ids), dtype=bool)
    numbers = ids.cast(pl.Int64).fill_null(-1).to_numpy()
    place = np.searchsorted(known, numbers).clip(max=len(known) - 1)
    found: npt.NDArray[np.bool_] = known[place] == numbers
    return found
