"""The project file, without QGIS: what a user finds in it, and that nothing in it points at nothing."""

from __future__ import annotations

import sqlite3
import xml.etree.ElementTree as ET
import zipfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from twentegeo.publish.edition import VOORBEELD, Edition
from twentegeo.publish.geopackage import write_geopackage
from twentegeo.publish.project import write_project
from twentegeo.publish.project.layers import BACKDROP_SOURCE
from twentegeo.publish.project.relations import RELATIONS
from twentegeo.publish.project.themes import BACKDROP, THEMES
from twentegeo.publish.project.tree import GROUPS, TABLES, contract_of, every_layer, styles_of
from twentegeo.publish.styles import all_styles
from twentegeo.tables.contract import empty
from twentegeo.tables.layers import MAP_LAYERS, PLAIN_TABLES

if TYPE_CHECKING:
    import pandas as pd

    from twentegeo.publish.classes import ClassTables

KEYS = [layer.key for layer in every_layer()]


def document(path: Path) -> ET.Element:
    """The project that a ``.qgz`` holds."""
    with zipfile.ZipFile(path) as archive:
        (name,) = archive.namelist()
        return ET.fromstring(archive.read(name))


@pytest.fixture(scope="module")
def project(package: Path):
    return document(package.with_suffix(".qgz"))


def test_the_groups_are_those_that_were_agreed():
    names = [group.name for group in GROUPS]

    assert names == ["Kaart", "Prioriteit", "Energie", "Levensloop", "Gebieden", "Kwaliteit", "Achtergrond"]


def test_every_layer_and_table_is_in_the_panel_once_with_all_its_styles():
    main = [layer.layer for layer in every_layer() if layer.is_main]

    assert sorted(main) == sorted(TABLES)
    assert len(set(KEYS)) == len(KEYS)
    for layer in every_layer():
        assert contract_of(layer).name == layer.layer
        assert bool(styles_of(layer)) == (contract_of(layer).geometry is not None)


def test_themes_show_layers_and_styles_that_exist():
    layers = {layer.key: layer for layer in every_layer()}

    for theme in THEMES:
        assert set(theme.shown) <= {*KEYS, BACKDROP}, theme.name
        for key, style in theme.styles:
            assert key in theme.shown
            assert style in [one.name for one in styles_of(layers[key])], (theme.name, key)
        assert theme.question.endswith((")", "?"))


def test_relations_rest_on_columns_of_the_contracts():
    for relation in RELATIONS:
        assert relation.parent_column in TABLES[relation.parent].names, relation.name
        assert relation.child_column in TABLES[relation.child].names, relation.name
        assert TABLES[relation.parent].key == (relation.parent_column,) or relation.child == "gebied_herkomst"


def test_the_project_finds_the_package_beside_it(project: ET.Element, package: Path):
    sources = {item.text for item in project.iter("datasource")} - {BACKDROP_SOURCE}

    assert sources == {f"./twente.gpkg|layername={table.name}" for table in (*MAP_LAYERS, *PLAIN_TABLES)}
    assert str(package.parent) not in ET.tostring(project, encoding="unicode")


def test_the_same_project_lies_in_the_package(package: Path):
    with closing(sqlite3.connect(f"file:{package}?mode=ro", uri=True)) as connection:
        ((name, content),) = connection.execute("SELECT name, content FROM qgis_projects").fetchall()

    assert name == "twente"
    assert bytes.fromhex(content) == package.with_suffix(".qgz").read_bytes()


def test_the_backdrop_is_asked_for_only_when_it_is_drawn():
    """A WMTS by its capabilities is invalid without a network; tiles by address are not."""
    assert BACKDROP_SOURCE.startswith("type=xyz&")
    assert "/grijs/" in BACKDROP_SOURCE
    assert "GetCapabilities" not in BACKDROP_SOURCE


def test_made_up_data_say_so_in_title_map_and_every_layout(project: ET.Element, edition: Edition):
    assert VOORBEELD in project.findtext("title")
    assert project.findtext("properties/TitleLabel/Enabled") == "true"
    for layout in project.iter("Layout"):
        texts = [item.get("labelText", "") for item in layout.iter("LayoutItem")]
        assert VOORBEELD in texts, layout.get("name")
        assert any(edition.run_id in text and "Peildatum 08-01-2024" in text for text in texts)
        assert any(text.startswith("Bronnen: BAG (Kadaster)") for text in texts)


def test_real_data_carry_no_notice(
    tmp_path: Path, world: dict[str, pd.DataFrame], edition: Edition, classes: ClassTables
):
    real = Edition("Twente", edition.peildatum, edition.run_id)
    path = tmp_path / "twente.gpkg"
    write_geopackage(path, world, edition=real, styles=all_styles(classes, real))
    written = document(write_project(path, classes=classes, edition=real))

    assert VOORBEELD not in ET.tostring(written, encoding="unicode")
    assert written.findtext("properties/TitleLabel/Enabled") == "false"


def test_an_empty_layer_is_left_out_of_panel_themes_relations_and_layouts(
    tmp_path: Path, world: dict[str, pd.DataFrame], edition: Edition, classes: ClassTables
):
    gone = {name: empty(TABLES[name]) for name in ("prioriteitsgebied", "perceel", "wijziging")}
    path = tmp_path / "twente.gpkg"
    write_geopackage(path, {**world, **gone}, edition=edition, styles=all_styles(classes, edition))
    written = document(write_project(path, classes=classes, edition=edition))

    present = {item.text for item in written.iter("id")}
    assert not {"twentegeo_prioriteitsgebied", "twentegeo_perceel"} & present
    assert {item.get("id") for item in written.iter("layer-tree-layer")} <= present
    assert {item.get("id") for preset in written.iter("visibility-preset") for item in preset.iter("layer")} <= present
    assert "Verandering" not in {preset.get("name") for preset in written.iter("visibility-preset")}, "nothing to show"
    for relation in written.iter("relation"):
        assert {relation.get("referencedLayer"), relation.get("referencingLayer")} <= present
    assert {item.get("coverageLayer") for item in written.iter("Atlas")} == {"twentegeo_gemeente"}


def test_the_same_release_gives_the_same_project(
    tmp_path: Path, world: dict[str, pd.DataFrame], edition: Edition, classes: ClassTables
):
    path = tmp_path / "twente.gpkg"
    write_geopackage(path, world, edition=edition, styles=all_styles(classes, edition))
    first = write_project(path, classes=classes, edition=edition).read_bytes()

    assert write_project(path, classes=classes, edition=edition).read_bytes() == first


def test_bookmarks_name_the_municipalities(project: ET.Element):
    names = [(item.get("name"), item.get("group")) for item in project.iter("Bookmark")]

    assert names == [("Enschede", "Gemeenten"), ("Hengelo", "Gemeenten")]
