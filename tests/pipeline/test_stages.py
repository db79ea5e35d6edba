"""What runs beside a night, and in a process of its own."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from twentegeo.pipeline import program
from twentegeo.pipeline.outcome import Computed
from twentegeo.pipeline.progress import LogProgress
from twentegeo.pipeline.stages import Stages
from twentegeo.store import Store

ADD, PID = "operator:add", "os:getpid"


@pytest.fixture
def stages(tmp_path: Path) -> Iterator[Stages]:
    with Stages(Store(tmp_path), LogProgress()) as made:
        yield made


def test_what_was_foreseen_runs_elsewhere_once_there_is_room(stages: Stages) -> None:
    stages.foresee(ADD, PID)
    here = stages.apart(PID)()
    waiting = stages.beside_when_warm(lambda: (stages.apart(PID)(), stages.apart(ADD)(1, 2)))
    other = stages.beside(lambda: "not held up by what waits")
    assert other.result(30) == "not held up by what waits"
    assert not waiting.done()
    stages.warm()
    there, three = waiting.result(30)
    assert (here, three) == (os.getpid(), 3)
    assert there != here
    stages.warm()
    assert stages.beside_when_warm(stages.apart(PID)).result(30) == there, "one process, however often it is asked for"


def test_where_nothing_was_foreseen_a_thread_does_it_at_once(stages: Stages) -> None:
    assert stages.beside_when_warm(threading.get_ident).result(30) != threading.get_ident()
    stages.warm()
    assert stages.apart(PID)() == os.getpid()


def test_what_waited_and_failed_says_so_to_who_asks(stages: Stages) -> None:
    stages.foresee(ADD)
    failing = stages.beside_when_warm(lambda: stages.apart(ADD)(1, "een"))
    stages.warm()
    with pytest.raises(TypeError):
        failing.result(30)


def test_a_night_that_fails_before_there_was_room_ends_all_the_same(tmp_path: Path) -> None:
    def night() -> None:
        with Stages(Store(tmp_path), LogProgress()) as stages:
            stages.foresee(ADD)
            stages.beside_when_warm(lambda: 1)
            raise RuntimeError("halverwege")

    with pytest.raises(RuntimeError, match="halverwege"):
        night()


def test_what_another_library_computed_is_not_reused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table, remembered = pd.DataFrame({"id": [1]}), pd.DataFrame({"row": [1]})
    places = []

    def night() -> tuple[bool, bool]:
        with Stages(Store(tmp_path), LogProgress()) as tonight:
            known = tonight.remembered("proef", ("stock",)) is not None
            places.append(tonight.place("rijen", {}, ("stock",)))
            made = tonight.run("proef", (), ("stock",), lambda: Computed({"t": table}, memory={"m": remembered}))
        return made.reused, known

    assert [night(), night()] == [(False, False), (True, True)]
    monkeypatch.setattr(program, "versions", lambda: {"shapely": "3.0"})
    assert [night(), night()] == [(False, False), (True, True)]
    assert places[0] == places[1] != places[2] == places[3]
