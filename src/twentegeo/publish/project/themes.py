"""A theme for each question: which layers answer it, each in which style."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

BACKDROP: Final = "twentegeo_brt_achtergrond"
"""Identifier of the backdrop, which no theme of the map book may show: it needs a network."""


@dataclass(frozen=True, slots=True)
class Theme:
    """
    A question, and the layers that answer it.

    Attributes
    ----------
    name
        What the menu says.
    question
        What it answers, in a Dutch sentence.
    shown
        Identifiers of layers in the project, from top to bottom.
    styles
        Style by identifier, where it is not the one that the layer has of itself.
    """

    name: str
    question: str
    shown: tuple[str, ...]
    styles: tuple[tuple[str, str], ...] = ()

    @property
    def subjects(self) -> frozenset[str]:
        """Layers that answer it; the others only say where one is."""
        return frozenset(self.shown) - _AROUND

    def style_of(self, key: str, own: str | None) -> str:
        """Name the style in which a layer shows; `own` is what it has of itself."""
        return dict(self.styles).get(key, own or "")


_AROUND: Final = frozenset({"gemeentegrens", "gebied_omtrek", "perceel", "pand_neutraal", "land", BACKDROP})
_BORDERS: Final = ("gemeentegrens",)
_GROUND: Final = ("land", BACKDROP)

THEMES: Final = (
    Theme(
        "Waar eerst",
        "Waar is woningverbetering het meest urgent?",
        (*_BORDERS, "gebied_omtrek", "pand_prioriteit", "hectare_prioriteit", *_GROUND),
    ),
    Theme(
        "Twee assen",
        "Waar gaan energie en levensloop samen?",
        (*_BORDERS, "gebied_omtrek", "pand_assen", "hectare_assen", *_GROUND),
    ),
    Theme(
        "Energie",
        "Waar is de energieopgave het grootst?",
        (*_BORDERS, "gebied_omtrek", "pand_energie", "hectare_energie", *_GROUND),
    ),
    Theme(
        "Labels",
        "Welke energielabels zijn er, en van welke woningen is geen label bekend?",
        (*_BORDERS, "pand", "buurt_efg", *_GROUND),
    ),
    Theme(
        "Levensloop",
        "Waar zijn woningen minder geschikt om oud in te worden?",
        (*_BORDERS, "gebied_omtrek", "pand_levensloop", "hectare_levensloop", *_GROUND),
    ),
    Theme(
        "Buurten vergelijken",
        "Welke buurten hebben de grootste opgave?",
        (*_BORDERS, "buurt", *_GROUND),
    ),
    Theme(
        "Zekerheid",
        "Waar rust de score meer op schatting dan op registratie?",
        (*_BORDERS, "pand_onzeker", "hectare_onzeker", *_GROUND),
    ),
    Theme(
        "Concentraties",
        "Waar is de opgave groter dan van zulke woningen te verwachten was?",
        (*_BORDERS, "gebied_omtrek", "hotspot", *_GROUND),
    ),
    Theme(
        "Verandering",
        "Welke gebieden zijn nieuw of anders ingedeeld sinds de vorige release, en welke woningen veranderden?",
        (*_BORDERS, "wijziging", "gebied_verandering", "pand_neutraal", *_GROUND),
    ),
    Theme(
        "Labeldekking",
        "Van welk deel van de woningen is een geldig label geregistreerd?",
        (*_BORDERS, "buurt_dekking", *_GROUND),
    ),
    Theme(
        "Van dichtbij",
        "Wat is er van elke woning bekend, en waar rust dat op? (vanaf schaal 1:10.000)",
        (*_BORDERS, "gebied_omtrek", "woning_bewijs", "perceel", "pand_neutraal", *_GROUND),
    ),
)
"""In the order of importance, the first is what a user sees first; QGIS lists them by name."""
