"""Looking at a release that exists, staged or published, and publishing a staged one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from twentegeo.checks.finding import Finding, Refused, stopping
from twentegeo.checks.package import check_package
from twentegeo.errors import ReleaseError, problem
from twentegeo.pipeline.diary import note
from twentegeo.publish import release as releasing
from twentegeo.publish import rollback, workplace
from twentegeo.publish.package_reading import read_back
from twentegeo.store import Store, only_run
from twentegeo.tables.layers import MAP_LAYERS, PLAIN_TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from twentegeo.settings import Settings


def inspect(settings: Settings) -> tuple[Path, list[Finding]]:
    """
    Check a release against what its manifest promises.

    Parameters
    ----------
    settings
        Whose outputs folder to look in.

    Returns
    -------
    folder, findings
        The staged release, or else the newest published one, and what is wrong with it.

    Raises
    ------
    ReleaseError
        There is no release at all, or its manifest is damaged.
    """
    store = Store(settings.outputs)
    folder = workplace.staged(store) or releasing.current(store)
    if folder is None:
        raise ReleaseError(problem(store.root, "hier staat nog geen release", "Draai eerst twentegeo run of build"))
    manifest = releasing.manifest_of(folder)
    missing = [name for name in manifest["bestanden"] if not (folder / name).is_file()]
    findings = [Finding("R01", "stop", f"bestand {name} ontbreekt in {folder}.") for name in missing]
    package = folder / f"{settings.slug}.gpkg"
    if not package.is_file():
        return folder, [*findings, Finding("R02", "stop", f"{package} ontbreekt; hoort deze map bij deze regio?")]
    counts = {**manifest["lagen"], "run": None}
    return folder, [*findings, *check_package(read_back(package), counts, (*MAP_LAYERS, *PLAIN_TABLES))]


def publish(settings: Settings) -> Path:
    """
    Check the staged release and put it in place.

    Parameters
    ----------
    settings
        Whose outputs folder.

    Returns
    -------
    released
        Where it stands now.

    Raises
    ------
    ReleaseError
        Nothing is staged, or a check keeps it back.
    """
    store = Store(settings.outputs)
    with only_run(store):
        staged = workplace.staged(store)
        if staged is None:
            raise ReleaseError(problem(store.staging, "er staat niets klaar", "Draai eerst twentegeo build"))
        _, findings = inspect(settings)
        if stopping(findings):
            raise Refused(findings)
        released = releasing.release(store, staged)
        note(store, "uitgebracht", release=released.name)
        # the operator looked and chose: what kept latest on an earlier release is over
        rollback.resume(store, datetime.now(tz=UTC))
        return released
