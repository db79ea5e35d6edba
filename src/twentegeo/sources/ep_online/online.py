"""
EP-Online over the network: a total file every month, mutations every day.

The API gives a signed address that is good for minutes. It is asked for right before it is used, and neither kept nor
shown: whoever has it can download. The total file is the truth. A day's mutations add what was registered since; a
message whose code is not known is set apart by the reader, and the next total file repairs what it was about.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from twentegeo.errors import SourceChanged, SourceUnavailable, problem
from twentegeo.sources import delivery as deliveries
from twentegeo.sources.answers import Barred, NotThere
from twentegeo.sources.download import Wanted
from twentegeo.sources.ep_online.header import read_header
from twentegeo.sources.ep_online.messages import messages
from twentegeo.sources.ep_online.read import ORIGIN
from twentegeo.sources.headers import plain
from twentegeo.sources.slots import Particulars

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from pydantic import SecretStr

    from twentegeo.sources.errand import Errand
    from twentegeo.sources.snapshot import Snapshot
    from twentegeo.sources.ways import LabelSource

SLOT: Final = "energy_labels"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,99}")
_WAY: Final = "Mutatiebestand/DownloadInfo"
_KEY_REMEDY: Final = (
    "Vraag een gratis sleutel aan bij RVO (EP-Online), of geef een bestand met sources.energy_labels.path"
)


def key_of(source: LabelSource, given: SecretStr | None, environment: Mapping[str, str]) -> str | None:
    """
    Find the key.

    Parameters
    ----------
    source
        Settings of EP-Online.
    given
        Handed in by whoever starts the run, from a vault for example; counts first.
    environment
        Environment variables.

    Returns
    -------
    key
        None where there is none.
    """
    for found in (given, source.key):
        if found and found.get_secret_value().strip():
            return found.get_secret_value().strip()
    return environment.get(source.key_env, "").strip() or None


def fetch_online(errand: Errand, source: LabelSource, key: str | None) -> None:
    """
    Fetch the newest total file, and the mutations since.

    Parameters
    ----------
    errand
        Client, shelf and moment.
    source
        Where to.
    key
        Of EP-Online.

    Raises
    ------
    SourceUnavailable, SourceChanged
        There is no key or it is refused, or the total file could not be had whole; the slot holds what it held. A
        day's mutations that cannot be had are passed over.
    """
    if not key:
        place = f"er is geen sleutel (omgevingsvariabele {source.key_env})"
        raise SourceUnavailable(problem("EP-Online", place, _KEY_REMEDY))
    desk = _Desk(errand, source, key)
    desk.total()
    total = errand.shelf.current(SLOT)
    if source.mutations and total and total.release_date:
        desk.mutations(total.release_date)


def mutations_since(errand_shelf: Any, total: Snapshot) -> list[Snapshot]:
    """
    List the mutations that come on top of a total file.

    Parameters
    ----------
    errand_shelf
        The shelf.
    total
        The total file that is read.

    Returns
    -------
    mutations
        In the order of their days, from the day of the total file on: what the file holds already is recognised by
        number when it is read.
    """
    if total.release_date is None:
        return []
    first = f"{SLOT}/{total.release_date.isoformat()}"
    found = [errand_shelf.current(name) for name in errand_shelf.slots(f"{SLOT}/") if name >= first]
    return [one for one in found if one is not None]


class _Desk:
    """The counter at which files are asked for."""

    def __init__(self, errand: Errand, source: LabelSource, key: str) -> None:
        self._errand = errand
        self._api = source.api.rstrip("/")
        self._days = source.mutation_days
        self._headers = {"Authorization": key, "Accept": "application/json"}

    def total(self) -> None:
        """Fetch the total file when its name is new."""
        shelf, now = self._errand.shelf, self._errand.now
        params = {"fileType": "csv"}
        info = self._info(_WAY, params)
        held = shelf.slot(SLOT) if shelf.current(SLOT) else None
        stated: dict[str, object] = {"bestandsnaam": info["bestandsnaam"]}
        if held and held.validators.get("bestandsnaam") == info["bestandsnaam"]:
            shelf.confirm(SLOT, now)
            return
        self._errand.require_new(SLOT, stated, str(info["bestandsnaam"]))
        self._errand.say(f"fetch: EP-Online {info['bestandsnaam']}")
        self._get(SLOT, info, lambda: self._info(_WAY, params), _accept)

    def mutations(self, since: date) -> None:
        """Fetch the days that are not there yet, from the total file to yesterday."""
        shelf, now = self._errand.shelf, self._errand.now
        last = now.date() - timedelta(days=1)
        first = max(since, last - timedelta(days=self._days))
        for back in range((last - first).days + 1):
            day = (first + timedelta(days=back)).isoformat()
            slot, way = f"{SLOT}/{day}", f"{_WAY}/{day}"
            if shelf.current(slot):
                continue
            try:
                self._get(slot, self._info(way, {}), lambda way=way: self._info(way, {}), _accept_day)  # type: ignore[misc]
            except NotThere:
                # nothing was registered that day, or the file has been cleared away: the next total file tells
                continue
            except Barred:
                raise
            except (SourceUnavailable, SourceChanged) as error:
                self._errand.say(f"fetch: mutations of {day} are passed over: {error}")
                shelf.ledger.record(now, "mislukt", slot, reden=str(error))

    def _info(self, way: str, params: dict[str, str]) -> dict[str, Any]:
        stated, _ = self._errand.web.get_json(f"{self._api}/{way}", params=params, headers=self._headers)
        found = {plain(str(name)): value for name, value in stated.items()} if isinstance(stated, dict) else {}
        name, url = found.get("bestandsnaam"), found.get("downloadurl")
        if not (isinstance(name, str) and isinstance(url, str) and _NAME.fullmatch(name)):
            place = "antwoord noemt geen bestandsnaam en downloadUrl"
            raise SourceChanged(problem(f"{self._api}/{way}", place, "Controleer het adres (versie) van de API"))
        return {"bestandsnaam": name, "downloadurl": url}

    def _get(
        self, slot: str, info: dict[str, Any], ask: Callable[[], dict[str, Any]], accept: Callable[[Path], None]
    ) -> None:
        waiting = [str(info["downloadurl"])]

        def address() -> str:
            # the one that came with the name first; a new one for each further try
            return waiting.pop() if waiting else str(ask()["downloadurl"])

        name = str(info["bestandsnaam"])
        wanted = Wanted(address, key=name, name=name, signed=True)
        arrived = self._errand.get(slot, wanted, {"bestandsnaam": name})
        assert arrived is not None  # noqa: S101 - nothing was handed in to compare with
        about = Particulars(
            file=name,
            url=f"{self._api}/{_WAY}",
            released=_day_of(name) or self._errand.now.date(),
            validators={"bestandsnaam": name},
            facts={"weg": "api", "preambule": _preamble(arrived.path)},
        )
        self._errand.keep(slot, ORIGIN, arrived.path, about, accept)


def _day_of(name: str) -> date | None:
    found = re.search(r"[vd](\d{8})", name)
    try:
        return datetime.strptime(found.group(1), "%Y%m%d").replace(tzinfo=UTC).date() if found else None
    except ValueError:
        return None


def _preamble(path: Path) -> dict[str, str]:
    try:
        return read_header(deliveries.single(path, (".csv",), "_v4")).preamble
    except (SourceChanged, SourceUnavailable):
        return {}


def _accept(path: Path) -> None:
    """Look whether the reader would have a total file."""
    delivery = deliveries.single(path, (".csv", ".xml"), "_v4")
    if not delivery.head(512).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        read_header(delivery)


def _accept_day(path: Path) -> None:
    """Look whether a day's file is XML: only there is said what each message does."""
    delivery = deliveries.single(path, (".xml", ".csv"))
    if b"MutationMessage" not in delivery.head(4096):
        place = "is geen XML met mutatieberichten"
        raise SourceChanged(problem(delivery.label, place, "De volgende maand brengt het totaalbestand alles bij"))
    for _ in messages(delivery, 0):
        # a day is small: read it through, so that a broken one never spoils a night
        pass
