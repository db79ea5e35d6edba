"""What the BAG says of a building or a dwelling."""

from __future__ import annotations

from typing import Final

from twentegeo.tables.contract import Column

PAND_STATUSSEN: Final = (
    "Bouwvergunning verleend",
    "Niet gerealiseerd pand",
    "Bouw gestart",
    "Pand in gebruik (niet ingemeten)",
    "Pand in gebruik",
    "Verbouwing pand",
    "Sloopvergunning verleend",
    "Pand gesloopt",
    "Pand buiten gebruik",
    "Pand ten onrechte opgevoerd",
)
"""StatusPand of IMBAG 2.0, the exact spellings."""

PAND_GEBOUWD: Final = (
    "Pand in gebruik (niet ingemeten)",
    "Pand in gebruik",
    "Verbouwing pand",
    "Sloopvergunning verleend",
    "Pand buiten gebruik",
)
"""Statuses of a building that stands."""

VBO_STATUSSEN: Final = (
    "Verblijfsobject gevormd",
    "Niet gerealiseerd verblijfsobject",
    "Verblijfsobject in gebruik (niet ingemeten)",
    "Verblijfsobject in gebruik",
    "Verbouwing verblijfsobject",
    "Verblijfsobject ingetrokken",
    "Verblijfsobject buiten gebruik",
    "Verblijfsobject ten onrechte opgevoerd",
)
"""StatusVerblijfsobject of IMBAG 2.0, the exact spellings."""

VBO_VOORRAAD: Final = (
    "Verblijfsobject in gebruik (niet ingemeten)",
    "Verblijfsobject in gebruik",
    "Verbouwing verblijfsobject",
    "Verblijfsobject buiten gebruik",
)
"""Statuses that CBS counts as stock (Gegevens BAG), with Verbouwing added since."""

VBO_GEPLAND: Final = ("Verblijfsobject gevormd",)
"""Statuses of a dwelling that is planned: counted, not in the stock."""

WOONFUNCTIE: Final = "woonfunctie"

PAND_STATUS = Column(
    "status",
    "text",
    "Status",
    "Status van het pand in de BAG.",
    "Status of the building in the BAG.",
    "BAG",
    width=40,
    options=PAND_STATUSSEN,
)
VBO_STATUS = Column(
    "vbo_status",
    "text",
    "Status verblijfsobject",
    "Status van het verblijfsobject in de BAG.",
    "Status of the verblijfsobject in the BAG.",
    "BAG",
    width=48,
    options=VBO_STATUSSEN,
)
PLAATS_STATUS = Column(
    "plaats_status",
    "text",
    "Status plaats",
    "Status van de ligplaats of standplaats in de BAG.",
    "Status of the berth or pitch in the BAG.",
    "BAG",
    width=24,
    options=("Plaats aangewezen", "Plaats ingetrokken"),
)
BOUWJAAR = Column(
    "bouwjaar",
    "integer",
    "Bouwjaar",
    "Oorspronkelijk bouwjaar van het pand; leeg als het onbekend is of een opvulwaarde was.",
    "Original construction year of the building; empty where unknown or a filler value.",
    "BAG",
    unit="jaar",
    checks={"in_range": {"min_value": 1001, "max_value": 2100}},
)
BOUWJAAR_DUMMY = Column(
    "bouwjaar_dummy",
    "flag",
    "Bouwjaar was opvulwaarde",
    "Ja als de BAG een opvulwaarde (1005, 9999) of een onmogelijk jaar gaf en het bouwjaar daarom leeg is.",
    "Yes where the BAG gave a filler (1005, 9999) or impossible year, so that the year was emptied.",
    "BAG",
)
BOUWPERIODE = Column(
    "bouwperiode",
    "text",
    "Bouwperiode",
    "Bouwperiode met gelijke bouwvoorschriften; 'onbekend' als het bouwjaar leeg is.",
    "Construction period with alike building rules; 'onbekend' where the year is empty.",
    "twentegeo",
    width=16,
)
GEOMETRIE_HERSTELD = Column(
    "geometrie_hersteld",
    "flag",
    "Geometrie hersteld",
    "Ja als de vlakgeometrie ongeldig was en hersteld is.",
    "Yes where the polygon was invalid and has been repaired.",
    "twentegeo",
)
GEBRUIKSDOEL = Column(
    "gebruiksdoel",
    "text",
    "Gebruiksdoel",
    "Gebruiksdoelen van het verblijfsobject, op alfabet, met komma's gescheiden.",
    "Uses of the verblijfsobject, sorted, separated by commas.",
    "BAG",
    width=200,
)
OPPERVLAKTE_M2 = Column(
    "oppervlakte_m2",
    "integer",
    "Gebruiksoppervlakte",
    "Gebruiksoppervlakte van het verblijfsobject; leeg als het onbekend is of een opvulwaarde was.",
    "Usable floor area of the verblijfsobject; empty where unknown or a filler value.",
    "BAG",
    unit="m²",
    checks={"in_range": {"min_value": 2, "max_value": 999998}},
)
OPPERVLAKTE_DUMMY = Column(
    "oppervlakte_dummy",
    "flag",
    "Oppervlakte was opvulwaarde",
    "Ja als de BAG een opvulwaarde gaf (1, 9999, 99999, 999999) en de oppervlakte daarom leeg is.",
    "Yes where the BAG gave a filler (1, 9999, 99999, 999999), so that the area was emptied.",
    "BAG",
)
N_PANDEN = Column(
    "n_panden",
    "integer",
    "Aantal panden",
    "Aantal panden waar het verblijfsobject deel van uitmaakt.",
    "Number of buildings that the verblijfsobject is part of.",
    "BAG",
    checks={"ge": 0},
)
N_WONINGEN = Column(
    "n_woningen",
    "integer",
    "Aantal woningen",
    "Aantal bestaande woningen (verblijfsobjecten met woonfunctie in de voorraad).",
    "Number of existing dwellings (verblijfsobjecten with a woonfunctie in the stock).",
    "BAG",
    checks={"ge": 0},
)
N_WONINGEN_GEPLAND = Column(
    "n_woningen_gepland",
    "integer",
    "Woningen gepland",
    "Aantal woningen die gevormd maar nog niet gebouwd zijn; niet in de voorraad geteld.",
    "Number of dwellings formed but not built yet; not counted in the stock.",
    "BAG",
    checks={"ge": 0},
)
HEEFT_WONING = Column(
    "heeft_woning",
    "flag",
    "Heeft woning",
    "Ja als het pand ten minste één bestaande woning heeft; nee voor schuren, bedrijven en andere panden.",
    "Yes where the building has at least one existing dwelling; no for sheds, businesses and others.",
    "twentegeo",
)
BEBOUWD_M2 = Column(
    "bebouwd_m2",
    "real",
    "Bebouwd oppervlak",
    "Oppervlak van het perceel dat door panden bedekt is.",
    "Area of the parcel that is covered by buildings.",
    "twentegeo",
    unit="m²",
    checks={"ge": 0},
)
AANDEEL_OVERLAP = Column(
    "aandeel_overlap",
    "real",
    "Aandeel op perceel",
    "Deel van het pand dat op het gekozen perceel ligt; leeg zonder perceel.",
    "Share of the building that lies on the chosen parcel; empty without one.",
    "twentegeo",
    unit="%",
    checks={"in_range": {"min_value": 0, "max_value": 100}},
)
GEMIDDELD_BOUWJAAR = Column(
    "gemiddeld_bouwjaar",
    "real",
    "Gemiddeld bouwjaar",
    "Gemiddeld bouwjaar van de woningen met een bekend bouwjaar; leeg als er geen zijn.",
    "Mean construction year of the dwellings with a known one; empty where there are none.",
    "twentegeo",
    unit="jaar",
)
