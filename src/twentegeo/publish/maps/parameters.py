"""What steers the map book."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from twentegeo.tables.parameters import Parameters


class MapBookParams(Parameters):
    """How the maps on paper are drawn."""

    tekenaar: Literal["auto", "qgis", "matplotlib"] = Field(
        default="auto",
        description=(
            "Wie de bladen tekent (geen eenheid): auto neemt QGIS waar het geïnstalleerd is en anders matplotlib. De"
            " indeling van een blad is gelijk."
        ),
    )
    dpi_pdf: int = Field(
        default=200,
        ge=72,
        le=600,
        description=(
            "Beeldpunten per inch van wat in een PDF een plaatje is (dpi): op A3 op leesafstand scherp; lijnen en"
            " letters zijn altijd scherp."
        ),
    )
    dpi_png: int = Field(
        default=150,
        ge=50,
        le=600,
        description="Beeldpunten per inch van de regiokaarten (dpi): 2480 bij 1754 punten, een scherm vol.",
    )
    wachttijd_s: int = Field(
        default=300,
        ge=5,
        description=(
            "Seconden (s) waarna een blad als mislukt geldt en matplotlib het tekent: een blad kost er enkele, dit is"
            " ruim genoeg voor een drukke machine."
        ),
    )
