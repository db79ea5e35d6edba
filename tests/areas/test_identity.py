"""The same area keeps its id; what became of it is written down."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from twentegeo.areas.identity import Identified, IdentityParams, identify
from twentegeo.tables.contract import conform
from twentegeo.tables.hotspots import GEBIED_HERKOMST

PARAMS = IdentityParams()


def areas(*boxes: tuple[float, float, float, float]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"nr": range(len(boxes))}, geometry=[shapely.box(*box) for box in boxes], crs="EPSG:28992")


def before(**boxes: tuple[float, float, float, float]) -> gpd.GeoDataFrame:
    ids = pd.Series(list(boxes), dtype="str")
    return gpd.GeoDataFrame(
        {"gebied_id": ids}, geometry=[shapely.box(*box) for box in boxes.values()], crs="EPSG:28992"
    )


def matched(now: gpd.GeoDataFrame, then: gpd.GeoDataFrame) -> Identified:
    anchor = pd.Series([f"E{2500 + number:04d}N4700" for number in range(len(now))], index=now.index, dtype="str")
    return identify(now, anchor, then, PARAMS)


def told(found: Identified) -> list[tuple[object, object, str]]:
    rows = found.herkomst.fillna("-")
    return sorted(zip(rows["gebied_id"], rows["vorige_gebied_id"], rows["relatie"], strict=True))


def test_the_first_release_names_areas_after_their_cell() -> None:
    found = matched(areas((0, 0, 10, 10), (50, 0, 60, 10)), before())
    assert found.gebied_id.tolist() == ["PG-E2500N4700", "PG-E2501N4700"]
    assert told(found) == [("PG-E2500N4700", "-", "nieuw"), ("PG-E2501N4700", "-", "nieuw")]


@pytest.mark.parametrize(("east", "kept"), [(10, True), (20, True), (21, False)])
def test_half_of_what_they_cover_together_keeps_the_id(east: float, kept: bool) -> None:  # noqa: FBT001
    found = matched(areas((0, 0, 10, 10)), before(A=(0, 0, east, 10)))
    assert (found.gebied_id.iloc[0] == "A") is kept
    assert found.herkomst["relatie"].tolist() == ["voortgezet" if kept else "vervangen"]
    assert found.herkomst["iou"].iloc[0] == pytest.approx(10 / east)


def test_a_split_keeps_the_id_with_the_larger_part() -> None:
    found = matched(areas((7, 0, 10, 10), (0, 0, 6, 10)), before(A=(0, 0, 10, 10)))
    assert found.gebied_id.tolist() == ["PG-E2500N4700", "A"]
    assert [row[2] for row in told(found)] == ["gesplitst", "gesplitst"]


def test_a_merger_keeps_the_id_of_the_larger_one() -> None:
    found = matched(areas((0, 0, 10, 10)), before(A=(0, 0, 6, 10), B=(6, 0, 10, 10)))
    assert found.gebied_id.tolist() == ["A"]
    assert told(found) == [("A", "A", "samengevoegd"), ("A", "B", "samengevoegd")]


def test_what_is_gone_is_told_and_its_name_is_not_given_again() -> None:
    found = matched(areas((90, 0, 99, 9)), before(**{"PG-E2500N4700": (0, 0, 10, 10)}))
    assert found.gebied_id.tolist() == ["PG-E2500N4700-2"]
    assert told(found) == [("-", "PG-E2500N4700", "vervallen"), ("PG-E2500N4700-2", "-", "nieuw")]


def test_two_new_areas_in_one_cell_get_two_names() -> None:
    now = areas((0, 0, 4, 4), (6, 0, 9, 4))
    found = identify(now, pd.Series(["E2500N4700"] * 2), before(), PARAMS)
    assert found.gebied_id.tolist() == ["PG-E2500N4700", "PG-E2500N4700-2"]


def test_nothing_before_and_nothing_now() -> None:
    assert len(matched(areas(), before()).herkomst) == 0


corner = st.tuples(st.integers(0, 5), st.integers(0, 5))


@settings(max_examples=60, deadline=None)
@given(st.lists(corner, min_size=1, max_size=6, unique=True), st.integers(-2, 2), st.randoms())
def test_ids_are_unique_and_stable_under_small_changes(
    spots: list[tuple[int, int]], shift: int, random: object
) -> None:
    """Areas of 10 m that shift by 2 m at most share two thirds; each keeps its id in any order."""
    boxes = [(20.0 * x, 20.0 * y, 20.0 * x + 10, 20.0 * y + 10) for x, y in spots]
    then = before(**{f"G{number}": box for number, box in enumerate(boxes)})
    order = list(range(len(spots)))
    random.shuffle(order)  # type: ignore[attr-defined]
    found = matched(areas(*((a + shift, b, c + shift, d) for a, b, c, d in (boxes[each] for each in order))), then)
    assert found.gebied_id.tolist() == [f"G{number}" for number in order]
    assert set(found.herkomst["relatie"]) == {"voortgezet"}
    conform(GEBIED_HERKOMST, found.herkomst)
