"""The made-up BAG extract: valid, readable by others, and as the truth says."""

from __future__ import annotations

import collections
import hashlib
import json
import re
import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from lxml import etree
from pyogrio.raw import read_arrow

from tests.sample.conftest import REFERENCE, Voorkomen, members
from twentegeo.sample import SampleFiles, write_sample

if TYPE_CHECKING:
    from pathlib import Path

    Extract = dict[str, list[Voorkomen]]

GONE_PAND = {"Niet gerealiseerd pand", "Pand gesloopt", "Bouwvergunning verleend", "Pand ten onrechte opgevoerd"}
GONE_VBO = {
    "Niet gerealiseerd verblijfsobject",
    "Verblijfsobject ingetrokken",
    "Verblijfsobject ten onrechte opgevoerd",
}

STANDLEVERING = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified"
 xmlns:sl="http://www.kadaster.nl/schemas/standlevering-generiek/1.0"
 targetNamespace="http://www.kadaster.nl/schemas/standlevering-generiek/1.0">
 <xs:complexType name="modelObject" abstract="true"/>
 <xs:element name="modelObject" type="sl:modelObject" abstract="true"/>
 <xs:element name="standBestand"><xs:complexType><xs:sequence><xs:element name="dataset" type="xs:string"/>
 <xs:element name="inhoud"><xs:complexType><xs:sequence><xs:element name="gebied" type="xs:string"/>
 <xs:element name="leveringsId" type="xs:string"/><xs:element name="objectTypen"><xs:complexType><xs:sequence>
 <xs:element name="objectType" type="xs:string" maxOccurs="unbounded"/></xs:sequence></xs:complexType></xs:element>
 </xs:sequence></xs:complexType></xs:element><xs:element name="stand" minOccurs="0" maxOccurs="unbounded">
 <xs:complexType><xs:sequence><xs:element ref="sl:modelObject"/></xs:sequence></xs:complexType></xs:element>
 </xs:sequence></xs:complexType></xs:element></xs:schema>"""
"""Stands in for the one general schema that the Kadaster does not publish with the others."""


class _Standlevering(etree.Resolver):
    def resolve(self, system_url: str, public_id: str, context: object) -> object:  # noqa: ARG002
        if "standlevering-generiek" in system_url:
            return self.resolve_string(STANDLEVERING, context)
        return None


@pytest.fixture(scope="module")
def schemas(shared_data: Path) -> dict[str, etree.XMLSchema]:
    folder = shared_data / "bag" / "xsd" / "lvbag"
    parser = etree.XMLParser()
    parser.resolvers.add(_Standlevering())
    files = {
        "objects": "extract-deelbestand-lvc/v20200601/BagvsExtractDeelbestandExtractLvc-2.1.0.xsd",
        "delivery": "extract-levering/v20200601/BagvsExtractLeveringsdocument-2.1.0.xsd",
        "relation": "gem-wpl-rel/gwr-deelbestand-lvc/v20200601/BagvsGwrDeelbestandLvc-2.1.0.xsd",
    }
    return {name: etree.XMLSchema(etree.parse(str(folder / path), parser)) for name, path in files.items()}


def test_every_file_is_valid_against_the_lvbag_schemas(sample: SampleFiles, schemas: dict[str, etree.XMLSchema]):
    wrong = {}
    for name, data in members(sample.bag.read_bytes()):
        schema = schemas["delivery" if "Levering" in name else "relation" if "RELATIE" in name else "objects"]
        if not schema.validate(etree.fromstring(data, etree.XMLParser(huge_tree=True))):
            wrong[name] = schema.error_log[0].message
    assert not wrong


@pytest.mark.parametrize("kind", ["PND", "VBO", "NUM", "OPR", "WPL", "LIG", "STA"])
def test_gdal_reads_as_many_voorkomens_as_were_written(sample: SampleFiles, tmp_path: Path, kind: str):
    name = f"9999{kind}08112026.zip"
    with zipfile.ZipFile(sample.bag) as outer:
        outer.extract(name, tmp_path)
    written = json.loads(sample.truth.read_text(encoding="utf-8"))["bag_voorkomens"][kind]
    assert written > 0
    assert read_arrow(tmp_path / name)[1].num_rows == written


def test_the_zip_is_packed_as_the_register_packs_it(sample: SampleFiles):
    with zipfile.ZipFile(sample.bag) as outer:
        assert outer.testzip() is None
        inner = [i for i in outer.infolist() if i.filename.endswith(".zip")]
        assert {i.compress_type for i in inner} == {zipfile.ZIP_STORED}
        names = {re.sub(r"\d{8}\.zip", "", i.filename) for i in inner}
    kinds = {
        f"9999{k}" for k in ("WPL", "OPR", "NUM", "LIG", "STA", "VBO", "PND", "InOnderzoek", "Inactief", "NietBag")
    }
    assert names == kinds | {"GEM-WPL-RELATIE-"}


def test_an_object_stands_on_one_line_without_space_between_its_elements(sample: SampleFiles):
    for name, data in members(sample.bag.read_bytes()):
        if re.search(r"/9999(PND|VBO|NUM|OPR|LIG|STA)\d", name):
            stands = data[data.index(b"<sl:stand>") : data.rindex(b"</sl:stand>")]
            assert not re.search(rb">\s+<", stands), name


def test_the_truth_counts_what_the_extract_holds(sample: SampleFiles, extract: Extract):
    truth = json.loads(sample.truth.read_text(encoding="utf-8"))
    panden = [v for v in extract["PND"] if v.current]
    vbos = [v for v in extract["VBO"] if v.current]
    stock = [
        v
        for v in vbos
        if "woonfunctie" in v.fields["gebruiksdoel"]
        and v["status"] not in GONE_VBO
        and v["status"] != "Verblijfsobject gevormd"
    ]
    hosts = {ref for v in stock for ref in v.fields["PandRef"]}
    assert truth["pand"] == len(panden)
    assert truth["pand_existing"] == sum(v["status"] not in GONE_PAND for v in panden)
    built = [v for v in panden if v["status"] not in {*GONE_PAND, "Bouw gestart"}]
    assert truth["pand_built"] == len(built)
    assert truth["pand_built_with_dwelling"] == len(hosts & {v.ident for v in built})
    assert truth["vbo_existing"] == sum(v["status"] not in GONE_VBO for v in vbos)
    assert truth["dwellings_in_stock"] == len(stock)
    assert truth["vbo_multi_pand"] == sum(len(v.fields["PandRef"]) > 1 for v in vbos)


def test_no_object_has_two_current_voorkomens_and_hardly_any_has_none(extract: Extract):
    for kind, voorkomens in extract.items():
        current = collections.Counter(v.ident for v in voorkomens if v.current)
        assert not current or max(current.values()) == 1, kind
        without = {v.ident for v in voorkomens} - set(current)
        begins = {v.ident: v["beginGeldigheid"] for v in voorkomens}
        assert all(begins[i] > REFERENCE for i in without), kind


def test_there_is_about_as_much_history_as_in_a_real_municipality(extract: Extract):
    for kind, ratio in {"PND": 1.58, "VBO": 1.69, "NUM": 1.27}.items():
        objects = len({v.ident for v in extract[kind]})
        assert len(extract[kind]) / objects == pytest.approx(ratio, abs=0.09), kind


def test_even_a_small_sample_shows_every_peculiarity(extract: Extract):
    panden, vbos, nums = extract["PND"], extract["VBO"], extract["NUM"]
    assert {"1005", "9999"} <= {v["oorspronkelijkBouwjaar"] for v in panden}
    assert {"1", "999999"} <= {v["oppervlakte"] for v in vbos}
    assert {"Pand gesloopt", "Bouw gestart", "Pand ten onrechte opgevoerd", "Verbouwing pand"} <= {
        v["status"] for v in panden
    }
    assert {"Verblijfsobject gevormd", "Verblijfsobject ingetrokken", "Verblijfsobject buiten gebruik"} <= {
        v["status"] for v in vbos
    }
    assert any("posList" in v.fields for v in vbos), "none is registered as an area"
    assert any(len(v.fields["NummeraanduidingRef"]) > 1 for v in vbos), "no secondary address"
    assert any(len(v.fields["posList"]) > 1 for v in panden), "no courtyard"
    assert any("WoonplaatsRef" in v.fields for v in nums), "no override of the woonplaats"
    assert any("postcode" not in v.fields for v in nums)
    assert any("tijdstipInactief" in v.fields for v in panden + vbos)
    assert any(v["beginGeldigheid"] > REFERENCE for v in panden + vbos)
    assert {v.ident[:4] for v in panden} - {"0141", "0147", "0153"} >= {"1735", "1742"}
    assert {v.ident[:4] for v in panden} & {"0187", "0161", "0142", "0157", "0170"}, "no id of a merged municipality"


def _polygons(panden: list[Voorkomen]) -> np.ndarray:
    rings = [np.array(v["posList"].split(), dtype=float).reshape(-1, 3)[:, :2] for v in panden]
    return np.array([shapely.Polygon(r) for r in rings], dtype=object)


def test_standing_panden_touch_but_do_not_overlap(extract: Extract):
    standing = [v for v in extract["PND"] if v.current and v["status"].startswith(("Pand in gebruik", "Verbouwing"))]
    shapes = _polygons(standing)
    shapes = shapes[shapely.is_valid(shapes)]
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pair = left < right
    shared = shapely.intersection(shapes[left[pair]], shapes[right[pair]])
    assert shapely.area(shared).max() < 0.02
    assert (shapely.length(shared) > 5).sum() > 100, "rows of houses share their walls"


def test_some_panden_cross_themselves(sample: SampleFiles, extract: Extract):
    shapes = _polygons([v for v in extract["PND"] if v.current])
    assert (~shapely.is_valid(shapes)).sum() == json.loads(sample.truth.read_text(encoding="utf-8"))["pand_crossed"] > 0


def test_an_address_point_lies_in_its_pand(extract: Extract):
    hosts = {v.ident: p for v, p in zip(extract["PND"], _polygons(extract["PND"]), strict=True) if v.current}
    homes = [
        v for v in extract["VBO"] if v.current and "pos" in v.fields and v["status"] == "Verblijfsobject in gebruik"
    ]
    points = shapely.points([[float(c) for c in v["pos"].split()[:2]] for v in homes])
    away = shapely.distance(points, np.array([hosts[v["PandRef"]] for v in homes], dtype=object))
    assert (away < 0.2).mean() > 0.995


def test_equal_seeds_give_equal_bytes(tmp_path: Path):
    def digests(out: Path, seed: int) -> dict[str, str]:
        write_sample(out, scale=0.001, seed=seed)
        return {
            str(p.relative_to(out)): hashlib.sha256(p.read_bytes()).hexdigest()
            for p in sorted(out.rglob("*"))
            if p.is_file()
        }

    first = digests(tmp_path / "a", 5)
    assert first == digests(tmp_path / "b", 5)
    other = digests(tmp_path / "c", 6)
    assert first.keys() == other.keys()
    assert all(first[name] != other[name] for name in first)


@pytest.mark.parametrize("scale", [0.0, -1.0, 7.0])
def test_an_impossible_scale_is_refused_in_dutch(tmp_path: Path, scale: float):
    with pytest.raises(ValueError, match="kies een schaal"):
        write_sample(tmp_path, scale=scale, seed=1)
