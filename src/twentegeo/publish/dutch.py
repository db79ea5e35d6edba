"""Numbers, dates and sizes as Dutch readers write them: ``12.345,6``, ``8 november 2026``, ``1,3 MB``."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import datetime as dt

UNKNOWN: Final = "onbekend"

_MONTHS: Final = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
_SIZES: Final = ("bytes", "kB", "MB", "GB", "TB")
_KILO: Final = 1000.0


def number(value: float | None, decimals: int = 0) -> str:
    """
    Write a number.

    Parameters
    ----------
    value
        Any number; None and NaN are unknown.
    decimals
        Digits behind the comma.

    Returns
    -------
    text
        With points between thousands and a comma before decimals; :data:`UNKNOWN` where there is none.
    """
    if value is None or math.isnan(value):
        return UNKNOWN
    text = f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))
    # a rounded trifle below zero is not a loss
    return text.removeprefix("-") if not text.strip("-0,.") else text.replace("-", "−")


def signed(value: float | None, decimals: int = 0) -> str:
    """
    Write a difference, always with its sign.

    Parameters
    ----------
    value
        Any number; None and NaN are unknown.
    decimals
        Digits behind the comma.

    Returns
    -------
    text
        As :func:`number`, with ``+`` in front of what grew and ``±`` in front of nothing.
    """
    text = number(value, decimals)
    if text == UNKNOWN or text.startswith("−"):
        return text
    return f"+{text}" if text.strip("0,.") else f"±{text}"


def percentage(value: float | None, decimals: int = 1) -> str:
    """
    Write a share.

    Parameters
    ----------
    value
        0-100; None and NaN are unknown.
    decimals
        Digits behind the comma.

    Returns
    -------
    text
        For example ``98,1%``.
    """
    text = number(value, decimals)
    return text if text == UNKNOWN else f"{text}%"


def date(day: dt.date | None) -> str:
    """
    Write a date in full.

    Parameters
    ----------
    day
        A date or moment; None is unknown.

    Returns
    -------
    text
        For example ``8 november 2026``.
    """
    return UNKNOWN if day is None else f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def size(n_bytes: float) -> str:
    """
    Write the size of a file.

    Parameters
    ----------
    n_bytes
        Its bytes.

    Returns
    -------
    text
        In decimal units, two or three digits.
    """
    unit = 0
    while n_bytes >= _KILO and unit < len(_SIZES) - 1:
        n_bytes, unit = n_bytes / _KILO, unit + 1
    decimals = 1 if unit and n_bytes < 100 else 0  # noqa: PLR2004
    return f"{number(n_bytes, decimals)} {_SIZES[unit]}"


def span(seconds: float) -> str:
    """
    Write how long something took.

    Parameters
    ----------
    seconds
        Not negative.

    Returns
    -------
    text
        ``3,2 s`` or ``2 min 05 s``.
    """
    if seconds < 60:  # noqa: PLR2004
        return f"{number(seconds, 1)} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s"


def listing(parts: list[str]) -> str:
    """
    Put parts in one phrase.

    Parameters
    ----------
    parts
        Any number of texts.

    Returns
    -------
    text
        ``a``, ``a en b``, ``a, b en c``.
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} en {parts[-1]}" if parts else ""
