from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from tests import village
from tests.village import ACROSS, EAST, WEST, pand_id, parcel_id, vbo_id
from twentegeo.stock import dwellings, main_building
from twentegeo.tables.bag import Bag
from twentegeo.tables.contract import conform
from twentegeo.tables.shapes import Mapped
from twentegeo.tables.stock import PAND_PERCEEL, WONING


@pytest.fixture
def world() -> village.Village:
    return village.build()


@pytest.fixture
def found(world: village.Village) -> dwellings.Dwellings:
    return dwellings.assemble(world.bag, location(world))


def location(world: village.Village) -> pd.DataFrame:
    x = shapely.get_x(world.bag.verblijfsobject.geometry.to_numpy()) - village.ORIGIN[0]
    code = np.where(x < 100, WEST, np.where(x < 200, EAST, ACROSS))
    index = pd.Index(world.bag.verblijfsobject["vbo_id"])
    frame = pd.DataFrame({"buurt_code": code, "wijk_code": [f"WK{one[2:6]}00" for one in code]}, index=index)
    return frame.drop(index=vbo_id(12))  # its point lies in no buurt, say


def adds_up(accounts: pd.DataFrame, losses: pd.DataFrame) -> None:
    lost = losses["koppeling"].value_counts().reindex(accounts["koppeling"]).fillna(0).to_numpy()
    np.testing.assert_array_equal(accounts["n_links"].to_numpy(), accounts["n_gekoppeld"].to_numpy() + lost)
    assert set(losses["koppeling"]) <= set(accounts["koppeling"])


def test_a_dwelling_is_a_home_in_stock(found: dwellings.Dwellings):
    conform(WONING, found.woningen)
    assert found.woningen["vbo_id"].tolist() == [vbo_id(n) for n in (1, 2, 3, 4, 5, 6, 7, 9, 11, 12)]


def test_planned_dwellings_stand_apart(found: dwellings.Dwellings):
    assert found.planned["vbo_id"].tolist() == [vbo_id(10)]
    assert found.planned.geometry.iloc[0] == village.at(170, 15)


def test_accounts_add_up(found: dwellings.Dwellings):
    adds_up(found.accounts, found.losses)
    lost = found.losses.set_index("verlies_id")["reden"].to_dict()
    assert lost == {
        vbo_id(10): dwellings.GEPLAND.reden,
        vbo_id(12): main_building.GEEN_PAND.reden,
        vbo_id(13): dwellings.VERDWENEN.reden,
    }


def test_the_pand_that_contains_the_point_is_the_main_one(found: dwellings.Dwellings):
    row = found.woningen.set_index("vbo_id").loc[vbo_id(7)]
    assert (row["pand_id"], row["n_panden"], row["bouwjaar"]) == (pand_id(6), 2, 2001)


def test_without_a_pand_that_contains_the_point_the_first_named_is_the_main_one(world: village.Village):
    vbo = world.bag.verblijfsobject.copy()
    vbo.loc[vbo["vbo_id"] == vbo_id(7), "geometry"] = village.at(95, 45)
    bag = Bag(world.bag.pand, vbo, world.bag.vbo_pand.iloc[::-1], world.bag.adres, world.bag.plaats)
    row = dwellings.assemble(bag, location(world)).woningen.set_index("vbo_id").loc[vbo_id(7)]
    assert row["pand_id"] == pand_id(5)


def test_a_standing_pand_goes_before_one_that_contains_the_point_but_does_not_stand(world: village.Village):
    world.bag.pand.rows.loc[world.bag.pand.rows["pand_id"] == pand_id(6), "status"] = "Pand gesloopt"
    found = dwellings.assemble(world.bag, location(world))
    assert found.woningen.set_index("vbo_id").loc[vbo_id(7), "pand_id"] == pand_id(5)


def test_a_pand_that_does_not_stand_is_reported_and_the_dwelling_stays(world: village.Village):
    world.bag.pand.rows.loc[world.bag.pand.rows["pand_id"] == pand_id(1), "status"] = "Bouw gestart"
    world.bag.vbo_pand.loc[world.bag.vbo_pand["vbo_id"] == vbo_id(2), "pand_id"] = pand_id(77)
    found = dwellings.assemble(world.bag, location(world))
    lost = found.losses[found.losses["koppeling"] == main_building.OP_PAND].set_index("verlies_id")["reden"]
    assert lost[vbo_id(1)] == main_building.PAND_NIET_GEBOUWD.reden
    assert lost[vbo_id(2)] == main_building.PAND_ONBEKEND.reden
    rows = found.woningen.set_index("vbo_id")
    assert rows.loc[vbo_id(1), "pand_id"] == pand_id(1)
    assert pd.isna(rows.loc[vbo_id(2), "pand_id"])
    adds_up(found.accounts, found.losses)


def test_an_unknown_year_stays_unknown_with_its_flag(found: dwellings.Dwellings):
    row = found.woningen.set_index("vbo_id").loc[vbo_id(9)]
    assert pd.isna(row["bouwjaar"])
    assert row["bouwjaar_dummy"]
    assert pd.isna(row["oppervlakte_m2"])
    assert row["oppervlakte_dummy"]


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "Dorpsstraat 1"), (3, "Dorpsstraat 3A"), (5, "Flatweg 12-1"), (7, "Flatweg 12A-1"), (9, "Markt 7-BIS")],
)
def test_addresses_read_as_people_write_them(found: dwellings.Dwellings, number: int, text: str):
    assert found.woningen.set_index("vbo_id").loc[vbo_id(number), "adres"] == text


def test_a_missing_address_is_reported(world: village.Village):
    adres = world.bag.adres[world.bag.adres["object_id"] != vbo_id(1)]
    bag = Bag(world.bag.pand, world.bag.verblijfsobject, world.bag.vbo_pand, adres, world.bag.plaats)
    found = dwellings.assemble(bag, location(world))
    row = found.woningen.set_index("vbo_id").loc[vbo_id(1)]
    assert (row["adres"], row["woonplaats"]) == ("onbekend", "onbekend")
    adds_up(found.accounts, found.losses)


def test_place_follows_the_location(found: dwellings.Dwellings):
    rows = found.woningen.set_index("vbo_id")
    assert rows.loc[vbo_id(4), "buurt_code"] == WEST
    assert rows.loc[vbo_id(11), ["buurt_code", "wijk_code"]].tolist() == [ACROSS, "WK016400"]
    assert pd.isna(rows.loc[vbo_id(12), "buurt_code"])


def test_cells_are_named_after_their_lower_left_corner():
    points = np.array([village.at(0, 0), village.at(99.999, 99.999), village.at(100, 0), shapely.Point(9_050, 305_000)])
    assert dwellings.cell_ids(points).tolist() == ["E2500N4700", "E2500N4700", "E2501N4700", "E0090N3050"]


def test_each_dwelling_gets_the_parcel_of_its_pand(found: dwellings.Dwellings):
    pand_perceel = conform(
        PAND_PERCEEL,
        pd.DataFrame({"pand_id": [pand_id(1)], "perceel_id": [parcel_id(1)], "aandeel_overlap": [100.0]}),
    )
    filled, losses, total = dwellings.on_parcel(found.woningen, pand_perceel)
    assert isinstance(filled, gpd.GeoDataFrame)
    conform(WONING, filled)
    assert filled.set_index("vbo_id")["perceel_id"].dropna().to_dict() == {vbo_id(1): parcel_id(1)}
    reasons = losses.set_index("verlies_id")["reden"]
    assert reasons[vbo_id(12)] == dwellings.GEEN_PERCEEL.reden
    assert reasons[vbo_id(2)] == dwellings.PAND_ZONDER_PERCEEL.reden
    adds_up(total, losses)


def test_without_parcels_nothing_is_joined_and_nothing_lost(found: dwellings.Dwellings):
    filled, losses, total = dwellings.on_parcel(found.woningen, None)
    assert filled["perceel_id"].isna().all()
    assert (len(filled), len(losses), len(total)) == (len(found.woningen), 0, 0)


def test_a_region_without_dwellings_gives_an_empty_table(world: village.Village):
    bag = Bag(world.bag.pand, world.bag.verblijfsobject.iloc[:0], world.bag.vbo_pand, world.bag.adres, world.bag.plaats)
    found = dwellings.assemble(bag, location(world))
    assert len(found.woningen) == 0
    adds_up(found.accounts, found.losses)


def test_row_order_does_not_matter(world: village.Village, found: dwellings.Dwellings):
    bag = world.bag
    pand = Mapped.of(bag.pand.frame.sample(frac=1, random_state=3))
    rest = (bag.verblijfsobject, bag.vbo_pand, bag.adres, bag.plaats)
    mixed = Bag(pand, *(table.sample(frac=1, random_state=3) for table in rest))
    again = dwellings.assemble(mixed, location(world))
    pd.testing.assert_frame_equal(pd.DataFrame(again.woningen), pd.DataFrame(found.woningen))
    pd.testing.assert_frame_equal(again.losses, found.losses)
