"""
The sure way through a member: lxml, element by element, in any order and with any prefix.

It reads what the patterns of :mod:`twentegeo.sources.bag.fast` do not know, and it is what judges a member's root
and end. Entities are never expanded and nothing is fetched.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import shapely
from lxml import etree

from twentegeo.errors import SourceChanged, SourceUnavailable
from twentegeo.sources.bag import geometry

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from twentegeo.sources.bag.archive import Member

SCHEMA: Final = "v20200601"
STAND: Final = "{http://www.kadaster.nl/schemas/standlevering-generiek/1.0}stand"
ROOT: Final = "{http://www.kadaster.nl/schemas/lvbag/extract-deelbestand-lvc/v20200601}bagStand"

ELEMENTS: Final = {
    "WPL": "Woonplaats",
    "OPR": "OpenbareRuimte",
    "NUM": "Nummeraanduiding",
    "LIG": "Ligplaats",
    "STA": "Standplaats",
    "VBO": "Verblijfsobject",
    "PND": "Pand",
}
TEXTS: Final = {
    "identificatie": "id",
    "naam": "naam",
    "status": "status",
    "huisnummer": "huisnummer",
    "huisletter": "huisletter",
    "huisnummertoevoeging": "toevoeging",
    "postcode": "postcode",
    "oppervlakte": "oppervlakte",
    "oorspronkelijkBouwjaar": "bouwjaar",
}
REFERENCES: Final = {
    "heeftAlsHoofdadres": "nummeraanduiding",
    "ligtIn": "woonplaats",
    "ligtAan": "openbare_ruimte",
}
LISTS: Final = {"heeftAlsNevenadres": "neven", "maaktDeelUitVan": "panden"}
HISTORY: Final = {
    "voorkomenidentificatie": "voorkomen",
    "beginGeldigheid": "begin",
    "eindGeldigheid": "eind",
    "tijdstipRegistratie": "registratie",
    "eindRegistratie": "eind_registratie",
    "tijdstipInactief": "inactief",
    "tijdstipEindRegistratieLV": "eind_registratie_lv",
    "tijdstipInactiefLV": "inactief_lv",
    "tijdstipNietBagLV": "niet_bag",
}
EXTRACT_REMEDY: Final = "Gebruik het BAG 2.0 extract van PDOK (lvbag-extract-nl.zip, schema v20200601)"

Record = dict[str, Any]


@dataclass
class Reading:
    """
    What the slow way found in a document.

    Attributes
    ----------
    records
        One dict per stand; texts as bytes, ``wkb`` for the geometry.
    stands
        How many stands there were.
    date
        StandTechnischeDatum of the document, or None.
    """

    records: list[Record] = field(default_factory=list)
    stands: int = 0
    date: str | None = None


def read(xml: bytes, kind: str, member: Member) -> Reading:
    """
    Read a whole document, or what the fast way left of one.

    Parameters
    ----------
    xml
        The document.
    kind
        Object type that its stands should hold.
    member
        Where it came from, for messages.

    Returns
    -------
    reading
        A record per stand.

    Raises
    ------
    SourceUnavailable
        The XML is cut off or broken.
    SourceChanged
        Another schema, a mutation delivery, a document type declaration, or other objects than promised.
    """
    reading = Reading()
    events = etree.iterparse(
        io.BytesIO(xml),
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
    try:
        for event, element in events:
            if event == "start":
                if element.getparent() is None:
                    require_root(element, member)
            elif element.tag == STAND:
                reading.records.append(record(element, kind, member))
                reading.stands += 1
                _forget(element)
            elif element.tag.endswith("}StandTechnischeDatum"):
                reading.date = element.text
    except etree.XMLSyntaxError as error:
        reason = (error.msg or "onbekende fout").split(", line")[0]
        raise SourceUnavailable(
            member.complaint(f"breekt af of is geen geldige XML ({reason})", "Haal de levering opnieuw op bij PDOK")
        ) from error
    return reading


def require_root(root: Element, member: Member) -> None:
    """
    Refuse what is not a stand of schema v20200601.

    Parameters
    ----------
    root
        The document's root.
    member
        Where it came from.

    Raises
    ------
    SourceChanged
        The reason, with what to do instead.
    """
    if root.getroottree().docinfo.internalDTD is not None:
        raise SourceChanged(
            member.complaint("heeft een DOCTYPE-declaratie; die komt in de BAG niet voor", EXTRACT_REMEDY)
        )
    name = etree.QName(root)
    if root.tag == ROOT:
        return
    if name.localname == "bagMutaties":
        raise SourceChanged(
            member.complaint("is een mutatielevering; twentegeo leest de volledige stand", EXTRACT_REMEDY)
        )
    refuse_schema(name.namespace or "", member)
    raise SourceChanged(member.complaint(f"begint met '{name.localname}', geen bagStand", EXTRACT_REMEDY))


def refuse_schema(namespace: str, member: Member) -> None:
    """
    Refuse a namespace of another version by its name.

    Parameters
    ----------
    namespace
        Of the root.
    member
        Where it came from.

    Raises
    ------
    SourceChanged
        The namespace is Kadaster's, of another version.
    """
    version = namespace.rsplit("/", 1)[-1]
    if "kadaster" in namespace and version.startswith("v20") and version != SCHEMA:
        raise SourceChanged(member.complaint(f"heeft schema {version}; twentegeo leest {SCHEMA}", EXTRACT_REMEDY))


def record(stand: Element, kind: str, member: Member) -> Record:
    """
    Read one stand, whatever the order of its elements.

    Parameters
    ----------
    stand
        The ``sl:stand`` element.
    kind
        Object type it should hold.
    member
        Where it came from.

    Returns
    -------
    record
        Fields by the names that the patterns use.

    Raises
    ------
    SourceChanged
        It holds another object, or none with an identification.
    """
    objects = stand.iter(f"{{*}}{ELEMENTS[kind]}")
    found = next(objects, None)
    if found is None:
        raise SourceChanged(member.complaint(f"bevat een stand zonder {ELEMENTS[kind]}", EXTRACT_REMEDY))
    fields: Record = {}
    uses: list[bytes] = []
    for child in found.iterchildren(tag=etree.Element):
        _read_child(child, fields, uses, member)
    if uses:
        fields["doelen"] = b"".join(b"<>" + use + b"</>" for use in uses)
    if not fields.get("id"):
        raise SourceChanged(member.complaint("bevat een object zonder identificatie", EXTRACT_REMEDY))
    return fields


def _read_child(child: Element, fields: Record, uses: list[bytes], member: Member) -> None:
    name = etree.QName(child).localname
    if name in TEXTS:
        fields[TEXTS[name]] = _text(child)
    elif name in REFERENCES:
        fields[REFERENCES[name]] = next(map(_text, child.iterchildren(tag=etree.Element)), None)
    elif name in LISTS:
        ids = map(_text, child.iterchildren(tag=etree.Element))
        fields[LISTS[name]] = b"".join(b"<>" + one + b"</>" for one in ids if one)
    elif name == "gebruiksdoel":
        uses.append(_text(child) or b"")
    elif name == "voorkomen":
        fields |= _history(child)
    elif name == "geometrie":
        shape = geometry.from_gml(child, member)
        fields["wkb"] = shapely.to_wkb(shape)


def _history(element: Element) -> Record:
    parts = {etree.QName(part).localname: part for part in element.iter(tag=etree.Element)}
    return {key: _text(parts[name]) for name, key in HISTORY.items() if name in parts}


def _text(element: Element) -> bytes | None:
    # XPath's string value leaves out comments and joins what stands around them
    return str(element.xpath("string()")).strip().encode() or None


def _forget(element: Element) -> None:
    """Free a stand and those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
