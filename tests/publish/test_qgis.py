"""Every layer in real QGIS, opened as a user opens it: the default style of the file must be there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pyogrio
import pytest

from twentegeo.publish.arrow import caption
from twentegeo.publish.edition import VOORBEELD
from twentegeo.publish.styles.layers import STYLES
from twentegeo.tables.layers import MAP_LAYERS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    from twentegeo.publish.classes import ClassTables
    from twentegeo.publish.styles.look import Style
    from twentegeo.tables.contract import Table

pytestmark = pytest.mark.qgis

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
def seen(package: Path, repository: Path, run_qgis: Callable[..., dict[str, Any]], pictures: Path):
    """What QGIS makes of each layer."""
    return run_qgis(repository / "tests" / "tools" / "inspect_layers.py", package, pictures / "lagen")


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


def cells(tip: str):
    """The table of a map tip: what stands beside each heading."""
    return dict(re.findall(r"<td style=[^>]*>([^<]*)</td><td>([^<]*)</td>", tip))


def test_a_missing_value_says_unknown_and_a_number_has_a_comma(seen: dict[str, Any]):
    assert cells(seen["pand"]["tip_of_first"])["Bouwjaar"] == "onbekend"
    assert cells(seen["prioriteitsgebied"]["tip_of_first"])["Score prioriteit (0-100)"] == "61,5"


def test_a_map_tip_speaks_in_words(seen: dict[str, Any]):
    told = cells(seen["verblijfsobject"]["tip_of_first"])

    assert told["Energielabel"].startswith("A++++ (geregistreerd, geldig tot ")
    assert told["Bewijsgraad label"] == "geregistreerd (NTA 8800)"
    assert told["Reden klasse levensloop"] == (
        "woning van één bouwlaag; uitbouw met slaapkamer en badkamer past op het perceel"
    )


def test_every_style_is_offered_by_name(seen: dict[str, Any]):
    offered = {name: list(seen[name]["styles"]) for name in ALL}

    assert offered == {name: [style.name for style in STYLES[name] if not style.beside] for name in ALL}


STYLED = [(table, style) for table in MAP_LAYERS for style in STYLES[table.name] if not style.beside]


@pytest.mark.parametrize(("table", "style"), STYLED, ids=lambda value: getattr(value, "name", ""))
def test_qgis_draws_each_feature_as_we_do(
    seen: dict[str, Any], package: Path, classes: ClassTables, table: Table, style: Style
):
    """The map without QGIS finds the symbols of a row by itself; both must find the same."""
    rows = pyogrio.read_dataframe(package, layer=table.name, fid_as_index=True)
    drawing = style.draw(classes)
    expected: dict[str, list[list[str]]] = {str(fid): [] for fid in rows.index}
    for line, mask in drawing.drawn(rows):
        for fid in rows.index[mask]:
            lowest = line.symbol.layers[0]
            colour = "hatch" if lowest.kind == "LinePatternFill" else line.symbol.colour
            expected[str(fid)].append([lowest.kind, colour])

    told = seen[table.name]["styles"][style.name]["drawn"]
    found = {
        fid: sorted([kind, "hatch" if kind == "LinePatternFill" else colour] for kind, colour in symbols)
        for fid, symbols in told.items()
    }
    assert found == {fid: sorted(symbols) for fid, symbols in expected.items()}
    assert any(found.values()), "nothing is drawn at all"


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
        ("buurt", {"De Es", "Veldkamp", "Nijverheid", "Slag"}),
    ],
)
def test_areas_carry_their_names(seen: dict[str, Any], name: str, expected: Any):
    assert set(seen[name]["near"]["labels"]) == expected


def test_large_areas_carry_their_name_only_from_afar(seen: dict[str, Any]):
    """So that the name of a municipality does not lie over a street."""
    assert seen["gemeente"]["near"]["labels"] == []
    assert set(seen["gemeente"]["far"]["labels"]) <= {"Enschede", "Hengelo"}
    assert seen["gemeente"]["far"]["labels"]


def test_priority_areas_carry_only_their_rank_from_afar(seen: dict[str, Any]):
    assert sorted(seen["prioriteitsgebied"]["far"]["labels"]) == ["1", "2"]


def test_dwellings_carry_their_label_only_very_near(seen: dict[str, Any]):
    assert {"A++", "C", "G"} <= set(seen["verblijfsobject"]["close"]["labels"])
    assert seen["verblijfsobject"]["near"]["labels"] == []
