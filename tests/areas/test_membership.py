"""The best division of a zone."""

from __future__ import annotations

from itertools import product

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from twentegeo.areas.membership import MembershipParams, belonging, best_division

SIZE = 6
PAIRS = np.array([(i, j) for i in range(SIZE) for j in range(i + 1, SIZE)])


def worth(member: np.ndarray, speaks: np.ndarray, links: np.ndarray, cohesion: float) -> float:
    cut = (member[links[:, 0]] != member[links[:, 1]]).sum() if len(links) else 0
    return float(speaks[member].sum() - cohesion * cut)


@given(
    speaks=st.lists(st.integers(-30, 30), min_size=SIZE, max_size=SIZE),
    linked=st.lists(st.booleans(), min_size=len(PAIRS), max_size=len(PAIRS)),
    cohesion=st.sampled_from([0.0, 0.3, 1.0]),
)
def test_no_division_is_better(speaks: list[int], linked: list[bool], cohesion: float) -> None:
    scores, links = np.array(speaks) / 10, PAIRS[np.array(linked)]
    found = best_division(scores, links, cohesion)
    best = max(worth(np.array(each), scores, links, cohesion) for each in product((False, True), repeat=SIZE))
    assert worth(found, scores, links, cohesion) == pytest.approx(best)


def row_of_houses(bad: str, *, per_pand: int = 1) -> gpd.GeoDataFrame:
    """Houses ten metres apart: x is bad, o is good, . is unlabelled."""
    letters = np.repeat(list(bad), per_pand)
    return gpd.GeoDataFrame(
        {
            "pand_id": np.repeat([f"{n:016d}" for n in range(len(bad))], per_pand),
            "tekort": np.select([letters == "x", letters == "o"], [100.0, 0.0], np.nan),
            "verwacht": 20.0,
        },
        geometry=shapely.points(np.repeat(np.arange(len(bad)) * 10.0, per_pand), 0.0),
        crs="EPSG:28992",
    )


def divided(houses: gpd.GeoDataFrame, core: slice, **changes: float) -> str:
    hot = np.zeros(len(houses), dtype=bool)
    hot[core] = True
    parameters = MembershipParams(**{"buren": 2, **changes})
    member = belonging(houses, np.zeros(len(houses), dtype="int64"), hot, parameters)
    return "".join("#" if one else "-" for one in member)


def test_the_edge_lies_where_the_labels_change() -> None:
    assert divided(row_of_houses("ooooooxxxxxxxxxxoooooo"), slice(8, 14)) == "------##########------"


def test_a_house_without_label_follows_its_neighbours_and_a_lone_one_does_not_stick_out() -> None:
    assert divided(row_of_houses("ooooo.xxx.xoxxxx.ooooo"), slice(8, 14), samenhang=1.0) == "------##########------"


def test_what_is_expected_of_a_kind_does_not_make_it_belong() -> None:
    houses = row_of_houses("ooooooxxxxxxxxxxxxxxxx")
    houses.loc[16:, "verwacht"] = 97.0  # flats of a kind that is nearly always bad say nothing of their own
    assert divided(houses, slice(8, 14), samenhang=0.0)[:16] == "------##########"
    houses.loc[18:, "tekort"] = 50.0
    assert divided(houses, slice(8, 14), samenhang=0.0)[18:] == "----"


def test_a_building_is_in_or_out_as_a_whole_and_speaks_with_one_voice() -> None:
    homes = row_of_houses("oooxxxooo", per_pand=4)
    found = divided(homes, slice(12, 24))
    assert found == "-" * 12 + "#" * 12 + "-" * 12


def test_order_plays_no_part() -> None:
    houses = row_of_houses("ooooo.xxx.xoxxxx.ooooo")
    hot = np.arange(len(houses)) // 6 == 1
    zone = np.zeros(len(houses), dtype="int64")
    found = belonging(houses, zone, hot, MembershipParams())
    mixed = np.random.default_rng(3).permutation(len(houses))
    again = belonging(houses.iloc[mixed], zone, hot[mixed], MembershipParams())
    assert (again == found[mixed]).all()


def test_nobody_belongs_without_dwellings() -> None:
    nothing = row_of_houses("x").iloc[:0]
    assert belonging(nothing, np.zeros(0, dtype="int64"), np.zeros(0, dtype=bool), MembershipParams()).tolist() == []
