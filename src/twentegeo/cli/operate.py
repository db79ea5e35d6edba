"""Commands for whoever looks after the nights: go back, go on, tidy up, see how it stands, be told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table as Grid

from twentegeo.cli.arguments import Config

out = Console(soft_wrap=True)

Reason = Annotated[str, typer.Option("--reason", help="Why; kept in outputs/logboek.jsonl.")]


def rollback(
    config: Config,
    *,
    to: Annotated[
        str | None, typer.Option("--to", metavar="RUN_ID", help="Which release; none is the one before.")
    ] = None,
    reason: Reason = "",
) -> None:
    """Put latest on an earlier release and hold it there; nights go on, their result waits in staging."""
    from twentegeo.publish.rollback import roll_back  # noqa: PLC0415 - help must not wait for pydantic and geopandas
    from twentegeo.settings import load  # noqa: PLC0415
    from twentegeo.store import Store, only_run  # noqa: PLC0415

    store = Store(load(config).outputs)
    with only_run(store):
        folder = roll_back(store, to, reason, datetime.now(tz=UTC))
    out.print(f"latest is on {folder.name} again and stays there. Go on with: twentegeo resume CONFIG")


def resume(config: Config) -> None:
    """Let nights publish again after a rollback."""
    from twentegeo.publish import rollback as going_back  # noqa: PLC0415
    from twentegeo.settings import load  # noqa: PLC0415
    from twentegeo.store import Store, only_run  # noqa: PLC0415

    store = Store(load(config).outputs)
    with only_run(store):
        lifted = going_back.resume(store, datetime.now(tz=UTC))
    out.print("The next night publishes again." if lifted else "Nothing was held.")


def retain(
    config: Config,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would go.")] = False,
) -> None:
    """Remove releases beyond those that the settings keep (retention)."""
    from twentegeo.pipeline.upkeep import tidy  # noqa: PLC0415
    from twentegeo.publish.retention import surplus  # noqa: PLC0415
    from twentegeo.settings import load  # noqa: PLC0415
    from twentegeo.store import Store  # noqa: PLC0415

    settings = load(config)
    if dry_run:
        going = [folder.name for folder in surplus(Store(settings.outputs), settings.retention)]
        out.print("\n".join(going) or "Nothing would go.")
        return
    tidied = tidy(settings)
    out.print(f"Removed: {', '.join(tidied.removed) or 'nothing'}")
    if tidied.refused:
        out.print(f"In use, next time: {', '.join(tidied.refused)}")


def status(
    config: Config,
    *,
    max_age: Annotated[
        float, typer.Option("--max-age", metavar="HOURS", min=0, help="A last good night older than this is an alarm.")
    ] = 26.0,
) -> None:
    """Tell how it stands; exit code 1 where somebody should look (for a monitor)."""
    from twentegeo.pipeline.upkeep import state_of  # noqa: PLC0415
    from twentegeo.settings import load  # noqa: PLC0415

    state = state_of(load(config), datetime.now(tz=UTC), max_age)
    grid = Grid(show_header=False, box=None)
    for name, value in state.facts.items():
        grid.add_row(name, value)
    out.print(grid)
    for alarm in state.alarms:
        out.print(f"alarm: {alarm}", markup=False)
    if state.alarms:
        raise typer.Exit(1)


def notify(
    config: Config,
    *,
    test: Annotated[bool, typer.Option("--test", help="Send a message whatever happened.")] = False,
) -> None:
    """Tell the operator if the last night died without a word (for systemd's OnFailure)."""
    from twentegeo.notifier import VARIABLE, Message, addresses, tell  # noqa: PLC0415
    from twentegeo.pipeline.telling import about_failure, killed  # noqa: PLC0415
    from twentegeo.settings import load  # noqa: PLC0415

    settings = load(config)
    where = addresses()
    if not where:
        out.print(f"Nobody is told: {VARIABLE} is not set.")
        raise typer.Exit(1)
    reason = killed(settings)
    if test:
        message = Message(f"twentegeo {settings.region.name}: proefbericht", "Berichten komen aan.", "success")
    elif reason:
        message = about_failure(settings, reason)
    else:
        out.print("The last night ended by itself; nothing to tell.")
        return
    if not tell(message, where):
        raise typer.Exit(1)
    out.print("Told.")
