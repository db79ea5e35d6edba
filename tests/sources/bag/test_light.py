"""bag-light in the shapes in which it has been seen: comma lists, repeated rows, prefixes, empty texts."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely


@pytest.fixture
def light(tmp_path: Path) -> Any:
    """One town with two panden, two dwellings and a shed; change the rows, then call it."""
    vbo = {
        "identificatie": ["0001010000000001", "0001010000000002"],
        "oppervlakte": [80, 9999],
        "status": ["Verblijfsobject in gebruik"] * 2,
        "gebruiksdoel": ["woonfunctie, kantoorfunctie", "woonfunctie"],
        "openbare_ruimte_naam": ["Kerkstraat"] * 2,
        "huisnummer": [1, 3],
        "huisletter": ["", None],
        "toevoeging": [None, "bis"],
        "postcode": ["", "7511 AB"],
        "woonplaats_naam": ["Oosterdorp"] * 2,
        "pand_identificatie": ["0001100000000001", "0001100000000001,0001100000000002"],
        "nummeraanduiding_hoofdadres_identificatie": ["0001200000000001", "0001200000000002"],
        "openbare_ruimte_identificatie": ["0001300000000001"] * 2,
        "woonplaats_identificatie": ["0001"] * 2,
        "bronhouder_identificatie": ["0001"] * 2,
        "geometry": [shapely.Point(1005, 400_005), shapely.Point(1025, 400_005)],
    }
    pand = {
        "identificatie": [f"000110000000000{number}" for number in (1, 2, 3)],
        "bouwjaar": [1950, 1005, 2001],
        "status": ["Pand in gebruik"] * 3,
        "geometry": [shapely.box(x, 400_000, x + 10, 400_010) for x in (1000, 1020, 1040)],
    }
    town = {
        "identificatie": ["0001"],
        "woonplaats": ["Oosterdorp"],
        "bronhouder_identificatie": ["0001"],
        "geometry": [shapely.MultiPolygon([shapely.box(0, 400_000, 5000, 405_000)])],
    }

    def write(crs: str = "EPSG:28992") -> Path:
        path = tmp_path / "light.gpkg"
        path.unlink(missing_ok=True)
        for layer, columns in {"pand": pand, "verblijfsobject": vbo, "woonplaats": town}.items():
            gpd.GeoDataFrame(columns, geometry="geometry", crs=crs).to_file(path, layer=layer, engine="pyogrio")
        return path

    write.vbo, write.pand, write.town = vbo, pand, town  # type: ignore[attr-defined]
    return write


def test_a_comma_list_becomes_pairs(light: Any, read: Any) -> None:
    tables = read(light(), day=date(2024, 1, 8))
    assert [one[-1] for one in tables.vbo_pand.pand_id] == ["1", "1", "2"]
    assert tables.vbo_pand.volgorde.tolist() == [0, 0, 1]
    assert tables.reference_date == date(2024, 1, 8)
    assert len(tables.pand) == 3


def test_repeated_rows_become_pairs(light: Any, read: Any) -> None:
    expected = read(light())
    for name, values in light.vbo.items():
        light.vbo[name] = [values[1], values[0], values[1]]
    light.vbo["pand_identificatie"] = ["0001100000000001", "0001100000000001", "0001100000000002"]
    tables = read(light())
    assert tables.vbo_pand.equals(expected.vbo_pand)
    assert tables.verblijfsobject.equals(expected.verblijfsobject)


def test_prefixes_are_stripped_at_the_door(light: Any, read: Any) -> None:
    expected = read(light())
    for rows, kind in ((light.vbo, "Verblijfsobject"), (light.pand, "Pand")):
        rows["identificatie"] = [f"NL.IMBAG.{kind}.{one}" for one in rows["identificatie"]]
    light.vbo["pand_identificatie"] = [
        ",".join(f"NL.IMBAG.Pand.{one}" for one in text.split(",")) for text in light.vbo["pand_identificatie"]
    ]
    tables = read(light())
    assert tables.vbo_pand.equals(expected.vbo_pand)
    assert tables.pand.equals(expected.pand)


def test_empty_texts_are_missing_and_uses_are_sorted(light: Any, read: Any) -> None:
    tables = read(light())
    assert tables.adres.huisletter.isna().all()
    assert tables.adres.toevoeging.fillna("-").tolist() == ["-", "bis"]
    assert tables.adres.postcode.fillna("-").tolist() == ["-", "7511AB"]
    assert tables.verblijfsobject.gebruiksdoel.tolist() == ["kantoorfunctie,woonfunctie", "woonfunctie"]
    assert tables.verblijfsobject.oppervlakte_dummy.tolist() == [False, True]
    assert tables.pand.bouwjaar_dummy.tolist() == [False, True, False]


def test_a_pand_outside_the_box_is_found_by_its_id(light: Any, read: Any) -> None:
    light.pand["geometry"][1] = shapely.box(90_000, 400_000, 90_010, 400_010)
    assert len(read(light()).pand) == 3


def test_another_crs_is_refused(light: Any, read: Any) -> None:
    with pytest.raises(ValueError, match="EPSG:28992"):
        read(light("EPSG:3857"))


def test_a_missing_column_is_named(light: Any, read: Any) -> None:
    del light.vbo["gebruiksdoel"]
    with pytest.raises(ValueError, match="gebruiksdoel"):
        read(light())
