"""Joining the registers and judging, stage by stage: a changed label file redoes what rests on labels only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pandas as pd

from twentegeo.pipeline.assessment import Assessment, estimate, measure, shape
from twentegeo.pipeline.judgement import judge, people_of
from twentegeo.pipeline.outcome import Computed
from twentegeo.pipeline.wording import listed
from twentegeo.resources import give_back
from twentegeo.stock import buildings, dwellings, labels, neighbourhoods, overlap_memory, ownership, parcels
from twentegeo.stock.surveyed import Surveyed
from twentegeo.tables.bag import PLAATS, VERBLIJFSOBJECT, Bag, Unmapped
from twentegeo.tables.contract import empty
from twentegeo.tables.keys import is_among
from twentegeo.tables.losses import gather
from twentegeo.tables.stock import PAND_PERCEEL

if TYPE_CHECKING:
    from concurrent.futures import Future

    import geopandas as gpd

    from twentegeo.figures import Reference
    from twentegeo.pipeline.assessment import Measured, Shaped
    from twentegeo.pipeline.judgement import Judgement
    from twentegeo.pipeline.outcome import Outcome
    from twentegeo.pipeline.registers import Ground, Registers
    from twentegeo.pipeline.stages import Stages
    from twentegeo.settings import Settings
    from twentegeo.tables.shapes import Mapped

_ROOM = ("stock", "pipeline/stock.py")


@dataclass(frozen=True)
class Stock:
    """The housing stock of the region, as stages."""

    dwellings: Outcome
    overlap: Outcome
    labelled: Outcome
    owned: Outcome
    assessed: Assessment
    judged: Judgement

    def all(self) -> tuple[Outcome, ...]:
        """List them in the order in which they are computed."""
        return (self.dwellings, self.overlap, self.labelled, self.owned, *self.assessed.all(), *self.judged.all())


@dataclass(frozen=True)
class Begun:
    """What is joined and measured without labels and ownership, in hand; whoever asks waits, or hears what failed."""

    homes: Future[Outcome]
    overlap: Future[Outcome]
    shaped: Future[Shaped]
    measured: Future[Measured]


def begin(settings: Settings, reference: Reference, ground: Ground, stages: Stages) -> Begun:
    """
    Begin to join the registers, beside what the caller goes on with: reading the others.

    Parameters
    ----------
    settings, reference
        Parameters and figures of the rooms.
    ground
        What was read so far.
    stages
        Where outcomes are kept.

    Returns
    -------
    begun
        For :func:`assemble`.
    """
    # whatever looks at outlines lets other threads run for much of its time
    overlap = stages.meanwhile(lambda: _overlap(settings, ground, stages))
    homes = stages.beside(lambda: _dwellings(ground, stages))
    shaped = stages.meanwhile(lambda: shape(settings, ground, homes.result(), stages))
    rules = (settings, reference)
    measured = stages.meanwhile(
        lambda: measure(rules, ground, (homes.result(), overlap.result()), shaped.result(), stages)
    )
    return Begun(homes, overlap, shaped, measured)


def assemble(
    settings: Settings, reference: Reference, registers: Registers, stages: Stages, begun: Begun | None = None
) -> Stock:
    """
    Join the registers and judge the stock.

    Parameters
    ----------
    settings, reference
        Parameters and figures of the rooms.
    registers
        What was read.
    stages
        Where outcomes are kept.
    begun
        What :func:`begin` gave; it is called here where None.

    Returns
    -------
    stock
        Each stage with its tables, losses and accounts.
    """
    begun = begun or begin(settings, reference, registers, stages)
    # neither is waited for until labels are estimated, which takes this thread alone
    owning = stages.beside(lambda: _owned(registers, stages))
    peopling = stages.meanwhile(lambda: people_of(settings, registers, begun.homes.result(), stages))
    labelled = _labelled(settings, registers, stages)
    homes, shaped = begun.homes.result(), begun.shaped.result()
    stages.warm()
    labels = estimate(settings, reference, (homes, labelled), shaped.types, stages)
    assessed = Assessment(shaped, labels, begun.measured.result())
    overlap, owned = begun.overlap.result(), owning.result()
    _let_go_of_outlines(registers, homes)
    judged = judge((settings, reference), registers, (homes, labelled, assessed), peopling, stages)
    return Stock(homes, overlap, labelled, owned, assessed, judged)


def _let_go_of_outlines(registers: Registers, homes: Outcome) -> None:
    """From here on only those near concentrations are looked at."""
    for name in ("pand", "verblijfsobject"):
        registers.bag.tables.put_back(name)
    homes.tables.let_go("panden")
    registers.parcels.tables.let_go("perceel")
    give_back()


def bag_tables(registers: Ground) -> Bag:
    """
    Take the five BAG tables together.

    Parameters
    ----------
    registers
        What was read.

    Returns
    -------
    bag
        Pand, verblijfsobject, their relation, addresses and berths or pitches.
    """
    tables = registers.bag.tables
    return Bag(
        pand=tables.mapped("pand"),
        verblijfsobject=cast("gpd.GeoDataFrame", tables["verblijfsobject"]),
        vbo_pand=tables["vbo_pand"],
        adres=tables["adres"],
        plaats=cast("gpd.GeoDataFrame", tables["plaats"]),
    )


def _addressed(registers: Registers) -> Unmapped:
    """Take what labels and property are matched on, without reading where anything lies."""
    tables = registers.bag.tables
    return Unmapped(
        verblijfsobject=tables.columns("verblijfsobject", VERBLIJFSOBJECT.names),
        vbo_pand=tables["vbo_pand"],
        adres=tables["adres"],
        plaats=tables.columns("plaats", PLAATS.names),
    )


def _dwellings(registers: Ground, stages: Stages) -> Outcome:
    def compute() -> Computed:
        bag = bag_tables(registers)
        areas = registers.neighbourhoods.tables
        homes = bag.verblijfsobject[dwellings.is_home(bag.verblijfsobject)].set_index("vbo_id")
        place, outside = neighbourhoods.locate(homes, areas["buurt"])
        found = dwellings.assemble(bag, place)
        built = buildings.per_pand(bag.pand.rows, found.woningen, bag.vbo_pand)
        inside = found.woningen["buurt_code"].notna()
        located = neighbourhoods.located_account(len(found.woningen), len(areas["buurt"]), int(inside.sum()))
        lost = outside[is_among(outside["verlies_id"], found.woningen["vbo_id"])]
        planned_in = place.reindex(found.planned["vbo_id"])
        planned = found.planned.assign(
            buurt_code=planned_in["buurt_code"].to_numpy(), wijk_code=planned_in["wijk_code"].to_numpy()
        )
        cascade = neighbourhoods.cascade(
            areas["buurt"], areas["wijk"], areas["gemeente"], registers.neighbourhoods.facts["jaren"]
        )
        return Computed(
            {
                "woningen": found.woningen,
                "planned": planned,
                "panden": _standing(registers).with_rows(built.panden),
                "cascade": cascade,
            },
            losses=gather([found.losses, built.losses, lost]),
            accounts=pd.concat([found.accounts, built.accounts, located], ignore_index=True),
            facts={"weggelaten": _uninhabited(areas["buurt"], found.woningen)},
        )

    inputs = (registers.bag.fingerprint, registers.neighbourhoods.fingerprint)
    return stages.run("woningen", inputs, _ROOM, compute, mapped={"panden"})


def _uninhabited(buurt: pd.DataFrame, woningen: pd.DataFrame) -> list[str]:
    """Say in Dutch which neighbourhoods hold no dwelling."""
    without = buurt[~is_among(buurt["buurt_code"], woningen["buurt_code"])]
    if without.empty:
        return []
    where = listed(list(without["buurt_code"]), len(buurt), "buurten")
    return [f"buurt: geen woning, dus geen score en geen rang, in {where}"]


def _standing(registers: Ground) -> Mapped:
    """Take the panden that stand in order, outlines undecoded: the rows of ``buildings.built``."""
    pand = registers.bag.tables.mapped("pand")
    return pand.where(buildings.stands(pand.rows)).sorted_on("pand_id")


def _overlap(settings: Settings, registers: Ground, stages: Stages) -> Outcome:
    def compute() -> Computed:
        if not registers.has_parcels:
            return Computed({"pand_perceel": empty(PAND_PERCEEL)})
        before = stages.remembered("overlap", _ROOM)
        panden, percelen = (before["panden"], before["percelen"]) if before else (None, None)
        pand = Surveyed.of(_standing(registers), "pand_id", panden)
        perceel = Surveyed.of(registers.parcels.tables.mapped("perceel"), "perceel_id", percelen)
        known = overlap_memory.known(before, pand, perceel)
        found = parcels.largest_overlap(pand, perceel, settings.overlap, known)
        # only a parcel that a building with a verblijfsobject was given to can come to hold a dwelling
        in_use = is_among(found.pand_perceel["pand_id"], registers.bag.tables["vbo_pand"]["pand_id"])
        wanted = found.pand_perceel.loc[in_use, "perceel_id"]
        built_up, parts = parcels.built_area(pand, perceel, found, wanted, settings.overlap, known)
        return Computed(
            {"pand_perceel": found.pand_perceel, "bebouwd": built_up},
            losses=found.losses,
            accounts=found.accounts,
            memory=overlap_memory.remember(pand, perceel, found.pairs, parts),
        )

    limit = settings.overlap.negligible_m2  # threads and chunks do not change the answer
    inputs = (registers.bag.fingerprint, registers.parcels.fingerprint, limit)
    return stages.run("overlap", inputs, _ROOM, compute)


def _labelled(settings: Settings, registers: Registers, stages: Stages) -> Outcome:
    def compute() -> Computed:
        found = labels.match(
            registers.energy_labels.tables["energielabel"],
            _addressed(registers),
            registers.peildatum,
            settings.labels,
        )
        return Computed({"woning_label": found.woning_label}, losses=found.losses, accounts=found.accounts)

    inputs = (registers.energy_labels.fingerprint, registers.bag.fingerprint, settings.labels.model_dump(mode="json"))
    return stages.run("labelkoppeling", inputs, _ROOM, compute)


def _owned(registers: Registers, stages: Stages) -> Outcome:
    def compute() -> Computed:
        bag = _addressed(registers)
        found = ownership.match(registers.ownership.tables["bezit"], bag.verblijfsobject, bag.vbo_pand, bag.adres)
        return Computed({"eigendom": found.owned}, losses=found.losses, accounts=found.accounts)

    inputs = (registers.ownership.fingerprint, registers.bag.fingerprint)
    return stages.run("bezitkoppeling", inputs, _ROOM, compute)
