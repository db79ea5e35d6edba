"""Property finds its dwelling by the strongest key that works."""

from __future__ import annotations

import pandas as pd

from twentegeo.stock.ownership import match
from twentegeo.tables.contract import conform, empty
from twentegeo.tables.registers import BEZIT


def vbo(number: int) -> str:
    return f"01530100000000{number:02d}"


def pand(number: int) -> str:
    return f"01531000000000{number:02d}"


OBJECTS = pd.DataFrame({"vbo_id": [vbo(n) for n in range(1, 8)]})
IN_PAND = pd.DataFrame(
    {"vbo_id": [vbo(n) for n in (1, 2, 3, 4, 5)], "pand_id": [pand(n) for n in (1, 1, 1, 2, 2)], "volgorde": 0}
)
"""Pand 1 holds VBO 1, 2 and 3; pand 2 holds 4 and 5."""

ADDRESSES = pd.DataFrame(
    [
        # object, number, letter, addition
        (vbo(1), 1, None, None),
        (vbo(2), 1, "A", None),
        (vbo(3), 1, "A", "2"),
        (vbo(4), 4, None, "HS"),
        (vbo(5), 5, None, None),
        (vbo(5), 55, None, None),  # secondary address
        (vbo(6), 6, None, None),
        (vbo(7), 6, None, None),  # the same full address: tells nothing
        ("0153020000000009", 9, None, None),  # a berth
    ],
    columns=["object_id", "huisnummer", "huisletter", "toevoeging"],
).assign(postcode="7511AA", is_hoofdadres=True)


def listed(*rows: dict[str, object]) -> pd.DataFrame:
    base = dict.fromkeys(("vbo_id", "pand_id", "postcode", "huisnummer", "huisletter", "toevoeging", "peildatum"))
    filled = [
        {**base, "bestand": "bezit.csv", "bezit_rij": line, "eigenaar": "A", **row}
        for line, row in enumerate(rows, start=2)
    ]
    return conform(BEZIT, pd.DataFrame(filled))


def at(number: int, letter: str | None = None, addition: str | None = None) -> dict[str, object]:
    return {"postcode": "7511AA", "huisnummer": number, "huisletter": letter, "toevoeging": addition}


def found(*rows: dict[str, object]) -> dict[str, tuple[str, str]]:
    owned = match(listed(*rows), OBJECTS, IN_PAND, ADDRESSES).owned
    return {row.vbo_id: (row.eigenaar, row.sleutel) for row in owned.itertuples()}


def test_by_id():
    assert found({"vbo_id": vbo(6)}) == {vbo(6): ("A", "vbo_id")}


def test_by_full_address_only():
    assert found(at(1)) == {vbo(1): ("A", "adres")}
    assert found(at(1, "A")) == {vbo(2): ("A", "adres")}
    assert found(at(1, "A", "2")) == {vbo(3): ("A", "adres")}
    assert found(at(1, "B")) == {}


def test_letter_and_addition_written_together():
    assert found(at(1, None, "a2")) == {vbo(3): ("A", "adres")}
    assert found(at(1, None, "A-2")) == {vbo(3): ("A", "adres")}
    assert found(at(4, None, "hs")) == {vbo(4): ("A", "adres")}


def test_secondary_address():
    assert found(at(55)) == {vbo(5): ("A", "adres")}


def test_address_of_several_objects_or_of_a_berth_tells_nothing():
    assert found(at(6), at(9)) == {}


def test_by_pand_means_all_in_it():
    assert found({"pand_id": pand(1)}) == {vbo(n): ("A", "pand_id") for n in (1, 2, 3)}


def test_next_key_when_the_first_finds_nothing():
    gone = "0153010000000099"
    assert found({"vbo_id": gone, **at(5)}) == {vbo(5): ("A", "adres")}
    assert found({"vbo_id": gone, **at(99), "pand_id": pand(2)}) == {vbo(n): ("A", "pand_id") for n in (4, 5)}


def test_strongest_key_alone_counts_for_a_row():
    assert found({"vbo_id": vbo(1), "pand_id": pand(2)}) == {vbo(1): ("A", "vbo_id")}


def test_unmatched_is_reported_and_accounted_per_file():
    rows = listed({"vbo_id": vbo(1)}, {"vbo_id": "0153010000000099"}, {"vbo_id": vbo(2), "bestand": "ander.csv"})
    result = match(rows, OBJECTS, IN_PAND, ADDRESSES)
    assert result.losses["verlies_id"].tolist() == ["bezit.csv:3"]
    accounts = result.accounts.set_index("koppeling")
    assert accounts["n_links"].tolist() == [1, 2]
    assert accounts["dekking"].tolist() == [100, 50]


def test_disagreement_is_settled_and_reported():
    rows = listed({"pand_id": pand(1)}, {"vbo_id": vbo(2), "eigenaar": "B"})
    result = match(rows, OBJECTS, IN_PAND, ADDRESSES)
    assert result.owned["eigenaar"].tolist() == ["A", "B", "A"]
    assert result.losses[["verlies_id", "koppeling"]].to_numpy().tolist() == [["bezit.csv:2", "bezit op woning"]]


def test_later_date_wins_and_order_of_rows_does_not():
    early = {"vbo_id": vbo(1), "peildatum": pd.Timestamp("2020-01-01"), "eigenaar": "oud"}
    late = {"vbo_id": vbo(1), "peildatum": pd.Timestamp("2024-01-01"), "eigenaar": "nieuw"}
    assert found(early, late) == found(late, early) == {vbo(1): ("nieuw", "vbo_id")}


def test_the_same_owner_twice_is_no_disagreement():
    result = match(listed({"vbo_id": vbo(1)}, {"pand_id": pand(1)}), OBJECTS, IN_PAND, ADDRESSES)
    assert len(result.losses) == 0
    assert result.owned["sleutel"].tolist() == ["vbo_id", "pand_id", "pand_id"]


def test_no_property():
    result = match(empty(BEZIT), OBJECTS, IN_PAND, ADDRESSES)
    assert (len(result.owned), len(result.losses), len(result.accounts)) == (0, 0, 0)
