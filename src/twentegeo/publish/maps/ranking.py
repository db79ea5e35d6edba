"""Priority areas by rank: which belong to a municipality, and the list beside a map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from twentegeo.publish.maps.contents import REGION
from twentegeo.publish.maps.wording import is_known, points, rounded, whole
from twentegeo.publish.sheets.design import heading
from twentegeo.publish.sheets.items import Text
from twentegeo.publish.sheets.typography import fitted, printable
from twentegeo.publish.styles.palette import GREY, INK

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeVar

    import pandas as pd

    from twentegeo.publish.sheets.items import Box, Item

    Frame = TypeVar("Frame", bound=pd.DataFrame)

_LINE: Final = 8.6
_SMALLEST: Final = 20.0
"""Room below which a list has no use, millimetres."""


def areas_of(areas: Frame, code: str, name: str) -> Frame:
    """
    Find the priority areas in which a municipality has a part.

    Parameters
    ----------
    areas
        Rows of ``prioriteitsgebied``.
    code, name
        Of a municipality, or ``REGION`` and any name.

    Returns
    -------
    areas
        Those that name it, in the same order.
    """
    if code == REGION or areas.empty:
        return areas
    return areas[[name in text.split(", ") for text in areas["gemeenten"]]]


def title_and_place(area: Mapping[Any, Any]) -> tuple[str, str]:
    """
    Divide the name of an area over two lines.

    Parameters
    ----------
    area
        A row of ``prioriteitsgebied``.

    Returns
    -------
    title, place
        The street or neighbourhood that names it; and what it lies in, with how far its rank may lie from the one
        shown.
    """
    title, _, quarter = printable(str(area["naam"]).split(" (")[0]).partition(", ")
    places = printable(str(area["gemeenten"]))
    where = places if not quarter else quarter if places in quarter else f"{quarter}, {places}"
    low, high = area["rang_p10"], area["rang_p90"]
    firm = f" · rang {rounded(low)} tot {rounded(high)}" if is_known(low) and is_known(high) else ""
    return title, f"{where}{firm}"


def area_list(areas: pd.DataFrame, code: str, name: str, at: Box) -> list[Item]:
    """
    List priority areas.

    Parameters
    ----------
    areas
        Rows of ``prioriteitsgebied`` by rank.
    code, name
        Of a municipality, or ``REGION`` and the name of the region.
    at
        Where the list may stand; what it has no room for is counted.

    Returns
    -------
    items
        Rank, name, municipalities, dwellings and score of each.
    """
    mine = areas_of(areas, code, name)
    if mine.empty or at.height < _SMALLEST:
        return []
    items: list[Item] = [
        heading("Prioriteitsgebieden, met rang in de regio", at.x, at.y + 4),
        Text(at.right - 14, at.y + 9.2, "woningen", 7.5, "Regular", GREY, "right"),
        Text(at.right, at.y + 9.2, "score", 7.5, "Regular", GREY, "right"),
    ]
    room = int((at.height - 16) // _LINE)
    shown = len(mine) if len(mine) <= room else room - 1
    y = at.y + 14.0
    for area in mine.head(shown).to_dict("records"):
        title, place = title_and_place(area)
        items += [
            Text(at.x + 5.5, y, rounded(area["rang"]), 9.5, "Semibold", INK, "right"),
            Text(at.x + 8.5, y, fitted(title, at.width - 38, 9.5), 9.5, "Regular", INK),
            Text(at.x + 8.5, y + 3.5, fitted(place, at.width - 10, 7.5), 7.5, "Regular", GREY),
            Text(at.right - 14, y, whole(area["n_woningen"]), 9.5, "Regular", INK, "right"),
            Text(at.right, y, points(area["score_prioriteit"]), 9.5, "Regular", INK, "right"),
        ]
        y += _LINE
    if shown < len(mine):
        rest = f"en nog {len(mine) - shown}; zie de laag prioriteitsgebied"
        items.append(Text(at.x + 8.5, y, rest, 8.5, "Regular", GREY))
        y += 5.0
    told = "Rang tot rang: in 8 van de 10 trekkingen van gewichten en onzekere cijfers."
    items.append(Text(at.x, y, fitted(told, at.width, 7.0), 7.0, "Regular", GREY))
    return items
