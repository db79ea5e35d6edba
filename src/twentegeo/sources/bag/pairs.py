"""Which verblijfsobject is in which pand, as the register lists it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from twentegeo.sources.bag.columns import numpy
from twentegeo.sources.bag.handover import NONE
from twentegeo.tables.numbers import numbers_among

if TYPE_CHECKING:
    import numpy.typing as npt


def _no_ids() -> npt.NDArray[np.int64]:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Pairs:
    """
    Which verblijfsobject is in which pand.

    Attributes
    ----------
    vbo, pand
        Ids, shape (n,), sorted by vbo and order.
    order
        Place of the pand in the list of the verblijfsobject, from 0.
    row
        Row of the verblijfsobject in the table that the pairs were made of.
    """

    vbo: npt.NDArray[np.int64] = field(default_factory=_no_ids)
    pand: npt.NDArray[np.int64] = field(default_factory=_no_ids)
    order: npt.NDArray[np.int64] = field(default_factory=_no_ids)
    row: npt.NDArray[np.int64] = field(default_factory=_no_ids)

    def where(self, keep: npt.NDArray[np.bool_]) -> Pairs:
        """Keep some pairs, as they are."""
        return Pairs(self.vbo[keep], self.pand[keep], self.order[keep], self.row[keep])

    def only(self, panden: npt.NDArray[np.int64]) -> Pairs:
        """Keep the pairs of these panden, and number what is left of each verblijfsobject anew."""
        keep = numbers_among(self.pand, panden)
        return _numbered(self.vbo[keep], self.pand[keep], self.row[keep])


def _numbered(vbo: npt.NDArray[np.int64], pand: npt.NDArray[np.int64], row: npt.NDArray[np.int64]) -> Pairs:
    # rows come grouped; the place in the group is the distance to its first
    start = np.flatnonzero(np.r_[True, row[1:] != row[:-1]]) if len(row) else _no_ids()
    lengths = np.diff(np.r_[start, len(row)])
    return Pairs(vbo, pand, np.arange(len(row)) - np.repeat(start, lengths), row)


def listed(blocks: pa.ChunkedArray) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """
    Read the ids in blocks of references.

    Parameters
    ----------
    blocks
        Texts with ids of 16 digits between tags, or null; shape (n,).

    Returns
    -------
    ids, row
        The ids in order, and the block each is from.
    """
    filled = np.flatnonzero(
        np.asarray(pc.fill_null(pc.greater(pc.binary_length(blocks), 0), False).to_numpy(), dtype=bool)  # noqa: FBT003
    )
    if not len(filled):
        return _no_ids(), _no_ids()
    pieces = pc.split_pattern_regex(blocks.take(pa.array(filled)).combine_chunks(), "[^0-9]*<[^>]*>[^0-9]*")
    texts = pieces.flatten()
    row = np.repeat(filled, np.diff(pieces.offsets.to_numpy()))
    real = np.asarray(pc.greater(pc.binary_length(texts), 0).to_numpy(zero_copy_only=False), dtype=bool)
    return texts.filter(pa.array(real)).cast(pa.int64()).to_numpy(), row[real]


def references(table: pa.Table) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """
    Read which panden the rows of a table of verblijfsobjecten name.

    Parameters
    ----------
    table
        With ``pand`` (-1 for none) and ``panden`` (the rest, as text).

    Returns
    -------
    panden, row
        In the order of the register, repetitions included.
    """
    first = numpy(table["pand"])
    more, row = listed(table["panden"])
    rows = np.concatenate([np.flatnonzero(first != NONE), row])
    panden = np.concatenate([first[first != NONE], more])
    order = np.argsort(rows, kind="stable")
    return panden[order], rows[order]


def pairs_of(table: pa.Table) -> Pairs:
    """
    Pair verblijfsobjecten with the panden that they name.

    Parameters
    ----------
    table
        As for :func:`references`, with ``id``.

    Returns
    -------
    pairs
        A pand that is named twice counts once.
    """
    panden, rows = references(table)
    order = np.lexsort((panden, rows))
    again = np.zeros(len(rows), dtype=bool)
    again[order[1:]] = (np.diff(panden[order]) == 0) & (np.diff(rows[order]) == 0)
    return _numbered(numpy(table["id"])[rows[~again]], panden[~again], rows[~again])
