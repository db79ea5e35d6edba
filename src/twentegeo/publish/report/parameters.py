"""What the report calls old, or worth attention."""

from __future__ import annotations

from pydantic import Field

from twentegeo.tables.parameters import Parameters


class MaxAges(Parameters):
    """How old a source may be before the report says so, in days on the date of the run."""

    bag: int = Field(default=45, gt=0, description="BAG (dagen); er is elke maand een nieuw extract.")
    parcels: int = Field(default=100, gt=0, description="Kadastrale Kaart (dagen); percelen veranderen langzaam.")
    energy_labels: int = Field(default=45, gt=0, description="EP-Online (dagen); er is elke maand een totaalbestand.")
    neighbourhoods: int = Field(
        default=730, gt=0, description="Wijk- en Buurtkaart (dagen); jaarlijks, cijfers volgen tot een jaar later."
    )
    ownership: int = Field(default=400, gt=0, description="Bezit van corporaties (dagen); een keer per jaar geleverd.")


class ReportParams(Parameters):
    """Bounds beyond which the report asks for attention; none of them stops a release."""

    leeftijd: MaxAges = Field(default_factory=MaxAges, description="Hoe oud een bron mag zijn.")
    daling_dekking: float = Field(
        default=2.0,
        gt=0,
        le=100,
        description="Daling van de labeldekking sinds de vorige release die opvalt (procentpunt), regio of gemeente.",
    )
    schatting_sd: float = Field(
        default=1.5,
        gt=0,
        description="Grootste spreiding van de fout van de labelschatting (klassen), zoals toegezegd.",
    )
    schatting_bias: float = Field(
        default=0.2, gt=0, description="Grootste gemiddelde fout van de labelschatting (klassen), zoals toegezegd."
    )
    interval_onder: float = Field(
        default=88.0, ge=0, le=100, description="Laagste trefkans van het 90%-interval van de labelschatting (%)."
    )
    interval_boven: float = Field(
        default=92.0, ge=0, le=100, description="Hoogste trefkans van het 90%-interval van de labelschatting (%)."
    )
    schaal_aandeel: float = Field(
        default=20.0,
        gt=0,
        lt=100,
        description="Deel van de woningen dat bij de schaaltoets als meest urgent geldt (%), als bij kans_top20.",
    )
    gebieden: int = Field(default=20, ge=1, le=200, description="Prioriteitsgebieden in de rangplot (aantal).")
