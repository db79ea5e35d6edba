"""Tonight beside the last release: what may move overnight, and what is a delivery that is not whole."""

from __future__ import annotations

import copy
import json
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twentegeo.checks.drift import DriftParams, Night, accept, check_drift
from twentegeo.checks.finding import Finding, Refused, stopping
from twentegeo.checks.key_figures import key_figures
from twentegeo.tables.columns import building, label, place
from twentegeo.tables.contract import Table

BOUNDS = DriftParams()
N = 1000
HOMES = Table(
    "verblijfsobject",
    "Woningen",
    "Een rij per woning.",
    (
        place.VBO_ID.required(),
        label.ENERGIELABEL.optional(),
        building.OPPERVLAKTE_M2.optional(),
        building.OPPERVLAKTE_DUMMY.required(),
        label.AANDEEL_EFG.optional(),
    ),
    key=("vbo_id",),
    geometry="Point",
)


def homes(n: int = N, labelled: float = 0.6, bad: float = 0.25, mean: float = 50.0) -> pd.DataFrame:
    """So many dwellings, a share with a label, a share of those E, and a figure that spreads evenly around a mean."""
    order = np.arange(n)
    letters = np.where(order % 100 < bad * 100, "E", "B").astype(object)
    letters[order >= labelled * n] = None
    return pd.DataFrame(
        {
            "vbo_id": [f"{one:016d}" for one in order],
            "energielabel": pd.Series(letters, dtype="str"),
            "oppervlakte_m2": pd.Series(60 + order % 90, dtype="Int64"),
            "oppervlakte_dummy": order % 50 == 0,
            "aandeel_efg": mean - 20 + 40 * order / n,
        }
    )


def layers(rows: pd.DataFrame, **more: Any) -> dict[str, pd.DataFrame]:
    return {
        "verblijfsobject": rows,
        "bron": pd.DataFrame({"bron": ["EP-Online", "Bezit"], "aantal_rijen": pd.array([800, None], dtype="Int64")}),
        "koppeling": pd.DataFrame({"koppeling": ["label op woning"], "dekking": [95.0]}),
        **more,
    }


def night(rows: pd.DataFrame | None = None, method: object = "code", region: object = "0153", **more: Any) -> Night:
    figures = key_figures(layers(homes() if rows is None else rows, **more), (HOMES,))
    return Night(json.loads(json.dumps(figures)), region, method)


def codes(tonight: Night, last: Night | None = None) -> list[tuple[str, str]]:
    return [(one.code, one.severity) for one in check_drift(tonight, last or night(), BOUNDS)]


def test_key_figures_are_few_and_say_what_was_there() -> None:
    figures = night().figures
    assert figures["rijen"] == {"verblijfsobject": N}
    assert figures["bronnen"] == {"EP-Online": 800}
    assert figures["dekking"] == {"label op woning": 95.0}
    assert figures["leeg"]["verblijfsobject"] == {"energielabel": 40.0, "oppervlakte_m2": 0.0, "aandeel_efg": 0.0}
    assert figures["klassen"]["verblijfsobject"]["energielabel"] == {"B": 75.0, "E": 25.0}
    assert figures["klassen"]["verblijfsobject"]["oppervlakte_dummy"] == {"False": 98.0, "True": 2.0}
    assert figures["getallen"]["verblijfsobject"]["aandeel_efg"] == pytest.approx([34.0, 50.0, 66.0], abs=0.1)


def test_the_same_night_again_is_no_drift() -> None:
    assert codes(night()) == []


def test_a_night_of_building_is_no_drift() -> None:
    assert codes(night(homes(N + 3, labelled=0.601))) == []


@pytest.mark.parametrize("rows", [int(N * 0.7), int(N * 1.3)])
def test_rows_that_are_lost_or_doubled_stop_the_night(rows: int) -> None:
    assert ("D01", "stop") in codes(night(homes(rows)))


def test_a_few_rows_may_always_differ() -> None:
    assert codes(night(homes(20)), night(homes(25))) == []


def test_a_source_that_gives_less_stops_the_night() -> None:
    fewer = pd.DataFrame({"bron": ["EP-Online"], "aantal_rijen": pd.array([560], dtype="Int64")})
    assert codes(night(bron=fewer)) == [("D02", "stop")]
    gone = pd.DataFrame({"bron": ["Bezit"], "aantal_rijen": pd.array([5], dtype="Int64")})
    assert codes(night(bron=gone)) == [("D02", "stop")]


def test_coverage_may_rise_but_not_fall() -> None:
    def dekking(share: float) -> pd.DataFrame:
        return pd.DataFrame({"koppeling": ["label op woning"], "dekking": [share]})

    assert codes(night(koppeling=dekking(91.0))) == [("D03", "stop")]
    assert codes(night(koppeling=dekking(99.9))) == []
    assert codes(night(koppeling=dekking(float("nan")))) == []


def test_a_column_that_the_source_no_longer_fills_stops_the_night() -> None:
    assert codes(night(homes(labelled=0.57))) == [("D04", "stop")]
    assert codes(night(homes(labelled=0.63))) == []


def test_classes_that_are_counted_otherwise_stop_the_night() -> None:
    findings = check_drift(night(homes(bad=0.31)), night(), BOUNDS)
    assert [(one.code, one.severity) for one in findings] == [("D05", "stop")]
    assert "6.0% van de rijen wisselt van klasse" in findings[0].message
    assert codes(night(homes(bad=0.29))) == []


def test_a_figure_that_is_measured_otherwise_stops_the_night() -> None:
    assert codes(night(homes(mean=54.0))) == [("D06", "stop")]
    assert codes(night(homes(mean=52.0))) == []


def test_a_column_that_does_not_spread_is_measured_against_its_size() -> None:
    flat, same, other = (homes().assign(aandeel_efg=value) for value in (100.0, 100.2, 110.0))
    assert codes(night(same), night(flat)) == []
    assert codes(night(other), night(flat)) == [("D06", "stop")]


def test_an_outcome_that_moves_with_code_or_settings_is_a_warning() -> None:
    assert codes(night(homes(mean=54.0), method="other")) == [("D06", "waarschuwing")]
    assert ("D01", "stop") in codes(night(homes(700), method="other")), "no method makes dwellings vanish"


def test_another_region_is_not_compared() -> None:
    assert codes(night(homes(100), region="0141")) == [("D00", "waarschuwing")]


def test_a_small_region_is_compared_by_rows_only() -> None:
    assert codes(night(homes(199, bad=0.6)), night(homes(199))) == []


def test_a_column_that_is_new_or_gone_is_the_contract_s_matter() -> None:
    last = night()
    figures = copy.deepcopy(last.figures)
    del figures["klassen"]["verblijfsobject"]["energielabel"]
    figures["leeg"]["verblijfsobject"]["verdwenen"] = 0.0
    assert codes(last, Night(figures, last.region, last.method)) == []


@given(st.floats(-0.4, 0.4))
def test_what_is_within_bounds_passes_and_what_is_beyond_stops(change: float) -> None:
    n = 4000
    before, now = night(homes(n)), night(homes(round(n * (1 + change))))
    beyond = abs(now.figures["rijen"]["verblijfsobject"] - n) / n * 100 > BOUNDS.max_rijen_pct
    assert (("D01", "stop") in codes(now, before)) == beyond


FINDINGS = [
    Finding("C03", "stop", "koppeling."),
    Finding("D01", "stop", "laag."),
    Finding("D05", "stop", "kolom."),
    Finding("D06", "waarschuwing", "kolom."),
]


def test_the_operator_passes_what_he_names_and_nothing_else() -> None:
    passed = accept(FINDINGS, ["D01", "D06"], "herindeling")
    assert [one.severity for one in passed] == ["stop", "waarschuwing", "stop", "waarschuwing"]
    assert passed[1].message == "laag. Aanvaard door de beheerder: herindeling"
    assert passed[3] == FINDINGS[3]


def test_only_drift_can_be_passed() -> None:
    assert accept(FINDINGS, ["C03"], "toch") == FINDINGS


def test_a_refusal_tells_the_first_reason_and_keeps_them_all() -> None:
    refused = Refused(FINDINGS)
    assert str(refused) == "controle C03: koppeling. (en nog 2)"
    assert refused.findings == tuple(FINDINGS)
    assert len(stopping(refused.findings)) == 3


def test_geometry_is_not_looked_at() -> None:
    rows = gpd.GeoDataFrame(homes(), geometry=gpd.points_from_xy(np.arange(N), np.arange(N)), crs="EPSG:28992")
    assert codes(night(rows)) == []
