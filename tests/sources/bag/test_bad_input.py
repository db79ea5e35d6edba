"""Each kind of unusable delivery is refused with one line that names file, place and remedy."""

from __future__ import annotations

import sqlite3
import zipfile
from typing import Any

import pytest

from twentegeo.errors import SourceChanged, SourceUnavailable, TwenteGeoError
from twentegeo.sources import bag


def complaint(read: Any, what: Any, *words: str, error: Any = TwenteGeoError, codes: Any = ("0001",)):
    with pytest.raises(error) as caught:
        read(what, codes)
    text = str(caught.value)
    assert "\n" not in text
    for word in words:
        assert word in text, text
    return text


def test_a_missing_path(tmp_path: Any):
    with pytest.raises(SourceUnavailable, match="bestaat niet"):
        bag.fetch(tmp_path / "weg.zip")


def test_something_else_altogether(read: Any, tmp_path: Any):
    path = tmp_path / "lvbag.zip"
    path.write_text("<html>404</html>")
    complaint(read, path, "geen zip", "lvbag.zip", error=SourceChanged)


@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
def test_a_zip_that_is_cut_off(world: Any, read: Any, tmp_path: Any, share: Any):
    path = world.write(tmp_path / "extract.zip")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    complaint(read, path, "afgebroken", error=SourceUnavailable)


def test_an_empty_zip(read: Any, tmp_path: Any, make: Any):
    path = tmp_path / "leeg.zip"
    path.write_bytes(make.zipped({}))
    complaint(read, path, "leeg", error=SourceUnavailable)


def test_a_zip_without_bag(read: Any, tmp_path: Any, make: Any):
    path = tmp_path / "foto.zip"
    path.write_bytes(make.zipped({"foto.jpg": b"x", "readme.txt": b"y"}))
    complaint(read, path, "geen leden van een BAG-extract", error=SourceChanged)


def test_a_type_that_is_missing(world: Any, read: Any, tmp_path: Any, make: Any):
    files = world.files()
    del files["9999VBO08012024.zip"]
    path = tmp_path / "half.zip"
    path.write_bytes(make.zipped(files))
    complaint(read, path, "ontbreken", "VBO", error=SourceUnavailable)


def test_the_old_schema_by_its_document(world: Any, read: Any, make: Any):
    world.extra["Leveringsdocument-BAG-Extract.xml"] = make.document_xml("v20180601")
    complaint(read, world, "v20180601", "v20200601", error=SourceChanged)


def test_the_old_schema_by_a_member(world: Any, read: Any, make: Any):
    text = make.member_xml("PND", "").replace("deelbestand-lvc/v20200601", "deelbestand-lvc/v20180601")
    world.documents["PND"] = [text]
    complaint(read, world, "v20180601", "0001PND08012024-000001.xml", error=SourceChanged)


def test_the_old_schema_as_delivered(read: Any, shared_data: Any):
    path = shared_data / "schiermonnikoog" / "BAGGEM0088L-15112019.zip"
    complaint(read, path, "v20180601", codes=("0088",), error=SourceChanged)


def test_a_mutation_delivery(world: Any, read: Any, tmp_path: Any, make: Any):
    uri = "http://www.kadaster.nl/schemas/lvbag/extract-deelbestand-mutaties-lvc/v20200601"
    xml = f'<mlm:bagMutaties xmlns:mlm="{uri}"/>'
    path = tmp_path / "mutaties.zip"
    path.write_bytes(make.zipped({"9999MUT01012024-02012024.zip": make.zipped({"9999MUT-000001.xml": xml})}))
    complaint(read, path, "mutatielevering", error=SourceChanged)
    world.documents["PND"] = [xml]
    complaint(read, world, "mutatielevering", error=SourceChanged)


@pytest.mark.parametrize("where", [0.3, 0.7, 0.95, 0.999])
@pytest.mark.parametrize("kind", ["PND", "VBO", "NUM", "OPR", "WPL"])
def test_xml_that_breaks_off(world: Any, read: Any, make: Any, where: Any, kind: Any):
    text = make.member_xml(kind, "".join(world.stands[kind]))
    world.documents[kind] = [text[: int(len(text) * where)]]
    complaint(read, world, "breekt af", f"0001{kind}08012024-000001.xml", error=SourceUnavailable)


BOMB = "<!DOCTYPE b [<!ENTITY a 'aaaaaaaaaa'><!ENTITY c '&a;&a;&a;&a;&a;&a;&a;'><!ENTITY d '&c;&c;&c;&c;'>]>"


@pytest.mark.parametrize("kind", ["PND", "OPR", "WPL"])
def test_an_entity_bomb(world: Any, read: Any, make: Any, kind: Any):
    text = make.member_xml(kind, "".join(world.stands[kind]))
    start = text.index("<sl-bag-extract:bagStand")
    world.documents[kind] = [text[:start] + BOMB + text[start:].replace("2010-01-01", "&d;")]
    complaint(read, world, "DOCTYPE", error=SourceChanged)


def test_an_entity_bomb_in_the_relation(world: Any, read: Any, make: Any):
    inner = {"GEM-WPL-RELATIE-08012024-000001.xml": BOMB + make.relation_xml(world.relations)}
    world.extra["GEM-WPL-RELATIE-08012024.zip"] = make.zipped(inner)
    complaint(read, world, "DOCTYPE", error=SourceChanged)


@pytest.mark.parametrize("name", ["../../weg.xml", "/etc/weg.xml", "C:/weg.xml", "a\\..\\weg.xml"])
def test_a_path_that_climbs_out(world: Any, read: Any, name: Any):
    world.extra[name] = "x"
    complaint(read, world, "buiten de zip", error=SourceChanged)


def test_an_absurd_ratio(world: Any, read: Any):
    world.stored = zipfile.ZIP_DEFLATED
    world.extra["bom.xml"] = b" " * 50_000_000
    complaint(read, world, "bom.xml", "50 MB", error=SourceChanged)


def test_an_encrypted_member(world: Any, read: Any, tmp_path: Any):
    path = world.write(tmp_path / "extract.zip")
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1
    path.write_bytes(bytes(data))
    complaint(read, path, "versleuteld", error=SourceChanged)


def test_a_damaged_member_fails_its_checksum(world: Any, read: Any, tmp_path: Any):
    path = world.write(tmp_path / "extract.zip")
    data = bytearray(path.read_bytes())
    at = data.find(b"PND08012024-000001.xml") + 200
    data[at] ^= 0xFF
    path.write_bytes(bytes(data))
    complaint(read, path, "PND08012024", error=SourceUnavailable)


def test_a_member_that_lies_about_its_size_is_not_inflated(world: Any, read: Any, make: Any):
    lying = bytearray(make.zipped({"0001PND08012024-000001.xml": b" " * 30_000_000}))
    at = lying.rfind(b"PK\x01\x02")
    lying[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    world.extra["9999PND08012024.zip"] = bytes(lying)
    complaint(read, world, "lengte", error=SourceUnavailable)


@pytest.mark.parametrize("at", [(5.1, 52.2), (600_000, 500_000)])
def test_coordinates_outside_the_netherlands(world: Any, read: Any, make: Any, at: Any):
    world.stands["PND"][1] = make.pand(2, make.box(*at))
    complaint(read, world, "buiten Nederland", error=SourceChanged)


def test_a_point_outside_the_netherlands(world: Any, read: Any, make: Any):
    world.stands["VBO"][0] = make.vbo(1, 1, [1], at=(52.2, 5.1))
    complaint(read, world, "buiten Nederland", error=SourceChanged)


def test_another_coordinate_system(world: Any, read: Any):
    world.stands["PND"][1] = world.stands["PND"][1].replace("EPSG::28992", "EPSG::4326")
    complaint(read, world, "4326", error=SourceChanged)


def test_a_list_of_positions_that_is_cut(world: Any, read: Any, make: Any):
    world.stands["PND"][0] = make.pand(1, make.box(1000, 400_000) + " 17")
    complaint(read, world, "coördinaten", "PND", error=SourceChanged)


def test_numbers_that_are_none(world: Any, read: Any, make: Any):
    world.stands["PND"][0] = make.pand(1, make.box(1000, 400_000).replace("1000.000", "kaas", 1))
    complaint(read, world, "coördinaten", error=SourceChanged)


@pytest.mark.parametrize("code", ["0153", "9999"])
def test_a_municipality_that_is_not_there(world: Any, read: Any, code: Any):
    complaint(read, world, code, "0001, 0002", codes=("0001", code), error=SourceChanged)


def test_a_municipality_of_which_only_the_relation_knows(world: Any, read: Any):
    world.relations[3] = "0003"
    complaint(read, world, "0003", codes=("0003",), error=SourceChanged)


def test_a_provisional_relation_does_not_count(world: Any, read: Any, make: Any):
    inner = {"GEM-WPL-RELATIE-08012024-000001.xml": make.relation_xml(world.relations, "voorlopig")}
    world.extra["GEM-WPL-RELATIE-08012024.zip"] = make.zipped(inner)
    complaint(read, world, "0001", "geen enkele", error=SourceChanged)


def test_stands_of_another_type(world: Any, read: Any, make: Any):
    world.documents["PND"] = [make.member_xml("PND", "".join(world.stands["NUM"]))]
    complaint(read, world, "zonder Pand", error=SourceChanged)


def test_clutter_is_ignored(world: Any, read: Any):
    plain = read(world)
    world.extra |= {".DS_Store": b"x", "__MACOSX/._0001PND08012024-000001.xml": b"x"}
    world.extra["9999InOnderzoek08012024.zip"] = b"not even a zip"
    assert read(world).pand.equals(plain.pand)


def test_a_geopackage_of_something_else(read: Any, tmp_path: Any):
    path = tmp_path / "iets.gpkg"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (a)")
    connection.close()
    complaint(read, path, "iets.gpkg")


def test_a_geopackage_that_is_cut_off(read: Any, tmp_path: Any, shared_data: Any):
    whole = (shared_data / "leidschendam-voorburg" / "bag" / "bag-light.gpkg").read_bytes()
    path = tmp_path / "half.gpkg"
    path.write_bytes(whole[: len(whole) // 3])
    complaint(read, path, "half.gpkg", codes=("1916",), error=SourceUnavailable)


def test_light_without_the_municipality(read: Any, shared_data: Any):
    path = shared_data / "leidschendam-voorburg" / "bag" / "bag-light.gpkg"
    complaint(read, path, "0153", "1916", codes=("0153",), error=SourceChanged)
