"""Point in neighbourhood, and figures from the lowest level that has them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from twentegeo.stock.neighbourhoods import COUNTS, cascade, locate, located_account
from twentegeo.tables.columns.people import INDICATOREN
from twentegeo.tables.contract import conform
from twentegeo.tables.registers import BUURT, GEMEENTE, WIJK

NAMES = [column.name for column in INDICATOREN]


def areas(level: str, *rows: dict[str, object]) -> gpd.GeoDataFrame:
    table = {"buurt": BUURT, "wijk": WIJK, "gemeente": GEMEENTE}[level]
    base = {"wijk_code": "WK015300", "gemeente_code": "GM0153", "naam": "x", "gemeente_naam": "y", "cbs_jaar": 2023}
    nothing = dict.fromkeys(NAMES, np.nan)
    frame = gpd.GeoDataFrame(
        [{**base, **nothing, "geometry": shapely.box(250_000, 470_000, 250_100, 470_100), **row} for row in rows],
        crs="EPSG:28992",
    )
    return conform(table, frame)


def values(found: pd.DataFrame, indicator: str) -> list[tuple[object, object]]:
    chosen = found[found["indicator"] == indicator]
    return [
        (None if pd.isna(value) else value, None if pd.isna(level) else level)
        for value, level in zip(chosen["waarde"], chosen["niveau"], strict=True)
    ]


def test_each_figure_bears_its_year():
    buurt = areas("buurt", {"buurt_code": "BU01530001", "aandeel_koop": 10}, {"buurt_code": "BU01530002"})
    wijk, gemeente = areas("wijk", {"aandeel_koop": 20}), areas("gemeente", {})
    years = {"buurt": {"aandeel_koop": 2024}, "wijk": {"aandeel_koop": 2022}, "gemeente": {}}

    def told(figures: pd.DataFrame, indicator: str) -> list[int]:
        return figures.loc[figures["indicator"] == indicator, "cijfer_jaar"].fillna(0).astype(int).tolist()

    found = cascade(buurt, wijk, gemeente, years)
    assert told(found, "aandeel_koop") == [2024, 2022]
    assert told(found, "gasverbruik_m3") == [0, 0]
    assert told(cascade(buurt, wijk, gemeente), "aandeel_koop") == [2023, 2023]


def test_each_level_in_turn():
    buurt = areas(
        "buurt",
        {"buurt_code": "BU01530001", "aandeel_koop": 10},
        {"buurt_code": "BU01530002"},
        {"buurt_code": "BU01530103", "wijk_code": "WK015301"},
        {"buurt_code": "BU01640004", "wijk_code": "WK016400", "gemeente_code": "GM0164"},
    )
    wijk = areas("wijk", {"aandeel_koop": 20}, {"wijk_code": "WK015301"}, {"wijk_code": "WK016400"})
    gemeente = areas("gemeente", {"aandeel_koop": 30}, {"gemeente_code": "GM0164"})
    found = cascade(buurt, wijk, gemeente)
    assert values(found, "aandeel_koop") == [(10, "buurt"), (20, "wijk"), (30, "gemeente"), (None, None)]
    assert len(found) == 4 * len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_counts_stay_where_they_are(name: str):
    found = cascade(
        areas("buurt", {"buurt_code": "BU01530001"}), areas("wijk", {name: 2}), areas("gemeente", {name: 3})
    )
    assert values(found, name) == ([(None, None)] if name in COUNTS else [(2, "wijk")])


def test_zero_is_a_figure():
    found = cascade(
        areas("buurt", {"buurt_code": "BU01530001", "aandeel_koop": 0}),
        areas("wijk", {"aandeel_koop": 9}),
        areas("gemeente", {}),
    )
    assert values(found, "aandeel_koop") == [(0, "buurt")]


def grid(size: int = 3) -> gpd.GeoDataFrame:
    """Hectares side by side; BU0153rc00 lies in row r, column c. Listed in reverse, so that order must be made."""
    return areas(
        "buurt",
        *(
            {
                "buurt_code": f"BU0153{row}{column}00",
                "wijk_code": f"WK01530{row}",
                "geometry": shapely.box(*(100 * n for n in (column, row, column + 1, row + 1))),
            }
            for row in reversed(range(size))
            for column in reversed(range(size))
        ),
    )


def points(*xy: tuple[float, float], **columns: list[str]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=[shapely.Point(*pair) for pair in xy], crs="EPSG:28992")


def test_inside_border_corner_outside():
    asked = points((50, 50), (100, 50), (200, 200), (900, 900), vbo_id=["in", "rand", "hoek", "buiten"]).iloc[::-1]
    places, losses = locate(asked, grid())
    assert places.index.equals(asked.index)
    assert places["buurt_code"].fillna("-").tolist() == ["-", "BU01531100", "BU01530000", "BU01530000"]
    assert places["wijk_code"].fillna("-").tolist() == ["-", "WK015301", "WK015300", "WK015300"]
    assert losses["verlies_id"].tolist() == ["buiten"]


def test_losses_are_named_by_the_index_where_there_is_no_id():
    asked = points((900, 900)).set_index(pd.Index(["0153010000000001"], name="vbo_id"))
    assert locate(asked, grid())[1]["verlies_id"].tolist() == ["0153010000000001"]


def test_no_points():
    places, losses = locate(points(), grid())
    assert (len(places), len(losses)) == (0, 0)


coordinates = st.tuples(st.integers(-50, 350), st.integers(-50, 350))


@given(st.lists(coordinates, min_size=1, max_size=30))
def test_equals_the_plain_definition(asked: list[tuple[int, int]]):
    buurt = grid()
    places, losses = locate(points(*asked), buurt)
    for (x, y), code in zip(asked, places["buurt_code"], strict=True):
        holds = sorted(buurt.loc[buurt.intersects(shapely.Point(x, y)), "buurt_code"])
        assert (holds[:1] or [None]) == [None if pd.isna(code) else code]
    assert len(losses) == places["buurt_code"].isna().sum()


def test_account():
    assert located_account(200, 10, 150).iloc[0][["n_links", "n_rechts", "dekking"]].tolist() == [200, 10, 75.0]
