"""
What appears when a reader rests the mouse on a feature, and what a click can open.

QGIS puts what an expression gives into the HTML as it is, so every text from the data is escaped by the expression
itself.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement

from twentegeo.publish.arrow import caption
from twentegeo.publish.styles.conditions import quoted
from twentegeo.publish.styles.fields import value_words
from twentegeo.tables.columns.lifecourse import REDENEN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from twentegeo.publish.classes import ClassTables
    from twentegeo.publish.edition import Edition
    from twentegeo.tables.contract import Column, Table

CODES: Final[Mapping[str, Mapping[str, str]]] = {"levensloop_reden": REDENEN}
"""Columns that list codes, and what each code says."""

UNKNOWN: Final = "onbekend"

_HTML: Final = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("[", "&#91;"))
_OPEN_URL: Final = "5"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a map tip that no single column gives: its heading, and a QGIS expression for the rest."""

    caption: str
    expression: str


@dataclass(frozen=True, slots=True)
class Action:
    """
    Something that a click on a feature opens.

    Attributes
    ----------
    name, short
        Dutch name, and a shorter one for buttons.
    url
        Address, with ``{}`` where the identifier goes.
    column
        Column that holds the identifier; only its digits are used.
    """

    name: str
    short: str
    url: str
    column: str


def map_tip(table: Table, heading: str, shown: Sequence[str | Row], classes: ClassTables, edition: Edition) -> str:
    """
    Write a map tip.

    Parameters
    ----------
    table
        Contract of the layer.
    heading
        QGIS expression that names a feature.
    shown
        Names of columns, or rows with an expression; a missing value shows as ``onbekend``.
    classes
        Class tables by name, for the words of closed lists.
    edition
        Names the date, and the notice where there is one.

    Returns
    -------
    html
        HTML with QGIS expressions between ``[%`` and ``%]``; what they give is escaped.
    """
    columns = {column.name: column for column in table.columns}
    lines = [
        "<div style=\"font-family:'Open Sans','Noto Sans',sans-serif;font-size:9pt;color:#1f1f1f;max-width:380px\">",
        f'<div style="font-size:11pt;font-weight:bold;margin-bottom:3px">{filled(heading)}</div>',
        '<table cellspacing="0" cellpadding="2">',
    ]
    for one in shown:
        name, expression = (
            (one.caption, one.expression)
            if isinstance(one, Row)
            else (caption(columns[one]), shown_value(columns[one], classes))
        )
        lines.append(
            f'<tr><td style="color:#5c5c5c;vertical-align:top;padding-right:8px">{escape(name)}</td>'
            f"<td>{filled(expression)}</td></tr>"
        )
    lines.append("</table>")
    lines.append(f'<div style="color:#5c5c5c;margin-top:3px">Peildatum {edition.peildatum:%d-%m-%Y}</div>')
    if edition.notice:
        lines.append(f'<div style="color:#9c1f2e;font-weight:bold">{escape(edition.notice)}</div>')
    return "\n".join([*lines, "</div>"])


def filled(expression: str) -> str:
    """
    Place the outcome of an expression in HTML.

    Parameters
    ----------
    expression
        QGIS expression that gives a text, a number or nothing.

    Returns
    -------
    html
        ``[% ... %]``; markup in the outcome is escaped, nothing shows as ``onbekend``.
    """
    safe = f"coalesce(to_string({expression}), '{UNKNOWN}')"
    for sign, entity in _HTML:
        safe = f"replace({safe}, {quoted(sign)}, {quoted(entity)})"
    return f"[% {safe} %]"


def shown_value(column: Column, classes: ClassTables) -> str:
    """
    Say a value as a reader wants it.

    Parameters
    ----------
    column
        Column of the layer.
    classes
        Class tables by name.

    Returns
    -------
    expression
        QGIS expression: dates as day-month-year, numbers with a comma, closed lists and codes in words.
    """
    value = f'"{column.name}"'
    if column.name in CODES:
        return _listed(value, CODES[column.name])
    words = {key: word for key, word in value_words(column, classes).items() if key != word}
    if words:
        return f"coalesce(map_get({_map(words)}, {value}), {value})"
    if column.kind == "date":
        return f"format_date({value}, 'dd-MM-yyyy')"
    if column.kind == "real":
        return f"replace(to_string(round({value}, 1)), '.', ',')"
    return value


def actions_element(actions: Sequence[Action]) -> Element:
    """
    Say what clicks can open.

    Parameters
    ----------
    actions
        In the order of the menu; the first is the one that a click with the action tool takes.

    Returns
    -------
    element
        ``<attributeactions>``.
    """
    element = Element("attributeactions")
    keys = [f"{{{uuid.uuid5(uuid.NAMESPACE_URL, action.url + action.column)}}}" for action in actions]
    if keys:
        SubElement(element, "defaultAction", {"key": "Canvas", "value": keys[0]})
    for key, action in zip(keys, actions, strict=True):
        digits = f"regexp_replace(\"{action.column}\", '[^0-9]', '')"
        setting = SubElement(
            element,
            "actionsetting",
            {
                "id": key,
                "type": _OPEN_URL,
                "name": action.name,
                "shortTitle": action.short,
                "action": action.url.format(f"[% {digits} %]"),
                "capture": "0",
                "icon": "",
                "notificationMessage": "",
                "isEnabledOnlyWhenEditable": "0",
            },
        )
        for scope in ("Canvas", "Feature", "Field"):
            SubElement(setting, "actionScope", {"id": scope})
    return element


def _listed(value: str, words: Mapping[str, str]) -> str:
    each = f"coalesce(map_get({_map(words)}, trim(@element)), trim(@element))"
    return f"array_to_string(array_foreach(string_to_array({value}, ','), {each}), '; ')"


def _map(words: Mapping[str, str]) -> str:
    return f"map({', '.join(quoted(part) for pair in words.items() for part in pair)})"
