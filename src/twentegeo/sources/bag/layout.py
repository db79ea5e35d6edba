"""
What a stand looks like, as patterns: one token per element, in the order in which Kadaster writes them.

Every pattern covers a stand from its first to its last byte. The tight one allows no white space and only an open
voorkomen; the loose one allows white space, any end of registration and the rarer elements.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final, Protocol


class Tokens(Protocol):
    """Gives the tokens of an object type, tight or loose."""

    def __call__(self, *, loose: bool) -> list[str]:
        """List them in order."""
        ...


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
        In the order of the tuples that :func:`twentegeo.sources.bag.fast.cut` gives.
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
        *_OBJECTS[kind](loose=loose),
        "</sl-bag-extract:bagObject>",
    ]
    text = gap + gap.join(tokens) + gap
    return re.compile((text if loose else text.replace(r"\s*", "")).encode())


# -- what the elements look like ---------------------------------------------------------------------------


def _leaf(tag: str, group: str | None = None, value: str = "[^<]*") -> str:
    """Match an element with text. Only a name can hold an entity, and then it is the slow way's."""
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


def _voorkomen(*, loose: bool) -> list[str]:
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


def _polygon(*, loose: bool) -> list[str]:
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


def _addresses(*, loose: bool) -> list[str]:
    number = "Objecten-ref:NummeraanduidingRef"
    one = f'<{number} domein="NL.IMBAG.Nummeraanduiding">[0-9]{{16}}</{number}>\\s*'

    def secondary(group: str) -> str:
        return _maybe(f"<Objecten:heeftAlsNevenadres>\\s*(?P<{group}>(?:{one})+)</Objecten:heeftAlsNevenadres>")

    return [
        "<Objecten:heeftAlsHoofdadres>",
        _ref("NummeraanduidingRef", "Nummeraanduiding", "nummeraanduiding"),
        "</Objecten:heeftAlsHoofdadres>",
        # Kadaster writes it behind the voorkomen; the schema does not mind
        *([secondary("neven_eerst")] if loose else []),
        *_voorkomen(loose=loose),
        secondary("neven"),
    ]


def _pand(*, loose: bool) -> list[str]:
    return [
        "<Objecten:Pand>",
        _identity("Pand"),
        *_polygon(loose=loose),
        _leaf("Objecten:oorspronkelijkBouwjaar", "bouwjaar", "[0-9]+"),
        _leaf("Objecten:status", "status"),
        *_document(),
        *_voorkomen(loose=loose),
        "</Objecten:Pand>",
    ]


def _verblijfsobject(*, loose: bool) -> list[str]:
    use = "<Objecten:gebruiksdoel>[^<]*</Objecten:gebruiksdoel>\\s*"
    return [
        "<Objecten:Verblijfsobject>",
        *_addresses(loose=loose),
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


def _place(element: str) -> Tokens:
    def tokens(*, loose: bool) -> list[str]:
        return [
            f"<Objecten:{element}>",
            *_addresses(loose=loose),
            _identity(element),
            _leaf("Objecten:status", "status"),
            *_polygon(loose=loose),
            *_document(),
            f"</Objecten:{element}>",
        ]

    return tokens


def _nummeraanduiding(*, loose: bool) -> list[str]:
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
        *_voorkomen(loose=loose),
        _maybe(within),
        "<Objecten:ligtAan>",
        _ref("OpenbareRuimteRef", "Openbareruimte", "openbare_ruimte"),
        "</Objecten:ligtAan>",
        "</Objecten:Nummeraanduiding>",
    ]


def _openbare_ruimte(*, loose: bool) -> list[str]:
    short = "<Objecten:verkorteNaam>(?:[^<]|<(?!/Objecten:verkorteNaam>))*</Objecten:verkorteNaam>"
    return [
        "<Objecten:OpenbareRuimte>",
        _identity("Openbareruimte"),
        _leaf("Objecten:naam", "naam", "[^<&]*"),
        _leaf("Objecten:type"),
        _leaf("Objecten:status", "status"),
        *_document(),
        "<Objecten:ligtIn>",
        _ref("WoonplaatsRef", "Woonplaats", "woonplaats", 4),
        "</Objecten:ligtIn>",
        *_voorkomen(loose=loose),
        _maybe(short),
        "</Objecten:OpenbareRuimte>",
    ]


_OBJECTS: Final[dict[str, Tokens]] = {
    "PND": _pand,
    "VBO": _verblijfsobject,
    "LIG": _place("Ligplaats"),
    "STA": _place("Standplaats"),
    "NUM": _nummeraanduiding,
    "OPR": _openbare_ruimte,
}
