"""Which buildings and dwellings carry the id of a priority area."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pyogrio

from twentegeo.pipeline.layers import _area_of

if TYPE_CHECKING:
    from twentegeo.pipeline.command import Published

MEMBERS = pd.DataFrame(
    {"vbo_id": ["v3", "v1", "v2"], "pand_id": ["p2", "p1", "p1"], "gebied_id": ["PG-b", "PG-a", "PG-a"]}
)


def test_a_building_has_the_area_of_its_dwellings():
    buildings = pd.Series(["p9", "p1", "p2"], index=[7, 8, 9], dtype="str")
    area = _area_of(buildings, MEMBERS, "pand_id")

    assert area.index.tolist() == [7, 8, 9]
    assert area.isna().tolist() == [True, False, False]
    assert area.dropna().tolist() == ["PG-a", "PG-b"]


def test_without_areas_nothing_has_one():
    nobody = MEMBERS.iloc[:0].assign(gebied_id=None)

    assert _area_of(pd.Series(["v1"], dtype="str"), nobody, "vbo_id").isna().all()


def test_layers_of_a_release_agree_on_who_is_in_an_area(first_release: Published):
    def read(layer: str, *columns: str) -> pd.DataFrame:
        return pyogrio.read_dataframe(
            first_release.folder / "twente.gpkg", layer=layer, columns=list(columns), read_geometry=False
        )

    told: dict[str, int] = {}
    if first_release.manifest["lagen"]["prioriteitsgebied"]:
        told = read("prioriteitsgebied", "gebied_id", "n_woningen").set_index("gebied_id")["n_woningen"].to_dict()
    homes = read("verblijfsobject", "gebied_id").value_counts("gebied_id")
    buildings = read("pand", "gebied_id", "n_woningen").groupby("gebied_id")["n_woningen"].sum()

    assert homes.to_dict() == told
    assert buildings.to_dict() == told
