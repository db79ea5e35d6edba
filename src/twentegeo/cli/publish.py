"""Publishing: a staged release, and what is made from a release that stands."""

from __future__ import annotations

import typer
from rich.console import Console

from twentegeo.cli.arguments import Config

app = typer.Typer(no_args_is_help=True, help="Put a staged release in place, or make products from the newest one.")
out = Console(soft_wrap=True)


@app.command()
def release(config: Config) -> None:
    """Put the staged release in place: outputs/releases/, with latest switched last."""
    from twentegeo.pipeline import inspection  # noqa: PLC0415 - help must not wait for geopandas
    from twentegeo.settings import load  # noqa: PLC0415

    folder = inspection.publish(load(config))
    out.print(f"Published: {folder}")
