"""Dutch sentences and numbers from figures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence


def whole(number: float) -> str:
    """
    Write a whole number.

    Parameters
    ----------
    number
        Any number.

    Returns
    -------
    text
        With a point between thousands.
    """
    return f"{number:,.0f}".replace(",", ".")


def share(part: float, of: float) -> str:
    """
    Write a share.

    Parameters
    ----------
    part, of
        Counts.

    Returns
    -------
    text
        A whole percentage; ``minder dan 1%`` where there is something that rounds to nothing, ``onbekend`` of nothing.
    """
    if not of:
        return "onbekend"
    percent = 100 * part / of
    return "minder dan 1%" if 0 < percent < 0.5 else f"{percent:.0f}%"  # noqa: PLR2004 - rounds to nothing


def homes(count: float) -> str:
    """
    Write a number of dwellings.

    Parameters
    ----------
    count
        How many.

    Returns
    -------
    text
        In the right number.
    """
    return f"{whole(count)} woning" if count == 1 else f"{whole(count)} woningen"


def listed(names: Sequence[str]) -> str:
    """
    Write a list.

    Parameters
    ----------
    names
        Any texts.

    Returns
    -------
    text
        Separated by commas, the last by ``en``.
    """
    if len(names) < 2:  # noqa: PLR2004 - one needs no conjunction
        return "".join(names)
    return f"{', '.join(names[:-1])} en {names[-1]}"


def is_known(value: Any) -> bool:
    """
    Tell whether a cell holds anything.

    Parameters
    ----------
    value
        A number, a text, or what stands for neither.

    Returns
    -------
    known
        False for what is missing.
    """
    return bool(pd.notna(value))


def points(value: Any) -> str:
    """
    Write a score in whole points, rounded down as the classes of a legend are: 69,7 is not in 70 and more.

    Parameters
    ----------
    value
        A score, or what stands for none.

    Returns
    -------
    text
        A dash where there is none.
    """
    return str(math.floor(value)) if is_known(value) else "–"


def rounded(value: Any, unit: str = "") -> str:
    """
    Write a number without decimals.

    Parameters
    ----------
    value
        A number, or what stands for none.
    unit
        Written behind it.

    Returns
    -------
    text
        A dash where there is none.
    """
    return f"{whole(value)}{unit}" if is_known(value) else "–"
