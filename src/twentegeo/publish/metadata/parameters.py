"""Who publishes, where, and under what terms: what the metadata cannot know by itself."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from twentegeo.tables.parameters import Parameters

Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"']+$")]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s<>\"']+@[^@\s<>\"']+\.[^@\s<>\"']+$")]


class PublicationParams(Parameters):
    """Who answers for a release."""

    organisatie: str = Field(
        default="twentegeo",
        min_length=1,
        max_length=200,
        description="Wie de kaartlagen uitgeeft en erop aan te spreken is; staat in de metadata en op het rapport.",
    )
    email: Email | None = Field(
        default=None,
        description="E-mailadres voor vragen over de kaartlagen (openbaar); zonder staat er alleen een webadres.",
    )
    website: Url = Field(
        default="https://github.com/twentegeo/twentegeo",
        description="Webadres met uitleg; de standaard is dat van het programma.",
    )
    basis_url: Url | None = Field(
        default=None,
        description=(
            "Webadres waar de map met de nieuwste release staat; weggelaten verwijst de metadata met paden ten"
            " opzichte van zichzelf, zodat de map overal neergezet kan worden."
        ),
    )
    licentie: Literal["CC BY 4.0", "CC0 1.0"] = Field(
        default="CC BY 4.0",
        description=(
            "Licentie van de kaartlagen; CC BY 4.0, omdat de Kadastrale Kaart en de cijfers van het CBS naamsvermelding"
            " vragen van wat eruit gemaakt is."
        ),
    )
    toegang: Literal["openbaar", "beperkt", "niet openbaar"] = Field(
        default="openbaar", description="Voor wie de kaartlagen toegankelijk zijn."
    )
