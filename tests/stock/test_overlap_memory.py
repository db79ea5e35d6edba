"""A night in which little changed measures little, and says what a whole measurement says, to the last bit."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stock.test_parcels import SMALL, World, worlds
from tests.village import box, pand_id, parcel_id
from twentegeo.stock import parcels
from twentegeo.stock.overlap_memory import Known, Prints, known, remember
from twentegeo.tables.shapes import prints, wkb_of

WIDE = parcels.OverlapParams(chunk_size=3, negligible_m2=0.5)


def marks(pand: gpd.GeoDataFrame, perceel: gpd.GeoDataFrame) -> Prints:
    return Prints(*(prints(wkb_of(table.geometry.to_numpy())) for table in (pand, perceel)))


def measured(
    world: World, memory: Known | None = None
) -> tuple[parcels.Overlap, pd.DataFrame, dict[str, pd.DataFrame]]:
    pand, perceel = world
    found = parcels.largest_overlap(pand, perceel, SMALL, memory)
    wanted = found.pand_perceel["perceel_id"]
    built, parts = parcels.built_area(pand, perceel, found, wanted, WIDE, memory)
    return found, built, remember(pand, perceel, marks(pand, perceel), found.pairs, parts)


def changed(world: World, other: World, chance: Any) -> World:
    """Take some objects of another world in place of those with the same number; drop and add some."""
    made = []
    for old, new in zip(world, other, strict=True):
        key = old.columns[0]
        kept = old[~old[key].isin(chance.draw(st.sets(st.sampled_from(list(old[key])), max_size=3)))]
        taken = new[new[key].isin(chance.draw(st.sets(st.sampled_from(list(new[key])), max_size=3)))]
        together = pd.concat([taken, kept[~kept[key].isin(taken[key])]], ignore_index=True)
        made.append(gpd.GeoDataFrame(together, geometry="geometry", crs=28992))
    return made[0], made[1]


@settings(max_examples=40, deadline=None)
@given(before=worlds(), other=worlds(), chance=st.data())
def test_memory_changes_the_work_and_not_the_answer(before: World, other: World, chance: Any) -> None:
    """Parcels of the mixed world may overlap, which the method does not promise anything about; the answers agree."""
    *_, memory = measured(before)
    tonight = changed(before, other, chance)
    found, built, kept = measured(tonight, known(memory, *tonight, marks(*tonight)))
    fresh, fresh_built, fresh_kept = measured(tonight)
    pd.testing.assert_frame_equal(found.pand_perceel, fresh.pand_perceel, check_exact=True)
    pd.testing.assert_frame_equal(built, fresh_built, check_exact=True)
    pd.testing.assert_frame_equal(found.losses, fresh.losses)
    for one, same in zip(found.pairs, fresh.pairs, strict=True):
        np.testing.assert_array_equal(one, same)
    assert kept["panden"].equals(fresh_kept["panden"])
    part, fresh_part = kept["paren"]["part"], fresh_kept["paren"]["part"]
    assert part[fresh_part.notna()].equals(fresh_part.dropna()), "memory may know more, never something else"


GROUND = [box(x, y, x + 10, y + 10) for x in (0, 10, 20) for y in (0, 10, 20)]


@pytest.fixture
def block() -> World:
    """Nine parcels with a house on each, and one house across two of them."""
    houses = [box(x + 3, y + 3, x + 7, y + 7) for x in (0, 10, 20) for y in (0, 10, 20)] + [box(8, 1, 12, 2)]
    pand = gpd.GeoDataFrame(
        {"pand_id": pd.Series([pand_id(n) for n in range(10)], dtype="str")}, geometry=houses, crs=28992
    )
    perceel = gpd.GeoDataFrame(
        {"perceel_id": pd.Series([parcel_id(n) for n in range(9)], dtype="str")}, geometry=GROUND, crs=28992
    )
    return pand, perceel


def test_nothing_is_measured_again_when_nothing_changed(block: World) -> None:
    *_, memory = measured(block)
    found = known(memory, *block, marks(*block))
    assert found is not None
    assert found.settled.all()


def test_a_house_that_changed_is_measured_again_and_its_neighbours_are_not(block: World) -> None:
    pand, perceel = block
    *_, memory = measured(block)
    houses = pand.geometry.to_numpy().copy()
    houses[4] = box(12, 12, 18, 18)
    moved = pand.set_geometry(gpd.GeoSeries(houses, crs=28992))
    found = known(memory, moved, perceel, marks(moved, perceel))
    assert found is not None
    assert list(np.flatnonzero(~found.settled)) == [4]


@pytest.mark.parametrize("how", ["smaller", "gone", "new"])
def test_houses_on_ground_that_changed_are_measured_again(how: str, block: World) -> None:
    pand, perceel = block
    ground = perceel.geometry.to_numpy().copy()
    ground[0] = box(0, 0, 9, 10)
    smaller = perceel.set_geometry(gpd.GeoSeries(ground, crs=28992))
    gone = perceel.iloc[1:].reset_index(drop=True)
    first, then = {"smaller": (perceel, smaller), "gone": (perceel, gone), "new": (gone, perceel)}[how]
    *_, memory = measured((pand, first))
    found = known(memory, pand, then, marks(pand, then))
    assert found is not None
    # the house on the parcel, and the one across it and the next
    assert list(np.flatnonzero(~found.settled)) == [0, 9]


def test_parcels_that_cannot_be_told_apart_are_all_measured(block: World) -> None:
    pand, perceel = block
    *_, memory = measured(block)
    twice = gpd.GeoDataFrame(pd.concat([perceel, perceel.iloc[:1]], ignore_index=True), crs=28992)
    assert known(memory, pand, twice, marks(pand, twice)) is None
    assert known(None, pand, perceel, marks(pand, perceel)) is None
