"""
A whole night as one call, with what goes around it: the lock, the reuse of an unchanged night, the written reason.

The command line calls :func:`run`; the Prefect flow takes the same steps one task at a time.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from twentegeo.errors import ReleaseError, TwenteGeoError, problem
from twentegeo.figures import load_reference
from twentegeo.pipeline import night, staging, validation
from twentegeo.pipeline import stock as joining
from twentegeo.pipeline.stages import Stages
from twentegeo.publish import release as releasing
from twentegeo.publish.report.night import FILE as NIGHT_PAGE
from twentegeo.publish.report.night import night_of, write_night
from twentegeo.settings import config_folder
from twentegeo.store import Store, write_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from twentegeo.pipeline.fetching import Going
    from twentegeo.pipeline.progress import Progress
    from twentegeo.pipeline.registers import Snapshots
    from twentegeo.settings import Settings


REMEDY = "Maak ruimte of herstel de toegang en draai opnieuw; de vorige release staat nog"


@dataclass(frozen=True)
class Published:
    """
    How a night ended.

    Attributes
    ----------
    folder
        The release that stands now.
    new
        False when nothing had changed, so that the previous release stands.
    manifest
        What the release says of itself.
    """

    folder: Path
    new: bool
    manifest: dict[str, Any]


def fetch(settings: Settings, progress: Progress, going: Going | None = None) -> Snapshots:
    """
    Take in the deliveries, and nothing else.

    Parameters
    ----------
    settings, progress
        As for :func:`run`.
    going
        Whether the network may be used, and with which key; it may, when None.

    Returns
    -------
    snapshots
        What the next run would read.

    Raises
    ------
    TwenteGeoError
        A register could not be had and there is no delivery of it yet, or another run is busy.
    """
    with releasing.only_run(Store(settings.outputs)):
        return night.fetch(settings, progress, going)


def run(settings: Settings, progress: Progress, *, rebuild: bool = False, going: Going | None = None) -> Published:
    """
    Run a whole night.

    Parameters
    ----------
    settings
        The region and its sources.
    progress
        Who is told.
    rebuild
        Compute and publish everything, also when nothing changed.
    going
        Whether the network may be used, and with which key; it may, when None.

    Returns
    -------
    published
        The release that stands now.

    Raises
    ------
    TwenteGeoError
        Something was refused; the previous release stands and the reason is in ``laatste_run.json``.
    """
    store = Store(settings.outputs)
    reference = load_reference(config_folder())
    with releasing.only_run(store), remembered(store):
        snapshots = night.fetch(settings, progress, going)
        mark = staging.release_mark(settings, reference, snapshots)
        standing = None if rebuild else staging.unchanged(store, mark)
        if standing:
            folder = store.releases / standing
            return Published(folder, new=False, manifest=releasing.manifest_of(folder))
        previous = staging.previous_areas(settings, store)
        with Stages(store, progress, rebuild=rebuild) as stages:
            registers = night.read(settings, snapshots, stages, store, progress)
            built = night.build(settings, reference, (registers, snapshots), stages, previous)
            staged = staging.stage(settings, reference, built, store, mark, progress)
            stages.settle()
        folder = releasing.release(store, staged)
        stages.forget()
        return Published(folder, new=True, manifest=releasing.manifest_of(folder))


def build(settings: Settings, progress: Progress, *, rebuild: bool = False, going: Going | None = None) -> Path:
    """
    Do everything but the release.

    Parameters
    ----------
    settings, progress, rebuild, going
        As for :func:`run`.

    Returns
    -------
    staged
        The release in the making, checked.

    Raises
    ------
    TwenteGeoError
        Something was refused.
    """
    store = Store(settings.outputs)
    reference = load_reference(config_folder())
    with releasing.only_run(store), remembered(store):
        snapshots = night.fetch(settings, progress, going)
        mark = staging.release_mark(settings, reference, snapshots)
        previous = staging.previous_areas(settings, store)
        with Stages(store, progress, rebuild=rebuild) as stages:
            registers = night.read(settings, snapshots, stages, store, progress)
            built = night.build(settings, reference, (registers, snapshots), stages, previous)
            return staging.stage(settings, reference, built, store, mark, progress)


def validate(settings: Settings, progress: Progress) -> dict[str, Any]:
    """
    Put the estimate of labels to the test now, whatever the size of the region.

    Parameters
    ----------
    settings, progress
        As for :func:`run`.

    Returns
    -------
    facts
        As :func:`twentegeo.pipeline.validation.tested` gives; kept in ``validatie.json`` for the reports to come.

    Raises
    ------
    TwenteGeoError
        A source was refused.
    """
    store, reference = Store(settings.outputs), load_reference(config_folder())
    with releasing.only_run(store):
        snapshots = night.fetch(settings, progress)
        with Stages(store, progress) as stages:
            registers = night.read(settings, snapshots, stages, store, progress)
            stock = joining.assemble(settings, reference, registers, stages)
            facts = validation.tested(settings, reference, registers, stock, stages)
            stages.settle()
        write_json(store.validation, facts)
    return facts


@contextmanager
def remembered(store: Store) -> Iterator[None]:
    """
    Write down how a night ended, also when it was red.

    Parameters
    ----------
    store
        The outputs folder; ``laatste_run.json`` is written in it.

    Raises
    ------
    ReleaseError
        In place of what the system refused (a full disk), so that the user gets one line.
    """
    begun, start = datetime.now(tz=UTC), time.perf_counter()
    reason: str | None = "onderbroken"
    try:
        yield
        reason = None
    except TwenteGeoError as error:
        reason = str(error)
        raise
    except OSError as error:
        where = error.filename or store.root
        refusal = ReleaseError(problem(where, releasing.reason(error), REMEDY))
        reason = str(refusal)
        raise refusal from error
    except Exception as error:
        reason = f"onverwachte fout: {type(error).__name__}: {error}"
        raise
    finally:
        newest = releasing.current(store)
        report = {
            "begonnen": begun.isoformat(timespec="seconds"),
            "seconden": round(time.perf_counter() - start, 1),
            "gelukt": reason is None,
            "reden": reason,
            "release": newest.name if newest else None,
        }
        _write_report(store, report)


def _write_report(store: Store, report: dict[str, Any]) -> None:
    try:
        write_json(store.last_run, report)
        write_night(store.root / NIGHT_PAGE, night_of(report))
    except OSError:  # a full disk must not hide the reason why the night was red
        return
