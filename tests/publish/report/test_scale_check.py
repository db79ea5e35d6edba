from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from twentegeo.publish.report.scale_check import check_scale


def town(scores: dict[str, list[float]], homes: list[tuple[str, str, str]]) -> dict[str, pd.DataFrame]:
    """Cells a, b, …, quarters A, B, … and districts I, II, … with their scores, and a dwelling per triple."""
    names = {"hectare": ("cel_id", "abcdefgh"), "buurt": ("code", "ABCDEFGH"), "wijk": ("code", ["I", "II", "III"])}
    layers = {
        layer: pd.DataFrame({key: list(letters)[: len(scores[layer])], "score_prioriteit": scores[layer]})
        for layer, (key, letters) in names.items()
    }
    layers["verblijfsobject"] = pd.DataFrame(homes, columns=["cel_id", "buurt_code", "wijk_code"])
    return layers


SPLIT = town(
    {"hectare": [90, 10, 60, 40], "buurt": [50, 55], "wijk": [52]},
    [("a", "A", "I"), ("b", "A", "I"), ("c", "B", "I"), ("d", "B", "I")],
)


def test_an_average_hides_what_lies_in_it():
    """Quarter A holds the best and the worst cell; B comes first although neither of its cells does."""
    found = check_scale(SPLIT, 50)

    assert found is not None
    assert [(one.layer, one.areas, one.size) for one in found.levels] == [
        ("hectare", 4, 1),
        ("buurt", 2, 2),
        ("wijk", 1, 4),
    ]
    assert [round(one.sd, 2) for one in found.levels] == [29.15, 2.5, 0.0]
    pair = found.pairs[0]
    assert (pair.fine, pair.coarse) == ("hectare", "buurt")
    assert pair.shared == 50, "of B's two dwellings one lies in one of the two highest cells"
    assert np.isnan(found.pairs[-1].rank), "one district cannot be ranked"


def test_areas_that_agree_share_everything():
    layers = town(
        {"hectare": [90, 80, 20, 10], "buurt": [85, 15], "wijk": [85, 15]},
        [("a", "A", "I"), ("b", "A", "I"), ("c", "B", "II"), ("d", "B", "II")],
    )
    found = check_scale(layers, 50)

    assert found is not None
    assert [round(one.shared, 9) for one in found.pairs] == [100, 100, 100]
    assert found.pairs[-1].rank == pytest.approx(1)


def test_dwellings_without_a_place_or_score_do_not_count():
    homes = [("a", "A", "I"), ("b", "A", "I"), ("c", "B", "I"), ("d", None, "I"), ("z", "B", "I")]
    layers = town({"hectare": [90, 10, 60, 40], "buurt": [50, 55], "wijk": [52]}, homes)
    found = check_scale(layers, 50)

    assert found is not None
    assert found.homes == 3


def test_too_little_to_compare_is_no_check():
    assert check_scale({}, 20) is None
    assert check_scale({name: SPLIT[name] for name in ("verblijfsobject", "buurt")}, 20) is None
    assert check_scale({**SPLIT, "verblijfsobject": SPLIT["verblijfsobject"].iloc[:2]}, 20) is None


def test_axes_are_compared_where_both_are_there():
    layers = {name: frame.copy() for name, frame in SPLIT.items()}
    layers["hectare"] = layers["hectare"].assign(score_energie=[1, 2, 3, 4], score_levensloop=[4, 3, 2, 1])
    found = check_scale(layers, 50)

    assert found is not None
    assert found.levels[0].axes == pytest.approx(-1)
    assert np.isnan(found.levels[1].axes)


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_rank_correlation_is_spearmans_and_order_of_rows_does_not_matter(data: st.DataObject):
    n = data.draw(st.integers(5, 40))
    score = st.integers(0, 100)
    cells = data.draw(st.lists(score, min_size=8, max_size=8))
    quarters = data.draw(st.lists(score, min_size=8, max_size=8))
    homes = data.draw(
        st.lists(
            st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("ABCDEFGH"), st.just("I")), min_size=n, max_size=n
        )
    )
    layers = town({"hectare": cells, "buurt": quarters, "wijk": [50]}, homes)
    share = data.draw(st.integers(5, 95))
    found = check_scale(layers, share)
    assert found is not None

    fine = [cells["abcdefgh".index(home[0])] for home in homes]
    coarse = [quarters["ABCDEFGH".index(home[1])] for home in homes]
    pair = found.pairs[0]
    if len(set(fine)) > 1 and len(set(coarse)) > 1:
        assert pair.rank == pytest.approx(stats.spearmanr(fine, coarse).statistic, abs=1e-9)
    assert -1e-9 <= pair.shared <= 100 + 1e-9
    shuffled = {**layers, "verblijfsobject": layers["verblijfsobject"].sample(frac=1, random_state=1)}
    again = check_scale(shuffled, share)
    assert again is not None
    assert again.pairs[0].shared == pytest.approx(pair.shared)
