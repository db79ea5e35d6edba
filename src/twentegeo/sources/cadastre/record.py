"""
One parcel of GML v5: its fields, and its polygon.

Two parsers of one record. The fast one is a pattern of the whole record in the order in which the Kadaster
writes it; what it does not match (another order, an escaped character, an ended or three-dimensional parcel)
goes to lxml. Only `begrenzingPerceel` is read: the second geometry, `plaatscoordinaten`, is where the parcel
number stands on the map.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pyarrow as pa
import shapely
from lxml import etree
from pyarrow import compute as pc

from twentegeo.crs import RD_NEW_TEXT
from twentegeo.errors import SourceChanged, problem
from twentegeo.sources.polygons import repair

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

Bounds = tuple[float, float, float, float]

FIELDS: Final = ("perceel_id", "kadastrale_gemeente", "sectie", "perceelnummer", "akr_code", "grootte")
"""Fields of a record, all text as written."""

_AGAIN: Final = "Haal de levering opnieuw op bij de downloaddienst van de Kadastrale Kaart"
_SMALLEST_RING: Final = 4
"""Points of a triangle, its first one repeated."""

_RECORD: Final = rb"""
<oz:Perceel@> <ko:identificatie@>([^<&]+)</ko:identificatie>
<oz:historie> <h:beginGeldigheid>[^<]*</h:beginGeldigheid>
(?:<h:tijdstipRegistratie>[^<]*</h:tijdstipRegistratie>)? (?:<h:volgnummer>[^<]*</h:volgnummer>)?
<h:statusHistorie> <h:StatusHistorie> <t:code>G</t:code> <t:waarde>[^<]*</t:waarde>
</h:StatusHistorie> </h:statusHistorie> </oz:historie>
<oz:kadastraleAanduiding> <oz:TypeKadastraleAanduiding>
<oz:kadastraleGemeente> <oz:KadastraleGemeente> <t:code>[^<]*</t:code> <t:waarde>([^<&]*)</t:waarde>
</oz:KadastraleGemeente> </oz:kadastraleGemeente>
<oz:sectie>([^<&]*)</oz:sectie> <oz:perceelnummer>([^<&]*)</oz:perceelnummer>
<oz:aKRKadastraleGemeenteCode> <oz:AKRKadastraleGemeenteCode>
<t:code>[^<]*</t:code> <t:waarde>([^<&]*)</t:waarde>
</oz:AKRKadastraleGemeenteCode> </oz:aKRKadastraleGemeenteCode>
</oz:TypeKadastraleAanduiding> </oz:kadastraleAanduiding>
<oz:begrenzingPerceel> <gml:Polygon!>
<gml:exterior> <gml:LinearRing> <gml:posList>([^<&]+)</gml:posList> </gml:LinearRing> </gml:exterior>
((?:<gml:interior>\s*<gml:LinearRing>\s*<gml:posList>[^<&]+</gml:posList>\s*</gml:LinearRing>\s*</gml:interior>\s*)*)
</gml:Polygon> </oz:begrenzingPerceel>
<oz:kadastraleGrootte> <oz:TypeOppervlak> <oz:waarde>([^<&]*)</oz:waarde>
"""
"""A whole record; `@` stands for any attributes, `!` for attributes that name RD New."""

_ATTRIBUTES: Final = {
    b"": b"",
    b"@": rb"\b[^>]*",
    # nothing beside these: a third dimension would be an attribute too
    b"!": rb'(?:\s+(?:xmlns:[\w.-]+|[\w.-]+:id)="[^"]*")*\s+srsName="urn:ogc:def:crs:EPSG::28992"\s*',
}
_HOLE: Final = re.compile(rb"posList>([^<]+)<")


@dataclass(slots=True)
class Counts:
    """Members met, by parser and by fate."""

    members: int = 0
    fast: int = 0
    slow: int = 0
    ended: int = 0


@dataclass(slots=True)
class Batch:
    """
    Records of one piece of the file.

    Attributes
    ----------
    fields
        The :data:`FIELDS` of all records one after the other: many small tuples would keep the garbage
        collector busy.
    rings
        Coordinates of all rings as written, shells and holes in order.
    rings_of
        How many of the rings each record has; 0 without a polygon.
    """

    fields: list[bytes] = field(default_factory=list)
    rings: list[bytes] = field(default_factory=list)
    rings_of: list[int] = field(default_factory=list)

    def add(self, values: tuple[bytes, ...], rings: Sequence[bytes]) -> None:
        """Append one record."""
        self.fields.extend(values)
        self.rings.extend(rings)
        self.rings_of.append(len(rings))


def record_pattern(root: bytes) -> re.Pattern[bytes]:
    """
    Spell a whole record with the namespace prefixes of one file.

    Parameters
    ----------
    root
        Start tag of the file's root element, with its namespace declarations.

    Returns
    -------
    pattern
        Groups: the fields up to `akr_code`, the shell, the holes, `grootte`.
    """

    def prefix(namespace: bytes) -> bytes:
        found = re.search(rb"xmlns:([\w.-]+)\s*=\s*[\"'][^\"']*" + namespace, root)
        return re.escape(found.group(1)) + b":" if found else b""

    prefixes = {
        b"oz": prefix(b"/imkad-onroerendezaak/"),
        b"ko": prefix(b"/imkad-kadastraalobject/"),
        b"h": prefix(b"/imkad-historie/"),
        b"t": prefix(b"/imkad-typen/"),
        b"gml": prefix(b"/gml/3\\.2"),
    }

    def tag(match: re.Match[bytes]) -> bytes:
        slash, space, local, attributes = match.groups()
        return b"<" + slash + prefixes[space] + local + _ATTRIBUTES[attributes] + b">"

    joined = rb"\s*".join(_RECORD.split())
    return re.compile(re.sub(rb"<(/?)(\w+):(\w+)([@!]?)>", tag, joined))


def parse(members: list[bytes], pattern: re.Pattern[bytes], root: bytes, counts: Counts, label: str) -> Batch:
    """
    Take the fields and rings out of records.

    Parameters
    ----------
    members
        Bytes of each `perceelMember`, its end tag left off.
    pattern, root
        See :func:`record_pattern`.
    counts
        Where the members are counted.
    label
        The file, for messages.

    Returns
    -------
    batch
        Records that are current; ended ones are counted only.
    """
    batch = Batch()
    search = pattern.search
    for member in members:
        match = search(member)
        if match is None:
            _parse_slowly(member, root, batch, counts, label)
            continue
        *values, shell, holes, size = match.groups()
        batch.add((*values, size), [shell, *_HOLE.findall(holes)] if holes else [shell])
    counts.members += len(members)
    counts.fast = counts.members - counts.slow
    return batch


def _parse_slowly(member: bytes, root: bytes, batch: Batch, counts: Counts, label: str) -> None:
    counts.slow += 1
    name = re.search(rb"<([^\s>]*)perceelMember", member)
    if name is None:
        raise SourceChanged(problem(label, "bevat een perceelMember zonder begin", _AGAIN))
    start = name.group(1)
    root_name = start + b"DKK"
    document = root + member[name.start() :] + b"</" + start + b"perceelMember></" + root_name + b">"
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        tree = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        place = f"perceel {counts.members + 1} of volgende is geen geldige XML ({error.msg})"
        raise SourceChanged(problem(label, place, _AGAIN)) from error
    parcel = tree[0]
    if parcel.find(".//{*}eindGeldigheid") is not None or parcel.find(".//{*}eindRegistratie") is not None:
        counts.ended += 1
        return
    batch.add(_fields(parcel), _rings(parcel, label))


def _fields(parcel: etree._Element) -> tuple[bytes, ...]:
    paths = (
        ".//{*}identificatie",
        ".//{*}KadastraleGemeente/{*}waarde",
        ".//{*}sectie",
        ".//{*}perceelnummer",
        ".//{*}AKRKadastraleGemeenteCode/{*}waarde",
        ".//{*}TypeOppervlak/{*}waarde",
    )
    return tuple((parcel.findtext(path) or "").strip().encode() for path in paths)


def _rings(parcel: etree._Element, label: str) -> list[bytes]:
    polygons = parcel.findall(".//{*}begrenzingPerceel//{*}Polygon")
    if not polygons:
        return []
    polygon = polygons[0]
    known = "28992" in (polygon.get("srsName") or "")
    lists = polygon.findall("./*/{*}LinearRing/{*}posList")
    if len(polygons) > 1 or not known or len(lists) != len(polygon):
        identifier = parcel.findtext(".//{*}identificatie")
        place = f"perceel {identifier}: begrenzingPerceel is geen enkele polygoon in RD (EPSG:28992)"
        raise SourceChanged(problem(label, place, "Lever Kadastrale Kaart v5 (GML) in RD aan"))
    three = polygon.get("srsDimension") == "3" or any(ring.get("srsDimension") == "3" for ring in lists)
    return [_flat((ring.text or "").split(), three=three) for ring in lists]


def _flat(numbers: list[str], *, three: bool) -> bytes:
    kept = [n for i, n in enumerate(numbers) if i % 3 != 2] if three else numbers  # noqa: PLR2004
    return " ".join(kept).encode()


def build(batch: Batch, bounds: Bounds | None, label: str) -> gpd.GeoDataFrame:
    """
    Make a table of records.

    Parameters
    ----------
    batch
        Records as parsed.
    bounds
        xmin, ymin, xmax, ymax in RD metres; parcels that do not touch it are left out. None keeps all.
    label
        The file, for messages.

    Returns
    -------
    records
        :data:`FIELDS` as text, `hersteld` (bool), `geometry` (RD New; None where no area is left).

    Raises
    ------
    SourceChanged
        A field is no UTF-8, a coordinate is no number.
    """
    try:
        columns = [pa.array(batch.fields[place :: len(FIELDS)], pa.string()) for place in range(len(FIELDS))]
        geometry = _polygons(batch)
    except (pa.ArrowInvalid, ValueError) as error:
        place = f"bevat tekst die geen UTF-8 is of een coördinaat die geen getal is ({str(error)[:80]})"
        raise SourceChanged(problem(label, place, _AGAIN)) from error
    table = pa.table(columns, names=list(FIELDS))
    if bounds is not None:
        near = shapely.is_missing(geometry) | shapely.intersects(geometry, shapely.box(*bounds))
        table, geometry = table.filter(pa.array(near)), geometry[near]
    sound, repaired = repair(geometry)
    frame = table.to_pandas()
    return gpd.GeoDataFrame(frame.assign(hersteld=repaired), geometry=sound, crs=RD_NEW_TEXT)


def _polygons(batch: Batch) -> npt.NDArray[np.object_]:
    """Build the polygons of a batch in bulk; None for a record without rings or with a degenerate one."""
    out = np.full(len(batch.rings_of), None, dtype=object)
    if not batch.rings:
        return out
    numbers = pc.utf8_split_whitespace(pc.utf8_trim_whitespace(pa.array(batch.rings, pa.string())))
    counted = pc.list_value_length(numbers).to_numpy()
    record = np.repeat(np.arange(len(batch.rings_of)), batch.rings_of)
    broken = np.bincount(record, weights=(counted % 2 == 1) | (counted < 2 * _SMALLEST_RING), minlength=len(out)) > 0
    kept = ~broken[record]
    if not kept.any():
        return out
    values = pc.list_flatten(numbers.filter(pa.array(kept))).cast(pa.float64()).to_numpy()
    lengths = counted[kept] // 2
    rings = shapely.linearrings(values.reshape(-1, 2), indices=np.repeat(np.arange(kept.sum()), lengths))
    whole, owner = np.unique(record[kept], return_inverse=True)
    out[whole] = shapely.polygons(rings, indices=owner)
    return out
