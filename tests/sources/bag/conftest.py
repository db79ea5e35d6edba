"""A delivery of a few objects, made by hand, and taken apart at will."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from twentegeo.sources import bag
from twentegeo.tables.shapes import Mapped

DAY = "2024-01-08"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "sl-bag-extract": "http://www.kadaster.nl/schemas/lvbag/extract-deelbestand-lvc/v20200601",
        "sl": "http://www.kadaster.nl/schemas/standlevering-generiek/1.0",
        "selecties-extract": "http://www.kadaster.nl/schemas/lvbag/extract-selecties/v20200601",
        "Objecten": "www.kadaster.nl/schemas/lvbag/imbag/objecten/v20200601",
        "Objecten-ref": "www.kadaster.nl/schemas/lvbag/imbag/objecten-ref/v20200601",
        "Historie": "www.kadaster.nl/schemas/lvbag/imbag/historie/v20200601",
        "nen5825": "www.kadaster.nl/schemas/lvbag/imbag/nen5825/v20200601",
        "gml": "http://www.opengis.net/gml/3.2",
    }.items()
)
CODES = {"WPL": "30", "OPR": "30", "NUM": "20", "LIG": "02", "STA": "03", "VBO": "01", "PND": "10"}
REF = {"NUM": "Nummeraanduiding", "OPR": "OpenbareRuimte", "WPL": "Woonplaats", "PND": "Pand"}
DOMAIN = REF | {"OPR": "Openbareruimte", "VBO": "Verblijfsobject", "LIG": "Ligplaats", "STA": "Standplaats"}


def ident(kind: str, number: int, gemeente: str = "0001") -> str:
    return f"{number:04d}" if kind == "WPL" else f"{gemeente}{CODES[kind]}{number:010d}"


def voorkomen(begin: str = "2010-01-01", number: int = 1, **more: str) -> str:
    def part(tag: str, name: str) -> str:
        return f"<Historie:{tag}>{more[name]}</Historie:{tag}>" if name in more else ""

    return (
        "<Objecten:voorkomen><Historie:Voorkomen>"
        f"<Historie:voorkomenidentificatie>{number}</Historie:voorkomenidentificatie>"
        f"<Historie:beginGeldigheid>{begin}</Historie:beginGeldigheid>"
        + part("eindGeldigheid", "eind")
        + f"<Historie:tijdstipRegistratie>{more.get('registratie', '2010-01-02T00:00:00.000')}"
        "</Historie:tijdstipRegistratie>"
        + part("eindRegistratie", "eind_registratie")
        + part("tijdstipInactief", "inactief")
        + "<Historie:BeschikbaarLV>"
        "<Historie:tijdstipRegistratieLV>2010-01-02T00:10:00.000</Historie:tijdstipRegistratieLV>"
        + part("tijdstipInactiefLV", "inactief_lv")
        + "</Historie:BeschikbaarLV></Historie:Voorkomen></Objecten:voorkomen>"
    )


def stand(element: str, body: str) -> str:
    return (
        f"<sl:stand><sl-bag-extract:bagObject><Objecten:{element}>{body}</Objecten:{element}>"
        "</sl-bag-extract:bagObject></sl:stand>"
    )


def identity(kind: str, name: str) -> str:
    return f'<Objecten:identificatie domein="NL.IMBAG.{DOMAIN[kind]}">{name}</Objecten:identificatie>'


def ref(kind: str, name: str) -> str:
    return f'<Objecten-ref:{REF[kind]}Ref domein="NL.IMBAG.{DOMAIN[kind]}">{name}</Objecten-ref:{REF[kind]}Ref>'


def document() -> str:
    return (
        "<Objecten:geconstateerd>N</Objecten:geconstateerd><Objecten:documentdatum>2010-01-01"
        "</Objecten:documentdatum><Objecten:documentnummer>A &amp; B</Objecten:documentnummer>"
    )


def polygon(*rings: str, dim: int = 3) -> str:
    parts = [f"<gml:LinearRing><gml:posList>{ring}</gml:posList></gml:LinearRing>" for ring in rings]
    holes = "".join(f"<gml:interior>{part}</gml:interior>" for part in parts[1:])
    return (
        f'<gml:Polygon srsName="urn:ogc:def:crs:EPSG::28992" srsDimension="{dim}" gml:id="g.1">'
        f"<gml:exterior>{parts[0]}</gml:exterior>{holes}</gml:Polygon>"
    )


def box(x: float, y: float, width: float = 10, height: float = 8, dim: int = 3) -> str:
    corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]
    return " ".join(f"{a:.3f} {b:.3f}" + (" 0.0" if dim == 3 else "") for a, b in corners)


def woonplaats(number: int, name: str, ring: str) -> str:
    shape = f"<Objecten:geometrie><Objecten:vlak>{polygon(ring, dim=2)}</Objecten:vlak></Objecten:geometrie>"
    return stand(
        "Woonplaats",
        identity("WPL", ident("WPL", number))
        + f"<Objecten:naam>{name}</Objecten:naam>{shape}<Objecten:status>Woonplaats aangewezen</Objecten:status>"
        + document()
        + voorkomen(),
    )


def straat(number: int, name: str, town: int, history: str = "") -> str:
    return stand(
        "OpenbareRuimte",
        identity("OPR", ident("OPR", number))
        + f"<Objecten:naam>{name}</Objecten:naam><Objecten:type>Weg</Objecten:type>"
        + "<Objecten:status>Naamgeving uitgegeven</Objecten:status>"
        + document()
        + f"<Objecten:ligtIn>{ref('WPL', ident('WPL', town))}</Objecten:ligtIn>"
        + (history or voorkomen()),
    )


def nummer(number: int, street: int, house: int, *, extra: str = "", town: int | None = None) -> str:
    within = "" if town is None else f"<Objecten:ligtIn>{ref('WPL', ident('WPL', town))}</Objecten:ligtIn>"
    return stand(
        "Nummeraanduiding",
        identity("NUM", ident("NUM", number))
        + f"<Objecten:huisnummer>{house}</Objecten:huisnummer>{extra}"
        + "<Objecten:typeAdresseerbaarObject>Verblijfsobject</Objecten:typeAdresseerbaarObject>"
        + "<Objecten:status>Naamgeving uitgegeven</Objecten:status>"
        + document()
        + voorkomen()
        + within
        + f"<Objecten:ligtAan>{ref('OPR', ident('OPR', street))}</Objecten:ligtAan>",
    )


def vbo(  # noqa: PLR0913
    number: int,
    address: int,
    panden: list[int],
    *,
    at: tuple[float, float] = (1005, 400_004),
    status: str = "Verblijfsobject in gebruik",
    area: int = 100,
    uses: tuple[str, ...] = ("woonfunctie",),
    neven: tuple[int, ...] = (),
    history: str = "",
    shape: str = "",
) -> str:
    more = "".join(ref("NUM", ident("NUM", one)) for one in neven)
    point = (
        '<Objecten:punt><gml:Point srsName="urn:ogc:def:crs:EPSG::28992" srsDimension="3" gml:id="p.1">'
        f"<gml:pos>{at[0]:.3f} {at[1]:.3f} 0.0</gml:pos></gml:Point></Objecten:punt>"
    )
    return stand(
        "Verblijfsobject",
        f"<Objecten:heeftAlsHoofdadres>{ref('NUM', ident('NUM', address))}</Objecten:heeftAlsHoofdadres>"
        + (history or voorkomen())
        + (f"<Objecten:heeftAlsNevenadres>{more}</Objecten:heeftAlsNevenadres>" if neven else "")
        + identity("VBO", ident("VBO", number))
        + f"<Objecten:geometrie>{shape or point}</Objecten:geometrie>"
        + "".join(f"<Objecten:gebruiksdoel>{use}</Objecten:gebruiksdoel>" for use in uses)
        + f"<Objecten:oppervlakte>{area}</Objecten:oppervlakte><Objecten:status>{status}</Objecten:status>"
        + document()
        + "<Objecten:maaktDeelUitVan>"
        + "".join(ref("PND", ident("PND", one)) for one in panden)
        + "</Objecten:maaktDeelUitVan>",
    )


def pand(number: int, *rings: str, year: int = 1970, status: str = "Pand in gebruik", history: str = "") -> str:
    return stand(
        "Pand",
        identity("PND", ident("PND", number))
        + f"<Objecten:geometrie>{polygon(*rings)}</Objecten:geometrie>"
        + f"<Objecten:oorspronkelijkBouwjaar>{year}</Objecten:oorspronkelijkBouwjaar>"
        + f"<Objecten:status>{status}</Objecten:status>"
        + document()
        + (history or voorkomen()),
    )


def plaats(element: str, kind: str, number: int, address: int, ring: str, status: str = "Plaats aangewezen") -> str:
    return stand(
        element,
        f"<Objecten:heeftAlsHoofdadres>{ref('NUM', ident('NUM', address))}</Objecten:heeftAlsHoofdadres>"
        + voorkomen()
        + identity(kind, ident(kind, number))
        + f"<Objecten:status>{status}</Objecten:status>"
        + f"<Objecten:geometrie>{polygon(ring, dim=2)}</Objecten:geometrie>"
        + document(),
    )


def member_xml(kind: str, stands: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<sl-bag-extract:bagStand {NAMESPACES}><sl-bag-extract:bagInfo>'
        "<selecties-extract:LVC-Extract><selecties-extract:StandTechnischeDatum>"
        f"{DAY}</selecties-extract:StandTechnischeDatum></selecties-extract:LVC-Extract></sl-bag-extract:bagInfo>"
        "<sl:standBestand><sl:dataset>LVBAG</sl:dataset><sl:inhoud><sl:objectTypen>"
        f"<sl:objectType>{kind}</sl:objectType></sl:objectTypen></sl:inhoud>"
        f"{stands}</sl:standBestand></sl-bag-extract:bagStand>"
    )


def relation_xml(relations: dict[int, str], status: str = "definitief") -> str:
    rows = "".join(
        "<p:GemeenteWoonplaatsRelatie><p:tijdvakgeldigheid><b:begindatumTijdvakGeldigheid>2009-01-01"
        "</b:begindatumTijdvakGeldigheid></p:tijdvakgeldigheid><p:gerelateerdeWoonplaats>"
        f"<p:identificatie>{town:04d}</p:identificatie></p:gerelateerdeWoonplaats><p:gerelateerdeGemeente>"
        f"<p:identificatie>{gemeente}</p:identificatie></p:gerelateerdeGemeente><p:status>{status}</p:status>"
        "</p:GemeenteWoonplaatsRelatie>"
        for town, gemeente in relations.items()
    )
    base = "www.kadaster.nl/schemas/lvbag/gem-wpl-rel"
    return (
        f'<f:BAG-GWR-Deelbestand-LVC xmlns:f="{base}/gwr-deelbestand-lvc/v20200601" '
        f'xmlns:p="{base}/gwr-producten-lvc/v20200601" xmlns:b="{base}/bag-types/v20200601">'
        f"{rows}</f:BAG-GWR-Deelbestand-LVC>"
    )


def document_xml(schema: str = "v20200601") -> str:
    return (
        f'<xb:BAG-Extract-Levering xmlns:xb="http://www.kadaster.nl/schemas/lvbag/extract-levering/{schema}">'
        f"<StandTechnischeDatum>{DAY}</StandTechnischeDatum></xb:BAG-Extract-Levering>"
    )


def zipped(files: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


@dataclass
class World:
    """
    Two towns side by side, each in its own municipality: 0001 (x 0 to 10 km) and 0002 (x 10 to 20 km).

    Members are lists of whole documents; tests change them before :meth:`write`.
    """

    stands: dict[str, list[str]]
    relations: dict[int, str] = field(default_factory=lambda: {1: "0001", 2: "0002"})
    stored: int = zipfile.ZIP_STORED
    extra: dict[str, bytes | str] = field(default_factory=dict)
    documents: dict[str, list[str]] = field(default_factory=dict)

    def files(self) -> dict[str, bytes | str]:
        files: dict[str, bytes | str] = {"Leveringsdocument-BAG-Extract.xml": document_xml()}
        for kind in CODES:
            documents = self.documents.get(kind) or [member_xml(kind, "".join(self.stands.get(kind, [])))]
            inner = {f"0001{kind}08012024-{number:06d}.xml": text for number, text in enumerate(documents, start=1)}
            files[f"9999{kind}08012024.zip"] = zipped(inner)
        relation = {"GEM-WPL-RELATIE-08012024-000001.xml": relation_xml(self.relations)}
        files["GEM-WPL-RELATIE-08012024.zip"] = zipped(relation)
        return files | self.extra

    def write(self, path: Path) -> Path:
        path.write_bytes(zipped(self.files(), self.stored))
        return path


@pytest.fixture
def world() -> World:
    """Town 1 has one street, two addresses, one dwelling in one pand, and a shed; town 2 has one of each."""
    return World(
        {
            "WPL": [
                woonplaats(1, "Oosterdorp", box(0, 400_000, 10_000, 10_000, dim=2)),
                woonplaats(2, "Westerdorp", box(10_000, 400_000, 10_000, 10_000, dim=2)),
            ],
            "OPR": [straat(1, "Kerkstraat", 1), straat(2, "Dorpsstraat", 2)],
            "NUM": [
                nummer(1, 1, 1, extra="<Objecten:postcode>7511AB</Objecten:postcode>"),
                nummer(2, 1, 3, extra="<Objecten:huisletter>a</Objecten:huisletter>"),
                nummer(3, 2, 1),
            ],
            "VBO": [vbo(1, 1, [1]), vbo(3, 3, [3], at=(15_005, 400_004))],
            "PND": [
                pand(1, box(1000, 400_000)),
                pand(2, box(1020, 400_000)),
                pand(3, box(15_000, 400_000)),
                pand(4, box(15_020, 400_000)),
            ],
        }
    )


Reader = Callable[..., bag.BagTables]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """Read a world, or a file, for municipality 0001 unless told otherwise."""

    def reader(
        what: World | Path,
        codes: tuple[str, ...] = ("0001",),
        day: date | None = None,
        workers: int = 1,
        published: Mapped | None = None,
        recall: Path | None = None,
    ) -> bag.BagTables:
        path = what.write(tmp_path / "extract.zip") if isinstance(what, World) else what
        work = tmp_path / "work"
        means = bag.Means(work, workers, published=lambda: published, recall=recall)
        tables = bag.read(bag.fetch(path), bag.BagScope(codes, day), means)
        assert not work.exists() or not list(work.iterdir())
        return tables

    return reader


@pytest.fixture
def make() -> object:
    """The words that a world is made of."""
    return sys.modules[__name__]
