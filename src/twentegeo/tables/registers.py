"""The other registers as read: labels, parcels, CBS areas, ownership."""

from __future__ import annotations

from typing import Final

from twentegeo.tables.columns import demography, label, people, place, record
from twentegeo.tables.contract import Table

ENERGIELABEL: Final = Table(
    "ep_energielabel",
    "Energielabels (EP-Online)",
    "Een rij per registratie in het geleverde bestand die bij de regio kan horen; dubbelen staan er nog in.",
    (
        label.LABEL_RIJ.required(),
        place.VBO_ID.optional(),
        place.LIGPLAATS_ID.optional(),
        place.STANDPLAATS_ID.optional(),
        label.PAND_IDS.optional(),
        place.POSTCODE.optional(),
        place.HUISNUMMER.optional(),
        place.HUISLETTER.optional(),
        place.TOEVOEGING.optional(),
        label.DETAILAANDUIDING.optional(),
        label.ENERGIELABEL.optional(),
        label.KLASSE_BEKEND.required(),
        label.OPNAMEDATUM.optional(),
        label.REGISTRATIEDATUM.optional(),
        label.LABEL_GELDIG_TOT.optional(),
        label.OPNAME_STATUS.optional(),
        label.BEREKENINGSTYPE.optional(),
        label.LABEL_METHODE.required(),
        label.GEBOUWKLASSE.optional(),
        label.GEBOUWTYPE.optional(),
        label.LABEL_BOUWJAAR.optional(),
        label.LABEL_OPPERVLAKTE_M2.optional(),
        label.ENERGIE_INDEX.optional(),
        label.PRIMAIRE_FOSSIELE_ENERGIE.optional(),
    ),
    key=("label_rij",),
)

PERCEEL: Final = Table(
    "dkk_perceel",
    "Percelen (Kadastrale Kaart)",
    "Een rij per kadastraal perceel in het geleverde bestand.",
    (
        place.PERCEEL_ID.required(),
        place.KADASTRALE_AANDUIDING.required(),
        place.KADASTRALE_GEMEENTE.optional(),
        place.PERCEEL_GROOTTE_M2.optional(),
    ),
    key=("perceel_id",),
    geometry="MultiPolygon",
)

_INDICATOREN: Final = tuple(column.optional() for column in people.INDICATOREN)

BUURT: Final = Table(
    "cbs_buurt",
    "Buurten (CBS)",
    "Een rij per buurt op land in de regio, met de cijfers die CBS voor de buurt zelf geeft.",
    (
        place.BUURT_CODE.required(),
        place.NAAM.required(),
        place.WIJK_CODE.required(),
        place.GEMEENTE_CODE.required(),
        place.GEMEENTE_NAAM.required(),
        people.CBS_JAAR.optional(),
        *_INDICATOREN,
    ),
    key=("buurt_code",),
    geometry="MultiPolygon",
)

WIJK: Final = Table(
    "cbs_wijk",
    "Wijken (CBS)",
    "Een rij per wijk op land in de regio, met de cijfers die CBS voor de wijk zelf geeft.",
    (
        place.WIJK_CODE.required(),
        place.NAAM.required(),
        place.GEMEENTE_CODE.required(),
        place.GEMEENTE_NAAM.required(),
        people.CBS_JAAR.optional(),
        *_INDICATOREN,
    ),
    key=("wijk_code",),
    geometry="MultiPolygon",
)

GEMEENTE: Final = Table(
    "cbs_gemeente",
    "Gemeenten (CBS)",
    "Een rij per gemeente in de regio, met de cijfers die CBS voor de gemeente zelf geeft.",
    (
        place.GEMEENTE_CODE.required(),
        place.NAAM.required(),
        people.CBS_JAAR.optional(),
        *_INDICATOREN,
    ),
    key=("gemeente_code",),
    geometry="MultiPolygon",
)

BUURT_INDICATOR: Final = Table(
    "buurt_cascade",
    "Buurtcijfers met niveau",
    "Een rij per buurt en indicator: de waarde van het laagste niveau dat haar geeft, en welk niveau dat is.",
    (
        place.BUURT_CODE.required(),
        people.INDICATOR.required(),
        people.WAARDE.optional(),
        people.NIVEAU.optional(),
        people.CIJFER_JAAR.optional(),
    ),
    key=("buurt_code", "indicator"),
)

BEZIT: Final = Table(
    "corporatie_bezit",
    "Bezit van corporaties",
    "Een rij per regel in een aangeleverd bezitsbestand.",
    (
        record.BESTAND.required(),
        record.BEZIT_RIJ.required(),
        record.EIGENAAR.required(),
        place.VBO_ID.optional(),
        place.PAND_ID.optional(),
        place.POSTCODE.optional(),
        place.HUISNUMMER.optional(),
        place.HUISLETTER.optional(),
        place.TOEVOEGING.optional(),
        record.PEILDATUM.optional(),
    ),
    key=("bestand", "bezit_rij"),
)

PROGNOSE: Final = Table(
    "prognose",
    "Huishoudensprognose",
    "Een rij per gemeente, variant en jaar van de aangeleverde prognose.",
    (
        place.GEMEENTE_CODE.required(),
        demography.VARIANT.required(),
        demography.JAAR.required(),
        demography.HUISHOUDENS.required(),
    ),
    key=("gemeente_code", "variant", "jaar"),
)
