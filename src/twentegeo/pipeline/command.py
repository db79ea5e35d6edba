"""
A whole night as one call, with what goes around it: the lock, the reuse of an unchanged night, the written reason.

The night is written here and nowhere else. Whoever runs it says how a step is carried out: the command line directly,
the Prefect flow as a task.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from twentegeo.figures import load_reference
from twentegeo.pipeline import ahead, bag_register, comparison, night, registers, staging, validation
from twentegeo.pipeline import stock as joining
from twentegeo.pipeline.comparison import NOTHING
from twentegeo.pipeline.diary import note, remembered
from twentegeo.pipeline.draft import Draft
from twentegeo.pipeline.stages import Stages
from twentegeo.pipeline.steps import Step, directly
from twentegeo.publish import release as releasing
from twentegeo.publish.rollback import hold_of
from twentegeo.resources import give_back
from twentegeo.settings import config_folder
from twentegeo.store import Store, only_run, write_json
from twentegeo.tables.layers import VERBLIJFSOBJECT

if TYPE_CHECKING:
    from pathlib import Path

    from twentegeo.figures import Reference
    from twentegeo.pipeline.comparison import Acceptance
    from twentegeo.pipeline.fetching import Going
    from twentegeo.pipeline.progress import Progress
    from twentegeo.pipeline.registers import Snapshots
    from twentegeo.pipeline.steps import Perform
    from twentegeo.processes import Apart
    from twentegeo.settings import Settings


@dataclass(frozen=True)
class Published:
    """
    How a night ended.

    Attributes
    ----------
    folder
        The release that stands now.
    new
        False when nothing had changed, or the operator holds ``latest``; then the previous release stands.
    manifest
        What the release says of itself.
    held
        The release that waits in staging while the operator holds ``latest``; else None.
    """

    folder: Path
    new: bool
    manifest: dict[str, Any]
    held: Path | None = None


@dataclass(frozen=True)
class Orders:
    """
    What the operator asks of one night, beside the settings.

    Attributes
    ----------
    rebuild
        Compute and publish everything, also when nothing changed.
    accepted
        What drift passes.
    wait_s
        How long to wait for another run in the same folder, seconds.
    going
        Whether the network may be used, and with which key; it may, when None.
    helper
        A process that was started for the night, see :mod:`twentegeo.pipeline.ahead`; None where it starts its own.
    """

    rebuild: bool = False
    accepted: Acceptance = NOTHING
    wait_s: float = 0.0
    going: Going | None = None
    helper: Apart | None = None


AS_USUAL = Orders()


@dataclass(frozen=True)
class _Desk:
    """What every step of a night needs."""

    settings: Settings
    reference: Reference
    store: Store
    progress: Progress
    orders: Orders
    perform: Perform


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
    with only_run(Store(settings.outputs)):
        return night.fetch(settings, progress, going)


def run(settings: Settings, progress: Progress, orders: Orders = AS_USUAL, perform: Perform = directly) -> Published:
    """
    Run a whole night.

    Parameters
    ----------
    settings
        The region and its sources.
    progress
        Who is told.
    orders
        What the operator asks of this night.
    perform
        How a step is carried out.

    Returns
    -------
    published
        The release that stands now.

    Raises
    ------
    TwenteGeoError
        Something was refused; the previous release stands and the reason is in ``laatste_run.json``.
    """
    desk = _Desk(settings, load_reference(config_folder()), Store(settings.outputs), progress, orders, perform)
    store = desk.store
    with only_run(store, orders.wait_s), remembered(store) as report:
        snapshots, mark = _taken_in(desk)
        standing = None if orders.rebuild else staging.unchanged(store, mark)
        if standing:
            report["ongewijzigd"] = True
            return _standing(store.releases / standing)
        with Stages(store, progress, rebuild=orders.rebuild, helper=orders.helper) as stages:
            staged = _made(desk, snapshots, mark, stages)
            stages.settle()
        if hold := hold_of(store):
            report["vastgehouden"] = hold.reden
            progress.say(f"held: latest stays on {hold.release}; {staged.name} waits in staging")
            return _standing(releasing.current(store) or store.releases / hold.release, held=staged)
        folder = perform(Step.RELEASE, releasing.release, store, staged)
        stages.forget()
        note(store, "uitgebracht", release=folder.name)
        return Published(folder, new=True, manifest=releasing.manifest_of(folder))


def build(settings: Settings, progress: Progress, orders: Orders = AS_USUAL) -> Path:
    """
    Do everything but the release.

    Parameters
    ----------
    settings, progress, orders
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
    desk = _Desk(settings, load_reference(config_folder()), Store(settings.outputs), progress, orders, directly)
    with only_run(desk.store, orders.wait_s), remembered(desk.store):
        snapshots, mark = _taken_in(desk)
        with Stages(desk.store, progress, rebuild=orders.rebuild, helper=orders.helper) as stages:
            staged = _made(desk, snapshots, mark, stages)
            stages.settle()
        return staged


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
    with only_run(store):
        snapshots = night.fetch(settings, progress)
        with Stages(store, progress) as stages:
            read = registers.read(settings, snapshots, stages, store, progress)
            stock = joining.assemble(settings, reference, read, stages)
            facts = validation.tested(settings, reference, read, stock, stages)
            stages.settle()
        write_json(store.validation, facts)
    return facts


def _taken_in(desk: _Desk) -> tuple[Snapshots, str]:
    snapshots = desk.perform(Step.FETCH, night.fetch, desk.settings, desk.progress, desk.orders.going)
    return snapshots, staging.release_mark(desk.settings, desk.reference, snapshots)


def _made(desk: _Desk, snapshots: Snapshots, mark: str, stages: Stages) -> Path:
    """Read, build, compare, write and check."""
    perform, settings, reference, store = desk.perform, desk.settings, desk.reference, desk.store
    previous = staging.previous_areas(settings, store)
    base = None if desk.orders.rebuild else staging.base_of(settings, store)
    # the package of last night is copied while the BAG is read
    with Draft(settings, store, desk.progress, base) as draft:
        stages.used.append(draft.rows)

        def foresee(objects: int) -> None:
            if objects >= ahead.MANY and settings.workers > 1:
                stages.foresee(*ahead.work(map_book=settings.products.maps))

        def warm(addresses: int) -> None:
            foresee(addresses)
            stages.warm()

        reading = (settings, snapshots, stages, store, desk.progress)
        bag = perform(Step.READ_BAG, bag_register.read_bag, *reading, warm)
        give_back()
        draft.refer_to(date.fromisoformat(bag.facts["peildatum"]))
        ground = perform(Step.READ_GROUND, registers.read_ground, settings, snapshots, bag, stages)
        begun = joining.begin(settings, reference, ground, stages)
        read = perform(Step.READ_OTHERS, registers.read_others, snapshots, ground, stages)
        # where no extract was read, there is room for it later: see twentegeo.pipeline.stock.assemble
        foresee(bag.tables.rows(VERBLIJFSOBJECT.name))
        if base:
            standing = stages.beside(lambda: comparison.standing(settings, store, comparison.from_kept(base.rows)))
        else:
            standing = stages.beside_when_warm(lambda: comparison.standing(settings, store, stages.apart(ahead.READ)))
        read_in = night.ReadIn(read, snapshots, begun)
        built = perform(Step.BUILD, night.build, settings, reference, read_in, stages, previous, draft)
        rules, made = (settings, reference), (read, built)
        judged = (standing.result(), desk.orders.accepted)
        compared = perform(Step.COMPARE, comparison.compare, rules, made, stages, *judged)
        if accepted := compared.facts.get("aanvaard"):
            note(store, "aanvaard", **accepted)
        return perform(Step.STAGE, staging.stage, draft, settings, reference, compared, mark, stages)


def _standing(folder: Path, held: Path | None = None) -> Published:
    return Published(folder, new=False, manifest=releasing.manifest_of(folder), held=held)
