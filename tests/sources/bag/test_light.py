"""bag-light in the shapes in which it has been seen: comma lists, repeated rows, prefixes, empty texts."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyogrio
import pytest
import shapely
from pyogrio.errors import DataSourceError

from twentegeo.errors import SourceChanged, SourceUnavailable
from twentegeo.sources.bag import light_rows


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


def test_what_was_published_before_is_not_decoded_again(light: Any, read: Any) -> None:
    """The shed, which no verblijfsobject is in, is looked at all the same: where it lies may be another place now."""
    before = read(light()).panden
    light.pand["geometry"][0] = shapely.box(1000, 400_000, 1015, 400_010)
    plain, known = read(light()), read(light(), published=before)
    assert known.panden.rows.equals(plain.panden.rows)
    assert known.panden.wkb.equals(plain.panden.wkb)
    np.testing.assert_array_equal(known.panden.bounds, plain.panden.bounds)
    assert known.pand.equals(plain.pand)


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


def test_heights_and_measures_are_dropped(light: Any, read: Any) -> None:
    expected = read(light())
    light.pand["geometry"][1] = shapely.force_3d(light.pand["geometry"][1], 3.5)
    for rows in (light.vbo, light.town):
        rows["geometry"] = [shapely.force_3d(shape, 2.0) for shape in rows["geometry"]]
    tables = read(light())
    for found, wanted in ((tables.pand, expected.pand), (tables.verblijfsobject, expected.verblijfsobject)):
        assert not found.geometry.has_z.any()
        assert found.geometry.to_wkb().equals(wanted.geometry.to_wkb())


def test_an_outline_that_crosses_itself_is_repaired(light: Any, read: Any) -> None:
    light.pand["geometry"][2] = shapely.from_wkt(
        "POLYGON Z ((1040 400000 1, 1050 400010 1, 1050 400000 1, 1040 400010 1, 1040 400000 1))"
    )
    tables = read(light())
    assert tables.pand.geometrie_hersteld.tolist() == [False, False, True]
    assert tables.pand.geometry.iloc[2].is_valid
    assert tables.pand.geometry.iloc[2].area == pytest.approx(50)
    assert tables.counts["geometrie_hersteld"] == 1


def test_a_pand_without_outline_is_a_loss(light: Any, read: Any) -> None:
    light.pand["geometry"][0] = None
    tables = read(light())
    assert [one[-1] for one in tables.pand.pand_id] == ["2", "3"]
    assert [one[-1] for one in tables.vbo_pand.pand_id] == ["2"]
    assert set(tables.losses.verlies_id) == {"0001100000000001"}


def test_a_verblijfsobject_without_point_is_a_loss(light: Any, read: Any) -> None:
    light.vbo["geometry"][0] = None
    tables = read(light())
    assert tables.verblijfsobject.vbo_id.tolist() == ["0001010000000002"]
    assert tables.losses.verlies_id.tolist() == ["0001010000000001"]


def test_an_outline_outside_the_country_is_refused(light: Any, read: Any) -> None:
    light.pand["geometry"][1] = shapely.box(900_000, 400_000, 900_010, 400_010)
    with pytest.raises(SourceChanged, match=r"laag 'pand' heeft coördinaten buiten Nederland"):
        read(light())


def test_a_point_outside_the_country_is_refused(light: Any, read: Any) -> None:
    light.vbo["geometry"][1] = shapely.Point(900_000, 400_005)
    with pytest.raises(SourceChanged, match=r"laag 'verblijfsobject' heeft coördinaten buiten Nederland"):
        read(light())


@pytest.mark.parametrize("layer", ["pand", "verblijfsobject"])
def test_a_damaged_layer_is_named_whoever_reads_it(
    light: Any, read: Any, monkeypatch: pytest.MonkeyPatch, layer: str
) -> None:
    whole = pyogrio.read_arrow

    def torn(path: Path, **how: Any) -> Any:
        if how["layer"] == layer:
            raise DataSourceError("sqlite3_step() : database disk image is malformed")
        return whole(path, **how)

    monkeypatch.setattr(pyogrio, "read_arrow", torn)
    with pytest.raises(SourceUnavailable, match=rf"tabel '{layer}' is afgebroken of beschadigd"):
        read(light())


def test_only_what_has_heights_is_copied() -> None:
    shapes = [shapely.box(0, 0, 1, 1), shapely.force_3d(shapely.box(2, 0, 3, 1), 5), None, shapely.Point(1, 2)]
    column = pa.chunked_array([shapely.to_wkb(shapes[:2]).tolist(), shapely.to_wkb(shapes[2:]).tolist()], pa.binary())
    assert shapely.to_wkb(light_rows.decoded(column)).tolist() == shapely.to_wkb(shapely.force_2d(shapes)).tolist()
    assert len(light_rows.decoded(pa.chunked_array([], pa.binary()))) == 0


@pytest.mark.parametrize(
    ("shapes", "byte_order"),
    [
        ([shapely.Point(1000, 400_000), shapely.Point(1005.25, 400_005.5)], 1),
        ([shapely.Point(1000, 400_000), shapely.Point(1005.25, 400_005.5)], 0),
        ([shapely.Point(1000, 400_000), shapely.Point()], 0),
        ([shapely.Point(1000, 400_000), shapely.Point()], 1),
        ([shapely.Point(1000, 400_000), None], 1),
        ([shapely.Point(1000, 400_000, 3), shapely.Point(1005, 400_005)], 1),
        ([], 1),
    ],
)
def test_points_are_read_off_their_bytes_as_shapely_does(shapes: list[Any], byte_order: int) -> None:
    wkb = pa.array([None, *shapely.to_wkb(shapes, byte_order=byte_order).tolist()], pa.binary())
    # part of an array, as Arrow may hand it over
    column = pa.chunked_array([wkb[1:2], wkb[2:]])
    expected = [(one.x, one.y) if one else (np.nan, np.nan) for one in shapes]
    found = light_rows.points(column, Path("bag-light.gpkg"))
    assert found.shape == (len(shapes), 2)
    assert np.array_equal(found, np.array(expected, dtype=float).reshape(-1, 2), equal_nan=True)


def test_an_outline_without_surface_is_a_loss_beside_one_that_is_repaired(light: Any, read: Any) -> None:
    light.pand["geometry"][0] = shapely.from_wkt("POLYGON ((1000 400000, 1010 400010, 1000 400000))")
    light.pand["geometry"][2] = shapely.from_wkt(
        "POLYGON ((1040 400000, 1050 400010, 1050 400000, 1040 400010, 1040 400000))"
    )
    tables = read(light())
    assert [one[-1] for one in tables.pand.pand_id] == ["2", "3"]
    assert tables.pand.geometrie_hersteld.tolist() == [False, True]
    assert set(tables.losses.verlies_id) == {"0001100000000001"}
