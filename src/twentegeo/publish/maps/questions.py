"""Which maps the book has, what each shows, and how to read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from twentegeo.publish.project.themes import Theme

_GROUND: Final = ("land",)

Panel = Literal["assen", "prioriteit", "labels", "efg", "levensloop", "dekking"]


@dataclass(frozen=True, slots=True)
class Question:
    """
    A map of the book.

    Attributes
    ----------
    key
        What stands beside the map.
    file
        Name of its picture, without the suffix.
    theme
        What the map shows.
    layer
        The layer of the project that the legend is about.
    title
        What the map answers.
    lead
        How to read it.
    outlined
        What is said of the outlines of priority areas, where there are any.
    """

    key: Panel
    file: str
    theme: Theme
    layer: str
    title: str
    lead: str
    outlined: str = ""


def _theme(name: str, *shown: str, styles: tuple[tuple[str, str], ...] = ()) -> Theme:
    return Theme(name, "", ("gemeentegrens", "gebied_omtrek", *shown, *_GROUND), styles)


QUESTIONS: Final = (
    Question(
        "assen",
        "twee_assen",
        _theme("Twee assen", "hectare_assen"),
        "hectare_assen",
        "Waar gaan energie en levensloop samen?",
        "Elk vakje is een hectare met woningen. Donker: beide opgaven zijn groot, dus één bezoek kan twee problemen"
        " oplossen. Oranje: vooral energie. Blauw: vooral levensloop.",
        "Omlijnd: prioriteitsgebieden.",
    ),
    Question(
        "prioriteit",
        "prioriteit",
        _theme("Waar eerst", "hectare_prioriteit"),
        "hectare_prioriteit",
        "Waar is woningverbetering het meest urgent?",
        "Elk vakje is een hectare met woningen: hoe donkerder, hoe urgenter gemiddeld.",
        "Omlijnd: prioriteitsgebieden, met hun rang in de regio.",
    ),
    Question(
        "labels",
        "labels",
        _theme("Labels", "pand"),
        "pand",
        "Welke energielabels zijn er, en welke niet?",
        "Elk pand heeft de kleur van het slechtste geldige label erin. Grijs is onbekend: geen woning in het pand heeft"
        " een geldig label. Dat zegt niet of de woning goed of slecht is.",
    ),
    Question(
        "levensloop",
        "levensloop",
        _theme("Levensloop", "hectare_levensloop"),
        "hectare_levensloop",
        "Waar zijn woningen minder geschikt om oud in te worden?",
        "Elk vakje is een hectare met woningen: hoe donkerder, hoe vaker woningen moeilijk aan te passen zijn aan ouder"
        " worden. Het is een schatting uit gebouwkenmerken; er is geen registratie van.",
    ),
    Question(
        "dekking",
        "labeldekking",
        Theme("Labeldekking", "", ("gemeentegrens", "buurt_dekking", *_GROUND)),
        "buurt_dekking",
        "Van hoeveel woningen is het label bekend?",
        "Elke buurt heeft de kleur van het deel van de woningen met een geldig geregistreerd label. Waar dat deel klein"
        " is, rust de score vooral op schatting uit vergelijkbare woningen.",
    ),
)
"""In the order of the pages of a municipality."""

BAD_LABELS: Final = Question(
    "efg",
    "label_efg",
    _theme("Label E, F of G", "hectare", styles=(("hectare", "Label E, F of G"),)),
    "hectare",
    "Waar zijn veel woningen met label E, F of G?",
    "Elk vakje is een hectare met woningen, gekleurd naar het deel met label E, F of G: geregistreerd waar het label"
    " bekend is, anders verwacht op grond van vergelijkbare woningen.",
)
"""In place of single buildings, which are too small on a map of the region."""

OF_REGION: Final = tuple(BAD_LABELS if question.key == "labels" else question for question in QUESTIONS)
"""The pictures of the region."""

AREA_THEME: Final = Theme("Gebied", "", ("gebied_omtrek", "pand_assen", "perceel", *_GROUND))
"""A priority area from nearby."""

PLACE_THEME: Final = Theme(
    "Ligging",
    "",
    ("gemeente", "prioriteitsgebied", *_GROUND),
    (("gemeente", "Grenzen zonder naam"), ("prioriteitsgebied", "Ligging")),
)
"""Where in the municipality it lies."""

BOOK_THEMES: Final = (*(question.theme for question in QUESTIONS), BAD_LABELS.theme, AREA_THEME, PLACE_THEME)
"""None of them needs a network."""
