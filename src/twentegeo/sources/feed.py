"""Atom feeds, in which PDOK says which files there are, how large, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from lxml import etree

from twentegeo.errors import SourceChanged, problem
from twentegeo.sources.patience import Passing
from twentegeo.sources.redaction import bare

if TYPE_CHECKING:
    from twentegeo.sources.answers import Answer
    from twentegeo.sources.http import Web

_ATOM: Final = "{http://www.w3.org/2005/Atom}"
_FEED: Final = "application/atom+xml"
_REMEDY: Final = "Controleer het adres van de feed in de instellingen"
_FILE_LINKS: Final = ("alternate", "enclosure", "section")


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One file of a feed.

    Attributes
    ----------
    url
        Absolute.
    length
        Bytes, where the feed tells.
    updated
        When it was last renewed, as the feed writes it; empty where it does not tell.
    kind
        Media type; empty where it does not tell.
    """

    url: str
    length: int | None
    updated: str
    kind: str

    @property
    def day(self) -> datetime | None:
        """`updated` as a moment; None where it is none."""
        try:
            moment = datetime.fromisoformat(self.updated.strip())
        except ValueError:
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def read_feed(web: Web, url: str) -> list[Entry]:
    """
    Read the files that a feed names, and those of the feeds that it names.

    Parameters
    ----------
    web, url
        The client, and where the feed is.

    Returns
    -------
    entries
        Files in the order of the feed; never empty.

    Raises
    ------
    SourceUnavailable
        It could not be had.
    SourceChanged
        It is no Atom feed, or names no file.
    """
    named = _read(web, url)
    files = [entry for entry in named if not entry.kind.startswith(_FEED)]
    # a service's feed names a feed for each of its data sets, which names the files
    for entry in named:
        if entry.kind.startswith(_FEED) and bare(entry.url) != bare(url):
            files += [one for one in _read(web, entry.url) if not one.kind.startswith(_FEED)]
    if not files:
        raise SourceChanged(problem(bare(url), "feed noemt geen bestanden", _REMEDY))
    return files


def _read(web: Web, url: str) -> list[Entry]:
    return web.patiently(url, lambda: _entries(web.get(url), url))


def _entries(answer: Answer, url: str) -> list[Entry]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(answer.body, parser)
    except etree.XMLSyntaxError:
        raise Passing("gaf een feed die afgekapt of geen XML is") from None
    if root.tag != f"{_ATOM}feed":
        if etree.QName(root).localname.lower() == "html":
            raise Passing("gaf een webpagina (HTML) in plaats van een feed")
        raise SourceChanged(problem(bare(url), "is geen Atom-feed", _REMEDY))
    return [
        Entry(
            urljoin(url, link.get("href", "")),
            int(link.get("length", "")) if link.get("length", "").isdigit() else None,
            (entry.findtext(f"{_ATOM}updated") or "").strip(),
            link.get("type", ""),
        )
        for entry in root.iterfind(f"{_ATOM}entry")
        for link in entry.iterfind(f"{_ATOM}link")
        if link.get("rel", "alternate") in _FILE_LINKS and link.get("href")
    ]
