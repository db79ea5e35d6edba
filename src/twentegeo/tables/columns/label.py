"""What EP-Online says of energy labels, and how a label was matched to a dwelling."""

from __future__ import annotations

from typing import Final

from twentegeo.tables.contract import Column

KLASSEN: Final = ("A+++++", "A++++", "A+++", "A++", "A+", "A", "B", "C", "D", "E", "F", "G")
"""Class of EP-Online's schema, best first. Dwellings go up to A++++; an unknown class is kept raw."""

EFG: Final = ("E", "F", "G")
"""The classes that the national agreements on phasing out name (corporations by 2028, rentals by 2029)."""

LABEL_STATUSSEN: Final = ("geldig", "verlopen", "geschat", "geen")
"""What a dwelling's label is: registered and valid, registered and expired, estimated, or none at all."""

METHODEN: Final = ("nta8800", "nader_voorschrift", "vereenvoudigd", "onbekend")
"""Calculation regimes; figures of different regimes may not be averaged."""

SLEUTELS: Final = (
    "vbo_id",
    "ligplaats_id",
    "standplaats_id",
    "adres",
    "adres_andere_splitsing",
    "nevenadres",
    "pand_id",
)
"""The keys on which a label is matched, in order of preference (sources.md 4.5)."""


def _ep(name: str, kind: str, alias: str, nl: str, en: str, **more: object) -> Column:
    return Column(name, kind, alias, nl, en, "EP-Online", **more)  # type: ignore[arg-type]


LABEL_RIJ = _ep(
    "label_rij",
    "integer",
    "Rij",
    "Regelnummer (CSV) of volgnummer (XML) in het geleverde bestand; 1 is de eerste gegevensrij.",
    "Row number (CSV) or sequence number (XML) in the file as delivered; 1 is the first data row.",
    checks={"ge": 1},
)
PAND_IDS = _ep(
    "pand_ids",
    "text",
    "Pand-ID's",
    "BAG-identificaties van de panden van het label, met komma's gescheiden; leeg zonder pand.",
    "BAG identifiers of the label's buildings, separated by commas; empty without any.",
)
DETAILAANDUIDING = _ep(
    "detailaanduiding",
    "text",
    "Detailaanduiding",
    "Aanduiding van een deel van een adres; leeg voor het hele adres.",
    "Marks part of an address; empty for the whole address.",
    width=80,
)
ENERGIELABEL = _ep(
    "energielabel",
    "text",
    "Energielabel",
    "Geregistreerde energieklasse, A++++ tot en met G; leeg zonder geldig geregistreerd label.",
    "Registered energy class, A++++ to G; empty without a valid registered label.",
    width=12,
)
KLASSE_BEKEND = _ep(
    "klasse_bekend",
    "flag",
    "Klasse bekend",
    "Nee als het bestand een klasse geeft die niet in de klassentabel staat.",
    "No where the file gives a class that the class table does not know.",
)
OPNAMEDATUM = _ep("opnamedatum", "date", "Opnamedatum", "Datum van de opname; leeg als die ontbreekt.", "Survey date.")
REGISTRATIEDATUM = _ep(
    "registratiedatum",
    "date",
    "Registratiedatum",
    "Datum van registratie; leeg als die ontbreekt.",
    "Registration date.",
)
LABEL_GELDIG_TOT = _ep(
    "label_geldig_tot",
    "date",
    "Label geldig tot",
    "Laatste dag waarop het label geldt; leeg zonder label.",
    "Last day on which the label is valid; empty without a label.",
)
OPNAME_STATUS = _ep(
    "opname_status",
    "text",
    "Status opname",
    "Vergunningsaanvraag, Oplevering of Bestaand, zoals geregistreerd.",
    "Permit, completion or existing, as registered.",
    width=40,
)
BEREKENINGSTYPE = _ep(
    "berekeningstype",
    "text",
    "Berekeningstype",
    "Rekenmethode zoals geregistreerd.",
    "Calculation method as registered.",
    width=120,
)
LABEL_METHODE = _ep(
    "label_methode",
    "text",
    "Methode label",
    "Rekenregime van het label; energiecijfers van verschillende regimes zijn niet te vergelijken.",
    "Calculation regime of the label; figures of different regimes cannot be compared.",
    width=20,
    options=METHODEN,
)
GEBOUWKLASSE = _ep(
    "gebouwklasse",
    "text",
    "Gebouwklasse",
    "W voor woningbouw, U voor utiliteitsbouw.",
    "W for dwellings, U for utility buildings.",
    width=16,
)
GEBOUWTYPE = _ep(
    "gebouwtype",
    "text",
    "Gebouwtype",
    "Gebouwtype zoals geregistreerd; leeg als het ontbreekt.",
    "Building type as registered; empty where missing.",
    width=80,
)
LABEL_BOUWJAAR = _ep(
    "label_bouwjaar",
    "integer",
    "Bouwjaar volgens label",
    "Bouwjaar zoals bij het label geregistreerd; alleen ter controle.",
    "Construction year as registered with the label; a consistency check only.",
    unit="jaar",
)
LABEL_OPPERVLAKTE_M2 = _ep(
    "label_oppervlakte_m2",
    "real",
    "Oppervlakte volgens label",
    "Gebruiksoppervlakte van de thermische zone; alleen ter controle.",
    "Usable area of the thermal zone; a consistency check only.",
    unit="m²",
)
ENERGIE_INDEX = _ep(
    "energie_index",
    "real",
    "Energie-index",
    "Energie-index van het Nader Voorschrift; leeg bij andere regimes.",
    "Energy index of the Nader Voorschrift; empty for other regimes.",
)
PRIMAIRE_FOSSIELE_ENERGIE = _ep(
    "primaire_fossiele_energie_kwh_m2",
    "real",
    "Primaire fossiele energie",
    "Primair fossiel energiegebruik volgens NTA 8800; leeg bij andere regimes.",
    "Primary fossil energy use by NTA 8800; empty for other regimes.",
    unit="kWh/m² per jaar",
)
LABEL_STATUS = Column(
    "label_status",
    "text",
    "Status label",
    "geldig: geregistreerd en geldig; verlopen: geregistreerd, niet meer geldig; geschat: geen registratie,"
    " score geschat uit bouwperiode; geen: niets bekend.",
    "geldig: registered and valid; verlopen: registered, no longer valid; geschat: not registered, score"
    " estimated from the construction period; geen: nothing known.",
    "twentegeo",
    width=10,
    options=LABEL_STATUSSEN,
)
LABEL_VERLOPEN = Column(
    "label_verlopen",
    "text",
    "Verlopen label",
    "Energieklasse van het laatste verlopen label; leeg als er een geldig of geen label is.",
    "Energy class of the latest expired label; empty where there is a valid one or none.",
    "EP-Online",
    width=12,
)
LABEL_SLEUTEL = Column(
    "label_sleutel",
    "text",
    "Gekoppeld op",
    "Sleutel waarop het label aan de woning gekoppeld is; leeg zonder label.",
    "Key on which the label was matched to the dwelling; empty without a label.",
    "twentegeo",
    width=24,
    options=SLEUTELS,
)
LABEL_SLECHTSTE = Column(
    "label_slechtste",
    "text",
    "Slechtste label",
    "Slechtste geldige geregistreerde klasse in het pand; leeg als er geen is.",
    "Worst valid registered class in the building; empty where there is none.",
    "EP-Online",
    width=12,
)
LABEL_BESTE = Column(
    "label_beste",
    "text",
    "Beste label",
    "Beste geldige geregistreerde klasse in het pand; leeg als er geen is.",
    "Best valid registered class in the building; empty where there is none.",
    "EP-Online",
    width=12,
)
N_LABELS = Column(
    "n_labels",
    "integer",
    "Woningen met label",
    "Aantal woningen met een geldig geregistreerd label.",
    "Number of dwellings with a valid registered label.",
    "twentegeo",
    checks={"ge": 0},
)
LABEL_DEKKING = Column(
    "label_dekking",
    "real",
    "Labeldekking",
    "Deel van de woningen met een geldig geregistreerd label; leeg zonder woningen.",
    "Share of the dwellings with a valid registered label; empty without dwellings.",
    "twentegeo",
    unit="%",
    checks={"in_range": {"min_value": 0, "max_value": 100}},
)
AANDEEL_EFG = Column(
    "aandeel_efg",
    "real",
    "Aandeel label E, F of G",
    "Deel van de woningen met een geldig geregistreerd label dat klasse E, F of G heeft; leeg zonder labels.",
    "Share of the dwellings with a valid registered label that have class E, F or G; empty without labels.",
    "twentegeo",
    unit="%",
    checks={"in_range": {"min_value": 0, "max_value": 100}},
)
