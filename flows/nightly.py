"""
The night as a Prefect flow: fetch → read → build → check → release.

``python -m flows.nightly config/sample.yaml`` runs it without a server of your own: Prefect starts a temporary one.
Tasks, retries, row counts and losses show in Prefect's pages and log.
"""

from __future__ import annotations

import argparse
import errno
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE

from flows.reporting import RunLog, plain_refusals, report_release, report_stages
from twentegeo.errors import TwenteGeoError
from twentegeo.figures import Reference, load_reference
from twentegeo.pipeline import night, registers, staging
from twentegeo.pipeline.command import Published, remembered
from twentegeo.pipeline.stages import Stages
from twentegeo.publish import release as releasing
from twentegeo.settings import Settings, config_folder, load
from twentegeo.store import Store

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State, TaskRun
    from prefect.tasks import Task

    from twentegeo.pipeline.night import Built
    from twentegeo.pipeline.registers import Registers, Snapshots
    from twentegeo.pipeline.stages import Outcome

READ_TIMEOUT_S = 1800
"""A reading that takes longer hangs: the whole country takes ten minutes."""


def _may_pass(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Retry what the system refused (a share that is away); what a room refused stays wrong."""
    error = state.result(raise_on_failure=False)
    full = getattr(error, "errno", None) == errno.ENOSPC
    return isinstance(error, OSError) and not isinstance(error, TwenteGeoError) and not full


STEP: dict[str, Any] = {
    "retries": 2,
    "retry_delay_seconds": [5, 30],
    "retry_condition_fn": _may_pass,
    "timeout_seconds": READ_TIMEOUT_S,
    "cache_policy": NO_CACHE,
    "persist_result": False,
}


@task(name="fetch: take in the deliveries", **STEP)
def fetch(settings: Settings) -> Snapshots:
    """Take in the deliveries that the settings name."""
    return night.fetch(settings, RunLog())


@task(name="read: BAG", **STEP)
def read_bag(settings: Settings, snapshots: Snapshots, stages: Stages, store: Store) -> Outcome:
    """Read the BAG for the region."""
    return registers.read_bag(settings, snapshots.bag, stages, store, RunLog(), snapshots.top_up)


@task(name="read: parcels, labels, areas, ownership, prognosis", **STEP)
def read_others(settings: Settings, snapshots: Snapshots, bag: Outcome, stages: Stages) -> Registers:
    """Read the other registers; the BAG bounds what belongs to the region."""
    return registers.read_others(settings, snapshots, bag, stages)


@task(name="build: join, score, draw areas", **STEP)
def build(
    settings: Settings, reference: Reference, read_in: tuple[Registers, Snapshots], stages: Stages, store: Store
) -> Built:
    """Join, score and draw areas."""
    built = night.build(settings, reference, read_in, stages, staging.previous_areas(settings, store))
    report_stages(built)
    return built


@task(name="check: write to staging and read back", **STEP)
def check(settings: Settings, reference: Reference, built: Built, store: Store, mark: str) -> Path:
    """Write a release in the making, read it back and judge it."""
    return staging.stage(settings, reference, built, store, mark, RunLog())


@task(name="release: switch latest", **STEP)
def release(store: Store, staged: Path) -> Path:
    """Put the checked release in place."""
    return releasing.release(store, staged)


@flow(name="nightly", validate_parameters=False, persist_result=False)
def nightly(config: str, *, rebuild: bool = False) -> Published:
    """
    Run the night.

    Parameters
    ----------
    config
        Path of the settings file.
    rebuild
        Compute and publish everything, also when nothing changed.

    Returns
    -------
    published
        The release that stands now.

    Raises
    ------
    TwenteGeoError
        Something was refused; the previous release stands.
    """
    settings = load(Path(config))
    reference = load_reference(config_folder())
    store = Store(settings.outputs)
    with releasing.only_run(store), remembered(store):
        snapshots = fetch(settings)
        mark = staging.release_mark(settings, reference, snapshots)
        standing = None if rebuild else staging.unchanged(store, mark)
        if standing:
            get_run_logger().info("Nothing changed since release %s; it stands", standing)
            folder = store.releases / standing
            return Published(folder, new=False, manifest=releasing.manifest_of(folder))
        with Stages(store, RunLog(), rebuild=rebuild) as stages:
            bag = read_bag(settings, snapshots, stages, store)
            read = read_others(settings, snapshots, bag, stages)
            built = build(settings, reference, (read, snapshots), stages, store)
            staged = check(settings, reference, built, store, mark)
            stages.settle()
        folder = release(store, staged)
        stages.forget()
        published = Published(folder, new=True, manifest=releasing.manifest_of(folder))
        report_release(published)
        return published


def main() -> None:
    """Run the flow from a shell; what users can act on is one line on standard error."""
    parser = argparse.ArgumentParser(prog="python -m flows.nightly", description="Run the night as a Prefect flow.")
    parser.add_argument("config", help="settings file, for example config/sample.yaml")
    parser.add_argument("--rebuild", action="store_true", help="compute everything again, also what did not change")
    arguments = parser.parse_args()
    plain_refusals()
    try:
        settings = load(Path(arguments.config))
        published = nightly(arguments.config, rebuild=arguments.rebuild)
    except TwenteGeoError as error:
        sys.exit(f"twentegeo: {error}")
    state = "New release" if published.new else "Nothing changed; the release that stands"
    sys.stdout.write(f"{state}: {published.folder}\nLayers: {settings.outputs / 'latest' / settings.slug}.gpkg\n")


if __name__ == "__main__":
    main()
