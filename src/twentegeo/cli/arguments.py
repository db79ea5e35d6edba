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
Accept = Annotated[
    list[str] | None,
    typer.Option("--accept", metavar="CODE", help="Let a finding of drift pass tonight, e.g. D02; needs --reason."),
]
Reason = Annotated[str, typer.Option("--reason", help="Why a finding may pass; kept in the release and the logbook.")]
Wait = Annotated[float, typer.Option("--wait", metavar="SECONDS", min=0, help="Wait for another run in this folder.")]
