"""Names and reasons, in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from twentegeo.areas.reasons import ReasonParams, explain, region_figures

PARAMS = ReasonParams()


def figures() -> pd.DataFrame:
    quarters = pd.DataFrame(
        {
            "n_woningen": [100, 100, 0],
            "tekort": [10.0, 30.0, 99.0],
            "gemiddeld_bouwjaar": [1960.0, 1980.0, 1700.0],
            "aandeel_geschat": [40.0, 60.0, np.nan],
            "aandeel_65plus": [20.0, 20.0, np.nan],
        }
    )
    return region_figures(quarters)


def area(**values: object) -> pd.DataFrame:
    rows = {"n_woningen": 91, "gemeenten": "Almelo, Tubbergen", "grensoverschrijdend": True, **values}
    return pd.DataFrame([rows], index=pd.Index(["PG-1"], name="gebied_id"))


def test_the_region_weighs_by_dwellings_and_leaves_out_what_does_not_vary() -> None:
    assert figures()["gemiddelde"].to_dict() == {"tekort": 20, "gemiddeld_bouwjaar": 1970, "aandeel_geschat": 50}
    assert figures().loc["tekort", "spreiding"] == 10


def test_the_strongest_reasons_come_first_with_numbers_in_both_languages() -> None:
    words = explain(area(tekort=80.0, gemiddeld_bouwjaar=1950.0, aandeel_geschat=20.0), figures(), PARAMS).loc["PG-1"]
    assert words["toelichting"] == (
        "91 woningen. Het gebied ligt in meer gemeenten: Almelo, Tubbergen. Naar schatting 80% van de woningen heeft"
        " label E, F of G; in de regio is dat 20%. De woningen zijn gemiddeld van 1950; in de regio van 1970."
    )
    assert words["toelichting_en"].startswith("91 dwellings. The area lies in several municipalities")
    assert "80% of the dwellings have label E, F or G; in the region this is 20%." in words["toelichting_en"]
    assert words["redenen"] == "SLECHT_LABEL,OUD"


@pytest.mark.parametrize("count", [1, 2])
def test_no_more_reasons_than_asked_for(count: int) -> None:
    given = area(tekort=80.0, gemiddeld_bouwjaar=1950.0, aandeel_geschat=90.0)
    assert len(explain(given, figures(), ReasonParams(aantal=count)).loc["PG-1", "redenen"].split(",")) == count


def test_what_is_unknown_or_ordinary_is_no_reason() -> None:
    words = explain(area(tekort=np.nan, gemiddeld_bouwjaar=1971.0, grensoverschrijdend=False), figures(), PARAMS)
    assert words.loc["PG-1", "toelichting"] == "91 woningen."
    assert words.loc["PG-1", "redenen"] == ""


def test_nothing_to_compare_with_is_no_reason_either() -> None:
    assert explain(area(), figures(), PARAMS).loc["PG-1", "redenen"] == ""
