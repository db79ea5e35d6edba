"""Names and municipalities of areas."""

from __future__ import annotations

import pandas as pd
import pytest

from twentegeo.areas.places import PlaceParams, area_names, municipalities

PARAMS = PlaceParams()


def inside(counts: dict[tuple[str, str], int]) -> pd.DataFrame:
    rows = [
        {"gebied_id": "PG-1", "buurt_naam": quarter, "gemeente_naam": town}
        for (quarter, town), count in counts.items()
        for _ in range(count)
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(("other", "crosses"), [(9, False), (10, True)])
def test_a_tenth_of_the_dwellings_makes_a_border_crossing(other: int, crosses: bool) -> None:  # noqa: FBT001
    place = municipalities(inside({("x", "Almelo"): 100 - other, ("y", "Wierden"): other}), PARAMS).loc["PG-1"]
    assert place["gemeenten"] == "Almelo, Wierden"
    assert bool(place["grensoverschrijdend"]) is crosses


def homes(area_id: str, rows: dict[tuple[str | None, str | None, str], int]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"gebied_id": area_id, "straat": street, "buurt_naam": quarter, "gemeente_naam": town}
            for (street, quarter, town), count in rows.items()
            for _ in range(count)
        ]
    )


def test_an_area_is_named_after_its_street_and_quarters() -> None:
    named = area_names(
        pd.concat(
            [
                homes("PG-1", {("Kerkstraat", "Noord", "Almelo"): 6, ("Lijsterlaan", "Zuid", "Wierden"): 4}),
                homes("PG-2", {("Kerkstraat", "Noord", "Almelo"): 9, (None, None, "Almelo"): 1}),
                homes("PG-3", {("Kerkstraat", "Noord", "Almelo"): 9}),
                homes("PG-4", {(None, None, "Borne"): 9}),
            ]
        ),
        PARAMS,
    )
    assert named.to_dict() == {
        "PG-1": "Kerkstraat e.o., Noord en Zuid (Almelo)",
        "PG-2": "Kerkstraat e.o., Noord (Almelo) 1",
        "PG-3": "Kerkstraat e.o., Noord (Almelo) 2",
        "PG-4": "buitengebied (Borne)",
    }
