"""A month's BAG with yesterday's on top: what exists is of yesterday, what only the file tells is kept."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from twentegeo.sources.bag import BagTables, topped_up
from twentegeo.tables.bag import ADRES, VBO_PAND
from twentegeo.tables.contract import conform, empty
from twentegeo.tables.shapes import Mapped
from twentegeo.tables.stock import KOPPELVERLIES


def vbo(number: int) -> str:
    return f"015301{number:010d}"


def pand(number: int) -> str:
    return f"015310{number:010d}"


def address(number: int, home: int, *, main: bool = True, street: str = "Dorpsstraat") -> dict[str, Any]:
    return {
        "nummeraanduiding_id": f"015320{number:010d}",
        "object_id": vbo(home),
        "object_soort": "verblijfsobject",
        "is_hoofdadres": main,
        "straat": street,
        "huisnummer": number,
        "huisletter": None,
        "toevoeging": None,
        "postcode": "7511AA",
        "woonplaats": "Enschede",
        "gemeente_code": "GM0153",
    }


def tables(
    day: date, homes: list[int], pairs: list[tuple[int, int]], addresses: list[dict[str, Any]], panden: list[int]
) -> BagTables:
    rows = [
        {"vbo_id": vbo(home), "pand_id": pand(one), "volgorde": sum(1 for other in pairs[:at] if other[0] == home)}
        for at, (home, one) in enumerate(pairs)
    ]
    return BagTables(
        panden=Mapped(
            pd.DataFrame({"pand_id": [pand(one) for one in panden]}), pa.nulls(len(panden)), np.empty((0, 4))
        ),
        verblijfsobject=pd.DataFrame({"vbo_id": [vbo(one) for one in homes]}),  # type: ignore[arg-type]
        vbo_pand=conform(VBO_PAND, pd.DataFrame(rows)),
        adres=conform(ADRES, pd.DataFrame(addresses)),
        plaats=None,  # type: ignore[arg-type]
        reference_date=day,
        losses=empty(KOPPELVERLIES),
        counts={"pand": len(panden)},
    )


def made() -> BagTables:
    base = tables(
        date(2026, 11, 8),
        homes=[1, 2, 3],
        pairs=[(1, 1), (2, 2), (2, 3), (2, 9), (3, 4)],
        addresses=[address(1, 1), address(11, 1, main=False), address(2, 2), address(3, 3), address(13, 3, main=False)],
        panden=[1, 2, 3, 4, 9],
    )
    daily = tables(
        date(2026, 11, 19),
        homes=[1, 2, 4],
        pairs=[(1, 5), (2, 2), (4, 4)],
        addresses=[address(1, 1, street="Nieuwe Straat"), address(2, 2), address(4, 4)],
        panden=[2, 3, 4, 5],
    )
    return topped_up(base, daily)


def test_what_exists_is_of_yesterday() -> None:
    found = made()
    assert found.reference_date == date(2026, 11, 19)
    assert found.verblijfsobject["vbo_id"].tolist() == [vbo(1), vbo(2), vbo(4)]
    main = found.adres[found.adres["is_hoofdadres"].astype(bool)]
    assert main["straat"].tolist() == ["Nieuwe Straat", "Dorpsstraat", "Dorpsstraat"]


def test_secondary_addresses_of_what_exists_are_kept() -> None:
    secondary = made().adres.query("~is_hoofdadres")
    assert secondary["object_id"].tolist() == [vbo(1)]
    assert secondary["huisnummer"].tolist() == [11]


def test_further_panden_are_kept_where_they_stand() -> None:
    """Home 2 keeps pand 3 but not 9, which is gone; home 1 moved, so the file's pand no longer counts."""
    pairs = made().vbo_pand
    found = {(row.vbo_id, row.pand_id): row.volgorde for row in pairs.itertuples()}
    assert found == {(vbo(1), pand(5)): 0, (vbo(2), pand(2)): 0, (vbo(2), pand(3)): 1, (vbo(4), pand(4)): 0}


def test_what_came_and_went_is_counted() -> None:
    counts = made().counts
    assert (counts["pand_bijgekomen"], counts["pand_vervallen"]) == (1, 2)
    assert (counts["verblijfsobject_bijgekomen"], counts["verblijfsobject_vervallen"]) == (1, 1)
    assert (counts["nevenadressen_uit_bestand"], counts["paren_uit_bestand"]) == (1, 1)


def test_the_same_state_on_top_changes_nothing() -> None:
    base = tables(date(2026, 11, 8), [1], [(1, 1), (1, 2)], [address(1, 1), address(11, 1, main=False)], [1, 2])
    daily = tables(date(2026, 11, 19), [1], [(1, 1)], [address(1, 1)], [1, 2])
    found = topped_up(base, daily)
    pd.testing.assert_frame_equal(found.vbo_pand, base.vbo_pand)
    pd.testing.assert_frame_equal(found.adres, base.adres)


LISTS = st.dictionaries(st.integers(1, 4), st.lists(st.integers(1, 5), min_size=1, unique=True), min_size=1)


def listing(day: date, lists: dict[int, list[int]], panden: list[int]) -> BagTables:
    pairs = [(home, one) for home, several in sorted(lists.items()) for one in several]
    return tables(day, sorted(lists), pairs, [address(home, home) for home in sorted(lists)], panden)


@given(month=LISTS, yesterday=LISTS)
def test_a_list_of_the_file_is_kept_where_it_holds_all_that_the_service_tells(
    month: dict[int, list[int]], yesterday: dict[int, list[int]]
) -> None:
    panden = sorted({one for several in yesterday.values() for one in several} | {1, 2})
    found = topped_up(listing(date(2026, 11, 8), month, [1]), listing(date(2026, 11, 19), yesterday, panden)).vbo_pand
    expected = {}
    for home, told in yesterday.items():
        standing = [one for one in month.get(home, []) if one in panden]
        kept = standing if set(told) < set(standing) else told
        expected |= {(vbo(home), pand(one)): place for place, one in enumerate(kept)}
    assert list(zip(found["vbo_id"], found["pand_id"], strict=True)) == sorted(expected)
    assert found["volgorde"].tolist() == [expected[pair] for pair in sorted(expected)]
