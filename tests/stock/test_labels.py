from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import village
from tests.village import REFERENCE_DATE, pand_id, vbo_id
from twentegeo.stock import label_losses, labels
from twentegeo.tables.columns import record
from twentegeo.tables.contract import conform
from twentegeo.tables.registers import ENERGIELABEL
from twentegeo.tables.stock import WONING_LABEL

if TYPE_CHECKING:
    from random import Random

BAG = village.build().bag
PARAMS = labels.LabelParams()


def match(*rows: dict[str, Any], params: labels.LabelParams = PARAMS) -> labels.Labelled:
    return labels.match(village.labels(list(rows)), BAG, REFERENCE_DATE, params)


def letters(found: labels.Labelled) -> dict[str, str]:
    return found.woning_label.set_index("vbo_id")["energielabel"].dropna().to_dict()


def reasons(found: labels.Labelled) -> dict[int, str]:
    return {int(row): why for row, why in found.losses.set_index("verlies_id")["reden"].items()}


def accounted_for_once(found: labels.Labelled, rows: pd.DataFrame) -> None:
    """Hold the laws of a match: each registration counts or is lost once, and the sums say so."""
    chosen = set(found.woning_label["label_rij"])
    lost = found.losses["verlies_id"].astype(int)
    assert lost.is_unique
    assert chosen.isdisjoint(lost)
    assert chosen | set(lost) == set(rows["label_rij"])
    per_join = found.losses["koppeling"].value_counts().reindex(found.accounts["koppeling"]).fillna(0)
    left, matched = found.accounts["n_links"].to_numpy(), found.accounts["n_gekoppeld"].to_numpy()
    np.testing.assert_array_equal(left, matched + per_join.to_numpy())
    # what the first join matched is what the joins per key started from
    assert left[1:].sum() == matched[0]
    assert left[0] == len(rows)


def test_the_village():
    world = village.build()
    found = labels.match(world.labels, world.bag, REFERENCE_DATE, PARAMS)
    conform(WONING_LABEL, found.woning_label)
    table = found.woning_label.set_index("vbo_id")
    keys = {vbo_id(n): key for n, key in ((1, "vbo_id"), (2, "vbo_id"), (3, "adres"), (4, "nevenadres"))}
    keys |= {vbo_id(5): "pand_id", vbo_id(6): "pand_id", vbo_id(7): "adres_andere_splitsing"}
    assert table["label_sleutel"].to_dict() == keys
    valid = {1: "C", 3: "D", 4: "B", 5: "A+", 6: "A+", 7: "E"}
    assert letters(found) == {vbo_id(n): letter for n, letter in valid.items()}
    assert table["label_verlopen"].dropna().to_dict() == {vbo_id(2): "G"}
    assert reasons(found) == {
        1: "dubbel: nieuwere opname gekozen",
        7: "adres niet gevonden",
        9: "verblijfsobject zonder woonfunctie",
        10: "verblijfsobject gepland of buiten voorraad",
        11: "ligplaats of standplaats",
        12: "onbekend verblijfsobject (niet in de BAG van vandaag)",
        13: "geen bruikbare sleutel",
        14: "registratie zonder energieklasse",
        15: "opname in de toekomst",
    }
    accounted_for_once(found, world.labels)


@pytest.mark.parametrize(
    ("winner", "loser"),
    [
        pytest.param({}, {"label_geldig_tot": "2026-06-30", "opnamedatum": "2025-01-01"}, id="valid before newer"),
        pytest.param({"opnamedatum": "2025-01-01"}, {"registratiedatum": "2026-01-01"}, id="latest survey"),
        pytest.param({}, {"opnamedatum": None, "registratiedatum": "2026-01-01"}, id="a survey without a date is last"),
        pytest.param({"registratiedatum": "2024-07-01"}, {"registratiedatum": "2024-06-01"}, id="latest registration"),
        pytest.param(
            {"opname_status": "Oplevering"}, {"opname_status": "Vergunningsaanvraag"}, id="built before permit"
        ),
        pytest.param({}, {"label_methode": "nader_voorschrift"}, id="NTA 8800 on a tie"),
        pytest.param({"label_rij": 2}, {"label_rij": 1}, id="highest row at last"),
        pytest.param({}, {"detailaanduiding": "kamer 2", "opnamedatum": "2026-01-01"}, id="whole before part"),
        pytest.param(
            {"label_geldig_tot": "2025-01-01"}, {"detailaanduiding": "kamer 2"}, id="expired whole before valid part"
        ),
        pytest.param(
            {"label_geldig_tot": "2025-01-01", "opnamedatum": "2015-01-02"},
            {"label_geldig_tot": "2025-01-01", "opnamedatum": "2015-01-01"},
            id="latest of the expired",
        ),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_which_of_two_counts(winner: dict[str, Any], loser: dict[str, Any], *, first: bool):
    rows = [winner | {"energielabel": "A"}, loser | {"energielabel": "G"}]
    numbered = [{"vbo_id": vbo_id(1), "label_rij": 7 + n} | row for n, row in enumerate(rows if first else rows[::-1])]
    table = match(*numbered).woning_label
    assert table["energielabel"].fillna(table["label_verlopen"]).tolist() == ["A"]


def test_a_label_is_valid_on_its_last_day_and_expired_the_day_after():
    row = {"vbo_id": vbo_id(1), "energielabel": "C", "label_geldig_tot": str(REFERENCE_DATE)}
    rows = village.labels([row])
    assert letters(labels.match(rows, BAG, REFERENCE_DATE, PARAMS)) == {vbo_id(1): "C"}
    later = labels.match(rows, BAG, REFERENCE_DATE + dt.timedelta(days=1), PARAMS)
    assert letters(later) == {}
    assert later.woning_label["label_verlopen"].tolist() == ["C"]


def test_without_an_end_date_a_label_lasts_ten_years_from_its_survey():
    row = {"vbo_id": vbo_id(1), "energielabel": "C", "label_geldig_tot": None, "opnamedatum": "2016-07-01"}
    assert match(row).woning_label["label_geldig_tot"].tolist() == [pd.Timestamp("2026-07-01")]
    assert letters(match(row)) == {vbo_id(1): "C"}
    assert letters(match(row | {"opnamedatum": "2016-06-30"})) == {}
    found = match(row | {"opnamedatum": None})
    assert reasons(found) == {1: "registratie zonder opnamedatum en einddatum"}


def test_a_survey_may_be_a_little_younger_than_the_reference_date():
    row = {"vbo_id": vbo_id(1), "energielabel": "C", "opnamedatum": "2026-08-15"}
    assert letters(match(row)) == {vbo_id(1): "C"}
    assert reasons(match(row, params=labels.LabelParams(survey_slack_days=10))) == {1: "opname in de toekomst"}


ADDRESS = {"postcode": "7511AB", "huisnummer": 12, "energielabel": "C"}


@pytest.mark.parametrize(
    ("address", "number", "key"),
    [
        ({"huisletter": "A", "toevoeging": "1"}, 7, "adres"),
        ({"huisletter": "a", "toevoeging": " 1 "}, 7, "adres"),
        ({"toevoeging": "A1"}, 7, "adres_andere_splitsing"),
        ({"toevoeging": "a-1"}, 7, "adres_andere_splitsing"),
        ({"toevoeging": "1"}, 5, "adres"),
        ({"huisletter": "B"}, None, None),
        ({}, None, None),
        ({"postcode": "7511AC", "huisnummer": 7, "toevoeging": "bis"}, 9, "adres"),
        # the letter of BIS written apart: the other split
        ({"postcode": "7511AC", "huisnummer": 7, "huisletter": "B", "toevoeging": "IS"}, 9, "adres_andere_splitsing"),
        ({"postcode": "7511AA", "huisnummer": 3}, 2, "adres"),
        ({"postcode": "7511AA", "huisnummer": 3, "toevoeging": "A"}, 3, "adres_andere_splitsing"),
        ({"postcode": "7511AE", "huisnummer": 6}, 4, "nevenadres"),
        ({"postcode": None}, None, None),
        ({"postcode": "7511AB", "huisnummer": None}, None, None),
    ],
)
def test_addresses(address: dict[str, Any], number: int | None, key: str | None):
    found = match(ADDRESS | address)
    expected = [] if number is None else [(vbo_id(number), key)]
    assert list(zip(found.woning_label["vbo_id"], found.woning_label["label_sleutel"], strict=True)) == expected


def test_an_address_of_two_objects_is_nobodys():
    adres = BAG.adres.copy()
    adres.loc[adres["object_id"] == vbo_id(6), "toevoeging"] = "1"
    world = village.Bag(BAG.pand, BAG.verblijfsobject, BAG.vbo_pand, adres, BAG.plaats)
    found = labels.match(village.labels([ADDRESS | {"toevoeging": "1"}]), world, REFERENCE_DATE, PARAMS)
    assert reasons(found) == {1: "adres dubbelzinnig"}


def test_the_id_decides_over_the_address():
    found = match(ADDRESS | {"toevoeging": "1", "vbo_id": vbo_id(6)})
    assert letters(found) == {vbo_id(6): "C"}


def test_a_label_of_a_building_gives_way_to_a_label_of_the_dwelling():
    whole = {"pand_ids": pand_id(1), "energielabel": "A", "opnamedatum": "2026-01-01"}
    own = {"vbo_id": vbo_id(1), "energielabel": "F"}
    found = match(whole, own)
    assert letters(found) == {vbo_id(1): "F"}
    assert reasons(found) == {1: "label van een heel gebouw: eigen label van de woning gekozen"}
    off = labels.LabelParams(building_labels=False)
    assert reasons(match(whole, own, params=off)) == {1: "label van een heel gebouw"}
    assert reasons(match({"pand_ids": pand_id(8), "energielabel": "A"})) == {1: "pand zonder woning of niet in de BAG"}


def test_panden_beside_an_address_are_no_key():
    found = match({"postcode": "7511AB", "huisnummer": 999, "pand_ids": pand_id(1), "energielabel": "A"})
    assert reasons(found) == {1: "adres niet gevonden"}


def test_an_unknown_class_stays_raw():
    assert letters(match({"vbo_id": vbo_id(1), "energielabel": "A0", "klasse_bekend": False})) == {vbo_id(1): "A0"}


def test_no_registrations():
    found = labels.match(village.labels([{}]).iloc[:0], BAG, REFERENCE_DATE, PARAMS)
    assert (len(found.woning_label), len(found.losses), found.accounts["n_links"].tolist()) == (0, 0, [0])


def test_reasons_fit_their_columns():
    words = [(reason.reden, reason.advies) for reason in label_losses._REASONS.values()]
    for reden, advies in [*words, *label_losses._CHOICE.values()]:
        assert len(reden) <= record.REDEN.width
        assert len(advies) <= record.ADVIES.width


REGISTRATION = st.fixed_dictionaries(
    {"energielabel": st.sampled_from(["A", "C", "G", None])},
    optional={
        "vbo_id": st.integers(1, 14).map(vbo_id),
        "pand_ids": st.sets(st.integers(1, 12), min_size=1, max_size=3).map(lambda ids: ",".join(map(pand_id, ids))),
        "postcode": st.sampled_from(["7511AA", "7511AB", "7511AE", "7511AD"]),
        "huisnummer": st.sampled_from([1, 3, 6, 12]),
        "huisletter": st.sampled_from(["A", "a"]),
        "toevoeging": st.sampled_from(["1", "2", "A1"]),
        "detailaanduiding": st.just("deel"),
        "opnamedatum": st.sampled_from(["2015-01-01", "2024-01-01", "2027-01-01", None]),
        "registratiedatum": st.sampled_from(["2024-02-01", "2024-03-01"]),
        "label_geldig_tot": st.sampled_from(["2025-01-01", "2034-01-01", None]),
        "opname_status": st.sampled_from(["Vergunningsaanvraag", "Oplevering", None]),
        "label_methode": st.sampled_from(["nader_voorschrift", "vereenvoudigd"]),
    },
)


@settings(max_examples=40, deadline=None)
@given(st.lists(REGISTRATION, max_size=25), st.randoms(use_true_random=False))
def test_every_registration_counts_or_is_lost_once_whatever_the_order(rows: list[dict[str, Any]], random: Random):
    made = village.labels(rows) if rows else village.labels([{}]).iloc[:0]
    found = labels.match(made, BAG, REFERENCE_DATE, PARAMS)
    accounted_for_once(found, made)
    order = list(range(len(made)))
    random.shuffle(order)
    again = labels.match(conform(ENERGIELABEL, made.iloc[order]), BAG, REFERENCE_DATE, PARAMS)
    pd.testing.assert_frame_equal(again.woning_label, found.woning_label)
    pd.testing.assert_frame_equal(again.losses, found.losses)
    pd.testing.assert_frame_equal(again.accounts, found.accounts)
