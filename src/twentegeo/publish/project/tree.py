"""
Groups and layers of the project, from the top of the map to its bottom.

A layer of the GeoPackage may stand in several groups, each time in another style. One of them carries all its styles;
that one is called after the layer itself, and relations and atlases refer to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from twentegeo.publish.project.themes import THEMES
from twentegeo.publish.styles.layers import STYLES
from twentegeo.tables.layers import MAP_LAYERS, PLAIN_TABLES

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from twentegeo.publish.project.themes import Theme
    from twentegeo.publish.styles.look import Style
    from twentegeo.tables.contract import Table

CLOSE: Final = 15_000
"""Denominator of the scale from which buildings take over from hectare cells."""


@dataclass(frozen=True, slots=True)
class MapLayer:
    """
    A layer of the GeoPackage at one place in the layer panel.

    Attributes
    ----------
    key
        Name of the place; equal to `layer` for the one that carries all styles.
    layer
        Name of the layer in the GeoPackage.
    title
        What the panel says.
    style
        Name of the style that it shows; None for a table.
    closest, furthest
        Denominators of the scales between which it shows; None for the style's own.
    """

    key: str
    layer: str
    title: str
    style: str | None = None
    closest: int | None = None
    furthest: int | None = None

    @property
    def identifier(self) -> str:
        """What the project calls it."""
        return identifier_of(self.key)

    @property
    def is_main(self) -> bool:
        """True for the one that carries all styles."""
        return self.key == self.layer


@dataclass(frozen=True, slots=True)
class Group:
    """A group of the layer panel; `open_at_first` tells whether a user sees its layers at once."""

    name: str
    layers: tuple[MapLayer, ...]
    open_at_first: bool = True


GROUPS: Final = (
    Group(
        "Kaart",
        (
            MapLayer("gemeentegrens", "gemeente", "Gemeentegrenzen", "Grenzen"),
            MapLayer("buurtgrens", "buurt", "Buurtgrenzen", "Grenzen", furthest=100_000),
        ),
    ),
    Group(
        "Prioriteit",
        (
            MapLayer("gebied_omtrek", "prioriteitsgebied", "Prioriteitsgebieden, omtrek en rang", "Omtrek"),
            MapLayer("prioriteitsgebied", "prioriteitsgebied", "Prioriteitsgebieden", "Prioriteit"),
            MapLayer("wijziging", "wijziging", "Veranderde woningen", "Oorzaak"),
            MapLayer("gebied_verandering", "prioriteitsgebied", "Prioriteitsgebieden, verandering", "Verandering"),
            MapLayer("hotspot", "hotspot", "Concentraties van opgave", "Concentratie"),
            MapLayer("pand_prioriteit", "pand", "Prioriteit per pand", "Prioriteit", furthest=CLOSE),
            MapLayer("pand_assen", "pand", "Energie en levensloop per pand", "Twee assen", furthest=CLOSE),
            MapLayer("hectare_prioriteit", "hectare", "Prioriteit per hectare", "Prioriteit", closest=CLOSE),
            MapLayer("hectare_assen", "hectare", "Energie en levensloop per hectare", "Twee assen", closest=CLOSE),
        ),
    ),
    Group(
        "Energie",
        (
            MapLayer("verblijfsobject", "verblijfsobject", "Energielabel per woning", "Label"),
            MapLayer("woning_bewijs", "verblijfsobject", "Verwacht label en bewijs per woning", "Bewijs van het label"),
            MapLayer("pand", "pand", "Slechtste label per pand", "Slechtste label"),
            MapLayer("pand_energie", "pand", "Score energie per pand", "Energie", furthest=CLOSE),
            MapLayer("hectare_energie", "hectare", "Score energie per hectare", "Energie", closest=CLOSE),
            MapLayer("buurt_efg", "buurt", "Label E, F of G per buurt", "Label E, F of G", closest=50_000),
        ),
    ),
    Group(
        "Levensloop",
        (
            MapLayer("woning_levensloop", "verblijfsobject", "Levensloop per woning", "Levensloop"),
            MapLayer("pand_levensloop", "pand", "Score levensloop per pand", "Levensloop", furthest=CLOSE),
            MapLayer("hectare_levensloop", "hectare", "Score levensloop per hectare", "Levensloop", closest=CLOSE),
        ),
    ),
    Group(
        "Gebieden",
        (
            MapLayer("buurt", "buurt", "Buurten", "Prioriteit"),
            MapLayer("wijk", "wijk", "Wijken", "Prioriteit"),
            MapLayer("gemeente", "gemeente", "Gemeenten", "Prioriteit"),
            MapLayer("hectare", "hectare", "Hectarecellen", "Prioriteit"),
            MapLayer("perceel", "perceel", "Percelen", "Grenzen"),
        ),
    ),
    Group(
        "Kwaliteit",
        (
            MapLayer("pand_onzeker", "pand", "Hoe zeker: energie per pand", "Onzekerheid", furthest=CLOSE),
            MapLayer("hectare_onzeker", "hectare", "Hoe zeker: prioriteit per hectare", "Onzekerheid", closest=CLOSE),
            MapLayer("buurt_dekking", "buurt", "Labeldekking per buurt", "Labeldekking"),
            # by their own names: the manual speaks of them so, and styles look rows up in them
            *(MapLayer(table.name, table.name, table.name) for table in PLAIN_TABLES),
        ),
        open_at_first=False,
    ),
    Group(
        "Achtergrond",
        (
            MapLayer("pand_neutraal", "pand", "Panden zonder kleur", "Neutraal", furthest=CLOSE),
            MapLayer("land", "gemeente", "Land", "Vlak"),
        ),
    ),
)
"""The layer panel, from top to bottom; the backdrop comes after the last."""

TABLES: Final = {table.name: table for table in (*MAP_LAYERS, *PLAIN_TABLES)}
"""Contract of each layer and table by name."""


def identifier_of(key: str) -> str:
    """
    Tell what the project calls a layer.

    Parameters
    ----------
    key
        Name of the place in the panel.

    Returns
    -------
    identifier
        The same every night, so that a user's own layouts and joins go on to work. QGIS replaces identifiers of ten
        characters and less by one of its own.
    """
    return f"twentegeo_{key}"


def every_layer() -> Iterator[MapLayer]:
    """
    Go through the layers of all groups.

    Yields
    ------
    layer
        From top to bottom.
    """
    for group in GROUPS:
        yield from group.layers


def answerable(layers: Container[str]) -> list[Theme]:
    """
    Choose the themes that a GeoPackage has something to show of.

    Parameters
    ----------
    layers
        Names of the layers that it holds.

    Returns
    -------
    themes
        In their order; the first of all where there is none.
    """
    held = {layer.key for layer in every_layer() if layer.layer in layers}
    return [theme for theme in THEMES if theme.subjects & held] or [THEMES[0]]


def styles_of(layer: MapLayer) -> tuple[Style, ...]:
    """
    List the styles that a layer of the project carries.

    Parameters
    ----------
    layer
        One of :data:`GROUPS`.

    Returns
    -------
    styles
        The one that it shows first; empty for a table.

    Raises
    ------
    KeyError
        The layer of the GeoPackage has no style of that name.
    """
    if layer.style is None:
        return ()
    named = {style.name: style for style in STYLES[layer.layer]}
    shown = named[layer.style]
    others = (style for style in named.values() if style is not shown and not style.beside)
    return (shown, *(others if layer.is_main else ()))


def contract_of(layer: MapLayer) -> Table:
    """
    Find the contract of a layer.

    Parameters
    ----------
    layer
        One of :data:`GROUPS`.

    Returns
    -------
    table
        What its rows hold.
    """
    return TABLES[layer.layer]
