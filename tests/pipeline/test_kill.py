"""Kill the run, without warning, at every step it announces: `latest` stays on the previous good release."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from twentegeo.pipeline import command
from twentegeo.pipeline.progress import LogProgress
from twentegeo.settings import Settings

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

command.run(Settings.model_validate_json(sys.argv[1]), Dying(), rebuild=True)
"""

STEPS = ("panden", "bag:", "labels:", "labelkoppeling:", "score:", "write:", "check:", "map:")


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_a_kill_leaves_the_previous_release(
    step: str, sample_settings: Settings, first_release: command.Published
) -> None:
    outputs = sample_settings.outputs
    died = subprocess.run(
        [sys.executable, "-c", DYING, sample_settings.model_dump_json(), step], capture_output=True, check=False
    )
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    assert (outputs / "latest").resolve() == first_release.folder.resolve()
    pointer = json.loads((outputs / "latest.json").read_text())
    assert pointer["run_id"] == first_release.folder.name
    assert (first_release.folder / "twente.gpkg").is_file()


@pytest.mark.slow
def test_the_night_after_a_kill_is_as_good_as_any(
    sample_settings: Settings, first_release: command.Published, tmp_path: Path
) -> None:
    settings = sample_settings.model_copy(update={"outputs": tmp_path})
    subprocess.run(
        [sys.executable, "-c", DYING, settings.model_dump_json(), "write:"], capture_output=True, check=False
    )
    recovered = command.run(settings, LogProgress())
    assert recovered.manifest["inhoud_sha256"] == first_release.manifest["inhoud_sha256"]
    assert not any((tmp_path / "staging").iterdir())
