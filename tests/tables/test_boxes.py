"""Which boxes meet: the quick ways say what comparing all of them says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twentegeo.tables import boxes

CORNER = st.one_of(st.integers(0, 12).map(float), st.floats(-1e6, 1e6, allow_subnormal=False))
SIDE = st.one_of(st.integers(0, 3).map(float), st.floats(0, 1e5, allow_subnormal=False))
BOX = st.one_of(
    st.just((np.nan,) * 4), st.tuples(CORNER, CORNER, SIDE, SIDE).map(lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3]))
)
BOXES = st.lists(BOX, max_size=12).map(lambda drawn: np.array(drawn, dtype="float64").reshape(-1, 4))


def exhaustive(some: np.ndarray, others: np.ndarray) -> list[bool]:
    return [
        any(
            xmax >= other[0] and xmin <= other[2] and ymax >= other[1] and ymin <= other[3] for other in others.tolist()
        )
        for xmin, ymin, xmax, ymax in some.tolist()
    ]


@pytest.mark.parametrize("few", [0, 1_000], ids=["many", "few"])
@given(some=BOXES, others=BOXES)
def test_they_meet_where_they_touch_at_least(few: int, some: np.ndarray, others: np.ndarray) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(boxes, "_FEW", few)
        assert boxes.meeting(some, others).tolist() == exhaustive(some, others)


def test_a_street_in_a_region() -> None:
    rng = np.random.default_rng(1)
    corner = rng.uniform(0, 60_000, (4_000, 2)).round(3)
    region = np.hstack([corner, corner + rng.uniform(0, 200, (4_000, 2)).round(3)])
    street = region[::40] + 7
    found = boxes.meeting(region, street)
    assert found.tolist() == exhaustive(region, street)
    assert 50 < found.sum() < 400
