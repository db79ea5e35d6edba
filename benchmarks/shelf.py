"""
Deliveries on the shelf of an outputs folder, as a fetch would put them: the registers cannot be asked in a measurement.

Of the labels a total file comes every month and mutations come every day: a night between two total files reads last
month's and what came on top.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from benchmarks.inputs import find
from twentegeo.sources.ep_online import ORIGIN
from twentegeo.sources.ep_online.online import SLOT
from twentegeo.sources.shelf import Shelf
from twentegeo.sources.slots import Particulars
from twentegeo.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.inputs import Inputs
    from twentegeo.sources.snapshot import Origin

FIRST, SECOND = "first", "second"
"""Whose state a daily file says: that of the first delivery, as the monthly file below it, or of the second."""

ALWAYS = 36_500
"""Days: the sample's dates stand still, and no delivery of it may become stale."""

LABELS: Final[dict[str, object]] = {"max_age_days": ALWAYS}
"""Settings of labels that lie on the shelf."""


def deliveries(inputs: Inputs) -> dict[str, Inputs]:
    """Name the monthly files of both states."""
    return {FIRST: inputs, SECOND: find(inputs.second, inputs.folder)}


def make(job: str, target: Path, *told: str | Path) -> None:
    """Have a file made that is not there yet, in a process of its own: what watches the contenders stays small."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.is_file():
        print(f"making {target}", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.jobs.{job}", *told, target], check=True)


def put(outputs: Path, slot: str, origin: Origin, file: Path, released: date) -> None:
    """Put a copy on the shelf: what is put there is moved, and may not be written any more."""
    shelf = Shelf(Store(outputs).snapshots)
    shelf.incoming.mkdir(parents=True, exist_ok=True)
    arrived = shelf.incoming / file.name
    shutil.copyfile(file, arrived)
    shelf.put(slot, origin, arrived, Particulars(file.name, file.as_uri(), released), datetime.now(tz=UTC))


def put_labels(inputs: Inputs, outputs: Path) -> None:
    """Put the first total file of labels on the shelf, and make the mutations of both states."""
    for state, delivery in deliveries(inputs).items():
        make("daily_labels", _mutations(inputs, state), inputs.energy_labels, delivery.energy_labels)
    put(outputs, SLOT, ORIGIN, inputs.energy_labels, date.fromisoformat(inputs.day))


def put_mutations(inputs: Inputs, outputs: Path, state: str) -> None:
    """Put a day's mutations on the shelf; of the first state there are none."""
    day = date.fromisoformat(inputs.day) + timedelta(days=1)
    put(outputs, f"{SLOT}/{day.isoformat()}", ORIGIN, _mutations(inputs, state), day)


def _mutations(inputs: Inputs, state: str) -> Path:
    return inputs.daily / f"{state}.xml"
