"""Figures about people with their intervals. They stand on areas only, never on a dwelling or building."""

from __future__ import annotations

from typing import Final

from twentegeo.tables.contract import Column

_SHARE: Final = {"in_range": {"min_value": 0, "max_value": 100}}
_CBS: Final = "CBS"
_OWN: Final = "twentegeo"


def _real(name: str, alias: str, texts: tuple[str, str], unit: str | None, source: str = _OWN) -> Column:
    checks = _SHARE if unit in ("%", "0-100") else {}
    return Column(name, "real", alias, *texts, source, unit=unit, checks=checks)


WAARDE_LAAG = _real(
    "waarde_laag",
    "Ondergrens",
    (
        "Ondergrens van de waarde door afronding, onderdrukking of een hoger niveau; leeg als niets bekend is.",
        "Lower end of the value by rounding, suppression or a higher level; empty where nothing is known.",
    ),
    None,
)
WAARDE_HOOG = _real(
    "waarde_hoog",
    "Bovengrens",
    (
        "Bovengrens van de waarde door afronding, onderdrukking of een hoger niveau; leeg als niets bekend is.",
        "Upper end of the value by rounding, suppression or a higher level; empty where nothing is known.",
    ),
    None,
)
SIGMA_WAARDE = _real(
    "sigma_waarde",
    "Standaardfout waarde",
    (
        "Standaardfout van de waarde; leeg als alleen grenzen bekend zijn.",
        "Standard error of the value; empty where only bounds are known.",
    ),
    None,
)
GRIJZE_DRUK = _real(
    "grijze_druk",
    "Grijze druk",
    (
        "Inwoners van 65 jaar en ouder per 100 inwoners van 20 tot en met 64; leeg als de leeftijden ontbreken.",
        "Inhabitants of 65 and over per 100 aged 20 to 64; empty where the ages are missing.",
    ),
    "per 100",
)
GRIJZE_DRUK_LAAG = _real(
    "grijze_druk_laag",
    "Grijze druk, ondergrens",
    ("Ondergrens: alle 15- tot 25-jarigen als 20 of ouder geteld.", "Lower end: all aged 15-24 counted as 20-24."),
    "per 100",
)
GRIJZE_DRUK_HOOG = _real(
    "grijze_druk_hoog",
    "Grijze druk, bovengrens",
    (
        "Bovengrens: geen 15- tot 25-jarige als 20 of ouder geteld; leeg als niets haar begrenst.",
        "Upper end: none aged 15-24 counted as 20-24; empty where nothing limits it.",
    ),
    "per 100",
)


def _level(of: str, alias: str) -> Column:
    return Column(
        f"{of}_niveau",
        "text",
        alias,
        (
            f"Hoogste niveau waar een cijfer onder {of} van komt: de buurt zelf, of de wijk of gemeente waar zij in"
            f" ligt omdat CBS het cijfer van de buurt niet geeft. Leeg zonder {of}."
        ),
        (
            f"Highest level that a figure under {of} comes from: the neighbourhood itself, or its district or"
            f" municipality because CBS does not give the neighbourhood's. Empty without {of}."
        ),
        _OWN,
        width=10,
        options=("buurt", "wijk", "gemeente"),
    )


GRIJZE_DRUK_NIVEAU = _level("grijze_druk", "Grijze druk, niveau")
AANDEEL_GROOT = _real(
    "aandeel_groot",
    "Aandeel grote woningen",
    (
        "Deel van de woningen met een gebruiksoppervlakte vanaf de grens voor groot; leeg zonder oppervlaktes.",
        "Share of the dwellings with a floor area from the bound for large; empty without areas.",
    ),
    "%",
)
WOONRUIMTE_M2_PP = _real(
    "woonruimte_m2_pp",
    "Woonruimte per persoon",
    (
        (
            "Gemiddelde gebruiksoppervlakte gedeeld door de gemiddelde huishoudensgrootte; leeg als een van beide"
            " ontbreekt."
        ),
        "Mean floor area over mean household size; empty where either is missing.",
    ),
    "m²",
)
MISMATCH = _real(
    "mismatch",
    "Mismatch huishouden en woning",
    (
        (
            "Grote woningen en kleine, ouder wordende huishoudens samen: meetkundig gemiddelde van de aandelen grote"
            " woningen, 65-plussers en eenpersoonshuishoudens. Leeg als een ervan ontbreekt."
        ),
        (
            "Large dwellings and small ageing households together: geometric mean of the shares of large dwellings,"
            " people of 65 and over, and one-person households. Empty where one is missing."
        ),
    ),
    "0-100",
)
MISMATCH_LAAG = _real(
    "mismatch_laag",
    "Mismatch, ondergrens",
    ("Mismatch met elke ondergrens.", "Mismatch with every lower end."),
    "0-100",
)
MISMATCH_HOOG = _real(
    "mismatch_hoog",
    "Mismatch, bovengrens",
    ("Mismatch met elke bovengrens.", "Mismatch with every upper end."),
    "0-100",
)
MISMATCH_NIVEAU = _level("mismatch", "Mismatch, niveau")


VARIANT = Column(
    "variant",
    "text",
    "Variant",
    "Variant van de prognose.",
    "Variant of the prognosis: low, middle, high.",
    "prognose",
    width=10,
    options=("laag", "midden", "hoog"),
)
JAAR = Column("jaar", "integer", "Jaar", "Jaar van de prognose.", "Year of the prognosis.", "prognose", unit="jaar")
HUISHOUDENS = Column(
    "huishoudens",
    "real",
    "Huishoudens",
    "Verwacht aantal huishoudens van de gemeente.",
    "Expected number of households of the municipality.",
    "prognose",
    checks={"gt": 0},
)


def _prognosis(variant: str) -> Column:
    return _real(
        f"hh_prognose_{variant}",
        f"Prognose huishoudens, {variant}",
        (
            (
                f"Verandering van het aantal huishoudens van de gemeente van prognose_vanaf tot prognose_horizon,"
                f" variant {variant}; een scenario van de gemeente, geen cijfer van de buurt. Leeg zonder prognose."
            ),
            (
                f"Change in the municipality's households from prognose_vanaf to prognose_horizon, variant {variant};"
                " a scenario of the municipality, no figure of the neighbourhood. Empty without a prognosis."
            ),
        ),
        "% verandering",
        "prognose",
    )


HH_PROGNOSE = tuple(_prognosis(variant) for variant in ("laag", "midden", "hoog"))

PROGNOSE_VANAF = Column(
    "prognose_vanaf",
    "integer",
    "Begin prognose",
    "Jaar waarvan af de verandering gerekend is; leeg zonder prognose.",
    "Year from which the change is counted; empty without a prognosis.",
    "prognose",
    unit="jaar",
)
PROGNOSE_HORIZON = Column(
    "prognose_horizon",
    "integer",
    "Horizon prognose",
    "Laatste jaar tot waar de prognose gebruikt is; leeg zonder prognose.",
    "Last year up to which the prognosis is used; empty without one.",
    "prognose",
    unit="jaar",
)
