"""
OGC API Features, in the dialects of PDOK, pygeoapi and QGIS Server.

Pages are followed by the link `next` only: PDOK's cursor holds a checksum of the whole request and silently starts
anew when anything in it changes. A page that holds nothing new, or a link that was followed before, means that the
service goes round in circles. The coordinate system is asked for in every request and checked in every answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from twentegeo.errors import SourceChanged, problem
from twentegeo.sources.features import page_table, together
from twentegeo.sources.patience import Passing
from twentegeo.sources.redaction import bare
from twentegeo.sources.sweep import Bounds, Got

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from twentegeo.sources.http import Web

RD_URIS: Final = (
    "http://www.opengis.net/def/crs/EPSG/0/28992",
    "http://www.opengis.net/def/crs/EPSG/9.6.2/28992",
    "https://www.opengis.net/def/crs/EPSG/0/28992",
)
"""Spellings of RD New; PDOK and pygeoapi know the first, QGIS Server the second."""

_REMEDY: Final = "Controleer het adres en de collectie in de instellingen"
_MOST_PAGES: Final = 10_000
"""More pages than a tile can have; the end of a service that invents new links for ever."""


@dataclass(frozen=True)
class OgcApi:
    """
    One collection.

    Attributes
    ----------
    web
        The client.
    base
        Landing page, without a slash at the end.
    collection
        Name of the collection.
    page
        Features that are asked per page.
    crs
        RD New as this service spells it; see :func:`describe`.
    """

    web: Web
    base: str
    collection: str
    page: int
    crs: str = RD_URIS[0]

    @property
    def label(self) -> str:
        """Address of the collection."""
        return f"{bare(self.base)}/collections/{self.collection}"

    def ask(self, bounds: Bounds, *, all_pages: bool = True) -> Got:
        """
        Give the features that touch a box.

        Parameters
        ----------
        bounds
            xmin, ymin, xmax, ymax in RD metres.
        all_pages
            Follow the pages of a box that has more than one; only the first otherwise.

        Returns
        -------
        got
            Pages together; ``full`` where there is more, or the last one is full and names no next.

        Raises
        ------
        SourceUnavailable
            The service repeats itself, leaves pages out, or is not there.
        SourceChanged
            It answers in another coordinate system.
        """
        return self.web.patiently(self.label, lambda: _Walk(self, bounds).all(all_pages=all_pages))


class _Walk:
    """One walk along the pages of a box."""

    def __init__(self, api: OgcApi, bounds: Bounds) -> None:
        self._api = api
        self._params = {
            "f": "json",
            "limit": str(api.page),
            "crs": api.crs,
            "bbox": ",".join(f"{value:.3f}" for value in bounds),
            "bbox-crs": api.crs,
        }
        self._ids: set[str] = set()
        self._received = 0
        self._matched: int | None = None

    def all(self, *, all_pages: bool) -> Got:
        api = self._api
        url, params = f"{api.base}/collections/{api.collection}/items", self._params
        followed: set[str] = set()
        tables: list[pa.Table] = []
        while True:
            document, headers = api.web.get_json(url, params=params, headers={"Accept": "application/geo+json"})
            features = self._features(document)
            self._require_rd(headers)
            self._require_news(features)
            tables.append(page_table(features, api.label))
            following = self._next(document, url)
            if following is None:
                break
            if not all_pages and len(features) >= api.page:
                return Got(together(tables), full=True)
            if following in followed or len(followed) > _MOST_PAGES:
                raise Passing("dienst herhaalt dezelfde bladzijde")
            followed.add(following)
            url, params = following, {}
        if self._matched is not None and len(self._ids) < self._matched:
            raise Passing(f"dienst zegt {self._matched} objecten te hebben en gaf er {len(self._ids)}")
        limit = max(table.num_rows for table in tables) if followed else api.page
        # the last page is full and there is no next: legal, but it looks just like a service that cuts off
        return Got(together(tables), full=0 < limit == tables[-1].num_rows)

    def _features(self, document: Any) -> list[Mapping[str, Any]]:
        features = document.get("features") if isinstance(document, dict) else None
        if not isinstance(features, list):
            raise Passing("antwoord is geen FeatureCollection")
        stated = document.get("numberReturned")
        if isinstance(stated, int) and stated != len(features):
            raise Passing(f"dienst noemt {stated} objecten op een bladzijde met {len(features)}")
        matched = document.get("numberMatched")
        self._matched = matched if isinstance(matched, int) else self._matched
        return features

    def _require_rd(self, headers: Mapping[str, str]) -> None:
        stated = headers.get("content-crs", "").strip().strip("<>")
        if stated and stated not in RD_URIS:
            place = f"antwoordt in {stated} in plaats van RD (EPSG:28992)"
            raise SourceChanged(problem(self._api.label, place, _REMEDY))

    def _require_news(self, features: list[Mapping[str, Any]]) -> None:
        ids = {str(feature.get("id")) for feature in features if feature.get("id") is not None}
        if features and len(ids) == len(features) and ids <= self._ids:
            raise Passing("dienst herhaalt dezelfde bladzijde")
        self._ids |= ids
        self._received += len(features)

    def _next(self, document: Mapping[str, Any], url: str) -> str | None:
        links = document.get("links") or []
        found = [link.get("href") for link in links if isinstance(link, dict) and link.get("rel") == "next"]
        if not found or not found[0]:
            return None
        following = urljoin(url, str(found[0]))
        host = urlsplit(following).hostname
        if host != urlsplit(self._api.base).hostname and host not in self._api.web.params.redirect_hosts:
            place = f"verwijst voor de volgende bladzijde naar een andere host ({host})"
            raise SourceChanged(problem(self._api.label, place, _REMEDY))
        return following


def describe(web: Web, base: str, collection: str, page: int) -> OgcApi:
    """
    Look up how a collection spells RD New.

    Parameters
    ----------
    web, base, collection, page
        As for :class:`OgcApi`.

    Returns
    -------
    api
        Ready to be asked.

    Raises
    ------
    NotThere
        There is no such collection.
    SourceChanged
        The collection does not offer RD New.
    """
    base = base.rstrip("/")
    document, _ = web.get_json(f"{base}/collections/{collection}", params={"f": "json"})
    offered = document.get("crs") if isinstance(document, dict) else None
    label = f"{bare(base)}/collections/{collection}"
    if not isinstance(offered, list):
        return OgcApi(web, base, collection, page)
    if offered == ["#/crs"]:
        # the list stands once, in the document of all collections
        everything, _ = web.get_json(f"{base}/collections", params={"f": "json"})
        offered = everything.get("crs") or []
    for uri in RD_URIS:
        if uri in offered:
            return OgcApi(web, base, collection, page, uri)
    held = ", ".join(str(uri) for uri in offered[:3])
    raise SourceChanged(problem(label, f"biedt geen RD (EPSG:28992) aan (wel: {held})", _REMEDY))
