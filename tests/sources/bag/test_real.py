"""Real deliveries: against GDAL's own driver, against the known truth, and one delivery against the other."""

from __future__ import annotations

import json
import zipfile
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely

from twentegeo.sources.bag import fast, members
from twentegeo.sources.bag.assemble import GONE
from twentegeo.sources.bag.current import Day
from twentegeo.sources.bag.shapes import surfaces
from twentegeo.tables.columns.building import PAND_GEBOUWD, VBO_VOORRAAD

SMALL = "bag/BAGNLDL-15092020-small.zip"
ISLAND = "schiermonnikoog/lvbag-extract-0088-15112019.zip"
VOORBURG = "leidschendam-voorburg/bag/lvbag-extract-nl.zip"


def gdal_layers(path: Any, folder: Any, kind: Any, day: Any):
    """Current rows of one type as GDAL's LVBAG driver has them, keyed by id; history is ours to filter."""
    with zipfile.ZipFile(path) as outer:
        name = next(name for name in outer.namelist() if kind in name and "GEM" not in name)
        (folder / name).write_bytes(outer.read(name))
    with zipfile.ZipFile(folder / name) as inner:
        texts = [inner.read(one) for one in inner.namelist() if not one.startswith("__MACOSX")]
    rows = {}
    for number, text in enumerate(texts):
        file = folder / f"{kind}-{number}.xml"
        file.write_bytes(text)
        _, table = pyogrio.read_arrow(file)
        for row in table.to_pylist():
            ends = ("tijdstipInactief", "tijdstipInactiefLV", "tijdstipNietBagLV", "eindRegistratie")
            if any(row[end] is not None for end in (*ends, "tijdstipEindRegistratieLV")):
                continue
            if str(row["beginGeldigheid"])[:10] > day:
                continue
            if row["eindGeldigheid"] is not None and str(row["eindGeldigheid"])[:10] <= day:
                continue
            key = row["identificatie"].rsplit(".", 1)[-1]
            if key not in rows or rows[key]["voorkomenIdentificatie"] < row["voorkomenIdentificatie"]:
                rows[key] = row
    return rows


@pytest.mark.parametrize(("source", "code", "day"), [(ISLAND, "0088", "2019-11-15"), (SMALL, "0221", "2020-09-15")])
def test_current_objects_equal_those_of_gdal(
    shared_data: Any, read: Any, tmp_path: Any, source: Any, code: Any, day: Any
):
    tables = read(shared_data / source, (code,))
    assert tables.reference_date.isoformat() == day

    theirs = gdal_layers(shared_data / source, tmp_path, "PND", day)
    theirs = {key: row for key, row in theirs.items() if row["status"] not in GONE}
    ours = tables.pand.set_index("pand_id")
    lost = set(tables.losses.verlies_id)
    assert set(ours.index) | (lost & set(theirs)) == set(theirs)
    shapes = shapely.from_wkb([theirs[key]["wkb_geometry"] for key in ours.index])
    sound = shapely.is_valid(shapes)
    assert shapely.equals_exact(
        shapely.normalize(ours.geometry.to_numpy()[sound]), shapely.normalize(shapes[sound])
    ).all()
    assert ours.geometrie_hersteld.to_numpy()[~sound].all()
    assert ours.status.tolist() == [theirs[key]["status"] for key in ours.index]
    year = ours.bouwjaar.astype(float).to_numpy()
    registered = np.array([theirs[key]["oorspronkelijkBouwjaar"] for key in ours.index], dtype=float)
    kept = ~ours.bouwjaar_dummy.to_numpy()
    assert (year[kept] == registered[kept]).all()
    assert np.isnan(year[~kept]).all()

    theirs = gdal_layers(shared_data / source, tmp_path, "VBO", day)
    theirs = {key: row for key, row in theirs.items() if row["status"] not in GONE}
    ours = tables.verblijfsobject.set_index("vbo_id")
    assert set(ours.index) | (lost & set(theirs)) == set(theirs)
    shapes = shapely.from_wkb([theirs[key]["wkb_geometry"] for key in ours.index])
    assert shapely.equals_exact(ours.geometry.to_numpy(), shapes).all()
    assert ours.gebruiksdoel.tolist() == [",".join(sorted(theirs[key]["gebruiksdoel"])) for key in ours.index]
    assert ours.vbo_status.tolist() == [theirs[key]["status"] for key in ours.index]
    number = [theirs[key]["hoofdadresNummeraanduidingRef"].rsplit(".", 1)[-1] for key in ours.index]
    assert ours.nummeraanduiding_id.tolist() == number

    theirs_numbers = gdal_layers(shared_data / source, tmp_path, "NUM", day)
    streets = gdal_layers(shared_data / source, tmp_path, "OPR", day)
    main = tables.adres[tables.adres.is_hoofdadres & (tables.adres.object_soort == "verblijfsobject")]
    for row in main.itertuples():
        there = theirs_numbers[row.nummeraanduiding_id]
        assert (row.huisnummer, row.postcode) == (there["huisnummer"], there["postcode"] or row.postcode)
        assert row.straat == streets[there["openbareruimteRef"].rsplit(".", 1)[-1]]["naam"]


def test_the_island_in_numbers(shared_data: Any, read: Any):
    tables = read(shared_data / ISLAND, ("0088",))
    counts = tables.counts
    assert (counts["PND_standen"], counts["PND_objecten"]) == (2816, 1786)
    assert (counts["VBO_standen"], counts["VBO_objecten"]) == (2837, 1681)
    assert (counts["NUM_standen"], counts["NUM_objecten"]) == (2131, 1686)
    assert (counts["OPR_standen"], counts["OPR_objecten"]) == (205, 194)
    assert counts["STA_objecten"] == len(tables.plaats) == 5
    assert counts["PND_status_Pand gesloopt"] == 114
    assert len(tables.losses) == 0


def test_every_stand_is_counted_on_one_of_the_two_ways(shared_data: Any, read: Any):
    for source, code in [(ISLAND, "0088"), (SMALL, "0221"), (VOORBURG, "1916")]:
        counts = read(shared_data / source, (code,)).counts
        for kind in fast.FIRST_LOOK:
            assert counts[f"{kind}_standen"] == counts[f"{kind}_snel"] + counts[f"{kind}_langzaam"], (source, kind)


def test_voorburg_against_its_truth(shared_data: Any, read: Any):
    truth = json.loads((shared_data / "leidschendam-voorburg" / "truth.json").read_text())
    tables = read(shared_data / VOORBURG, ("1916",))
    assert len(tables.pand) == truth["pand_existing"]
    assert tables.pand.status.isin(PAND_GEBOUWD).sum() == truth["pand_built"]
    assert len(tables.verblijfsobject) == truth["vbo_existing"]
    homes = tables.verblijfsobject[tables.verblijfsobject.gebruiksdoel.str.contains("woonfunctie")]
    assert len(homes) == truth["dwellings_existing"]
    assert homes.vbo_status.isin(VBO_VOORRAAD).sum() == truth["dwellings_in_stock"]
    assert (homes.vbo_status == "Verblijfsobject gevormd").sum() == truth["dwellings_planned"]
    stock = homes[homes.vbo_status.isin(VBO_VOORRAAD)].vbo_id
    built = tables.pand[tables.pand.status.isin(PAND_GEBOUWD)].pand_id
    with_home = tables.vbo_pand[tables.vbo_pand.vbo_id.isin(stock) & tables.vbo_pand.pand_id.isin(built)]
    assert with_home.pand_id.nunique() == truth["pand_built_with_dwelling"]
    # of the 170 that the truth counts, 162 are withdrawn
    assert tables.counts["verblijfsobject_in_meer_panden"] == 8


def test_extract_and_light_give_the_same(shared_data: Any, read: Any):
    extract = read(shared_data / VOORBURG, ("1916",))
    light = read(shared_data / "leidschendam-voorburg" / "bag" / "bag-light.gpkg", ("1916",))
    assert extract.verblijfsobject.drop(columns="geometry").equals(light.verblijfsobject.drop(columns="geometry"))
    assert extract.verblijfsobject.geometry.geom_equals_exact(light.verblijfsobject.geometry, 1e-6).all()
    assert extract.vbo_pand.equals(light.vbo_pand)
    assert extract.adres.equals(light.adres)
    assert extract.pand.drop(columns="geometry").equals(light.pand.drop(columns="geometry"))
    assert extract.pand.geometry.normalize().geom_equals_exact(light.pand.geometry.normalize(), 1e-6).all()


def test_bad_geometry_is_repaired_and_counted(shared_data: Any):
    path = shared_data / "bag" / "pand-gml-bad.xml"
    xml = path.read_bytes()
    member = members.member_of(path, xml)
    # voorkomen 4 of pand 0147100000016964 held until 2019-01-08
    task = members.Task("PND", member, Day("2018-12-01", "2020-11-08"), "", "", 0.01)
    table, counts, *_ = members.voorkomens(xml, task)
    assert counts["standen"] == 1
    assert table["id"].to_pylist() == [147100000016964]
    shapes, repaired = surfaces(table, task, counts)
    assert repaired.all()
    assert shapely.is_valid(shapes).all()
    broken = shapely.from_wkb(table["wkb"].to_pylist()[0])
    assert not shapely.is_valid(broken)
    assert shapes[0].area == pytest.approx(abs(broken.area), rel=0.02)
