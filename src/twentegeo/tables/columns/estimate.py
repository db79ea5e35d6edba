"""What is estimated of a dwelling's energy label, and what the estimate rests on."""

from __future__ import annotations

from typing import Final

from twentegeo.tables.contract import Column

WONINGTYPEN: Final = (
    "vrijstaand",
    "2-onder-1-kap",
    "rij hoek",
    "rij tussen",
    "meergezins laag",
    "meergezins midden",
    "meergezins hoog",
)
"""Kinds of dwelling that the national label figures tell apart; multi-family by storeys."""

LABELKLASSEN: Final = ("A+ en beter", "A", "B", "C", "D", "E", "F", "G")
"""Classes of the estimate, best first. Better than A is one class: among existing homes it is rare."""

KANS_KOLOMMEN: Final = ("kans_a_plus", "kans_a", "kans_b", "kans_c", "kans_d", "kans_e", "kans_f", "kans_g")
"""Columns with the chance of each of :data:`LABELKLASSEN`, in the same order."""

GEREGISTREERD: Final = ("A_geregistreerd_nta8800", "B_geregistreerd_ouder")
GESCHAT: Final = ("C_geschat_blok", "D_geschat_buurt", "E_geschat_type_periode")
ONBEKEND: Final = "X_onbekend"

BEWIJSGRADEN: Final = (*GEREGISTREERD, *GESCHAT, ONBEKEND)
"""How strong the evidence for a class is, best first."""

NIVEAUS: Final = ("blok", "buurt", "wijk", "gemeente", "regio", "landelijk")
"""Lowest level at which enough labels of the same type and period were found."""

ZEKERHEDEN: Final = ("hoog", "middel", "laag")

_PERCENT = {"in_range": {"min_value": 0, "max_value": 100}}


def _text(name: str, alias: str, nl: str, en: str, options: tuple[str, ...] = ()) -> Column:
    width = max((len(option) for option in options), default=16)
    return Column(name, "text", alias, nl, en, "twentegeo", width=width, options=options)


def _share(name: str, alias: str, nl: str, en: str) -> Column:
    return Column(name, "real", alias, nl, en, "twentegeo", unit="%", checks=_PERCENT)


WONINGTYPE = _text(
    "woningtype",
    "Woningtype",
    "Soort woning, afgeleid uit aaneengebouwde panden met een woning, het aantal woningen in het pand en de"
    " bouwlagen; leeg zonder pand.",
    "Kind of dwelling, from attached buildings with a dwelling, the number of dwellings and the storeys; empty"
    " without a building.",
    WONINGTYPEN,
)
TYPE_ZEKERHEID = _text(
    "type_zekerheid",
    "Zekerheid woningtype",
    "hoog: alle oppervlakten in het pand bekend; middel: een deel aangevuld met het gemiddelde van het pand; laag:"
    " geen enkele bekend, bouwlagen met een gewone woninggrootte berekend.",
    "hoog: all floor areas in the building known; middel: some filled in with the building's mean; laag: none known,"
    " storeys computed with an ordinary dwelling size.",
    ZEKERHEDEN,
)
BOUWLAGEN = Column(
    "bouwlagen",
    "integer",
    "Bouwlagen (berekend)",
    "Aantal bouwlagen: gebruiksoppervlakte gedeeld door grondvlak, afgerond; een schatting, geen registratie.",
    "Number of storeys: usable floor area over footprint, rounded; an estimate, not a registration.",
    "twentegeo",
    checks={"ge": 1},
)
VORMFACTOR = Column(
    "vormfactor",
    "real",
    "Vormfactor",
    "Warmteverliezend oppervlak (vrije gevels, dak en vloer) gedeeld door gebruiksoppervlakte; leeg als de"
    " oppervlakte onbekend is.",
    "Heat-losing surface (free walls, roof and floor) over usable floor area; empty where the area is unknown.",
    "twentegeo",
    unit="m²/m²",
    checks={"ge": 0},
)
REEKS_ID = _text(
    "reeks_id",
    "Reeks",
    "Laagste pand-ID van de aaneengebouwde panden van hetzelfde soort en dezelfde bouwtijd.",
    "Lowest building id of the attached buildings of the same kind and time.",
)
BEWIJSGRAAD = _text(
    "bewijsgraad",
    "Bewijsgraad label",
    "Waar de klasse op rust: A geregistreerd met NTA 8800, B geregistreerd met een oudere methode of verlopen, C"
    " geschat uit de eigen reeks, D geschat uit de buurt, E geschat uit type en bouwperiode in een ruimer gebied, X"
    " onbekend.",
    "What the class rests on: A registered by NTA 8800, B registered by an older method or expired, C estimated from"
    " its own series, D from its neighbourhood, E from type and period in a wider area, X unknown.",
    BEWIJSGRADEN,
)
SCHATTING_NIVEAU = _text(
    "schatting_niveau",
    "Niveau van de schatting",
    "Laagste niveau met genoeg labels van hetzelfde type en dezelfde bouwperiode; landelijk als de regio er te weinig"
    " heeft. Leeg bij een geregistreerd label en als niets bekend is.",
    "Lowest level with enough labels of the same type and period; landelijk where the region has too few. Empty with"
    " a registered label and where nothing is known.",
    NIVEAUS,
)
N_BEWIJS = Column(
    "n_bewijs",
    "integer",
    "Labels onder de schatting",
    "Aantal geregistreerde labels van hetzelfde type en dezelfde bouwperiode op dat niveau; leeg bij een geregistreerd"
    " label en als niets bekend is.",
    "Number of registered labels of the same type and period at that level; empty with a registered label and where"
    " nothing is known.",
    "twentegeo",
    checks={"ge": 0},
)
LABEL_VERWACHT = _text(
    "label_verwacht",
    "Verwacht label",
    "De geregistreerde klasse, of anders de middelste klasse van de schatting (mediaan); leeg als niets bekend is.",
    "The registered class, or else the middle class of the estimate (median); empty where nothing is known.",
    LABELKLASSEN,
)
P_EFG = _share(
    "p_efg",
    "Kans op label E, F of G",
    "Kans dat de woning volgens NTA 8800 klasse E, F of G heeft: 0 of 100 met een NTA 8800-label, ertussen met een"
    " ouder label of geschat; leeg als niets bekend is.",
    "Chance that the dwelling has class E, F or G by NTA 8800: 0 or 100 with an NTA 8800 label, in between with an"
    " older label or estimated; empty where nothing is known.",
)
LABEL_P10 = _text(
    "label_p10",
    "Label, gunstige grens",
    "Gunstige grens van het 90%-interval van de klasse; de geregistreerde klasse bij een NTA 8800-label. Leeg als"
    " niets bekend is.",
    "Favourable bound of the 90% interval of the class; the registered class with an NTA 8800 label. Empty where"
    " nothing is known.",
    LABELKLASSEN,
)
LABEL_P90 = _text(
    "label_p90",
    "Label, ongunstige grens",
    "Ongunstige grens van het 90%-interval van de klasse; de geregistreerde klasse bij een NTA 8800-label. Leeg als"
    " niets bekend is.",
    "Unfavourable bound of the 90% interval of the class; the registered class with an NTA 8800 label. Empty where"
    " nothing is known.",
    LABELKLASSEN,
)
KANSEN = tuple(
    _share(
        name,
        f"Kans op {label}",
        f"Kans op klasse {label} volgens NTA 8800; leeg als niets bekend is.",
        f"Chance of class {label.replace(' en beter', ' or better')} by NTA 8800; empty where nothing is known.",
    )
    for name, label in zip(KANS_KOLOMMEN, LABELKLASSEN, strict=True)
)
AANDEEL_EFG_VERWACHT = _share(
    "aandeel_efg_verwacht",
    "Verwacht aandeel E, F of G",
    "Deel van alle woningen dat klasse E, F of G heeft: geregistreerde zoals geregistreerd, de andere naar hun kans."
    " Leeg als van geen woning iets bekend is.",
    "Share of all dwellings with class E, F or G: registered ones as registered, the others by their chance. Empty"
    " where nothing is known of any.",
)
REGISTRATIE_BIAS = Column(
    "registratie_bias",
    "real",
    "Vertekening registratie",
    "Aandeel E, F of G onder de geregistreerde woningen min het verwachte aandeel onder alle woningen; positief:"
    " de registratie oogt slechter dan de voorraad. Leeg zonder geregistreerde woningen.",
    "Share of E, F or G among registered dwellings minus the expected share among all; positive: the registration"
    " looks worse than the stock. Empty without registered dwellings.",
    "twentegeo",
    unit="procentpunt",
    checks={"in_range": {"min_value": -100, "max_value": 100}},
)
