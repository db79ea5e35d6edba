"""Every contract against its golden file, one good row and at least one counterexample."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from twentegeo.errors import ContractError
from twentegeo.tables import assessments, bag, changes, estimates, hotspots, layers, registers, stock
from twentegeo.tables.contract import DTYPES, Table, conform, empty

GOLDEN = Path(__file__).with_name("contracts.json")

TABLES: dict[str, Table] = {
    value.name: value
    for module in (bag, registers, stock, estimates, assessments, hotspots, changes, layers)
    for value in vars(module).values()
    if isinstance(value, Table)
}

EXAMPLES: dict[str, Any] = {
    "pand_id": "0153100000000001",
    "vbo_id": "0153010000000001",
    "object_id": "0153010000000001",
    "plaats_id": "0153020000000001",
    "ligplaats_id": "0153020000000001",
    "standplaats_id": "0153030000000001",
    "nummeraanduiding_id": "0153200000000001",
    "postcode": "7511AB",
    "gemeente_code": "GM0153",
    "wijk_code": "WK015300",
    "buurt_code": "BU01530001",
    "code": "BU01530001",
    "perceel_id": "84920229870000",
    "cel_id": "E2545N4720",
    "gi_q": 0.04,
    "q_waarde": 0.04,
    "iou": 0.6,
    "bouwjaar": 1961,
    "oppervlakte_m2": 85,
    "volgorde": 0,
}
BY_KIND: dict[str, Any] = {
    "text": "tekst",
    "integer": 1,
    "real": 50.0,
    "date": pd.Timestamp("2026-11-08"),
    "datetime": pd.Timestamp("2026-11-08"),
    "flag": True,
}

COUNTEREXAMPLES: list[tuple[str, dict[str, Any], str]] = [
    ("bag_pand", {"pand_id": "153100000000001"}, "kolom pand_id"),
    ("bag_pand", {"status": "pand in gebruik"}, "kolom status"),
    ("bag_pand", {"bouwjaar": 9999}, "kolom bouwjaar"),
    ("bag_verblijfsobject", {"oppervlakte_m2": 999999}, "kolom oppervlakte_m2"),
    ("bag_vbo_pand", {"pand_id": None}, "kolom pand_id"),
    ("bag_adres", {"huisnummer": 0}, "kolom huisnummer"),
    ("bag_adres", {"postcode": "7511 AB"}, "kolom postcode"),
    ("bag_plaats", {"plaats_soort": "woonboot"}, "kolom plaats_soort"),
    ("ep_energielabel", {"label_methode": "NTA 8800"}, "kolom label_methode"),
    ("ep_energielabel", {"label_rij": 0}, "kolom label_rij"),
    ("dkk_perceel", {"perceel_id": "NL.IMKAD.84920229870000"}, "kolom perceel_id"),
    ("cbs_buurt", {"aandeel_65plus": -99997.0}, "kolom aandeel_65plus"),
    ("cbs_wijk", {"wijk_code": "WK0153"}, "kolom wijk_code"),
    ("cbs_gemeente", {"gemeente_code": "0153"}, "kolom gemeente_code"),
    ("buurt_indicator", {"niveau": "provincie"}, "kolom niveau"),
    ("prognose", {"variant": "prognose"}, "kolom variant"),
    ("corporatie_bezit", {"eigenaar": None}, "kolom eigenaar"),
    ("woning", {"cel_id": "E254N472"}, "kolom cel_id"),
    ("woning_label", {"label_sleutel": "postcode_huisnummer"}, "kolom label_sleutel"),
    ("pand_perceel", {"aandeel_overlap": 100.5}, "kolom aandeel_overlap"),
    ("woning_score", {"score_energie": 101.0}, "kolom score_energie"),
    ("koppelverlies", {"reden": None}, "kolom reden"),
    ("wijziging", {"oorzaak": "onbekend"}, "kolom oorzaak"),
    ("wijziging_gebied", {"n_nieuw_label": -1}, "kolom n_nieuw_label"),
    ("wijziging_gebied", {"gebiedsoort": "provincie"}, "kolom gebiedsoort"),
    ("koppeling", {"n_gekoppeld": None}, "kolom n_gekoppeld"),
    ("prioriteitsgebied", {"rang": 0}, "kolom rang"),
    ("pand", {"n_woningen": -1}, "kolom n_woningen"),
    ("verblijfsobject", {"label_status": "onbekend"}, "kolom label_status"),
    ("perceel", {"bebouwd_m2": -0.1}, "kolom bebouwd_m2"),
    ("buurt", {"aandeel_efg": 120.0}, "kolom aandeel_efg"),
    ("wijk", {"code": "Wijk 00"}, "kolom code"),
    ("gemeente", {"label_dekking": -5.0}, "kolom label_dekking"),
    ("hectare", {"score_prioriteit": 140.0}, "kolom score_prioriteit"),
    ("bron", {"sha256": None}, "kolom sha256"),
    ("data_woordenboek", {"omschrijving": None}, "kolom omschrijving"),
    ("run", {"sleutel": None}, "kolom sleutel"),
    ("pand_type", {"woningtype": "villa"}, "kolom woningtype"),
    ("label_schatting", {"bewijsgraad": "A"}, "kolom bewijsgraad"),
    ("label_kans", {"kans_a": 101.0}, "kolom kans_a"),
    ("label_gebied", {"label_dekking": -1.0}, "kolom label_dekking"),
    ("woning_levensloop", {"levensloop_klasse": "geschikt"}, "kolom levensloop_klasse"),
    ("pand_levensloop", {"lift_waarschijnlijk": "misschien"}, "kolom lift_waarschijnlijk"),
    ("buurt_cascade", {"niveau": "provincie"}, "kolom niveau"),
    ("buurt_mensen", {"aandeel_groot": 101.0}, "kolom aandeel_groot"),
    ("twee_assen", {"kwadrant": "urgent"}, "kolom kwadrant"),
    ("hotspot", {"q_waarde": 1.5}, "kolom q_waarde"),
    ("gebied_herkomst", {"relatie": "verhuisd"}, "kolom relatie"),
    ("gebied_stabiliteit", {"rang_mediaan": 0}, "kolom rang_mediaan"),
]


def good(table: Table, rows: int = 1) -> pd.DataFrame:
    """One row that keeps to the contract, repeated."""
    data: dict[str, Any] = {}
    for column in table.columns:
        value = EXAMPLES.get(column.name, column.options[0] if column.options else BY_KIND[column.kind])
        data[column.name] = pd.Series([value] * rows, dtype=DTYPES[column.kind])
    if table.geometry is None:
        return pd.DataFrame(data)
    shape = shapely.Point(254500, 472000) if table.geometry == "Point" else shapely.box(254500, 472000, 254600, 472100)
    return gpd.GeoDataFrame(data, geometry=[shape] * rows, crs="EPSG:28992")


def described() -> dict[str, Any]:
    return {
        name: {
            "key": list(table.key),
            "geometry": table.geometry,
            "columns": {
                use.column.name: [
                    use.column.kind,
                    use.column.unit,
                    "optional" if use.nullable else "required",
                    use.column.source,
                ]
                for use in table.uses
            },
        }
        for name, table in sorted(TABLES.items())
    }


def test_contracts_are_as_agreed() -> None:
    """A change of a contract is a change for the users; write the golden file anew and tell it in CHANGELOG.md."""
    assert described() == json.loads(GOLDEN.read_text(encoding="utf-8"))


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_a_good_row_passes_unchanged(table: Table) -> None:
    frame = good(table)
    kept = conform(table, frame)
    assert kept[table.names].equals(frame[table.names])


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_an_empty_table_keeps_to_its_contract(table: Table) -> None:
    assert len(conform(table, empty(table))) == 0


@pytest.mark.parametrize(("name", "wrong", "told"), COUNTEREXAMPLES, ids=lambda value: str(value)[:40])
def test_a_counterexample_is_refused_by_name(name: str, wrong: dict[str, Any], told: str) -> None:
    frame = good(TABLES[name])
    for column, value in wrong.items():
        frame[column] = pd.Series([value], dtype=frame[column].dtype)
    with pytest.raises(ContractError, match=re.escape(f"tabel {name}: {told}")):
        conform(TABLES[name], frame)


def test_every_contract_has_a_counterexample() -> None:
    assert {name for name, _, _ in COUNTEREXAMPLES} == set(TABLES)


@pytest.mark.parametrize("table", [table for table in TABLES.values() if table.key], ids=lambda table: table.name)
def test_a_repeated_key_is_refused(table: Table) -> None:
    with pytest.raises(ContractError, match="dubbel"):
        conform(table, good(table, rows=2))


def test_another_crs_is_refused() -> None:
    frame = good(bag.PAND)
    assert isinstance(frame, gpd.GeoDataFrame)
    with pytest.raises(ContractError, match="RD"):
        conform(bag.PAND, frame.set_crs("EPSG:4326", allow_override=True))


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ContractError, match="bouwjaar"):
        conform(bag.PAND, good(bag.PAND).drop(columns="bouwjaar"))


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_every_column_is_explained_in_two_languages(table: Table) -> None:
    for column in table.columns:
        assert column.alias, column.name
        assert column.description.endswith("."), column.name
        assert column.description_en.endswith("."), column.name
        assert column.source, column.name
