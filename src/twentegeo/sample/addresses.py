"""Streets, house numbers and postcodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from twentegeo.sample.gazetteer import ROAD_ENDINGS, ROAD_THEMES, STREET_ENDINGS, STREET_THEMES, VILLAGES
from twentegeo.sample.seeds import generator

if TYPE_CHECKING:
    import numpy.typing as npt

    from twentegeo.sample.settle import Region

STREETS_PER_CELL = 64
"""More streets than any cell has; a street's key is its cell times this, plus its number in the cell."""


def name_streets(region: Region, keys: npt.NDArray[np.int64], seed: int) -> pd.DataFrame:
    """
    Name the streets.

    Parameters
    ----------
    region
        The settled ground.
    keys
        (n,) sorted keys of the streets that have an address.
    seed
        The sample's seed.

    Returns
    -------
    streets
        key, cell, woonplaats, gemeente, naam; a name occurs once in a woonplaats, and a neighbourhood keeps to a
        theme as far as its names go.
    """
    rng = generator(seed, 11)
    cell = keys // STREETS_PER_CELL
    cells = region.cells
    streets = pd.DataFrame(
        {
            "key": keys, "cell": cell, "woonplaats": cells["woonplaats"].to_numpy()[cell],
            "gemeente": cells["gemeente"].to_numpy()[cell], "town": cells["town"].to_numpy()[cell],
        }
    )  # fmt: skip
    stores = {True: _names(STREET_THEMES, STREET_ENDINGS), False: _names((ROAD_THEMES,), ROAD_ENDINGS)}
    streets["naam"] = ""
    for (_, town), group in streets.groupby(["woonplaats", "town"], sort=True):
        names = stores[bool(town)]
        start = int(rng.integers(len(names)))
        place = (start + np.arange(len(group))) % len(names)
        again = (start + np.arange(len(group))) // len(names) - start // len(names)
        prefix = np.array(["", "Nieuwe ", "Oude ", "Kleine ", "Grote ", "Achter-", "Voor-"], dtype=object)
        streets.loc[group.index, "naam"] = prefix[np.minimum(again, 6)] + np.array(names, dtype=object)[place]
    twice = streets.duplicated(["woonplaats", "naam"])
    streets.loc[twice, "naam"] = (
        streets.loc[twice, "naam"] + " " + streets.loc[twice].groupby("woonplaats").cumcount().add(2).astype(str)
    )
    return streets.drop(columns="town")


def _names(themes: tuple[str, ...], endings: tuple[str, ...]) -> list[str]:
    """All names, those of one theme together, endings alternating so that neighbours differ."""
    names = []
    for theme in themes:
        halves = theme.split()
        for turn in range(len(endings)):
            names += [half + endings[(turn + 5 * i) % len(endings)] for i, half in enumerate(halves)]
    return names


def number_houses(vbo: pd.DataFrame, mains: pd.DataFrame, seed: int) -> pd.DataFrame:
    """
    Give the homes numbers along their streets, odd on one side and even on the other.

    Parameters
    ----------
    vbo
        One row per verblijfsobject, those of a building together: main, turn (0, 1, … in the building).
    mains
        The main buildings, with cell, street, side, along, kind.
    seed
        The sample's seed.

    Returns
    -------
    addresses
        Same rows: key (street), huisnummer, huisletter, toevoeging, postcode; text is "" where there is none.
    """
    rng = generator(seed, 12)
    n_main = len(mains)
    per_main = np.bincount(vbo["main"], minlength=n_main)
    style = rng.integers(0, 3, n_main)
    shares = (per_main > 1) & ((rng.random(n_main) < 0.55) | (per_main <= 4))
    units = np.where(shares, 1, per_main)
    key = (mains["cell"] * STREETS_PER_CELL + np.minimum(mains["street"], STREETS_PER_CELL - 1)).to_numpy()
    group = key * 2 + mains["side"].to_numpy()
    order = np.lexsort([mains["along"], group])
    walked = np.cumsum(units[order]) - units[order]
    first = np.concatenate([[True], group[order][1:] != group[order][:-1]])
    walked -= np.maximum.accumulate(np.where(first, walked, 0))
    rank = np.empty(n_main, dtype=np.int64)
    rank[order] = walked
    main = vbo["main"].to_numpy()
    turn = vbo["turn"].to_numpy()
    shared = shares[main]
    number = 1 + mains["side"].to_numpy()[main] + 2 * (rank[main] + np.where(shared, 0, turn))
    letters = np.array([""] + [chr(65 + i) for i in range(26)], dtype=object)
    kind = style[main]
    few = per_main[main] <= 20
    letter = np.where(shared & (kind == 0) & few, letters[np.minimum(turn, 26)], "")
    letter = np.where(shared & (kind == 2), "A", letter)
    lone = ~shared & (rng.random(len(vbo)) < 0.012)
    letter = np.where(lone, "A", letter)
    extra = np.where(shared & ((kind > 0) | ~few), (turn + 1).astype(str).astype(object), "")
    codes = _postcodes(group, mains["village"].to_numpy())[main]
    codes[rng.random(len(vbo)) < 0.004] = ""
    return pd.DataFrame(
        {"key": key[main], "huisnummer": number, "huisletter": letter, "toevoeging": extra, "postcode": codes}
    )


def _postcodes(group: npt.NDArray[np.int64], village: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
    """One postcode per side of a street, in the number range of its village."""
    pairs = pd.DataFrame({"group": group, "village": village}).drop_duplicates("group").sort_values("group")
    table = pd.DataFrame(VILLAGES)
    turn = pairs.groupby("village").cumcount().to_numpy()
    v = pairs["village"].to_numpy()
    alphabet = np.array(list("ABCDEGHJKLMNPRSTVWXZ"), dtype=object)
    # SA, SD and SS are never used
    couples = [a + b for a in alphabet for b in alphabet if a + b not in ("SA", "SD", "SS")]
    pc4 = table["pc4"].to_numpy()[v] + (turn // len(couples)) % table["pc4_count"].to_numpy()[v]
    text = pc4.astype(str).astype(object) + np.array(couples, dtype=object)[turn % len(couples)]
    at = np.searchsorted(pairs["group"].to_numpy(), group)
    return np.asarray(text)[at]
