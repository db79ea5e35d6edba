"""
The command line.

A module per group of commands; they name what there is, and call :mod:`twentegeo.pipeline` to do it.
"""

from __future__ import annotations

import logging
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table as Grid

from twentegeo import __version__
from twentegeo.cli import operate, publish
from twentegeo.cli.arguments import Accept, Config, Offline, Plain, Reason, Rebuild, Wait
from twentegeo.cli.grids import calibration, scores, summary
from twentegeo.cli.serve import serve
from twentegeo.console import logged, watched
from twentegeo.errors import TwenteGeoError
from twentegeo.pipeline.ahead import started
from twentegeo.processes import leave
from twentegeo.resources import one_thread_for_products, small_pages, unhurried

if TYPE_CHECKING:
    from twentegeo.pipeline.command import Orders

WAIT_S = 5.0
"""How long a run waits for another one in the same folder where nothing is said, seconds."""

INTERRUPTED = 130
"""Exit code that typer, as shells do, gives a command that was interrupted from the keyboard."""

WIDE = 160
"""Width of tables where no terminal gives one, characters."""

app = typer.Typer(
    name="twentegeo",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help=(
        "Map layers that show where renovating the existing housing stock of a Dutch region matters most.\n\n"
        "A night goes fetch, build, check, publish; [bold]run[/bold] does all of it. CONFIG is a settings file"
        " such as config/sample.yaml; keys are described in config/settings.schema.json."
    ),
    epilog="Start with: twentegeo run config/sample.yaml",
)
app.add_typer(publish.app, name="publish")
app.command()(serve)
for command_of_operator in (operate.rollback, operate.resume, operate.retain, operate.status, operate.notify):
    app.command(rich_help_panel="Looking after the nights")(command_of_operator)

out = Console(soft_wrap=True) if Console().is_terminal else Console(soft_wrap=True, width=WIDE)


@app.command()
def run(  # noqa: PLR0913 - one option each
    config: Config,
    *,
    rebuild: Rebuild = False,
    offline: Offline = False,
    accept: Accept = None,
    reason: Reason = "",
    wait: Wait = WAIT_S,
    plain: Plain = False,
) -> None:
    """Run the whole night: fetch, build, check and publish a release."""
    with started(config) as helper, watched(plain=plain) as progress:
        from twentegeo.notifier import addresses  # noqa: PLC0415 - help must not wait for geopandas
        from twentegeo.pipeline import command  # noqa: PLC0415
        from twentegeo.pipeline.fetching import Going  # noqa: PLC0415
        from twentegeo.pipeline.telling import told  # noqa: PLC0415
        from twentegeo.settings import load  # noqa: PLC0415

        settings = load(config)
        asked = _orders(accept, reason)
        orders = replace(asked, rebuild=rebuild, wait_s=wait, going=Going(offline=offline), helper=helper)
        published = told(settings, addresses(), lambda: command.run(settings, progress, orders))
    if published.held:
        out.print(f"latest is held on {published.folder.name}; {published.held.name} waits in staging.")
    elif not published.new:
        out.print(f"Nothing changed since release {published.folder.name}; it stands. (--rebuild makes a new one.)")
    else:
        for grid in summary(published.manifest):
            out.print(grid)
        for finding in published.manifest["bevindingen"]:
            out.print(f"{finding['code']} {finding['ernst']}: {finding['melding']}", markup=False)
    out.print(f"Layers: {published.folder}")
    out.print(f"Newest good release: {settings.outputs / 'latest'}")


@app.command()
def fetch(config: Config, *, offline: Offline = False, plain: Plain = False) -> None:
    """Fetch what changed in the registers, and list every delivery with date, size, checksum and licence."""
    from twentegeo.pipeline import command  # noqa: PLC0415
    from twentegeo.pipeline.fetching import Going  # noqa: PLC0415
    from twentegeo.settings import load  # noqa: PLC0415

    settings = load(config)
    with watched(plain=plain) as progress:
        snapshots = command.fetch(settings, progress, Going(offline=offline))
    grid = Grid("source", "file", "bytes", "of", "came in", "sha256", "licence")
    for one in snapshots.all():
        dates = (f"{one.release_date or ''}", f"{one.retrieved_at:%Y-%m-%d %H:%M}")
        size = str(one.size_bytes)
        grid.add_row(one.origin.name, one.path.name, size, *dates, one.sha256[:12], one.origin.licence)
    out.print(grid)
    for one in snapshots.all():
        for what in filter(None, (one.stale, one.trouble)):
            out.print(f"{one.origin.title}: {what}", markup=False)


@app.command()
def build(  # noqa: PLR0913 - one option each
    config: Config,
    *,
    rebuild: Rebuild = False,
    offline: Offline = False,
    accept: Accept = None,
    reason: Reason = "",
    wait: Wait = WAIT_S,
    plain: Plain = False,
) -> None:
    """Do everything but publish: leave a checked release in outputs/staging/."""
    with started(config) as helper, watched(plain=plain) as progress:
        from twentegeo.pipeline import command  # noqa: PLC0415
        from twentegeo.pipeline.fetching import Going  # noqa: PLC0415
        from twentegeo.settings import load  # noqa: PLC0415

        asked = _orders(accept, reason)
        orders = replace(asked, rebuild=rebuild, wait_s=wait, going=Going(offline=offline), helper=helper)
        staged = command.build(load(config), progress, orders)
    out.print(f"Staged: {staged}")
    out.print("Look at it, then: twentegeo publish release CONFIG")


@app.command()
def check(config: Config) -> None:
    """Check the staged release, or the newest published one: files, layers, counts, coordinates, indexes."""
    from twentegeo.pipeline import inspection  # noqa: PLC0415
    from twentegeo.settings import load  # noqa: PLC0415

    folder, findings = inspection.inspect(load(config))
    out.print(f"Checked: {folder}")
    for finding in findings:
        out.print(f"{finding.code} {finding.severity}: {finding.message}", markup=False)
    if any(finding.severity == "stop" for finding in findings):
        raise typer.Exit(1)
    out.print("No objections." if not findings else "Nothing that keeps it back.")


@app.command()
def validate(config: Config, *, plain: Plain = False) -> None:
    """Put the estimate of energy labels to the test: hold out whole neighbourhoods and predict them."""
    from twentegeo.pipeline import command  # noqa: PLC0415
    from twentegeo.settings import load  # noqa: PLC0415

    settings = load(config)
    with watched(plain=plain) as progress:
        found = command.validate(settings, progress)
    tables = found["tabellen"]
    for name in ("totaal", "methode", "woningtype", "labelperiode"):
        out.print(scores(name, tables[name]))
    out.print(calibration(tables["kalibratie"]))
    apart = found["over"]["gebiedsfout"]
    out.print(f"Whole neighbourhoods lie {apart} classes from the estimate (setting stability.gebiedsfout).")


@app.command()
def sample(  # noqa: PLR0913 - one option each
    folder: Annotated[Path, typer.Argument(metavar="OUT", help="Folder to write the made-up registers in.")],
    *,
    scale: Annotated[
        float, typer.Option(min=0.001, max=4.0, help="Size as a share of Twente (1 = 0.43 M panden).")
    ] = 0.02,
    seed: Annotated[int, typer.Option(min=0, help="Same number, same files.")] = 7,
    clusters: Annotated[
        bool, typer.Option(help="Plant concentrations of poor homes; without, nothing to find.")
    ] = True,
    mutations: Annotated[
        float,
        typer.Option(min=0, max=0.2, help="Share of the homes that changed: a second delivery of the same region."),
    ] = 0.0,
    only: Annotated[
        str | None,
        typer.Option("--only", metavar="CODE", help="Let homes change in this municipality only, e.g. 0153."),
    ] = None,
    plain: Plain = False,
) -> None:
    """Write a made-up Twente in the true source formats, with its known truth in truth.json."""
    from twentegeo.sample import write_sample  # noqa: PLC0415

    with watched(plain=plain) as progress:
        files = write_sample(
            folder, scale=scale, seed=seed, clusters=clusters, mutations=mutations, only=only, progress=progress.say
        )
    registers = (files.bag, files.parcels, files.energy_labels, files.neighbourhoods, *files.ownership)
    for path in (*registers, files.prognosis, files.truth):
        out.print(str(path))


@app.command()
def describe(
    table: Annotated[
        str | None, typer.Argument(metavar="TABLE", help="Name of a layer or table; none lists them.")
    ] = None,
) -> None:
    """Tell what a layer or table holds: every column with type, unit, meaning and source."""
    from twentegeo.publish import dictionary  # noqa: PLC0415

    if table is None:
        grid = Grid("tabel", "titel", "wat een rij is")
        for one in dictionary.known_tables().values():
            grid.add_row(one.name, one.title, one.summary)
        out.print(grid)
        return
    described = dictionary.describe(table)
    out.print(f"{described.naam}: {described.omschrijving} Geometrie: {described.geometrie}.", markup=False)
    grid = Grid("kolom", "wat erin staat", "betekenis", show_lines=True)
    for row in described.kolommen:
        kind = [row.soort + (f" ({row.eenheid})" if row.eenheid else ""), "" if row.verplicht else "mag leeg zijn"]
        options = f"\nWaarden: {row.waarden}." if row.waarden else ""
        meaning = f"[bold]{row.titel}[/bold]\n{row.omschrijving}{options}\n[dim]{row.omschrijving_en}[/dim]"
        grid.add_row(row.kolom, "\n".join([*filter(None, kind), f"bron: {row.bron}"]), meaning)
    out.print(grid)


def _orders(accept: list[str] | None, reason: str) -> Orders:
    """Take up what drift may pass tonight."""
    from twentegeo.pipeline.command import Orders  # noqa: PLC0415
    from twentegeo.pipeline.comparison import Acceptance  # noqa: PLC0415

    if accept and not reason:
        raise typer.BadParameter("say why with --reason", param_hint="--accept")
    return Orders(accepted=Acceptance(tuple(accept or ()), reason))


def _version(asked: bool) -> None:  # noqa: FBT001 - as typer calls it
    if asked:
        out.print(f"twentegeo {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Leave what every command shares to typer."""


def main() -> NoReturn:
    """Run the command line; what users can act on is one line on standard error and exit code 1."""
    logged()
    unhurried()
    one_thread_for_products()
    small_pages()
    leave(_done())


def _done() -> int:
    """Do what the command line asks, and say with what exit code."""
    try:
        app()
    except TwenteGeoError as error:
        print(f"twentegeo: {error}", file=sys.stderr)  # noqa: T201 - rich would wrap the one line
        return 1
    except SystemExit as asked:
        if asked.code == INTERRUPTED:
            logging.getLogger("twentegeo").warning("interrupted; the previous release stands")
        return asked.code if isinstance(asked.code, int) else int(asked.code is not None)
    return 0
