"""
Which layer looks how: every style of every layer, by name.

A style is one entry in ``STYLES`` of :mod:`~twentegeo.publish.styles.areas` or
:mod:`~twentegeo.publish.styles.objects`. Unknown is grey, never the lowest class; an estimate never looks like a
registration; what is less sure is hatched, never faded. Layers with many features show from a scale at which one can
see them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from twentegeo.publish.styles import areas, objects
from twentegeo.publish.styles.look import NamedStyle, named_style
from twentegeo.tables.layers import MAP_LAYERS

if TYPE_CHECKING:
    from twentegeo.publish.classes import ClassTables
    from twentegeo.publish.edition import Edition

FACES: Final = {**areas.FACES, **objects.FACES}
"""What each map layer tells."""

STYLES: Final = {**areas.STYLES, **objects.STYLES}
"""The styles of each map layer; the first is the default."""


def all_styles(classes: ClassTables, edition: Edition) -> list[NamedStyle]:
    """
    Make every style of every map layer.

    Parameters
    ----------
    classes
        Class tables by name.
    edition
        Names date and notice in the map tips.

    Returns
    -------
    styles
        For :func:`twentegeo.publish.geopackage.write_geopackage`, in the order of the layers; the first of a layer
        is its default.

    Raises
    ------
    ContractError
        A style needs a column that its layer does not have.
    """
    made: list[NamedStyle] = []
    for table in MAP_LAYERS:
        for style in STYLES[table.name]:
            if style.beside:
                continue
            one = named_style(table, FACES[table.name], style, classes, edition)
            made.append(replace(one, default=style is STYLES[table.name][0]))
    return made
