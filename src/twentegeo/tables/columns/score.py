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
SCORE_PRIORITEIT = _score(
    "score_prioriteit",
    "Score prioriteit",
    "Gewogen meetkundig gemiddelde van de pijlers energie en levensloop, en op buurten, wijken, gemeenten en"
    " prioriteitsgebieden ook vergrijzing; 100 is het meest urgent. Alleen wat op alle pijlers slecht scoort komt hoog"
    " uit. Leeg als energie of levensloop onbekend is.",
    "Weighted geometric mean of the pillars energy and life-course, and on neighbourhoods, districts, municipalities"
    " and priority areas ageing too; 100 is most urgent. Only what fails on all pillars comes out high. Empty where"
    " energy or life-course is unknown.",
)
SCORE_BRON = Column(
    "score_bron",
    "text",
    "Herkomst energiescore",
    "Waar de energiescore op rust: een geregistreerd label, een verlopen label, of een schatting uit vergelijkbare"
    " woningen.",
    "What the energy score rests on: a registered label, an expired one, or an estimate from similar dwellings.",
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
    "Identificatie van het prioriteitsgebied; op panden en woningen leeg buiten zulke gebieden.",
    "Identifier of the priority area; on buildings and dwellings empty outside such areas.",
    "twentegeo",
    width=24,
)
AANLEIDING = Column(
    "aanleiding",
    "text",
    "Aanleiding",
    "Waarop de toets het gebied vond: meer woningen met label E, F of G dan soort en bouwperiode doen verwachten, veel"
    " meer dan gemiddeld in de regio, of beide.",
    "What the test found the area on: more dwellings of class E, F or G than kind and period lead one to expect, many"
    " more than average in the region, or both.",
    "twentegeo",
    width=24,
    options=("boven verwachting", "veel opgave", "beide"),
)
N_MOEILIJK_AANPASBAAR = Column(
    "n_moeilijk_aanpasbaar",
    "integer",
    "Woningen moeilijk aanpasbaar",
    "Verwacht aantal woningen dat moeilijk aan te passen is voor ouderen; leeg als niets bekend is.",
    "Expected number of dwellings that are hard to adapt for older people; empty where nothing is known.",
    "twentegeo",
    unit="woningen",
    checks={"ge": 0},
)
REDENEN = Column(
    "redenen",
    "text",
    "Redenen (codes)",
    "Codes van de redenen in de toelichting, de sterkste eerst, met komma's gescheiden.",
    "Codes of the reasons in the explanation, strongest first, separated by commas.",
    "twentegeo",
    width=120,
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
