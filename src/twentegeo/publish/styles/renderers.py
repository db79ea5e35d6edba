"""
Renderers as QGIS writes them: which feature gets which symbol.

The names of the types matter: QGIS loads ``graduatedRenderer`` without complaint and draws one symbol; it is
``graduatedSymbol``.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twentegeo.publish.classes import Class
    from twentegeo.publish.styles.symbols import Symbol

UNKNOWN: Final = -1.0
"""What an absent score counts as, so that it gets a class of its own: QGIS does not draw an absent number."""

_HALF_STEP: Final = 0.005
"""Half of the last published decimal: QGIS takes an upper limit as part of the class, our class tables do not."""

_TOP: Final = 100.0


@dataclass(frozen=True, slots=True)
class Rule:
    """
    One rule of a rule-based renderer.

    Attributes
    ----------
    label
        Text in the legend.
    filter
        QGIS expression; ``ELSE`` for what no sibling takes.
    symbol
        How to draw it, or None where the rules below decide.
    below
        Rules within this one.
    """

    label: str
    filter: str
    symbol: Symbol | None = None
    below: Sequence[Rule] = ()


def single(symbol: Symbol) -> Element:
    """
    Draw every feature alike.

    Parameters
    ----------
    symbol
        How.

    Returns
    -------
    renderer
        A ``<renderer-v2>`` element.
    """
    renderer = _renderer("singleSymbol")
    _symbols(renderer, [symbol])
    return renderer


def graduated(expression: str, classes: Sequence[Class], symbols: Sequence[Symbol]) -> Element:
    """
    Draw numbers by class.

    Parameters
    ----------
    expression
        QGIS expression that gives a number from 0 to 100, or nothing.
    classes
        Classes in the order of the legend; the unknown one takes features without a value.
    symbols
        The symbol of each class.

    Returns
    -------
    renderer
        A ``<renderer-v2>`` element.
    """
    renderer = _renderer("graduatedSymbol")
    renderer.set("attr", f"coalesce({expression}, {UNKNOWN:g})")
    renderer.set("graduatedMethod", "GraduatedColor")
    ranges = SubElement(renderer, "ranges")
    for number, item in enumerate(classes):
        lower, upper = (UNKNOWN, UNKNOWN) if item.is_unknown else _limits(item)
        SubElement(
            ranges,
            "range",
            {
                "lower": f"{lower:.15f}",
                "upper": f"{upper:.15f}",
                "symbol": str(number),
                "label": item.label,
                "render": "true",
            },
        )
    _symbols(renderer, symbols)
    return renderer


def categorized(expression: str, classes: Sequence[Class], symbols: Sequence[Symbol]) -> Element:
    """
    Draw texts by class.

    Parameters
    ----------
    expression
        QGIS expression that gives the text.
    classes
        Classes in the order of the legend; one without values takes every other text and its absence.
    symbols
        The symbol of each class.

    Returns
    -------
    renderer
        A ``<renderer-v2>`` element.
    """
    renderer = _renderer("categorizedSymbol")
    renderer.set("attr", expression)
    categories = SubElement(renderer, "categories")
    for number, item in enumerate(classes):
        category = SubElement(categories, "category", {"symbol": str(number), "label": item.label, "render": "true"})
        if len(item.values) > 1:
            for value in item.values:
                SubElement(category, "val", {"value": value, "type": "QString"})
        else:
            category.set("value", "".join(item.values))
            category.set("type", "string")
    _symbols(renderer, symbols)
    return renderer


def by_rule(rules: Sequence[Rule]) -> Element:
    """
    Draw by rules within rules.

    Parameters
    ----------
    rules
        In the order of the legend.

    Returns
    -------
    renderer
        A ``<renderer-v2>`` element.
    """
    renderer = _renderer("RuleRenderer")
    symbols: list[Symbol] = []
    _rules(SubElement(renderer, "rules", {"key": _key("root")}), rules, symbols)
    _symbols(renderer, symbols)
    return renderer


def _limits(item: Class) -> tuple[float, float]:
    lower = 0.0 if item.lower is None else item.lower
    return lower, _TOP if item.upper is None else item.upper - _HALF_STEP


def _rules(parent: Element, rules: Sequence[Rule], symbols: list[Symbol]) -> None:
    for rule in rules:
        key = _key(f"{parent.get('key')}/{rule.label}")
        element = SubElement(parent, "rule", {"key": key, "label": rule.label, "filter": rule.filter})
        if rule.symbol is not None:
            element.set("symbol", str(len(symbols)))
            symbols.append(rule.symbol)
        _rules(element, rule.below, symbols)


def _key(text: str) -> str:
    """QGIS wants a unique key per rule; ours depends on the text only, so that files stay the same."""
    return f"{{{uuid.uuid5(uuid.NAMESPACE_URL, text)}}}"


def _renderer(kind: str) -> Element:
    attributes = {"enableorderby": "0", "forceraster": "0", "referencescale": "-1"}
    return Element("renderer-v2", {"type": kind, **attributes})


def _symbols(renderer: Element, symbols: Sequence[Symbol]) -> None:
    # by level: first the casing of all features, then their lines, so that a neighbour's casing hides no line
    renderer.set("symbollevels", "1" if any(len(symbol.layers) > 1 for symbol in symbols) else "0")
    parent = SubElement(renderer, "symbols")
    for number, symbol in enumerate(symbols):
        parent.append(symbol.element(str(number)))
    SubElement(renderer, "rotation")
    SubElement(renderer, "sizescale")
