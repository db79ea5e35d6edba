"""Write a prognosis of households: a plain list by municipality, variant and year, that says that it is made up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from twentegeo.sample.gazetteer import MUNICIPALITIES, NOTICE
from twentegeo.sample.residents import LIVED_IN
from twentegeo.sample.seeds import generator

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import pandas as pd

_AHEAD: Final = (0, 4, 9, 14, 19, 24)
"""Years after the reference date that the prognosis speaks of."""

_GROWTH: Final = (0.0025, 0.003)
"""Mean and spread between municipalities of the growth in households, share per year."""

_APART: Final = (("laag", -0.004), ("midden", 0.0), ("hoog", 0.004))
"""How far the growth of each variant lies from the middle one, share per year."""


def write_prognosis(path: Path, homes: pd.DataFrame, day: date, seed: int) -> int:
    """
    Write ``prognose_voorbeeld_fictief.csv``.

    Parameters
    ----------
    path
        Where to; an older file is replaced.
    homes
        Homes with ``gemeente``, ``stock`` and ``future``: what is lived in now is where the prognosis begins.
    day
        The sample's reference date.
    seed
        The sample's seed.

    Returns
    -------
    rows
        Number of rows written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    now = homes[homes["stock"] & ~homes["future"]].groupby("gemeente").size() * LIVED_IN
    growth = generator(seed, 43).normal(*_GROWTH, size=len(MUNICIPALITIES))
    lines = ["gemeente_code;gemeente;variant;jaar;huishoudens;opmerking"]
    for town, rate in zip(MUNICIPALITIES, growth, strict=True):
        start = float(now.get(town.code, 0.0))
        lines += [
            f"GM{town.code};{town.name};{variant};{day.year + ahead};{np.round(number):.0f};{NOTICE}"
            for variant, apart in _APART
            for ahead in _AHEAD
            if (number := start * (1 + rate + apart) ** ahead) >= 1
        ]
    path.write_bytes(("\n".join(lines) + "\n").encode())
    return len(lines) - 1
