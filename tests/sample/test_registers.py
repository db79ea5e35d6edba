"""Parcels, labels, CBS areas, corporation lists and planted clusters of the made-up region."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import openpyxl
import pyogrio
import pytest
import shapely
from lxml import etree

from twentegeo.sources import prognosis

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sample.conftest import Voorkomen
    from twentegeo.sample import SampleFiles

    Extract = dict[str, list[Voorkomen]]


@pytest.fixture(scope="module")
def truth(sample: SampleFiles) -> dict[str, Any]:
    return json.loads(sample.truth.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def parcels(sample: SampleFiles) -> tuple[etree._Element, list[str], np.ndarray]:
    with zipfile.ZipFile(sample.parcels) as archive:
        root = etree.fromstring(archive.read("kadastralekaart_perceel.gml"), etree.XMLParser(huge_tree=True))
    ids, shapes = [], []
    for perceel in root.iter("{*}Perceel"):
        ids.append(perceel.findtext("{*}identificatie"))
        rings = [
            np.array(p.text.split(), dtype=float).reshape(-1, 2)
            for p in perceel.find("{*}begrenzingPerceel").iter("{*}posList")
        ]
        shapes.append(shapely.Polygon(rings[0], rings[1:]))
    return root, ids, np.array(shapes, dtype=object)


@pytest.fixture(scope="module")
def labels(sample: SampleFiles) -> list[dict[str, str]]:
    with zipfile.ZipFile(sample.energy_labels) as archive:
        (name,) = archive.namelist()
        content = archive.read(name)
    assert content.startswith(b"\xef\xbb\xbf"), "the register writes a byte order mark"
    lines = content.decode("utf-8-sig").splitlines()
    assert lines[0] == "PublicatieDatum;01-11-2026"
    assert lines[1].startswith("LaatstVerwerkteMutatievolgnummer;")
    return list(csv.DictReader(io.StringIO("\n".join(lines[2:])), delimiter=";"))


def test_parcels_are_valid_against_the_dkk_schema(
    shared_data: Path, parcels: tuple[etree._Element, list[str], np.ndarray]
):
    path = shared_data / "brk" / "xsd" / "dkk" / "stand" / "v20220601" / "DKK-Product_Stand_v5_0_0.xsd"
    schema = etree.XMLSchema(etree.parse(str(path)))
    assert schema.validate(parcels[0]), schema.error_log[0].message


def test_parcels_tile_the_ground(
    sample: SampleFiles, truth: dict[str, Any], parcels: tuple[etree._Element, list[str], np.ndarray]
):
    _, ids, shapes = parcels
    assert len(ids) == truth["parcels"]["features"]
    _, first = np.unique(ids, return_index=True)
    assert len(first) == truth["parcels"]["parcels"] < len(ids), "some come twice"
    once = shapes[first]
    ground = shapely.union_all(pyogrio.read_dataframe(sample.neighbourhoods, layer="gemeenten").geometry.to_numpy())
    assert shapely.is_valid(once).all()
    # what overlaps or is left open is what rounding to millimetres leaves: square centimetres on fifteen hundred km²
    assert shapely.area(once).sum() == pytest.approx(ground.area, abs=20)
    assert shapely.union_all(once).area == pytest.approx(ground.area, abs=20)
    assert (shapely.get_num_interior_rings(once) > 0).sum() == truth["parcels"]["with_hole"] > 10


def test_kadastrale_gemeenten_are_not_municipalities(parcels: tuple[etree._Element, list[str], np.ndarray]):
    names = {e.findtext("{*}waarde") for e in parcels[0].iter("{*}KadastraleGemeente")}
    assert any(name.startswith("Ambt ") for name in names)


def test_labels_have_the_columns_and_quirks_of_the_register(truth: dict[str, Any], labels: list[dict[str, str]]):
    assert len(labels[0]) == 42
    assert len(labels) == truth["label_rows"]
    count = truth["labels"]
    assert sum(r["BAGVerblijfsobjectID"] == "0" * 16 for r in labels) == count["placeholder_id"] > 0
    assert sum(len(r["BAGVerblijfsobjectID"]) == 15 for r in labels) == count["leading_zero_lost"] > 0
    assert sum(r["Postcode"].startswith("'") for r in labels) == count["quoted"] > 0
    assert sum(r["Energieklasse"] == "A0" for r in labels) == count["unknown_class"] > 0
    assert sum(r["GeldigTot"] < "20261108" for r in labels) == count["expired"] > 0
    assert sum(r["Detailaanduiding"] != "" for r in labels) == count["part"] > 0
    assert sum(r["Status"] == "Vergunningsaanvraag" for r in labels) == count["permit"] > 0
    assert sum(r["BAGLigplaatsID"] + r["BAGStandplaatsID"] != "" for r in labels) == count["place"] > 0
    assert sum(r["Gebouwklasse"] == "U" for r in labels) == count["utility"] > 0
    assert {r["Berekeningstype"].split()[0] for r in labels} >= {"NTA", "Rekenmethodiek", "Nader", "ISSO82.3,"}
    assert any("," in r["PrimaireFossieleEnergie"] for r in labels)


def test_labels_without_id_are_found_by_their_address(
    truth: dict[str, Any], labels: list[dict[str, str]], extract: Extract
):
    known = set()
    for v in extract["NUM"]:
        field = {k: v.fields.get(k, [""])[0] for k in ("postcode", "huisnummer", "huisletter", "huisnummertoevoeging")}
        known.add(
            (field["postcode"], field["huisnummer"], (field["huisletter"] + field["huisnummertoevoeging"]).upper())
        )
    lone = [
        r
        for r in labels
        if r["BAGVerblijfsobjectID"] == "" and r["Gebouwklasse"] == "W" and not r["Detailaanduiding"]
        and r["BAGLigplaatsID"] + r["BAGStandplaatsID"] == ""
    ]  # fmt: skip
    assert len(lone) == truth["labels"]["address_only"] > 0
    assert all(
        (r["Postcode"], r["Huisnummer"], (r["Huisletter"] + r["Huisnummertoevoeging"]).upper()) in known for r in lone
    )


def test_about_six_in_ten_homes_have_a_label_and_let_ones_more_often(
    truth: dict[str, Any], labels: list[dict[str, str]]
):
    share = truth["dwellings_with_label"] / truth["dwellings_in_stock"]
    assert share == pytest.approx(0.60, abs=0.03)
    newest = [r for r in labels if r["BAGVerblijfsobjectID"] and r["Energieklasse"]]
    young = [r["Energieklasse"] for r in newest if int(r["Bouwjaar"]) >= 1996]
    old = [r["Energieklasse"] for r in newest if 1800 < int(r["Bouwjaar"]) < 1946]
    assert np.mean([c.startswith(("A", "B")) for c in young]) > 0.8
    assert np.mean([c.startswith(("A", "B")) for c in old]) < 0.35


def test_areas_tile_the_ground_and_agree_with_the_homes(sample: SampleFiles, truth: dict[str, Any]):
    layers = {n: pyogrio.read_dataframe(sample.neighbourhoods, layer=n) for n in ("buurten", "wijken", "gemeenten")}
    buurten = layers["buurten"]
    assert len(buurten) == truth["buurten"]
    assert buurten.crs.to_epsg() == 28992
    assert buurten["buurtcode"].str.fullmatch(r"BU\d{8}").all()
    assert buurten["buurtcode"].is_unique
    assert sorted(layers["gemeenten"]["gemeentecode"]) == sorted(f"GM{c}" for c in truth["codes"])
    total = {n: layer.area.sum() for n, layer in layers.items()}
    assert total["buurten"] == pytest.approx(total["gemeenten"], rel=1e-9)
    assert (buurten["water"] == "JA").sum() == 3
    dry = buurten[buurten["water"] == "NEE"]
    assert dry["woningvoorraad"].sum() == truth["dwellings_in_stock"]
    assert (dry["percentage_personen_65_jaar_en_ouder"] == -99997).any(), "nothing is suppressed"
    assert {"jrstatcode", "gemiddeld_gasverbruikkoopwoning", "perc_huurwoningen_in_bezit_woningcorporaties"} <= set(
        buurten
    )


def test_people_follow_from_the_homes_and_are_told_as_cbs_tells_them(sample: SampleFiles):
    layers = {n: pyogrio.read_dataframe(sample.neighbourhoods, layer=n) for n in ("buurten", "wijken", "gemeenten")}
    buurten = layers["buurten"][layers["buurten"]["water"] == "NEE"]
    ages = [c for c in buurten if c.startswith("percentage_personen_")]
    assert len(ages) == 5
    assert (buurten[["aantal_inwoners", "aantal_huishoudens"]] % 5 == 0).all().all()
    hidden = buurten["aantal_inwoners"] < 50
    assert 0 < hidden.sum() < len(buurten)
    assert (buurten.loc[hidden, ages] == -99997).all().all()
    # each share is rounded by itself, as CBS does
    assert buurten.loc[~hidden, ages].sum(axis=1).between(98, 102).all()
    few = buurten["aantal_huishoudens"] < 10
    assert (buurten.loc[few, "percentage_eenpersoonshuishoudens"] == -99997).all()
    assert buurten.loc[~few, "percentage_eenpersoonshuishoudens"].between(1, 99).all()
    # levels sum the same people, apart from rounding to five
    for level, code in (("wijken", "wijkcode"), ("gemeenten", "gemeentecode")):
        whole = layers[level].set_index(code)["aantal_inwoners"]
        parts = buurten.groupby(code)["aantal_inwoners"].agg(["sum", "size"])
        assert ((whole.reindex(parts.index) - parts["sum"]).abs() <= 2.5 * (parts["size"] + 1)).all()
    known = layers["gemeenten"]
    elderly = np.average(known["percentage_personen_65_jaar_en_ouder"], weights=known["aantal_inwoners"])
    assert 15 < elderly < 30
    assert (known["aantal_huishoudens"] <= known["woningvoorraad"] + 2.5).all()


def test_corporations_hand_in_three_kinds_of_list(sample: SampleFiles, truth: dict[str, Any]):
    first, second, third = sample.ownership
    rows = first.read_text(encoding="utf-8").splitlines()
    assert rows[0] == "corporatie;vbo_id;peildatum"
    owned = list(truth["owned"].values())
    assert len(rows) - 1 - 3 == owned[0], "three rows are faulty"
    assert len(second.read_text(encoding="utf-8-sig").splitlines()) - 1 - 2 == owned[1]
    sheet = openpyxl.load_workbook(third, read_only=True).active
    assert sheet.max_row - 1 == owned[2]


def test_the_prognosis_begins_with_the_households_of_now(sample: SampleFiles, truth: dict[str, Any]):
    gemeenten = pyogrio.read_dataframe(sample.neighbourhoods, layer="gemeenten").set_index("gemeentecode")
    table = gemeenten.rename_axis("gemeente_code").rename(columns={"gemeentenaam": "naam"}).reset_index()
    found = prognosis.read(prognosis.fetch(sample.prognosis), table)
    assert (len(found.prognose), len(found.losses), found.left_out) == (truth["prognosis_rows"], 0, [])
    first = found.prognose[found.prognose["jaar"] == 2026].set_index("gemeente_code")
    told = gemeenten["aantal_huishoudens"].reindex(first.index)
    assert ((first["huishoudens"] - told).abs() <= 3).all()
    assert "VOORBEELD: fictieve gegevens" in sample.prognosis.read_text(encoding="utf-8")


def test_planted_clusters_are_poor_and_one_crosses_a_border(truth: dict[str, Any], extract: Extract):
    clusters = truth["clusters"]
    assert len(clusters) >= 6
    assert clusters[0]["gemeenten"] == ["0141", "0183"]
    assert all(c["aandeel_fg"] > 65 for c in clusters)
    points = [
        [float(n) for n in v["pos"].split()[:2]]
        for v in extract["VBO"]
        if v.current
        and "pos" in v.fields
        and "woonfunctie" in v.fields["gebruiksdoel"]
        and "gevormd" not in v["status"]
    ]
    tree = shapely.STRtree(shapely.points(points))
    for c in clusters:
        inside = len(tree.query(shapely.from_wkt(c["wkt"]), predicate="contains"))
        assert inside >= 0.97 * c["n_woningen"] > 5


def test_everything_says_that_it_is_made_up(truth: dict[str, Any], sample: SampleFiles):
    assert truth["melding"] == "VOORBEELD: fictieve gegevens"
    assert all("oorbeeld" in p.name or "fictief" in p.name for p in (*sample.ownership, sample.prognosis))
