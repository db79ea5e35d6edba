"""Cells laid on a rectangular lattice, so that neighbourhoods are sums over shifted arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
import pandas as pd
import scipy

from twentegeo.areas.cells import CELL_M, corners

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Lattice:
    """
    Where each cell of a table lies on a lattice that just holds them all.

    Attributes
    ----------
    row, column
        (n,) position per cell, south-west first.
    shape
        Rows and columns of the lattice.
    """

    row: npt.NDArray[np.int64]
    column: npt.NDArray[np.int64]
    shape: tuple[int, int]

    @classmethod
    def of(cls, cel_id: pd.Index) -> Self:
        """
        Lay out cells.

        Parameters
        ----------
        cel_id
            CBS codes, no code twice.

        Returns
        -------
        lattice
            Positions in the order of `cel_id`.
        """
        column, row = (part.astype("int64") for part in corners(pd.Series(cel_id, dtype="str")))
        if not len(row):
            return cls(row, column, (0, 0))
        row, column = row - row.min(), column - column.min()
        return cls(row, column, (int(row.max()) + 1, int(column.max()) + 1))

    def place(self, values: npt.ArrayLike) -> npt.NDArray[np.generic]:
        """
        Lay values on the lattice.

        Parameters
        ----------
        values
            (n,) one per cell.

        Returns
        -------
        grid
            Zero where there is no cell.
        """
        given = np.asarray(values)
        grid = np.zeros(self.shape, dtype=given.dtype)
        grid[self.row, self.column] = given
        return grid

    def pick(self, grid: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
        """
        Read the cells back from a grid.

        Parameters
        ----------
        grid
            Of the lattice's shape.

        Returns
        -------
        values
            (n,) one per cell.
        """
        return grid[self.row, self.column]

    def around(self, values: npt.ArrayLike, band_m: float, *, itself: bool) -> Floats:
        """
        Sum values over the cells within a distance.

        Parameters
        ----------
        values
            (n,) one per cell.
        band_m
            Greatest distance between the middles of two neighbours, metres.
        itself
            Whether a cell counts as its own neighbour.

        Returns
        -------
        total
            (n,) sum over the neighbours that are cells.
        """
        grid = self.place(np.asarray(values, dtype="float64"))
        return np.asarray(self.pick(scipy.ndimage.convolve(grid, disc(band_m, itself=itself), mode="constant")))


def disc(band_m: float, *, itself: bool = True) -> Floats:
    """
    Make the weights of a distance band: one for each cell whose middle lies within it.

    Parameters
    ----------
    band_m
        Radius, metres.
    itself
        Whether the middle counts.

    Returns
    -------
    weights
        Square array of zeros and ones, odd sides.
    """
    reach = int(band_m // CELL_M)
    offset = np.arange(-reach, reach + 1) * CELL_M
    weights = (offset[:, None] ** 2 + offset[None, :] ** 2 <= band_m**2).astype("float64")
    weights[reach, reach] = float(itself)
    return weights
