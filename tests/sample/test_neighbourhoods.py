"""How the made-up towns are divided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyogrio

from twentegeo.sample.neighbourhoods import quarters

if TYPE_CHECKING:
    from twentegeo.sample import SampleFiles


def test_quarters_are_named_after_where_they_lie() -> None:
    """North up: a town of three by three."""
    town = np.array([(x, y) for y in (2, 1, 0) for x in (0, 1, 2)], dtype=float)

    assert quarters(town, np.arange(9)) == [
        "Noordwest", "Noord", "Noordoost",
        "West", "Centrum", "Oost",
        "Zuidwest", "Zuid", "Zuidoost",
    ]  # fmt: skip


def test_a_quarter_beyond_another_is_named_after_a_field() -> None:
    row = np.array([(x, 0) for x in (-2, -1, 0, 1, 2)], dtype=float)
    names = quarters(row, np.arange(5))

    assert names[2] == "Centrum"
    assert {"West", "Oost"} < set(names)
    assert len(set(names)) == 5


def test_the_largest_town_has_a_name_for_every_quarter() -> None:
    town = np.array([(x, y) for x in range(9) for y in range(9)], dtype=float)

    assert len(set(quarters(town, np.arange(81)))) == 81


def test_no_two_neighbourhoods_of_a_municipality_bear_one_name(sample: SampleFiles) -> None:
    buurten = pyogrio.read_dataframe(sample.neighbourhoods, layer="buurten", read_geometry=False)
    land = buurten[buurten["water"] == "NEE"]

    assert not land.duplicated(["gemeentecode", "buurtnaam"]).any()
