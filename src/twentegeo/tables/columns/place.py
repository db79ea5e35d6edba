"""Identifiers, addresses and areas."""

from __future__ import annotations

from typing import Final

from twentegeo.tables.contract import Column

_ID16: Final = {"str_matches": r"^\d{16}$"}


def _bag_id(name: str, alias: str, description: str, description_en: str) -> Column:
    return Column(name, "text", alias, description, description_en, "BAG", width=16, checks=_ID16)


PAND_ID = _bag_id(
    "pand_id",
    "Pand-ID",
    "BAG-identificatie van het pand: 16 cijfers, met voorloopnullen.",
    "BAG identifier of the building: 16 digits, leading zeros kept.",
)
VBO_ID = _bag_id(
    "vbo_id",
    "Verblijfsobject-ID",
    "BAG-identificatie van het verblijfsobject: 16 cijfers, met voorloopnullen.",
    "BAG identifier of the verblijfsobject: 16 digits, leading zeros kept.",
)
OBJECT_ID = _bag_id(
    "object_id",
    "Adresseerbaar object",
    "BAG-identificatie van het verblijfsobject, de ligplaats of de standplaats.",
    "BAG identifier of the verblijfsobject, ligplaats or standplaats.",
)
PLAATS_ID = _bag_id(
    "plaats_id",
    "Plaats-ID",
    "BAG-identificatie van de ligplaats of standplaats.",
    "BAG identifier of the berth or pitch.",
)
LIGPLAATS_ID = _bag_id(
    "ligplaats_id",
    "Ligplaats-ID",
    "BAG-identificatie van de ligplaats; leeg waar het label daar niet bij hoort.",
    "BAG identifier of the berth; empty where the label is not for one.",
)
STANDPLAATS_ID = _bag_id(
    "standplaats_id",
    "Standplaats-ID",
    "BAG-identificatie van de standplaats; leeg waar het label daar niet bij hoort.",
    "BAG identifier of the pitch; empty where the label is not for one.",
)
NUMMERAANDUIDING_ID = _bag_id(
    "nummeraanduiding_id",
    "Nummeraanduiding-ID",
    "BAG-identificatie van de nummeraanduiding.",
    "BAG identifier of the address.",
)
OBJECT_SOORT = Column(
    "object_soort",
    "text",
    "Soort object",
    "Soort adresseerbaar object waar het adres bij hoort.",
    "Kind of addressable object that the address belongs to.",
    "BAG",
    width=16,
    options=("verblijfsobject", "ligplaats", "standplaats"),
)
PLAATS_SOORT = Column(
    "plaats_soort",
    "text",
    "Soort plaats",
    "Ligplaats of standplaats.",
    "Berth or pitch.",
    "BAG",
    width=16,
    options=("ligplaats", "standplaats"),
)
VOLGORDE = Column(
    "volgorde",
    "integer",
    "Volgorde",
    "Plaats van het pand in de opsomming van het verblijfsobject; 0 is het eerste.",
    "Place of the building in the list of the verblijfsobject; 0 is the first.",
    "BAG",
    checks={"ge": 0},
)
IS_HOOFDADRES = Column(
    "is_hoofdadres",
    "flag",
    "Hoofdadres",
    "Ja voor het hoofdadres, nee voor een nevenadres.",
    "Yes for the main address, no for a secondary one.",
    "BAG",
)
STRAAT = Column(
    "straat",
    "text",
    "Straat",
    "Naam van de openbare ruimte.",
    "Name of the street (openbare ruimte).",
    "BAG",
    width=80,
)
HUISNUMMER = Column(
    "huisnummer",
    "integer",
    "Huisnummer",
    "Huisnummer.",
    "House number.",
    "BAG",
    checks={"in_range": {"min_value": 1, "max_value": 99999}},
)
HUISLETTER = Column(
    "huisletter",
    "text",
    "Huisletter",
    "Huisletter; leeg als er geen is.",
    "House letter; empty where there is none.",
    "BAG",
    width=1,
)
TOEVOEGING = Column(
    "toevoeging",
    "text",
    "Toevoeging",
    "Huisnummertoevoeging; leeg als er geen is.",
    "House number addition; empty where there is none.",
    "BAG",
    width=8,
)
POSTCODE = Column(
    "postcode",
    "text",
    "Postcode",
    "Postcode zonder spatie; leeg als het adres er geen heeft.",
    "Postal code without a space; empty where the address has none.",
    "BAG",
    width=6,
    checks={"str_matches": r"^[1-9]\d{3}[A-Z]{2}$"},
)
WOONPLAATS = Column(
    "woonplaats",
    "text",
    "Woonplaats",
    "Naam van de woonplaats.",
    "Name of the settlement.",
    "BAG",
    width=80,
)
ADRES = Column(
    "adres",
    "text",
    "Adres",
    "Straat, huisnummer, letter en toevoeging van het hoofdadres.",
    "Street, house number, letter and addition of the main address.",
    "BAG",
    width=120,
)
GEMEENTE_CODE = Column(
    "gemeente_code",
    "text",
    "Gemeentecode",
    "CBS-code van de gemeente, bijvoorbeeld GM0153.",
    "CBS code of the municipality, for example GM0153.",
    "BAG/CBS",
    width=6,
    checks={"str_matches": r"^GM\d{4}$"},
)
WIJK_CODE = Column(
    "wijk_code",
    "text",
    "Wijkcode",
    "CBS-code van de wijk; leeg als het punt in geen wijk ligt.",
    "CBS code of the district; empty where the point lies in none.",
    "CBS",
    width=8,
    checks={"str_matches": r"^WK\w{6}$"},
)
BUURT_CODE = Column(
    "buurt_code",
    "text",
    "Buurtcode",
    "CBS-code van de buurt; leeg als het punt in geen buurt ligt.",
    "CBS code of the neighbourhood; empty where the point lies in none.",
    "CBS",
    width=10,
    checks={"str_matches": r"^BU\w{8}$"},
)
CODE = Column(
    "code",
    "text",
    "Code",
    "CBS-code van het gebied (BU, WK of GM met cijfers).",
    "CBS code of the area (BU, WK or GM with digits).",
    "CBS",
    width=10,
    checks={"str_matches": r"^(BU|WK|GM)\w{4,8}$"},
)
NAAM = Column(
    "naam",
    "text",
    "Naam",
    "Naam van het gebied.",
    "Name of the area.",
    "CBS/twentegeo",
    width=160,
)
GEMEENTE_NAAM = Column(
    "gemeente_naam",
    "text",
    "Gemeente",
    "Naam van de gemeente.",
    "Name of the municipality.",
    "CBS",
    width=80,
)
PERCEEL_ID = Column(
    "perceel_id",
    "text",
    "Perceel-ID",
    "Kadastrale identificatie (lokaalID) van het perceel; leeg waar geen perceel gevonden is.",
    "Cadastral identifier (lokaalID) of the parcel; empty where no parcel was found.",
    "Kadastrale Kaart",
    width=20,
    checks={"str_matches": r"^\d{8,18}$"},
)
KADASTRALE_AANDUIDING = Column(
    "kadastrale_aanduiding",
    "text",
    "Kadastrale aanduiding",
    "Kadastrale gemeente, sectie en perceelnummer, bijvoorbeeld 'OTL02 A 1234'.",
    "Cadastral municipality, section and number, for example 'OTL02 A 1234'.",
    "Kadastrale Kaart",
    width=40,
)
KADASTRALE_GEMEENTE = Column(
    "kadastrale_gemeente",
    "text",
    "Kadastrale gemeente",
    "Naam van de kadastrale gemeente; een andere indeling dan die van de burgerlijke gemeenten.",
    "Name of the cadastral municipality; not the same division as the civil municipalities.",
    "Kadastrale Kaart",
    width=80,
)
PERCEEL_GROOTTE_M2 = Column(
    "perceel_grootte_m2",
    "real",
    "Kadastrale grootte",
    "Kadastrale grootte zoals geregistreerd; leeg als die ontbreekt.",
    "Cadastral area as registered; empty where it is missing.",
    "Kadastrale Kaart",
    unit="m²",
    checks={"ge": 0},
)
CEL_ID = Column(
    "cel_id",
    "text",
    "Hectarecel",
    "CBS-code van het vierkant van 100 bij 100 meter, bijvoorbeeld E2545N4720.",
    "CBS code of the 100 by 100 metre square, for example E2545N4720.",
    "CBS",
    width=12,
    checks={"str_matches": r"^E\d{4}N\d{4}$"},
)
