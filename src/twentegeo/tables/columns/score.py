"""What twentegeo computes. Scores run from 0 to 100; 100 is most urgent."""

from __future__ import annotations

from twentegeo.tables.contract import Column

_SCORE = {"in_range": {"min_value": 0, "max_value": 100}}


def _score(name: str, alias: str, nl: str, en: str) -> Column:
    return Column(name, "real", alias, nl, en, "twentegeo", unit="0-100", checks=_SCORE)


SCORE_ENERGIE = _score(
    "score_energie",
    "Score energie",
    "Energieopgave, 100 is het meest urgent; op een gebied het gemiddelde van de woningen. Leeg als niets bekend is.",
    "Energy need, 100 is most urgent; on an area the mean of its dwellings. Empty where nothing is known.",
)
SCORE_OUDERDOM = _score(
    "score_ouderdom",
    "Score bouwperiode",
    "Opgave naar bouwperiode, 100 is de oudste; leeg als het bouwjaar onbekend is.",
    "Need by construction period, 100 is the oldest; empty where the year is unknown.",
)
SCORE_PRIORITEIT = _score(
    "score_prioriteit",
    "Score prioriteit",
    "Gewogen score van energie en bouwperiode, 100 is het meest urgent; op een gebied het gemiddelde van de"
    " woningen. Leeg als de energiescore onbekend is.",
    "Weighted score of energy and construction period, 100 is most urgent; on an area the mean of its"
    " dwellings. Empty where the energy score is unknown.",
)
SCORE_BRON = Column(
    "score_bron",
    "text",
    "Herkomst energiescore",
    "Waar de energiescore op rust: geregistreerd label, verlopen label, of een schatting uit de bouwperiode.",
    "What the energy score rests on: a registered label, an expired one, or an estimate from the period.",
    "twentegeo",
    width=16,
    options=("geregistreerd", "verlopen", "geschat", "onbekend"),
)
AANDEEL_GESCHAT = Column(
    "aandeel_geschat",
    "real",
    "Aandeel geschat",
    "Deel van de woningen waarvan de energiescore geschat is; leeg zonder woningen.",
    "Share of the dwellings whose energy score is an estimate; empty without dwellings.",
    "twentegeo",
    unit="%",
    checks=_SCORE,
)
RANG = Column(
    "rang",
    "integer",
    "Rang",
    "Rang naar score prioriteit binnen de laag; 1 is het meest urgent. Leeg zonder score.",
    "Rank by priority score within the layer; 1 is most urgent. Empty without a score.",
    "twentegeo",
    checks={"ge": 1},
)
GEBIED_ID = Column(
    "gebied_id",
    "text",
    "Gebied-ID",
    "Identificatie van het prioriteitsgebied.",
    "Identifier of the priority area.",
    "twentegeo",
    width=24,
)
GEMEENTEN = Column(
    "gemeenten",
    "text",
    "Gemeenten",
    "Namen van de gemeenten waar het gebied woningen heeft, grootste aandeel eerst, met komma's gescheiden.",
    "Names of the municipalities in which the area has dwellings, largest share first, separated by commas.",
    "twentegeo",
    width=240,
)
GRENSOVERSCHRIJDEND = Column(
    "grensoverschrijdend",
    "flag",
    "Grensoverschrijdend",
    "Ja als ten minste twee gemeenten elk een aanmerkelijk deel van de woningen hebben.",
    "Yes where at least two municipalities each hold a considerable share of the dwellings.",
    "twentegeo",
)
TOELICHTING = Column(
    "toelichting",
    "text",
    "Toelichting",
    "Waarom dit gebied prioriteit heeft, in gewone taal met getallen.",
    "Why this area has priority, in plain Dutch with numbers.",
    "twentegeo",
    width=1000,
)
