from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest

from twentegeo.publish.arrow import caption
from twentegeo.publish.edition import VOORBEELD, Edition
from twentegeo.publish.styles import all_styles
from twentegeo.tables.layers import MAP_LAYERS

if TYPE_CHECKING:
    from twentegeo.publish.classes import ClassTables
    from twentegeo.tables.contract import Table


@pytest.fixture(scope="module")
def styles(classes: ClassTables, edition: Edition):
    return {one.layer: ET.fromstring(one.qml) for one in all_styles(classes, edition) if one.default}


def test_every_map_layer_has_a_style(styles: dict[str, ET.Element]):
    assert list(styles) == [table.name for table in MAP_LAYERS]


@pytest.mark.parametrize("table", MAP_LAYERS, ids=lambda table: table.name)
def test_every_column_has_its_caption_and_a_form(styles: dict[str, ET.Element], table: Table):
    style = styles[table.name]
    aliases = {item.get("field"): item.get("name") for item in style.iter("alias")}

    assert aliases == {"fid": "Volgnummer"} | {column.name: caption(column) for column in table.columns}
    assert [item.get("name") for item in style.find("fieldConfiguration")] == table.names


@pytest.mark.parametrize("name", ["prioriteitsgebied", "wijk", "buurt", "hectare", "perceel"])
def test_the_legend_is_the_class_table(styles: dict[str, ET.Element], classes: ClassTables, name: str):
    labels = [item.get("label") for item in styles[name].iter("range")]

    assert labels == [item.label for item in classes["prioriteit"].legend]


def test_a_map_tip_names_columns_that_exist_and_the_notice(styles: dict[str, ET.Element]):
    for table in MAP_LAYERS:
        tip = styles[table.name].findtext("mapTip")
        assert VOORBEELD in tip
        assert "Peildatum 08-01-2024" in tip


def test_real_data_carry_no_notice(classes: ClassTables, edition: Edition):
    real = all_styles(classes, Edition("Twente", edition.peildatum, edition.run_id))

    assert not any(VOORBEELD in one.qml for one in real)


def test_styles_are_the_same_every_time(classes: ClassTables, edition: Edition):
    assert all_styles(classes, edition) == all_styles(classes, edition)
