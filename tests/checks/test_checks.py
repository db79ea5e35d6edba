"""Every rule once with a world that is right and once with one that is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pandas as pd
import pytest

from tests.tables.test_contracts import good
from twentegeo.checks.finding import Finding, stopping
from twentegeo.checks.package import check_package
from twentegeo.checks.tables import CheckParams, check_tables
from twentegeo.tables.contract import empty
from twentegeo.tables.layers import MAP_LAYERS, RUN
from twentegeo.tables.losses import account

CONTRACTS = MAP_LAYERS


def world() -> dict[str, pd.DataFrame]:
    layers = {table.name: good(table) for table in CONTRACTS}
    layers["wijk"]["code"] = "WK015300"
    layers["gemeente"]["code"] = "GM0153"
    return layers


def accounts(share: int) -> pd.DataFrame:
    return account("woning op buurt", "x.", left=100, right=10, matched=share)


def codes(layers: dict[str, pd.DataFrame], share: int = 100) -> list[str]:
    return [finding.code for finding in check_tables(layers, CONTRACTS, accounts(share), CheckParams())]


def test_a_good_world_has_no_findings() -> None:
    assert codes(world()) == []


def test_a_missing_layer_stops() -> None:
    layers = world()
    del layers["hectare"]
    assert "C01" in codes(layers)


def test_a_broken_contract_stops() -> None:
    layers = world()
    layers["hectare"]["n_woningen"] = -1
    assert "C01" in codes(layers)


def test_a_region_without_dwellings_is_a_mistake() -> None:
    layers = world()
    layers["verblijfsobject"] = empty(next(table for table in CONTRACTS if table.name == "verblijfsobject"))
    assert "C02" in codes(layers)


def test_no_priority_area_is_only_worth_a_warning() -> None:
    layers = world()
    layers["prioriteitsgebied"] = empty(CONTRACTS[0])
    findings = check_tables(layers, CONTRACTS, accounts(100), CheckParams())
    assert [finding.severity for finding in findings] == ["waarschuwing"]
    assert stopping(findings) == []


@pytest.mark.parametrize(("share", "stops"), [(98, False), (97, True)])
def test_a_join_under_its_floor_stops(share: int, stops: bool) -> None:  # noqa: FBT001
    assert ("C03" in codes(world(), share)) is stops


def test_layers_must_count_the_same_dwellings() -> None:
    layers = world()
    layers["buurt"]["n_woningen"] = 2
    assert codes(layers) == ["C04"]


@dataclass(frozen=True)
class Facts:
    rows: int = 1
    columns: dict[str, str] = field(default_factory=dict)
    crs: str | None = "EPSG:28992"
    geometry: str | None = "MultiPolygon"
    null_geometries: int = 0
    rtree: bool = True


HECTARE = next(table for table in CONTRACTS if table.name == "hectare")
WRITTEN = Facts(columns=dict.fromkeys(HECTARE.names, "TEXT"))


def found(facts: Facts | None, count: int | None = 1) -> list[str]:
    held = {} if facts is None else {"hectare": facts}
    return [finding.code for finding in check_package(held, {"hectare": count}, (HECTARE,))]


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        (WRITTEN, []),
        (None, ["P01"]),
        (replace(WRITTEN, rows=2), ["P02"]),
        (replace(WRITTEN, columns={}), ["P03"]),
        (replace(WRITTEN, crs="EPSG:4326"), ["P04"]),
        (replace(WRITTEN, null_geometries=1), ["P05"]),
        (replace(WRITTEN, rtree=False), ["P06"]),
        (replace(WRITTEN, geometry="Point"), ["P07"]),
    ],
)
def test_a_file_must_hold_what_was_written(facts: Facts | None, codes: list[str]) -> None:
    assert found(facts) == codes


def test_a_map_layer_without_rows_is_left_out_and_a_table_is_not() -> None:
    assert found(None, 0) == []
    assert [one.code for one in check_package({}, {"run": None}, (RUN,))] == ["P01"]


def test_findings_that_stop_are_picked_out() -> None:
    stop, warn = Finding("A", "stop", "x"), Finding("B", "waarschuwing", "y")
    assert stopping([warn, stop]) == [stop]
