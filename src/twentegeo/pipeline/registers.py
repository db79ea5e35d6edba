"""Which reader reads which delivery; each is a stage of its own, so that one changed file redoes one reading."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from twentegeo.pipeline.refusal import answerable
from twentegeo.pipeline.stages import Computed
from twentegeo.sources import bag, cadastre, cbs, corporations, ep_online
from twentegeo.tables.contract import empty
from twentegeo.tables.registers import BEZIT

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from twentegeo.pipeline.progress import Progress
    from twentegeo.pipeline.stages import Outcome, Stages
    from twentegeo.settings import Settings
    from twentegeo.sources.snapshot import Snapshot
    from twentegeo.store import Store

PARCEL_MARGIN_M = 200.0
"""Parcels are read this far around the region's buildings, metres: a building on the edge keeps its parcel."""


@dataclass(frozen=True)
class Snapshots:
    """
    The deliveries that a night reads.

    Attributes
    ----------
    bag, parcels, energy_labels, neighbourhoods, ownership
        One of each register; any number of property lists.
    top_up
        What the services of the BAG say after its file: one or none.
    mutations
        Daily files of EP-Online after the total file, oldest first.
    earlier
        Editions of the CBS map that fill up the newest, latest first.
    """

    bag: Snapshot
    parcels: Snapshot
    energy_labels: Snapshot
    neighbourhoods: Snapshot
    ownership: tuple[Snapshot, ...]
    top_up: tuple[Snapshot, ...] = ()
    mutations: tuple[Snapshot, ...] = ()
    earlier: tuple[Snapshot, ...] = ()

    def all(self) -> tuple[Snapshot, ...]:
        """List them in a fixed order."""
        labels, areas = (self.energy_labels, *self.mutations), (self.neighbourhoods, *self.earlier)
        return (self.bag, *self.top_up, self.parcels, *labels, *areas, *self.ownership)

    @property
    def additions(self) -> tuple[Snapshot, ...]:
        """Those that come on top of another: a day's BAG, mutations of labels, earlier editions of areas."""
        return (*self.top_up, *self.mutations, *self.earlier)


@dataclass(frozen=True)
class Registers:
    """What the readers gave, as stages."""

    bag: Outcome
    parcels: Outcome
    energy_labels: Outcome
    neighbourhoods: Outcome
    ownership: Outcome

    def all(self) -> tuple[Outcome, ...]:
        """List them in a fixed order."""
        return (self.bag, self.parcels, self.energy_labels, self.neighbourhoods, self.ownership)

    @property
    def peildatum(self) -> date:
        """The date that everything refers to."""
        return date.fromisoformat(self.bag.facts["peildatum"])


def read_bag(
    settings: Settings,
    snapshot: Snapshot,
    stages: Stages,
    store: Store,
    progress: Progress,
    top_up: tuple[Snapshot, ...] = (),
) -> Outcome:
    """
    Read the BAG for the region.

    Parameters
    ----------
    settings
        Region, reference date and number of processes.
    snapshot
        The delivery.
    stages, store, progress
        Where outcomes are kept, and who is told.
    top_up
        A later state of the region, from the services; at most one.

    Returns
    -------
    outcome
        Tables ``pand``, ``verblijfsobject``, ``vbo_pand``, ``adres``, ``plaats``; facts ``peildatum``,
        ``counts``, ``bounds``.
    """
    scope = bag.BagScope(municipalities=settings.region.municipalities, reference_date=settings.reference_date)

    def one(delivery: Snapshot, work: Path) -> bag.BagTables:
        with answerable(delivery, store):
            return bag.read(
                delivery,
                scope,
                work=work,
                workers=settings.workers,
                progress=progress.count,
                parameters=settings.bag,
            )

    def compute() -> Computed:
        work = _scratch(store, "bag")
        try:
            read = one(snapshot, work)
            for later in top_up:
                read = bag.topped_up(read, one(later, work))
        finally:
            shutil.rmtree(work, ignore_errors=True)
        return Computed(
            tables={
                "pand": read.pand,
                "verblijfsobject": read.verblijfsobject,
                "vbo_pand": read.vbo_pand,
                "adres": read.adres,
                "plaats": read.plaats,
            },
            losses=read.losses,
            facts={
                "peildatum": read.reference_date.isoformat(),
                "counts": dict(read.counts),
                "bounds": [float(bound) for bound in read.pand.total_bounds],
            },
        )

    rules = settings.bag.model_dump(mode="json")
    sums = (snapshot.sha256, *(later.sha256 for later in top_up))
    inputs = (sums, scope.municipalities, scope.reference_date, rules)
    return stages.run("bag", inputs, ("sources/bag", "sources/snapshot.py"), compute)


def read_parcels(snapshot: Snapshot, bag_read: Outcome, stages: Stages) -> Outcome:
    """
    Read the parcels around the region's buildings.

    Parameters
    ----------
    snapshot
        The delivery of the Kadastrale Kaart.
    bag_read
        Outcome of :func:`read_bag`; its facts bound the region.
    stages
        Where outcomes are kept.

    Returns
    -------
    outcome
        Table ``perceel``; fact ``counts``.
    """
    west, south, east, north = bag_read.facts["bounds"]
    bounds = (
        west - PARCEL_MARGIN_M,
        south - PARCEL_MARGIN_M,
        east + PARCEL_MARGIN_M,
        north + PARCEL_MARGIN_M,
    )

    def compute() -> Computed:
        with answerable(snapshot, stages.store):
            read = cadastre.read(snapshot, bounds)
        return Computed({"perceel": read.parcels}, losses=read.losses, facts={"counts": dict(read.counts)})

    return stages.run("percelen", (snapshot.sha256, bounds), ("sources",), compute)


def read_labels(snapshot: Snapshot, bag_read: Outcome, stages: Stages, mutations: tuple[Snapshot, ...] = ()) -> Outcome:
    """
    Read the energy labels that can belong to the region.

    Parameters
    ----------
    snapshot
        The delivery of EP-Online.
    bag_read
        Outcome of :func:`read_bag`; its ids and postal codes say what can belong to the region.
    stages
        Where outcomes are kept.
    mutations
        Daily files that come on top.

    Returns
    -------
    outcome
        Table ``energielabel``; facts ``counts``, ``publicatiedatum``.
    """

    def compute() -> Computed:
        addresses = bag_read.tables["adres"]
        scope = ep_online.LabelScope(
            object_ids=_texts(addresses["object_id"]),
            pand_ids=_texts(bag_read.tables["pand"]["pand_id"]),
            postcodes=_texts(addresses["postcode"].dropna().drop_duplicates()),
        )
        with answerable(snapshot, stages.store):
            read = ep_online.read(snapshot, scope, mutations)
        published = read.publication_date
        return Computed(
            {"energielabel": read.labels},
            losses=read.losses,
            facts={
                "counts": dict(read.counts),
                "publicatiedatum": published.isoformat() if published else None,
            },
        )

    inputs = (snapshot.sha256, tuple(one.sha256 for one in mutations), bag_read.fingerprint)
    return stages.run("labels", inputs, ("sources",), compute)


def read_neighbourhoods(
    settings: Settings, snapshot: Snapshot, stages: Stages, earlier: tuple[Snapshot, ...] = ()
) -> Outcome:
    """
    Read the CBS areas of the region.

    Parameters
    ----------
    settings
        The region's municipalities.
    snapshot
        The CBS map.
    stages
        Where outcomes are kept.
    earlier
        Editions that fill it up.

    Returns
    -------
    outcome
        Tables ``buurt``, ``wijk``, ``gemeente``; facts ``counts``, ``jaar``, ``jaren`` (by level the year of each
        figure), ``ontbrekend``.
    """
    municipalities = settings.region.municipalities

    def compute() -> Computed:
        with answerable(snapshot, stages.store):
            read = cbs.read(snapshot, municipalities, earlier, settings.cbs)
        return Computed(
            {"buurt": read.buurt, "wijk": read.wijk, "gemeente": read.gemeente},
            losses=read.losses,
            facts={
                "counts": dict(read.counts),
                "jaar": read.year,
                "jaren": read.years,
                "ontbrekend": [list(pair) for pair in read.missing],
            },
        )

    sums = (snapshot.sha256, *(one.sha256 for one in earlier))
    return stages.run("gebieden", (sums, municipalities, settings.cbs.model_dump()), ("sources",), compute)


def read_ownership(snapshots: tuple[Snapshot, ...], stages: Stages) -> Outcome:
    """
    Read what the corporations handed in.

    Parameters
    ----------
    snapshots
        Their lists; may be none.
    stages
        Where outcomes are kept.

    Returns
    -------
    outcome
        Table ``bezit``; fact ``counts``.
    """

    def compute() -> Computed:
        if not snapshots:
            return Computed({"bezit": empty(BEZIT)}, facts={"counts": {}})
        read = corporations.read(snapshots)
        return Computed({"bezit": read.bezit}, losses=read.losses, facts={"counts": dict(read.counts)})

    inputs = tuple((snapshot.path.name, snapshot.sha256) for snapshot in snapshots)
    return stages.run("bezit", inputs, ("sources",), compute)


def _texts(column: pd.Series[str]) -> list[str]:
    """List a column at once; walking along it makes a Python object at a time."""
    return list(column.to_numpy(dtype=object))


def _scratch(store: Store, name: str) -> Path:
    folder = store.staging / f".{name}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
