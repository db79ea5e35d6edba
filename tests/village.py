"""
A village drawn by hand, whose answers fit in the head.

Everything lies around ``ORIGIN``, a corner of the hectare grid; the coordinates below are metres east and north of
it. The buurt border runs along x = 100, the border with the next municipality along x = 200::

    y=50  +----+----+----+------+------+----------+----------+ . . . . +-------+-------+
          | 1  | 2  | 3  |  4   |  5   |    6     |    7     |         |   8   |   9   |
          | P1 | P2 | P3 |   P4--P4    |  P5  P6  |  P7  P8  |   P9    |    P10--P10   |    P11 in the water
    y=0   +----+----+----+------+------+----------+----------+ . . . . +-------+-------+
          0    10   20   30     40     60        100        160       180     200     220

========  ==================================================  ===========================================
pand      what                                                dwellings
========  ==================================================  ===========================================
1, 2, 3   row of three, 10 by 10, each on its own parcel      VBO 1, 2 and 3
4         8 m wide, 2 of them on parcel 4, 6 on parcel 5       VBO 4
5, 6      flat and its annex, both on parcel 6                VBO 5, 6; VBO 7 is in both, its point in 6
7         shop with a home above, on parcel 7                 VBO 8 (shop), VBO 9 (shop and home)
8         shed on parcel 7                                    none
9         started, not built, no parcel                       VBO 10, planned
10        farm, half on parcel 8 and half on parcel 9         VBO 11, across the municipal border
11        boathouse in the water: no parcel                   none
12        demolished                                          none
========  ==================================================  ===========================================

Beside these: VBO 12, a home that names no pand; VBO 13, withdrawn; ligplaats 1, a houseboat.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from twentegeo.tables import registers
from twentegeo.tables.bag import ADRES, PAND, PLAATS, VBO_PAND, VERBLIJFSOBJECT, Bag
from twentegeo.tables.contract import Table, conform
from twentegeo.tables.shapes import Mapped

ORIGIN = (250_000, 470_000)
REFERENCE_DATE = dt.date(2026, 7, 1)
WEST, EAST, ACROSS = "BU01530001", "BU01530002", "BU01640001"


def pand_id(number: int) -> str:
    return f"015310{number:010d}"


def vbo_id(number: int) -> str:
    return f"015301{number:010d}"


def place_id(number: int) -> str:
    return f"015302{number:010d}"


def address_id(number: int) -> str:
    return f"015320{number:010d}"


def parcel_id(number: int) -> str:
    return f"{number:012d}"


def at(x: float, y: float) -> shapely.Point:
    return shapely.Point(ORIGIN[0] + x, ORIGIN[1] + y)


def box(x0: float, y0: float, x1: float, y1: float) -> shapely.Polygon:
    east, north = ORIGIN
    return shapely.box(east + x0, north + y0, east + x1, north + y1)


def frame(table: Table, rows: list[dict[str, Any]], defaults: dict[str, Any] | None = None) -> Any:
    """Make a frame that keeps to its contract; what a row leaves out is missing, or the default."""
    start = dict.fromkeys(table.names) | (defaults or {})
    data = pd.DataFrame(
        [start | row for row in rows], columns=[*table.names, *(["geometry"] if table.geometry else [])]
    )
    data = data.replace({None: np.nan})
    return conform(table, gpd.GeoDataFrame(data, geometry="geometry", crs=28992) if table.geometry else data)


@dataclass(frozen=True)
class Village:
    """The village as the readers would give it."""

    bag: Bag
    perceel: gpd.GeoDataFrame
    buurt: gpd.GeoDataFrame
    wijk: gpd.GeoDataFrame
    gemeente: gpd.GeoDataFrame
    labels: pd.DataFrame
    bezit: pd.DataFrame


def build() -> Village:
    """Draw it afresh, so that a test may change its copy."""
    return Village(
        bag=Bag(Mapped.of(_pand()), _vbo(), _vbo_pand(), _adres(), _plaats()),
        perceel=_perceel(),
        buurt=_buurt(),
        wijk=_areas(registers.WIJK, "wijk_code", {"WK015300": (0, 200), "WK016400": (200, 400)}),
        gemeente=_areas(registers.GEMEENTE, "gemeente_code", {"GM0153": (0, 200), "GM0164": (200, 400)}),
        labels=labels(LABELS),
        bezit=_bezit(),
    )


def _pand() -> gpd.GeoDataFrame:
    used = "Pand in gebruik"
    rows = [
        (1, used, 1925, box(0, 10, 10, 20)),
        (2, used, 1925, box(10, 10, 20, 20)),
        (3, used, 1925, box(20, 10, 30, 20)),
        (4, used, 1970, box(38, 10, 46, 20)),
        (5, used, 1965, box(62, 10, 82, 30)),
        (6, "Verbouwing pand", 2001, box(82, 10, 92, 20)),
        (7, "Sloopvergunning verleend", None, box(105, 10, 125, 20)),
        (8, "Pand in gebruik (niet ingemeten)", 1990, box(130, 30, 135, 35)),
        (9, "Bouw gestart", 2026, box(165, 10, 175, 20)),
        (10, "Pand buiten gebruik", 1880, box(190, 10, 210, 20)),
        (11, used, 1950, box(300, 10, 310, 20)),
        (12, "Pand gesloopt", 1900, box(140, 10, 150, 20)),
    ]
    return frame(
        PAND,
        [
            {"pand_id": pand_id(n), "status": status, "bouwjaar": year, "bouwjaar_dummy": n == 7, "geometry": shape}
            for n, status, year, shape in rows
        ],
        {"geometrie_hersteld": False, "gemeente_code": "GM0153"},
    )


def _vbo() -> gpd.GeoDataFrame:
    home = "woonfunctie"
    used = "Verblijfsobject in gebruik"
    rows = [
        (1, used, home, 90, (5, 15)),
        (2, used, home, 90, (15, 15)),
        (3, used, home, 95, (25, 15)),
        (4, "Verblijfsobject in gebruik (niet ingemeten)", home, 120, (42, 15)),
        (5, used, home, 60, (65, 20)),
        (6, used, home, 60, (70, 20)),
        (7, "Verbouwing verblijfsobject", home, 80, (85, 15)),
        (8, used, "winkelfunctie", 100, (110, 15)),
        (9, "Verblijfsobject buiten gebruik", "winkelfunctie,woonfunctie", None, (120, 15)),
        (10, "Verblijfsobject gevormd", home, 110, (170, 15)),
        (11, used, home, 240, (205, 15)),
        (12, used, home, 40, (150, 40)),
        (13, "Verblijfsobject ingetrokken", home, 70, (145, 15)),
    ]
    return frame(
        VERBLIJFSOBJECT,
        [
            {
                "vbo_id": vbo_id(n),
                "vbo_status": status,
                "gebruiksdoel": use,
                "oppervlakte_m2": area,
                "oppervlakte_dummy": area is None,
                "nummeraanduiding_id": address_id(n),
                "gemeente_code": "GM0164" if n == 11 else "GM0153",
                "geometry": at(*point),
            }
            for n, status, use, area, point in rows
        ],
    )


def _vbo_pand() -> pd.DataFrame:
    pairs = [
        (1, 1),
        (2, 2),
        (3, 3),
        (4, 4),
        (5, 5),
        (6, 5),
        (7, 5),
        (7, 6),
        (8, 7),
        (9, 7),
        (10, 9),
        (11, 10),
        (13, 12),
    ]
    return frame(
        VBO_PAND,
        [{"vbo_id": vbo_id(v), "pand_id": pand_id(p), "volgorde": int((v, p) == (7, 6))} for v, p in pairs],
    )


def _adres() -> pd.DataFrame:
    """Write the addresses; 100 is a secondary one of VBO 4."""
    rows = [
        (1, vbo_id(1), "Dorpsstraat", 1, None, None, "7511AA"),
        (2, vbo_id(2), "Dorpsstraat", 3, None, None, "7511AA"),
        (3, vbo_id(3), "Dorpsstraat", 3, "A", None, "7511AA"),
        (4, vbo_id(4), "Dorpsstraat", 5, None, None, "7511AA"),
        (5, vbo_id(5), "Flatweg", 12, None, "1", "7511AB"),
        (6, vbo_id(6), "Flatweg", 12, None, "2", "7511AB"),
        (7, vbo_id(7), "Flatweg", 12, "A", "1", "7511AB"),
        (8, vbo_id(8), "Markt", 7, None, None, "7511AC"),
        (9, vbo_id(9), "Markt", 7, None, "BIS", "7511AC"),
        (10, vbo_id(10), "Nieuwe Es", 1, None, None, None),
        (11, vbo_id(11), "Grensweg", 2, None, None, "7551ZZ"),
        (12, vbo_id(12), "Markt", 9, None, None, "7511AC"),
        (13, vbo_id(13), "Markt", 11, None, None, "7511AC"),
        (14, place_id(1), "Kade", 1, None, None, "7511AD"),
        (100, vbo_id(4), "Achterom", 6, None, None, "7511AE"),
    ]
    return frame(
        ADRES,
        [
            {
                "nummeraanduiding_id": address_id(n),
                "object_id": of,
                "object_soort": "ligplaats" if n == 14 else "verblijfsobject",
                "is_hoofdadres": n != 100,
                "straat": street,
                "huisnummer": number,
                "huisletter": letter,
                "toevoeging": addition,
                "postcode": postcode,
                "woonplaats": "Hengelo" if n == 11 else "Enschede",
                "gemeente_code": "GM0164" if n == 11 else "GM0153",
            }
            for n, of, street, number, letter, addition, postcode in rows
        ],
    )


def _plaats() -> gpd.GeoDataFrame:
    return frame(
        PLAATS,
        [
            {
                "plaats_id": place_id(1),
                "plaats_soort": "ligplaats",
                "plaats_status": "Plaats aangewezen",
                "nummeraanduiding_id": address_id(14),
                "gemeente_code": "GM0153",
                "geometry": box(280, 0, 290, 5),
            }
        ],
    )


def _perceel() -> gpd.GeoDataFrame:
    edges = {1: (0, 10), 2: (10, 20), 3: (20, 30), 4: (30, 40), 5: (40, 60), 6: (60, 100), 7: (100, 160)}
    edges |= {8: (180, 200), 9: (200, 220)}
    return frame(
        registers.PERCEEL,
        [
            {
                "perceel_id": parcel_id(n),
                "kadastrale_aanduiding": f"ESD00 A {n}",
                "kadastrale_gemeente": "Enschede",
                "perceel_grootte_m2": 50.0 * (x1 - x0),
                "geometry": box(x0, 0, x1, 50),
            }
            for n, (x0, x1) in edges.items()
        ],
    )


def _buurt() -> gpd.GeoDataFrame:
    rows = [(WEST, "Dorp", 0, 100), (EAST, "Es", 100, 200), (ACROSS, "Overkant", 200, 400)]
    return frame(
        registers.BUURT,
        [
            {
                "buurt_code": code,
                "naam": name,
                "wijk_code": f"WK{code[2:6]}00",
                "gemeente_code": f"GM{code[2:6]}",
                "gemeente_naam": "Enschede" if code[2:6] == "0153" else "Hengelo",
                "geometry": box(x0, 0, x1, 100),
            }
            for code, name, x0, x1 in rows
        ],
        {"cbs_jaar": 2025},
    )


def _areas(table: Table, code: str, extent: dict[str, tuple[float, float]]) -> gpd.GeoDataFrame:
    names = {"0153": "Enschede", "0164": "Hengelo"}
    return frame(
        table,
        [
            {
                code: value,
                "gemeente_code": f"GM{value[2:6]}",
                "gemeente_naam": names[value[2:6]],
                "naam": names[value[2:6]],
                "geometry": box(x0, 0, x1, 100),
            }
            for value, (x0, x1) in extent.items()
        ],
        {"cbs_jaar": 2025},
    )


VALID, EXPIRED = "2034-05-01", "2025-05-01"

LABELS: list[dict[str, Any]] = [
    # two registrations of VBO 1: the newer survey counts
    {"vbo_id": vbo_id(1), "energielabel": "F", "opnamedatum": "2019-01-01", "label_geldig_tot": "2029-01-01"},
    {"vbo_id": vbo_id(1), "energielabel": "C"},
    # VBO 2: only an expired one
    {"vbo_id": vbo_id(2), "energielabel": "G", "opnamedatum": "2015-05-01", "label_geldig_tot": EXPIRED},
    # VBO 3 by its address
    {"postcode": "7511AA", "huisnummer": 3, "huisletter": "a", "energielabel": "D"},
    # VBO 4: a stale id, found by its secondary address
    {"vbo_id": vbo_id(99), "postcode": "7511AE", "huisnummer": 6, "energielabel": "B"},
    # VBO 7: letter and addition written as one
    {"postcode": "7511AB", "huisnummer": 12, "toevoeging": "A1", "energielabel": "E"},
    # postcode and number of VBO 5 and 6, without their addition: nobody's
    {"postcode": "7511AB", "huisnummer": 12, "energielabel": "A"},
    # a whole building: counts for VBO 5 and 6, which have none of their own, not for 7
    {"pand_ids": f"{pand_id(5)},{pand_id(12)}", "gebouwklasse": "U", "energielabel": "A+"},
    # the shop, the planned home, the houseboat
    {"vbo_id": vbo_id(8), "gebouwklasse": "U", "energielabel": "A"},
    {"vbo_id": vbo_id(10), "opname_status": "Vergunningsaanvraag", "energielabel": "A+++"},
    {"ligplaats_id": place_id(1), "energielabel": "G"},
    # withdrawn, without another lead; no lead at all; no class; surveyed next year
    {"vbo_id": vbo_id(13), "postcode": "7511AC", "huisnummer": 11, "energielabel": "G"},
    {"energielabel": "B"},
    {"vbo_id": vbo_id(9), "energielabel": None},
    {"vbo_id": vbo_id(9), "opnamedatum": "2027-05-01", "energielabel": "A"},
]
"""Label rows in order; row 1 is the first. What a row leaves out is as in :func:`labels`."""


def labels(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Make registrations of existing homes by NTA 8800, surveyed in 2024 and valid to 2034, unless they say more."""
    defaults = {
        "klasse_bekend": True,
        "opnamedatum": "2024-05-01",
        "label_geldig_tot": VALID,
        "opname_status": "Bestaand",
        "label_methode": "nta8800",
        "gebouwklasse": "W",
    }
    return frame(registers.ENERGIELABEL, [{"label_rij": n} | row for n, row in enumerate(rows, start=1)], defaults)


def _bezit() -> pd.DataFrame:
    """Write a corporation's list: VBO 5 by id, 6 by address, and a home that is not there."""
    return frame(
        registers.BEZIT,
        [
            {"bezit_rij": 1, "vbo_id": vbo_id(5)},
            {"bezit_rij": 2, "postcode": "7511AB", "huisnummer": 12, "toevoeging": "2"},
            {"bezit_rij": 3, "vbo_id": vbo_id(98)},
        ],
        {"bestand": "bezit.csv", "eigenaar": "Stichting Voorbeeld"},
    )
