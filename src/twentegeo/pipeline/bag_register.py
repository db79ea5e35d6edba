"""
Reading the BAG, as stages: the file, and on top of it what the services say of a later day.

The file comes once a month and takes longest to read; the services say something new every night.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from twentegeo.pipeline.outcome import Computed
from twentegeo.pipeline.refusal import answerable
from twentegeo.sources import bag

if TYPE_CHECKING:
    from collections.abc import Callable

    from twentegeo.pipeline.outcome import Outcome
    from twentegeo.pipeline.progress import Progress
    from twentegeo.pipeline.registers import Snapshots
    from twentegeo.pipeline.stages import Stages
    from twentegeo.settings import Settings
    from twentegeo.sources.snapshot import Snapshot
    from twentegeo.store import Store
    from twentegeo.tables.shapes import Mapped

_SELDOM = ("pand", "verblijfsobject", "plaats")
"""Tables whose geometry only the joins on place look at; these are reused as long as the BAG is."""


def read_bag(
    settings: Settings,
    snapshots: Snapshots,
    stages: Stages,
    store: Store,
    progress: Progress,
    freed: Callable[[int], None] = bag.needs_no_room,
) -> Outcome:
    """
    Read the BAG for the region: the file, and on top of it what the services say of a later day.

    Parameters
    ----------
    settings
        Region, reference date and number of processes.
    snapshots
        The deliveries.
    stages, store, progress
        Where outcomes are kept, and who is told. The file is a stage of its own: it comes once a month, the services
        say something new every night.
    freed
        See :class:`twentegeo.sources.bag.Means`.

    Returns
    -------
    outcome
        Tables ``pand``, ``verblijfsobject``, ``vbo_pand``, ``adres``, ``plaats``; facts ``peildatum``,
        ``counts``, ``bounds``.
    """
    scope = bag.BagScope(municipalities=settings.region.municipalities, reference_date=settings.reference_date)
    rules = (scope.municipalities, scope.reference_date, settings.bag.model_dump(mode="json"))
    code = ("sources/bag", "sources/snapshot.py")

    def published() -> Mapped | None:
        panden = (stages.published(stage, code, "pand", ["pand_id"]) for stage in ("bag_bijgewerkt", "bag"))
        return next((found for found in panden if found is not None), None)

    # what is made of a stand depends on no region and no day
    recall = stages.place("bag_standen", settings.bag.model_dump(mode="json"), code)

    def one(delivery: Snapshot) -> bag.BagTables:
        work = _scratch(store, "bag")
        means = bag.Means(work, settings.workers, progress.count, published, recall, freed)
        try:
            with answerable(delivery, store):
                return bag.read(delivery, scope, means, settings.bag)
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def topped(base: Outcome, later: Snapshot) -> Computed:
        daily = one(later)
        # asked for afterwards: what the stage before kept is read while the services' file is
        return _bag_computed(bag.topped_up(_listed(base), daily))

    sums = (snapshots.bag.sha256, *rules)
    read = stages.run("bag", sums, code, lambda: _bag_computed(one(snapshots.bag)), seldom=_SELDOM, mapped={"pand"})
    for later in snapshots.top_up:
        inputs = (read.fingerprint, later.sha256, *rules)
        file, work = read, partial(topped, read, later)
        read = stages.run("bag_bijgewerkt", inputs, code, work, seldom=_SELDOM, mapped={"pand"})
        read = replace(read, below=file.ran)
    return read


def _bag_computed(read: bag.BagTables) -> Computed:
    return Computed(
        tables={
            "pand": read.panden,
            "verblijfsobject": read.verblijfsobject,
            "vbo_pand": read.vbo_pand,
            "adres": read.adres,
            "plaats": read.plaats,
        },
        losses=read.losses,
        facts={
            "peildatum": read.reference_date.isoformat(),
            "counts": dict(read.counts),
            "bounds": [float(bound) for bound in read.panden.extent()],
        },
    )


def _listed(outcome: Outcome) -> bag.Listing:
    """Take up what the BAG of a stage lists; its outlines stay on disk."""
    tables = outcome.tables
    return bag.Listing(
        pand=tables.columns("pand", ["pand_id"]),
        verblijfsobject=tables.columns("verblijfsobject", ["vbo_id"]),
        vbo_pand=tables["vbo_pand"],
        adres=tables["adres"],
    )


def _scratch(store: Store, name: str) -> Path:
    """Make a folder of this run's own: a parser that outlives a killed run may still be writing in that run's."""
    store.staging.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(dir=store.staging, prefix=f".{name}-"))
