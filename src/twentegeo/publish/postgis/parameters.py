"""Where a release lands in PostGIS, who may read it, and how long older ones stay."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from twentegeo.tables.parameters import Parameters

SchemaName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
RoleName = Annotated[str, StringConstraints(min_length=1, max_length=63)]


class PostgisParams(Parameters):
    """How a release is loaded into PostGIS."""

    weergaven: SchemaName | None = Field(
        default=None,
        description=(
            "Schema met de weergaven die altijd de nieuwste release tonen; releases staan ernaast in <naam>_<run>."
            " Weggelaten: de naam van de regio. Kleine letters, cijfers en liggende streepjes, ten hoogste 40."
        ),
    )
    lezers: tuple[RoleName, ...] = Field(
        default=(), description="Databaserollen die de lagen mogen lezen; zij moeten bestaan."
    )
    bewaar: int = Field(
        default=3, ge=1, le=100, description="Releases die in de database blijven, de nieuwste meegeteld (aantal)."
    )
    wachttijd_s: float = Field(
        default=5.0,
        gt=0,
        le=600,
        description=(
            "Hoe lang het omzetten van de weergaven wacht op wie ze net leest (seconden); daarna mislukt het en blijft"
            " alles zoals het was, zodat lezers nooit in een rij komen te staan."
        ),
    )
    verbinden_s: int = Field(default=10, ge=1, le=300, description="Hoe lang verbinden mag duren (seconden).")
