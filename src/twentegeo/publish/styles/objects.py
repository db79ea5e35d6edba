"""The looks of things one can point at: parcels, buildings and dwellings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from twentegeo.publish.classes import Class
from twentegeo.publish.styles.area_drawings import Edge, by_score
from twentegeo.publish.styles.areas import NAAR_ASSEN, NAAR_ENERGIE, NAAR_LEVENSLOOP, NAAR_SCORE
from twentegeo.publish.styles.conditions import Except, Never, OneOf, Otherwise, Within
from twentegeo.publish.styles.drawings import Line, Tint, by_class, by_rule, categorized, single, two_axes
from twentegeo.publish.styles.labels import Label
from twentegeo.publish.styles.look import Face, Style
from twentegeo.publish.styles.palette import INK, PAPER
from twentegeo.publish.styles.symbols import Far, donut, fill, hatch, marker, outline
from twentegeo.publish.styles.tips import Action, Row
from twentegeo.tables.changes import WIJZIGING
from twentegeo.tables.layers import PAND, PERCEEL, VERBLIJFSOBJECT

if TYPE_CHECKING:
    import pandas as pd

    from twentegeo.publish.classes import ClassTables
    from twentegeo.publish.styles.drawings import Drawing
    from twentegeo.publish.styles.look import Draw
    from twentegeo.publish.styles.symbols import Symbol

BAG_VIEWER: Final = "https://bagviewer.kadaster.nl/lvbag/bag-viewer/?searchQuery={0}&objectId={0}"

ZONDER_WONING: Final = "zonder woning"

_EDGE: Final = "#5a5a5a"
_FAINT_EDGE: Final = "#c4c4c4"
_PARCEL: Final = Edge("#8a8a8a", 0.1)
_OPEN: Final = "#707070"
_ANY: Final = "#b5b2a8"
"""In a legend: whatever colour the class has."""
_BUILDING_MM: Final = 0.1
_EDGES_BLUR: Final = 12_000
"""Denominator of the scale beyond which edges would make every building grey; they take the colour of the filling."""
_FAR_EDGE_MM: Final = 0.08
"""And stay thin, so that no class spreads over its neighbours."""

_LABEL_IN_WORDS: Final = (
    "CASE WHEN \"label_status\" = 'geldig' THEN \"energielabel\" || ' (geregistreerd, geldig tot '"
    " || format_date(\"label_geldig_tot\", 'dd-MM-yyyy') || ')'"
    " WHEN \"label_status\" = 'verlopen' THEN 'geen geldig label; het laatste, verlopen, was ' || \"label_verlopen\""
    " WHEN \"label_status\" = 'geschat' THEN 'geen label; naar schatting ' || \"label_verwacht\" || ' (tussen '"
    " || \"label_p10\" || ' en ' || \"label_p90\" || ')' END"
)


def _no_home(classes: ClassTables) -> tuple[OneOf, Class]:
    """Say which buildings have no dwelling, and the class that they get."""
    (without,) = classes["pand_gebruik"].classes
    return OneOf("heeft_woning", without.values), Class(without.label, without.colour, (ZONDER_WONING,))


def _building(item: Class) -> Symbol:
    edge = _FAINT_EDGE if item.key == ZONDER_WONING else _EDGE
    return fill(item.colour, edge=edge, width_mm=_BUILDING_MM, far=Far(_EDGES_BLUR, _FAR_EDGE_MM, item.colour))


def _by_text(column: str, table: str) -> Draw:
    """Draw buildings by a text; those without a dwelling are no more than a backdrop."""
    return lambda classes: categorized(column, classes[table], _building, first=[_no_home(classes)])


def _by_number(column: str, table: str, *, hatched: bool = False) -> Draw:
    """Draw buildings with a dwelling by a number, hatched where more than half of it is an estimate."""

    def draw(classes: ClassTables) -> Drawing:
        without, backdrop = _no_home(classes)
        (guessed,) = classes["geschat"].classes
        over_it = hatch(guessed.colour, width_mm=0.15, apart_mm=1.4)
        estimate = Line(guessed.label, Within("aandeel_geschat", guessed.lower, guessed.upper), over_it)
        return by_rule(
            Line("pand met woning", Except(without), below=by_class(column, classes[table], _building)),
            Line(backdrop.label, without, _building(backdrop)),
            *([estimate] if hatched else []),
        )

    return draw


def _by_axes(classes: ClassTables) -> Drawing:
    energy = ("score_energie", classes["as_energie_woning"])
    life = ("score_levensloop", classes["as_levensloop"])
    return two_axes(energy, life, classes["twee_assen"], _building, first=[_no_home(classes)])


def _neutral(classes: ClassTables) -> Drawing:
    without, backdrop = _no_home(classes)
    return by_rule(
        Line("pand met woning", Otherwise(), fill("#d9d5cb", edge="#8a867c", width_mm=_BUILDING_MM)),
        Line(backdrop.label, without, _building(backdrop)),
    )


def _home_by_label(classes: ClassTables) -> Drawing:
    """Draw dwellings: a solid dot is a registration; an expired label, an estimate and nothing at all are open."""
    labels, (valid, expired, guessed, nothing) = classes["energielabel"], classes["label_status"].classes
    below = [
        Line(item.label, OneOf("energielabel", item.values), _dot(item.colour, valid.colour)) for item in labels.classes
    ]
    if labels.unknown:
        below.append(Line("klasse onbekend", Otherwise(), _dot(labels.unknown.colour, valid.colour)))
    square = marker("square", 1.5, colour=PAPER, edge=expired.colour, width_mm=0.5)
    last_class = Tint("label_verlopen", labels, "outlineColor")
    return by_rule(
        Line(valid.label, OneOf("label_status", valid.values), below=tuple(below)),
        Line(expired.label, OneOf("label_status", expired.values), square, tint=last_class),
        Line(guessed.label, OneOf("label_status", guessed.values), _ring(1.3, guessed.colour, 0.25)),
        Line(nothing.label, Otherwise(), _cross(nothing.colour)),
    )


def _home_by_evidence(classes: ClassTables) -> Drawing:
    """Draw every dwelling in the colour of its expected class; the shape says what that rests on."""
    registered, older, *guessed, nothing = classes["bewijsgraad"].classes
    labels = classes["label_verwacht"]
    inside = Tint("label_verwacht", labels, "fillColor")
    shapes = (
        (registered, _dot(_ANY, INK), inside),
        (older, marker("square", 1.5, colour=_ANY, edge=INK, width_mm=0.15), inside),
        *(
            (item, donut(size, colour=_ANY, edge=_OPEN), inside)
            for item, size in zip(guessed, (1.8, 1.5, 1.2), strict=True)
        ),
    )
    return by_rule(
        *(Line(item.label, OneOf("bewijsgraad", item.values), symbol, tint=tint) for item, symbol, tint in shapes),
        Line(nothing.label, Otherwise(), _cross(_OPEN)),
        Line(
            "kleur: verwachte klasse",
            Never(),
            below=tuple(Line(item.label, Never(), _dot(item.colour, _EDGE)) for item in labels.classes),
        ),
    )


def _home_by_text(column: str, table: str) -> Draw:
    return lambda classes: categorized(column, classes[table], lambda item: _dot(item.colour, "#3c3c3c"))


def _changed_home(classes: ClassTables) -> Drawing:
    """Draw changed dwellings by what happened to them."""
    return categorized(
        "oorzaak",
        classes["wijziging"],
        lambda item: marker("circle", 2.2, colour=item.colour, edge=PAPER, width_mm=0.15),
    )


def _parcel_edge(_: ClassTables) -> Drawing:
    return single(outline(("#a8a49a", 0.1)), "perceelgrens")


def _dot(colour: str, edge: str) -> Symbol:
    return marker("circle", 1.7, colour=colour, edge=edge, width_mm=0.15)


def _ring(size_mm: float, colour: str, width_mm: float) -> Symbol:
    return marker("circle", size_mm, colour=PAPER, edge=colour, width_mm=width_mm)


def _cross(colour: str) -> Symbol:
    return marker("cross2", 1.2, colour=None, edge=colour, width_mm=0.25)


def _label_letter(frame: pd.DataFrame, _: float) -> list[str]:
    return [str(value) for value in frame["energielabel"].fillna("")]


FACES: Final = {
    PERCEEL.name: Face(
        '"kadastrale_aanduiding"',
        ("score_prioriteit", "n_woningen", "bebouwd_m2", "perceel_grootte_m2", "label_dekking", "aandeel_efg"),
        furthest=25_000,
    ),
    PAND.name: Face(
        "'Pand ' || \"pand_id\"",
        (
            "bouwjaar",
            "woningtype",
            "n_woningen",
            "label_slechtste",
            "label_beste",
            "aandeel_geschat",
            "score_prioriteit",
            "score_energie",
            "score_levensloop",
            "lift_waarschijnlijk",
            "status",
        ),
        furthest=50_000,
        actions=(Action("Pand openen in de BAG Viewer", "BAG Viewer", BAG_VIEWER, "pand_id"),),
    ),
    VERBLIJFSOBJECT.name: Face(
        '"adres"',
        (
            "woonplaats",
            "bouwjaar",
            "woningtype",
            "oppervlakte_m2",
            Row("Energielabel", _LABEL_IN_WORDS),
            "bewijsgraad",
            "levensloop_klasse",
            "levensloop_reden",
            "kwadrant",
            "score_prioriteit",
        ),
        furthest=10_000,
        label=Label("coalesce(\"energielabel\", '')", _label_letter, 7, INK, 1_500, place="beside"),
        actions=(
            Action("Woning openen in de BAG Viewer", "BAG Viewer", BAG_VIEWER, "vbo_id"),
            Action("Pand openen in de BAG Viewer", "Pand in BAG Viewer", BAG_VIEWER, "pand_id"),
        ),
    ),
    WIJZIGING.name: Face(
        '"adres"',
        ("oorzaken", "wat", "score_oud", "score_nieuw", "verschil"),
        furthest=100_000,
        actions=(Action("Woning openen in de BAG Viewer", "BAG Viewer", BAG_VIEWER, "vbo_id"),),
    ),
}
"""What each of these layers tells."""

STYLES: Final = {
    PERCEEL.name: (
        Style("Prioriteit", NAAR_SCORE, by_score("score_prioriteit", "prioriteit", _PARCEL)),
        Style("Energie", NAAR_ENERGIE, by_score("score_energie", "score_energie", _PARCEL)),
        Style("Grenzen", "Perceelgrens", _parcel_edge, label=False, plain=True),
    ),
    PAND.name: (
        Style("Slechtste label", "Slechtste geldige label in het pand", _by_text("label_slechtste", "energielabel")),
        Style("Prioriteit", NAAR_SCORE, _by_number("score_prioriteit", "prioriteit")),
        Style("Twee assen", NAAR_ASSEN, _by_axes),
        Style("Energie", NAAR_ENERGIE, _by_number("score_energie", "score_energie")),
        Style("Levensloop", NAAR_LEVENSLOOP, _by_number("score_levensloop", "score_levensloop")),
        Style(
            "Onzekerheid",
            "Score energie, met arcering waar die minder zeker is",
            _by_number("score_energie", "score_energie", hatched=True),
        ),
        Style("Bouwperiode", "Bouwperiode", _by_text("bouwperiode", "bouwperiode")),
        Style("Neutraal", "Panden", _neutral),
    ),
    VERBLIJFSOBJECT.name: (
        Style("Label", "Energielabel van de woning", _home_by_label),
        Style("Bewijs van het label", "Verwacht label, en waar het op rust", _home_by_evidence, label=False),
        Style(
            "Levensloop",
            "Geschikt om oud te worden",
            _home_by_text("levensloop_klasse", "levensloop_klasse"),
            label=False,
        ),
        Style("Twee assen", NAAR_ASSEN, _home_by_text("kwadrant", "kwadrant"), label=False),
    ),
    WIJZIGING.name: (Style("Oorzaak", "Veranderd sinds de vorige release", _changed_home),),
}
"""The styles of each of these layers; the first is the default."""
