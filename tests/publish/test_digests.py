"""What digests see and what they do not."""

from __future__ import annotations

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

from twentegeo.publish.arrow import published
from twentegeo.publish.digests import HASHED, column_digests, hash_of
from twentegeo.tables.stock import KOPPELVERLIES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def content_hash(layers: Mapping[str, pd.DataFrame]) -> str:
    """The hash of a release that is made of these frames."""
    return hash_of(
        {table.name: column_digests(published(table, layers[table.name])) for table in HASHED if table.name in layers}
    )


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

    expected = column_digests(rows)
    assert column_digests(padded) == expected
    assert column_digests(dirty) == expected, "what lies under a missing value does not count"


def test_the_hash_is_the_same_in_another_process(fill: Callable[..., pd.DataFrame]):
    given_rows = {"verlies_id": ["3", "1", "2"]}
    code = (
        "import pandas as pd\n"
        "from twentegeo.publish.arrow import published\n"
        "from twentegeo.publish.digests import column_digests, hash_of\n"
        "from twentegeo.tables.stock import KOPPELVERLIES\n"
        "frame = pd.DataFrame({'koppeling': 'onbekend', 'zijde': 'onbekend',"
        " 'verlies_id': ['1', '2', '3'], 'reden': 'onbekend', 'advies': 'onbekend'})\n"
        "print(hash_of({'koppelverlies': column_digests(published(KOPPELVERLIES, frame))}))"
    )
    there = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()

    assert content_hash({"koppelverlies": fill(KOPPELVERLIES, 3, None, given_rows)}) == there
