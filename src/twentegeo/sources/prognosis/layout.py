"""
How a prognosis of households is laid out.

A plain list has a row per municipality, variant and year:

==================  ==========================================================================
``gemeente_code``   CBS code, with or without ``GM``; or ``gemeente``, the name as CBS spells it
``variant``         ``laag``, ``midden`` or ``hoog``
``jaar``            four digits
``huishoudens``     number of households; or ``huishoudens_x1000``, thousands of them
==================  ==========================================================================

A table of CBS StatLine ("Regionale prognose ...; huishoudens, intervallen, regio-indeling ...", for example 85172NED),
saved as CSV in database format with names, is read as it is: its bounds of the 67 % interval are our ``laag`` and
``hoog``. It counts in thousands and holds kinds of household and regions beside municipalities, which are passed over.
CBS withdrew the regional household tables of 2022 in July 2023; the layout is read for the editions after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from twentegeo.errors import SourceChanged, problem
from twentegeo.sources.headers import plain, resolve

if TYPE_CHECKING:
    from pathlib import Path

    from twentegeo.sources.grid import Grid

_ALIASES: Final = {
    "gebied": ("gemeentecode", "gmcode", "gemeente", "gemeentenaam", "regio", "regios"),
    "variant": ("variant", "scenario", "prognoseinterval"),
    "jaar": ("jaar", "perioden", "periode"),
    "huishoudens": ("huishoudens", "aantalhuishoudens", "particulierehuishoudens"),
    "duizendtallen": ("huishoudensx1000", "particulierehuishoudensx1000"),
    "samenstelling": ("samenstellingvanhethuishouden",),
}
_REGION: Final = "regioindeling"
"""StatLine puts the year of the division behind it."""

VARIANT: Final = {
    "laag": "laag",
    "midden": "midden",
    "hoog": "hoog",
    "prognose": "midden",
    "ondergrens67prognoseinterval": "laag",
    "bovengrens67prognoseinterval": "hoog",
}
"""Our variant by the plain spelling of the file."""

PASSED_OVER: Final = ("ondergrens95prognoseinterval", "bovengrens95prognoseinterval")
"""StatLine's wider interval: known, not used."""

_ALL_KINDS: Final = ("", "particulierhuishouden", "particulierehuishoudens", "totaalparticulierehuishoudens", "totaal")
_REMEDY: Final = "Zorg voor de kolommen gemeente_code, variant (laag, midden, hoog), jaar en huishoudens"


def table_of(grid: Grid, path: Path) -> pd.DataFrame:
    """
    Give the rows of a list or StatLine table the same columns.

    Parameters
    ----------
    grid
        The file's rows of text.
    path
        The file, for messages.

    Returns
    -------
    rows
        Index: line in the file. Columns ``gebied`` (code or name), ``variant`` (plain spelling), ``jaar`` (Int64) and
        ``huishoudens`` (float64), missing where unreadable; rows of one kind of household left out.

    Raises
    ------
    SourceChanged
        A column is missing.
    """
    found = resolve(grid.names, _ALIASES)
    divided = [name for name in grid.names if plain(name).startswith(_REGION)]
    if divided:
        found["gebied"] = divided[0]
    absent = [name for name in ("gebied", "variant", "jaar") if name not in found]
    absent += [] if {"huishoudens", "duizendtallen"} & found.keys() else ["huishoudens"]
    if absent:
        words = {"gebied": "gemeente_code"}
        named = ", ".join(words.get(name, name) for name in absent)
        place = f"kolom voor {named} ontbreekt (wel: {', '.join(grid.names)[:100]})"
        raise SourceChanged(problem(path, place, _REMEDY))
    texts = pd.DataFrame(grid.rows, columns=range(len(grid.names)), index=grid.numbers, dtype="str")
    text = {wanted: texts[grid.names.index(name)] for wanted, name in found.items()}
    thousand = "huishoudens" not in found
    rows = pd.DataFrame(
        {
            "gebied": text["gebied"],
            "variant": text["variant"].map(plain),
            "jaar": pd.to_numeric(text["jaar"].str.extract(r"^(\d{4})")[0], errors="coerce").astype("Int64"),
            "huishoudens": _number(text["duizendtallen" if thousand else "huishoudens"], thousand=thousand),
        },
        index=texts.index,
    )
    if "samenstelling" not in text:
        return rows
    return rows[text["samenstelling"].map(plain).isin(_ALL_KINDS)]


def _number(text: pd.Series[str], *, thousand: bool) -> pd.Series[float]:
    """Read a Dutch or plain number; ``71.234`` is a whole count, unless the file counts in thousands."""
    bare = text.str.replace(r"\s", "", regex=True)
    dutch = bare.str.contains(",", regex=False)
    if not thousand:
        dutch |= bare.str.fullmatch(r"\d{1,3}(\.\d{3})+")
    swapped = bare.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    value = pd.to_numeric(swapped.where(dutch, bare), errors="coerce").astype("float64")
    return (value * (1000 if thousand else 1)).replace([np.inf, -np.inf], np.nan)
