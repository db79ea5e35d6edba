"""A second delivery is of the same register: what did not change is said in the same words."""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twentegeo.sample import SampleFiles, write_sample
from twentegeo.sample.seeds import Lots

if TYPE_CHECKING:
    from pathlib import Path

CHANGED = "0153"
IDENTITY = re.compile(rb'identificatie domein="NL\.IMBAG\.\w+">([0-9]+)<')


def stands(extract: Path, kind: str) -> dict[bytes, set[bytes]]:
    """The stands of each object of a type, as bytes."""
    found: dict[bytes, set[bytes]] = defaultdict(set)
    with zipfile.ZipFile(extract) as outer:
        (name,) = (one for one in outer.namelist() if re.fullmatch(rf"9999{kind}\d+\.zip", one))
        with zipfile.ZipFile(BytesIO(outer.read(name))) as inner:
            for member in inner.namelist():
                for stand in re.findall(rb"<sl:stand>.*?</sl:stand>", inner.read(member), re.DOTALL):
                    if match := IDENTITY.search(stand):
                        found[match[1]].add(stand)
    return found


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> tuple[SampleFiles, SampleFiles]:
    world = {"scale": 0.01, "seed": 5}
    return (
        write_sample(tmp_path_factory.mktemp("first"), **world),  # type: ignore[arg-type]
        write_sample(tmp_path_factory.mktemp("second"), **world, mutations=0.02, only=CHANGED),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("kind", ["OPR", "NUM", "VBO", "PND"])
def test_what_did_not_change_is_said_in_the_same_words(deliveries: tuple[SampleFiles, SampleFiles], kind: str) -> None:
    before, after = (stands(one.bag, kind) for one in deliveries)
    others = {ident: said for ident, said in before.items() if said != after.get(ident)}
    # of a twentieth of one municipality of fourteen, by the objects of every type that its mutations touch
    assert len(others) < 0.01 * len(before)
    assert len(before) > 100
    if kind == "VBO":
        assert others


@given(st.lists(st.integers(1, 10**16), min_size=1, unique=True), st.integers(0, 5))
def test_what_is_drawn_for_a_thing_does_not_depend_on_the_others(things: list[int], purpose: int) -> None:
    lots = Lots(7, (1, 2))
    drawn = lots.share(np.array(things), purpose)
    alone = [lots.share(np.array([one]), purpose)[0] for one in things]
    assert drawn.tolist() == alone
    assert ((drawn >= 0) & (drawn < 1)).all()


def test_draws_are_even_and_differ_by_purpose_and_seed() -> None:
    things = np.arange(100_000)
    drawn = [Lots(seed, (3,)).share(things, purpose) for seed in (1, 2) for purpose in (0, 1)]
    for one in drawn:
        # a tenth in each tenth: within five standard deviations of the count
        assert np.abs(np.histogram(one, 10, (0, 1))[0] - 10_000).max() < 5 * 95
    for at, one in enumerate(drawn):
        for other in drawn[:at]:
            assert abs(np.corrcoef(one, other)[0, 1]) < 0.02
    whole = Lots(1, (3,)).whole(-2, 3, things, 0)
    assert np.unique(whole).tolist() == [-2, -1, 0, 1, 2]
