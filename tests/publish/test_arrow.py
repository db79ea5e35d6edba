from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from twentegeo.errors import ContractError
from twentegeo.pipeline.manifest import run_table
from twentegeo.publish.arrow import caption, content_hash, published
from twentegeo.tables.columns import building, estimate, place
from twentegeo.tables.contract import Table
from twentegeo.tables.layers import HECTARE, PAND, PRIORITEITSGEBIED, RUN, VERBLIJFSOBJECT
from twentegeo.tables.stock import KOPPELVERLIES

if TYPE_CHECKING:
    from collections.abc import Callable

PLAIN = Table(
    "proef",
    "Proef",
    "Een rij per proef.",
    (place.PAND_ID.required(), building.BOUWJAAR.optional(), estimate.P_EFG.optional()),
    key=("pand_id",),
)


def geometries(rows: pa.Table) -> np.ndarray:
    return shapely.from_wkb(rows.column("geom").to_numpy())


def test_flags_become_ja_and_nee_and_dates_become_dates(world: dict[str, pd.DataFrame]):
    rows = published(PRIORITEITSGEBIED, world["prioriteitsgebied"])

    by_name = dict(zip(rows["naam"].to_pylist(), rows["grensoverschrijdend"].to_pylist(), strict=True))
    assert by_name == {"Nijverheid": "ja", "De Es": "nee"}
    assert rows["peildatum"].to_pylist() == [dt.date(2024, 1, 8)] * 2


def test_polygons_are_promoted_and_turn_counter_clockwise_without_moving(world: dict[str, pd.DataFrame]):
    frame = world["pand"].copy()
    frame.geometry = shapely.orient_polygons(frame.geometry.to_numpy(), exterior_cw=True)

    out = geometries(published(PAND, frame))

    assert set(shapely.get_type_id(out)) == {int(shapely.GeometryType.MULTIPOLYGON)}
    assert shapely.is_ccw(shapely.get_exterior_ring(shapely.get_parts(out))).all()
    assert shapely.equals(out, frame.sort_values("pand_id").geometry.to_numpy()).all()
    assert shapely.get_num_interior_rings(shapely.get_parts(out)).sum() == 11, "every fifth of 52 has a hole"


def test_a_height_is_left_out(world: dict[str, pd.DataFrame]):
    frame = world["hectare"].copy()
    frame.geometry = shapely.force_3d(frame.geometry.to_numpy(), 12.0)

    out = geometries(published(HECTARE, frame))

    assert not shapely.has_z(out).any()
    assert shapely.area(out).tolist() == [10_000.0] * 16


def test_rows_come_out_by_key_and_reals_to_the_hundredth():
    frame = pd.DataFrame(
        {
            "pand_id": pd.Series(["0000000000000002", "0000000000000001"], dtype="str"),
            "bouwjaar": pd.Series([1960, None], dtype="Int64"),
            "p_efg": [33.335001, float("nan")],
        }
    )

    assert published(PLAIN, frame).to_pylist() == [
        {"pand_id": "0000000000000001", "bouwjaar": None, "p_efg": None},
        {"pand_id": "0000000000000002", "bouwjaar": 1960, "p_efg": 33.34},
    ]


def test_a_text_too_wide_is_shortened_and_said_so(fill: Callable[..., pd.DataFrame], caplog: pytest.LogCaptureFixture):
    rows = published(KOPPELVERLIES, fill(KOPPELVERLIES, 1, None, {"reden": "é" * 81}))

    assert rows["reden"].to_pylist() == ["é" * 79 + "…"]
    assert "koppelverlies.reden: 1 text(s) shortened to 80" in caplog.text


def test_the_settings_of_a_run_are_told_whole():
    settings = json.dumps({f"bron {number}": "é" * 100 for number in range(100)}, ensure_ascii=False)
    rows = published(RUN, run_table({"instellingen": settings}))

    assert rows["inhoud"].to_pylist() == [settings]


def test_a_key_too_wide_is_refused():
    frame = pd.DataFrame({"sleutel": ["s" * 121], "inhoud": ["x"]}, dtype="str")

    with pytest.raises(ContractError, match="sleutel sleutel zijn langer dan 120"):
        published(RUN, frame)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda frame: frame.drop(columns="naam"), "naam ontbreken"),
        (lambda frame: pd.DataFrame(frame.drop(columns="geometry")), "geometrie in RD"),
        (lambda frame: frame.assign(label_dekking=np.nan), "label_dekking mist 2 waarde"),
    ],
)
def test_what_the_contract_asks_for_must_be_there(
    world: dict[str, pd.DataFrame], change: Callable[[Any], Any], message: str
):
    with pytest.raises(ContractError, match=message):
        published(PRIORITEITSGEBIED, change(world["prioriteitsgebied"]))


def test_a_caption_gives_the_unit_where_the_alias_does_not():
    assert caption(building.BEBOUWD_M2) == "Bebouwd oppervlak (m²)"
    assert caption(building.BOUWJAAR) == "Bouwjaar"
    assert caption(place.NAAM) == "Naam"


def test_the_hash_does_not_see_row_order_ring_order_or_the_run(world: dict[str, pd.DataFrame]):
    shuffled = {name: frame.sample(frac=1, random_state=5) for name, frame in world.items()}
    shuffled["pand"] = shuffled["pand"].set_geometry(
        gpd.GeoSeries(
            shapely.orient_polygons(shuffled["pand"].geometry.to_numpy(), exterior_cw=True),
            index=shuffled["pand"].index,
            crs="EPSG:28992",
        )
    )
    shuffled["run"] = world["run"].assign(inhoud="20991231T235959Z")

    assert content_hash(shuffled) == content_hash(world)


@pytest.mark.parametrize(
    "change",
    [
        lambda w: {**w, "pand": w["pand"].iloc[1:]},
        lambda w: {**w, "pand": w["pand"].assign(bouwjaar=w["pand"]["bouwjaar"].fillna(1900))},
        lambda w: {**w, "pand": w["pand"].assign(bouwjaar_dummy=~w["pand"]["bouwjaar_dummy"])},
        lambda w: {**w, "hectare": w["hectare"].assign(score_energie=w["hectare"]["score_energie"] + 0.01)},
        lambda w: {**w, "hectare": w["hectare"].set_geometry(w["hectare"].geometry.translate(0.001))},
        lambda w: {**w, "koppelverlies": w["koppelverlies"].assign(reden="anders")},
        lambda w: {name: frame for name, frame in w.items() if name != "bron"},
    ],
)
def test_the_hash_sees_any_change_of_content(world: dict[str, pd.DataFrame], change: Callable[[Any], Any]):
    assert content_hash(change(world)) != content_hash(world)


def test_the_hash_tells_apart_where_one_text_ends_and_the_next_begins(fill: Callable[..., pd.DataFrame]):
    one = fill(KOPPELVERLIES, 1, None, {"zijde": "ab", "verlies_id": "c"})
    other = fill(KOPPELVERLIES, 1, None, {"zijde": "a", "verlies_id": "bc"})

    assert content_hash({"koppelverlies": one}) != content_hash({"koppelverlies": other})


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(1001, 2100)), min_size=1, max_size=12), st.integers(0, 2**31))
def test_the_hash_of_a_slice_is_that_of_its_rows(years: list[int | None], seed: int):
    ids = pa.array([f"{i:016d}" for i in range(len(years))])
    rows = pa.table({"vbo_id": ids, "bouwjaar": pa.array(years, pa.int64())})
    padded = pa.concat_tables([rows, rows, rows]).combine_chunks().slice(len(years), len(years))
    spoiled = np.array([seed if year is None else year for year in years], dtype=np.int64)
    mask = np.array([year is None for year in years])
    dirty = rows.set_column(1, "bouwjaar", pa.array(spoiled, mask=mask))

    expected = content_hash({VERBLIJFSOBJECT.name: rows})
    assert content_hash({VERBLIJFSOBJECT.name: padded}) == expected
    assert content_hash({VERBLIJFSOBJECT.name: dirty}) == expected, "what lies under a missing value does not count"


def test_the_hash_is_the_same_in_another_process(fill: Callable[..., pd.DataFrame]):
    given_rows = {"verlies_id": ["3", "1", "2"]}
    code = (
        "import pandas as pd\n"
        "from twentegeo.publish.arrow import content_hash\n"
        "print(content_hash({'koppelverlies': pd.DataFrame({'koppeling': 'onbekend', 'zijde': 'onbekend',"
        " 'verlies_id': ['1', '2', '3'], 'reden': 'onbekend', 'advies': 'onbekend'})}))"
    )
    there = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()

    assert content_hash({"koppelverlies": fill(KOPPELVERLIES, 3, None, given_rows)}) == there
