"""Panden or parcels with their areas: an outline that stayed as it was keeps its area, and is not even decoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from twentegeo.tables.keys import positions
from twentegeo.tables.wkb import prints

if TYPE_CHECKING:
    import numpy.typing as npt

    from twentegeo.tables.shapes import Mapped

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]
    Geometries = npt.NDArray[np.object_]

_MOST: Final = 0.5
"""Where a greater share of the outlines is asked for, all are decoded, once for whoever asks next."""


@dataclass(frozen=True)
class Surveyed:
    """
    Objects with an outline, of which the area is known.

    Attributes
    ----------
    mapped
        The objects; index from 0.
    key
        Name of the column with their ids.
    marks
        (n,) prints of their outlines; see :func:`twentegeo.tables.wkb.prints`.
    area
        (n,) m².
    was
        (n,) row that each has in the table of an earlier night, -1 where it was not there or had another outline.
    """

    mapped: Mapped
    key: str
    marks: Ints
    area: Floats
    was: Ints

    @classmethod
    def of(cls, mapped: Mapped, key: str, before: pd.DataFrame | None = None) -> Surveyed:
        """
        Survey objects.

        Parameters
        ----------
        mapped
            Panden or parcels, index from 0.
        key
            Name of the column with their ids.
        before
            What :meth:`table` gave in an earlier night; it changes the work and not the answer.

        Returns
        -------
        surveyed
            The same objects; areas of those that are new or have another outline measured, the others taken over.
        """
        marks = prints(mapped.wkb)
        was, area = np.full(len(mapped), -1), np.empty(len(mapped))
        if before is not None and len(before):
            was = positions(mapped.rows[key], before[key])
            was[before["print"].to_numpy()[was] != marks] = -1
            area = before["area"].to_numpy()[was]
        made = cls(mapped, key, marks, area, was)
        new = np.flatnonzero(was < 0)
        area[new] = shapely.area(made.outlines(new))
        return made

    def __len__(self) -> int:
        """Count the objects."""
        return len(self.mapped)

    @property
    def ids(self) -> pd.Series[str]:
        """(n,) their ids."""
        return self.mapped.rows[self.key]

    @property
    def bounds(self) -> Floats:
        """(n, 4) xmin, ymin, xmax, ymax of their outlines in metres."""
        return self.mapped.bounds

    def outlines(self, at: Ints) -> Geometries:
        """
        Decode outlines.

        Parameters
        ----------
        at
            (m,) positions of the rows whose outlines to decode, each once.

        Returns
        -------
        outlines
            (m,) polygons in RD New.
        """
        if len(at) > _MOST * len(self):
            return self.mapped.shapes[at]
        return self.mapped.shapes_of(at)

    def table(self) -> pd.DataFrame:
        """Take down what the next night can use: their ids under :attr:`key`, ``print`` and ``area``."""
        return pd.DataFrame({self.key: self.ids.array, "print": self.marks, "area": self.area})
