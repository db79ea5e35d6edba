"""Columns are found whatever way an edition spells them."""

from __future__ import annotations

from twentegeo.sources.headers import plain, resolve


def test_spellings_meet():
    assert plain("Pand_bagverblijfsobjectid", ("pand",)) == plain("BAGVerblijfsobjectID", ("pand",))
    assert plain("identificatie_lokaal_id") == plain("identificatieLokaalID") == "identificatielokaalid"
    assert plain("Meting_geldig_tot", ("pand", "meting")) == "geldigtot"


def test_prefix_that_is_the_whole_name_stays():
    assert plain("pand", ("pand",)) == "pand"


def test_preferred_spelling_wins_and_absence_is_left_out():
    aliases = {"a": ("nieuw", "oud"), "b": ("b",)}
    assert resolve(["Oud", "Nieuw"], aliases) == {"a": "Nieuw"}
    assert resolve(["Oud"], aliases) == {"a": "Oud"}
