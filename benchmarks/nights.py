"""What the rows on nights share: the command, what lies ready before one, and what is counted after."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.inputs import Inputs

DELIVERED = {"percelen", "gebieden", "bezit", "prognose"}
"""Stages that neither another BAG nor other labels touch."""

UNTOUCHED = {
    *DELIVERED,
    "bag",
    "woningen",
    "overlap",
    "bezitkoppeling",
    "omtrekken",
    "woningtype",
    "maten",
    "levensloop",
}
"""Stages that other labels do not touch; a night that does one of them anew has not reused what it could."""


def run(inputs: Inputs, settings: str, *options: str) -> Callable[[Path], list[str]]:
    """Say the command of a night."""
    program = str(Path(sys.executable).with_name("twentegeo"))
    return lambda _: [program, "run", str(inputs.folder / settings), "--plain", *options]


@dataclass(frozen=True)
class Swapped:
    """
    Nights that read other files than the one before, so that what is new is never among the kept tables.

    Attributes
    ----------
    inputs
        The sample.
    files
        Settings files, in turn.
    """

    inputs: Inputs
    files: tuple[str, ...]

    options: ClassVar[tuple[str, ...]] = ()
    settings: ClassVar[str] = "tonight.yaml"

    @property
    def outputs(self) -> Path:
        """Their outputs folder."""
        return self.inputs.outputs

    def swap(self) -> Callable[[], None]:
        """Let every night find the next file."""
        turn, folder = cycle(self.files), self.inputs.folder

        def place() -> None:
            shutil.copy(folder / next(turn), folder / self.settings)

        return place


def published(outputs: Path, untouched: set[str] = UNTOUCHED) -> Callable[[Path], dict[str, Any]]:
    """Count what stands after a night."""

    def count(_: Path) -> dict[str, Any]:
        manifest = json.loads((outputs / "latest" / "manifest.json").read_text(encoding="utf-8"))
        redone = [name for name, stage in manifest["stappen"].items() if not stage["hergebruikt"]]
        seconds = {name: stage["seconden"] for name, stage in manifest["stappen"].items()}
        made = len(list((outputs / "releases").iterdir()))
        return {
            **manifest["lagen"],
            "releases": made,
            "redone": " ".join(redone),
            "in vain": " ".join(sorted(untouched & set(redone))),
            "topped up": "bag_bijgewerkt" in seconds,
            "stages": seconds,
        }

    return count
