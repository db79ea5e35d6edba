"""The stock of a real municipality, against counts made independently of this code."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import shapely

from twentegeo.sources import bag as bag_source
from twentegeo.sources import cadastre, ep_online
from twentegeo.stock import buildings, dwellings, labels, parcels
from twentegeo.stock.surveyed import Surveyed
from twentegeo.tables.bag import Bag
from twentegeo.tables.shapes import Mapped

if TYPE_CHECKING:
    from pathlib import Path

NOWHERE = pd.DataFrame({"buurt_code": [], "wijk_code": []}, dtype="str")


@pytest.fixture(scope="module")
def region(shared_data: Path) -> Path:
    return shared_data / "leidschendam-voorburg"


@pytest.fixture(scope="module")
def truth(region: Path) -> dict[str, Any]:
    counts: dict[str, Any] = json.loads((region / "truth.json").read_text())
    return counts


@pytest.fixture(scope="module", params=["lvbag-extract-nl.zip", "bag-light.gpkg"])
def bag(request: pytest.FixtureRequest, region: Path, tmp_path_factory: pytest.TempPathFactory) -> Bag:
    snapshot = bag_source.fetch(region / "bag" / request.param)
    scope = bag_source.BagScope(municipalities=("1916",))
    found = bag_source.read(snapshot, scope, bag_source.Means(tmp_path_factory.mktemp("bag"), workers=1))
    return Bag(found.panden, found.verblijfsobject, found.vbo_pand, found.adres, found.plaats)


def test_dwellings_and_buildings(bag: Bag, truth: dict[str, Any]):
    found = dwellings.assemble(bag, NOWHERE)
    assert len(found.woningen) == truth["dwellings_in_stock"]
    assert len(found.planned) == truth["dwellings_planned"]
    built = buildings.per_pand(bag.pand.rows, found.woningen, bag.vbo_pand)
    assert len(built.panden) == truth["pand_built"]
    assert built.panden["heeft_woning"].sum() == truth["pand_built_with_dwelling"]
    assert len(built.panden) + len(built.losses) == len(bag.pand)


def test_the_parcel_of_each_pand_equals_the_exhaustive_answer(bag: Bag, region: Path):
    pand = buildings.built(bag.pand.frame)
    perceel = cadastre.read(cadastre.fetch(region / "brk" / "kadastralekaart_perceel.zip")).parcels
    laid = (Surveyed.of(Mapped.of(pand), "pand_id"), Surveyed.of(Mapped.of(perceel), "perceel_id"))
    found = parcels.largest_overlap(*laid)
    left, right = shapely.STRtree(perceel.geometry.to_numpy()).query(pand.geometry.to_numpy())
    area = shapely.area(shapely.intersection(pand.geometry.to_numpy()[left], perceel.geometry.to_numpy()[right]))
    pairs = pd.DataFrame({"pand": left, "perceel": right, "area": area.round(6)})
    best = pairs[pairs["area"] > 0].sort_values(["area", "perceel"], ascending=[False, True]).drop_duplicates("pand")
    expected = pd.Series(
        perceel["perceel_id"].to_numpy()[best["perceel"]], index=pand["pand_id"].to_numpy()[best["pand"]]
    )
    placed = found.pand_perceel.set_index("pand_id")["perceel_id"]
    assert placed.to_dict() == expected.to_dict()
    covered = np.minimum(np.bincount(right, weights=area, minlength=len(perceel)), perceel.area)
    built_up = parcels.built_area(*laid, found)[0].set_index("perceel_id")["bebouwd_m2"]
    np.testing.assert_allclose(built_up.loc[perceel["perceel_id"]], covered, atol=0.1)


def test_every_label_is_about_an_object_of_today(bag: Bag, region: Path, truth: dict[str, Any]):
    scope = ep_online.LabelScope(
        object_ids=frozenset(bag.adres["object_id"]),
        pand_ids=frozenset(bag.pand.rows["pand_id"]),
        postcodes=frozenset(bag.adres["postcode"].dropna()),
    )
    delivery = ep_online.read(ep_online.fetch(region / "ep-online" / "v20221108_v4_csv.zip"), scope)
    found = labels.match(delivery.labels, bag, date(2022, 11, 8), labels.LabelParams())
    assert len(delivery.labels) == truth["label_rows"]
    assert len(found.woning_label) + len(found.losses) == truth["label_rows"]
    keys = found.accounts.set_index("koppeling")[["n_links", "n_gekoppeld"]].to_numpy().tolist()
    assert keys == [[8843, 8657], [8427, 8101], [230, 218]]
