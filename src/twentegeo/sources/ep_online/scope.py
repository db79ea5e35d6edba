"""Which rows of a national file can belong to a region."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy.typing as npt

    Texts = Collection[str] | pd.Series[str]


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

    def keep(self, rows: pl.DataFrame) -> pl.DataFrame:
        """
        Leave out the rows that have nothing of the region.

        Parameters
        ----------
        rows
            Cleaned identifiers and postcodes, as :func:`twentegeo.sources.ep_online.values.clean_keys` gives.

        Returns
        -------
        rows
            Those with an id or a postcode in scope.
        """
        near = rows["postcode"].is_in(self.postcodes.implode()).fill_null(value=False).to_numpy().copy()
        for name in ("vbo_id", "ligplaats_id", "standplaats_id"):
            near |= _is_member(rows[name], self.objects)
        if len(self.panden):
            lists = rows.select(pl.col("pand_ids").str.split(",")).with_row_index("row").drop_nulls()
            panden = lists.explode("pand_ids")
            near[panden["row"].to_numpy()[_is_member(panden["pand_ids"], self.panden)]] = True
        return rows.filter(near)


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
