from __future__ import annotations

import pytest

from twentegeo.errors import ContractError
from twentegeo.publish.dictionary import data_dictionary, describe, known_tables
from twentegeo.tables.layers import MAP_LAYERS, PLAIN_TABLES


def test_every_published_column_is_in_the_dictionary_once():
    frame = data_dictionary()
    expected = [(table.name, name) for table in (*MAP_LAYERS, *PLAIN_TABLES) for name in table.names]

    assert list(zip(frame["laag"], frame["kolom"], strict=True)) == expected


def test_a_line_says_what_the_contract_says():
    frame = data_dictionary().set_index(["laag", "kolom"])
    line = frame.loc[("perceel", "bebouwd_m2")]

    assert (line["titel"], line["soort"], line["eenheid"]) == ("Bebouwd oppervlak", "getal", "m²")
    assert frame.loc[("pand", "heeft_woning"), "waarden"] == "ja, nee"
    assert frame.loc[("verblijfsobject", "label_status"), "waarden"] == "geldig, verlopen, geschat, geen"


def test_a_table_is_described_column_by_column():
    found = describe("verblijfsobject")

    assert found.geometrie == "Point in RD (EPSG:28992)"
    assert found.sleutel == ("vbo_id",)
    columns = {row.kolom: row for row in found.kolommen}
    assert columns["vbo_id"].verplicht
    assert not columns["energielabel"].verplicht


def test_tables_between_rooms_are_described_too():
    assert {"bag_pand", "ep_energielabel", "woning", "pand"} <= set(known_tables())
    assert describe("koppelverlies").geometrie == "geen"


def test_an_unknown_table_names_those_that_exist():
    with pytest.raises(
        ContractError, match=r"tabel huis bestaat niet\. Kies uit: prioriteitsgebied, hotspot, gemeente"
    ):
        describe("huis")
