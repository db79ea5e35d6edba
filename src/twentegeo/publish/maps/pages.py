"""The sheets of the region and of a municipality: a map for each question, with what is told beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from twentegeo.publish.maps.contents import REGION, dwellings_by_line, of_municipality
from twentegeo.publish.maps.facts import facts_of
from twentegeo.publish.maps.panels import SMALL_PT, Entry, Square, entries_of, legend, square
from twentegeo.publish.maps.ranking import area_list
from twentegeo.publish.project.tree import every_layer
from twentegeo.publish.sheets.design import MAP, PANEL, foot, header, heading, north, notice, paragraph
from twentegeo.publish.sheets.items import Box, Extent, MapFrame, Shape, Sheet, Text
from twentegeo.publish.styles.layers import STYLES
from twentegeo.publish.styles.palette import INK, PAPER

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from twentegeo.publish.maps.contents import Contents
    from twentegeo.publish.maps.questions import Question
    from twentegeo.publish.project.themes import Theme
    from twentegeo.publish.sheets.items import Item
    from twentegeo.publish.styles.look import Style

_MARGIN: Final = 0.04
_STEPS: Final = np.outer(10.0 ** np.arange(1, 6), [1.0, 2.0, 5.0]).ravel()
_BAR_SHARE: Final = 5
"""The scale bar is at most the map's width divided by this."""
_KILOMETRE: Final = 1_000


def question_sheet(contents: Contents, question: Question, code: str, name: str, extent: Extent, page: str) -> Sheet:
    """
    Make the sheet of a question.

    Parameters
    ----------
    contents
        The release.
    question
        What the map shows.
    code, name, extent
        A municipality, or ``REGION`` with the name and extent of the region.
    page
        Number of the page.

    Returns
    -------
    sheet
        A3, lying.
    """
    edition = contents.edition
    shown = extent.fitted(MAP, _MARGIN)
    around = "kaartenboek woningverbetering" if edition.region == name else edition.region
    kicker = f"{name} · kaartenboek woningverbetering" if code == REGION else f"Gemeente {name} · {around}"
    lead = question.lead if contents.areas.empty else f"{question.lead} {question.outlined}".strip()
    told = facts_of(contents, question.key, code, name)
    items: list[Item] = [
        *header(kicker, question.title, lead),
        MapFrame(MAP, "kaart", question.theme.name, shown),
        *north(MAP),
        *scale_bar(MAP, shown),
        *notice(edition),
        *_panel(contents, question, code, name, told),
        *foot(contents.credit, edition, page),
    ]
    place = name if code == REGION else f"gemeente {name}"
    alt = edition.marked(f"Kaart van {place}. {question.title} {told} Peildatum {edition.peildatum:%d-%m-%Y}.")
    variables = {} if code == REGION else {"gemeente_code": code}
    return Sheet(f"{question.title} {name}", alt, tuple(items), variables)


def scale_bar(box: Box, shown: Extent) -> Iterator[Item]:
    """
    Draw a scale bar in the lower right corner of a map.

    Parameters
    ----------
    box
        Where the map lies.
    shown
        What it shows.

    Yields
    ------
    item
        Two halves and their length.
    """
    length = float(_STEPS[shown.width / _BAR_SHARE >= _STEPS].max(initial=_STEPS[0]))
    width = length / shown.width * box.width
    x, y = box.right - 5 - width, box.bottom - 6
    told = f"{length / _KILOMETRE:g} km".replace(".", ",") if length >= _KILOMETRE else f"{length:g} m"
    yield Shape(Box(x - 2, y - 6, width + 4, 9.5), colour=PAPER)
    yield Shape(Box(x, y, width / 2, 1.5), colour=INK, edge=INK, width_mm=0.2)
    yield Shape(Box(x + width / 2, y, width / 2, 1.5), colour=PAPER, edge=INK, width_mm=0.2)
    yield Text(x + width / 2, y - 1.4, told, SMALL_PT, "Regular", INK, "center")


def style_of(layer: str, theme: Theme) -> tuple[str, Style]:
    """
    Find how a theme draws a layer of the project.

    Parameters
    ----------
    layer
        Its key in the project.
    theme
        May choose another style than the layer's own.

    Returns
    -------
    name, style
        Name of the layer in the GeoPackage, and the style.
    """
    found = next(one for one in every_layer() if one.key == layer)
    chosen = theme.style_of(found.key, found.style)
    return found.layer, next(style for style in STYLES[found.layer] if style.name == chosen)


def _panel(contents: Contents, question: Question, code: str, name: str, told: str) -> list[Item]:
    items, bottom = _legend(contents, question, code)
    items.append(heading("In cijfers", PANEL.x, bottom + 8.5))
    lines, bottom = paragraph(told, Box(PANEL.x, bottom + 11, PANEL.width, PANEL.bottom - bottom - 11), 9.5)
    items += lines
    if question.key in ("prioriteit", "assen"):
        items += area_list(contents.areas, code, name, Box(PANEL.x, bottom + 5, PANEL.width, PANEL.bottom - bottom - 5))
    return items


def _legend(contents: Contents, question: Question, code: str) -> tuple[list[Item], float]:
    layer, style = style_of(question.layer, question.theme)
    drawing = style.draw(contents.classes)
    rows = of_municipality(_rows(contents, layer), code)
    counts = dwellings_by_line(drawing, rows)
    if question.key == "assen":
        pairs = contents.classes["twee_assen"]
        named = [*(item.key for item in pairs.classes), *([""] if pairs.unknown else [])]
        look = Square("as_energie_gebied", 19.0, dict(zip(named, counts, strict=False)))
        return square(contents.classes, look, PANEL)
    entries = entries_of(drawing, counts)
    if question.key == "labels":
        entries = _own_labels(contents, entries, code)
    return legend(style.legend, entries, PANEL)


def _own_labels(contents: Contents, entries: list[Entry], code: str) -> list[Entry]:
    """Count each dwelling under its own label, though the building has the colour of the worst."""
    homes = of_municipality(contents.homes, code)
    table = contents.classes["energielabel"]
    counts = {item.label: int(homes["energielabel"].isin(item.values).sum()) for item in table.classes}
    if table.unknown:
        counts[table.unknown.label] = len(homes) - sum(counts.values())
    return [Entry(entry.label, entry.symbol, counts.get(entry.label)) for entry in entries]


def _rows(contents: Contents, layer: str) -> pd.DataFrame:
    return {"hectare": contents.cells, "buurt": contents.quarters, "pand": contents.buildings}[layer]
