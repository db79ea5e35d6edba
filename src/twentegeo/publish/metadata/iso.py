"""
ISO 19115 in the XML of ISO 19139, by the Dutch metadata profile for geography 2.1.0.

The order of elements is that of the schema; the profile's example for datasets shows which of them the Netherlands
fills in, and how.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lxml import etree

from twentegeo.publish import dutch
from twentegeo.publish.metadata.about import KEYWORDS, LIMITS, METHOD, PURPOSE
from twentegeo.publish.metadata.licences import licence_of
from twentegeo.publish.metadata.xml import GMD, NAMES, add, code, dated, language, link, party, words

if TYPE_CHECKING:
    from twentegeo.publish.metadata.about import About, Resource
    from twentegeo.publish.metadata.xml import Element
    from twentegeo.publish.statement import Source

STANDARD: Final = "http://www.isotc211.org/2005/gmd"
"""How a GeoPackage names this kind of metadata."""

PROFILE: Final = "Nederlands metadata profiel op ISO 19115 voor geografie 2.1.0"

_RD_NEW: Final = "http://www.opengis.net/def/crs/EPSG/0/28992"
_GEOPACKAGE: Final = "https://www.iana.org/assignments/media-types/application/geopackage+sqlite3"
_SCALE: Final = 1000
"""The large-scale registers are drawn for maps of 1:1,000."""
_TOPICS: Final = ("society", "structure")


def iso_xml(about: About, resource: Resource, *, url: str | None = None) -> bytes:
    """
    Write the metadata of a release or of one of its layers.

    Parameters
    ----------
    about
        What is known of the release.
    resource
        The release (``about.dataset``) or a layer.
    url
        Where the GeoPackage can be fetched; None where that is not known.

    Returns
    -------
    xml
        UTF-8, with declaration.
    """
    root = etree.Element(f"{{{GMD}}}MD_Metadata", nsmap=NAMES)
    _head(root, about, resource)
    if resource is about.dataset or resource.geometry:
        link(
            root,
            "gmd:referenceSystemInfo/gmd:MD_ReferenceSystem/gmd:referenceSystemIdentifier/gmd:RS_Identifier/gmd:code",
            "EPSG:28992 Amersfoort / RD New",
            _RD_NEW,
        )
    _identification(add(root, "gmd:identificationInfo/gmd:MD_DataIdentification"), about, resource)
    _content(add(root, "gmd:contentInfo/gmd:MD_FeatureCatalogueDescription"), about, resource)
    _distribution(add(root, "gmd:distributionInfo/gmd:MD_Distribution"), about, url)
    _quality(add(root, "gmd:dataQualityInfo/gmd:DQ_DataQuality"), about)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _head(root: Element, about: About, resource: Resource) -> None:
    words(root, "gmd:fileIdentifier", resource.identifier)
    language(root)
    code(root, "gmd:characterSet", "MD_CharacterSetCode", "utf8")
    if resource is not about.dataset:
        words(root, "gmd:parentIdentifier", about.dataset.identifier)
    code(root, "gmd:hierarchyLevel", "MD_ScopeCode", "dataset")
    party(root, "gmd:contact", about.publication, "pointOfContact")
    add(root, "gmd:dateStamp/gco:Date").text = about.made.isoformat()
    words(root, "gmd:metadataStandardName", "ISO 19115")
    words(root, "gmd:metadataStandardVersion", PROFILE)


def _identification(within: Element, about: About, resource: Resource) -> None:
    citation = add(within, "gmd:citation/gmd:CI_Citation")
    words(citation, "gmd:title", resource.title)
    words(citation, "gmd:alternateTitle", resource.name)
    dated(citation, about.peildatum, "creation")
    dated(citation, about.made, "publication")
    words(citation, "gmd:edition", about.version)
    words(citation, "gmd:identifier/gmd:MD_Identifier/gmd:code", f"urn:uuid:{resource.identifier}")
    words(within, "gmd:abstract", resource.abstract)
    words(within, "gmd:purpose", PURPOSE)
    code(within, "gmd:status", "MD_ProgressCode", "onGoing")
    party(within, "gmd:pointOfContact", about.publication, "pointOfContact")
    code(
        within,
        "gmd:resourceMaintenance/gmd:MD_MaintenanceInformation/gmd:maintenanceAndUpdateFrequency",
        "MD_MaintenanceFrequencyCode",
        "daily",
    )
    keywords = add(within, "gmd:descriptiveKeywords/gmd:MD_Keywords")
    for keyword in KEYWORDS:
        words(keywords, "gmd:keyword", keyword)
    _constraints(within, about)
    kind = "vector" if resource is about.dataset or resource.geometry else "textTable"
    code(within, "gmd:spatialRepresentationType", "MD_SpatialRepresentationTypeCode", kind)
    scale = "gmd:spatialResolution/gmd:MD_Resolution/gmd:equivalentScale/gmd:MD_RepresentativeFraction/gmd:denominator"
    add(within, f"{scale}/gco:Integer").text = str(_SCALE)
    language(within)
    code(within, "gmd:characterSet", "MD_CharacterSetCode", "utf8")
    for topic in _TOPICS:
        add(within, "gmd:topicCategory/gmd:MD_TopicCategoryCode").text = topic
    _extent(add(within, "gmd:extent/gmd:EX_Extent"), about, resource)
    if resource.columns:
        words(within, "gmd:supplementalInformation", f"Kolommen:\n{resource.columns}")


def _constraints(within: Element, about: About) -> None:
    """Say what it is not fit for, whom to name, and under what licence it may be used."""
    words(within, "gmd:resourceConstraints/gmd:MD_Constraints/gmd:useLimitation", LIMITS)
    legal = add(within, "gmd:resourceConstraints/gmd:MD_LegalConstraints")
    code(legal, "gmd:accessConstraints", "MD_RestrictionCode", "otherRestrictions")
    code(legal, "gmd:useConstraints", "MD_RestrictionCode", "otherRestrictions")
    link(legal, "gmd:otherConstraints", about.licence.title, about.licence.url)
    for line in about.attributions:
        words(legal, "gmd:otherConstraints", f"Bronvermelding: {line}")


def _extent(within: Element, about: About, resource: Resource) -> None:
    box = add(within, "gmd:geographicElement/gmd:EX_GeographicBoundingBox")
    west, south, east, north = resource.degrees
    # the schema wants east after west, not south
    for side, value in (
        ("westBoundLongitude", west),
        ("eastBoundLongitude", east),
        ("southBoundLatitude", south),
        ("northBoundLatitude", north),
    ):
        add(box, f"gmd:{side}/gco:Decimal").text = f"{value:.5f}"
    moment = add(within, "gmd:temporalElement/gmd:EX_TemporalExtent/gmd:extent/gml:TimeInstant")
    moment.set(f"{{{NAMES['gml']}}}id", "peildatum")
    add(moment, "gml:timePosition").text = about.peildatum.isoformat()


def _content(within: Element, about: About, resource: Resource) -> None:
    """Point at the data dictionary, which travels with the data."""
    add(within, "gmd:includedWithDataset/gco:Boolean").text = "true"
    for layer in about.layers if resource is about.dataset else (resource,):
        add(within, "gmd:featureTypes/gco:LocalName").text = layer.name
    citation = add(within, "gmd:featureCatalogueCitation/gmd:CI_Citation")
    words(citation, "gmd:title", "Datawoordenboek (tabel data_woordenboek in het GeoPackage)")
    dated(citation, about.made, "publication")


def _distribution(within: Element, about: About, url: str | None) -> None:
    form = add(within, "gmd:distributionFormat/gmd:MD_Format")
    link(form, "gmd:name", "GeoPackage", _GEOPACKAGE)
    words(form, "gmd:version", "1.3")
    party(within, "gmd:distributor/gmd:MD_Distributor/gmd:distributorContact", about.publication, "distributor")
    if url is None:
        return
    online = add(within, "gmd:transferOptions/gmd:MD_DigitalTransferOptions/gmd:onLine/gmd:CI_OnlineResource")
    add(online, "gmd:linkage/gmd:URL").text = url
    link(online, "gmd:protocol", "GeoPackage", _GEOPACKAGE)
    words(online, "gmd:name", f"{about.dataset.name}.gpkg")
    code(online, "gmd:function", "CI_OnLineFunctionCode", "download")


def _quality(within: Element, about: About) -> None:
    code(within, "gmd:scope/gmd:DQ_Scope/gmd:level", "MD_ScopeCode", "dataset")
    lineage = add(within, "gmd:lineage/gmd:LI_Lineage")
    words(lineage, "gmd:statement", about.lineage)
    step = add(lineage, "gmd:processStep/gmd:LI_ProcessStep")
    words(step, "gmd:description", METHOD)
    add(step, "gmd:dateTime/gco:DateTime").text = f"{about.made.isoformat()}T00:00:00"
    for source in about.sources:
        _source(add(lineage, "gmd:source/gmd:LI_Source"), source)


def _source(within: Element, source: Source) -> None:
    known = licence_of(source.licence)
    terms = f" Voorwaarden: {known.url}" if known else ""
    words(
        within,
        "gmd:description",
        f"{source.attribution}. Bestand {source.file}, {dutch.size(source.size_bytes)},"
        f" SHA-256 {source.sha256}.{terms}",
    )
    if source.date is not None:
        citation = add(within, "gmd:sourceCitation/gmd:CI_Citation")
        words(citation, "gmd:title", source.title)
        dated(citation, source.date, "revision")
