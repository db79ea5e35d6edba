"""
Nights between two total files of labels, each in an outputs folder of its own, with a night before it.

The registers' monthly files come on days of their own: a night finds a new extract of the BAG and a day's mutations of
labels, or what the BAG's services say that day and the same mutations.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from benchmarks.inputs import settings
from benchmarks.shelf import ALWAYS, FIRST, LABELS, SECOND, deliveries, make, put, put_labels, put_mutations
from twentegeo.sources.bag import ORIGIN
from twentegeo.sources.bag.online import DAILY, SLOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.inputs import Inputs

DAYS_AFTER = {FIRST: 1, SECOND: 2}
"""A daily file bears the day on which the services were asked, so the peildatum moves along every night."""


@dataclass(frozen=True)
class Nights:
    """
    Nights of one kind.

    Attributes
    ----------
    inputs
        The sample.
    daily
        Whether the BAG is what the services say of the day, on top of an extract that stays; else a new extract.
    """

    inputs: Inputs
    daily: bool

    options: ClassVar[tuple[str, ...]] = ("--offline",)

    @property
    def outputs(self) -> Path:
        """Their outputs folder."""
        return self.inputs.daily_outputs if self.daily else self.inputs.extract_outputs

    @property
    def settings(self) -> str:
        """Their settings file."""
        return f"{self.outputs.name.removeprefix('outputs-')}.yaml"

    def prepare(self) -> None:
        """Make the files that are not there yet, and the night before: the measured ones build on its release."""
        if self.daily:
            for state, delivery in deliveries(self.inputs).items():
                told = (delivery.bag, self.inputs.neighbourhoods, self._day(state).isoformat())
                make("daily_bag", self._daily(state), *told)
        shutil.rmtree(self.outputs, ignore_errors=True)
        if self.daily:
            put(self.outputs, SLOT, ORIGIN, self.inputs.bag, date.fromisoformat(self.inputs.day))
        put_labels(self.inputs, self.outputs)
        self._place(FIRST)
        print("running the night before", flush=True)
        program, night = Path(sys.executable).with_name("twentegeo"), self.inputs.folder / self.settings
        with (self.inputs.folder / "night-before.txt").open("w", encoding="utf-8") as log:
            subprocess.run([program, "run", night, "--plain", *self.options], check=True, stdout=log, stderr=log)

    def swap(self) -> Callable[[], None]:
        """Let every night find the other state than the one before."""
        turn = cycle((SECOND, FIRST))
        return lambda: self._place(next(turn))

    def _place(self, state: str) -> None:
        put_mutations(self.inputs, self.outputs, state)
        register: dict[str, object] = {"path": str(deliveries(self.inputs)[state].bag)}
        if self.daily:
            put(self.outputs, DAILY, ORIGIN, self._daily(state), self._day(state))
            register = {"via": "extract", "top_up": "ogc_api", "max_age_days": ALWAYS}
        text = settings(self.inputs, outputs=self.outputs, labels=LABELS, bag=register)
        (self.inputs.folder / self.settings).write_text(text, encoding="utf-8")

    def _daily(self, state: str) -> Path:
        return self.inputs.daily / f"{state}.gpkg"

    def _day(self, state: str) -> date:
        return date.fromisoformat(self.inputs.day) + timedelta(days=DAYS_AFTER[state])
