"""Looking keys up in long lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    import numpy.typing as npt


def is_among(values: pd.Series[str] | pd.Index[str], allowed: Iterable[str]) -> npt.NDArray[np.bool_]:
    """
    Tell which values occur in a list.

    ``Series.isin`` walks a list of Arrow text one by one; with a hundred thousand keys that takes seconds.

    Parameters
    ----------
    values
        (n,) keys, missing ones allowed.
    allowed
        The list, in any order, with or without repetition; missing ones do not count.

    Returns
    -------
    among
        (n,) booleans; a missing key is among none.
    """
    wanted = pd.Index(allowed).dropna().unique()
    among: npt.NDArray[np.bool_] = wanted.get_indexer(pd.Index(values)) >= 0
    return among
