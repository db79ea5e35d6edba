"""
Kill the run, without warning: at every step it announces, and at random moments.

`make test-night` does the random kills two hundred times; `make test` a few. Whatever the moment, `latest` names a
whole release that opens, every folder of `releases/` is whole, and the next night ends as if nothing had happened.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pyogrio
import pytest

from tests.pipeline.reader import Reader, opened
from twentegeo.errors import ReleaseError
from twentegeo.pipeline import command
from twentegeo.pipeline.progress import LogProgress
from twentegeo.pipeline.upkeep import tidy
from twentegeo.publish import release as releasing
from twentegeo.publish.sealing import damaged
from twentegeo.settings import Settings
from twentegeo.store import Store, only_run


@pytest.fixture(scope="module")
def small(small_region: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The small region with an outputs folder to be killed in."""
    outputs = tmp_path_factory.mktemp("kill") / "outputs"
    shutil.copytree(small_region.outputs, outputs, symlinks=True)
    products = small_region.products.model_copy(update={"project": True})
    return small_region.model_copy(update={"outputs": outputs, "products": products})


DYING = """
import os, signal, sys
from twentegeo.pipeline import command
from twentegeo.settings import Settings

class Dying:
    def say(self, text):
        if text.startswith(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
    def count(self, text, done, total):
        self.say(text)

command.run(Settings.model_validate_json(sys.argv[1]), Dying(), command.Orders(rebuild=True))
"""

ALWAYS = {"bag:", "write:"}
ALL = ("panden", "bag:", "labels:", "labelkoppeling:", "score:", "write:", "project:", "check:", "maps:")
STEPS = [pytest.param(step, marks=() if step in ALWAYS else pytest.mark.night) for step in ALL]


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_a_kill_leaves_the_previous_release(step: str, small: Settings) -> None:
    store = Store(small.outputs)
    before = releasing.current(store)
    assert before is not None
    died = subprocess.run(
        [sys.executable, "-c", DYING, small.model_dump_json(), step], capture_output=True, check=False
    )
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    assert releasing.current(store) == before
    assert json.loads(store.latest_pointer.read_text())["run_id"] == before.name
    assert damaged(before) == []


# --- at random moments

KILLS = int(os.environ.get("TWENTEGEO_KILLS", "6"))
EVERY = min(5, KILLS // 2)
"""After so many kills a night is left alone, and must recover."""

SEED = int(os.environ.get("TWENTEGEO_KILL_SEED", "20261108"))

# a night that has something new to publish, then the clean-up; both are in the line of fire
NIGHT = """
import sys
from twentegeo.pipeline import command
from twentegeo.pipeline.upkeep import tidy
from twentegeo.settings import Settings

class Telling:
    def say(self, text):
        print(text, flush=True)
    def count(self, text, done, total):
        self.say(text)

settings = Settings.model_validate_json(sys.argv[1])
print("ready", flush=True)
command.run(settings, Telling(), command.Orders(rebuild=sys.argv[2] == "rebuild"))
print("released", flush=True)
tidy(settings)
"""


@pytest.fixture(scope="module")
def qgis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with opened(tmp_path_factory.mktemp("qgis")) as reader:
        yield reader


def variant(settings: Settings, number: int) -> Settings:
    """The same region by another wish, so that every night has something to publish."""
    checks = settings.checks.model_copy(update={"min_dekking_perceel": 90.0 + number % 5})
    return settings.model_copy(update={"checks": checks})


ENDED = "was al klaar"

WHERE = {
    "start": {"ready"},
    "lezen": {"woonplaatsen", "openbare", "nummeraanduidingen", "verblijfsobjecten", "panden", "tabellen", "bag:",
              "ligplaatsen", "standplaatsen", "gebieden:", "percelen:", "labels:", "bezit:", "prognose:"},
    "wegschrijven": {"write:", "project:"},
    "teruglezen": {"check:"},
    "kaart, rapport, uitbrengen": {"maps:", "page:", "report:"},
    "opruimen of net klaar": {"released"},
}  # fmt: skip
"""What a night was doing, by the first word of what it said last; anything else is koppelen and rekenen."""


def doing(said: list[str]) -> str:
    word = said[-1].split()[0]
    return next((name for name, words in WHERE.items() if word in words), "koppelen en rekenen")


def whole(store: Store, hashes: set[str], qgis: Reader, homes: int) -> str:
    """Hold what users see to all that was promised; the newest release's name."""
    newest = releasing.current(store)
    assert newest is not None, "latest wijst nergens naar"
    for folder in releasing.finished(store):
        assert damaged(folder) == [], folder
        assert releasing.manifest_of(folder)["inhoud_sha256"] in hashes
    package = store.latest / "proef.gpkg"
    assert not list(store.releases.glob("*/*.gpkg-*")), "een onvoltooide bewerking"
    with closing(sqlite3.connect(f"file:{package}?mode=ro", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    run = pyogrio.read_dataframe(package, layer="run", use_arrow=True).set_index("sleutel")["inhoud"]
    assert run["run_id"] == newest.name
    assert len(pyogrio.list_layers(package)) > 10
    assert qgis.features(package, "verblijfsobject") == homes
    pointed = store.releases / json.loads(store.latest_pointer.read_text())["run_id"]
    assert pointed in releasing.finished(store)
    return newest.name


@pytest.mark.slow
@pytest.mark.qgis
def test_a_kill_at_any_moment_loses_nothing(small: Settings, qgis: Reader) -> None:
    store, chance = Store(small.outputs), random.Random(SEED)  # noqa: S311 - a moment, no secret
    expected = releasing.manifest_of(releasing.finished(store)[-1])["inhoud_sha256"]
    hashes, homes = {expected}, qgis.features(store.latest / "proef.gpkg", "verblijfsobject")
    assert homes > 0
    timed = time.monotonic()
    command.run(variant(small, 1), LogProgress(), command.Orders(rebuild=True))
    span = (time.monotonic() - timed) * 1.3
    seen: Counter[str] = Counter()
    while seen.total() - seen[ENDED] < KILLS:
        number = seen.total()
        assert number < 5 * KILLS, "de meeste nachten waren al klaar; de klap valt te laat"
        settings, how = variant(small, number), chance.choice(["rebuild", "reuse", "reuse"])
        doing_then = _killed(settings, how, chance.uniform(0, span if how == "rebuild" else span / 2), chance)
        seen[doing_then] += 1
        # follows the pace of the machine; where it settles three nights in ten end first, so that their last moments
        # are in the line of fire too
        span *= 0.8 if doing_then == ENDED else 1.1
        name = whole(store, hashes, qgis, homes)
        if number % EVERY == EVERY - 1:
            # the next night recovers, and says what it would have said
            after = command.run(variant(small, number + 1), LogProgress())
            assert after.manifest["inhoud_sha256"] == expected
            assert after.new or after.folder.name == name
            tidy(small)
            assert len(releasing.finished(store)) <= 3
            assert not list(store.releases.glob(".*"))
    print(f"\n{KILLS} kills: {dict(seen.most_common())}; lost: 0")  # noqa: T201 - for whoever runs them all


def _killed(settings: Settings, how: str, moment: float, chance: random.Random) -> str:
    """Kill a night after so many seconds, alone as when memory is full, or with its helpers; what it was doing."""
    command_line = [sys.executable, "-c", NIGHT, settings.model_dump_json(), how]
    with subprocess.Popen(
        command_line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as night:
        assert night.stdout is not None
        assert night.stdout.readline() == "ready\n"
        with suppress(subprocess.TimeoutExpired):
            night.wait(moment)
        ended = night.poll()
        if ended is None:
            if chance.random() < 0.5:
                os.killpg(night.pid, signal.SIGKILL)
            else:
                night.kill()
        said, complaint = night.communicate()
    if ended is not None:
        assert ended == 0, complaint
        return ENDED
    return doing(["ready", *said.splitlines()])


@pytest.mark.slow
def test_a_kill_frees_the_folder_at_once(small: Settings) -> None:
    """Also when helpers of the killed night live on for a while."""
    _killed(variant(small, 3), "rebuild", 0.8, random.Random(1))  # noqa: S311
    with only_run(Store(small.outputs)):
        pass
    with only_run(Store(small.outputs)), pytest.raises(ReleaseError, match="een andere run"):
        command.run(small, LogProgress())


@pytest.mark.slow
def test_the_first_night_of_all_can_be_killed_too(small: Settings, tmp_path: Path) -> None:
    settings = small.model_copy(update={"outputs": tmp_path})
    for moment in (1.0, 3.0):
        _killed(settings, "reuse", moment, random.Random(1))  # noqa: S311
    recovered = command.run(settings, LogProgress())
    assert damaged(recovered.folder) == []
    assert not any((tmp_path / "staging").iterdir())
