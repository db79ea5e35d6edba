"""What the services say of a small world, put in the form of bag-light."""

from __future__ import annotations

import pyarrow as pa
import pytest
import shapely

from twentegeo.errors import SourceChanged
from twentegeo.sources.bag.services import as_light

WEST, EAST = shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)
GROUNDS = {"0141": WEST, "0147": EAST}
VBO = {
    # feature, name of woonplaats, panden, point
    "0141010000000001": ("Almelo", "https://dienst/collections/pand/items/een", (10, 10)),
    "0141010000000002": ("Almelo", " https://dienst/collections/pand/items/twee/?f=json , 0141100000000003", (190, 10)),
    "0141010000000003": ("Dorp", "0141100000000001", (20, 60)),
    "0141010000000004": ("Dorp", "onbekend", (120, 20)),
    "0141010000000005": (None, None, (130, 30)),
    "0141010000000006": ("Elders", "een", (30, 30)),
    "0141010000000007": (None, "", (500, 500)),
}
PANDEN = {"een": "0141100000000001", "twee": "0141100000000002", "drie": "0141100000000003"}


def rows(**columns: list[object]) -> pa.Table:
    return pa.table({name: pa.array(values) for name, values in columns.items()})


def wkb(*shapes: shapely.Geometry) -> list[object]:
    return [shapely.to_wkb(shape) for shape in shapes]


@pytest.fixture
def told() -> dict[str, pa.Table]:
    """Two woonplaatsen share a name, one stands in each municipality; one more lies outside the region."""
    towns = {
        "1001": ("Almelo", shapely.box(1, 1, 99, 40)),
        "1002": ("Dorp", shapely.box(1, 15, 60, 99)),
        "1003": ("Dorp", shapely.box(101, 1, 199, 99)),
        "1004": ("Ver", shapely.box(900, 900, 901, 901)),
    }
    return {
        "woonplaats": rows(
            feature_id=list(towns),
            identificatie=[f"NL.IMBAG.Woonplaats.{code}" for code in towns],
            woonplaats=[name for name, _ in towns.values()],
            wkb=wkb(*(shape for _, shape in towns.values())),
        ),
        "pand": rows(
            feature_id=list(PANDEN),
            identificatie=list(PANDEN.values()),
            bouwjaar=["1950", "1960.0", "onbekend"],
            status=["Pand in gebruik"] * 3,
            wkb=wkb(*(shapely.box(x, 0, x + 1, 1) for x in range(3))),
        ),
        "verblijfsobject": rows(
            feature_id=[f"v{at}" for at in range(len(VBO))],
            identificatie=list(VBO),
            status=["Verblijfsobject in gebruik"] * len(VBO),
            gebruiksdoel=["woonfunctie"] * len(VBO),
            oppervlakte=["80"] * len(VBO),
            openbareruimtenaam=["Dorpsstraat"] * len(VBO),
            huisnummer=["1"] * len(VBO),
            woonplaatsnaam=[name for name, _, _ in VBO.values()],
            pandhref=[panden for _, panden, _ in VBO.values()],
            wkb=wkb(*(shapely.Point(place) for _, _, place in VBO.values())),
        ),
    }


def test_a_woonplaats_is_that_of_the_address_or_else_of_the_place(told: dict[str, pa.Table]) -> None:
    placed = as_light(told, GROUNDS, "dienst")["verblijfsobject"][0]
    towns = dict(zip(placed["identificatie"].to_pylist(), placed["woonplaats_identificatie"].to_pylist(), strict=True))
    # the name counts, also where the object lies elsewhere; one that two bear does not, nor one of no woonplaats here
    assert {one[-1]: town for one, town in towns.items()} == {
        "1": "1001",
        "2": "1001",
        "3": "1002",
        "4": "1003",
        "5": "1003",
    }


def test_of_two_woonplaatsen_at_one_place_the_first_counts(told: dict[str, pa.Table]) -> None:
    nameless = told["verblijfsobject"].drop_columns("woonplaatsnaam")
    placed = as_light({**told, "verblijfsobject": nameless}, GROUNDS, "dienst")["verblijfsobject"][0]
    towns = dict(zip(placed["identificatie"].to_pylist(), placed["woonplaats_identificatie"].to_pylist(), strict=True))
    assert towns["0141010000000006"] == "1001", "it lies in 1001 and in 1002"


def test_panden_are_named_by_their_own_id(told: dict[str, pa.Table]) -> None:
    placed = as_light(told, GROUNDS, "dienst")["verblijfsobject"][0]
    panden = dict(zip(placed["identificatie"].to_pylist(), placed["pand_identificatie"].to_pylist(), strict=True))
    assert {one[-1]: listed for one, listed in panden.items()} == {
        "1": "0141100000000001",
        "2": "0141100000000002,0141100000000003",
        "3": "0141100000000001",
        "4": None,
        "5": None,
    }


def test_a_street_is_one_street_per_woonplaats(told: dict[str, pa.Table]) -> None:
    placed = as_light(told, GROUNDS, "dienst")["verblijfsobject"][0]
    streets = placed["openbare_ruimte_identificatie"].to_pylist()
    assert streets == [
        "0141300000000001",
        "0141300000000001",
        "0141300000000002",
        "0147300000000003",
        "0147300000000003",
    ]


def test_whole_numbers_are_read_and_anything_else_is_none(told: dict[str, pa.Table]) -> None:
    assert as_light(told, GROUNDS, "dienst")["pand"][0]["bouwjaar"].to_pylist() == [1950, 1960, None]


def test_a_column_that_is_missing_is_named(told: dict[str, pa.Table]) -> None:
    with pytest.raises(SourceChanged, match="'openbareruimtenaam' ontbreekt"):
        as_light(
            {**told, "verblijfsobject": told["verblijfsobject"].drop_columns("openbareruimtenaam")}, GROUNDS, "dienst"
        )
