"""Life-course suitability of houses and flats whose answer fits in the head."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from twentegeo.indicators import outlines
from twentegeo.indicators.footprint import FootprintParams, Plots, measure
from twentegeo.indicators.lifecourse import CHANCES, SHARES, lifecourse, summarise
from twentegeo.indicators.lifecourse_figures import LifecourseParams, LifecourseReference
from twentegeo.indicators.lifecourse_rules import lift_chance
from twentegeo.indicators.outlines import outlines_of
from twentegeo.tables.columns.lifecourse import REDENEN
from twentegeo.tables.shapes import Mapped
from twentegeo.tables.wkb import wkb_of

FIGURES = Path(__file__).resolve().parents[2] / "config" / "reference"
REFERENCE = LifecourseReference(
    chances=pd.read_csv(FIGURES / "levensloop_kansen.csv").set_index("reden"),
    scores=pd.read_csv(FIGURES / "levensloop_scores.csv").set_index("klasse")["score"],
    lift=pd.read_csv(FIGURES / "liftkansen.csv"),
    brackets=pd.read_csv(FIGURES / "uitbouwruimte.csv"),
)
PARAMS = LifecourseParams()


def pand(number: int) -> str:
    return f"015310{number:010d}"


def homes(areas: list[float | None], pands: list[int] | None = None, year: int | None = 1960, **more: Any):
    frame = pd.DataFrame(
        {
            "vbo_id": pd.Series([f"015301{row:010d}" for row in range(len(areas))], dtype="str"),
            "pand_id": pd.Series([pand(number) for number in pands or range(len(areas))], dtype="str"),
            "oppervlakte_m2": pd.Series(areas, dtype="Int64"),
            "bouwjaar": pd.Series([year] * len(areas), dtype="Int64"),
        }
    )
    return frame.assign(**more)


def measured(*rows: tuple[float, float, float]) -> pd.DataFrame:
    """Footprint, width and room of panden 0, 1, 2…"""
    frame = pd.DataFrame(rows, columns=["grondvlak_m2", "breedte_m", "uitbouwruimte_m2"], dtype="float64")
    return frame.set_axis(pd.Index([pand(row) for row in range(len(rows))], name="pand_id"))


def judge(woningen: pd.DataFrame, measures: pd.DataFrame, **more: float):
    return lifecourse(woningen, measures, REFERENCE, LifecourseParams(**more))


@pytest.mark.parametrize(
    ("area", "ground", "klasse", "reasons"),
    [
        (85, (100, 10, 0), "nultreden_waarschijnlijk", "EEN_LAAG"),
        (120, (80, 8, 0), "aanpasbaar", "SLAPEN_BG_PAST"),
        (95, (50, 5.4, 35), "aanpasbaar", "UITBOUW_PAST,TE_KLEIN"),
        (95, (50, 4.8, 35), "aanpasbaar", "UITBOUW_PAST,SMAL,TE_KLEIN"),
        (95, (50, 5.4, 5), "moeilijk_aanpasbaar", "TE_KLEIN"),
        (95, (50, 4.8, 5), "moeilijk_aanpasbaar", "TE_KLEIN,SMAL"),
        (150, (90, 4.8, 0), "moeilijk_aanpasbaar", "SMAL"),
        (95, (50, 5.4, np.nan), "onbekend", "GEEN_PERCEEL,TE_KLEIN"),
        (30, (35, 6.0, 0), "moeilijk_aanpasbaar", "TE_KLEIN"),
        (None, (50, 5.4, 5), "onbekend", "GEEN_HOOGTE"),
        # a barn under the same roof says nothing about layers, but there is room to sleep below
        (150, (400, 15, 0), "aanpasbaar", "SLAPEN_BG_PAST"),
    ],
)
def test_a_house_by_itself(area: int | None, ground: tuple[float, float, float], klasse: str, reasons: str) -> None:
    found = judge(homes([area]), measured(ground)).woningen.iloc[0]
    assert (found["levensloop_klasse"], found["levensloop_reden"]) == (klasse, reasons)


def test_two_storeys_by_measurement_are_not_one_layer() -> None:
    found = judge(homes([100], bouwlagen=[2.0]), measured((110, 10, 0))).woningen.iloc[0]
    assert found["levensloop_reden"] == "SLAPEN_BG_PAST"


def test_an_unknown_parcel_lies_between_room_and_no_room() -> None:
    ground = [(50.0, 5.4, room) for room in (35.0, np.nan, 0.0)]
    scores = judge(homes([95, 95, 95]), measured(*ground)).woningen["score_levensloop"]
    assert scores[0] < scores[1] < scores[2]
    assert scores[1] == pytest.approx((scores[0] + scores[2]) / 2)


def test_a_walk_up_flat_is_judged_as_a_building() -> None:
    """Four floors of 70 m², one of them on the ground; nobody knows which, so nobody is told."""
    judged = judge(homes([70] * 4, [0] * 4), measured((70 / 0.85, 8, 0)))
    flats, building = judged.woningen, judged.panden.iloc[0]
    assert set(flats["levensloop_klasse"]) == {"onbekend"}
    assert set(flats["levensloop_reden"]) == {"GEEN_LIFT,BEGANE_GROND"}
    assert building["aandeel_begane_grond"] == pytest.approx(25)
    assert building["lift_waarschijnlijk"] == "nee"
    # a quarter below at 70 %, three quarters above with a lift in 5 % of cases at 80 %
    assert building["aandeel_nultreden"] == pytest.approx(0.25 * 70 + 0.75 * 0.05 * 80)
    assert flats["p_nultreden"].to_numpy() == pytest.approx(building["aandeel_nultreden"])


def test_a_probable_lift_speaks_for_every_floor() -> None:
    judged = judge(homes([80] * 8, [0] * 8, year=2005), measured((80 / 0.85, 8, 0)))
    assert set(judged.woningen["levensloop_klasse"]) == {"nultreden_waarschijnlijk"}
    assert set(judged.woningen["levensloop_reden"]) == {"LIFT_WRSCH"}
    assert judged.panden["lift_waarschijnlijk"].tolist() == ["ja"]


def test_flats_above_a_shop_have_no_ground_floor() -> None:
    shops = measured((100, 8, 0)).assign(ander_gebruik_m2=85.0)
    judged = judge(homes([85] * 2, [0, 0]), shops)
    assert judged.panden["aandeel_begane_grond"].tolist() == [0.0]
    assert set(judged.woningen["levensloop_klasse"]) == {"moeilijk_aanpasbaar"}
    assert set(judged.woningen["levensloop_reden"]) == {"GEEN_LIFT"}


def test_a_maisonette_has_its_own_stairs_even_beside_a_lift() -> None:
    judged = judge(homes([80] * 7 + [160], [0] * 8, year=2005), measured((80 / 0.85, 8, 0)))
    assert judged.woningen["levensloop_reden"].tolist() == ["LIFT_WRSCH"] * 7 + ["MEERLAAGS_VBO"]


def test_a_flat_of_unknown_size_is_unknown_and_counts_as_such() -> None:
    judged = judge(homes([70, 70, 70, None], [0] * 4), measured((70 / 0.85, 8, 0)))
    assert judged.woningen["levensloop_reden"].tolist()[3] == "GEEN_HOOGTE"
    assert np.isnan(judged.woningen["score_levensloop"].iloc[3])
    assert judged.panden["aandeel_levensloop_onbekend"].tolist() == [25.0]


def test_a_dwelling_without_a_pand_is_unknown() -> None:
    woningen = homes([80, 80])
    woningen["pand_id"] = pd.Series([None, pand(0)], dtype="str")
    judged = judge(woningen, measured((100, 10, 0)))
    assert judged.woningen["levensloop_klasse"].tolist() == ["onbekend", "nultreden_waarschijnlijk"]
    assert len(judged.panden) == 1


def test_the_type_given_overrules_the_count() -> None:
    """Two semi-detached homes drawn as one pand are houses of half its width, not flats."""
    woningen = homes([120] * 2, [0, 0], woningtype=["2-onder-1-kap"] * 2)
    judged = judge(woningen, measured((160, 8, 0)))
    assert not judged.woningen["gestapeld"].any()
    assert set(judged.woningen["levensloop_reden"]) == {"SLAPEN_BG_PAST"}
    assert judged.panden["lift_waarschijnlijk"].isna().all()
    named = judge(woningen.assign(woningtype="onbekend"), measured((160, 8, 0)))
    assert named.woningen["gestapeld"].all()


def test_the_comparison_value_follows_its_rule() -> None:
    """Two flats at 70 and 0 % step-free, one suitable house of two."""
    frame = pd.DataFrame(
        {
            "gestapeld": [True, True, False, False],
            "levensloop_klasse": ["onbekend", "onbekend", "aanpasbaar", "moeilijk_aanpasbaar"],
            "p_nultreden": [70.0, 0.0, 5.0, 0.0],
            "p_aanpasbaar": [0.0, 0.0, 95.0, 0.0],
            "p_moeilijk": [30.0, 100.0, 0.0, 100.0],
            "score_levensloop": [30.0, 100.0, 47.5, 100.0],
        }
    )
    found = summarise(frame, pd.Series(["a"] * 4, name="buurt_code")).loc["a"]
    assert found["aandeel_geschikt_vergelijk"] == pytest.approx((70 + 50) / 4)


def test_what_is_missing_is_told() -> None:
    told = judge(homes([95]), measured((50, 5.4, np.nan))).left_out
    assert [line.split(":")[0] for line in told] == ["uitbouwruimte", "bouwlagen", "woningtype"]


def test_figures_that_contradict_themselves_are_refused() -> None:
    with pytest.raises(ValueError, match="slechtere klasse"):
        replace(REFERENCE, scores=REFERENCE.scores * -1)
    with pytest.raises(ValueError, match="100"):
        replace(REFERENCE, chances=REFERENCE.chances.assign(nultreden=99))


@pytest.mark.parametrize(
    ("storeys", "year", "chance"),
    [(1, 2020, 0), (4, 1960, 0.05), (4, 1992, 0.85), (12, 1970, 0.97), (4, np.nan, 0.05), (np.nan, 1990, np.nan)],
)
def test_the_lift_follows_storeys_and_year(storeys: float, year: float, chance: float) -> None:
    assert lift_chance(np.array([storeys]), np.array([year]), REFERENCE.lift) == pytest.approx([chance], nan_ok=True)


def test_more_storeys_or_a_later_year_never_make_a_lift_less_probable() -> None:
    storeys, years = np.meshgrid(np.arange(1.0, 12), np.arange(1900.0, 2030, 5))
    chance = lift_chance(storeys.ravel(), years.ravel(), REFERENCE.lift).reshape(storeys.shape)
    assert (np.diff(chance, axis=0) >= 0).all()
    assert (np.diff(chance, axis=1) >= 0).all()


dwelling = st.tuples(
    st.one_of(st.none(), st.integers(15, 400)), st.integers(0, 3), st.one_of(st.none(), st.integers(1850, 2025))
)
building = st.tuples(st.floats(20, 500), st.floats(2, 30), st.one_of(st.just(np.nan), st.floats(0, 150)))


@given(st.lists(dwelling, min_size=1, max_size=12), st.lists(building, min_size=4, max_size=4), st.randoms())
@settings(max_examples=25, deadline=None)
def test_laws(drawn: list[Any], ground: list[Any], random: Any) -> None:
    areas, pands, years = (list(part) for part in zip(*drawn, strict=True))
    woningen = homes(areas, pands).assign(bouwjaar=pd.Series(years, dtype="Int64"))
    judged = judge(woningen, measured(*ground))
    rows = judged.woningen
    # chances add to 100 or are all absent, and a score is there exactly where they are
    total = rows[list(CHANCES)].sum(axis=1, skipna=False)
    assert total.dropna().to_numpy() == pytest.approx(100)
    assert (total.isna() == rows["score_levensloop"].isna()).all()
    assert (rows.loc[total.isna(), "levensloop_klasse"] == "onbekend").all()
    # shares of a building add to 100
    shares = judged.panden[[*SHARES, "aandeel_levensloop_onbekend"]].sum(axis=1)
    assert shares.to_numpy() == pytest.approx(100)
    # every reason is a known code
    assert set(",".join(rows["levensloop_reden"]).split(",")) <= set(REDENEN)
    # order does not count
    order = list(range(len(woningen)))
    random.shuffle(order)
    again = judge(woningen.iloc[order], measured(*ground)).woningen
    expected = rows.iloc[order].reset_index(drop=True)
    pd.testing.assert_frame_equal(again, expected)


@given(st.integers(20, 300), st.floats(30, 300), st.floats(3, 12), st.lists(st.floats(0, 100), min_size=2, max_size=2))
@settings(max_examples=25, deadline=None)
def test_more_room_never_raises_the_need(area: int, ground: float, width: float, rooms: list[float]) -> None:
    less, more = sorted(rooms)
    scores = judge(homes([area] * 2), measured((ground, width, less), (ground, width, more))).woningen
    assert scores["score_levensloop"].iloc[1] <= scores["score_levensloop"].iloc[0]


@given(st.integers(2, 12), st.integers(45, 150), st.lists(st.integers(1900, 2024), min_size=2, max_size=2))
@settings(max_examples=25, deadline=None)
def test_a_later_flat_is_never_more_urgent(floors: int, area: int, years: list[int]) -> None:
    older, newer = (
        judge(homes([area] * floors, [0] * floors, year=year), measured((area / 0.85, 8, 0))).woningen
        for year in sorted(years)
    )
    assert newer["score_levensloop"].iloc[0] <= older["score_levensloop"].iloc[0] + 1e-9


# footprint and parcel


def drawn(shapes: list[Any], counts: list[int]) -> pd.DataFrame:
    ids = [pand(row) for row in range(len(shapes))]
    frame = gpd.GeoDataFrame(
        {"pand_id": ids, "n_woningen": pd.array(counts, dtype="Int64"), "bouwjaar": 1960}, geometry=shapes, crs=28992
    )
    return outlines_of(Mapped.of(frame), 0.15, 2.0).panden


def plots(shape: Any, of: list[int], built: float | None) -> Plots:
    table = outlines.measured(wkb_of(np.array([shape], dtype=object))).assign(perceel_id="1")
    placed = pd.DataFrame({"pand_id": [pand(number) for number in of], "perceel_id": "1"})
    bebouwd = pd.DataFrame(
        {"perceel_id": ["1"] if built is not None else [], "bebouwd_m2": [built][: built is not None]}
    )
    return Plots(table, placed, bebouwd)


def room(found: pd.DataFrame) -> list[float]:
    return found["uitbouwruimte_m2"].tolist()


def test_a_turned_house_keeps_its_width() -> None:
    house = shapely.affinity.rotate(shapely.box(0, 0, 5.4, 9), 30)
    found = measure(drawn([house], [1]), None, REFERENCE.brackets, FootprintParams())
    assert found["breedte_m"].to_numpy() == pytest.approx(5.4)
    assert found["grondvlak_m2"].to_numpy() == pytest.approx(48.6)
    assert np.isnan(room(found)[0])


def test_a_strip_without_width_is_narrow_and_nothing_at_all_is_fine() -> None:
    strip = shapely.Polygon([(0, 0), (10, 0), (20, 0), (0, 0)])
    found = measure(drawn([strip, shapely.box(0, 0, 6, 9)], [1, 1]), None, REFERENCE.brackets, FootprintParams())
    assert found["breedte_m"].to_numpy() == pytest.approx([0, 6])
    nothing = measure(drawn([], []), None, REFERENCE.brackets, FootprintParams())
    assert nothing.empty
    assert judge(homes([]), nothing).panden.empty


def test_houses_in_one_pand_share_its_length() -> None:
    found = measure(drawn([shapely.box(0, 0, 24, 9)], [4]), None, REFERENCE.brackets, FootprintParams())
    assert found["breedte_m"].to_numpy() == pytest.approx(6)


@pytest.mark.parametrize(
    ("parcel", "built", "expected"),
    [
        # 150 open, three quarters of it behind: 112.5, so 50 + 12.5 * 0.2
        (shapely.box(0, 0, 20, 10), 50.0, 52.5),
        # a shed of 30: the yard is 120 * 0.75 + 30 = 120, so 54 less the 30 that stand
        (shapely.box(0, 0, 20, 10), 80.0, 24.0),
        # unmeasured: the house itself is what is known to stand there
        (shapely.box(0, 0, 20, 10), None, 52.5),
        (shapely.box(0, 0, 4, 100), 50.0, 0.0),
        (shapely.box(0, 0, 10, 5), 50.0, 0.0),
    ],
)
def test_room_follows_the_rule_for_building_without_a_permit(parcel: Any, built: float | None, expected: float) -> None:
    house = drawn([shapely.box(0, 0, 5, 10)], [1])
    found = measure(house, plots(parcel, [0], built), REFERENCE.brackets, FootprintParams())
    assert room(found) == pytest.approx([expected])


def test_dwellings_share_their_parcel_and_sheds_hold_none() -> None:
    shapes = [shapely.box(0, 0, 6, 10), shapely.box(6, 0, 12, 10), shapely.box(20, 0, 22, 2)]
    found = measure(
        drawn(shapes, [1, 1, 0]),
        plots(shapely.box(0, 0, 40, 20), [0, 1, 2], 120.0),
        REFERENCE.brackets,
        FootprintParams(),
    )
    # 680 open for two: 340 each, 255 behind: 50 + 155 * 0.2
    assert room(found) == pytest.approx([81.0, 81.0])


def test_a_pand_without_a_parcel_beside_one_that_has_it() -> None:
    shapes = [shapely.box(0, 0, 5, 10), shapely.box(90, 0, 95, 10)]
    found = measure(
        drawn(shapes, [1, 1]), plots(shapely.box(0, 0, 20, 10), [0], 50.0), REFERENCE.brackets, FootprintParams()
    )
    assert room(found) == pytest.approx([52.5, np.nan], nan_ok=True)
