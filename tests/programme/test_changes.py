"""What changed and why: each cause on a street of a few dwellings, and the parts that add up whatever happens."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.programme.streets import LABEL, comparison, homes
from twentegeo.programme.causes import causes_of
from twentegeo.programme.changes import LEVELS, ChangeParams, Changes, area_level, changes
from twentegeo.programme.split import Split, split_areas, split_dwellings
from twentegeo.tables.columns.change import AANTAL, DOOR, EIGEN, OORZAKEN

PEILDATUM = pd.Timestamp("2026-11-08")
DOORS = [column.name for column in DOOR.values()]


def told(old: pd.DataFrame, new: pd.DataFrame, **more: Any) -> Changes:
    return changes(comparison(old, new, **more), PEILDATUM, ChangeParams())


def parts(row: pd.Series) -> dict[str, float]:
    """The causes that account for something."""
    return {cause: float(row[column.name]) for cause, column in DOOR.items() if row[column.name]}


def buurt(found: Changes, code: str = "BU01530001") -> pd.Series:
    rows = found.areas
    return rows[(rows["gebiedsoort"] == "buurt") & (rows["code"] == code)].iloc[0]


def adds_up(found: Changes) -> bool:
    """The parts are the difference: in whole hundredths, not about."""
    good = True
    for rows in (found.areas, pd.DataFrame(found.dwellings)):
        known = rows[rows["verschil"].notna()]
        whole = np.rint(known[DOORS].to_numpy() * 100).astype(int).sum(axis=1)
        good &= bool((whole == np.rint(known["verschil"].to_numpy() * 100).astype(int)).all())
        good &= bool(rows.loc[rows["verschil"].isna(), DOORS].isna().all(axis=None))
    return good


def test_nothing_happened() -> None:
    found = told(homes({}, LABEL), homes({}, LABEL))
    assert found.dwellings.empty
    assert (found.areas["verschil"] == 0).all()
    assert (found.areas[DOORS] == 0).all(axis=None)
    assert list(found.areas["gebiedsoort"]) == ["buurt", "gemeente", "wijk"] or len(found.areas) == 3


B = LABEL | {"energielabel": "B", "score_energie": 30.0}
CASES: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("nieuw label", {}, B, "label onbekend werd B; label geldig tot onbekend werd 01-01-2030"),
    ("nieuw label", {"label_status": "verlopen", "label_verlopen": "G"}, B, "label G (verlopen) werd B; label"),
    ("label vervangen", LABEL | {"score_energie": 60.0}, B, "label D werd B"),
    ("label vervangen", B, B | {"label_geldig_tot": "2036-01-01"}, "label geldig tot 01-01-2030 werd 01-01-2036"),
    (
        "label verlopen",
        LABEL,
        {"label_status": "verlopen", "label_verlopen": "D", "score_energie": 61.0},
        "label D werd D (verlopen)",
    ),
    ("label ingetrokken", B, {"score_energie": 64.0}, "label B werd onbekend"),
    (
        "woning gewijzigd",
        {},
        {"oppervlakte_m2": 95, "bouwjaar": 1962},
        "oppervlakte (m²) 90 werd 95; bouwjaar 1961 werd",
    ),
    ("woning gewijzigd", {}, {"x": 257010.0}, ""),
    ("woning gewijzigd", {"oppervlakte_m2": None}, {"score_levensloop": 20.0}, "oppervlakte (m²) onbekend werd 90"),
    ("grenzen gewijzigd", {}, {"buurt_code": "BU01530002"}, "buurt BU01530001 werd BU01530002"),
]


@pytest.mark.parametrize(("cause", "before", "after", "words"), CASES)
def test_each_cause_on_a_dwelling(cause: str, before: dict[str, Any], after: dict[str, Any], words: str) -> None:
    found = told(homes(before, {}), homes(after, {}))
    row = found.dwellings.iloc[0]
    assert len(found.dwellings) == 1
    assert (row["oorzaak"], row["oorzaken"]) == (cause, cause)
    assert (row["wat"] if isinstance(row["wat"], str) else "").startswith(words)
    assert parts(row).keys() <= {cause}
    assert adds_up(found)
    assert buurt(found)[AANTAL[cause].name] == 1 or cause == "grenzen gewijzigd"


def test_a_replaced_label_moves_its_neighbourhood_by_what_it_moves() -> None:
    found = told(homes(LABEL, {}), homes(B, {}))
    assert parts(found.dwellings.iloc[0]) == {"label vervangen": pytest.approx(38.73 - 54.77)}
    # the mean for energy goes from 60 to 45: from sqrt(60 x 50) to sqrt(45 x 50)
    assert parts(buurt(found)) == {"label vervangen": pytest.approx(47.43 - 54.77)}


def test_new_and_vanished_dwellings_have_no_difference_but_move_the_neighbourhood() -> None:
    old = homes({}, {"score_energie": 90.0})
    new = pd.concat([homes({}), homes({"vbo_id": "0153010000000009", "score_levensloop": 80.0})])
    found = told(old, new)
    rows = found.dwellings.set_index("oorzaak")
    assert set(rows.index) == {"nieuwe woning", "woning vervallen"}
    assert rows["verschil"].isna().all()
    assert rows.loc["woning vervallen", "score_oud"] == pytest.approx(67.08)
    assert rows.loc["woning vervallen"].geometry.x == 257000.0
    assert rows.loc["nieuwe woning", "score_nieuw"] == pytest.approx(69.28)
    row = buurt(found)
    assert parts(row).keys() == {"nieuwe woning", "woning vervallen"}
    assert (row["n_woningen_oud"], row["n_nieuwe_woning"], row["n_woning_vervallen"]) == (2, 1, 1)
    assert adds_up(found)


def test_a_dwelling_that_gets_its_first_score_has_no_difference() -> None:
    old = homes({"score_energie": None, "score_prioriteit": None}, {})
    found = told(old, homes(B, {}))
    assert found.dwellings.iloc[0]["oorzaak"] == "nieuw label"
    assert np.isnan(found.dwellings.iloc[0]["verschil"])
    assert parts(buurt(found)).keys() == {"nieuw label"}


def test_label_and_dwelling_share_a_difference_by_axis() -> None:
    """The label moves energy from 60 to 30, the new floor area life-course from 50 to 80."""
    found = told(homes(LABEL), homes(B | {"oppervlakte_m2": 140, "score_levensloop": 80.0}))
    row = found.dwellings.iloc[0]
    assert row["oorzaken"] == "label vervangen, woning gewijzigd"
    assert parts(row) == {
        "label vervangen": pytest.approx(38.73 - 54.77, abs=0.011),
        "woning gewijzigd": pytest.approx(48.99 - 38.73, abs=0.011),
    }
    assert adds_up(found)


def test_what_moves_without_a_cause_of_its_own_is_a_source_elsewhere_or_the_method() -> None:
    old, new = homes({}, {}), homes({"score_energie": 70.0}, {})
    assert parts(told(old, new).dwellings.iloc[0]).keys() == {"bron herzien"}
    assert parts(told(old, new, new_method=True).dwellings.iloc[0]).keys() == {"methode"}
    assert parts(buurt(told(old, new, new_method=True))).keys() == {"methode"}


def test_a_small_move_from_elsewhere_is_counted_but_has_no_row() -> None:
    found = told(homes({}, {}), homes({"score_energie": 60.3}, {}))
    assert found.dwellings.empty
    assert buurt(found)["n_score_anders"] == 1
    assert parts(buurt(found)).keys() == {"bron herzien"}


def test_settings_take_what_they_move_and_nothing_else() -> None:
    """Tonight under the old settings is known, so that a replaced label and a new weight do not mix."""
    under = homes(B, {})
    new = under.assign(score_prioriteit=under["score_prioriteit"] + 5)
    found = told(homes(LABEL, {}), new, under_old=under)
    assert parts(found.dwellings.iloc[0]) == {"label vervangen": pytest.approx(38.73 - 54.77), "instellingen": 5.0}
    assert parts(found.dwellings.iloc[1]) == {"instellingen": 5.0}
    assert found.dwellings.iloc[0]["oorzaken"] == "label vervangen, instellingen"


def test_boundaries_move_a_dwelling_from_one_neighbourhood_to_another() -> None:
    other = {"buurt_code": "BU01530002"}
    old = homes({}, {"score_energie": 90.0}, other)
    new = homes({}, {"score_energie": 90.0} | other, other)
    found = told(old, new)
    assert parts(buurt(found)).keys() == {"grenzen gewijzigd"}
    assert parts(buurt(found, "BU01530002")).keys() == {"grenzen gewijzigd"}
    assert found.dwellings["verschil"].tolist() == [0.0]
    assert adds_up(found)


def test_a_neighbourhood_that_is_new_or_gone_has_no_difference() -> None:
    found = told(homes({}, {"buurt_code": "BU01530002"}), homes({}, {"buurt_code": "BU01530003"}))
    assert np.isnan(buurt(found, "BU01530002")["verschil"])
    assert pd.isna(buurt(found, "BU01530002")["n_woningen_nieuw"])
    assert np.isnan(buurt(found, "BU01530003")["verschil"])
    assert adds_up(found)


def test_what_else_counts_in_an_area_is_a_source() -> None:
    found = told(homes({}, {}), homes({}, {}), extra=1.5)
    assert parts(buurt(found)) == {"bron herzien": 1.5}


SCORES = st.integers(0, 10_000).map(lambda whole: whole / 100)
HOMES = st.fixed_dictionaries(
    {
        "label_status": st.sampled_from(["geldig", "verlopen", "geschat", "geen"]),
        "energielabel": st.sampled_from(["A", "D", "G", None]),
        "oppervlakte_m2": st.sampled_from([60, 90, None]),
        "buurt_code": st.sampled_from(["BU01530001", "BU01530002", None]),
        "x": st.sampled_from([257000.0, 257100.0]),
        "score_energie": SCORES | st.none(),
        "score_levensloop": SCORES | st.none(),
    }
)
STREET = st.lists(st.tuples(st.integers(1, 12), HOMES), min_size=1, max_size=10, unique_by=lambda one: one[0])


def street(rows: list[tuple[int, dict[str, Any]]]) -> pd.DataFrame:
    table = homes(*({"vbo_id": f"{number:016d}"} | row for number, row in sorted(rows)))
    both = table["score_energie"].notna() & table["score_levensloop"].notna()
    return table.assign(score_prioriteit=table["score_prioriteit"].where(both))


def exact(split: Split) -> bool:
    """The parts are the difference in whole hundredths, and missing where it is."""
    known = ~np.isnan(split.difference)
    whole = np.rint(split.parts[known] * 100).astype(int).sum(axis=1)
    same = (whole == np.rint(split.difference[known] * 100).astype(int)).all()
    return bool(same and np.isnan(split.parts[~known]).all())


@settings(max_examples=60, deadline=None)
@given(old=STREET, new=STREET, shift=SCORES, new_method=st.booleans(), extra=st.sampled_from([0.0, 0.7]))
def test_the_parts_always_add_up(old: Any, new: Any, shift: float, new_method: bool, extra: float) -> None:  # noqa: FBT001
    under = street(new)
    tonight = under.assign(score_prioriteit=under["score_prioriteit"] * 0.5 + shift / 2)
    compared = comparison(street(old), tonight, under_old=under, new_method=new_method, extra=extra)
    own = causes_of(compared.both)
    assert exact(split_dwellings(compared.both, own, compared.world, compared.blend, new_method=new_method))
    for level in LEVELS:
        figures = area_level(level, compared)
        assert exact(split_areas(compared.both, own, compared.world, figures, new_method=new_method))


@settings(max_examples=20, deadline=None)
@given(now=STREET)
def test_a_street_that_stays_as_it_is_has_nothing_to_tell(now: Any) -> None:
    compared = comparison(street(now), street(now))
    own = causes_of(compared.both)
    assert not any(rows.any() for rows in own.values())
    split = split_areas(compared.both, own, compared.world, area_level("buurt", compared), new_method=False)
    assert not np.nan_to_num(split.parts).any()


def test_areas_count_what_the_dwellings_tell() -> None:
    old = homes({}, LABEL, LABEL, {"score_energie": 90.0})
    found = told(old, homes(B, B, {}, {"oppervlakte_m2": 70}))
    counted = found.areas[found.areas["gebiedsoort"] == "gemeente"].iloc[0]
    for cause in EIGEN:
        named = found.dwellings["oorzaken"].str.split(", ").map(lambda names, cause=cause: cause in names)
        assert counted[AANTAL[cause].name] == named.sum()


def test_the_order_of_attribution_is_that_of_the_contract() -> None:
    assert list(DOOR) == list(OORZAKEN)
    assert OORZAKEN[: len(EIGEN)] == EIGEN
