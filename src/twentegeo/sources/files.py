"""A delivery that an Atom feed names: fetched when the feed says that it changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from twentegeo.errors import SourceChanged, SourceUnavailable, problem
from twentegeo.sources.download import Wanted, address_of
from twentegeo.sources.feed import Entry, read_feed
from twentegeo.sources.redaction import bare, file_name
from twentegeo.sources.slots import Particulars

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from twentegeo.sources.errand import Errand
    from twentegeo.sources.snapshot import Origin


@dataclass(frozen=True)
class Offer:
    """
    What is wanted of a feed.

    Attributes
    ----------
    slot, origin
        Where it goes, and which register it is.
    feeds
        Addresses; the next one counts where one is not there.
    suits
        Whether an entry is the wanted file.
    accept
        Looks at the arrived file; raises what its reader would.
    check_length
        Whether a file must be as long as the feed says.
    """

    slot: str
    origin: Origin
    feeds: tuple[str, ...]
    suits: Callable[[Entry], bool]
    accept: Callable[[Path], None]
    check_length: bool = True


def fetch_offer(errand: Errand, offer: Offer) -> None:
    """
    Fetch the file of a feed, unless what is there is still the newest.

    Parameters
    ----------
    errand, offer
        With what, and what.

    Raises
    ------
    SourceUnavailable, SourceChanged
        It could not be had whole, or its reader would refuse it; the slot holds what it held.
    """
    entry = _entry(errand, offer)
    stated: dict[str, Any] = {"url": bare(entry.url), "updated": entry.updated, "length": entry.length}
    held = errand.shelf.slot(offer.slot) if errand.shelf.current(offer.slot) else None
    known = dict(held.validators) if held else {}
    if held and entry.updated and {key: known.get(key) for key in stated} == stated:
        errand.shelf.confirm(offer.slot, errand.now)
        return
    errand.require_new(offer.slot, stated, bare(entry.url))
    name = file_name(entry.url)
    errand.say(f"fetch: {name} from {bare(entry.url)}")
    wanted = Wanted(
        address_of(entry.url),
        key=entry.url,
        name=name,
        length=entry.length if offer.check_length else None,
        known={key: str(known[key]) for key in ("etag", "last_modified") if known.get(key)},
    )
    arrived = errand.get(offer.slot, wanted, stated)
    if arrived is None:
        errand.shelf.confirm(offer.slot, errand.now, {**known, **stated})
        return
    about = Particulars(
        file=name,
        url=bare(entry.url),
        released=entry.day.date() if entry.day else errand.now.date(),
        validators={**stated, **arrived.validators},
        facts={"weg": "feed"},
    )
    errand.keep(offer.slot, offer.origin, arrived.path, about, offer.accept)


def _entry(errand: Errand, offer: Offer) -> Entry:
    """Find the wanted file in the first feed that can be had; the newest where several suit."""
    refusals: list[Exception] = []
    for url in offer.feeds:
        try:
            entries = read_feed(errand.web, url)
        except (SourceUnavailable, SourceChanged) as error:
            refusals.append(error)
            continue
        suitable = [entry for entry in entries if offer.suits(entry)]
        if suitable:
            return max(suitable, key=lambda entry: (entry.updated, entry.url))
        held = ", ".join(file_name(entry.url) for entry in entries[:4])
        place = f"feed noemt het gezochte bestand niet (wel: {held})"
        refusals.append(SourceChanged(problem(bare(url), place, "Controleer het adres van de feed in de instellingen")))
    raise refusals[0]
