"""What changed since the previous release, and why."""

from __future__ import annotations

from typing import Final

from twentegeo.tables.contract import Column

VERVALLEN, NIEUW = "woning vervallen", "nieuwe woning"
LABEL_NIEUW, LABEL_VERVANGEN = "nieuw label", "label vervangen"
LABEL_VERLOPEN, LABEL_INGETROKKEN = "label verlopen", "label ingetrokken"
GEWIJZIGD, GRENZEN = "woning gewijzigd", "grenzen gewijzigd"
BRON, METHODE, INSTELLINGEN = "bron herzien", "methode", "instellingen"

OORZAKEN: Final = (
    VERVALLEN,
    NIEUW,
    LABEL_NIEUW,
    LABEL_VERVANGEN,
    LABEL_VERLOPEN,
    LABEL_INGETROKKEN,
    GEWIJZIGD,
    GRENZEN,
    BRON,
    METHODE,
    INSTELLINGEN,
)
"""Why something changed, in the order in which a difference is attributed."""

EIGEN: Final = OORZAKEN[: OORZAKEN.index(BRON)]
"""What happened to the dwelling itself, or to the area that it lies in; the others come from elsewhere."""

_MEANING: Final = {
    VERVALLEN: ("woningen die gesloopt of ingetrokken zijn of geen woonfunctie meer hebben", "dwellings that went"),
    NIEUW: ("woningen die er niet waren", "dwellings that were not there"),
    LABEL_NIEUW: ("een geldig label waar er geen was", "a valid label where there was none"),
    LABEL_VERVANGEN: ("een ander geldig label in plaats van een geldig", "another valid label for a valid one"),
    LABEL_VERLOPEN: ("een label dat niet meer geldig is", "a label that is no longer valid"),
    LABEL_INGETROKKEN: ("een label dat uit het register is", "a label that left the register"),
    GEWIJZIGD: ("andere kenmerken van de woning in de BAG", "other properties of the dwelling in the BAG"),
    GRENZEN: ("een andere buurt, wijk of gemeente op dezelfde plaats", "another area on the same place"),
    BRON: (
        "gegevens elders: andere registraties in de schatting, percelen, cijfers van het CBS",
        "data elsewhere: other registrations in the estimate, parcels, figures of CBS",
    ),
    METHODE: ("een andere versie van de rekenregels", "another version of the method"),
    INSTELLINGEN: ("andere instellingen, zoals gewichten", "other settings, such as weights"),
}


def slug(cause: str) -> str:
    """Name a cause as part of a column name."""
    return cause.replace(" ", "_")


def _effect(cause: str) -> Column:
    nl, en = _MEANING[cause]
    return Column(
        f"door_{slug(cause)}",
        "real",
        f"Door {cause}",
        f"Deel van het verschil door {nl}; leeg als er geen verschil te geven is.",
        f"Part of the difference due to {en}; empty where there is no difference to give.",
        "twentegeo",
        unit="punten",
    )


def _count(cause: str) -> Column:
    nl, en = _MEANING[cause]
    return Column(
        f"n_{slug(cause)}",
        "integer",
        f"Aantal {cause}",
        f"Woningen met {nl}.",
        f"Dwellings with {en}.",
        "twentegeo",
        checks={"ge": 0},
    )


DOOR: Final = {cause: _effect(cause) for cause in OORZAKEN}
"""The part of a difference that each cause accounts for; together they are the difference, to the hundredth."""

AANTAL: Final = {cause: _count(cause) for cause in EIGEN}
"""How many dwellings each cause touched; a dwelling can count with several."""

OORZAAK = Column(
    "oorzaak",
    "text",
    "Oorzaak",
    "De eerste oorzaak die op deze woning van toepassing is, in de volgorde van de handleiding.",
    "The first cause that applies to this dwelling, in the order of the manual.",
    "twentegeo",
    width=20,
    options=OORZAKEN,
)
OORZAKEN_ALLE = Column(
    "oorzaken",
    "text",
    "Alle oorzaken",
    "Alle oorzaken die op deze woning van toepassing zijn.",
    "All causes that apply to this dwelling.",
    "twentegeo",
    width=120,
)
WAT = Column(
    "wat",
    "text",
    "Wat er veranderde",
    "Wat er aan de woning veranderde, van oud naar nieuw; leeg als er aan de woning zelf niets veranderde.",
    "What changed about the dwelling, from old to new; empty where nothing changed about the dwelling itself.",
    "twentegeo",
    width=400,
)
GEBIEDSOORT = Column(
    "gebiedsoort",
    "text",
    "Soort gebied",
    "Soort gebied waar de rij over gaat.",
    "Kind of area that the row is about.",
    "twentegeo",
    width=10,
    options=("buurt", "wijk", "gemeente"),
)
SCORE_OUD = Column(
    "score_oud",
    "real",
    "Score prioriteit, oud",
    "Score prioriteit in de vorige release; leeg als die er niet was.",
    "Priority score in the previous release; empty where there was none.",
    "twentegeo",
    unit="0-100",
)
SCORE_NIEUW = Column(
    "score_nieuw",
    "real",
    "Score prioriteit, nieuw",
    "Score prioriteit in deze release; leeg als die er niet is.",
    "Priority score in this release; empty where there is none.",
    "twentegeo",
    unit="0-100",
)
VERSCHIL = Column(
    "verschil",
    "real",
    "Verschil",
    "Score nieuw min oud; leeg als een van beide ontbreekt. De kolommen 'door ...' tellen hier precies toe op.",
    "Score new minus old; empty where either is missing. The columns 'door ...' add up to it exactly.",
    "twentegeo",
    unit="punten",
)
N_WONINGEN_OUD = Column(
    "n_woningen_oud",
    "integer",
    "Aantal woningen, oud",
    "Aantal woningen in de vorige release; leeg als het gebied er niet was.",
    "Number of dwellings in the previous release; empty where the area was not there.",
    "twentegeo",
)
N_WONINGEN_NIEUW = Column(
    "n_woningen_nieuw",
    "integer",
    "Aantal woningen, nieuw",
    "Aantal woningen in deze release; leeg als het gebied er niet meer is.",
    "Number of dwellings in this release; empty where the area is gone.",
    "twentegeo",
)
N_SCORE_ANDERS = Column(
    "n_score_anders",
    "integer",
    "Woningen met een andere score",
    "Woningen waarvan de score anders is dan in de vorige release, door welke oorzaak ook.",
    "Dwellings whose score differs from the previous release, whatever the cause.",
    "twentegeo",
    checks={"ge": 0},
)
