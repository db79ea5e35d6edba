"""Columns of Arrow handed to numpy and pandas, and codes looked up on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    import numpy.typing as npt

ID_WIDTH: Final = 16


def numpy(column: pa.ChunkedArray) -> npt.NDArray[Any]:
    """Hand a column without nulls to numpy."""
    return np.asarray(column.to_numpy())


@dataclass(frozen=True)
class Towns:
    """
    Name and municipality of woonplaatsen, to look up by code.

    Attributes
    ----------
    codes
        Sorted woonplaats codes, shape (n,).
    names, municipalities
        Their names and ``GM`` codes, object arrays.
    """

    codes: npt.NDArray[np.int64]
    names: npt.NDArray[np.object_]
    municipalities: npt.NDArray[np.object_]

    @classmethod
    def of(cls, place: dict[int, tuple[str, str]]) -> Towns:
        """Make it of name and four-digit municipality by woonplaats code."""
        codes = np.array(sorted(place), dtype=np.int64)
        names = np.array([place[code][0] for code in codes], dtype=object)
        return cls(codes, names, np.array([f"GM{place[code][1]}" for code in codes], dtype=object))

    def municipality(self, codes: npt.NDArray[np.int64]) -> pd.Series:
        """Municipality of each woonplaats code, shape (n,)."""
        return picked(self.municipalities, np.searchsorted(self.codes, codes))

    def name(self, codes: npt.NDArray[np.int64]) -> pd.Series:
        """Name of each woonplaats code, shape (n,)."""
        return picked(self.names, np.searchsorted(self.codes, codes))


def picked(values: npt.NDArray[np.object_], at: npt.NDArray[np.int64]) -> pd.Series:
    """Spell out values by position, shape (n,)."""
    return text(pa.DictionaryArray.from_arrays(pa.array(at), pa.array(values, pa.string())).cast(pa.string()))


def id_text(ids: npt.NDArray[np.int64]) -> pd.Series:
    """Write ids as 16 digits, leading zeros kept."""
    return text(pc.ascii_lpad(pa.array(ids).cast(pa.string()), ID_WIDTH, "0"))


def text(column: pa.Array | pa.ChunkedArray) -> pd.Series:
    """Hand a text column to pandas; null becomes missing."""
    return pd.Series(pd.array(column.cast(pa.large_string()), dtype="str"))


def integers(values: npt.NDArray[np.float64]) -> pd.Series:
    """Hand whole numbers to pandas; NaN becomes missing."""
    return cast("pd.Series", pd.Series(values).astype("Int64"))
