"""What twentegeo judges of life-course suitability. There is no register of accessibility: always a chance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from twentegeo.tables.contract import Column

if TYPE_CHECKING:
    from collections.abc import Mapping

LEVENSLOOP_KLASSEN: Final = ("nultreden_waarschijnlijk", "aanpasbaar", "moeilijk_aanpasbaar", "onbekend")
"""Best first; unknown is a class of its own, never the worst."""

REDENEN: Final[Mapping[str, str]] = {
    "LIFT_WRSCH": "lift waarschijnlijk, gezien bouwlagen en bouwjaar",
    "BEGANE_GROND": "(een deel van) de woningen ligt op de begane grond",
    "EEN_LAAG": "woning van één bouwlaag",
    "SLAPEN_BG_PAST": "slapen en baden past op de begane grond",
    "UITBOUW_PAST": "uitbouw met slaapkamer en badkamer past op het perceel",
    "GEEN_LIFT": "gestapeld zonder waarschijnlijke lift",
    "SMAL": "smaller dan de minimale beukmaat",
    "TE_KLEIN": "te klein voor de functies die gelijkvloers moeten",
    "MEERLAAGS_VBO": "woning in een gestapeld pand die zelf meer lagen heeft",
    "GEEN_HOOGTE": "bouwlagen niet af te leiden: hoogte of oppervlakte ontbreekt",
    "GEEN_PERCEEL": "perceel onbekend, dus ruimte voor een uitbouw ook",
}
"""Reason codes in the order in which a list of reasons holds them, and what each says."""

_SHARE: Final = {"in_range": {"min_value": 0, "max_value": 100}}
_M2: Final = {"ge": 0}


def _own(name: str, alias: str, nl: str, en: str, unit: str = "%") -> Column:
    return Column(name, "real", alias, nl, en, "twentegeo", unit=unit, checks=_SHARE if unit != "m²" else _M2)


GESTAPELD = Column(
    "gestapeld",
    "flag",
    "Gestapeld",
    "Ja als de woning in een pand met woningen boven elkaar ligt.",
    "Yes where the dwelling lies in a building with dwellings above each other.",
    "twentegeo",
)
LEVENSLOOP_KLASSE = Column(
    "levensloop_klasse",
    "text",
    "Klasse levensloop",
    "Waarschijnlijke geschiktheid voor ouder worden. Bij gestapelde bouw alleen ingevuld als zij voor elke plaats in"
    " het pand geldt; anders 'onbekend', want de BAG zegt niet op welke laag een woning ligt.",
    "Probable suitability for growing old in. In stacked buildings given only where it holds for every position;"
    " else 'onbekend', because the BAG does not say on which floor a dwelling lies.",
    "twentegeo",
    width=24,
    options=LEVENSLOOP_KLASSEN,
)
LEVENSLOOP_REDEN = Column(
    "levensloop_reden",
    "text",
    "Reden klasse levensloop",
    "Codes van wat de klasse bepaalt, de bepalende eerst, met komma's gescheiden: "
    + "; ".join(f"{code}: {text}" for code, text in REDENEN.items())
    + ".",
    "Codes of what decides the class, the deciding one first, separated by commas.",
    "twentegeo",
    width=80,
)
P_NULTREDEN = _own(
    "p_nultreden",
    "Kans op nultreden",
    "Geschatte kans dat de woning zonder trappen bereikbaar en bewoonbaar is; bij gestapelde bouw het gemiddelde"
    " over de plaatsen in het pand. Leeg als onbekend.",
    "Estimated chance that the dwelling can be reached and lived in without stairs; in stacked buildings the mean"
    " over the positions. Empty where unknown.",
)
P_AANPASBAAR = _own(
    "p_aanpasbaar",
    "Kans op aanpasbaar",
    "Geschatte kans dat de woning met een verbouwing nultreden wordt. Leeg als onbekend.",
    "Estimated chance that the dwelling can be altered to be step-free. Empty where unknown.",
)
P_MOEILIJK = _own(
    "p_moeilijk",
    "Kans op moeilijk aanpasbaar",
    "Geschatte kans dat de woning moeilijk nultreden te maken is. Leeg als onbekend.",
    "Estimated chance that the dwelling is hard to make step-free. Empty where unknown.",
)
SCORE_LEVENSLOOP = _own(
    "score_levensloop",
    "Score levensloop",
    "Levensloopopgave, 100 is het meest urgent: verwachte klassescore; op een gebied het gemiddelde van de woningen."
    " Leeg als niets bekend is.",
    "Life-course need, 100 is most urgent: expected score of the class; on an area the mean of its dwellings. Empty"
    " where nothing is known.",
    unit="0-100",
)
AANDEEL_NULTREDEN = _own(
    "aandeel_nultreden",
    "Aandeel nultreden",
    "Verwacht deel van de woningen dat nultreden is; telt met aanpasbaar, moeilijk en onbekend op tot 100.",
    "Expected share of dwellings that is step-free; adds to 100 with adaptable, hard and unknown.",
)
AANDEEL_AANPASBAAR = _own(
    "aandeel_aanpasbaar",
    "Aandeel aanpasbaar",
    "Verwacht deel van de woningen dat aanpasbaar is.",
    "Expected share of dwellings that is adaptable.",
)
AANDEEL_MOEILIJK = _own(
    "aandeel_moeilijk",
    "Aandeel moeilijk aanpasbaar",
    "Verwacht deel van de woningen dat moeilijk aanpasbaar is.",
    "Expected share of dwellings that is hard to adapt.",
)
AANDEEL_LEVENSLOOP_ONBEKEND = _own(
    "aandeel_levensloop_onbekend",
    "Aandeel levensloop onbekend",
    "Deel van de woningen waarvan geen kans te schatten is.",
    "Share of dwellings of which no chance can be estimated.",
)
AANDEEL_GESCHIKT_VERGELIJK = _own(
    "aandeel_geschikt_vergelijk",
    "Aandeel geschikt (vergelijkingswaarde)",
    "Vergelijkingswaarde volgens de rekenregel van Geroscoop: nultreden gestapeld plus de helft van de mogelijk"
    " geschikte eengezinswoningen, gedeeld door alle woningen.",
    "Comparison value by Geroscoop's rule: step-free stacked dwellings plus half of the potentially suitable"
    " single-family ones, over all dwellings.",
)
LIFT_WAARSCHIJNLIJK = Column(
    "lift_waarschijnlijk",
    "text",
    "Lift waarschijnlijk",
    "Of een lift waarschijnlijk is, gezien bouwlagen en bouwjaar; leeg bij niet-gestapelde panden.",
    "Whether a lift is probable given storeys and year; empty for buildings that are not stacked.",
    "twentegeo",
    width=10,
    options=("ja", "nee", "onbekend"),
)
P_LIFT = _own(
    "p_lift",
    "Kans op lift",
    "Geschatte kans op een lift, gezien bouwlagen en bouwjaar; leeg bij niet-gestapelde panden of zonder hoogte.",
    "Estimated chance of a lift given storeys and year; empty where not stacked or without height.",
)
AANDEEL_BEGANE_GROND = _own(
    "aandeel_begane_grond",
    "Aandeel begane grond",
    "Deel van de woningen in het pand dat naar verwachting op de begane grond ligt: grondvlak gedeeld door"
    " woonoppervlak; leeg bij niet-gestapelde panden.",
    "Share of the building's dwellings expected on the ground floor: footprint over floor area; empty where not"
    " stacked.",
)
UITBOUWRUIMTE_M2 = _own(
    "uitbouwruimte_m2",
    "Uitbouwruimte",
    "Ruimte voor een uitbouw per woning: wat van het onbebouwde perceel vergunningvrij bebouwd mag worden; nul als"
    " het perceel te smal is, leeg zonder perceel.",
    "Room to extend per dwelling: what of the open parcel may be built on without a permit; zero where the parcel is"
    " too narrow, empty without a parcel.",
    unit="m²",
)
