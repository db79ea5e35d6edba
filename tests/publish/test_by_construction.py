"""One contract changes, and everything that shows its columns follows: nothing else holds their words."""

from __future__ import annotations

import json
import shutil
import sqlite3
import xml.etree.ElementTree as ET
import zipfile
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow.parquet as pq
import pytest
from lxml import html

from tests.publish.manifests import manifest
from twentegeo.errors import ContractError
from twentegeo.publish import dictionary, geopackage, styles
from twentegeo.publish.classes import parse_classes
from twentegeo.publish.exports import export
from twentegeo.publish.maps.book import region_pictures
from twentegeo.publish.maps.contents import open_release
from twentegeo.publish.metadata.about import about
from twentegeo.publish.metadata.embed import embed, extents_of
from twentegeo.publish.metadata.iso import iso_xml
from twentegeo.publish.metadata.parameters import PublicationParams
from twentegeo.publish.packaged import read_layout
from twentegeo.publish.postgis import definitions
from twentegeo.publish.project import tree, write_project
from twentegeo.publish.report import inventory, page
from twentegeo.publish.report.parameters import ReportParams
from twentegeo.publish.sheets.items import Swatch, Text
from twentegeo.publish.site import make as site
from twentegeo.publish.statement import statement_of
from twentegeo.publish.styles.fields import field_elements
from twentegeo.publish.styles.look import named_style
from twentegeo.tables import layers as contracts
from twentegeo.tables.contract import Column

if TYPE_CHECKING:
    from pathlib import Path

    from twentegeo.publish.classes import ClassTables
    from twentegeo.publish.edition import Edition
    from twentegeo.tables.contract import Table

CAPTION, MEANING = "Bekend label", "Hoeveel van de woningen een label hebben, anders gezegd."
NEW = Column(
    "zonnedaken", "integer", "Daken met zon", "Panden met panelen.", "Roofs with panels.", "test", unit="daken"
)


def changed(table: Table) -> Table:
    """Reword one column of a layer and give it another."""
    uses = [
        replace(use, column=replace(use.column, alias=CAPTION, description=MEANING))
        if use.column.name in ("label_dekking", "label_status")
        else use
        for use in table.uses
    ]
    return replace(table, uses=(*uses, NEW.optional()))


@pytest.fixture
def world_of_tomorrow(world: dict[str, pd.DataFrame], monkeypatch: pytest.MonkeyPatch) -> dict[str, pd.DataFrame]:
    """Change the contracts of two layers, wherever they are named, and add the new column to their rows."""
    made = {table.name: changed(table) for table in (contracts.BUURT, contracts.VERBLIJFSOBJECT)}
    layers = tuple(made.get(table.name, table) for table in contracts.MAP_LAYERS)
    monkeypatch.setattr(contracts, "MAP_LAYERS", layers)
    monkeypatch.setattr(contracts, "BUURT", made["buurt"])
    monkeypatch.setattr(contracts, "VERBLIJFSOBJECT", made["verblijfsobject"])
    for module in (geopackage, dictionary):
        monkeypatch.setattr(module, "MAP_LAYERS", layers)
    return {
        name: frame.assign(zonnedaken=pd.Series(3, index=frame.index, dtype="Int64")) if name in made else frame
        for name, frame in world.items()
    }


def test_everything_follows_the_contract(
    world_of_tomorrow: dict[str, pd.DataFrame], tmp_path: Path, edition: Edition, classes: ClassTables
):
    tables = (*contracts.MAP_LAYERS, *contracts.PLAIN_TABLES)
    layers = {**world_of_tomorrow, "data_woordenboek": dictionary.data_dictionary(tables)}
    package = tmp_path / "twente.gpkg"
    geopackage.write_geopackage(package, layers, edition=edition, styles=styles.all_styles(classes, edition))
    statement = statement_of(manifest())
    told = about(statement, "twente", tables, extents_of(package), PublicationParams())
    embed(package, told, edition.timestamp)

    with closing(sqlite3.connect(package)) as connection:
        rows = connection.execute(
            "SELECT column_name, name, description FROM gpkg_data_columns WHERE table_name = 'buurt'"
        ).fetchall()
        lines = connection.execute("SELECT kolom, titel, eenheid FROM data_woordenboek WHERE laag = 'buurt'").fetchall()
        (record,) = connection.execute(
            "SELECT metadata FROM gpkg_metadata JOIN gpkg_metadata_reference ON md_file_id = id"
            " WHERE table_name = 'buurt' AND md_standard_uri LIKE '%gmd'"
        ).fetchone()
    aliases = {row[0]: row[1:] for row in rows}
    assert aliases["label_dekking"] == (f"{CAPTION} (%)", MEANING)
    assert aliases["zonnedaken"] == ("Daken met zon (daken)", "Panden met panelen.")
    assert ("label_dekking", CAPTION, "%") in lines
    assert ("zonnedaken", "Daken met zon", "daken") in lines
    for words in (f"label_dekking: {CAPTION} (%). {MEANING}", "zonnedaken: Daken met zon (daken). Panden met panelen."):
        assert words in record
        assert words in iso_xml(told, next(one for one in told.layers if one.name == "buurt")).decode()

    layer = next(one for one in read_layout(package) if one.name == "buurt")
    comments = [str(one.as_string(None)) for one in definitions.comments("s", layer, "TABLE")]
    assert any(f"{CAPTION} (%): {MEANING}" in one for one in comments)
    assert any("Daken met zon (daken): Panden met panelen." in one for one in comments)
    assert '"zonnedaken" bigint' in definitions.create_table("s", layer, "public").as_string(None)

    export(package, tmp_path, layers=["buurt"], say=lambda _: None)
    assert f";{CAPTION} (%);" in (tmp_path / "buurt.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert pq.read_schema(tmp_path / "buurt.parquet").field("zonnedaken").metadata[b"title"] == b"Daken met zon (daken)"

    story = page.tell(
        statement, inventory.take(layers), layers, classes=classes, before=None, parameters=ReportParams()
    )
    page.write(tmp_path / "r.html", story, classes=classes, publication=PublicationParams(), parameters=ReportParams())
    report = html.fromstring((tmp_path / "r.html").read_text(encoding="utf-8"))
    (section,) = report.xpath("//section[@id='dekking']")
    assert CAPTION in section.text_content()
    assert "Status label" not in section.text_content()


def test_styles_and_project_follow_the_contract(
    world_of_tomorrow: dict[str, pd.DataFrame],
    tmp_path: Path,
    edition: Edition,
    classes: ClassTables,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(styles.layers, "MAP_LAYERS", contracts.MAP_LAYERS)
    tables = {table.name: table for table in (*contracts.MAP_LAYERS, *contracts.PLAIN_TABLES)}
    monkeypatch.setattr(tree, "TABLES", tables)
    package = tmp_path / "twente.gpkg"
    layers = {**world_of_tomorrow, "data_woordenboek": dictionary.data_dictionary(tuple(tables.values()))}
    every = styles.all_styles(classes, edition)
    geopackage.write_geopackage(package, layers, edition=edition, styles=every)
    with zipfile.ZipFile(write_project(package, classes=classes, edition=edition)) as archive:
        project = ET.fromstring(archive.read("twente.qgs"))

    told = {f"style {one.name}": ET.fromstring(one.qml) for one in every if one.layer == "buurt"}
    told |= {f"project {one.findtext('id')}": one for one in project.iter("maplayer") if of_layer(one, "buurt")}
    assert len(told) > 8
    for where, element in told.items():
        names = {one.get("field"): one.get("name") for one in element.iter("alias")}
        assert names["label_dekking"] == f"{CAPTION} (%)", where
        assert names["zonnedaken"] == "Daken met zon (daken)", where
        assert f">{CAPTION} (%)<" in element.findtext("mapTip"), where


def test_a_column_that_goes_is_missed_by_the_styles_that_ask_for_it(classes: ClassTables, edition: Edition):
    poorer = replace(
        contracts.BUURT, uses=tuple(use for use in contracts.BUURT.uses if use.column.name != "label_dekking")
    )
    coverage = next(one for one in styles.layers.STYLES["buurt"] if one.name == "Labeldekking")

    with pytest.raises(ContractError, match=r"stijl .Labeldekking. van laag buurt vraagt kolom.* label_dekking"):
        named_style(poorer, styles.layers.FACES["buurt"], coverage, classes, edition)


def test_every_legend_follows_the_class_table(package: Path, repository: Path, tmp_path: Path, edition: Edition):
    """One word and one limit of a class change: GeoPackage, project, paper and the planner's page say so alike."""
    text = (repository / "config" / "styles" / "klassen.csv").read_text(encoding="utf-8")
    old, new = "prioriteit,,75,80,75 tot 80,#5d177f,idem", "prioriteit,,75,80,75 en minder dan 80,#5d1780,idem"
    assert old in text
    tomorrow = parse_classes(text.replace(old, new), "klassen.csv")

    def words(element: ET.Element) -> set[str | None]:
        return {one.get("label") for one in element.iter() if one.tag in ("range", "category", "rule")}

    drawn = [one for one in styles.all_styles(tomorrow, edition) if one.name == "Prioriteit"]
    assert {one.layer for one in drawn} == {
        "prioriteitsgebied", "gemeente", "wijk", "buurt", "hectare", "perceel", "pand"
    }  # fmt: skip
    for one in drawn:
        assert "75 en minder dan 80" in words(ET.fromstring(one.qml)), one.layer
        assert "93,23,128,255" in one.qml, one.layer

    copied = tmp_path / package.name
    shutil.copy(package, copied)
    with zipfile.ZipFile(write_project(copied, classes=tomorrow, edition=edition)) as archive:
        project = ET.fromstring(archive.read("twente.qgs"))
    shown = [one for one in project.iter("maplayer") if "75 en minder dan 80" in words(one)]
    assert {one.findtext("id") for one in shown} >= {
        "twentegeo_hectare_prioriteit", "twentegeo_pand_prioriteit", "twentegeo_prioriteitsgebied", "twentegeo_buurt"
    }  # fmt: skip

    contents = open_release(copied, tomorrow, edition)
    sheet = next(book for book in region_pictures(contents) if book.file == "prioriteit.png").sheets[0]
    assert "75 en minder dan 80" in {item.text for item in sheet.items if isinstance(item, Text)}
    assert "#5d1780" in {item.symbol.colour for item in sheet.items if isinstance(item, Swatch)}
    assert "75 en minder dan 80" in json.dumps(site._legend(tomorrow["prioriteit"]))


def of_layer(element: ET.Element, name: str) -> bool:
    """Tell whether a layer of a project reads this layer of the package."""
    return (element.findtext("datasource") or "").endswith(f"layername={name}")


def test_the_style_shows_the_caption_of_the_contract(classes: ClassTables):
    _, aliases = field_elements(changed(contracts.BUURT), classes)
    named = {one.get("field"): one.get("name") for one in aliases}

    assert named["label_dekking"] == f"{CAPTION} (%)"
    assert named["zonnedaken"] == "Daken met zon (daken)"
