"""CBS figures: texts to numbers, sentinels and impossible values to nothing."""

from __future__ import annotations

from typing import Final

import pandas as pd

_SENTINEL: Final = -99_990
"""CBS writes -99997, -99995, -99999999 and the like for 'unknown' and 'withheld' (sources.md 5.1)."""

_MOST: Final = 2_000_000
"""More people, households or dwellings than any municipality has."""

PLAUSIBLE: Final = {
    "aantal_inwoners": (0, _MOST),
    "aantal_huishoudens": (0, _MOST),
    "aandeel_15_24": (0, 100),
    "aandeel_25_44": (0, 100),
    "aandeel_45_64": (0, 100),
    "aandeel_65plus": (0, 100),
    "aandeel_75plus": (0, 100),
    "aandeel_eenpersoons": (0, 100),
    "huishoudensgrootte": (1, 20),
    "woningvoorraad": (0, _MOST),
    "aandeel_koop": (0, 100),
    "aandeel_corporatie": (0, 100),
    "gasverbruik_m3": (0, 100_000),
    "stedelijkheid": (1, 5),
}
"""Lowest and highest value that each indicator can have."""


def figure(name: str, raw: pd.Series) -> tuple[pd.Series, pd.Series]:
    """
    Read one indicator.

    Parameters
    ----------
    name
        Indicator, a key of :data:`PLAUSIBLE`.
    raw
        Values as the layer holds them: numbers, or texts with a point or a comma.

    Returns
    -------
    values
        float64, missing where CBS gives no figure or an impossible one; same index.
    impossible
        Flags the figures that were given but cannot be.
    """
    is_text = not pd.api.types.is_numeric_dtype(raw)
    text = raw.astype("str").str.strip().str.replace(",", ".", regex=False) if is_text else raw
    values = pd.to_numeric(text, errors="coerce").astype("float64")
    unreadable = values.isna() & text.notna() & ~text.isin(["", ".", "nan", "None"]) if is_text else raw.isna() & False
    given = values.where(values > _SENTINEL)
    low, high = PLAUSIBLE[name]
    # a household cannot be smaller than one person; CBS writes 0 where nobody lives
    nothing = (given == 0) & (low > 0)
    impossible = (given.notna() & ~given.between(low, high) & ~nothing) | unreadable
    return given.where(given.between(low, high)), impossible
