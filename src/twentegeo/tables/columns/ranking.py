"""Two axes, their blend, and how firm a rank is."""

from __future__ import annotations

from typing import Final

from twentegeo.tables.contract import Column

_SHARE: Final = {"in_range": {"min_value": 0, "max_value": 100}}

KWADRANTEN: Final = ("beide urgent", "vooral energie", "vooral levensloop", "op orde", "onbekend")
PIJLERS: Final = ("energie", "levensloop", "vergrijzing")
FACTOREN: Final = ("gewichten", "gedeelde modelfout", *PIJLERS, "geen")
"""What can dominate the spread of an area's score: the weights, what all areas share, or a pillar's own error."""


def _real(name: str, alias: str, nl: str, en: str, unit: str) -> Column:
    return Column(name, "real", alias, nl, en, "twentegeo", unit=unit, checks=_SHARE)


def _rank(name: str, alias: str, nl: str, en: str) -> Column:
    return Column(name, "integer", alias, nl, en, "twentegeo", checks={"ge": 1})


KWADRANT = Column(
    "kwadrant",
    "text",
    "Kwadrant",
    "Energie tegenover levensloop: welke van beide opgaven boven de drempel ligt; 'onbekend' als een van beide leeg"
    " is.",
    "Energy against life-course: which of the two needs lies above its threshold; 'onbekend' where either is empty.",
    "twentegeo",
    width=20,
    options=KWADRANTEN,
)
SCORE_REKENKUNDIG = _real(
    "score_rekenkundig",
    "Score prioriteit, rekenkundig",
    "Gewogen rekenkundig gemiddelde van dezelfde pijlers, ter vergelijking: hier kan een goede pijler een slechte"
    " geheel goedmaken.",
    "Weighted arithmetic mean of the same pillars, for comparison: here a good pillar can make up for a bad one.",
    "0-100",
)
PERCENTIEL_PRIORITEIT = _real(
    "percentiel_prioriteit",
    "Percentiel prioriteit",
    "Plaats van de score onder alle rijen van de laag; 100 is het meest urgent. Verschuift, anders dan de score, als"
    " andere rijen veranderen.",
    "Place of the score among all rows of the layer; 100 is most urgent. Unlike the score it moves when others do.",
    "0-100",
)


def _pillar(name: str, nl: str, en: str) -> Column:
    return _real(
        f"pijler_{name}",
        f"Pijler {name}",
        f"{nl}, opgerekt tussen vaste grenzen (config/reference/normering.csv) en zo gewogen in de score prioriteit;"
        " 100 is het meest urgent. Leeg als niets bekend is.",
        f"{en}, stretched between frozen limits (config/reference/normering.csv) and weighed like that in the priority"
        " score; 100 is most urgent. Empty where nothing is known.",
        "0-100",
    )


PIJLER_ENERGIE = _pillar("energie", "Score energie", "Energy score")
PIJLER_LEVENSLOOP = _pillar("levensloop", "Score levensloop", "Life-course score")
PIJLER_VERGRIJZING = _pillar(
    "vergrijzing",
    "65-plussers, eenpersoonshuishoudens en de mismatch van huishouden en woning",
    "People of 65 and over, one-person households and the mismatch of household and dwelling",
)
PIJLERKOLOMMEN: Final = (PIJLER_ENERGIE, PIJLER_LEVENSLOOP, PIJLER_VERGRIJZING)

KANS_TOP20 = _real(
    "kans_top20",
    "Kans op top 20",
    "Deel van de trekkingen van gewichten en onzekere waarden waarin het gebied bij de eerste 20 staat.",
    "Share of the draws of weights and uncertain values in which the area is among the first 20.",
    "%",
)
PARTIJEN: Final = ("gemeente", "corporatie", "provincie", "bewoner")
KANS_TOP20_PARTIJ: Final = tuple(
    _real(
        f"kans_top20_{partij}",
        f"Kans op top 20, {partij}",
        f"Deel van de trekkingen met de gewichten van de {partij} waarin het gebied bij de eerste 20 staat.",
        f"Share of the draws with the weights of this party ({partij}) in which the area is among the first 20.",
        "%",
    )
    for partij in PARTIJEN
)
RANG_P10 = _rank("rang_p10", "Rang, 10e percentiel", "Rang in de gunstigste tien procent.", "Rank, 10th percentile.")
RANG_MEDIAAN = _rank("rang_mediaan", "Rang, mediaan", "Middelste rang over de trekkingen.", "Median rank.")
RANG_P90 = _rank("rang_p90", "Rang, 90e percentiel", "Rang in de minst urgente tien procent.", "Rank, 90th percentile.")
BEPALENDE_PIJLER = Column(
    "bepalende_pijler",
    "text",
    "Bepalende pijler",
    "Pijler die het gebied het meest boven het gemiddelde van de gebieden tilt.",
    "Pillar that lifts the area most above the mean of the areas.",
    "twentegeo",
    width=16,
    options=PIJLERS,
)
SIGMA = Column(
    "sigma",
    "real",
    "Standaardfout score",
    "Standaardafwijking van de score prioriteit over de trekkingen.",
    "Standard deviation of the priority score over the draws.",
    "twentegeo",
    unit="punten",
    checks={"ge": 0},
)
P_KLASSE = _real(
    "p_klasse",
    "Kans op de klasse",
    "Kans dat de ware score in dezelfde scoreklasse (van 20 punten) ligt als de getoonde.",
    "Chance that the true score lies in the same class (of 20 points) as the one shown.",
    "%",
)
STABIEL = Column(
    "stabiel",
    "text",
    "Stabiel",
    "Ja als de kans op de getoonde klasse boven de grens ligt; leeg als het gebied geen rang heeft.",
    "Yes (ja) where the chance of the class shown lies above the bound; empty where the area has no rank.",
    "twentegeo",
    width=3,
    options=("ja", "nee"),
)
BEPALENDE_FACTOR = Column(
    "bepalende_factor",
    "text",
    "Bepalende factor onzekerheid",
    "Wat de spreiding van de score het meest veroorzaakt: de gewichten, de modelfout die alle gebieden delen, of de"
    " eigen onzekerheid van een pijler; 'geen' zonder spreiding.",
    "What causes most of the score's spread: the weights, the model error that all areas share, or a pillar's own"
    " uncertainty; 'geen' without spread.",
    "twentegeo",
    width=24,
    options=FACTOREN,
)
CONTROLEERBAARHEID = _real(
    "controleerbaarheid",
    "Controleerbaarheid",
    "Deel van de onzekerheid van de energiescore dat waarnemingen in het gebied zelf wegnemen; 0 is geheel geschat,"
    " 100 geheel geregistreerd.",
    "Part of the uncertainty of the energy score that observations in the area itself remove; 0 is wholly estimated,"
    " 100 wholly registered.",
    "%",
)
GEBIED = Column(
    "gebied",
    "text",
    "Gebied",
    "Identificatie van het gebied waarvan de rang getoetst is.",
    "Identifier of the area whose rank was tested.",
    "twentegeo",
    width=24,
)
