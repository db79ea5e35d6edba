"""What the operator does and sees: drift accepted, a release held, a night told, the state asked for."""

from __future__ import annotations

import gc
import json
import shutil
import signal
import subprocess
import sys
import weakref
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from twentegeo.checks.finding import Refused
from twentegeo.errors import ReleaseError
from twentegeo.notifier import NotifyParams
from twentegeo.pipeline import command, comparison, inspection, telling
from twentegeo.pipeline.command import Orders
from twentegeo.pipeline.comparison import Acceptance
from twentegeo.pipeline.diary import KILLED, last_night, remembered
from twentegeo.pipeline.progress import LogProgress
from twentegeo.pipeline.telling import about_end, about_failure, killed, told
from twentegeo.pipeline.upkeep import state_of, tidy
from twentegeo.publish import release as releasing
from twentegeo.publish.rollback import hold_of, roll_back
from twentegeo.settings import Settings
from twentegeo.store import Store, lines_of

QUIET = LogProgress()


@pytest.fixture(scope="module")
def own(small_region: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An outputs folder of these tests' own: a copy of the one with the first release."""
    outputs = tmp_path_factory.mktemp("operating") / "outputs"
    shutil.copytree(small_region.outputs, outputs, symlinks=True)
    return small_region.model_copy(update={"outputs": outputs})


@pytest.fixture
def store(own: Settings) -> Store:
    return Store(own.outputs)


def changed(settings: Settings, floor: float) -> Settings:
    """The same region with another floor: a night that publishes anew and computes nothing."""
    return settings.model_copy(update={"checks": settings.checks.model_copy(update={"min_dekking_label": floor})})


def test_a_release_says_what_it_holds_and_what_it_followed(own: Settings, store: Store) -> None:
    first = releasing.current(store)
    assert first is not None
    second = command.run(changed(own, 74.0), QUIET)
    assert second.manifest["vorige_release"] == first.name
    assert second.manifest["kengetallen"]["rijen"]["verblijfsobject"] == second.manifest["lagen"]["verblijfsobject"]
    assert lines_of(store.logbook)[-1]["release"] == second.folder.name


def test_a_night_starts_from_the_last_package_as_long_as_its_rows_are_kept(
    own: Settings, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    def night(floor: float) -> bool:
        caplog.clear()
        with caplog.at_level("INFO"):
            folder = command.run(changed(own, floor), QUIET).folder
        assert [kept.name for kept in (store.tables / "lagen").iterdir()] == [folder.name]
        return "brought up to date" in caplog.text

    assert night(74.5)
    assert night(74.6)
    shutil.rmtree(store.tables / "lagen")
    assert not night(74.7)
    assert night(74.8)


def test_rows_of_a_night_that_was_refused_are_not_kept(own: Settings, store: Store) -> None:
    before = sorted((store.tables / "lagen").iterdir())

    with pytest.raises(Refused):
        command.run(changed(own, 101.0), QUIET)

    assert sorted((store.tables / "lagen").iterdir()) == before


def drifted(store: Store) -> None:
    """Let the release that stands say that it held half as many panden again."""
    newest = releasing.current(store)
    assert newest is not None
    path = newest / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["kengetallen"]["rijen"]["pand"] = round(manifest["kengetallen"]["rijen"]["pand"] * 1.5)
    path.chmod(0o644)
    path.write_text(json.dumps(manifest))


def test_drift_stops_the_night_until_the_operator_accepts_it(own: Settings, store: Store) -> None:
    drifted(store)
    stands = releasing.current(store)
    settings = changed(own, 73.0)
    with pytest.raises(Refused, match=r"controle D01: laag pand .* \(-33\.3%\)"):
        command.run(settings, QUIET)
    assert releasing.current(store) == stands
    report = last_night(store)
    assert report is not None
    assert [one["code"] for one in report["bevindingen"] if one["ernst"] == "stop"] == ["D01"]
    accepted = Acceptance(("D01",), "sloop van een wijk")
    published = command.run(settings, QUIET, Orders(accepted=accepted))
    assert published.new
    assert published.manifest["aanvaard"] == {"codes": ["D01"], "reden": "sloop van een wijk"}
    assert any("sloop van een wijk" in one["melding"] for one in published.manifest["bevindingen"])
    assert [line["wat"] for line in lines_of(store.logbook)][-2:] == ["aanvaard", "uitgebracht"]
    assert command.run(changed(own, 72.0), QUIET).new, "what was accepted is what the next night compares with"


def test_a_release_without_figures_is_not_compared_and_says_so(own: Settings, store: Store) -> None:
    newest = releasing.current(store)
    assert newest is not None
    path = newest / "manifest.json"
    manifest = json.loads(path.read_text())
    del manifest["kengetallen"]
    path.chmod(0o644)
    path.write_text(json.dumps(manifest))
    published = command.run(changed(own, 71.0), QUIET)
    assert "D00" in {one["code"] for one in published.manifest["bevindingen"]}


def test_a_release_that_was_taken_back_does_not_come_back_by_night(own: Settings, store: Store) -> None:
    bad = command.run(changed(own, 70.0), QUIET).folder
    good = roll_back(store, None, "verkeerde drempel", datetime.now(tz=UTC))
    night = command.run(changed(own, 70.0), QUIET)
    assert not night.new
    assert night.folder.name == good.name
    assert night.held is not None
    assert (night.held / "manifest.json").is_file()
    assert releasing.current(store) == good.resolve()
    message = about_end(own, night)
    assert message is not None
    assert message.kind == "warning"
    assert bad.is_dir()
    released = inspection.publish(own)
    assert hold_of(store) is None
    assert releasing.current(store) == released.resolve()


def test_a_red_night_is_told_once_and_a_good_one_after_it(own: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []

    def keep(message: Any, where: Any) -> bool:
        if message is not None:
            sent.append((message.title, message.kind, where))
        return True

    monkeypatch.setattr(telling, "tell", keep)

    def broken(*_: object) -> None:
        raise ReleaseError("controle C03: te weinig.")

    with monkeypatch.context() as patched:
        patched.setattr(comparison, "compare", broken)
        with pytest.raises(ReleaseError):
            told(own, ("json://x",), lambda: command.run(changed(own, 69.0), QUIET))
    told(own, ("json://x",), lambda: command.run(changed(own, 69.0), QUIET))
    told(own, ("json://x",), lambda: command.run(changed(own, 69.0), QUIET))
    assert sent == [
        ("twentegeo Proef: nacht mislukt", "failure", ("json://x",)),
        ("twentegeo Proef: weer goed", "success", ("json://x",)),
    ]


def test_an_unforeseen_error_is_told_in_one_line(own: Settings) -> None:
    message = about_failure(own, telling.worded(ValueError("vreemd")))
    assert message.text.splitlines()[0] == "onverwachte fout: ValueError: vreemd"
    assert "Release 2" in message.text


def test_every_night_can_be_told(own: Settings) -> None:
    published_at = own.publication.model_copy(update={"basis_url": "https://kaart.example.nl/proef/"})
    settings = own.model_copy(update={"notify": NotifyParams(bij="altijd"), "publication": published_at})
    published = command.run(changed(settings, 69.0), QUIET)
    message = about_end(settings, published)
    assert message is not None
    assert message.title == "twentegeo Proef: nacht gelukt"
    assert message.text.endswith("\nhttps://kaart.example.nl/proef/rapport.html")
    assert about_end(own, published) is None


DYING = """
import os, signal, sys
from twentegeo.pipeline import command
from twentegeo.settings import Settings

class Dying:
    def say(self, *_):
        os.kill(os.getpid(), signal.SIGKILL)
    count = say

command.run(Settings.model_validate_json(sys.argv[1]), Dying(), command.Orders(rebuild=True))
"""


@pytest.mark.slow
def test_a_killed_night_leaves_a_reason_too(own: Settings, store: Store) -> None:
    assert killed(own) is None
    dead = subprocess.run([sys.executable, "-c", DYING, own.model_dump_json()], check=False, capture_output=True)
    assert dead.returncode == -signal.SIGKILL
    report = last_night(store)
    assert report is not None
    assert (report["gelukt"], report["reden"]) == (False, KILLED)
    reason = killed(own)
    assert reason is not None
    assert KILLED in reason
    assert any(KILLED in alarm for alarm in state_of(own, datetime.now(tz=UTC), 26).alarms)
    command.run(own, QUIET)
    report = last_night(store)
    assert report is not None
    assert (report["gelukt"], report["vorige_gelukt"]) == (True, False)
    assert killed(own) is None


def test_the_state_is_well_or_says_what_to_look_at(own: Settings, store: Store) -> None:
    command.run(own, QUIET)
    now = datetime.now(tz=UTC)
    state = state_of(own, now, 26)
    assert state.alarms == []
    newest = releasing.current(store)
    assert newest is not None
    assert state.facts["release"] == newest.name
    late = state_of(own, now + timedelta(hours=27), 26)
    assert late.alarms == ["de laatste nacht is 27 uur geleden begonnen; loopt het rooster nog?"]
    roll_back(store, None, "", now)
    assert "twentegeo resume" in state_of(own, now, 26).alarms[0]


def test_an_empty_folder_is_an_alarm(own: Settings, tmp_path: Path) -> None:
    alarms = state_of(own.model_copy(update={"outputs": tmp_path}), datetime.now(tz=UTC), 26).alarms
    assert alarms == ["er is nog geen release", "er is nog geen nacht gedraaid"]


def test_tidying_keeps_what_the_settings_say(own: Settings, store: Store) -> None:
    before = len(releasing.finished(store))
    assert before > 3
    few = own.retention.model_copy(update={"releases": 2, "maanden": 0})
    tidied = tidy(own.model_copy(update={"retention": few}))
    assert before - len(tidied.removed) == len(releasing.finished(store)) <= 3
    assert releasing.current(store) is not None


@pytest.mark.parametrize("raised", [OSError(28, "No space left on device"), ReleaseError("iets"), ValueError("iets")])
def test_nothing_keeps_the_error_of_a_red_night(store: Store, raised: Exception) -> None:
    """Whoever asked for the night and is in its traceback is let go of with the error, without looking for garbage."""
    held = []

    class Rows:
        """What whoever asked for the night has in hand."""

    def night() -> None:
        rows = Rows()
        held.append(weakref.ref(rows))
        with remembered(store):
            raise raised.with_traceback(None)

    gc.disable()
    try:
        with pytest.raises((ReleaseError, ValueError)) as caught:
            night()
        del caught
        raised.__traceback__ = raised.__context__ = None
        assert held[0]() is None
    finally:
        gc.enable()


def test_a_red_night_lets_go_of_what_it_had_in_hand(store: Store) -> None:
    """The error is kept, as Prefect does; the tables that it passed through are not, nor the files behind them."""
    held = []

    class Rows:
        """What a night has in hand."""

    def read() -> None:
        rows = Rows()
        held.append(weakref.ref(rows))
        raise OSError(28, "No space left on device")

    def work() -> None:
        rows = Rows()
        held.append(weakref.ref(rows))
        read()

    with pytest.raises(ReleaseError, match="de schijf is vol") as caught, remembered(store):
        work()

    assert [one() for one in held] == [None, None]
    assert caught.value.__cause__ is not None
    assert caught.value.__cause__.__traceback__ is not None
