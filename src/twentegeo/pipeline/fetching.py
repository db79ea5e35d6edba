"""
Which delivery of each register the night reads: a file that was given, a new one, or the last good one.

A register that cannot be had does not spoil the night: the last good delivery stays in use, and becomes stale when it
grows too old. What happens then is for the settings to say.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from twentegeo.errors import SourceChanged, SourceUnavailable, problem
from twentegeo.pipeline.registers import Snapshots
from twentegeo.sources import bag, cadastre, cbs, corporations, ep_online, prognosis
from twentegeo.sources.retention import tidy
from twentegeo.sources.shelf import Shelf
from twentegeo.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import shapely
    from pydantic import SecretStr

    from twentegeo.pipeline.progress import Progress
    from twentegeo.settings import Settings
    from twentegeo.sources.errand import Errand
    from twentegeo.sources.http import Web
    from twentegeo.sources.snapshot import Origin, Snapshot
    from twentegeo.sources.ways import PrognosisSource, Register

_TAKE = {"bag": bag.fetch, "parcels": cadastre.fetch, "energy_labels": ep_online.fetch, "neighbourhoods": cbs.fetch}
_FIRST = "Draai twentegeo fetch met verbinding, of zet sources.{name}.path op een bestand van het register"


@dataclass(frozen=True)
class Going:
    """
    Whether and how the registers are gone to.

    Attributes
    ----------
    offline
        Work from what is there; no request is made.
    key
        Of EP-Online, from a vault; else the settings and the environment are asked.
    now
        The moment, UTC; None for the clock's.
    web
        In place of a client made from the settings, for tests.
    """

    offline: bool = False
    key: SecretStr | None = None
    now: datetime | None = None
    web: Web | None = None


@dataclass
class _Round:
    """One round along the registers."""

    settings: Settings
    shelf: Shelf
    now: datetime
    progress: Progress
    errand: Errand | None
    key: SecretStr | None
    given: dict[str, Snapshot] = field(default_factory=dict)
    trouble: dict[str, str] = field(default_factory=dict)

    def visit(self, name: str, fetch: Callable[[Errand], None]) -> None:
        """Fetch what is new; what goes wrong is written down and does not end the round."""
        if self.errand is None:
            return
        try:
            fetch(self.errand)
        except (SourceUnavailable, SourceChanged) as error:
            self.trouble[name] = str(error)
            self.progress.say(f"fetch: {error}")
            self.shelf.ledger.record(self.now, "mislukt", name, reden=str(error))

    def standing(self, name: str, origin: Origin, found: Snapshot | None) -> Snapshot:
        """Judge the delivery that is there: is there one, and is it not too old."""
        register: Register = getattr(self.settings.sources, name)
        trouble = self.trouble.get(name)
        if found is None:
            failed = f"ophalen mislukte ({trouble.rstrip('.')}) en er is geen eerdere levering" if trouble else ""
            place = failed or "er is nog geen levering opgehaald"
            raise SourceUnavailable(problem(origin.title, place, _FIRST.format(name=name)))
        born = found.release_date or found.retrieved_at.date()
        age = (self.now.date() - born).days
        if age <= register.max_age_days:
            return replace(found, trouble=trouble)
        stale = f"levering van {born:%d-%m-%Y}, ouder dan {register.max_age_days} dagen"
        if register.when_stale == "stop":
            place = f"{stale}, en de instellingen zeggen dan te stoppen" + (f" ({trouble})" if trouble else "")
            remedy = f"Herstel de verbinding met het register, of zet sources.{name}.when_stale op keep"
            raise SourceUnavailable(problem(origin.title, place, remedy))
        self.progress.say(f"fetch: {origin.title} is stale: {stale}")
        return replace(found, trouble=trouble, stale=stale)

    def areas(self) -> tuple[Snapshot, ...]:
        """Take the edition of the Wijk- en Buurtkaart and those that fill it up, the newest first."""
        source = self.settings.sources.neighbourhoods
        if "neighbourhoods" in self.given:
            return (self.given["neighbourhoods"],)
        from twentegeo.sources.cbs.online import editions, fetch_online  # noqa: PLC0415 - files need no network code

        municipalities = self.settings.region.municipalities
        self.visit("neighbourhoods", lambda errand: fetch_online(errand, source, municipalities))
        found = editions(self.shelf, source)
        first = self.standing("neighbourhoods", cbs.ORIGIN, found[0] if found else None)
        return (first, *found[1:])

    def bag(self, grounds: Callable[[], dict[str, shapely.Geometry]]) -> tuple[Snapshot, ...]:
        """Take the BAG, and what the services say on top of it."""
        source = self.settings.sources.bag
        if "bag" in self.given:
            return (self.given["bag"],)
        from twentegeo.sources.bag.online import DAILY, SLOT, fetch_online, fetch_top_up  # noqa: PLC0415

        self.visit("bag", lambda errand: fetch_online(errand, source, grounds))
        found = self.standing("bag", bag.ORIGIN, self.shelf.current(SLOT))
        if source.top_up == "none" or source.via in ("ogc_api", "wfs"):
            return (found,)
        self.visit("bag", lambda errand: fetch_top_up(errand, source, grounds))
        daily = self.shelf.current(DAILY)
        # a month's file that is newer says it all
        newer = daily and found.release_date and daily.release_date and daily.release_date >= found.release_date
        return (replace(found, trouble=self.trouble.get("bag")), *((daily,) if daily and newer else ()))

    def parcels(self, grounds: Callable[[], dict[str, shapely.Geometry]]) -> Snapshot | None:
        """Take the parcels; None in a region that is said to have none."""
        source = self.settings.sources.parcels
        if source is None:
            return None
        if "parcels" in self.given:
            return self.given["parcels"]
        from twentegeo.sources.cadastre.online import SLOT, fetch_online  # noqa: PLC0415

        self.visit("parcels", lambda errand: fetch_online(errand, source, tuple(grounds().values())))
        return self.standing("parcels", cadastre.ORIGIN, self.shelf.current(SLOT))

    def labels(self) -> tuple[Snapshot, ...]:
        """Take the total file of labels, and the mutations that come on top."""
        source = self.settings.sources.energy_labels
        if "energy_labels" in self.given:
            return (self.given["energy_labels"],)
        from twentegeo.sources.ep_online.online import SLOT, fetch_online, key_of, mutations_since  # noqa: PLC0415

        key = key_of(source, self.key, os.environ)
        self.visit("energy_labels", lambda errand: fetch_online(errand, source, key))
        total = self.standing("energy_labels", ep_online.ORIGIN, self.shelf.current(SLOT))
        return (total, *(mutations_since(self.shelf, total) if source.mutations else ()))

    def tidy(self, found: Snapshots) -> None:
        """Remove deliveries that nothing needs any more; mutations that the total file holds among them."""
        total = found.energy_labels.release_date
        first = f"energy_labels/{total.isoformat()}" if total and found.energy_labels.slot else ""
        outdated = [name for name in self.shelf.slots("energy_labels/") if name < first]
        tidy(self.shelf, self.settings.snapshots, self.now, outdated)


def fetch(settings: Settings, progress: Progress, going: Going) -> Snapshots:
    """
    Take in the delivery of each register.

    Parameters
    ----------
    settings
        The region, its sources, and the policy for old deliveries.
    progress
        Who is told.
    going
        Whether the network is used.

    Returns
    -------
    snapshots
        Every delivery with its checksum; ``stale`` and ``trouble`` say what is wrong with one.

    Raises
    ------
    SourceUnavailable
        A register without any delivery, or one that is too old where the settings say to stop; a file that was
        given and is not there.
    """
    now = going.now or datetime.now(tz=UTC)
    shelf = Shelf(Store(settings.outputs).snapshots)
    # a file that was given and is not there ends the night before anything is asked of anyone
    registers = {name: register for name in _TAKE if (register := getattr(settings.sources, name)) is not None}
    given = {name: _TAKE[name](register.path) for name, register in registers.items() if register.path is not None}
    ownership = tuple(corporations.fetch(source.path) for source in settings.sources.ownership if source.path)
    expected = _prognosis(settings.sources.prognosis)
    remote = len(given) < len(registers)
    with _errand(settings, shelf, now, progress, going if remote and not going.offline else None) as errand:
        visits = _Round(settings, shelf, now, progress, errand, going.key, given)
        areas = visits.areas()
        grounds = _once(lambda: _grounds(areas[0], settings))
        bag_found = visits.bag(grounds)
        parcels = visits.parcels(grounds)
        labels = visits.labels()
        found = Snapshots(
            bag=bag_found[0],
            top_up=bag_found[1:],
            parcels=parcels,
            energy_labels=labels[0],
            neighbourhoods=areas[0],
            ownership=ownership,
            mutations=labels[1:],
            earlier=areas[1:],
            prognosis=expected,
        )
    if errand is not None:
        visits.tidy(found)
    for one in found.all():
        shelf.ledger.record(now, "gebruikt", one.slot or one.origin.name, one.sha256, bestand=one.path.name)
    return found


def _prognosis(source: PrognosisSource | None) -> Snapshot | None:
    if source is None:
        return None
    if source.path is None:
        place = "heeft geen pad, en er is geen register om haar bij op te halen"
        remedy = "Zet sources.prognosis.path in de instellingen op een CSV of XLSX, of laat sources.prognosis weg"
        raise SourceUnavailable(problem("bron 'prognosis'", place, remedy))
    return prognosis.fetch(source.path, source.publisher, source.licence)


@contextmanager
def _errand(
    settings: Settings, shelf: Shelf, now: datetime, progress: Progress, going: Going | None
) -> Iterator[Errand | None]:
    """Make ready to go out; None where nothing is fetched, so that nothing of the network is even imported."""
    if going is None:
        yield None
        return
    from twentegeo.sources.errand import Errand  # noqa: PLC0415
    from twentegeo.sources.http import Web  # noqa: PLC0415

    with going.web or Web(settings.http) as web:
        yield Errand(web, shelf, now, progress.say, progress.count)


def _grounds(snapshot: Snapshot, settings: Settings) -> dict[str, shapely.Geometry]:
    from twentegeo.sources.cbs.online import grounds  # noqa: PLC0415

    return grounds(snapshot.path, settings.region.municipalities)


def _once(
    work: Callable[[], dict[str, shapely.Geometry]],
) -> Callable[[], dict[str, shapely.Geometry]]:
    kept: list[dict[str, shapely.Geometry]] = []

    def give() -> dict[str, shapely.Geometry]:
        if not kept:
            kept.append(work())
        return kept[0]

    return give
