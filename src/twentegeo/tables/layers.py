"""What a release publishes: map layers and the tables beside them."""

from __future__ import annotations

from typing import Final

from twentegeo.tables.assessments import BUURT_INTERVAL
from twentegeo.tables.changes import WIJZIGING, WIJZIGING_GEBIED
from twentegeo.tables.columns import (
    building,
    demography,
    estimate,
    hotspot,
    label,
    lifecourse,
    people,
    place,
    ranking,
    record,
    score,
)
from twentegeo.tables.contract import Table
from twentegeo.tables.hotspots import GEBIED_HERKOMST, HOTSPOT
from twentegeo.tables.stock import KOPPELING, KOPPELVERLIES

_BLEND: Final = (
    score.SCORE_PRIORITEIT.optional(),
    ranking.SCORE_REKENKUNDIG.optional(),
    ranking.PERCENTIEL_PRIORITEIT.optional(),
    score.SCORE_ENERGIE.optional(),
    lifecourse.SCORE_LEVENSLOOP.optional(),
    *(column.optional() for column in ranking.PIJLERKOLOMMEN),
)
"""The blended score of an area and what it is made of."""

_FIRM: Final = tuple(
    column.optional()
    for column in (
        ranking.KANS_TOP20,
        ranking.RANG_P10,
        ranking.RANG_MEDIAAN,
        ranking.RANG_P90,
        *ranking.KANS_TOP20_PARTIJ,
        ranking.SIGMA,
        ranking.P_KLASSE,
        ranking.STABIEL,
        ranking.BEPALENDE_PIJLER,
        ranking.BEPALENDE_FACTOR,
        ranking.CONTROLEERBAARHEID,
    )
)
"""How firm the score and the rank of an area are; empty where it could not be ranked."""

PRIORITEITSGEBIED: Final = Table(
    "prioriteitsgebied",
    "Prioriteitsgebieden",
    "Een rij per gebied waar verbetering van woningen het meest urgent is.",
    (
        score.GEBIED_ID.required(),
        place.NAAM.required(),
        score.AANLEIDING.required(),
        score.RANG.optional(),
        ranking.KWADRANT.required(),
        *_BLEND,
        *_FIRM,
        building.N_WONINGEN.required(),
        label.LABEL_DEKKING.required(),
        label.AANDEEL_EFG.optional(),
        score.AANDEEL_GESCHAT.required(),
        estimate.AANDEEL_EFG_VERWACHT.optional(),
        hotspot.OVERSCHOT.optional(),
        building.GEMIDDELD_BOUWJAAR.optional(),
        lifecourse.AANDEEL_NULTREDEN.optional(),
        lifecourse.AANDEEL_AANPASBAAR.optional(),
        lifecourse.AANDEEL_MOEILIJK.optional(),
        score.N_MOEILIJK_AANPASBAAR.optional(),
        people.AANDEEL_65PLUS.optional(),
        people.AANDEEL_EENPERSOONS.optional(),
        demography.MISMATCH.optional(),
        score.GEMEENTEN.required(),
        score.GRENSOVERSCHRIJDEND.required(),
        score.TOELICHTING.required(),
        hotspot.TOELICHTING_EN.required(),
        score.REDENEN.required(),
        record.PEILDATUM.required(),
    ),
    key=("gebied_id",),
    geometry="MultiPolygon",
)

PAND: Final = Table(
    "pand",
    "Panden",
    "Een rij per bestaand pand; panden zonder woning zijn als zodanig aangegeven.",
    (
        place.PAND_ID.required(),
        building.BOUWJAAR.optional(),
        building.BOUWPERIODE.required(),
        building.PAND_STATUS.required(),
        building.HEEFT_WONING.required(),
        building.N_WONINGEN.required(),
        label.N_LABELS.required(),
        label.LABEL_SLECHTSTE.optional(),
        label.LABEL_BESTE.optional(),
        label.AANDEEL_EFG.optional(),
        estimate.AANDEEL_EFG_VERWACHT.optional(),
        score.AANDEEL_GESCHAT.optional(),
        estimate.WONINGTYPE.optional(),
        estimate.TYPE_ZEKERHEID.optional(),
        estimate.BOUWLAGEN.optional(),
        estimate.VORMFACTOR.optional(),
        lifecourse.AANDEEL_NULTREDEN.optional(),
        lifecourse.AANDEEL_AANPASBAAR.optional(),
        lifecourse.AANDEEL_MOEILIJK.optional(),
        lifecourse.LIFT_WAARSCHIJNLIJK.optional(),
        lifecourse.UITBOUWRUIMTE_M2.optional(),
        ranking.KWADRANT.required(),
        score.SCORE_ENERGIE.optional(),
        lifecourse.SCORE_LEVENSLOOP.optional(),
        score.SCORE_PRIORITEIT.optional(),
        place.PERCEEL_ID.optional(),
        score.GEBIED_ID.optional(),
        building.AANDEEL_OVERLAP.optional(),
        building.BOUWJAAR_DUMMY.required(),
        building.GEOMETRIE_HERSTELD.required(),
        place.GEMEENTE_CODE.required(),
        record.PEILDATUM.required(),
    ),
    key=("pand_id",),
    geometry="MultiPolygon",
)

VERBLIJFSOBJECT: Final = Table(
    "verblijfsobject",
    "Woningen",
    "Een rij per bestaande woning (verblijfsobject met woonfunctie).",
    (
        place.VBO_ID.required(),
        place.PAND_ID.optional(),
        place.ADRES.required(),
        place.POSTCODE.optional(),
        place.WOONPLAATS.required(),
        place.GEMEENTE_CODE.required(),
        place.WIJK_CODE.optional(),
        place.BUURT_CODE.optional(),
        place.PERCEEL_ID.optional(),
        place.CEL_ID.required(),
        score.GEBIED_ID.optional(),
        building.VBO_STATUS.required(),
        building.GEBRUIKSDOEL.required(),
        building.N_PANDEN.required(),
        building.OPPERVLAKTE_M2.optional(),
        building.OPPERVLAKTE_DUMMY.required(),
        building.BOUWJAAR.optional(),
        building.BOUWJAAR_DUMMY.required(),
        building.BOUWPERIODE.required(),
        label.ENERGIELABEL.optional(),
        label.LABEL_STATUS.required(),
        label.LABEL_GELDIG_TOT.optional(),
        label.LABEL_VERLOPEN.optional(),
        label.LABEL_METHODE.optional(),
        label.LABEL_SLEUTEL.optional(),
        estimate.WONINGTYPE.optional(),
        estimate.BEWIJSGRAAD.required(),
        estimate.SCHATTING_NIVEAU.optional(),
        estimate.N_BEWIJS.optional(),
        estimate.LABEL_VERWACHT.optional(),
        estimate.LABEL_P10.optional(),
        estimate.LABEL_P90.optional(),
        estimate.P_EFG.optional(),
        lifecourse.LEVENSLOOP_KLASSE.required(),
        lifecourse.LEVENSLOOP_REDEN.required(),
        lifecourse.P_NULTREDEN.optional(),
        ranking.KWADRANT.required(),
        score.SCORE_BRON.required(),
        score.SCORE_ENERGIE.optional(),
        lifecourse.SCORE_LEVENSLOOP.optional(),
        score.SCORE_PRIORITEIT.optional(),
        record.PEILDATUM.required(),
    ),
    key=("vbo_id",),
    geometry="Point",
)

PERCEEL: Final = Table(
    "perceel",
    "Percelen",
    "Een rij per kadastraal perceel met ten minste één bestaande woning.",
    (
        place.PERCEEL_ID.required(),
        place.KADASTRALE_AANDUIDING.required(),
        place.PERCEEL_GROOTTE_M2.optional(),
        building.N_WONINGEN.required(),
        building.BEBOUWD_M2.required(),
        label.LABEL_DEKKING.required(),
        label.AANDEEL_EFG.optional(),
        ranking.KWADRANT.required(),
        score.SCORE_ENERGIE.optional(),
        lifecourse.SCORE_LEVENSLOOP.optional(),
        score.SCORE_PRIORITEIT.optional(),
        record.PEILDATUM.required(),
    ),
    key=("perceel_id",),
    geometry="MultiPolygon",
)

_GEBIED_CIJFERS: Final = (
    building.N_WONINGEN.required(),
    building.N_WONINGEN_GEPLAND.required(),
    label.LABEL_DEKKING.optional(),
    label.AANDEEL_EFG.optional(),
    score.AANDEEL_GESCHAT.optional(),
    building.GEMIDDELD_BOUWJAAR.optional(),
    estimate.AANDEEL_EFG_VERWACHT.optional(),
    estimate.REGISTRATIE_BIAS.optional(),
    lifecourse.AANDEEL_NULTREDEN.optional(),
    lifecourse.AANDEEL_AANPASBAAR.optional(),
    lifecourse.AANDEEL_MOEILIJK.optional(),
    lifecourse.AANDEEL_GESCHIKT_VERGELIJK.optional(),
    ranking.KWADRANT.required(),
    *_BLEND,
    score.RANG.optional(),
)

_PROGNOSE: Final = tuple(
    column.optional() for column in (*demography.HH_PROGNOSE, demography.PROGNOSE_VANAF, demography.PROGNOSE_HORIZON)
)
"""What a prognosis says of a municipality."""

_MENSEN: Final = tuple(
    column.optional()
    for column in (
        demography.GRIJZE_DRUK,
        demography.GRIJZE_DRUK_LAAG,
        demography.GRIJZE_DRUK_HOOG,
        demography.GRIJZE_DRUK_NIVEAU,
        demography.AANDEEL_GROOT,
        demography.WOONRUIMTE_M2_PP,
        demography.MISMATCH,
        demography.MISMATCH_LAAG,
        demography.MISMATCH_HOOG,
        demography.MISMATCH_NIVEAU,
    )
)
"""What people and dwellings of a neighbourhood say together."""


def _cbs_layer(name: str, title: str, summary: str, *, parents: bool) -> Table:
    above = (place.GEMEENTE_CODE.required(), place.GEMEENTE_NAAM.required()) if parents else ()
    district = (place.WIJK_CODE.required(),) if name == "buurt" else ()
    firm = _FIRM if parents else ()  # a region has too few municipalities to speak of a top twenty
    people_here = {"buurt": (*_MENSEN, *_PROGNOSE), "gemeente": _PROGNOSE}.get(name, ())
    cbs = (people.CBS_JAAR.optional(), *(column.optional() for column in people.INDICATOREN))
    return Table(
        name,
        title,
        summary,
        (
            *(place.CODE.required(), place.NAAM.required(), *district, *above),
            *_GEBIED_CIJFERS,
            *(*firm, *cbs, *people_here, record.PEILDATUM.required()),
        ),
        key=("code",),
        geometry="MultiPolygon",
    )


BUURT: Final = _cbs_layer("buurt", "Buurten", "Een rij per CBS-buurt op land.", parents=True)
WIJK: Final = _cbs_layer("wijk", "Wijken", "Een rij per CBS-wijk op land.", parents=True)
GEMEENTE: Final = _cbs_layer("gemeente", "Gemeenten", "Een rij per gemeente.", parents=False)

HECTARE: Final = Table(
    "hectare",
    "Hectarecellen",
    "Een rij per CBS-vierkant van 100 bij 100 meter met ten minste één bestaande woning.",
    (
        place.CEL_ID.required(),
        building.N_WONINGEN.required(),
        label.LABEL_DEKKING.required(),
        label.AANDEEL_EFG.optional(),
        score.AANDEEL_GESCHAT.required(),
        building.GEMIDDELD_BOUWJAAR.optional(),
        score.SCORE_ENERGIE.optional(),
        lifecourse.SCORE_LEVENSLOOP.optional(),
        ranking.KWADRANT.required(),
        score.SCORE_PRIORITEIT.optional(),
        estimate.AANDEEL_EFG_VERWACHT.optional(),
        hotspot.OVERSCHOT.optional(),
        hotspot.GI_Z.optional(),
        hotspot.GI_Q.optional(),
        hotspot.GI_TEKEN.required(),
        hotspot.MORAN_SOORT.required(),
        record.PEILDATUM.required(),
    ),
    key=("cel_id",),
    geometry="MultiPolygon",
)

BRON: Final = Table(
    "bron",
    "Bronnen",
    "Een rij per gelezen bestand, met herkomst en licentie.",
    (
        record.BRON.required(),
        record.BESTAND.required(),
        record.BRONHOUDER.required(),
        record.LICENTIE.required(),
        record.BRON_DATUM.optional(),
        record.AANTAL_RIJEN.optional(),
        record.OMVANG_BYTES.required(),
        record.SHA256.required(),
        record.VEROUDERD.required(),
    ),
    key=("bron", "bestand"),
)

DATA_WOORDENBOEK: Final = Table(
    "data_woordenboek",
    "Datawoordenboek",
    "Een rij per kolom van elke laag en tabel.",
    (
        record.LAAG.required(),
        record.KOLOM.required(),
        record.TITEL.required(),
        record.SOORT.required(),
        record.EENHEID.optional(),
        record.OMSCHRIJVING.required(),
        record.OMSCHRIJVING_EN.required(),
        record.BRON.required(),
        record.WAARDEN.optional(),
    ),
    key=("laag", "kolom"),
)

RUN: Final = Table(
    "run",
    "Run",
    "Een rij per eigenschap van de run: instellingen, versies, aantallen en weggelaten lagen.",
    (record.SLEUTEL.required(), record.INHOUD.required()),
    key=("sleutel",),
)

MAP_LAYERS: Final = (
    PRIORITEITSGEBIED,
    HOTSPOT,
    GEMEENTE,
    WIJK,
    BUURT,
    HECTARE,
    PERCEEL,
    PAND,
    VERBLIJFSOBJECT,
    WIJZIGING,
)
"""Layers with geometry, in the order in which the GeoPackage holds them."""

PLAIN_TABLES: Final = (
    BRON,
    BUURT_INTERVAL,
    DATA_WOORDENBOEK,
    GEBIED_HERKOMST,
    KOPPELING,
    KOPPELVERLIES,
    RUN,
    WIJZIGING_GEBIED,
)
"""Tables without geometry."""

OF_HISTORY: Final = (GEBIED_HERKOMST, WIJZIGING, WIJZIGING_GEBIED)
"""Tables that compare with the previous release; they are no part of what identifies the content of this one."""
