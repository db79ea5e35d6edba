"""A total file of labels is read once for a region and what lies near it, and serves every day until the next."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twentegeo.sources import ep_online
from twentegeo.sources.ep_online import LabelScope, Total, Vicinity

if TYPE_CHECKING:
    from pathlib import Path

    from twentegeo.sources.snapshot import Snapshot

NAMES: Final = (
    *("Registratiedatum", "GeldigTot", "Status", "Berekeningstype", "Postcode", "Huisnummer"),
    *("BAGVerblijfsobjectID", "BAGLigplaatsID", "BAGStandplaatsID", "BAGPandIDs", "Energieklasse"),
)
MADE = ("0141", "0153", "0363")
"""Municipalities that made the ids of this world; the last lies far away."""

ids = st.builds(lambda made, number: f"{made}{number:012d}", st.sampled_from(MADE), st.integers(1, 4))
postcodes = st.builds(
    lambda area, letters: f"{area}{letters}", st.sampled_from(["7511", "7512", "1011"]), st.just("AA")
)
maybe = st.one_of(st.just(""), ids)
lines = st.fixed_dictionaries(
    {
        "Postcode": st.one_of(st.just(""), postcodes),
        "BAGVerblijfsobjectID": maybe,
        "BAGLigplaatsID": maybe,
        "BAGStandplaatsID": maybe,
        "BAGPandIDs": st.lists(ids, max_size=2).map(", ".join),
        "Energieklasse": st.sampled_from(["A", "G", "A0"]),
    }
)
scopes = st.builds(LabelScope, st.sets(ids), st.sets(ids), st.sets(postcodes))


def total_file(folder: Path, rows: list[dict[str, str]]) -> Snapshot:
    body = "\n".join(
        ";".join({"Huisnummer": "1", "GeldigTot": "20310101", **row}.get(n, "") for n in NAMES) for row in rows
    )
    path = folder / "v20261101_v4_csv.csv"
    path.write_text(f"PublicatieDatum;01-11-2026\n{';'.join(NAMES)}\n{body}\n", encoding="utf-8")
    return ep_online.fetch(path)


def assert_alike(one: ep_online.Labels, other: ep_online.Labels) -> None:
    pd.testing.assert_frame_equal(one.labels, other.labels)
    pd.testing.assert_frame_equal(one.losses, other.losses)
    assert (one.counts, one.publication_date) == (other.counts, other.publication_date)


@given(st.lists(lines, min_size=1, max_size=12), scopes, scopes)
def test_what_belongs_to_a_day_can_be_chosen_from_the_vicinity(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]], then: LabelScope, now: LabelScope
):
    file = total_file(tmp_path_factory.mktemp("labels"), rows)
    everything, near = ep_online.read_total(file), ep_online.read_total(file, Vicinity.of(then))
    assert_alike(ep_online.on_the_day(near, then), ep_online.on_the_day(everything, then))
    # other dwellings on a later day, and the same vicinity: what was read still serves
    if Vicinity.of(now) == Vicinity.of(then):
        assert_alike(ep_online.on_the_day(near, now), ep_online.on_the_day(everything, now))


def home(number: int, made: str = "0153") -> str:
    return f"{made}{number:012d}"


def test_a_dwelling_more_leaves_the_vicinity_as_it_is_and_is_found_in_it(tmp_path: Path):
    rows = [{"BAGVerblijfsobjectID": home(number)} for number in (1, 2)]
    rows += [{"BAGVerblijfsobjectID": home(3, "0363")}, {"Postcode": "7511 zz"}, {"BAGPandIDs": home(9, "0141")}]
    file = total_file(tmp_path, rows)
    then = LabelScope({home(1)}, {home(8, "0141")}, {"7511AA"})
    now = LabelScope({home(1), home(2)}, {home(8, "0141"), home(9, "0141")}, {"7511AA", "7511ZZ"})
    assert Vicinity.of(now) == Vicinity.of(then)
    near = ep_online.read_total(file, Vicinity.of(then))
    assert near.rows["label_rij"].tolist() == [1, 2, 4, 5]
    assert ep_online.on_the_day(near, then).labels["label_rij"].tolist() == [1]
    found = ep_online.on_the_day(near, now)
    assert found.labels["label_rij"].tolist() == [1, 2, 4, 5]
    assert (found.counts["regels"], found.counts["in gebied"], found.counts["buiten gebied"]) == (5, 4, 1)


def test_it_is_kept_as_rows_and_plain_facts(tmp_path: Path):
    file = total_file(
        tmp_path, [{"BAGVerblijfsobjectID": home(1)}, {"BAGVerblijfsobjectID": home(2), "Status": "te;veel"}]
    )
    total = ep_online.read_total(file)
    facts: dict[str, Any] = json.loads(json.dumps(total.facts()))
    again = Total.of(total.rows, facts)
    assert_alike(ep_online.on_the_day(again), ep_online.on_the_day(total))
    assert again.refused == {"aantal velden klopt niet": [2]}
    assert ep_online.on_the_day(again).losses["verlies_id"].tolist() == ["2"]


def test_nothing_near_is_an_empty_table_and_no_error(tmp_path: Path):
    file = total_file(tmp_path, [{"BAGVerblijfsobjectID": home(1, "0363")}])
    scope = LabelScope({home(1)})
    found = ep_online.read(file, scope)
    assert (len(found.labels), found.counts["buiten gebied"]) == (0, 1)
    pd.testing.assert_frame_equal(found.labels, ep_online.on_the_day(ep_online.read_total(file), scope).labels)
