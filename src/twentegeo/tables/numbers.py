"""Looking whole numbers up in long lists, by sorting: NumPy hashes them since 2.3, which takes longer over ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


def distinct(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """
    Take each number once.

    Parameters
    ----------
    numbers
        (n,) whole numbers.

    Returns
    -------
    distinct
        Sorted. What ``numpy.unique`` gives, which since NumPy 2.3 hashes whole numbers and takes tens of times longer
        over ids.
    """
    ordered = np.sort(numbers)
    return np.asarray(ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]])


def numbers_among(numbers: npt.NDArray[np.int64], listed: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """
    Tell which numbers occur in a list; ``numpy.isin`` takes each once in the way that :func:`distinct` avoids.

    Parameters
    ----------
    numbers
        (n,) whole numbers.
    listed
        The list, in any order.

    Returns
    -------
    among
        (n,) booleans.
    """
    if not len(listed):
        return np.zeros(len(numbers), dtype=bool)
    ordered = np.sort(listed)
    at = np.minimum(np.searchsorted(ordered, numbers), len(ordered) - 1)
    return np.asarray(ordered[at] == numbers)


def number_positions(numbers: npt.NDArray[np.int64], among: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """
    Look whole numbers up.

    Parameters
    ----------
    numbers
        (n,) what to look for.
    among
        Where to look; of a number that is there several times, the first counts.

    Returns
    -------
    positions
        (n,) position of each; -1 where it is not there.
    """
    if not len(among):
        return np.full(len(numbers), -1)
    order = None if bool((among[1:] > among[:-1]).all()) else np.argsort(among, kind="stable")
    ranked = among if order is None else among[order]
    at = np.searchsorted(ranked, numbers)
    at[at == len(ranked)] = 0
    return np.where(ranked[at] == numbers, at if order is None else order[at], -1).astype("int64", copy=False)
