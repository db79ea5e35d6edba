"""Aliases, forms and value maps, from the contract of a layer and the class tables."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from twentegeo.publish.arrow import caption
from twentegeo.publish.styles.symbols import option_map

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twentegeo.publish.classes import ClassTables
    from twentegeo.tables.contract import Column, Table

_LONG = 255


def field_elements(table: Table, classes: ClassTables) -> list[Element]:
    """
    Name the columns and say how a form shows them.

    Parameters
    ----------
    table
        Contract of the layer.
    classes
        Class tables by name; one that is named after a column gives the words for its values.

    Returns
    -------
    elements
        ``<fieldConfiguration>`` and ``<aliases>``. QGIS 3.22 does not take aliases from the GeoPackage itself.
    """
    configuration, aliases = Element("fieldConfiguration"), Element("aliases")
    SubElement(aliases, "alias", {"field": "fid", "index": "0", "name": "Volgnummer"})
    for number, column in enumerate(table.columns, start=1):
        field = SubElement(configuration, "field", {"name": column.name, "configurationFlags": "None"})
        field.append(_widget(column, classes))
        SubElement(aliases, "alias", {"field": column.name, "index": str(number), "name": caption(column)})
    return [configuration, aliases]


def value_words(column: Column, classes: ClassTables) -> dict[str, str]:
    """
    Give the words for the values of a closed list.

    Parameters
    ----------
    column
        Any column.
    classes
        Class tables by name.

    Returns
    -------
    words
        For each value of the list what a reader sees: the legend's text where a class table is named after the
        column, else the value itself, without underscores. Empty where the column has no list.
    """
    values = ("ja", "nee") if column.kind == "flag" else column.options
    named = classes.get(column.name)
    shown = {value: item.label for item in (named.classes if named else ()) for value in item.values}
    return {value: shown.get(value, value.replace("_", " ")) for value in values}


def _widget(column: Column, classes: ClassTables) -> Element:
    words = value_words(column, classes)
    if words:
        return _choice(words)
    if column.kind == "date":
        options = {"display_format": "dd-MM-yyyy", "field_format": "yyyy-MM-dd"}
        return _plain("DateTime", {**options, "calendar_popup": "1", "allow_null": "1"})
    if column.kind == "text" and (column.width or 0) > _LONG:
        return _plain("TextEdit", {"IsMultiline": "1", "UseHtml": "0"})
    return _plain("TextEdit", {"IsMultiline": "0", "UseHtml": "0"})


def _plain(kind: str, options: dict[str, str]) -> Element:
    widget = Element("editWidget", {"type": kind})
    option_map(SubElement(widget, "config"), options)
    return widget


def _choice(words: Mapping[str, str]) -> Element:
    widget = Element("editWidget", {"type": "ValueMap"})
    outer = SubElement(SubElement(widget, "config"), "Option", {"type": "Map"})
    pairs = SubElement(outer, "Option", {"name": "map", "type": "List"})
    for value, word in words.items():
        option_map(pairs, {word: value})
    return widget
