"""
The night as a Prefect flow: fetch → read → build → compare → check → release.

``python -m flows.nightly config/sample.yaml`` runs it without a server of your own: Prefect starts a temporary one.
Tasks, retries, row counts and losses show in Prefect's pages and log. The night itself is written in
:mod:`twentegeo.pipeline.command`; here is how Prefect carries it out.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from prefect import flow

from flows.hooks import tell_crash, tell_failure
from flows.reporting import RunLog, plain_refusals, report_release
from flows.steps import as_task
from flows.vault import ep_online_key, where
from twentegeo.errors import TwenteGeoError
from twentegeo.notifier import tell
from twentegeo.pipeline import command
from twentegeo.pipeline.command import Orders, Published
from twentegeo.pipeline.comparison import Acceptance
from twentegeo.pipeline.fetching import Going
from twentegeo.pipeline.telling import about_end
from twentegeo.settings import load

WAIT_S = 3 * 3600.0
"""How long a scheduled night waits for one that was started by hand, seconds; then the morning is too near."""

NIGHT_S = 8 * 3600
"""A night that takes longer hangs, seconds: from 02:15 to past ten in the morning."""


@flow(
    name="nightly",
    validate_parameters=False,
    persist_result=False,
    timeout_seconds=NIGHT_S,
    on_failure=[tell_failure],
    on_crashed=[tell_crash],
)
def nightly(
    config: str, *, rebuild: bool = False, offline: bool = False, accept: list[str] | None = None, reason: str = ""
) -> Published:
    """
    Run the night.

    Parameters
    ----------
    config
        Path of the settings file.
    rebuild
        Compute and publish everything, also when nothing changed.
    offline
        Make no request: use the files and deliveries that are there.
    accept
        Codes of drift that pass tonight, for example D02; needs a reason.
    reason
        Why they pass; kept in the release and the logbook.

    Returns
    -------
    published
        The release that stands now.

    Raises
    ------
    TwenteGeoError
        Something was refused; the previous release stands.
    """
    plain_refusals()
    settings = load(Path(config))
    orders = Orders(
        rebuild=rebuild,
        accepted=Acceptance(tuple(accept or ()), reason),
        wait_s=WAIT_S,
        going=Going(offline=offline, key=ep_online_key()),
    )
    published = command.run(settings, RunLog(), orders, as_task)
    report_release(settings, published)
    tell(about_end(settings, published), where())
    return published


def main() -> None:
    """Run the flow from a shell; what users can act on is one line on standard error."""
    parser = argparse.ArgumentParser(prog="python -m flows.nightly", description="Run the night as a Prefect flow.")
    parser.add_argument("config", help="settings file, for example config/sample.yaml")
    parser.add_argument("--rebuild", action="store_true", help="compute everything again, also what did not change")
    arguments = parser.parse_args()
    try:
        settings = load(Path(arguments.config))
        published = nightly(arguments.config, rebuild=arguments.rebuild)
    except TwenteGeoError as error:
        sys.exit(f"twentegeo: {error}")
    state = "New release" if published.new else "Nothing changed; the release that stands"
    sys.stdout.write(f"{state}: {published.folder}\nLayers: {settings.outputs / 'latest' / settings.slug}.gpkg\n")


if __name__ == "__main__":
    main()
