"""The looks of areas: priority areas, CBS areas and hectare cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from twentegeo.publish.styles.area_drawings import (
    EDGE_ONLY,
    GROUND,
    SOLID,
    THIN_BORDER,
    Edge,
    by_axes,
    by_score,
    concentration,
    heavy_by,
    heavy_by_firmness,
    less_sure,
    municipality,
)
from twentegeo.publish.styles.labels import Label, named
from twentegeo.publish.styles.look import Beside, Face, Style
from twentegeo.publish.styles.palette import GEMEENTEGRENS, INK, PAPER
from twentegeo.publish.styles.tips import Row
from twentegeo.tables.hotspots import HOTSPOT
from twentegeo.tables.layers import BUURT, GEMEENTE, HECTARE, PRIORITEITSGEBIED, WIJK

if TYPE_CHECKING:
    import pandas as pd


NAAR_SCORE: Final = "Score prioriteit (100 is het meest urgent)"
NAAR_ENERGIE: Final = "Score energie (100 is het meest urgent)"
NAAR_LEVENSLOOP: Final = "Score levensloop (100 is het meest urgent)"
NAAR_ASSEN: Final = "Energie en levensloop samen"


def _rank_or_name(frame: pd.DataFrame, scale: float) -> list[str]:
    ranks = ["" if rank != rank else f"{rank:.0f}" for rank in frame["rang"].astype(float)]  # noqa: PLR0124 - no rank
    if scale > FROM_HERE_FIRST:
        return [rank if rank and int(rank) <= FIRST_RANKS else "" for rank in ranks]
    if scale > FROM_HERE_NAMES:
        return ranks
    names = [name.split(" (")[0] for name in frame["naam"]]
    return [f"{rank}. {name}" if rank else name for rank, name in zip(ranks, names, strict=True)]


FROM_HERE_NAMES: Final = 15_000
"""Denominator of the scale from which priority areas carry their name beside their rank."""
FROM_HERE_FIRST: Final = 100_000
"""Denominator of the scale beyond which only the first of them carry their rank."""
FIRST_RANKS: Final = 10

# up close the name too, without the municipalities that it ends with
_RANK_OR_NAME: Final = (
    f"CASE WHEN @map_scale > {FROM_HERE_FIRST} AND \"rang\" > {FIRST_RANKS} THEN ''"
    f' WHEN @map_scale > {FROM_HERE_NAMES} THEN to_string("rang")'
    " ELSE coalesce(\"rang\" || '. ', '') || regexp_replace(\"naam\", ' [(].*', '') END"
)

_FIGURES: Final = (
    "score_prioriteit",
    "rang",
    "kwadrant",
    "score_energie",
    "score_levensloop",
    "n_woningen",
    "label_dekking",
    "aandeel_efg_verwacht",
    "aandeel_moeilijk",
    "gemiddeld_bouwjaar",
)


def _by_question(edge: Edge, *, tested: bool) -> tuple[Style, ...]:
    """Answer the same questions on each layer; `tested` where it tells how firm the class is."""
    return (
        Style("Prioriteit", NAAR_SCORE, by_score("score_prioriteit", "prioriteit", edge)),
        Style("Twee assen", NAAR_ASSEN, by_axes(edge)),
        Style("Energie", NAAR_ENERGIE, by_score("score_energie", "score_energie", edge)),
        Style(
            "Label E, F of G",
            "Deel met label E, F of G, bekend of verwacht",
            by_score("aandeel_efg_verwacht", "aandeel_efg", edge),
        ),
        Style("Levensloop", NAAR_LEVENSLOOP, by_score("score_levensloop", "score_levensloop", edge)),
        Style(
            "Onzekerheid",
            "Score prioriteit, met arcering waar die minder zeker is",
            less_sure(edge, tested=tested),
        ),
        Style(
            "Labeldekking",
            "Deel met een geldig geregistreerd label",
            by_score("label_dekking", "label_dekking", edge),
        ),
    )


FACES: Final = {
    PRIORITEITSGEBIED.name: Face(
        "coalesce(\"rang\" || '. ', '') || \"naam\"",
        (
            "score_prioriteit",
            Row("Rang in 8 van 10 trekkingen", '"rang_p10" || \' tot \' || "rang_p90"'),
            "kwadrant",
            "n_woningen",
            "aandeel_efg_verwacht",
            "n_moeilijk_aanpasbaar",
            "aandeel_geschat",
            "gemeenten",
            "toelichting",
        ),
        label=Label(_RANK_OR_NAME, _rank_or_name, 8.5, INK, 400_000, bold=True, priority=10, place="outside"),
    ),
    HOTSPOT.name: Face(
        "'Concentratie: ' || \"teken\" || ', tot ' || \"band_m\" || ' m'",
        ("indicator", "n_woningen", "overschot", "gi_z", "q_waarde", "n_cellen"),
    ),
    GEMEENTE.name: Face(
        '"naam"', _FIGURES, label=named("naam", 10.5, GEMEENTEGRENS, (20_000, 750_000), bold=True, priority=9)
    ),
    WIJK.name: Face('"naam"', ("gemeente_naam", *_FIGURES), label=named("naam", 9, INK, (5_000, 100_000), priority=7)),
    BUURT.name: Face('"naam"', ("gemeente_naam", *_FIGURES), label=named("naam", 8, INK, (2_500, 80_000), priority=6)),
    HECTARE.name: Face(
        '"cel_id"',
        (
            "score_prioriteit",
            "kwadrant",
            "score_energie",
            "score_levensloop",
            "n_woningen",
            "label_dekking",
            "aandeel_efg",
            "aandeel_geschat",
        ),
    ),
}
"""What each layer of areas tells."""

STYLES: Final = {
    PRIORITEITSGEBIED.name: (
        Style("Prioriteit", NAAR_SCORE, heavy_by("score_prioriteit", "prioriteit", text=False)),
        Style("Twee assen", NAAR_ASSEN, heavy_by("kwadrant", "kwadrant")),
        Style("Onzekerheid", "Score prioriteit, met arcering waar die minder zeker is", heavy_by_firmness),
        Style(
            "Verandering",
            "Herkomst sinds de vorige release",
            heavy_by("relatie", "relatie"),
            beside=Beside("gebied_herkomst", "gebied_id", "relatie"),
        ),
        Style("Omtrek", "Prioriteitsgebied", EDGE_ONLY, plain=True),
        Style("Ligging", "Prioriteitsgebied", SOLID, label=False, plain=True),
    ),
    HOTSPOT.name: (Style("Concentratie", "Concentraties van opgave, drie afstanden", concentration(0.4, "teken")),),
    GEMEENTE.name: (
        Style("Grenzen", "Gemeentegrens", municipality, plain=True),
        Style("Grenzen zonder naam", "Gemeentegrens", municipality, label=False, plain=True),
        Style("Vlak", "Gemeenten in deze regio", GROUND, label=False, plain=True),
        *_by_question(Edge(PAPER, 0.5), tested=False),
    ),
    WIJK.name: _by_question(Edge(PAPER, 0.4), tested=True),
    BUURT.name: (
        *_by_question(Edge(PAPER, 0.25), tested=True),
        Style("Grenzen", "Buurtgrens", THIN_BORDER, plain=True),
    ),
    HECTARE.name: (
        *_by_question(Edge(PAPER, 0.05, swollen_mm=0.35), tested=False),
        Style("Concentratie", "Toets op concentraties van opgave (Gi*)", concentration(0.05, "gi_teken")),
    ),
}
"""The styles of each layer of areas; the first is the default."""
