"""The sheet of a priority area: a map from nearby, three figures, the reasons, and who is involved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from twentegeo.publish.maps.pages import scale_bar
from twentegeo.publish.maps.panels import Square, square, tiles
from twentegeo.publish.maps.questions import AREA_THEME, PLACE_THEME
from twentegeo.publish.maps.wording import is_known, listed, points, rounded, whole
from twentegeo.publish.sheets.design import MAP, PANEL, foot, header, heading, north, notice, paragraph
from twentegeo.publish.sheets.items import Box, Extent, MapFrame, Shape, Sheet
from twentegeo.publish.styles.palette import SIGNAL
from twentegeo.tables.layers import PRIORITEITSGEBIED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twentegeo.publish.maps.contents import Contents
    from twentegeo.publish.sheets.items import Item

_AROUND: Final = 0.18
_SMALLEST_M: Final = 260.0
"""A map from nearby shows at least this many metres from north to south."""

_PLACE: Final = Box(PANEL.x, PANEL.bottom - 52, PANEL.width, 52)
_RING_MM: Final = 5.0

_OWNERS: Final = (
    "Wie de woningen bezit staat niet in deze uitgave; corporaties zien het in hun eigen bezitslijst. Particuliere"
    " eigenaren liften mee als het blok als geheel wordt aangepakt."
)


def area_sheet(contents: Contents, area: Mapping[str, Any], around: Extent, book: str, page: str) -> Sheet:
    """
    Make the sheet of a priority area.

    Parameters
    ----------
    contents
        The release.
    area
        A row of ``prioriteitsgebied``, its geometry with it.
    around
        Extent of the municipality whose book it stands in.
    book
        Name of that municipality.
    page
        Number of the page.

    Returns
    -------
    sheet
        A3, lying.
    """
    edition = contents.edition
    name = str(area["naam"]).split(" (")[0]
    bounds = Extent(*(float(side) for side in area["geometry"].bounds))
    shown = _roomy(bounds).fitted(MAP, _AROUND)
    places = str(area["gemeenten"]).split(", ")
    of = len(contents.areas)
    kicker = f"Gemeente {book} · prioriteitsgebied {rounded(area['rang'])} van {of} in {edition.region}"
    lead = (
        "Elk pand heeft de kleur van zijn twee opgaven: oranje is energie, blauw is levensloop, donker is beide. De"
        " dunne lijnen zijn perceelgrenzen."
    )
    figures = three_figures(area)
    items: list[Item] = [
        *header(kicker, name, lead),
        MapFrame(MAP, "kaart", AREA_THEME.name, shown),
        *north(MAP),
        *scale_bar(MAP, shown),
        *notice(edition),
        *_panel(contents, area, figures, places),
        *_place(bounds, around),
        *foot(contents.credit, edition, page),
    ]
    told = ", ".join(f"{meaning}: {number}" for number, meaning in figures)
    alt = edition.marked(
        f"Kaart van prioriteitsgebied {name} in {listed(places)}, met per pand de opgave voor energie en levensloop."
        f" {told}. {area['toelichting']} Peildatum {edition.peildatum:%d-%m-%Y}."
    )
    return Sheet(f"{rounded(area['rang'])}. {name}", alt, tuple(items))


def three_figures(area: Mapping[str, Any]) -> list[tuple[str, str]]:
    """
    Choose the figures that say most of an area.

    Parameters
    ----------
    area
        A row of ``prioriteitsgebied``.

    Returns
    -------
    figures
        Three times a number and what it counts: dwellings, bad labels, and hard to adapt or else the score.
    """
    known = PRIORITEITSGEBIED.names
    expected = "aandeel_efg_verwacht" in known
    bad = rounded(area["aandeel_efg_verwacht" if expected else "aandeel_efg"], "%")
    found = [
        (whole(area["n_woningen"]), "woning" if area["n_woningen"] == 1 else "woningen"),
        (bad, "label E, F of G" + (", bekend of verwacht" if expected else ", waar bekend")),
    ]
    if "n_moeilijk_aanpasbaar" in known and is_known(area["n_moeilijk_aanpasbaar"]):
        return [*found, (whole(area["n_moeilijk_aanpasbaar"]), "moeilijk aanpasbaar, verwacht")]
    return [*found, (points(area["score_prioriteit"]), "score prioriteit (0-100)")]


def _panel(
    contents: Contents, area: Mapping[str, Any], figures: list[tuple[str, str]], places: list[str]
) -> list[Item]:
    items, y = tiles(figures, PANEL)
    items.append(heading("Waarom dit gebied", PANEL.x, y + 6))
    lines, y = paragraph(str(area["toelichting"]), Box(PANEL.x, y + 8, PANEL.width, 42), 9.5)
    items += lines
    items.append(heading("Wie zijn betrokken", PANEL.x, y + 7))
    lines, y = paragraph(_involved(area, places), Box(PANEL.x, y + 9, PANEL.width, 24), 9.5)
    items += lines
    drawn, bottom = square(contents.classes, Square("as_energie_woning", 10.5), Box(PANEL.x, y + 4, PANEL.width, 0))
    return items + (drawn if bottom < _PLACE.y - 6 else [])


def _involved(area: Mapping[str, Any], places: list[str]) -> str:
    across = area["grensoverschrijdend"] == "ja"
    first = (
        f"Gemeenten {listed(places)}: het gebied ligt over de grens, dus zij pakken het samen op."
        if across
        else f"{'Gemeenten' if len(places) > 1 else 'Gemeente'} {listed(places)}."
    )
    return f"{first} {_OWNERS}"


def _place(bounds: Extent, around: Extent) -> list[Item]:
    """Show where in the municipality the area lies, with a ring around it."""
    shown = around.fitted(_PLACE, 0.03)
    x = _PLACE.x + ((bounds.xmin + bounds.xmax) / 2 - shown.xmin) / shown.width * _PLACE.width
    y = _PLACE.bottom - ((bounds.ymin + bounds.ymax) / 2 - shown.ymin) / shown.height * _PLACE.height
    ring = Box(x - _RING_MM / 2, y - _RING_MM / 2, _RING_MM, _RING_MM)
    inside = _PLACE.x < x < _PLACE.right and _PLACE.y < y < _PLACE.bottom
    return [
        heading("Ligging", _PLACE.x, _PLACE.y - 2.5),
        MapFrame(_PLACE, "ligging", PLACE_THEME.name, shown),
        *([Shape(ring, "ellipse", edge=SIGNAL, width_mm=0.8)] if inside else []),
    ]


def _roomy(bounds: Extent) -> Extent:
    short = max(_SMALLEST_M - bounds.height, 0.0) / 2
    return Extent(bounds.xmin, bounds.ymin - short, bounds.xmax, bounds.ymax + short)
