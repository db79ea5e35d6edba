from __future__ import annotations

import pandas as pd
import pytest

from tests import village
from tests.village import pand_id
from twentegeo.stock import buildings, dwellings
from twentegeo.tables.columns import building

NOWHERE = pd.DataFrame({"buurt_code": [], "wijk_code": []}, dtype="str")


@pytest.fixture
def found() -> buildings.Buildings:
    bag = village.build().bag
    woningen = dwellings.assemble(bag, NOWHERE).woningen
    return buildings.per_pand(bag.pand.rows, woningen, bag.vbo_pand)


def test_standing_panden_are_kept(found: buildings.Buildings):
    assert found.panden["pand_id"].tolist() == [pand_id(n) for n in (1, 2, 3, 4, 5, 6, 7, 8, 10, 11)]


def test_every_other_pand_is_listed_with_its_status(found: buildings.Buildings):
    assert found.losses.set_index("verlies_id")["reden"].to_dict() == {
        pand_id(9): "staat er niet: bouw gestart",
        pand_id(12): "staat er niet: pand gesloopt",
    }
    assert found.accounts[["n_links", "n_gekoppeld"]].to_numpy().tolist() == [[12, 10]]


def test_a_dwelling_in_two_panden_is_counted_once(found: buildings.Buildings):
    counts = found.panden.set_index("pand_id")["n_woningen"]
    assert counts[counts > 0].to_dict() == {pand_id(n): 2 if n == 5 else 1 for n in (1, 2, 3, 4, 5, 6, 7, 10)}


def test_a_pand_that_holds_part_of_a_dwelling_has_a_dwelling_though_it_counts_elsewhere():
    bag = village.build().bag
    woningen = dwellings.assemble(bag, NOWHERE).woningen
    only_seven = woningen[woningen["vbo_id"] == village.vbo_id(7)]
    panden = buildings.per_pand(bag.pand.rows, only_seven, bag.vbo_pand).panden
    lived_in = panden[panden["heeft_woning"]].set_index("pand_id")["n_woningen"]
    assert lived_in.to_dict() == {pand_id(5): 0, pand_id(6): 1}


def test_a_shed_and_a_boathouse_have_none(found: buildings.Buildings):
    assert found.panden.loc[~found.panden["heeft_woning"], "pand_id"].tolist() == [pand_id(8), pand_id(11)]


def test_every_status_is_either_standing_or_explained():
    assert {*building.PAND_GEBOUWD, *buildings.REASONS} == set(building.PAND_STATUSSEN)
    assert not {*building.PAND_GEBOUWD} & {*buildings.REASONS}
