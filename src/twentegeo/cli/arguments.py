"""Arguments that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[Path, typer.Argument(metavar="CONFIG", help="Settings file (YAML) of the region.")]
Rebuild = Annotated[bool, typer.Option("--rebuild", help="Compute everything again, also what did not change.")]
Offline = Annotated[
    bool, typer.Option("--offline", help="Make no request: use the files and deliveries that are there.")
]
Plain = Annotated[bool, typer.Option("--plain", help="Plain log lines instead of a progress display.")]
