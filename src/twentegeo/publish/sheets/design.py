"""The house style of every sheet: where title, map, panel and foot are, and how they look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from twentegeo.publish.sheets.items import A3_MM, Box, Formula, North, Shape, Text
from twentegeo.publish.sheets.typography import WIDER, fitted, lines_that_fit, printable, width_mm
from twentegeo.publish.styles.palette import GREY, INK, PAPER, SIGNAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twentegeo.publish.edition import Edition
    from twentegeo.publish.sheets.items import Item

MARGIN: Final = 12.0
MAP: Final = Box(MARGIN, 46.0, 290.0, 229.0)
PANEL: Final = Box(314.0, 46.0, A3_MM[0] - MARGIN - 314.0, 229.0)
RULE: Final = "#d4d1c8"

_WIDTH: Final = A3_MM[0] - 2 * MARGIN
_KICKER_PT, TITLE_PT, _LEAD_PT, _FOOT_PT, _NOTICE_PT = 9.5, 25.0, 11.0, 7.0, 12.0
_KICKER_Y, _TITLE_Y, _LEAD_Y = 15.0, 27.0, 34.5
_LEAD_STEP: Final = 5.2
_FOOT_Y, _FOOT_STEP = 284.2, 3.5
_FOOT_LINES: Final = 2


def header(kicker: str, title: str, lead: str) -> list[Item]:
    """
    Write what stands above the map.

    Parameters
    ----------
    kicker
        Small line on top: the place, and the book.
    title
        What the sheet answers.
    lead
        A sentence or two that say how to read it; what two lines cannot hold is cut.

    Returns
    -------
    items
        Text.
    """
    lines = lines_that_fit(printable(lead), _WIDTH, 2, _LEAD_PT)
    fitting = fitted(printable(title), _WIDTH, TITLE_PT, "Semibold")
    return [
        Text(MARGIN, _KICKER_Y, printable(kicker), _KICKER_PT, "Semibold", GREY),
        Text(MARGIN, _TITLE_Y, fitting, TITLE_PT, "Semibold", INK),
        *(
            Text(MARGIN, _LEAD_Y + number * _LEAD_STEP, line, _LEAD_PT, "Regular", GREY)
            for number, line in enumerate(lines)
        ),
    ]


def header_of_atlas(kicker: str, title: str, lead: str) -> list[Item]:
    """
    Write what stands above the map, for QGIS to fill in.

    Parameters
    ----------
    kicker, title, lead
        As for :func:`header`, with QGIS expressions.

    Returns
    -------
    items
        Formulas.
    """
    return [
        Formula(Box(MARGIN, _KICKER_Y - 4.2, _WIDTH, 6), kicker, _KICKER_PT, "Semibold", GREY),
        Formula(Box(MARGIN, _TITLE_Y - 9.8, _WIDTH, 13), title, TITLE_PT, "Semibold", INK),
        Formula(Box(MARGIN, _LEAD_Y - 4.2, _WIDTH, 11), lead, _LEAD_PT, "Regular", GREY),
    ]


def foot(credit: str, edition: Edition, page: str = "") -> list[Item]:
    """
    Write what stands below the map.

    Parameters
    ----------
    credit
        Who made the data.
    edition
        Date and run.
    page
        Number of the page, or nothing.

    Returns
    -------
    items
        A rule and small text.
    """
    told = f"Peildatum {edition.peildatum:%d-%m-%Y} · run {edition.run_id} · RD New (EPSG:28992) · twentegeo"
    told = f"{told} · {edition.notice}; trek geen conclusies over echte plaatsen" if edition.notice else told
    room = (_WIDTH - width_mm(page, _FOOT_PT) - 4) / WIDER
    lines = [*lines_that_fit(printable(credit), room, _FOOT_LINES, _FOOT_PT), told]
    return [
        Shape(Box(MARGIN, 280.0, _WIDTH, 0.2), colour=RULE),
        *(
            Text(MARGIN, _FOOT_Y + number * _FOOT_STEP, line, _FOOT_PT, "Regular", GREY)
            for number, line in enumerate(lines)
        ),
        *([Text(A3_MM[0] - MARGIN, _FOOT_Y, page, _FOOT_PT, "Regular", GREY, "right")] if page else []),
    ]


def north(box: Box) -> list[Item]:
    """
    Draw the north arrow in the upper right corner of a map.

    Parameters
    ----------
    box
        Where the map lies.

    Returns
    -------
    items
        An arrow with a letter, on a ground of its own.
    """
    x = box.right - 10.0
    return [
        Shape(Box(x - 4.5, box.y + 3.0, 9.0, 15.6), colour=PAPER),
        Text(x, box.y + 8.0, "N", 10, "Semibold", INK, "center"),
        North(Box(x - 3.0, box.y + 9.4, 6.0, 8.0)),
    ]


def notice(edition: Edition) -> list[Item]:
    """
    Say in the upper right corner of the sheet that the data are made up; on the map it would hide some of them.

    Parameters
    ----------
    edition
        Has the notice, or none.

    Returns
    -------
    items
        A badge, or nothing.
    """
    if not edition.notice:
        return []
    width = width_mm(edition.notice, _NOTICE_PT, "Semibold") * WIDER + 4
    box = Box(A3_MM[0] - MARGIN - width, _KICKER_Y - 6.2, width, 8)
    return [
        Shape(box, colour=SIGNAL),
        Text(box.x + width / 2, box.y + 5.6, edition.notice, _NOTICE_PT, "Semibold", "#ffffff", "center"),
    ]


def paragraph(text: str, at: Box, size_pt: float, *, colour: str = INK) -> tuple[list[Item], float]:
    """
    Set a text in a column.

    Parameters
    ----------
    text
        Any text.
    at
        The column; what it has no room for is cut.
    size_pt, colour
        How it looks.

    Returns
    -------
    items, bottom
        Lines of text, and how far down they come, millimetres from the top of the sheet.
    """
    step = size_pt * 0.49
    lines = lines_that_fit(printable(text), at.width, max(int(at.height / step), 1), size_pt)
    return [
        Text(at.x, at.y + (number + 0.8) * step, line, size_pt, "Regular", colour) for number, line in enumerate(lines)
    ], at.y + len(lines) * step


def heading(text: str, x: float, y: float, size_pt: float = 10.5) -> Text:
    """
    Set a heading in the panel.

    Parameters
    ----------
    text
        One line.
    x, y
        Where its baseline begins.
    size_pt
        Size of the letters.

    Returns
    -------
    item
        Text.
    """
    return Text(x, y, text, size_pt, "Semibold", INK)


def credits_of(sources: Sequence[tuple[str, str]]) -> str:
    """
    Name the sources.

    Parameters
    ----------
    sources
        Register and who keeps it, possibly more than once.

    Returns
    -------
    line
        One line of Dutch; empty without sources.
    """
    named = dict.fromkeys(f"{name} ({holder})" for name, holder in sources)
    return f"Bronnen: {'; '.join(named)}." if named else ""
