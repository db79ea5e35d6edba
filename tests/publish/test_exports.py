"""Exports before other readers: GDAL, pyarrow, geopandas, and a spreadsheet's rules."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.publish.manifests import HOSTILE
from twentegeo.errors import ReleaseError
from twentegeo.publish import exports
from twentegeo.publish.exports import export
from twentegeo.publish.geopackage import write_geopackage
from twentegeo.publish.table_files import harmless
from twentegeo.tables.layers import MAP_LAYERS, PLAIN_TABLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from twentegeo.publish.edition import Edition


@pytest.fixture(scope="module")
def exported(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    export(package, folder, say=lambda _: None)
    return folder


def geo(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(pq.read_schema(path).metadata[b"geo"])
    return found


def test_every_layer_and_table_has_its_file(exported: Path):
    names = {path.name for path in exported.iterdir()}
    expected = {f"{table.name}{ending}" for table in MAP_LAYERS for ending in (".fgb", ".parquet")}
    expected |= {f"{table.name}.csv" for table in PLAIN_TABLES}

    assert names == expected | {"prioriteitsgebied.csv", "gemeente.csv", "wijk.csv", "buurt.csv"}


@pytest.mark.parametrize("ending", [".fgb", ".parquet"])
@pytest.mark.parametrize("table", MAP_LAYERS, ids=lambda table: table.name)
def test_layers_hold_the_same_rows_in_rd_new(exported: Path, package: Path, table: Any, ending: str):
    (key,) = table.key
    source = gpd.read_file(package, layer=table.name).sort_values(key, ignore_index=True)
    path = exported / f"{table.name}{ending}"
    back = gpd.read_parquet(path) if ending == ".parquet" else gpd.read_file(path)
    back = back.sort_values(key, ignore_index=True)

    assert back.crs.to_epsg() == 28992
    assert back[key].tolist() == source[key].tolist()
    assert shapely.equals(back.geometry.to_numpy(), source.geometry.to_numpy()).all()
    for name in table.names:
        assert back[name].isna().tolist() == source[name].isna().tolist(), name


def test_geoparquet_says_what_it_is(exported: Path):
    told = geo(exported / "pand.parquet")
    column = told["columns"][told["primary_column"]]

    assert (told["version"], told["primary_column"], column["encoding"]) == ("1.1.0", "geom", "WKB")
    assert column["geometry_types"] == ["MultiPolygon"]
    assert column["orientation"] == "counterclockwise"
    assert column["crs"]["id"] == {"authority": "EPSG", "code": 28992}
    assert column["covering"]["bbox"] == {side: ["bbox", side] for side in ("xmin", "ymin", "xmax", "ymax")}
    frame = gpd.read_parquet(exported / "pand.parquet")
    assert column["bbox"] == pytest.approx(list(frame.total_bounds))
    assert "orientation" not in geo(exported / "verblijfsobject.parquet")["columns"]["geom"]


def test_the_covering_is_the_box_of_each_row(exported: Path):
    table = pq.read_table(exported / "perceel.parquet")
    boxes = pd.DataFrame(table.column("bbox").to_pylist())
    shapes = shapely.from_wkb(table.column("geom").to_numpy())

    assert boxes[["xmin", "ymin", "xmax", "ymax"]].to_numpy().tolist() == shapely.bounds(shapes).tolist()


def test_a_reader_that_wants_a_part_skips_the_rest(package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Rows that lie together stand together, so that the statistics of a row group tell what is not in it."""
    monkeypatch.setattr(exports, "ROW_GROUP", 8)
    export(package, tmp_path, forms=["geoparquet"], layers=["pand"], say=lambda _: None)
    path = tmp_path / "pand.parquet"
    frame = gpd.read_parquet(path)
    west, south, east, north = frame.total_bounds
    corner = (west, south, west + (east - west) / 4, south + (north - south) / 4)

    found = gpd.read_parquet(path, bbox=corner)
    assert sorted(found["pand_id"]) == sorted(frame.cx[corner[0] : corner[2], corner[1] : corner[3]]["pand_id"])
    described = pq.ParquetFile(path).metadata
    place = {described.row_group(0).column(i).path_in_schema: i for i in range(described.num_columns)}
    skipped = 0
    for group in range(described.num_row_groups):
        low = described.row_group(group).column(place["bbox.ymin"]).statistics.min
        left = described.row_group(group).column(place["bbox.xmin"]).statistics.min
        skipped += low > corner[3] or left > corner[2]
    assert described.num_row_groups == 7
    assert skipped >= 3


def test_columns_keep_caption_and_meaning_in_geoparquet(exported: Path):
    field = pq.read_schema(exported / "perceel.parquet").field("bebouwd_m2")

    assert field.metadata[b"title"].decode() == "Bebouwd oppervlak (m²)"
    assert field.metadata[b"description"].decode() == "Oppervlak van het perceel dat door panden bedekt is."


@pytest.mark.gdal
def test_gdals_own_program_reads_flatgeobuf_by_its_index(exported: Path, absent: Callable[[str], None]):
    if shutil.which("ogrinfo") is None:
        absent("ogrinfo is er niet; installeer gdal-bin")
    command = [
        "ogrinfo",
        "-ro",
        "-so",
        str(exported / "pand.fgb"),
        "pand",
        "-spat",
        "250000",
        "470000",
        "250070",
        "470100",
    ]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout

    assert "Geometry: Multi Polygon" in told
    assert 'ID["EPSG",28992]' in told
    assert "Feature Count: 4" in told
    assert "Panden Twente" in pyogrio.read_info(exported / "pand.fgb")["layer_metadata"]["TITLE"]


def test_csv_is_what_a_dutch_spreadsheet_opens(exported: Path):
    raw = (exported / "buurt.csv").read_bytes()
    assert raw.startswith("\ufeff".encode())
    rows = list(csv.reader(raw.decode("utf-8-sig").splitlines(), delimiter=";"))

    assert rows[0][:2] == ["Code", "Naam"]
    assert "geom" not in rows[0]
    scores = [row[rows[0].index("Score prioriteit (0-100)")] for row in rows[1:]]
    assert scores == ["35,0", "45,5", "", "72,25"]


def test_hostile_texts_cannot_become_formulas(tmp_path: Path, world: dict[str, pd.DataFrame], edition: Edition):
    texts = ["=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", HOSTILE, "gewoon - tekst", "a;b\nc"]
    losses = pd.concat([world["koppelverlies"].iloc[:1]] * len(texts), ignore_index=True)
    losses = losses.assign(verlies_id=[f"{place:02d}" for place in range(len(texts))], advies=texts)
    package = tmp_path / "twente.gpkg"
    write_geopackage(package, {"koppelverlies": losses}, edition=edition)
    (path,) = export(package, tmp_path, say=lambda _: None)

    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    found = [row["Wat te doen"] for row in sorted(rows, key=lambda row: row["Object"])]
    assert found[:7] == [f"'{text}" for text in texts[:7]]
    assert found[7:] == texts[7:]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.one_of(st.none(), st.text(st.characters(codec="utf-8", exclude_categories=["Cs"])))))
def test_no_text_starts_as_a_formula_and_no_other_text_changes(texts: list[str | None]):
    found = harmless(pa.array(texts, pa.string())).to_pylist()

    for before, after in zip(texts, found, strict=True):
        if before is None:
            assert after is None
            continue
        assert after in (before, f"'{before}")
        assert after.strip()[:1] not in ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def test_an_unknown_layer_names_those_that_are_there(package: Path, tmp_path: Path):
    with pytest.raises(
        ReleaseError, match=r"laag huis staat er niet in\. Kies uit: prioriteitsgebied, hotspot, gemeente"
    ):
        export(package, tmp_path, layers=["huis"], say=lambda _: None)


def test_a_file_that_is_no_geopackage_is_named(tmp_path: Path):
    (tmp_path / "x.gpkg").write_bytes(b"geen database")
    with pytest.raises(ReleaseError, match=r"x\.gpkg: niet te lezen"):
        export(tmp_path / "x.gpkg", tmp_path, say=lambda _: None)
