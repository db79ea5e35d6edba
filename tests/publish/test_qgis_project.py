"""The project in real QGIS: beside the package, moved, inside it, and with a layer gone; every theme, and atlases."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pypdf
import pytest

from twentegeo.publish.arrow import caption
from twentegeo.publish.edition import VOORBEELD
from twentegeo.publish.project.layouts import PRINTED
from twentegeo.publish.project.relations import RELATIONS
from twentegeo.publish.project.themes import BACKDROP, THEMES
from twentegeo.publish.project.tree import GROUPS, contract_of, every_layer, styles_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    from twentegeo.publish.classes import ClassTables

pytestmark = pytest.mark.qgis

ATLASES = ["Gemeente - Twee assen", "Prioriteitsgebied"]
OPENED = ("ernaast", "verplaatst", "erin")
NO_CLASS = {"#ffffff", "#f2f2f2"}
"""What the paper and buildings without a dwelling have too."""


@pytest.fixture(scope="module")
def seen(
    package: Path,
    hostile_package: Path,
    repository: Path,
    run_qgis: Callable[..., dict[str, Any]],
    tmp_path_factory: pytest.TempPathFactory,
    pictures: Path,
):
    """What QGIS finds in each project, all in one go."""
    moved = tmp_path_factory.mktemp("elders") / "map met spaties"
    moved.mkdir()
    maimed = tmp_path_factory.mktemp("kapot")
    for folder in (moved, maimed):
        for path in (package, package.with_suffix(".qgz")):
            shutil.copy(path, folder / path.name)
    with closing(sqlite3.connect(maimed / package.name)) as connection:
        for table in ("gpkg_contents", "gpkg_geometry_columns"):
            connection.execute(f"DELETE FROM {table} WHERE table_name = 'hectare'")
        connection.commit()
    inside = f"geopackage:{moved / package.name}?projectName=twente"
    orders = [
        {"name": "ernaast", "uri": str(package.with_suffix(".qgz")), "themes": True, "atlases": ATLASES},
        {"name": "verplaatst", "uri": str(moved / "twente.qgz")},
        {"name": "erin", "uri": inside},
        {"name": "zonder hectare", "uri": str(maimed / "twente.qgz")},
        {
            "name": "vijandig",
            "uri": str(hostile_package.with_suffix(".qgz")),
            "themes": ["Waar eerst", "Buurten vergelijken"],
            "atlases": ATLASES,
            "tips": [
                f"twentegeo_{name}" for name in ("prioriteitsgebied", "gemeente", "wijk", "buurt", "verblijfsobject")
            ],
        },
    ]
    out = pictures / "project"
    out.mkdir(parents=True, exist_ok=True)
    (out / "orders.json").write_text(json.dumps(orders), encoding="utf-8")
    found = run_qgis(repository / "tests" / "tools" / "inspect_project.py", out / "orders.json", out)
    return {**found, "out": out}


@pytest.mark.parametrize("name", OPENED)
def test_the_project_opens_with_every_layer_valid(seen: dict[str, Any], name: str):
    found = seen[name]

    assert found["opened"], found["error"]
    assert found["crs"] == found["view"] == "EPSG:28992"
    assert all(layer["valid"] for layer in found["layers"].values())
    assert set(found["layers"]) == {BACKDROP, *(layer.identifier for layer in every_layer())}


def test_it_opens_without_a_network_and_without_a_wait(seen: dict[str, Any]):
    backdrop = seen["ernaast"]["layers"][BACKDROP]

    assert backdrop["valid"]
    assert backdrop["crs"] == "EPSG:3857"
    assert seen["ernaast"]["seconds"] < 10, "seconds of work"


def test_a_moved_project_reads_the_package_that_moved_with_it(seen: dict[str, Any]):
    sources = {layer["source"] for key, layer in seen["verplaatst"]["layers"].items() if key != BACKDROP}

    assert all("map met spaties/twente.gpkg|layername=" in source for source in sources)


def test_a_layer_that_is_gone_takes_nothing_with_it(seen: dict[str, Any]):
    found = seen["zonder hectare"]["layers"]
    broken = {key for key, layer in found.items() if not layer["valid"]}

    assert broken == {layer.identifier for layer in every_layer() if layer.layer == "hectare"}


def test_layers_have_their_titles_styles_and_scales(seen: dict[str, Any]):
    for layer in every_layer():
        found = seen["ernaast"]["layers"][layer.identifier]
        assert found["name"] == layer.title
        styles = [style.name for style in styles_of(layer)] or ["default"]
        assert sorted(found["styles"]) == sorted(styles)
        assert found["current"] == styles[0]
        if layer.closest or (layer.furthest and layer.layer != "buurt"):
            assert found["scales"][0] == (layer.closest or 0)


def test_columns_have_their_dutch_names(seen: dict[str, Any]):
    for layer in every_layer():
        aliases = seen["ernaast"]["layers"][layer.identifier]["aliases"]
        for column in contract_of(layer).columns:
            assert aliases[column.name] == caption(column), (layer.key, column.name)


def test_a_building_opens_in_the_bag_viewer(seen: dict[str, Any]):
    (action,) = seen["ernaast"]["layers"]["twentegeo_pand"]["actions"]

    assert action["type"] == 5, "opens an address"
    assert action["command"].startswith("https://bagviewer.kadaster.nl/")
    assert "regexp_replace(\"pand_id\", '[^0-9]', '')" in action["command"]


def test_the_panel_has_the_groups_with_their_layers(seen: dict[str, Any]):
    tree = seen["ernaast"]["tree"]

    assert list(tree) == [group.name for group in GROUPS]
    for group in GROUPS:
        listed = [layer.identifier for layer in group.layers]
        assert tree[group.name]["layers"] == listed + ([BACKDROP] if group.name == "Achtergrond" else [])
    assert set(seen["ernaast"]["shown"]) == {key if key == BACKDROP else f"twentegeo_{key}" for key in THEMES[0].shown}


def test_relations_bookmarks_variables_and_notice(seen: dict[str, Any]):
    found = seen["ernaast"]

    assert found["relations"] == {relation.name: True for relation in RELATIONS}
    assert {name: place[:2] for name, place in found["bookmarks"].items()} == {
        "Enschede": ["Gemeenten", "EPSG:28992"],
        "Hengelo": ["Gemeenten", "EPSG:28992"],
    }
    assert found["variables"] == "20240109T021500Z"
    assert found["notice"].startswith(VOORBEELD)


def test_every_question_has_a_layout_of_region_and_municipality(seen: dict[str, Any]):
    layouts = seen["ernaast"]["layouts"]

    assert set(layouts) == {
        "Prioriteitsgebied",
        *(f"{subject} - {name}" for subject in ("Regio", "Gemeente") for name in PRINTED),
    }
    assert layouts["Prioriteitsgebied"]["atlas"] == "twentegeo_prioriteitsgebied"
    assert all(layout["legends"] and all(layout["legends"]) for layout in layouts.values()), "legends find their layers"


def test_every_theme_is_there(seen: dict[str, Any]):
    assert sorted(seen["ernaast"]["themes"]) == sorted(theme.name for theme in THEMES)


def expected_colours(theme: str, classes: ClassTables, world: dict[str, pd.DataFrame]) -> dict[str, set[str]]:
    """Colours of classes that the world has in it, by scale; from afar only those that cover whole pixels."""

    def of(table: str) -> set[str]:
        return {item.colour for item in classes[table].classes}

    def held(table: str, column: str, layer: str = "pand") -> set[str]:
        places = classes[table].place(world[layer][column].to_numpy(dtype=float))
        return {classes[table].legend[place].colour for place in places}

    labels = of("energielabel")
    return {
        "Waar eerst": {"ver": of("prioriteit"), "dichtbij": held("prioriteit", "score_prioriteit")},
        "Twee assen": {"ver": of("twee_assen"), "dichtbij": {classes["twee_assen"].colour_of("hoog-laag")}},
        "Energie": {"ver": {"#fff0d2", "#fbab5e"}, "dichtbij": held("score_energie", "score_energie")},
        "Labels": {"ver": {"#197278", "#5cad98", "#dd6a2c"}, "dichtbij": labels - {"#08383f"}},
        "Levensloop": {"ver": {"#d6e8f6", "#8abade"}, "dichtbij": held("score_levensloop", "score_levensloop")},
        "Buurten vergelijken": {"ver": {"#fdebac", "#feac76", "#942c80"}, "dichtbij": {"#feac76"}},
        "Zekerheid": {"ver": {"#fdebac"}, "dichtbij": held("score_energie", "score_energie")},
        "Labeldekking": {"ver": {"#f2f4dc", "#96cb94", "#0c4f57"}, "dichtbij": {"#96cb94"}},
        "Van dichtbij": {"ver": {"#ffffff"}, "dichtbij": of("label_verwacht")},
        "Concentraties": {"ver": set(), "dichtbij": set()},
        "Verandering": {"ver": {"#d1495b"}, "dichtbij": set()},
    }[theme]


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_a_theme_draws_the_colours_of_its_classes(
    seen: dict[str, Any], classes: ClassTables, world: dict[str, pd.DataFrame], theme: Any
):
    drawn = seen["ernaast"]["drawn"][theme.name]

    for scale, colours in expected_colours(theme.name, classes, world).items():
        found = drawn[scale]["colours"]
        assert drawn[scale]["errors"] == []
        assert len(found) > 3, f"nothing but paper {scale}"
        assert colours <= set(found), f"{colours - set(found)} missing {scale}"


def test_grey_is_unknown_on_every_map_of_scores(seen: dict[str, Any]):
    for theme in ("Waar eerst", "Twee assen", "Buurten vergelijken", "Labeldekking", "Labels"):
        assert "#cccccc" in seen["ernaast"]["drawn"][theme]["ver"]["colours"], theme


def test_the_change_of_areas_is_looked_up_beside_them(seen: dict[str, Any], classes: ClassTables):
    """The world knows of one area where it comes from; the other one is grey."""
    colours = seen["ernaast"]["drawn"]["Verandering"]["ver"]["colours"]

    assert {classes["relatie"].colour_of("nieuw"), classes["relatie"].unknown.colour} <= set(colours)


@pytest.mark.parametrize(("name", "pages"), [("Gemeente - Twee assen", 2), ("Prioriteitsgebied", 2)])
@pytest.mark.parametrize("project", ["ernaast", "vijandig"])
def test_an_atlas_is_printed_with_a_page_for_each(seen: dict[str, Any], project: str, name: str, pages: int):
    printed = seen[project]["printed"][name]
    assert printed["result"] == 0, printed["message"]
    assert printed["pages"] == pages

    reader = pypdf.PdfReader(seen["out"] / f"{project}_{ATLASES.index(name)}.pdf")
    assert len(reader.pages) == pages
    for page in reader.pages:
        width, height = (float(side) / 72 * 25.4 for side in page.mediabox[2:])
        assert (round(width), round(height)) == (420, 297)
        text = " ".join(page.extract_text().replace("ﬁ", "fi").split())
        assert VOORBEELD in text
        assert "run 20240109T021500Z" in text


def test_names_from_the_data_are_not_evaluated_on_paper(seen: dict[str, Any]):
    pages = [
        page.extract_text()
        for number in range(len(ATLASES))
        for page in pypdf.PdfReader(seen["out"] / f"vijandig_{number}.pdf").pages
    ]
    text = " ".join(" ".join(pages).split())

    assert "[% 6*7 %]" in text
    assert "42" not in text.replace("20240109T021500Z", "")
    assert "<script>" in text, "shown as it is, for nobody runs it on paper"


@pytest.mark.parametrize("layer", ["prioriteitsgebied", "gemeente", "wijk", "buurt", "verblijfsobject"])
def test_names_from_the_data_are_no_markup_and_no_expression_in_map_tips(seen: dict[str, Any], layer: str):
    tips = seen["vijandig"]["tips"][f"twentegeo_{layer}"]

    assert len(tips) >= 2
    for tip in tips:
        assert "<script" not in tip
        assert "<b>" not in tip
        assert ">42<" not in tip
        assert "20240109T021500Z" not in tip, "a variable that a name asks for stays unsaid"
    assert any("&lt;script&gt;" in tip for tip in tips)
    assert any("&#91;% 6*7 %]" in tip for tip in tips)


def test_names_from_the_data_are_plain_text_on_the_map(seen: dict[str, Any]):
    labels = [
        text for drawn in seen["vijandig"]["drawn"].values() for scale in drawn.values() for text in scale["labels"]
    ]

    assert any("[% 6*7 %]" in text for text in labels)
    assert not any(text.strip() == "42" for text in labels)
