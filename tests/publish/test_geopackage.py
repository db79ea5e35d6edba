from __future__ import annotations

import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from subprocess import PIPE
from typing import TYPE_CHECKING

import geopandas as gpd
import pyarrow as pa
import pyogrio
import pytest
import shapely

from tests.publish.manifests import told
from twentegeo.crs import RD_NEW_TEXT
from twentegeo.errors import ReleaseError
from twentegeo.publish.arrow import published
from twentegeo.publish.dictionary import data_dictionary
from twentegeo.publish.edition import VOORBEELD, Edition
from twentegeo.publish.geopackage import PackageWriter, write_geopackage
from twentegeo.publish.metadata.embed import embed
from twentegeo.publish.package_reading import read_back
from twentegeo.publish.project import write_project
from twentegeo.publish.styles import all_styles
from twentegeo.publish.styles.look import NamedStyle
from twentegeo.tables.contract import empty
from twentegeo.tables.layers import MAP_LAYERS, PAND, PLAIN_TABLES, PRIORITEITSGEBIED

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from twentegeo.publish.classes import ClassTables


def query(path: Path, text: str, *values: str):
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return connection.execute(text, values).fetchall()


def test_what_is_read_back_is_what_was_written(package: Path, world: dict[str, pd.DataFrame]):
    facts = read_back(package)

    assert list(facts) == [table.name for table in (*MAP_LAYERS, *PLAIN_TABLES)]
    assert {name: facts[name].rows for name in world} == {name: len(frame) for name, frame in world.items()}
    for table in MAP_LAYERS:
        found = facts[table.name]
        assert (found.crs, found.geometry, found.null_geometries, found.rtree) == (
            "EPSG:28992",
            table.geometry,
            0,
            True,
        )
        assert list(found.columns) == table.names
        assert found.bounds == pytest.approx(tuple(world[table.name].total_bounds))
    assert facts["run"].crs is None
    assert facts["run"].bounds is None


def test_values_and_geometry_survive_the_trip(package: Path, world: dict[str, pd.DataFrame]):
    back = gpd.read_file(package, layer="pand").sort_values("pand_id")
    frame = world["pand"].sort_values("pand_id")

    assert back["pand_id"].tolist() == frame["pand_id"].tolist()
    assert back["label_slechtste"].fillna("").tolist() == frame["label_slechtste"].fillna("").tolist()
    assert back["bouwjaar"].isna().tolist() == frame["bouwjaar"].isna().tolist()
    assert shapely.equals(back.geometry.to_numpy(), frame.geometry.to_numpy()).all()


def test_types_come_from_the_contract(package: Path):
    columns = read_back(package)["pand"].columns

    assert columns["pand_id"] == "TEXT(16)"
    assert columns["heeft_woning"] == "TEXT(3)"
    assert columns["peildatum"] == "DATE"
    assert columns["score_prioriteit"] == "REAL"
    assert columns["n_woningen"] == "INTEGER"
    (sql,) = query(package, "SELECT sql FROM sqlite_master WHERE name = 'pand'")[0]
    assert '"pand_id" TEXT(16) NOT NULL UNIQUE' in sql
    assert '"bouwjaar" INTEGER,' in sql, "a year may be absent"


def test_aliases_and_descriptions_stand_in_the_file(package: Path):
    rows = query(package, "SELECT column_name, name, description FROM gpkg_data_columns WHERE table_name = 'perceel'")
    found = {row[0]: row[1:] for row in rows}

    assert found["bebouwd_m2"] == (
        "Bebouwd oppervlak (m²)",
        "Oppervlak van het perceel dat door panden bedekt is.",
    )
    assert set(found) == set(read_back(package)["perceel"].columns)


def test_made_up_data_say_so_in_every_layer(package: Path):
    rows = query(package, "SELECT table_name, identifier, description FROM gpkg_contents")

    assert len(rows) == len(MAP_LAYERS) + len(PLAIN_TABLES) + 1
    assert all(VOORBEELD in identifier and VOORBEELD in text for _, identifier, text in rows)


def test_real_data_say_nothing_of_the_kind(tmp_path: Path, world: dict[str, pd.DataFrame], edition: Edition):
    real = Edition("Twente", edition.peildatum, edition.run_id)
    write_geopackage(tmp_path / "t.gpkg", {"hectare": world["hectare"]}, edition=real)

    assert query(tmp_path / "t.gpkg", "SELECT identifier, description FROM gpkg_contents") == [
        (
            "Hectarecellen Twente",
            "Een rij per CBS-vierkant van 100 bij 100 meter met ten minste één bestaande woning. Peildatum 08-01-2024.",
        )
    ]


def test_an_empty_map_layer_is_left_out_and_an_empty_table_stays(
    tmp_path: Path, world: dict[str, pd.DataFrame], edition: Edition
):
    layers = {
        **world,
        "prioriteitsgebied": empty(PRIORITEITSGEBIED),
        "koppelverlies": world["koppelverlies"].iloc[:0],
    }
    styles = [
        NamedStyle(name, "Label", "<qgis/>", default=True, description="x") for name in ("prioriteitsgebied", "pand")
    ]

    left_out = write_geopackage(tmp_path / "t.gpkg", layers, edition=edition, styles=styles)

    facts = read_back(tmp_path / "t.gpkg")
    assert left_out == ["prioriteitsgebied"]
    assert "prioriteitsgebied" not in facts
    assert facts["koppelverlies"].rows == 0
    assert query(tmp_path / "t.gpkg", "SELECT f_table_name FROM layer_styles") == [("pand",)]


def test_the_same_release_gives_the_same_bytes(
    tmp_path: Path, package: Path, world: dict[str, pd.DataFrame], edition: Edition, classes: ClassTables
):
    layers = {**world, "data_woordenboek": data_dictionary()}
    ready = {table.name: published(table, layers[table.name]) for table in (*MAP_LAYERS, *PLAIN_TABLES)}
    again = tmp_path / package.name
    write_geopackage(again, ready, edition=edition, styles=all_styles(classes, edition))
    embed(again, told(again), edition.timestamp)
    write_project(again, classes=classes, edition=edition)

    assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(package.read_bytes()).digest()


def test_the_moment_in_the_file_is_that_of_the_run(package: Path):
    moments = query(package, "SELECT DISTINCT last_change FROM gpkg_contents")

    assert moments == [("2024-01-09T02:15:00.000Z",)]
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None, "GDAL's clock is put back"


def test_the_file_stands_alone_and_is_version_1_3(package: Path):
    assert [path.name for path in package.parent.iterdir() if path.suffix != ".qgz"] == ["twente.gpkg"]
    assert query(package, "PRAGMA journal_mode") == [("delete",)]
    assert query(package, "PRAGMA user_version") == [(10300,)]


def test_a_file_that_stands_is_never_written_in(package: Path, world: dict[str, pd.DataFrame], edition: Edition):
    before = package.read_bytes()

    with pytest.raises(ReleaseError, match="bestaat al"):
        write_geopackage(package, world, edition=edition)
    assert package.read_bytes() == before


def test_a_folder_that_is_not_there_is_one_clear_line(tmp_path: Path, world: dict[str, pd.DataFrame], edition: Edition):
    with pytest.raises(ReleaseError, match="schrijven mislukt") as caught:
        write_geopackage(tmp_path / "nee" / "t.gpkg", world, edition=edition)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"geen database", None])
def test_a_file_that_is_no_geopackage_is_refused(tmp_path: Path, content: bytes | None):
    path = tmp_path / "t.gpkg"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(ReleaseError, match="niet te lezen"):
        read_back(path)


def test_read_back_sees_a_layer_that_lost_its_index(tmp_path: Path, world: dict[str, pd.DataFrame], edition: Edition):
    path = tmp_path / "t.gpkg"
    rows = published(PAND, world["pand"])
    write_geopackage(path, {"pand": rows}, edition=edition)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM rtree_pand_geom WHERE id = 1")
        connection.commit()

    assert not read_back(path)["pand"].rtree


def test_a_column_that_is_filled_in_later_is_as_if_it_had_been_there(
    tmp_path: Path, world: dict[str, pd.DataFrame], edition: Edition
):
    shuffled = world["pand"].sample(frac=1, random_state=3)
    rows = shuffled.assign(gebied_id=[f"G{n}" if n % 3 else None for n in range(len(shuffled))])
    whole, later = tmp_path / "whole.gpkg", tmp_path / "later.gpkg"
    write_geopackage(whole, {"pand": rows}, edition=edition)
    with PackageWriter(later, edition) as writer:
        writer.add(PAND, published(PAND, rows.assign(gebied_id=None)))
        writer.amend(PAND, published(PAND, rows).select(["pand_id", "gebied_id"]))
        writer.finish()

    assert query(later, "SELECT * FROM pand") == query(whole, "SELECT * FROM pand")
    assert read_back(later) == read_back(whole)
    filled = dict(query(later, "SELECT pand_id, gebied_id FROM pand"))
    expected = dict(
        zip(rows["pand_id"], rows["gebied_id"].astype(object).where(rows["gebied_id"].notna(), None), strict=False)
    )
    assert filled == expected


def test_rows_that_are_not_there_cannot_be_filled_in(tmp_path: Path, world: dict[str, pd.DataFrame], edition: Edition):
    rows = world["pand"].assign(gebied_id="G1")
    with PackageWriter(tmp_path / "t.gpkg", edition) as writer:
        writer.add(PAND, published(PAND, rows.iloc[:-1]))
        writer.amend(PAND, published(PAND, rows).select(["pand_id", "gebied_id"]))
        with pytest.raises(ReleaseError, match="gebied_id van pand"):
            writer.finish()


def test_a_writer_that_is_killed_is_one_clear_line(tmp_path: Path, world: dict[str, pd.DataFrame], edition: Edition):
    with PackageWriter(tmp_path / "t.gpkg", edition) as writer:
        os.kill(writer.pid, signal.SIGKILL)
        writer.add(PAND, published(PAND, world["pand"]))
        with pytest.raises(ReleaseError, match="viel weg bij pand") as caught:
            writer.finish()
    assert "\n" not in str(caught.value)


def test_a_writer_whose_master_died_ends_without_a_word(tmp_path: Path, world: dict[str, pd.DataFrame]):
    rows = published(PAND, world["pand"])
    stream = pa.BufferOutputStream()
    with pa.ipc.new_stream(stream, rows.schema) as sent:
        sent.write_table(rows)
    wanted = {"layer": "pand", "driver": "GPKG", "geometry_name": "geom", "geometry_type": "MultiPolygon"}
    asked = {"task": "write", "rows": True, "told": {"wanted": {**wanted, "crs": RD_NEW_TEXT}}}
    command = [sys.executable, "-m", "twentegeo.publish.package_worker", str(tmp_path / "t.gpkg")]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=PIPE) as worker:
        assert worker.stdout
        worker.stdout.close()
        whole = stream.getvalue().to_pybytes()
        cut = whole[: len(whole) // 2]
        _, said = worker.communicate(json.dumps(asked).encode() + b"\n" + cut, timeout=60)
    assert (worker.returncode, said) == (0, b"")


def test_whoever_leaves_early_leaves_no_process_behind(
    tmp_path: Path, world: dict[str, pd.DataFrame], edition: Edition
):
    def fail(writer: PackageWriter) -> None:
        writer.add(PAND, published(PAND, world["pand"]))
        raise LookupError

    with pytest.raises(LookupError), PackageWriter(tmp_path / "t.gpkg", edition) as writer:
        fail(writer)
    with pytest.raises(ProcessLookupError):
        os.kill(writer.pid, 0)


def test_a_run_id_of_another_form_is_refused(edition: Edition):
    with pytest.raises(ValueError, match="does not match"):
        _ = Edition("Twente", edition.peildatum, "gisteren").timestamp
