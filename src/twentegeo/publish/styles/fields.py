"""Aliases, forms and map tips, all from the contract of a layer."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from twentegeo.publish.arrow import caption
from twentegeo.publish.styles.symbols import option_map

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twentegeo.publish.edition import Edition
    from twentegeo.tables.contract import Column, Table

_LONG = 255


def field_elements(table: Table) -> list[Element]:
    """
    Name the columns and say how a form shows them.

    Parameters
    ----------
    table
        Contract of the layer.

    Returns
    -------
    elements
        ``<fieldConfiguration>`` and ``<aliases>``. QGIS 3.22 does not take aliases from the GeoPackage itself.
    """
    configuration, aliases = Element("fieldConfiguration"), Element("aliases")
    SubElement(aliases, "alias", {"field": "fid", "index": "0", "name": "Volgnummer"})
    for number, column in enumerate(table.columns, start=1):
        field = SubElement(configuration, "field", {"name": column.name, "configurationFlags": "None"})
        field.append(_widget(column))
        SubElement(aliases, "alias", {"field": column.name, "index": str(number), "name": caption(column)})
    return [configuration, aliases]


def map_tip(table: Table, title: str, shown: Sequence[str], edition: Edition) -> str:
    """
    Write what appears when a reader rests the mouse on a feature.

    Parameters
    ----------
    table
        Contract of the layer.
    title
        QGIS expression that gives the heading.
    shown
        Names of the columns to list; a missing value shows as ``onbekend``.
    edition
        Names the date, and the notice where there is one.

    Returns
    -------
    html
        HTML with QGIS expressions between ``[%`` and ``%]``.
    """
    columns = {column.name: column for column in table.columns}
    lines = [f"<b>[% {title} %]</b>", "<table>"]
    lines += [
        f"<tr><td>{escape(caption(columns[name]))}</td><td>[% {_shown(columns[name])} %]</td></tr>" for name in shown
    ]
    lines.append("</table>")
    lines.append(f"<i>Peildatum {edition.peildatum:%d-%m-%Y}</i>")
    if edition.notice:
        lines.append(f"<br><b>{escape(edition.notice)}</b>")
    return "\n".join(lines)


def _shown(column: Column) -> str:
    value = f'"{column.name}"'
    if column.kind == "date":
        value = f"format_date({value}, 'dd-MM-yyyy')"
    elif column.kind == "real":
        value = f"replace(to_string(round({value}, 1)), '.', ',')"
    return f"coalesce({value}, 'onbekend')"


def _widget(column: Column) -> Element:
    values = ("ja", "nee") if column.kind == "flag" else column.options
    if values:
        return _choice(values)
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


def _choice(values: Sequence[str]) -> Element:
    widget = Element("editWidget", {"type": "ValueMap"})
    outer = SubElement(SubElement(widget, "config"), "Option", {"type": "Map"})
    pairs = SubElement(outer, "Option", {"name": "map", "type": "List"})
    for value in values:
        option_map(pairs, {value: value})
    return widget
