"""Publishing: a staged release, and what is made from a release that stands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.filesize import decimal

from twentegeo.cli.arguments import Config, Plain
from twentegeo.console import watched

SAMPLE = Path("config/sample.yaml")
"""What products are made for when no settings file is named: the embedded sample."""

app = typer.Typer(no_args_is_help=True, help="Put a staged release in place, or make products from the newest one.")
out = Console(soft_wrap=True)


@app.command()
def release(config: Config) -> None:
    """Put the staged release in place: outputs/releases/, with latest switched last."""
    from twentegeo.pipeline import inspection  # noqa: PLC0415 - help must not wait for geopandas
    from twentegeo.settings import load  # noqa: PLC0415

    folder = inspection.publish(load(config))
    out.print(f"Published: {folder}")


@app.command()
def report(config: Config = SAMPLE) -> None:
    """Write rapport.html of the newest release again; every night makes it by itself."""
    from twentegeo.pipeline import products  # noqa: PLC0415
    from twentegeo.settings import load  # noqa: PLC0415

    out.print(f"Report: {products.report(load(config))}")


@app.command()
def export(
    config: Config = SAMPLE,
    *,
    folder: Annotated[
        Path | None, typer.Option("--out", metavar="FOLDER", help="New folder; default outputs/exports/<run>.")
    ] = None,
    form: Annotated[
        list[str] | None, typer.Option(help="flatgeobuf, geoparquet or csv; may be repeated. Default: all.")
    ] = None,
    layer: Annotated[list[str] | None, typer.Option(help="Layer or table; may be repeated. Default: all.")] = None,
    plain: Plain = False,
) -> None:
    """Write the layers of the newest release as FlatGeobuf and GeoParquet, and its tables as CSV."""
    from twentegeo.pipeline import products  # noqa: PLC0415
    from twentegeo.publish.exports import FORMS  # noqa: PLC0415
    from twentegeo.settings import load  # noqa: PLC0415

    chosen = [one for one in FORMS if one in form] if form else list(FORMS)
    if form and len(chosen) < len(set(form)):
        raise typer.BadParameter(f"choose from {', '.join(FORMS)}", param_hint="--form")
    with watched(plain=plain) as progress:
        made = products.export(load(config), progress, out=folder, forms=chosen, layers=layer or ())
    out.print(f"Exported: {made}")


@app.command()
def postgis(
    dsn: Annotated[
        str,
        typer.Argument(
            metavar="DSN",
            help=(
                "Connection string as libpq reads it: postgresql://user@host/database, or service=NAME. Keep the"
                " password out of it: put it in ~/.pgpass or PGPASSWORD."
            ),
        ),
    ],
    config: Config = SAMPLE,
    *,
    plain: Plain = False,
) -> None:
    """Load the newest release into PostGIS: a schema per release, and views that switch to it at once."""
    from twentegeo.pipeline import products  # noqa: PLC0415
    from twentegeo.settings import load  # noqa: PLC0415

    with watched(plain=plain) as progress:
        loaded = products.postgis(load(config), dsn, progress)
    done = f"{len(loaded.rows)} tables loaded into" if loaded.rows else "already there:"
    out.print(
        f"{loaded.place}: {done} {loaded.schema}; {loaded.views} shows it ({loaded.seconds:.1f} s).", markup=False
    )
    if not loaded.styled:
        out.print("The QGIS styles were not written: the role may not make or write public.layer_styles.")
    for schema in loaded.dropped:
        out.print(f"Removed: {schema}", markup=False)
    for schema in loaded.kept:
        out.print(f"Kept, still in use: {schema}", markup=False)


@app.command()
def site(config: Config = SAMPLE, *, plain: Plain = False) -> None:
    """Make the planner's page of the newest release: site/ in its folder, whole or not at all."""
    from twentegeo.pipeline import products  # noqa: PLC0415
    from twentegeo.settings import load  # noqa: PLC0415

    with watched(plain=plain) as progress:
        made, sizes = products.site(load(config), progress)
    told = ", ".join(f"{name} {decimal(count)}" for name, count in sizes.items())
    out.print(f"Page: {made} ({decimal(sum(sizes.values()))}: {told})")
    out.print(f"Look at it: twentegeo serve {config}")


@app.command()
def maps(config: Config = SAMPLE, *, plain: Plain = False) -> None:
    """Make the map book of the newest release: kaarten/ in its folder, whole or not at all."""
    from twentegeo.pipeline import products  # noqa: PLC0415
    from twentegeo.settings import load  # noqa: PLC0415

    with watched(plain=plain) as progress:
        made, drawn = products.maps(load(config), progress)
    told = ((drawn.by_qgis, "QGIS"), (drawn.by_matplotlib, "matplotlib"))
    out.print(f"Maps: {made} ({', '.join(f'{count} sheets by {name}' for count, name in told if count)})")
