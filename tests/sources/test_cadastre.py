"""Parcels: two parsers that agree, three forms that agree, and what is refused."""

from __future__ import annotations

import json
import re
import zipfile
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
import shapely
from lxml import etree

from twentegeo.errors import SourceChanged, SourceUnavailable
from twentegeo.sources import cadastre
from twentegeo.tables.contract import conform
from twentegeo.tables.registers import PERCEEL

if TYPE_CHECKING:
    from pathlib import Path

BASE = "http://www.kadaster.nl/schemas/brkkadastralekaart/v5"
ROOT = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<kk:DKK xmlns:gml="http://www.opengis.net/gml/3.2"'
    f' xmlns:oz="{BASE}/imkad-onroerendezaak/v20220601" xmlns:h="{BASE}/imkad-historie/v20220601"'
    f' xmlns:t="{BASE}/imkad-typen/v20220601" xmlns:ko="{BASE}/imkad-kadastraalobject/v20220601"'
    f' xmlns:kk="{BASE}/stand/v20220601">\n'
)
END = "</kk:DKK>\n"
SQUARE = "250000 470000 250010 470000 250010 470010 250000 470010 250000 470000"
HOLE = "250002 470002 250002 470004 250004 470004 250004 470002 250002 470002"


def ring(kind: str, points: str) -> str:
    return f"<gml:{kind}><gml:LinearRing><gml:posList>{points}</gml:posList></gml:LinearRing></gml:{kind}>"


def parcel(number: int, *, shell: str = SQUARE, hole: str = "", size: str = "100", more: str = "") -> str:
    """One parcel as the Kadaster writes it; its label stands far off, where no reader should look."""
    rings = ring("exterior", shell) + (ring("interior", hole) if hole else "")
    return f"""<kk:perceelMember><oz:Perceel gml:id="x{number}">
<ko:identificatie domein="NL.IMKAD.KadastraalObject">8492000000{number:04d}</ko:identificatie>
<oz:historie><h:beginGeldigheid>2000-11-20T14:29:09+01:00</h:beginGeldigheid>{more}<h:volgnummer>0</h:volgnummer>
<h:statusHistorie><h:StatusHistorie><t:code>G</t:code><t:waarde>Geldig</t:waarde></h:StatusHistorie></h:statusHistorie>
</oz:historie><oz:kadastraleAanduiding><oz:TypeKadastraleAanduiding>
<oz:kadastraleGemeente><oz:KadastraleGemeente><t:code>761</t:code><t:waarde>Otterlo</t:waarde>
</oz:KadastraleGemeente></oz:kadastraleGemeente><oz:sectie>B</oz:sectie><oz:perceelnummer>{number}</oz:perceelnummer>
<oz:aKRKadastraleGemeenteCode><oz:AKRKadastraleGemeenteCode><t:code>812</t:code><t:waarde>OTL02</t:waarde>
</oz:AKRKadastraleGemeenteCode></oz:aKRKadastraleGemeenteCode></oz:TypeKadastraleAanduiding></oz:kadastraleAanduiding>
<oz:begrenzingPerceel><gml:Polygon srsName="urn:ogc:def:crs:EPSG::28992">{rings}</gml:Polygon></oz:begrenzingPerceel>
<oz:kadastraleGrootte><oz:TypeOppervlak><oz:waarde>{size}</oz:waarde></oz:TypeOppervlak></oz:kadastraleGrootte>
<oz:plaatscoordinaten><gml:Point srsName="urn:ogc:def:crs:EPSG::28992"><gml:pos>100000 400000</gml:pos></gml:Point>
</oz:plaatscoordinaten></oz:Perceel></kk:perceelMember>
"""


def written(folder: Path, *parcels: str, name: str = "perceel.gml") -> Path:
    path = folder / name
    path.write_text(ROOT + "".join(parcels) + END)
    return path


def read(path: Path, bounds: tuple[float, float, float, float] | None = None) -> cadastre.Parcels:
    return cadastre.read(cadastre.fetch(path), bounds)


def refusal(path: Path, kind: type[Exception] = SourceChanged) -> str:
    with pytest.raises(kind) as caught:
        read(path)
    text = str(caught.value)
    assert "\n" not in text
    assert path.name in text
    return text


def test_one_parcel(tmp_path: Path):
    found = read(written(tmp_path, parcel(7, hole=HOLE)))
    row = found.parcels.iloc[0]
    assert row["perceel_id"] == "84920000000007"
    assert row["kadastrale_aanduiding"] == "OTL02 B 7"
    assert row["kadastrale_gemeente"] == "Otterlo"
    assert row["perceel_grootte_m2"] == 100
    assert row["geometry"].area == 96
    assert found.counts["snel"] == found.counts["percelen"] == 1


def slowed(text: str) -> str:
    """The same parcel in other words: the fast pattern does not know it."""
    return text.replace("<oz:sectie>B</oz:sectie>", "<!-- --><oz:sectie>B</oz:sectie>")


def test_both_parsers_agree(tmp_path: Path):
    texts = [parcel(1), parcel(2, hole=HOLE), parcel(3, size="0,4")]
    fast = read(written(tmp_path, *texts, name="a.gml"))
    slow = read(written(tmp_path, *map(slowed, texts), name="b.gml"))
    assert (fast.counts["snel"], fast.counts["langzaam"]) == (3, 0)
    assert (slow.counts["snel"], slow.counts["langzaam"]) == (0, 3)
    assert fast.parcels.equals(slow.parcels)


def test_mixed_parsers_lose_nothing(tmp_path: Path):
    texts = [slowed(parcel(n)) if n % 3 == 0 else parcel(n) for n in range(1, 31)]
    found = read(written(tmp_path, *texts))
    assert found.parcels["perceel_id"].str[-4:].astype(int).tolist() == list(range(1, 31))
    assert (found.counts["snel"], found.counts["langzaam"]) == (20, 10)


def test_other_prefixes_are_understood(tmp_path: Path):
    text = (
        (ROOT + parcel(1) + END)
        .replace("oz:", "huis:")
        .replace("xmlns:oz", "xmlns:huis")
        .replace("xmlns:kk", "xmlns:dkk")
    )
    path = tmp_path / "p.gml"
    path.write_text(text.replace("kk:DKK", "dkk:DKK").replace("kk:perceelMember", "dkk:perceelMember"))
    assert read(path).counts["snel"] == 1


def test_escaped_name(tmp_path: Path):
    path = written(tmp_path, parcel(1).replace("Otterlo", "Bergen &amp; Dal"))
    assert read(path).parcels["kadastrale_gemeente"].tolist() == ["Bergen & Dal"]


def test_decimal_comma(tmp_path: Path):
    assert read(written(tmp_path, parcel(1, size="0,4"))).parcels["perceel_grootte_m2"].tolist() == [0.4]


def test_height_is_read_as_height(tmp_path: Path):
    points = " ".join(f"{x} {y} 0.0" for x, y in re.findall(r"(\S+) (\S+)", SQUARE))
    text = parcel(1, shell=points).replace('EPSG::28992">', 'EPSG::28992" srsDimension="3">', 1)
    found = read(written(tmp_path, text))
    assert found.parcels.geometry.iloc[0].area == 100
    assert found.counts["langzaam"] == 1


def test_ended_parcel_is_counted_and_left_out(tmp_path: Path):
    ended = parcel(2, more="<h:eindGeldigheid>2020-01-01T00:00:00+01:00</h:eindGeldigheid>")
    found = read(written(tmp_path, parcel(1), ended))
    assert found.parcels["perceel_id"].tolist() == ["84920000000001"]
    assert found.counts["vervallen"] == 1


def test_repeat_on_a_tile_border_is_kept_once(tmp_path: Path):
    found = read(written(tmp_path, parcel(1), parcel(2), parcel(1)))
    assert (len(found.parcels), found.counts["dubbel"]) == (2, 1)


def test_bow_tie_is_repaired_and_counted(tmp_path: Path):
    tie = "250000 470000 250010 470010 250010 470000 250000 470010 250000 470000"
    found = read(written(tmp_path, parcel(1, shell=tie), parcel(2)))
    assert found.counts["hersteld"] == 1
    assert found.parcels.geometry.is_valid.all()
    assert found.parcels.geometry.iloc[0].area == 50


@pytest.mark.parametrize(
    "shell", ["250000 470000 250010 470010", "250000 470000 250010 470010 250000 470000 250000 470000"]
)
def test_parcel_without_area_is_reported(tmp_path: Path, shell: str):
    found = read(written(tmp_path, parcel(1, shell=shell), parcel(2)))
    assert found.parcels["perceel_id"].tolist() == ["84920000000002"]
    assert found.losses["verlies_id"].tolist() == ["84920000000001"]
    assert found.counts["zonder vlak"] == 1


def test_odd_number_of_coordinates_is_reported(tmp_path: Path):
    found = read(written(tmp_path, parcel(1, shell=SQUARE + " 1"), parcel(2)))
    assert found.losses["verlies_id"].tolist() == ["84920000000001"]


def test_bounds_choose(tmp_path: Path):
    far = "251000 470000 251010 470000 251010 470010 251000 470010 251000 470000"
    path = written(tmp_path, parcel(1), parcel(2, shell=far))
    found = read(path, (249_990, 469_990, 250_020, 470_020))
    assert found.parcels["perceel_id"].tolist() == ["84920000000001"]
    assert found.counts["buiten gebied"] == 1
    with pytest.raises(SourceChanged, match="geen percelen in het gevraagde gebied"):
        read(path, (0, 300_000, 1, 300_001))


def test_other_members_between_parcels_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("twentegeo.sources.delivery.PIECE", 100)
    border = "<kk:grensMember><oz:KadastraleGrens>" + "x" * 3000 + "</oz:KadastraleGrens></kk:grensMember>\n"
    path = written(tmp_path, border, parcel(1), border, border, parcel(2), border)
    assert read(path).counts["percelen"] == 2


# --- what is refused -------------------------------------------------------------------------------------


def test_cut_off(tmp_path: Path):
    path = written(tmp_path, *(parcel(n) for n in range(1, 6)))
    whole = path.read_bytes()
    for share in (0.5, 0.9, 0.999):
        path.write_bytes(whole[: int(len(whole) * share)])
        assert "afgekapt" in refusal(path, SourceUnavailable)


def test_entity_bomb(tmp_path: Path):
    path = written(tmp_path, parcel(1))
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>\n<kk:DKK'
    path.write_text(path.read_text().replace("<kk:DKK", bomb))
    assert "entiteiten" in refusal(path)


def test_broken_member(tmp_path: Path):
    assert "geen geldige XML" in refusal(written(tmp_path, parcel(1).replace("</oz:sectie>", "")))


def test_text_for_a_coordinate(tmp_path: Path):
    assert "geen getal" in refusal(written(tmp_path, parcel(1, shell=SQUARE.replace("250010", "x", 1))))


def test_other_crs(tmp_path: Path):
    assert "28992" in refusal(written(tmp_path, parcel(1).replace("EPSG::28992", "EPSG::4258")))


def test_outside_the_netherlands(tmp_path: Path):
    shell = "6.1 52.1 6.2 52.1 6.2 52.2 6.1 52.1"
    assert "buiten Nederland" in refusal(written(tmp_path, parcel(1, shell=shell)))


def test_without_parcels(tmp_path: Path):
    assert "geen percelen" in refusal(written(tmp_path))


def test_not_xml_of_the_cadastre(tmp_path: Path):
    path = tmp_path / "p.gml"
    path.write_text("<html><body>404</body></html>")
    assert "geen GML van de Kadastrale Kaart" in refusal(path)


def test_version_four(shared_data: Path):
    assert "v4" in refusal(shared_data / "brk" / "v4" / "dkk_perceel.gml")


def test_truncated_zip(tmp_path: Path, shared_data: Path):
    whole = (shared_data / "leidschendam-voorburg" / "brk" / "kadastralekaart_perceel.zip").read_bytes()
    path = tmp_path / "p.zip"
    path.write_bytes(whole[: len(whole) // 2])
    assert "afgekapt" in refusal(path, SourceUnavailable)


# --- GeoPackage and GeoJSON ------------------------------------------------------------------------------

SNAKE = {
    "identificatie_lokaal_id": "84920000000001",
    "kadastrale_gemeente_waarde": "Otterlo",
    "sectie": "B",
    "perceelnummer": 1,
    "akr_kadastrale_gemeente_code_waarde": "OTL02",
    "kadastrale_grootte_waarde": 100.0,
}
CAMEL = dict(
    zip(
        (
            "identificatieLokaalID",
            "kadastraleGemeenteWaarde",
            "sectie",
            "perceelnummer",
            "AKRKadastraleGemeenteCodeWaarde",
            "kadastraleGrootteWaarde",
        ),
        SNAKE.values(),
        strict=True,
    )
)


def layer(properties: dict[str, object], crs: str = "EPSG:28992") -> gpd.GeoDataFrame:
    shape = shapely.box(250_000, 470_000, 250_010, 470_010)
    if crs == "EPSG:4326":
        shape = shapely.box(6.1, 52.1, 6.2, 52.2)
    return gpd.GeoDataFrame([properties], geometry=[shape], crs=crs)


@pytest.mark.parametrize("properties", [SNAKE, CAMEL], ids=["snake", "camel"])
@pytest.mark.parametrize("suffix", [".gpkg", ".geojson"])
def test_layers_equal_gml(tmp_path: Path, properties: dict[str, object], suffix: str):
    expected = read(written(tmp_path, parcel(1))).parcels
    path = tmp_path / f"percelen{suffix}"
    layer(properties).to_file(path)
    found = read(path).parcels
    assert found.drop(columns="geometry").equals(expected.drop(columns="geometry"))
    assert found.geometry.iloc[0].equals(expected.geometry.iloc[0])


def test_zipped_geopackage(tmp_path: Path):
    layer(SNAKE).to_file(tmp_path / "p.gpkg")
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        archive.write(tmp_path / "p.gpkg", "map/p.gpkg")
    assert len(read(tmp_path / "p.zip").parcels) == 1


def test_layer_bounds(tmp_path: Path):
    layer(SNAKE).to_file(tmp_path / "p.gpkg")
    assert len(read(tmp_path / "p.gpkg", (249_000, 469_000, 250_001, 470_001)).parcels) == 1
    with pytest.raises(SourceChanged):
        read(tmp_path / "p.gpkg", (249_000, 469_000, 249_001, 469_001))


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson"])
def test_layer_in_degrees(tmp_path: Path, suffix: str):
    path = tmp_path / f"p{suffix}"
    layer(SNAKE, "EPSG:4326").to_file(path)
    assert "EPSG:28992" in refusal(path)


def test_geojson_that_names_no_crs(tmp_path: Path):
    path = tmp_path / "p.geojson"
    shape = shapely.geometry.mapping(shapely.box(250_000, 470_000, 250_010, 470_010))
    feature = {"type": "Feature", "properties": SNAKE, "geometry": shape}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert "EPSG:28992" in refusal(path)


def test_layer_without_the_columns(tmp_path: Path):
    path = tmp_path / "p.gpkg"
    layer({"naam": "x"}).to_file(path)
    assert "identificatie_lokaal_id" in refusal(path)


@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_neither_layer_nor_gml(tmp_path: Path):
    path = tmp_path / "p.gpkg"
    path.write_bytes(b"SQLite format 3\0" + b"\0" * 100)
    refusal(path, SourceUnavailable)


# --- real files ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["brk/v5/kadastralekaart_perceel.gml", "leidschendam-voorburg/brk/kadastralekaart_perceel.zip"]
)
def test_real_file_against_an_independent_walk(shared_data: Path, name: str):
    path = shared_data / name
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            text = archive.read(archive.namelist()[0])
    else:
        text = path.read_bytes()
    space = {"oz": f"{BASE}/imkad-onroerendezaak/v20220601", "gml": "http://www.opengis.net/gml/3.2"}
    areas = {}
    for element in etree.fromstring(text).iter("{*}Perceel"):
        rings = element.xpath("./oz:begrenzingPerceel//gml:posList/text()", namespaces=space)
        flat = [[float(number) for number in ring_.split()] for ring_ in rings]
        shell, *holes = [list(zip(xy[::2], xy[1::2], strict=True)) for xy in flat]
        areas[element.findtext("{*}identificatie")] = shapely.Polygon(shell, holes)
    found = read(path)
    assert found.counts["langzaam"] == 0
    assert dict(zip(found.parcels["perceel_id"], found.parcels.geometry, strict=True)) == areas
    conform(PERCEEL, found.parcels)
