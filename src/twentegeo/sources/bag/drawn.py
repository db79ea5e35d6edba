"""
Outlines of panden in the form in which they are published, and which of them were published before.

What a delivery gives of a pand that was not redrawn is, byte for byte, what an earlier night published of it. Such an
outline is known to be valid and turned the right way: it is neither decoded nor written out again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from twentegeo.sources.bag.recall import SIDES
from twentegeo.tables.boxes import around
from twentegeo.tables.keys import as_arrow
from twentegeo.tables.numbers import number_positions
from twentegeo.tables.shapes import Mapped
from twentegeo.tables.wkb import differing, oriented, wkb_of

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from twentegeo.sources.bag.rows import Picked

    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

logger = logging.getLogger(__name__)

Published = Callable[[], Mapped | None]
"""Reads the panden, with their ``pand_id``, that an earlier night published; None where there are none."""


@dataclass(frozen=True)
class Drawn:
    """
    Outlines in RD New.

    Attributes
    ----------
    wkb
        (n,) valid polygons, 2D, exterior rings counter-clockwise, little-endian; null where there is none.
    bounds
        (n, 4) xmin, ymin, xmax, ymax in metres; NaN where there is none.
    shapes
        (n,) the same, decoded; None where some of them were not.
    """

    wkb: pa.Array
    bounds: npt.NDArray[np.float64]
    shapes: npt.NDArray[Any] | None

    @classmethod
    def of(cls, shapes: npt.NDArray[Any]) -> Drawn:
        """
        Put outlines in the form in which they are published.

        Parameters
        ----------
        shapes
            (n,) valid surfaces in RD New; None allowed.

        Returns
        -------
        drawn
            All of them, decoded as well.
        """
        turned = oriented(shapes)
        return cls(wkb_of(turned), np.asarray(shapely.bounds(turned)).reshape(-1, 4), turned)

    @property
    def missing(self) -> Flags:
        """(n,) where there is none."""
        return np.asarray(self.wkb.is_null().to_numpy(zero_copy_only=False), dtype=bool)

    def decoded(self, at: Ints) -> npt.NDArray[Any]:
        """Give outlines by position, decoded."""
        if self.shapes is not None:
            return self.shapes[at]
        return np.asarray(shapely.from_wkb(self.wkb.take(pa.array(at)).to_numpy(zero_copy_only=False)), dtype=object)

    def taken(self, at: Ints) -> Drawn:
        """Take outlines by position."""
        if len(at) == len(self.wkb) and bool((np.diff(at) == 1).all()):
            return self
        shapes = None if self.shapes is None else self.shapes[at]
        return Drawn(self.wkb.take(pa.array(at)), self.bounds[at], shapes)

    def and_also(self, other: Drawn) -> Drawn:
        """Put others after these."""
        both = None if self.shapes is None or other.shapes is None else np.concatenate([self.shapes, other.shapes])
        return Drawn(pa.concat_arrays([self.wkb, other.wkb]), np.concatenate([self.bounds, other.bounds]), both)

    def extent(self) -> npt.NDArray[np.float64]:
        """Bound all of them together: xmin, ymin, xmax, ymax in metres; NaN where there are none."""
        return around(self.bounds)

    def beside(self, rows: pd.DataFrame) -> Mapped:
        """Lay them beside rows, index from 0, none missing."""
        mapped = Mapped(rows, self.wkb, self.bounds)
        return mapped if self.shapes is None else mapped.holding(self.shapes)


class Outlined(Protocol):
    """Outlines that can be chosen from; :class:`Drawn` are some."""

    @property
    def missing(self) -> Flags:
        """(n,) where there is none."""
        ...

    def taken(self, at: Ints) -> Drawn:
        """Take outlines by position."""
        ...


@dataclass(frozen=True)
class Lying:
    """
    Outlines that lie in the rows of an extract and are copied when it is known which.

    Attributes
    ----------
    rows
        n rows with ``wkb`` in the form in which outlines are published, and the sides of its box.
    """

    rows: Picked

    @property
    def missing(self) -> Flags:
        """(n,) where there is none."""
        return self.rows.missing("wkb")

    def taken(self, at: Ints) -> Drawn:
        """Take outlines by position."""
        rows = self.rows.at(at)
        bounds = np.column_stack([rows.array(side) for side in SIDES])
        return Drawn(rows.columns("wkb")["wkb"].combine_chunks(), bounds, None)


@dataclass(frozen=True)
class Stayed:
    """
    Which outlines of a delivery are what an earlier night published of the same panden.

    Attributes
    ----------
    wkb
        (n,) outlines as the delivery gives them; null where there is none.
    fresh
        (n,) which are not.
    bounds
        (n, 4) of the others: xmin, ymin, xmax, ymax in metres; NaN for fresh ones.
    """

    wkb: pa.Array
    fresh: Flags
    bounds: npt.NDArray[np.float64]

    @classmethod
    def since(cls, published: Mapped | None, ids: Ints, wkb: pa.Array) -> Stayed:
        """
        Compare outlines with what was published.

        Parameters
        ----------
        published
            Panden that an earlier night published; None for none.
        ids, wkb
            (n,) panden, and their outlines as a delivery gives them.

        Returns
        -------
        stayed
            The same rows.
        """
        fresh, bounds = np.ones(len(ids), dtype=bool), np.full((len(ids), 4), np.nan)
        if published is None:
            return cls(wkb, fresh, bounds)
        at = number_positions(ids, as_arrow(published.rows["pand_id"]).cast(pa.int64()).to_numpy())
        there = np.flatnonzero(at >= 0)
        fresh[there] = differing(wkb, there, published.wkb, at[there])
        bounds[~fresh] = published.bounds[at[~fresh]]
        logger.info("%d of %d outlines of panden are as they were published", int((~fresh).sum()), len(ids))
        return cls(wkb, fresh, bounds)

    @property
    def others(self) -> pa.Array:
        """(m,) WKB of the fresh ones."""
        return self.wkb if self.fresh.all() else self.wkb.filter(pa.array(self.fresh))

    def with_others(self, shapes: npt.NDArray[Any]) -> Drawn:
        """
        Put the fresh ones in the form in which outlines are published, among those that are in that form.

        Parameters
        ----------
        shapes
            (m,) the fresh ones decoded, valid surfaces; None allowed.

        Returns
        -------
        drawn
            All of them.
        """
        made = Drawn.of(shapes)
        if self.fresh.all():
            return made
        if not self.fresh.any():
            return Drawn(self.wkb, self.bounds, None)
        bounds = self.bounds.copy()
        bounds[self.fresh] = made.bounds
        return Drawn(pc.replace_with_mask(self.wkb, pa.array(self.fresh), made.wkb), bounds, None)
