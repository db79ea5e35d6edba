"""A night in which little changed measures little, and says what a whole measurement says, to the last bit."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stock.test_parcels import SMALL, World, surveyed, worlds
from tests.village import box, pand_id, parcel_id
from twentegeo.stock import parcels
from twentegeo.stock.overlap_memory import TABLES, Known, known, remember
from twentegeo.stock.surveyed import Surveyed
from twentegeo.tables.shapes import Mapped

Memory = dict[str, pd.DataFrame]

WIDE = parcels.OverlapParams(chunk_size=3, negligible_m2=0.5)


def measured(world: World, before: Memory | None = None) -> tuple[parcels.Overlap, pd.DataFrame, Memory]:
    return laid(surveyed(*world, before), before)


def laid(both: tuple[Surveyed, Surveyed], before: Memory | None = None) -> tuple[parcels.Overlap, pd.DataFrame, Memory]:
    memory = known(before, *both)
    found = parcels.largest_overlap(*both, SMALL, memory)
    wanted = found.pand_perceel["perceel_id"]
    built, parts = parcels.built_area(*both, found, wanted, WIDE, memory)
    return found, built, remember(*both, found.pairs, parts)


def still(before: Memory, world: World) -> Known:
    found = known(before, *surveyed(*world, before))
    assert found is not None
    return found


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
    with pytest.MonkeyPatch.context() as patch:
        # worlds are small: otherwise all parcels would be taken
        patch.setattr(parcels, "_MANY", chance.draw(st.sampled_from([0, 1]), label="many"))
        found, built, kept = measured(tonight, memory)
    fresh, fresh_built, fresh_kept = measured(tonight)
    pd.testing.assert_frame_equal(found.pand_perceel, fresh.pand_perceel, check_exact=True)
    pd.testing.assert_frame_equal(built, fresh_built, check_exact=True)
    pd.testing.assert_frame_equal(found.losses, fresh.losses)
    for one, same in zip(found.pairs, fresh.pairs, strict=True):
        np.testing.assert_array_equal(one, same)
    for name in ("panden", "percelen"):
        pd.testing.assert_frame_equal(kept[name], fresh_kept[name], check_exact=True)
    assert kept["paren"].drop(columns="part").equals(fresh_kept["paren"].drop(columns="part"))
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
    assert still(memory, block).settled.all()


def test_a_house_that_changed_is_measured_again_and_its_neighbours_are_not(block: World) -> None:
    *_, memory = measured(block)
    assert list(np.flatnonzero(~still(memory, with_another_house(block)).settled)) == [4]


def with_another_house(block: World) -> World:
    pand, perceel = block
    houses = pand.geometry.to_numpy().copy()
    houses[4] = box(12, 12, 18, 18)
    return pand.set_geometry(gpd.GeoSeries(houses, crs=28992)), perceel


@pytest.mark.parametrize("how", ["smaller", "gone", "new"])
def test_houses_on_ground_that_changed_are_measured_again(how: str, block: World) -> None:
    pand, perceel = block
    ground = perceel.geometry.to_numpy().copy()
    ground[0] = box(0, 0, 9, 10)
    smaller = perceel.set_geometry(gpd.GeoSeries(ground, crs=28992))
    gone = perceel.iloc[1:].reset_index(drop=True)
    first, then = {"smaller": (perceel, smaller), "gone": (perceel, gone), "new": (gone, perceel)}[how]
    *_, memory = measured((pand, first))
    # the house on the parcel, and the one across it and the next
    assert list(np.flatnonzero(~still(memory, (pand, then)).settled)) == [0, 9]


def test_parcels_that_cannot_be_told_apart_are_all_measured(block: World) -> None:
    pand, perceel = block
    *_, memory = measured(block)
    twice = gpd.GeoDataFrame(pd.concat([perceel, perceel.iloc[:1]], ignore_index=True), crs=28992)
    assert known(memory, *surveyed(pand, twice, memory)) is None
    assert known(None, *surveyed(pand, perceel)) is None


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many outlines are decoded, time after time."""
    counts: list[int] = []
    decode = shapely.from_wkb

    def counting(wkb: Any, **how: Any) -> Any:
        counts.append(len(wkb))
        return decode(wkb, **how)

    monkeypatch.setattr(shapely, "from_wkb", counting)
    return counts


def undecoded(world: World, before: Memory | None = None) -> tuple[Surveyed, Surveyed]:
    """Survey objects as they come from the store."""
    (pand, perceel), memory = (Mapped.of(table) for table in world), before or {}
    for table in (pand, perceel):
        table.let_go()
    return (
        Surveyed.of(pand, "pand_id", memory.get("panden")),
        Surveyed.of(perceel, "perceel_id", memory.get("percelen")),
    )


def test_only_a_house_that_changed_and_the_ground_below_it_are_decoded(block: World, decoded: list[int]) -> None:
    *_, memory = laid(undecoded(block))
    assert decoded == [10, 9], "without memory all of them, and once"
    decoded.clear()
    *_, memory = laid(undecoded(block, memory), memory)
    assert sum(decoded) == 0
    both = undecoded(with_another_house(block), memory)
    assert decoded.pop() == 0, "areas of parcels"
    assert decoded.pop() == 1, "the area of the house"
    laid(both, memory)
    # the house again, and the parcel in the middle, which its box lies in
    assert sum(decoded) == 2


def test_areas_are_those_of_the_outlines(block: World) -> None:
    pand, perceel = surveyed(*block)
    before = {"panden": pand.table(), "percelen": perceel.table()}
    assert before["panden"]["area"][4] == 16
    for now in surveyed(*with_another_house(block), before):
        np.testing.assert_array_equal(now.area, shapely.area(now.mapped.shapes))


def test_a_night_after_one_without_any_objects(block: World) -> None:
    *_, memory = measured((block[0].iloc[:0], block[1].iloc[:0]))
    found, built, kept = measured(block, memory)
    fresh, fresh_built, fresh_kept = measured(block)
    assert found.pand_perceel.equals(fresh.pand_perceel)
    assert built.equals(fresh_built)
    assert all(kept[name].equals(fresh_kept[name]) for name in TABLES)
