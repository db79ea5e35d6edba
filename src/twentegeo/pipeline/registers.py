"""Which reader reads which delivery; each is a stage of its own, so that one changed file redoes one reading."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from twentegeo.pipeline.bag_register import read_bag
from twentegeo.pipeline.optional_registers import read_ownership, read_parcels, read_prognosis
from twentegeo.pipeline.outcome import Computed
from twentegeo.pipeline.refusal import answerable
from twentegeo.pipeline.wording import lacking
from twentegeo.sources import cbs, ep_online

if TYPE_CHECKING:
    from twentegeo.pipeline.outcome import Outcome
    from twentegeo.pipeline.progress import Progress
    from twentegeo.pipeline.stages import Stages
    from twentegeo.settings import Settings
    from twentegeo.sources.snapshot import Snapshot
    from twentegeo.store import Store

_TOTAL = ("registraties",)
"""What is kept of a total file; only a night with other dwellings or mutations looks at it."""


@dataclass(frozen=True)
class Snapshots:
    """
    The deliveries that a night reads.

    Attributes
    ----------
    bag, parcels, energy_labels, neighbourhoods, ownership, prognosis
        One of each register; no parcels and no prognosis (None) where the region has none; any number of property
        lists.
    top_up
        What the services of the BAG say after its file: one or none.
    mutations
        Daily files of EP-Online after the total file, oldest first.
    earlier
        Editions of the CBS map that fill up the newest, latest first.
    """

    bag: Snapshot
    parcels: Snapshot | None
    energy_labels: Snapshot
    neighbourhoods: Snapshot
    ownership: tuple[Snapshot, ...]
    top_up: tuple[Snapshot, ...] = ()
    mutations: tuple[Snapshot, ...] = ()
    earlier: tuple[Snapshot, ...] = ()
    prognosis: Snapshot | None = None

    def all(self) -> tuple[Snapshot, ...]:
        """List those that are there, in a fixed order."""
        labels, areas = (self.energy_labels, *self.mutations), (self.neighbourhoods, *self.earlier)
        listed = (self.bag, *self.top_up, self.parcels, *labels, *areas, *self.ownership, self.prognosis)
        return tuple(snapshot for snapshot in listed if snapshot is not None)

    @property
    def additions(self) -> tuple[Snapshot, ...]:
        """Those that come on top of another: a day's BAG, mutations of labels, earlier editions of areas."""
        return (*self.top_up, *self.mutations, *self.earlier)


@dataclass(frozen=True)
class Ground:
    """What says which dwellings there are and where, as stages."""

    bag: Outcome
    parcels: Outcome
    neighbourhoods: Outcome

    @property
    def has_parcels(self) -> bool:
        """Whether the region has a delivery of parcels at all."""
        return bool(self.parcels.facts["geleverd"])

    @property
    def peildatum(self) -> date:
        """The date that everything refers to."""
        return date.fromisoformat(self.bag.facts["peildatum"])


@dataclass(frozen=True)
class Registers(Ground):
    """What all readers gave, as stages."""

    energy_labels: Outcome
    ownership: Outcome
    prognosis: Outcome

    def all(self) -> tuple[Outcome, ...]:
        """List them in a fixed order."""
        return (self.bag, self.parcels, self.energy_labels, self.neighbourhoods, self.ownership, self.prognosis)


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
    addresses = bag_read.tables["adres"]
    scope = ep_online.LabelScope(
        object_ids=addresses["object_id"],
        pand_ids=bag_read.tables.columns("pand", ["pand_id"])["pand_id"],
        postcodes=addresses["postcode"].dropna(),
    )
    # dwellings come and go every night, what the region's numbers look like stays: the national file is read once
    vicinity = ep_online.Vicinity.of(scope)

    def read_total() -> Computed:
        with answerable(snapshot, stages.store):
            total = ep_online.read_total(snapshot, vicinity)
        return Computed({"registraties": total.rows}, facts=total.facts())

    total = stages.run("labels_totaal", (snapshot.sha256, vicinity.told()), ("sources",), read_total, _TOTAL)

    def compute() -> Computed:
        held = ep_online.Total.of(total.tables["registraties"], total.facts)
        with answerable(snapshot, stages.store):
            read = ep_online.on_the_day(held, scope, mutations)
        published = read.publication_date
        return Computed(
            {"energielabel": read.labels},
            losses=read.losses,
            facts={
                "counts": dict(read.counts),
                "publicatiedatum": published.isoformat() if published else None,
            },
        )

    inputs = (total.fingerprint, tuple(one.sha256 for one in mutations), bag_read.fingerprint)
    read = stages.run("labels", inputs, ("sources",), compute)
    return replace(read, below=total.ran)


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
                "weggelaten": lacking(read.missing, len(read.gemeente)),
            },
        )

    sums = (snapshot.sha256, *(one.sha256 for one in earlier))
    inputs = (sums, municipalities, settings.cbs.model_dump())
    return stages.run("gebieden", inputs, ("sources", "pipeline/wording.py"), compute)


def read_ground(settings: Settings, snapshots: Snapshots, bag_read: Outcome, stages: Stages) -> Ground:
    """
    Read areas and parcels.

    Parameters
    ----------
    settings, snapshots
        The region and its deliveries.
    bag_read
        Outcome of :func:`read_bag`, which bounds what belongs to the region.
    stages
        Where outcomes are kept.

    Returns
    -------
    ground
        One stage per register.
    """
    areas = read_neighbourhoods(settings, snapshots.neighbourhoods, stages, snapshots.earlier)
    return Ground(bag_read, read_parcels(snapshots.parcels, bag_read, stages), areas)


def read_others(snapshots: Snapshots, ground: Ground, stages: Stages) -> Registers:
    """
    Read what says something of the dwellings on the ground: labels, ownership and the prognosis.

    Parameters
    ----------
    snapshots
        The deliveries.
    ground
        What :func:`read_ground` gave; it says what belongs to the region.
    stages
        Where outcomes are kept.

    Returns
    -------
    registers
        One stage per register.
    """
    return Registers(
        bag=ground.bag,
        parcels=ground.parcels,
        neighbourhoods=ground.neighbourhoods,
        energy_labels=read_labels(snapshots.energy_labels, ground.bag, stages, snapshots.mutations),
        ownership=read_ownership(snapshots.ownership, stages),
        prognosis=read_prognosis(snapshots.prognosis, ground.neighbourhoods, stages),
    )


def read(settings: Settings, snapshots: Snapshots, stages: Stages, store: Store, progress: Progress) -> Registers:
    """
    Read every delivery into tables.

    Parameters
    ----------
    settings, snapshots
        The region and its deliveries.
    stages, store, progress
        Where outcomes are kept, and who is told.

    Returns
    -------
    registers
        One stage per register.
    """
    bag_read = read_bag(settings, snapshots, stages, store, progress)
    return read_others(snapshots, read_ground(settings, snapshots, bag_read, stages), stages)
