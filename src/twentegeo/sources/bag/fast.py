"""
The fast way through a member: cut it in stands, drop what ended, match the rest with one anchored pattern.

Kadaster writes one voorkomen per ``sl:stand`` in a fixed order. Two patterns know that order for each type:
a tight one for what nearly every current stand looks like (no white space, an open voorkomen), and a loose one
that allows white space, ends of registration and the rarer elements. A stand that neither matches from its
first to its last byte goes to :mod:`twentegeo.sources.bag.slow`, which does not care about order. The caller
counts; a property test holds the two ways to the same rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

STAND_END: Final = b"</sl:stand>"
STAND_START: Final = b"<sl:stand>"
ENDED: Final = b"<Historie:eindGeldigheid>"
DAY_LENGTH: Final = 10

FIRST_LOOK: Final = {
    # where eindGeldigheid stands when there is one: (start, stop) of a quick look, from the end when negative
    "PND": (-700, None),
    "OPR": (-900, None),
    "NUM": (-900, None),
    "VBO": (0, 700),
    "LIG": (0, 700),
    "STA": (0, 700),
}


@dataclass
class Cut:
    """
    A member cut in stands.

    Attributes
    ----------
    tight, loose
        Per pattern, one tuple of bytes (or None) per stand, in the order of :func:`names`.
    odd
        Stands that no pattern knows, whole.
    ended
        How many stands were dropped because their voorkomen had ended by the day.
    frame
        What stands before the first stand, and after the last.
    """

    tight: list[tuple[bytes | None, ...]] = field(default_factory=list)
    loose: list[tuple[bytes | None, ...]] = field(default_factory=list)
    odd: list[bytes] = field(default_factory=list)
    ended: int = 0
    frame: tuple[bytes, bytes] = (b"", b"")

    @property
    def matched(self) -> int:
        """How many stands the patterns dealt with."""
        return len(self.tight) + len(self.loose) + self.ended

    def leftover(self) -> bytes:
        """
        Give the document that is left when the matched stands are taken out.

        Returns
        -------
        xml
            Well-formed exactly when the member is: the slow way reads it, and with it checks root and end.
        """
        head, tail = self.frame
        return head + b"".join(stand + STAND_END for stand in self.odd) + tail


def cut(xml: bytes, kind: str, day: bytes) -> Cut:
    """
    Cut a member in stands and read those that a pattern knows.

    Parameters
    ----------
    xml
        The whole member.
    kind
        Its object type; ``WPL`` has no pattern.
    day
        The reference date as ``YYYY-MM-DD``; a voorkomen that ended on or before it is dropped.

    Returns
    -------
    cut
        Rows, leftovers and counts.
    """
    first = xml.find(STAND_START)
    # a comment, CDATA or DOCTYPE can hold anything, also the marks that we cut at
    if kind not in FIRST_LOOK or first < 0 or (b"!" in xml and b"<!" in xml):
        return Cut(frame=(b"", xml))
    stands = xml.split(STAND_END)
    tail = stands.pop()
    if not stands:
        return Cut(frame=(b"", xml))
    head, stands[0] = stands[0][:first], stands[0][first:]
    result = Cut(frame=(head, tail))
    _match(stands, kind, day, result)
    return result


def _match(stands: list[bytes], kind: str, day: bytes, result: Cut) -> None:
    start, stop = FIRST_LOOK[kind]
    tight, loose = pattern(kind, loose=False).fullmatch, pattern(kind, loose=True).fullmatch
    keep, keep_loose, keep_odd = result.tight.append, result.loose.append, result.odd.append
    skip = len(ENDED)
    ended = 0
    for stand in stands:
        at = stand.find(ENDED, start, stop)
        if at >= 0 and stand[at + skip : at + skip + DAY_LENGTH] <= day:
            ended += 1
        elif found := tight(stand):
            keep(found.groups())
        elif found := loose(stand):
            keep_loose(found.groups())
        else:
            keep_odd(stand)
    result.ended = ended


def names(kind: str, *, loose: bool) -> list[str]:
    """
    Name the fields of a pattern's rows.

    Parameters
    ----------
    kind
        Object type.
    loose
        Which pattern.

    Returns
    -------
    names
        In the order of the tuples that :func:`cut` gives.
    """
    groups = pattern(kind, loose=loose).groupindex
    return sorted(groups, key=groups.__getitem__)


@cache
def pattern(kind: str, *, loose: bool) -> re.Pattern[bytes]:
    """
    Make the pattern of one whole stand, without its end tag.

    Parameters
    ----------
    kind
        Object type.
    loose
        Allow white space between elements, any end of registration, and the rarer elements.

    Returns
    -------
    pattern
        With a named group per field.
    """
    gap = r"\s*" if loose else ""
    tokens = [
        "<sl:stand>",
        "<sl-bag-extract:bagObject>",
        *_OBJECTS[kind](loose),
        "</sl-bag-extract:bagObject>",
    ]
    return re.compile((r"\s*" + gap.join(tokens) + gap).encode())


# -- what the elements look like ---------------------------------------------------------------------------


def _leaf(tag: str, group: str | None = None, value: str = "[^<&]*") -> str:
    """Match an element with text; documents may hold entities, values that we keep may not."""
    return f"<{tag}>(?P<{group}>{value})</{tag}>" if group else f"<{tag}>[^<]*</{tag}>"


def _maybe(text: str) -> str:
    # the gap belongs to the element, so that its absence leaves no second gap to try
    return f"(?:{text}\\s*)?"


def _identity(kind: str) -> str:
    return f'<Objecten:identificatie domein="NL.IMBAG.{kind}">(?P<id>[0-9]+)</Objecten:identificatie>'


def _ref(tag: str, domain: str, group: str, digits: int = 16) -> str:
    value = f"(?P<{group}>[0-9]{{{digits}}})"
    return f'<Objecten-ref:{tag} domein="NL.IMBAG.{domain}">{value}</Objecten-ref:{tag}>'


def _more_refs(tag: str, domain: str, group: str) -> str:
    one = f'<Objecten-ref:{tag} domein="NL.IMBAG.{domain}">[0-9]{{16}}</Objecten-ref:{tag}>\\s*'
    return f"(?P<{group}>(?:{one})*)"


def _voorkomen(loose: bool) -> list[str]:
    def end(tag: str, group: str) -> list[str]:
        return [_maybe(_leaf(f"Historie:{tag}", group))] if loose else []

    return [
        "<Objecten:voorkomen>",
        "<Historie:Voorkomen>",
        _leaf("Historie:voorkomenidentificatie", "voorkomen", "[0-9]+"),
        _leaf("Historie:beginGeldigheid", "begin"),
        *end("eindGeldigheid", "eind"),
        _leaf("Historie:tijdstipRegistratie", "registratie"),
        *end("eindRegistratie", "eind_registratie"),
        *end("tijdstipInactief", "inactief"),
        "<Historie:BeschikbaarLV>",
        _leaf("Historie:tijdstipRegistratieLV"),
        *end("tijdstipEindRegistratieLV", "eind_registratie_lv"),
        *end("tijdstipInactiefLV", "inactief_lv"),
        *end("tijdstipNietBagLV", "niet_bag"),
        "</Historie:BeschikbaarLV>",
        "</Historie:Voorkomen>",
        "</Objecten:voorkomen>",
    ]


def _document() -> list[str]:
    return [
        _leaf("Objecten:geconstateerd"),
        _leaf("Objecten:documentdatum"),
        _leaf("Objecten:documentnummer"),
    ]


def _srs(tag: str) -> str:
    return f'<{tag} srsName="urn:ogc:def:crs:EPSG::28992" srsDimension="(?P<dim>[23])"[^>]*>'


_POS_LIST = '<gml:posList(?: count="[0-9]+")?>'


def _polygon(loose: bool) -> list[str]:
    gap = r"\s*" if loose else ""
    hole = gap.join(
        [
            "<gml:interior>",
            "<gml:LinearRing>",
            f"{_POS_LIST}[^<]*</gml:posList>",
            "</gml:LinearRing>",
            "</gml:interior>",
        ]
    )
    return [
        "<Objecten:geometrie>",
        _srs("gml:Polygon"),
        "<gml:exterior>",
        "<gml:LinearRing>",
        f"{_POS_LIST}(?P<ring>[^<]*)</gml:posList>",
        "</gml:LinearRing>",
        "</gml:exterior>",
        f"(?P<holes>(?:{hole}{gap})*)",
        "</gml:Polygon>",
        "</Objecten:geometrie>",
    ]


def _addresses(loose: bool) -> list[str]:
    number = "Objecten-ref:NummeraanduidingRef"
    one = f'<{number} domein="NL.IMBAG.Nummeraanduiding">[0-9]{{16}}</{number}>\\s*'
    secondary = f"<Objecten:heeftAlsNevenadres>\\s*(?P<neven>(?:{one})+)</Objecten:heeftAlsNevenadres>"
    return [
        "<Objecten:heeftAlsHoofdadres>",
        _ref("NummeraanduidingRef", "Nummeraanduiding", "nummeraanduiding"),
        "</Objecten:heeftAlsHoofdadres>",
        *_voorkomen(loose),
        _maybe(secondary),
    ]


def _pand(loose: bool) -> list[str]:
    return [
        "<Objecten:Pand>",
        _identity("Pand"),
        *_polygon(loose),
        _leaf("Objecten:oorspronkelijkBouwjaar", "bouwjaar", "[0-9]+"),
        _leaf("Objecten:status", "status"),
        *_document(),
        *_voorkomen(loose),
        "</Objecten:Pand>",
    ]


def _verblijfsobject(loose: bool) -> list[str]:
    use = "<Objecten:gebruiksdoel>[^<&]*</Objecten:gebruiksdoel>\\s*"
    return [
        "<Objecten:Verblijfsobject>",
        *_addresses(loose),
        _identity("Verblijfsobject"),
        "<Objecten:geometrie>",
        "<Objecten:punt>",
        _srs("gml:Point"),
        "<gml:pos>(?P<pos>[^<]*)</gml:pos>",
        "</gml:Point>",
        "</Objecten:punt>",
        "</Objecten:geometrie>",
        f"(?P<doelen>(?:{use})+)",
        _leaf("Objecten:oppervlakte", "oppervlakte", "[0-9]+"),
        _leaf("Objecten:status", "status"),
        *_document(),
        "<Objecten:maaktDeelUitVan>",
        _ref("PandRef", "Pand", "pand"),
        _more_refs("PandRef", "Pand", "panden"),
        "</Objecten:maaktDeelUitVan>",
        "</Objecten:Verblijfsobject>",
    ]


def _place(element: str) -> Callable[[bool], list[str]]:
    def tokens(loose: bool) -> list[str]:
        return [
            f"<Objecten:{element}>",
            *_addresses(loose),
            _identity(element),
            _leaf("Objecten:status", "status"),
            *_polygon(loose),
            *_document(),
            f"</Objecten:{element}>",
        ]

    return tokens


def _nummeraanduiding(loose: bool) -> list[str]:
    within = f"<Objecten:ligtIn>\\s*{_ref('WoonplaatsRef', 'Woonplaats', 'woonplaats', 4)}\\s*</Objecten:ligtIn>"
    return [
        "<Objecten:Nummeraanduiding>",
        _identity("Nummeraanduiding"),
        _leaf("Objecten:huisnummer", "huisnummer", "[0-9]+"),
        _maybe(_leaf("Objecten:huisletter", "huisletter")),
        _maybe(_leaf("Objecten:huisnummertoevoeging", "toevoeging")),
        _maybe(_leaf("Objecten:postcode", "postcode")),
        _leaf("Objecten:typeAdresseerbaarObject"),
        _leaf("Objecten:status", "status"),
        *_document(),
        *_voorkomen(loose),
        _maybe(within),
        "<Objecten:ligtAan>",
        _ref("OpenbareRuimteRef", "Openbareruimte", "openbare_ruimte"),
        "</Objecten:ligtAan>",
        "</Objecten:Nummeraanduiding>",
    ]


def _openbare_ruimte(loose: bool) -> list[str]:
    short = "<Objecten:verkorteNaam>(?:[^<]|<(?!/Objecten:verkorteNaam>))*</Objecten:verkorteNaam>"
    return [
        "<Objecten:OpenbareRuimte>",
        _identity("Openbareruimte"),
        _leaf("Objecten:naam", "naam"),
        _leaf("Objecten:type"),
        _leaf("Objecten:status", "status"),
        *_document(),
        "<Objecten:ligtIn>",
        _ref("WoonplaatsRef", "Woonplaats", "woonplaats", 4),
        "</Objecten:ligtIn>",
        *_voorkomen(loose),
        _maybe(short),
        "</Objecten:OpenbareRuimte>",
    ]


_OBJECTS: Final[dict[str, Callable[[bool], list[str]]]] = {
    "PND": _pand,
    "VBO": _verblijfsobject,
    "LIG": _place("Ligplaats"),
    "STA": _place("Standplaats"),
    "NUM": _nummeraanduiding,
    "OPR": _openbare_ruimte,
}
