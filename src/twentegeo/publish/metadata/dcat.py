"""
DCAT-AP-NL 3.0 as JSON-LD: what data portals harvest.

The context is written out, so that nothing has to be fetched to read it, and links are relative to the file unless the
settings say where the release stands: the folder can be put anywhere. Mandatory properties are those of the profile's
SHACL shapes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from twentegeo.publish.metadata.about import KEYWORDS, LIMITS
from twentegeo.publish.metadata.licences import licence_of

if TYPE_CHECKING:
    from twentegeo.publish.metadata.about import About
    from twentegeo.publish.metadata.parameters import PublicationParams
    from twentegeo.publish.statement import Source

PROFILE: Final = "https://docs.geostandaarden.nl/dcat/dcat-ap-nl30/"
CONTEXT: Final = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "locn": "http://www.w3.org/ns/locn#",
    "prov": "http://www.w3.org/ns/prov#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

_EU: Final = "http://publications.europa.eu/resource/authority"
_ACCESS: Final = {"openbaar": "PUBLIC", "beperkt": "RESTRICTED", "niet openbaar": "NON_PUBLIC"}
_THEMES: Final = ("REGI", "SOCI", "ENER")
"""Regions and cities, population and society, energy."""
_RD_NEW: Final = "http://www.opengis.net/def/crs/EPSG/0/28992"
_IANA: Final = "https://www.iana.org/assignments/media-types"
_FORMATS: Final = {
    ".gpkg": ("GPKG", "application/geopackage+sqlite3", "GeoPackage met alle lagen"),
    ".tif": ("TIFF_GEO", "image/tiff", "Raster van 100 meter (Cloud Optimized GeoTIFF)"),
    ".pdf": ("PDF", "application/pdf", "Kaarten"),
}
"""Ending to EU file type, media type and description; other files are no distribution of their own."""


@dataclass(frozen=True, slots=True)
class File:
    """
    A file of the release.

    Attributes
    ----------
    path
        Relative to the release, with slashes.
    size_bytes, sha256
        What identifies its bytes.
    """

    path: str
    size_bytes: int
    sha256: str

    @property
    def suffix(self) -> str:
        """Ending of the name, with its dot."""
        return f".{self.path.rpartition('.')[2]}"


def is_distribution(path: str) -> bool:
    """
    Tell whether a file is something that a portal offers.

    Parameters
    ----------
    path
        Relative path.

    Returns
    -------
    offered
        True for the endings of the layers, rasters and maps.
    """
    return path.endswith(tuple(_FORMATS))


def dcat(about: About, files: list[File]) -> dict[str, Any]:
    """
    Describe a release as a catalogue of one dataset.

    Parameters
    ----------
    about
        What is known of the release.
    files
        Those that :func:`is_distribution` picks.

    Returns
    -------
    document
        JSON-LD.
    """
    publication = about.publication
    identifier = f"urn:uuid:{about.dataset.identifier}"
    agent = {"@id": publication.website, "@type": "foaf:Agent", "foaf:name": _dutch(publication.organisatie)}
    dataset = _dataset(about, identifier, agent) | {"dcat:distribution": [_distribution(about, file) for file in files]}
    catalogue = {
        "@id": f"{identifier}#catalogus",
        "@type": "dcat:Catalog",
        "dct:title": _dutch(about.edition.marked(f"Uitgaven van twentegeo {about.edition.region}")),
        "dct:description": _dutch("De nieuwste uitgave van de kaartlagen van twentegeo."),
        "dct:publisher": {"@id": publication.website},
        "dct:creator": {"@id": publication.website},
        "dct:language": _eu("language/NLD"),
        "dcat:contactPoint": _contact(publication),
        "dcat:dataset": {"@id": identifier},
    }
    return {"@context": CONTEXT, "@graph": [catalogue, dataset]}


def _dataset(about: About, identifier: str, agent: dict[str, Any]) -> dict[str, Any]:
    publication = about.publication
    return {
        "@id": identifier,
        "@type": "dcat:Dataset",
        "dct:identifier": identifier,
        "dct:title": _dutch(about.dataset.title),
        "dct:description": _dutch(f"{about.dataset.abstract} {LIMITS}"),
        "dct:publisher": agent,
        "dct:creator": {"@id": publication.website},
        "dcat:contactPoint": _contact(publication),
        "dct:accessRights": _eu(f"access-right/{_ACCESS[publication.toegang]}"),
        "dct:language": _eu("language/NLD"),
        "dct:accrualPeriodicity": _eu("frequency/DAILY"),
        "dct:issued": _day(about.made.isoformat()),
        "dct:modified": _day(about.made.isoformat()),
        "dct:temporal": {"@type": "dct:PeriodOfTime", "dcat:endDate": _day(about.peildatum.isoformat())},
        "dct:spatial": _place(about),
        "dct:conformsTo": {"@id": _RD_NEW, "@type": "dct:Standard"},
        "dct:provenance": {"@type": "dct:ProvenanceStatement", "dct:description": _dutch(about.lineage)},
        "dcat:version": about.version,
        "dcat:theme": [_eu(f"data-theme/{theme}") for theme in _THEMES],
        "dcat:keyword": [_dutch(keyword) for keyword in KEYWORDS],
        "dcat:landingPage": {"@id": _address(about, "rapport.html"), "@type": "foaf:Document"},
        "foaf:page": {"@id": publication.website, "@type": "foaf:Document"},
        "prov:wasDerivedFrom": [_source(source) for source in about.sources],
    }


def _distribution(about: About, file: File) -> dict[str, Any]:
    kind, media, description = _FORMATS[file.suffix]
    address = _address(about, file.path)
    return {
        "@id": address,
        "@type": "dcat:Distribution",
        "dct:title": _dutch(f"{file.path} ({about.edition.region})"),
        "dct:description": _dutch(about.edition.marked(f"{description}.")),
        "dcat:accessURL": {"@id": address},
        "dcat:downloadURL": {"@id": address},
        "dct:license": {"@id": about.licence.url, "@type": "dct:LicenseDocument"},
        "dct:rights": {"@type": "dct:RightsStatement", "dct:description": _dutch("\n".join(about.attributions))},
        "dct:format": _eu(f"file-type/{kind}"),
        "dcat:mediaType": {"@id": f"{_IANA}/{media}"},
        "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(file.size_bytes)},
        "dct:language": _eu("language/NLD"),
        "dct:modified": _day(about.made.isoformat()),
        "dct:conformsTo": {"@id": _RD_NEW, "@type": "dct:Standard"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@type": "xsd:hexBinary", "@value": file.sha256},
        },
    }


def _source(source: Source) -> dict[str, Any]:
    known = licence_of(source.licence)
    terms = {"dct:license": {"@id": known.url, "@type": "dct:LicenseDocument"}} if known else {}
    dated = {"dct:modified": _day(source.date.isoformat())} if source.date else {}
    return {
        "@type": "prov:Entity",
        "dct:title": _dutch(source.title),
        "dct:description": _dutch(f"{source.file}, SHA-256 {source.sha256}"),
        "dct:rights": {"@type": "dct:RightsStatement", "dct:description": _dutch(source.attribution)},
        **dated,
        **terms,
    }


def _contact(publication: PublicationParams) -> dict[str, Any]:
    mail = {"vcard:hasEmail": {"@id": f"mailto:{publication.email}"}} if publication.email else {}
    return {
        "@type": "vcard:Kind",
        "vcard:fn": _dutch(publication.organisatie),
        "vcard:hasURL": {"@id": publication.website},
        **mail,
    }


def _place(about: About) -> dict[str, Any]:
    west, south, east, north = about.dataset.degrees
    ring = f"{west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}"
    return {
        "@type": "dct:Location",
        "skos:prefLabel": _dutch(about.edition.region),
        "dcat:bbox": {
            "@type": "http://www.opengis.net/ont/geosparql#wktLiteral",
            "@value": f"POLYGON(({ring}))",
        },
    }


def _address(about: About, path: str) -> str:
    base = about.publication.basis_url
    return f"{base.rstrip('/')}/{quote(path)}" if base else f"../{quote(path)}"


def _dutch(text: str) -> dict[str, str]:
    return {"@language": "nl", "@value": text}


def _day(text: str) -> dict[str, str]:
    return {"@type": "xsd:date", "@value": text}


def _eu(name: str) -> dict[str, str]:
    return {"@id": f"{_EU}/{name}"}
