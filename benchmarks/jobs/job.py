"""What a contender is told, and how it says when the clock runs and what it found."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

START, STOP = "::start", "::stop"
"""Lines that bound what is measured; without them the whole process is, interpreter and imports included."""


def job() -> dict[str, Any]:
    """Read the job file that the command line names."""
    told: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    return told


def start() -> None:
    """Let the clock run; what was loaded before is not counted as time (it is as memory)."""
    print(START, flush=True)


def stop() -> None:
    """Stop the clock and the watching of memory; what follows is checking."""
    print(STOP, flush=True)


def found(told: dict[str, Any], counts: dict[str, Any]) -> None:
    """Hand in what was found."""
    path = Path(told["scratch"]) / "counts.json"
    path.write_text(json.dumps(counts, default=str), encoding="utf-8")
