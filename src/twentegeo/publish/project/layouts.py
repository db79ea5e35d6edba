"""What can be printed from the project: the region, each municipality and each priority area, by question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from twentegeo.publish.project.themes import THEMES
from twentegeo.publish.project.tree import answerable, every_layer, identifier_of
from twentegeo.publish.sheets.design import (
    MAP,
    PANEL,
    RULE,
    foot,
    header_of_atlas,
    heading,
    north,
    notice,
)
from twentegeo.publish.sheets.items import Atlas, Box, Formula, LegendOf, MapFrame, ScaleBar, Shape, Sheet, Text
from twentegeo.publish.styles.layers import STYLES
from twentegeo.publish.styles.palette import GREY, INK
from twentegeo.tables.layers import GEMEENTE, PRIORITEITSGEBIED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twentegeo.publish.edition import Edition
    from twentegeo.publish.project.layers import Source
    from twentegeo.publish.project.themes import Theme
    from twentegeo.publish.sheets.items import Extent, Item

PRINTED: Final = ("Waar eerst", "Twee assen", "Energie", "Labels", "Levensloop", "Labeldekking", "Zekerheid")
"""Themes that have a layout of the region and one of each municipality."""

AREA_THEME: Final = "Twee assen"
_KAART: Final = "kaart"
_CARRIED: Final = ("land",)
"""Layers that need no line in a legend."""

_TILES: Final = (
    ("n_woningen", "woningen", '[% format_number("n_woningen", 0) %]'),
    ("score_prioriteit", "score prioriteit (0-100)", '[% floor("score_prioriteit") %]'),
    (
        "aandeel_efg_verwacht",
        "verwacht label E, F of G",
        "[% coalesce(round(\"aandeel_efg_verwacht\") || '%', 'onbekend') %]",
    ),
)


def project_sheets(source: Source, region: Extent, credit: str, edition: Edition) -> list[Sheet]:
    """
    Make the layouts of the project.

    Parameters
    ----------
    source
        The GeoPackage; an atlas of a layer that it lacks is left out.
    region
        What maps of the whole region show.
    credit
        Who made the data.
    edition
        Region, date, run and notice.

    Returns
    -------
    sheets
        With legends and texts that QGIS keeps right when a user changes something.
    """
    themes = [theme for theme in answerable(source.extents) if theme.name in PRINTED]
    sheets = [_of_region(theme, region, source, credit, edition) for theme in themes]
    if GEMEENTE.name in source.extents:
        sheets += [_of_municipality(theme, region, source, credit, edition) for theme in themes]
    if PRIORITEITSGEBIED.name in source.extents:
        sheets.append(_of_area(region, source, credit, edition))
    return sheets


def _of_region(theme: Theme, region: Extent, source: Source, credit: str, edition: Edition) -> Sheet:
    frame = MapFrame(MAP, _KAART, theme.name, region.fitted(MAP, 0.03))
    head = header_of_atlas("[% @regio %]", theme.question, _lead(theme))
    items = [*head, *_map(frame, edition), *_legend(theme, source), *foot(credit, edition)]
    return Sheet(f"Regio - {theme.name}", theme.question, tuple(items))


def _of_municipality(theme: Theme, region: Extent, source: Source, credit: str, edition: Edition) -> Sheet:
    frame = MapFrame(MAP, _KAART, theme.name, region.fitted(MAP, 0.03))
    head = header_of_atlas('Gemeente [% "naam" %]', theme.question, _lead(theme))
    items = [*head, *_map(frame, edition), *_legend(theme, source), *foot(credit, edition)]
    atlas = Atlas(
        identifier_of(GEMEENTE.name), "Gemeentegrenzen", source.of(GEMEENTE.name), '"naam"', "'gemeente ' || \"code\""
    )
    return Sheet(f"Gemeente - {theme.name}", theme.question, tuple(items), atlas=atlas)


def _of_area(region: Extent, source: Source, credit: str, edition: Edition) -> Sheet:
    theme = next(theme for theme in THEMES if theme.name == AREA_THEME)
    frame = MapFrame(MAP, _KAART, theme.name, region.fitted(MAP, 0.03), margin=0.35)
    head = header_of_atlas(
        'Prioriteitsgebied, rang [% "rang" %] in [% @regio %]',
        "[% regexp_replace(\"naam\", ' [(].*', '') %]",
        'Gebied waar verbetering van woningen het meest urgent is. Gemeente: [% "gemeenten" %]',
    )
    x, y, width = PANEL.x, PANEL.y, PANEL.width
    tiles: list[Item] = []
    for number, (_, caption, expression) in enumerate(_TILES):
        top = y + 15 * number
        tiles += [
            Formula(Box(x, top, 34, 12), expression, 22, "Semibold", INK),
            Text(x + 36, top + 8.2, caption, 9.5, "Regular", GREY),
            Shape(Box(x, top + 13, width, 0.2), colour=RULE),
        ]
    reasons: list[Item] = [
        heading("Waarom dit gebied", x, y + 53),
        Formula(Box(x, y + 56, width, 52), '[% "toelichting" %]', 9.5, "Regular", INK),
    ]
    legend = _legend(theme, source, top=y + 112, close=True)
    items: list[Item] = [*head, *_map(frame, edition, close=True), *tiles, *reasons, *legend, *foot(credit, edition)]
    atlas = Atlas(
        identifier_of(PRIORITEITSGEBIED.name),
        "Prioriteitsgebieden",
        source.of(PRIORITEITSGEBIED.name),
        '"rang"',
        "'gebied ' || \"gebied_id\"",
    )
    return Sheet("Prioriteitsgebied", "Een pagina per prioriteitsgebied", tuple(items), atlas=atlas)


def _map(frame: MapFrame, edition: Edition, *, close: bool = False) -> Iterator[Item]:
    yield frame
    yield from north(MAP)
    yield ScaleBar(MAP.right - 4, MAP.bottom - 3, _KAART, 60, in_km=not close)
    yield from notice(edition)


def _legend(theme: Theme, source: Source, top: float = PANEL.y, *, close: bool = False) -> list[Item]:
    """Explain the layers that show at this scale; of what shows only elsewhere the classes are the same."""
    layers = [
        (layer.identifier, _heading(theme, layer.key, layer.layer, layer.style))
        for layer in every_layer()
        if layer.key in theme.shown
        and layer.layer in source.extents
        and layer.key not in _CARRIED
        and not (layer.closest if close else layer.furthest)
    ]
    return [heading("Legenda", PANEL.x, top + 3), LegendOf(Box(PANEL.x, top + 4, 80, 60), _KAART, tuple(layers))]


def _heading(theme: Theme, key: str, layer: str, own: str | None) -> str:
    """Give the heading of a layer in a legend; none where its only line says it all."""
    shown = theme.style_of(key, own)
    style = next(style for style in STYLES[layer] if style.name == shown)
    return "" if style.plain else style.legend


def _lead(theme: Theme) -> str:
    return f"Thema '{theme.name}'. Grijs is onbekend, nooit de laagste klasse."
