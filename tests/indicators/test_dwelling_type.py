"""Kinds of dwelling, storeys and form factor of a street that fits in the head."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from tests import village
from twentegeo.indicators.dwelling_type import DwellingTypeParams, dwelling_types
from twentegeo.indicators.outlines import outlines_of
from twentegeo.stock import buildings, dwellings
from twentegeo.tables.shapes import Mapped

PLAIN = DwellingTypeParams(bruto_netto=1.0, verdieping_m=3.0)


def types(
    panden: gpd.GeoDataFrame, woningen: pd.DataFrame, rules: DwellingTypeParams, overig: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Measure the outlines, then judge."""
    drawn = Mapped.of(panden.reset_index(drop=True))
    outlines = outlines_of(drawn, rules.muur_tolerantie_m, rules.muur_minimum_m)
    return dwelling_types(outlines, woningen, rules, overig)


def street(*rows: dict[str, Any]) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Draw panden: `x` and `width` along the street, 10 m deep, with the areas of their dwellings."""
    panden = gpd.GeoDataFrame(
        {
            "pand_id": pd.Series([f"015310000000{i:04d}" for i in range(len(rows))], dtype="str"),
            "n_woningen": pd.array([len(row.get("areas", ())) for row in rows], dtype="Int64"),
            "bouwjaar": pd.array([row.get("year", 1960) for row in rows], dtype="Int64"),
        },
        geometry=[
            shapely.box(250000 + row["x"], 470000, 250000 + row["x"] + row.get("width", 6), 470010) for row in rows
        ],
        crs=28992,
    )
    pairs = [(name, area) for name, row in zip(panden["pand_id"], rows, strict=True) for area in row.get("areas", ())]
    woningen = pd.DataFrame(
        {
            "pand_id": pd.Series([name for name, _ in pairs], dtype="str"),
            "oppervlakte_m2": pd.array([area for _, area in pairs], dtype="Int64"),
        }
    )
    return panden, woningen


def test_the_kind_follows_from_what_stands_against_it() -> None:
    panden, woningen = street(
        {"x": 0, "areas": [120]},
        {"x": 6},  # a shed against the first house
        {"x": 20, "areas": [120]},
        {"x": 26, "areas": [120]},
        {"x": 40, "areas": [120]},
        {"x": 46, "areas": [120]},
        {"x": 52, "areas": [120]},
        {"x": 70, "areas": [60, 60]},
    )
    found = types(panden, woningen, PLAIN)
    assert found["woningtype"].tolist() == [
        "vrijstaand",
        *["2-onder-1-kap"] * 2,
        "rij hoek",
        "rij tussen",
        "rij hoek",
        "meergezins laag",
    ]


def test_a_house_against_a_flat_ends_a_row() -> None:
    panden, woningen = street({"x": 0, "areas": [120]}, {"x": 6, "width": 20, "areas": [70, 70, 70]})
    assert types(panden, woningen, PLAIN)["woningtype"].tolist() == ["rij hoek", "meergezins laag"]


@pytest.mark.parametrize(
    ("storeys", "kind"), [(4, "meergezins laag"), (5, "meergezins midden"), (8, "meergezins hoog")]
)
def test_flats_are_parted_by_their_storeys(storeys: int, kind: str) -> None:
    panden, woningen = street({"x": 0, "width": 20, "areas": [100, 100] * storeys})
    found = types(panden, woningen, PLAIN).iloc[0]
    assert (found["bouwlagen"], found["woningtype"]) == (storeys, kind)


def test_a_shop_below_counts_as_a_storey() -> None:
    panden, woningen = street({"x": 0, "width": 10, "areas": [100, 100, 100, 100]})
    shop = pd.DataFrame({"pand_id": panden["pand_id"], "oppervlakte_m2": pd.array([100], dtype="Int64")})
    assert types(panden, woningen, PLAIN, shop)["woningtype"].tolist() == ["meergezins midden"]


def test_the_form_factor_leaves_out_party_walls() -> None:
    panden, woningen = street(*({"x": x, "areas": [120]} for x in (0, 6, 12)))
    # footprint 60 m2, two storeys of 3 m; the middle house has two walls of 6 m left, the end ones also one of 10 m
    end, middle = (6 + 6 + 10) * 6 + 120, (6 + 6) * 6 + 120
    assert types(panden, woningen, PLAIN)["vormfactor"].tolist() == pytest.approx([end / 120, middle / 120, end / 120])


def test_missing_areas_are_filled_in_and_it_says_so() -> None:
    panden, woningen = street(
        {"x": 0, "width": 20, "areas": [100, None, 100, None]}, {"x": 50, "areas": [None]}, {"x": 80, "areas": [120]}
    )
    found = types(panden, woningen, PLAIN)
    assert found["type_zekerheid"].tolist() == ["middel", "laag", "hoog"]
    assert found["bouwlagen"].tolist() == [2, 1, 2]
    assert found["vormfactor"].isna().tolist() == [False, True, False]


def test_a_series_is_attached_alike_and_of_one_time() -> None:
    years = (1960, 1961, 1985, None, None)
    panden, woningen = street(*({"x": 6 * i, "areas": [120], "year": year} for i, year in enumerate(years)))
    series = types(panden, woningen, PLAIN)["reeks_id"].tolist()
    assert series[0] == series[1] == panden["pand_id"].iloc[0]
    assert len(set(series)) == 4  # an unknown year is like no other, not even like another unknown one


def test_the_order_of_rows_does_not_matter() -> None:
    panden, woningen = street(*({"x": 6 * i, "areas": [100 + i]} for i in range(9)))
    mixed = types(panden.iloc[::-1], woningen.sample(frac=1, random_state=1), PLAIN)
    pd.testing.assert_frame_equal(mixed, types(panden, woningen, PLAIN))


def test_no_dwellings_is_an_empty_table() -> None:
    panden, woningen = street({"x": 0})
    assert types(panden, woningen, PLAIN).empty


def test_the_village() -> None:
    drawn = village.build()
    homes = dwellings.assemble(drawn.bag, places(drawn)).woningen
    panden = buildings.per_pand(drawn.bag.pand.frame, homes, drawn.bag.vbo_pand).panden
    found = types(panden, homes, DwellingTypeParams()).set_index("pand_id")
    kinds = {village.pand_id(n): found["woningtype"].get(village.pand_id(n)) for n in (1, 2, 3, 4, 5, 6, 10)}
    assert list(kinds.values()) == [
        "rij hoek",
        "rij tussen",
        "rij hoek",
        "vrijstaand",
        "meergezins laag",
        "rij hoek",  # the annex, which has a dwelling of its own against the flat
        "vrijstaand",
    ]
    assert found.loc[village.pand_id(7), "type_zekerheid"] == "laag"
    assert np.isnan(found.loc[village.pand_id(7), "vormfactor"])


def places(drawn: village.Village) -> pd.DataFrame:
    vbo = drawn.bag.verblijfsobject["vbo_id"]
    return pd.DataFrame({"buurt_code": village.WEST, "wijk_code": "WK015300"}, index=pd.Index(vbo), dtype="str")
