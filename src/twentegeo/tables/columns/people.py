"""CBS figures of an area. A figure that CBS left out is absent, never zero."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from twentegeo.tables.contract import Column


def _cbs(name: str, alias: str, en: str, unit: str | None = None) -> Column:
    share = unit == "%"
    return Column(
        name,
        "real",
        alias,
        f"{alias} volgens CBS; leeg als CBS het cijfer niet geeft of onderdrukt.",
        f"{en} by CBS; empty where CBS does not give or suppresses it.",
        "CBS",
        unit=unit,
        checks={"in_range": {"min_value": 0, "max_value": 100}} if share else {"ge": 0},
    )


AANTAL_INWONERS = _cbs("aantal_inwoners", "Inwoners", "Inhabitants")
AANTAL_HUISHOUDENS = _cbs("aantal_huishoudens", "Huishoudens", "Households")
AANDEEL_15_24 = _cbs("aandeel_15_24", "Aandeel 15 tot en met 24 jaar", "Share aged 15 to 24", "%")
AANDEEL_25_44 = _cbs("aandeel_25_44", "Aandeel 25 tot en met 44 jaar", "Share aged 25 to 44", "%")
AANDEEL_45_64 = _cbs("aandeel_45_64", "Aandeel 45 tot en met 64 jaar", "Share aged 45 to 64", "%")
AANDEEL_65PLUS = _cbs("aandeel_65plus", "Aandeel 65 jaar en ouder", "Share aged 65 and over", "%")
AANDEEL_75PLUS = replace(
    _cbs("aandeel_75plus", "Aandeel 75 jaar en ouder", "Share aged 75 and over", "%"),
    description=(
        "Aandeel 75 jaar en ouder, als de levering een kolom percentage_personen_75_jaar_en_ouder heeft; de Wijk- en"
        " Buurtkaart zelf geeft het niet en dan is het leeg."
    ),
    description_en=(
        "Share aged 75 and over, where the delivery has a column percentage_personen_75_jaar_en_ouder; the CBS map"
        " itself does not give it, and then it is empty."
    ),
    source="CBS, aangevuld",
)
AANDEEL_EENPERSOONS = _cbs(
    "aandeel_eenpersoons", "Aandeel eenpersoonshuishoudens", "Share of one-person households", "%"
)
HUISHOUDENSGROOTTE = _cbs("huishoudensgrootte", "Gemiddelde huishoudensgrootte", "Mean household size", "personen")
WONINGVOORRAAD = _cbs("woningvoorraad", "Woningvoorraad", "Housing stock")
AANDEEL_KOOP = _cbs("aandeel_koop", "Aandeel koopwoningen", "Share of owner-occupied dwellings", "%")
AANDEEL_CORPORATIE = _cbs(
    "aandeel_corporatie",
    "Aandeel corporatiewoningen (van alle woningen)",
    "Share of housing corporation dwellings (of all dwellings)",
    "%",
)
GASVERBRUIK_M3 = _cbs("gasverbruik_m3", "Gemiddeld gasverbruik", "Mean gas use", "m³ per jaar")
STEDELIJKHEID = _cbs("stedelijkheid", "Stedelijkheid (1 zeer sterk - 5 niet)", "Urbanity (1 very - 5 not)")

INDICATOREN: Final = (
    AANTAL_INWONERS,
    AANTAL_HUISHOUDENS,
    AANDEEL_15_24,
    AANDEEL_25_44,
    AANDEEL_45_64,
    AANDEEL_65PLUS,
    AANDEEL_75PLUS,
    AANDEEL_EENPERSOONS,
    HUISHOUDENSGROOTTE,
    WONINGVOORRAAD,
    AANDEEL_KOOP,
    AANDEEL_CORPORATIE,
    GASVERBRUIK_M3,
    STEDELIJKHEID,
)
"""The CBS indicators that are read, in the order in which tables hold them."""

CBS_JAAR = Column(
    "cbs_jaar",
    "integer",
    "CBS-jaar",
    "Jaar van de Wijk- en Buurtkaart.",
    "Year of the CBS map of districts and neighbourhoods.",
    "CBS",
    unit="jaar",
)
CIJFER_JAAR = Column(
    "cijfer_jaar",
    "integer",
    "Jaar van het cijfer",
    "Jaar van de CBS-kaart waar het cijfer uit komt: het nieuwste jaar dat het geeft.",
    "Year of the CBS map that the figure comes from: the latest that gives it.",
    "CBS",
    unit="jaar",
)
INDICATOR = Column(
    "indicator",
    "text",
    "Indicator",
    "Naam van de CBS-indicator.",
    "Name of the CBS indicator.",
    "CBS",
    width=40,
)
WAARDE = Column(
    "waarde",
    "real",
    "Waarde",
    "Waarde van de indicator; leeg als geen niveau haar geeft.",
    "Value of the indicator; empty where no level gives it.",
    "CBS",
)
NIVEAU = Column(
    "niveau",
    "text",
    "Niveau",
    "Niveau waarvan de waarde komt: de buurt zelf, of de wijk of gemeente waar zij in ligt.",
    "Level that the value comes from: the neighbourhood itself, or its district or municipality.",
    "twentegeo",
    width=10,
    options=("buurt", "wijk", "gemeente"),
)
