"""
The deliveries that a region may lack: parcels, ownership and a prognosis.

Without one its stage gives a table without rows, and says under ``weggelaten`` what falls away with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from twentegeo.pipeline.outcome import Computed
from twentegeo.pipeline.refusal import answerable
from twentegeo.sources import cadastre, corporations, prognosis
from twentegeo.tables.contract import empty
from twentegeo.tables.registers import BEZIT, PERCEEL, PROGNOSE

if TYPE_CHECKING:
    from twentegeo.pipeline.outcome import Outcome
    from twentegeo.pipeline.stages import Stages
    from twentegeo.sources.snapshot import Snapshot

PARCEL_MARGIN_M = 200.0
"""Parcels are read this far around the region's buildings, metres: a building on the edge keeps its parcel."""

_ROOM: Final = ("sources", "pipeline/optional_registers.py")
NO_PARCELS: Final = (
    "perceel: er zijn geen percelen geleverd, dus geen laag perceel, geen perceel bij woning en pand en geen ruimte"
    " voor een uitbouw"
)
NO_OWNERSHIP: Final = "bezit: er is geen bezitslijst geleverd, dus niets is aan een corporatie gekoppeld"


def read_parcels(snapshot: Snapshot | None, bag_read: Outcome, stages: Stages) -> Outcome:
    """
    Read the parcels around the region's buildings.

    Parameters
    ----------
    snapshot
        The delivery of the Kadastrale Kaart; None where the settings leave it out.
    bag_read
        Outcome of :func:`read_bag`; its facts bound the region.
    stages
        Where outcomes are kept.

    Returns
    -------
    outcome
        Table ``perceel``; facts ``counts``, ``geleverd``.
    """
    west, south, east, north = bag_read.facts["bounds"]
    bounds = (
        west - PARCEL_MARGIN_M,
        south - PARCEL_MARGIN_M,
        east + PARCEL_MARGIN_M,
        north + PARCEL_MARGIN_M,
    )

    def compute() -> Computed:
        if snapshot is None:
            return Computed({"perceel": empty(PERCEEL)}, facts={"geleverd": False, "weggelaten": [NO_PARCELS]})
        with answerable(snapshot, stages.store):
            read = cadastre.read(snapshot, bounds)
        facts = {"counts": dict(read.counts), "geleverd": True}
        return Computed({"perceel": read.parcels}, losses=read.losses, facts=facts)

    return stages.run("percelen", (snapshot and snapshot.sha256, bounds), _ROOM, compute, mapped={"perceel"})


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
            return Computed({"bezit": empty(BEZIT)}, facts={"counts": {}, "weggelaten": [NO_OWNERSHIP]})
        read = corporations.read(snapshots)
        return Computed({"bezit": read.bezit}, losses=read.losses, facts={"counts": dict(read.counts)})

    inputs = tuple((snapshot.path.name, snapshot.sha256) for snapshot in snapshots)
    return stages.run("bezit", inputs, _ROOM, compute)


def read_prognosis(snapshot: Snapshot | None, areas: Outcome, stages: Stages) -> Outcome:
    """
    Read the prognosis of households of the region's municipalities.

    Parameters
    ----------
    snapshot
        The file; None where there is none.
    areas
        Outcome of :func:`read_neighbourhoods`: a prognosis may name municipalities by code or by name.
    stages
        Where outcomes are kept.

    Returns
    -------
    outcome
        Table ``prognose``, without rows where there is no file; fact ``counts``.
    """

    def compute() -> Computed:
        if snapshot is None:
            return Computed({"prognose": empty(PROGNOSE)}, facts={"counts": {}})
        read = prognosis.read(snapshot, areas.tables["gemeente"])
        facts = {"counts": dict(read.counts), "weggelaten": read.left_out}
        return Computed({"prognose": read.prognose}, losses=read.losses, facts=facts)

    return stages.run("prognose", (_mark(snapshot), areas.fingerprint), _ROOM, compute)


def _mark(snapshot: Snapshot | None) -> tuple[str, str] | None:
    """Tell deliveries apart; the name counts because losses cite it."""
    return None if snapshot is None else (snapshot.path.name, snapshot.sha256)
