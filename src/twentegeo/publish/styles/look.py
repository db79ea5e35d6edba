"""What a style is: how a layer is drawn, what text it carries, what it tells; and the same as QML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from twentegeo.errors import ContractError
from twentegeo.publish.styles.fields import field_elements
from twentegeo.publish.styles.tips import Action, Row, actions_element, map_tip

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from twentegeo.publish.classes import ClassTables
    from twentegeo.publish.edition import Edition
    from twentegeo.publish.styles.drawings import Drawing
    from twentegeo.publish.styles.labels import Label
    from twentegeo.tables.contract import Table

    Draw = Callable[[ClassTables], Drawing]

DOCTYPE: Final = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
VERSION: Final = "3.22.16"
"""The oldest QGIS that must read what we write."""

ALWAYS: Final = 100_000_000
"""Denominator of a scale that nobody looks at."""

_COLUMN: Final = re.compile(r'"([a-z][a-z0-9_]*)"')


@dataclass(frozen=True, slots=True)
class Face:
    """
    What all styles of a layer have in common.

    Attributes
    ----------
    heading
        QGIS expression that names a feature.
    tip
        What a map tip tells: names of columns, or rows of their own.
    furthest
        Denominator of the smallest scale at which the layer shows, or None for always.
    label
        Text on the map, or None.
    actions
        What a click can open.
    """

    heading: str
    tip: tuple[str | Row, ...]
    furthest: int | None = None
    label: Label | None = None
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """
    A column of another table that a style needs.

    Attributes
    ----------
    table
        Name of that table.
    key
        Column by which rows belong together; of the same name on both sides.
    column
        The column.
    """

    table: str
    key: str
    column: str


@dataclass(frozen=True, slots=True)
class Style:
    """
    One way to draw a layer.

    Attributes
    ----------
    name
        Dutch name, unique within the layer, at most 30 characters.
    legend
        What the legend is about, in Dutch.
    draw
        Makes the drawing from the class tables.
    label
        True for the label of the face, False for none.
    furthest
        Takes the place of that of the face, where given.
    plain
        True where every feature looks the same, so that a legend needs no heading.
    beside
        A column of another table that it draws by; only the project can join it, so the GeoPackage lacks this style.
    """

    name: str
    legend: str
    draw: Draw
    label: bool = True
    furthest: int | None = None
    plain: bool = False
    beside: Beside | None = None


@dataclass(frozen=True, slots=True)
class NamedStyle:
    """
    A style as the GeoPackage holds it.

    Attributes
    ----------
    layer
        Name of the layer.
    name
        Dutch name of the style.
    qml
        The style in QGIS' words.
    default
        True for the one that QGIS applies by itself.
    description
        What it shows.
    """

    layer: str
    name: str
    qml: str
    default: bool
    description: str


def named_style(table: Table, face: Face, style: Style, classes: ClassTables, edition: Edition) -> NamedStyle:
    """
    Make a style of a layer.

    Parameters
    ----------
    table
        Contract of the layer.
    face, style
        What it shows and tells.
    classes
        Class tables by name.
    edition
        Names date and notice in the map tip.

    Returns
    -------
    style
        Not yet marked as the default.

    Raises
    ------
    ContractError
        It needs a column that the contract of the layer does not have.
    """
    qgis = qml_element(table, face, style, classes, edition)
    qml = DOCTYPE + tostring(qgis, encoding="unicode")
    return NamedStyle(table.name, style.name, qml, default=False, description=style.legend)


def qml_element(
    table: Table, face: Face, style: Style, classes: ClassTables, edition: Edition, *, limits: bool = True
) -> Element:
    """
    Say a style in QGIS' words.

    Parameters
    ----------
    table, face, style, classes, edition
        As for :func:`named_style`.
    limits
        False for paper: shown at every scale, without what only a screen has (forms, map tips, actions).

    Returns
    -------
    element
        A ``<qgis>`` element; what lies in it is also what a layer of a project file holds.

    Raises
    ------
    ContractError
        It needs a column that the contract of the layer does not have.
    """
    drawing = style.draw(classes)
    _require_columns(table, face, style, drawing)
    furthest = (style.furthest or face.furthest) if limits else None
    label = face.label if style.label else None
    qgis = Element(
        "qgis",
        {
            "version": VERSION,
            "styleCategories": "AllStyleCategories",
            "labelsEnabled": "1" if label else "0",
            "hasScaleBasedVisibilityFlag": "1" if furthest else "0",
            # QGIS calls the smallest scale, which has the largest denominator, the minimum
            "minScale": str(furthest or ALWAYS),
            "maxScale": "0",
            "readOnly": "0",
        },
    )
    qgis.append(drawing.element())
    if label:
        qgis.append(label.element())
    if not limits:
        return qgis
    for element in field_elements(table, classes):
        qgis.append(element)
    qgis.append(actions_element(face.actions))
    SubElement(qgis, "previewExpression").text = face.heading
    SubElement(qgis, "mapTip").text = map_tip(table, face.heading, face.tip, classes, edition)
    SubElement(qgis, "layerGeometryType").text = "0" if table.geometry == "Point" else "2"
    return qgis


def columns_in(*expressions: str) -> tuple[str, ...]:
    """
    Find the columns that QGIS expressions name.

    Parameters
    ----------
    *expressions
        Any expressions.

    Returns
    -------
    columns
        Whatever stands between double quotes, each once.
    """
    return tuple(dict.fromkeys(name for text in expressions for name in _COLUMN.findall(text)))


def _require_columns(table: Table, face: Face, style: Style, drawing: Drawing) -> None:
    told = [row.expression if isinstance(row, Row) else f'"{row}"' for row in face.tip]
    written = [face.label.expression] if face.label and style.label else []
    asked: Sequence[str] = (
        *drawing.columns,
        *columns_in(face.heading, drawing.attribute, *told, *written),
        *(action.column for action in face.actions),
    )
    joined = {style.beside.column} if style.beside else set()
    missing = sorted(set(asked) - set(table.names) - joined)
    if missing:
        raise ContractError(
            f"stijl '{style.name}' van laag {table.name} vraagt kolom(men) {', '.join(missing)}, maar het contract"
            " heeft die niet. Pas de stijl of het contract aan."
        )
