"""Outlines that an earlier night published are known again by their bytes, and then not decoded."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from twentegeo.crs import RD_NEW_TEXT
from twentegeo.sources.bag import light_panden
from twentegeo.sources.bag.drawn import Drawn, Stayed
from twentegeo.tables.shapes import Mapped

SLIVER = 0.1


def ids(n: int) -> list[str]:
    return [f"01531{number:011d}" for number in range(n)]


def box(x: float, *, clockwise: bool = False) -> Any:
    return shapely.orient_polygons(shapely.box(x, 470_000, x + 5, 470_005), exterior_cw=clockwise)


def published(shapes: list[Any]) -> Mapped:
    frame = gpd.GeoDataFrame({"pand_id": pd.Series(ids(len(shapes)), dtype="str")}, geometry=shapes, crs=RD_NEW_TEXT)
    mapped = Mapped.of(frame)
    mapped.let_go()
    return mapped


def delivered(shapes: list[Any]) -> pa.Table:
    """The columns of bag-light that matter here."""
    n = len(shapes)
    return pa.table(
        {
            "identificatie": ids(n),
            "status": ["Pand in gebruik"] * n,
            "bouwjaar": [1955] * n,
            "wkb": pa.chunked_array([pa.array(shapely.to_wkb(np.array(shapes, dtype=object)), pa.binary())]),
        }
    )


def assert_alike(one: light_panden.Panden, other: light_panden.Panden) -> None:
    assert one.rows.equals(other.rows)
    assert one.drawn.wkb.equals(other.drawn.wkb)
    np.testing.assert_array_equal(one.drawn.bounds, other.drawn.bounds)


KINDS = {
    "as it was": box,
    "moved": lambda x: box(x + 0.5),
    "turned": lambda x: box(x, clockwise=True),
    "high": lambda x: shapely.force_3d(box(x)),
    "broken": lambda x: shapely.Polygon([(x, 1e5), (x + 5, 1e5 + 5), (x + 5, 1e5), (x, 1e5 + 5)]),
    "multi": lambda x: shapely.multipolygons([box(x), box(x + 50)]),
    "sliver": lambda x: shapely.LineString([(x, 1e5), (x + 5, 1e5)]),
    "none": lambda _: None,
}


@given(st.lists(st.tuples(st.sampled_from(sorted(KINDS)), st.sampled_from(sorted(KINDS))), min_size=1, max_size=9))
def test_whatever_was_published_the_outlines_are_the_same(kinds: list[tuple[str, str]]) -> None:
    """Last night's delivery, made anew, is what was published; tonight's is read with and without knowing it."""
    then = [KINDS[kind](1e5 + 100 * at) for at, (kind, _) in enumerate(kinds)]
    now = [KINDS[kind](1e5 + 100 * at) for at, (_, kind) in enumerate(kinds)]
    before = light_panden._panden(delivered(then), SLIVER, None)
    there = np.flatnonzero(~before.drawn.missing)
    known = before.drawn.taken(there).beside(pd.DataFrame({"pand_id": np.array(ids(len(then)))[there]}))

    assert_alike(
        light_panden._panden(delivered(now), SLIVER, known), light_panden._panden(delivered(now), SLIVER, None)
    )


def test_only_what_is_not_known_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = [box(1e5 + 100 * at) for at in range(6)]
    tonight = [*shapes[:2], box(200_000), shapely.force_3d(shapes[3]), *shapes[4:], box(300_000)]
    decoded: list[Any] = []
    whole = light_panden.decoded
    monkeypatch.setattr(light_panden, "decoded", lambda column: decoded.append(len(column)) or whole(column))

    found = light_panden._panden(delivered(tonight), SLIVER, published(shapes))

    assert decoded == [3]
    assert found.drawn.shapes is None
    assert found.drawn.extent().tolist() == [100_000, 470_000, 300_005, 470_005]
    assert shapely.equals(found.drawn.decoded(np.array([6, 0])), np.array([box(300_000), shapes[0]])).all()


def test_a_pand_that_bears_the_outline_of_another_is_looked_at() -> None:
    one, two = box(1e5), box(2e5)
    table = delivered([two, one])

    stayed = Stayed.since(published([one, two]), np.array([int(one) for one in ids(2)]), table["wkb"].chunk(0))

    assert stayed.fresh.tolist() == [True, True]


def test_outlines_are_taken_and_put_together() -> None:
    both = Drawn.of(np.array([box(1e5), None], dtype=object)).and_also(Drawn.of(np.array([box(2e5)], dtype=object)))

    assert both.missing.tolist() == [False, True, False]
    assert both.taken(np.arange(3)) is both
    assert both.taken(np.array([2, 0])).bounds[:, 0].tolist() == [200_000, 100_000]
    assert both.extent().tolist() == [100_000, 470_000, 200_005, 470_005]
    assert np.isnan(Drawn.of(np.zeros(0, dtype=object)).extent()).all()
