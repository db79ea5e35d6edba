"""Dutch for what a night leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAMED: Final = 6
"""So many are named; the layer itself shows the others."""


def listed(codes: Sequence[str], total: int, what: str) -> str:
    """
    Count areas and name the first.

    Parameters
    ----------
    codes
        Codes of the areas that it is about.
    total
        How many areas there are.
    what
        What they are called, plural.

    Returns
    -------
    text
        For example ``2 van 59 buurten (BU01410001, BU01410002)``.
    """
    more = f" en {len(codes) - _NAMED} andere" if len(codes) > _NAMED else ""
    return f"{len(codes)} van {total} {what} ({', '.join(list(codes)[:_NAMED])}{more})"


def lacking(missing: Sequence[tuple[str, str]], municipalities: int) -> list[str]:
    """
    Say which figures a CBS delivery lacks, and what a single municipality rules out.

    Parameters
    ----------
    missing
        Level and indicator of each figure without a column.
    municipalities
        Number of municipalities in the region.

    Returns
    -------
    lines
        One per indicator.
    """
    levels: dict[str, list[str]] = {}
    for level, name in missing:
        levels.setdefault(name, []).append(level)
    told = [f"{name}: geen kolom in de CBS-levering ({', '.join(at)})" for name, at in levels.items()]
    if municipalities == 1:
        told.append("gemeente: de regio is een enkele gemeente, dus geen rang en geen gebied over een grens")
    return told
