"""Every layer in real QGIS, opened as a user opens it: the default style of the file must be there."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from twentegeo.publish.arrow import caption
from twentegeo.publish.edition import VOORBEELD
from twentegeo.tables.layers import MAP_LAYERS

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from twentegeo.publish.classes import ClassTables
    from twentegeo.tables.contract import Table

pytestmark = pytest.mark.qgis

SYSTEM_PYTHON = "/usr/bin/python3"
RENDERERS = {
    "prioriteitsgebied": "graduatedSymbol",
    "hotspot": "categorizedSymbol",
    "gemeente": "singleSymbol",
    "wijk": "graduatedSymbol",
    "buurt": "graduatedSymbol",
    "hectare": "graduatedSymbol",
    "perceel": "graduatedSymbol",
    "pand": "categorizedSymbol",
    "verblijfsobject": "RuleRenderer",
    "wijziging": "categorizedSymbol",
}
BY_SCORE = [name for name, kind in RENDERERS.items() if kind == "graduatedSymbol"]
ALL = [table.name for table in MAP_LAYERS]


@pytest.fixture(scope="module")
def seen(package: Path, repository: Path, absent: Callable[[str], None], tmp_path_factory: pytest.TempPathFactory):
    """What QGIS makes of each layer; pictures are kept where TWENTEGEO_QGIS_PICTURES says."""
    probe = [SYSTEM_PYTHON, "-c", "import qgis.core"]
    if not Path(SYSTEM_PYTHON).is_file() or subprocess.run(probe, check=False, capture_output=True).returncode:
        absent("PyQGIS is er niet; installeer het pakket python3-qgis")
    kept = os.environ.get("TWENTEGEO_QGIS_PICTURES")
    out = Path(kept) if kept else tmp_path_factory.mktemp("qgis")
    out.mkdir(parents=True, exist_ok=True)
    runtime = tmp_path_factory.mktemp("runtime")
    runtime.chmod(0o700)
    home = str(tmp_path_factory.mktemp("home"))
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(runtime), "HOME": home}
    script = repository / "tests" / "tools" / "inspect_layers.py"
    command = [SYSTEM_PYTHON, str(script), str(package), str(out)]
    run = subprocess.run(command, env=environment, check=False, capture_output=True, text=True, timeout=180)
    assert run.returncode == 0, run.stderr
    return json.loads((out / "facts.json").read_text(encoding="utf-8"))


def legend(seen: dict[str, Any], name: str):
    return [(line["label"], line["colour"]) for line in seen[name]["legend"]]


def test_every_layer_opens(seen: dict[str, Any], world: dict[str, pd.DataFrame]):
    assert {name: seen[name]["features"] for name in ALL} == {name: len(world[name]) for name in ALL}
    assert all(seen[name]["valid"] and seen[name]["crs"] == "EPSG:28992" for name in ALL)


def test_every_layer_has_its_own_renderer(seen: dict[str, Any]):
    assert {name: seen[name]["renderer"] for name in ALL} == RENDERERS


@pytest.mark.parametrize("name", BY_SCORE)
def test_the_legend_of_scores_is_the_class_table(seen: dict[str, Any], classes: ClassTables, name: str):
    assert legend(seen, name) == [(item.label, item.colour) for item in classes["prioriteit"].legend]
    lower = [limits[0] for limits in seen[name]["ranges"]]
    assert lower == [0, 40, 50, 60, 70, 75, 80, -1]


def test_the_legend_of_buildings_is_the_class_table(seen: dict[str, Any], classes: ClassTables):
    labels = classes["energielabel"]
    expected = [*labels.classes, *classes["pand_gebruik"].classes, labels.unknown]

    assert legend(seen, "pand") == [(item.label, item.colour) for item in expected]


def test_a_dwelling_with_an_estimate_has_a_symbol_of_its_own(seen: dict[str, Any], classes: ClassTables):
    lines = {line["label"]: line for line in seen["verblijfsobject"]["legend"]}
    labels = [item.label for item in classes["energielabel"].classes]

    assert [lines[label]["colour"] for label in labels] == [item.colour for item in classes["energielabel"].classes]
    assert lines["geschat uit vergelijkbare woningen"]["colour"] == "#ffffff", "open"
    assert all(lines[label]["level"] == 1 for label in labels), "below 'geregistreerd en geldig'"


@pytest.mark.parametrize("table", MAP_LAYERS, ids=lambda table: table.name)
def test_columns_have_their_dutch_names_and_forms(seen: dict[str, Any], table: Table):
    found = seen[table.name]

    assert found["aliases"] == {"fid": "Volgnummer"} | {column.name: caption(column) for column in table.columns}
    for column in table.columns:
        expected = "ValueMap" if column.kind == "flag" or column.options else None
        expected = "DateTime" if column.kind == "date" else expected
        assert found["widgets"][column.name] == (expected or "TextEdit"), column.name


@pytest.mark.parametrize("name", ALL)
def test_a_map_tip_is_filled_in(seen: dict[str, Any], name: str):
    tip = seen[name]["tip_of_first"]

    assert VOORBEELD in tip
    assert "[%" not in tip
    assert "<td></td>" not in tip, "an expression that fails gives nothing"


def test_a_missing_value_says_unknown_and_a_number_has_a_comma(seen: dict[str, Any]):
    assert "<td>Bouwjaar</td><td>onbekend</td>" in seen["pand"]["tip_of_first"]
    assert "<td>Score prioriteit (0-100)</td><td>61,5</td>" in seen["prioriteitsgebied"]["tip_of_first"]


def test_layers_with_many_features_show_only_up_close(seen: dict[str, Any]):
    visible = {name: list(seen[name]["visible_at"].values()) for name in ALL}  # 1:1,000, 1:20,000, 1:200,000

    assert visible["verblijfsobject"] == [True, False, False]
    assert visible["pand"] == visible["perceel"] == [True, True, False]
    assert visible["hectare"] == visible["gemeente"] == [True, True, True]
    assert len(seen["pand"]["far"]["colours"]) == 1, "only paper at 1:60,000"
    assert len(seen["hectare"]["far"]["colours"]) > 5


@pytest.mark.parametrize("name", ["wijk", "buurt", "hectare"])
def test_the_picture_has_the_colours_of_the_classes(
    seen: dict[str, Any], world: dict[str, pd.DataFrame], classes: ClassTables, name: str
):
    table = classes["prioriteit"]
    scores = world[name]["score_prioriteit"].to_numpy(dtype=float)
    expected = {table.legend[place].colour for place in table.place(scores)}

    drawn = {colour for colour, number in seen[name]["near"]["colours"].items() if number > 500}
    assert expected <= drawn
    assert "#cccccc" in expected, "the world has an area without a score"


def test_buildings_and_dwellings_show_every_label(seen: dict[str, Any], classes: ClassTables):
    labels = {item.colour for item in classes["energielabel"].classes}

    assert labels <= set(seen["pand"]["near"]["colours"])
    assert {"#cccccc", "#f2f2f2"} <= set(seen["pand"]["near"]["colours"]), "unknown, and without a dwelling"
    assert labels <= set(seen["verblijfsobject"]["near"]["colours"])


def test_an_expired_label_lends_its_colour_to_the_edge(seen: dict[str, Any], classes: ClassTables):
    """The only expired label is an F; there are four valid ones, of which the dots are 2.0 mm."""
    pixels = seen["verblijfsobject"]["near"]["colours"]

    assert pixels[classes["energielabel"].colour_of("F")] > pixels[classes["energielabel"].colour_of("E")]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("prioriteitsgebied", {"1. Nijverheid", "2. De Es"}),
        ("gemeente", {"Enschede", "Hengelo"}),
        ("wijk", {"Noord", "Zuid", "Oost", "West"}),
        ("buurt", {"De Es", "Veldkamp", "Nijverheid", "Slag"}),
    ],
)
def test_areas_carry_their_names(seen: dict[str, Any], name: str, expected: Any):
    assert set(seen[name]["near"]["labels"]) == expected


def test_priority_areas_carry_only_their_rank_from_afar(seen: dict[str, Any]):
    assert sorted(seen["prioriteitsgebied"]["far"]["labels"]) == ["1", "2"]


def test_dwellings_carry_their_label_only_very_near(seen: dict[str, Any]):
    assert {"A++", "C", "G"} <= set(seen["verblijfsobject"]["close"]["labels"])
    assert seen["verblijfsobject"]["near"]["labels"] == []
