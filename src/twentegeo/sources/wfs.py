"""
WFS 2.0, as PDOK's MapServer speaks it.

PDOK gives 1000 features a page and refuses a startIndex above 50,000, so a region is asked in tiles. A server can also
have a limit of its own that it does not tell: MapServer with `wfs_maxfeatures` then says that this is all there is.
A tile whose last page is full is therefore taken for cut off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from twentegeo.errors import SourceChanged, problem
from twentegeo.sources.features import page_table, together
from twentegeo.sources.patience import Passing
from twentegeo.sources.redaction import bare
from twentegeo.sources.sweep import Bounds, Got

if TYPE_CHECKING:
    import pyarrow as pa

    from twentegeo.sources.answers import Answer
    from twentegeo.sources.http import Web

_RD: Final = "urn:ogc:def:crs:EPSG::28992"
_REMEDY: Final = "Controleer het adres en het objecttype in de instellingen"
_BASE: Final = {"service": "WFS", "version": "2.0.0"}


@dataclass(frozen=True)
class Wfs:
    """
    One feature type.

    Attributes
    ----------
    web
        The client.
    url
        Address of the service, without query.
    typename
        With its prefix, as the capabilities spell it; see :func:`describe`.
    page, most
        Features per page, and per tile at most.
    """

    web: Web
    url: str
    typename: str
    page: int
    most: int

    @property
    def label(self) -> str:
        """Address and feature type."""
        return f"{bare(self.url)} ({self.typename})"

    def ask(self, bounds: Bounds, *, all_pages: bool = True) -> Got:
        """
        Give the features that touch a box.

        Parameters
        ----------
        bounds
            xmin, ymin, xmax, ymax in RD metres.
        all_pages
            Ask on for the pages of a box that has more than one; only the first otherwise.

        Returns
        -------
        got
            Pages together; ``full`` where there are more than may be asked, or the last page is full.

        Raises
        ------
        SourceUnavailable
            The service gives another number than it says, repeats itself, or is not there.
        SourceChanged
            It answers in another coordinate system.
        """
        return self.web.patiently(self.label, lambda: self._once(bounds, self.most if all_pages else self.page - 1))

    def _once(self, bounds: Bounds, most: int) -> Got:
        box = ",".join(f"{value:.3f}" for value in bounds)
        asked = {
            **_BASE,
            "request": "GetFeature",
            "typeNames": self.typename,
            "srsName": _RD,
            "bbox": f"{box},{_RD}",
        }
        matched = _matched(self.web.get(self.url, params={**asked, "resultType": "hits"}))
        if matched is not None and matched > most:
            return Got(together([]), full=True)
        tables: list[pa.Table] = []
        seen: set[str] = set()
        start = last = 0
        while start <= most:
            page = {"outputFormat": "application/json", "count": str(self.page), "startIndex": str(start)}
            features = self._page({**asked, **page})
            ids = {str(feature.get("id")) for feature in features if feature.get("id") is not None}
            if features and len(ids) == len(features) and ids <= seen:
                raise Passing("dienst herhaalt dezelfde bladzijde")
            seen |= ids
            tables.append(page_table(features, self.label))
            start += len(features)
            last = len(features) or last
            if len(features) < self.page:
                break
        if matched is not None and start < matched and start <= most:
            raise Passing(f"dienst zegt {matched} objecten te hebben en gaf er {start}")
        return Got(together(tables), full=start > most or (start > 0 and last == self.page))

    def _page(self, params: dict[str, str]) -> list[dict[str, Any]]:
        document, _ = self.web.get_json(self.url, params=params)
        features = document.get("features") if isinstance(document, dict) else None
        if not isinstance(features, list):
            raise Passing("antwoord is geen FeatureCollection")
        stated = str(((document.get("crs") or {}).get("properties") or {}).get("name") or _RD)
        if "28992" not in stated:
            place = f"antwoordt in {stated[:60]} in plaats van RD (EPSG:28992)"
            raise SourceChanged(problem(self.label, place, _REMEDY))
        returned = document.get("numberReturned")
        if isinstance(returned, int) and returned != len(features):
            raise Passing(f"dienst noemt {returned} objecten op een bladzijde met {len(features)}")
        return features


def describe(web: Web, url: str, typename: str, *, page: int, most: int) -> Wfs:
    """
    Look up how a service spells a feature type.

    Parameters
    ----------
    web, url
        The client, and the service.
    typename
        Feature type without prefix, whatever its capitals.
    page, most
        As for :class:`Wfs`.

    Returns
    -------
    wfs
        Ready to be asked.

    Raises
    ------
    SourceUnavailable
        The service is not there.
    SourceChanged
        It does not offer that type.
    """

    def once() -> list[str]:
        root = _xml(web.get(url, params={**_BASE, "request": "GetCapabilities"}))
        return [(name.text or "").strip() for name in root.iterfind(".//{*}FeatureType/{*}Name")]

    names = web.patiently(url, once)
    wanted = typename.lower().rpartition(":")[2]
    for name in names:
        if name.lower().rpartition(":")[2] == wanted:
            return Wfs(web, url, name, page, most)
    held = ", ".join(names[:6])
    raise SourceChanged(problem(bare(url), f"biedt geen objecttype '{typename}' aan (wel: {held})", _REMEDY))


def _matched(answer: Answer) -> int | None:
    """Read how many features the service says there are; None where it says that it does not know."""
    stated = _xml(answer).get("numberMatched", "unknown")
    return int(stated) if stated.isdigit() else None


def _xml(answer: Answer) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(answer.body.lstrip(b"\xef\xbb\xbf \r\n\t"), parser)
    except etree.XMLSyntaxError:
        raise Passing("antwoord is geen XML of afgekapt") from None
    name = etree.QName(root).localname
    if name in ("ExceptionReport", "html"):
        said = " ".join(str(root.xpath("string()")).split())[:100] if name == "ExceptionReport" else "een webpagina"
        raise Passing(f"dienst antwoordt met {said}")
    return root
