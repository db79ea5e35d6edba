from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import shapely

from twentegeo.errors import ContractError
from twentegeo.pipeline.manifest import run_table
from twentegeo.publish.arrow import caption, published
from twentegeo.tables.columns import building, estimate, place
from twentegeo.tables.contract import Table
from twentegeo.tables.layers import HECTARE, PAND, PRIORITEITSGEBIED, RUN
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
