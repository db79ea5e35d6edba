"""
Nights between two extracts: last month's extract on the shelf, and on top of it what the services said that day.

The registers cannot be asked in a measurement, so both deliveries are put on the shelf of an outputs folder of this
row's own, as a fetch would, and the nights go by what is there.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.inputs import find, settings
from twentegeo.sources.bag import ORIGIN
from twentegeo.sources.bag.online import DAILY, SLOT
from twentegeo.sources.shelf import Shelf
from twentegeo.sources.slots import Particulars
from twentegeo.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.inputs import Inputs

FIRST, SECOND = "first", "second"
"""Whose state a daily file says: that of the first delivery, which is the extract below it too, or of the second."""

DAYS_AFTER = {FIRST: 1, SECOND: 2}
"""A daily file bears the day on which the services were asked, so the peildatum moves along every night."""

SETTINGS = "daily-{state}.yaml"
ALWAYS = 36_500
"""Days: the sample's dates stand still, and no delivery of it may become stale."""


def prepare(inputs: Inputs) -> None:
    """Make the daily files that are not there yet, and the night before: the measured ones build on its release."""
    deliveries = {FIRST: inputs, SECOND: find(inputs.second, inputs.folder)}
    inputs.daily.mkdir(parents=True, exist_ok=True)
    register = {"via": "extract", "top_up": "ogc_api", "max_age_days": ALWAYS}
    for state, delivery in deliveries.items():
        text = settings(inputs, labels=delivery.energy_labels, outputs=inputs.daily_outputs, bag=register)
        (inputs.folder / SETTINGS.format(state=state)).write_text(text, encoding="utf-8")
        if not _file(inputs, state).is_file():
            print(f"making the daily BAG file of the {state} delivery", flush=True)
            told = (delivery.bag, inputs.neighbourhoods, _file(inputs, state), _day(inputs, state).isoformat())
            # in a process of its own: what watches the contenders stays small
            subprocess.run([sys.executable, "-m", "benchmarks.jobs.daily_bag", *told], check=True)
    shutil.rmtree(inputs.daily_outputs, ignore_errors=True)
    _put(inputs, SLOT, inputs.bag, date.fromisoformat(inputs.day))
    _put_daily(inputs, FIRST)
    print("running the night before", flush=True)
    program, night = Path(sys.executable).with_name("twentegeo"), inputs.folder / SETTINGS.format(state=FIRST)
    with (inputs.folder / "night-before.txt").open("w", encoding="utf-8") as log:
        subprocess.run([program, "run", night, "--plain", "--offline"], check=True, stdout=log, stderr=log)


def swap(inputs: Inputs) -> Callable[[], None]:
    """Let every night find the other state than the one before: its daily file on the shelf, and its labels."""
    turn = cycle((SECOND, FIRST))

    def place() -> None:
        state = next(turn)
        _put_daily(inputs, state)
        shutil.copy(inputs.folder / SETTINGS.format(state=state), inputs.folder / "tonight.yaml")

    return place


def _put_daily(inputs: Inputs, state: str) -> None:
    _put(inputs, DAILY, _file(inputs, state), _day(inputs, state))


def _put(inputs: Inputs, slot: str, file: Path, released: date) -> None:
    """Put a copy on the shelf: what is put there is moved, and may not be written any more."""
    shelf = Shelf(Store(inputs.daily_outputs).snapshots)
    shelf.incoming.mkdir(parents=True, exist_ok=True)
    arrived = shelf.incoming / file.name
    shutil.copyfile(file, arrived)
    shelf.put(slot, ORIGIN, arrived, Particulars(file.name, file.as_uri(), released), datetime.now(tz=UTC))


def _file(inputs: Inputs, state: str) -> Path:
    return inputs.daily / f"{state}.gpkg"


def _day(inputs: Inputs, state: str) -> date:
    return date.fromisoformat(inputs.day) + timedelta(days=DAYS_AFTER[state])
