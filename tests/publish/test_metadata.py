"""Metadata before independent judges: the schema of ISO 19139, the Dutch profile, GDAL, QGIS, and an RDF reader."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyogrio
import pytest
import rdflib
from lxml import etree
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF

from tests.publish.manifests import HOSTILE, manifest, told
from twentegeo.publish.edition import VOORBEELD
from twentegeo.publish.metadata import iso, qgis
from twentegeo.publish.metadata.dcat import File, dcat, is_distribution
from twentegeo.publish.metadata.licences import licence_of
from twentegeo.publish.metadata.xml import NAMES
from twentegeo.tables.layers import MAP_LAYERS, PLAIN_TABLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from twentegeo.publish.metadata.about import About

# rdflib's own reader of JSON-LD uses what rdflib deprecates
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

PYTHON = "/usr/bin/python3"
VCARD = rdflib.Namespace("http://www.w3.org/2006/vcard/ns#")
DATASET = "gmd:identificationInfo/gmd:MD_DataIdentification"

PROFILE = {
    "metadata-id": "gmd:fileIdentifier",
    "metadata language": "gmd:language/gmd:LanguageCode[@codeListValue='dut']",
    "hierarchy": "gmd:hierarchyLevel/gmd:MD_ScopeCode[@codeListValue='dataset']",
    "metadata contact": "gmd:contact//gmd:organisationName",
    "metadata contact mail": "gmd:contact//gmd:electronicMailAddress",
    "metadata contact role": "gmd:contact//gmd:CI_RoleCode[@codeListValue='pointOfContact']",
    "metadata date": "gmd:dateStamp/gco:Date",
    "standard": "gmd:metadataStandardName/gco:CharacterString[.='ISO 19115']",
    "version": "gmd:metadataStandardVersion/gco:CharacterString[contains(., '2.1.0')]",
    "reference system": "gmd:referenceSystemInfo//gmx:Anchor[contains(@xlink:href, 'EPSG/0/28992')]",
    "title": f"{DATASET}/gmd:citation//gmd:title",
    "date": f"{DATASET}/gmd:citation//gmd:CI_DateTypeCode[@codeListValue='publication']",
    "identifier": f"{DATASET}/gmd:citation//gmd:MD_Identifier/gmd:code",
    "abstract": f"{DATASET}/gmd:abstract",
    "status": f"{DATASET}/gmd:status/gmd:MD_ProgressCode",
    "contact": f"{DATASET}/gmd:pointOfContact//gmd:organisationName",
    "frequency": f"{DATASET}//gmd:MD_MaintenanceFrequencyCode",
    "keyword": f"{DATASET}/gmd:descriptiveKeywords//gmd:keyword",
    "use limitation": f"{DATASET}/gmd:resourceConstraints/gmd:MD_Constraints/gmd:useLimitation",
    "access": f"{DATASET}//gmd:accessConstraints/gmd:MD_RestrictionCode[@codeListValue='otherRestrictions']",
    "licence": f"{DATASET}//gmd:otherConstraints/gmx:Anchor[contains(@xlink:href, 'creativecommons.org')]",
    "representation": f"{DATASET}/gmd:spatialRepresentationType",
    "scale": f"{DATASET}/gmd:spatialResolution//gmd:denominator/gco:Integer",
    "language": f"{DATASET}/gmd:language/gmd:LanguageCode[@codeListValue='dut']",
    "topic": f"{DATASET}/gmd:topicCategory/gmd:MD_TopicCategoryCode",
    "extent": f"{DATASET}//gmd:EX_GeographicBoundingBox/gmd:westBoundLongitude/gco:Decimal",
    "format": "gmd:distributionInfo//gmd:MD_Format/gmd:name",
    "scope": "gmd:dataQualityInfo//gmd:DQ_Scope//gmd:MD_ScopeCode[@codeListValue='dataset']",
    "lineage": "gmd:dataQualityInfo//gmd:LI_Lineage/gmd:statement",
}
"""What the Dutch profile on ISO 19115, 2.1.0, asks of a dataset."""


@pytest.fixture(scope="module")
def iso_schema(repository: Path, absent: Callable[[str], None]) -> etree.XMLSchema:
    """The schema of ISO 19139, with all that it refers to."""
    found = sorted(
        repository.glob(".venv-pdok/lib/python3*/site-packages/bas_metadata_library/schemas/xsd/gmx/gmx.xsd")
    )
    if not found:
        absent("de schema's van ISO 19139 zijn er niet; haal ze met: sh tests/tools/install_validators.sh")
    return etree.XMLSchema(etree.parse(found[0], etree.XMLParser(no_network=True)))


@pytest.fixture(scope="module")
def about(package: Path) -> About:
    return told(package)


def texts(xml: bytes, path: str) -> list[str]:
    return ["".join(one.itertext()).strip() for one in etree.fromstring(xml).xpath(path, namespaces=NAMES)]


def test_every_record_is_valid_by_the_schema_of_iso_19139(iso_schema: etree.XMLSchema, about: About):
    for resource in (about.dataset, *about.layers):
        xml = etree.fromstring(iso.iso_xml(about, resource, url="https://regio.example/twente.gpkg"))
        assert iso_schema.validate(xml), (resource.name, iso_schema.error_log.last_error)


@pytest.mark.parametrize("element", PROFILE)
def test_the_dutch_profile_is_filled_in(about: About, element: str):
    found = texts(iso.iso_xml(about, about.dataset), PROFILE[element])
    assert found, element
    layer = about.layers[0]
    assert texts(iso.iso_xml(about, layer), PROFILE[element]), (layer.name, element)


def test_the_extent_is_that_of_the_town_in_degrees(about: About):
    west, south, east, north = about.dataset.degrees

    # the town of conftest lies at x 250000, y 470000: near Enschede
    assert (west, south) == pytest.approx((6.778, 52.213), abs=0.005)
    assert 0 < east - west < 0.01
    assert 0 < north - south < 0.01


def test_a_layer_names_its_parent_its_columns_and_every_source(about: About):
    layer = next(one for one in about.layers if one.name == "perceel")
    xml = iso.iso_xml(about, layer)

    assert texts(xml, "gmd:parentIdentifier") == [about.dataset.identifier]
    (columns,) = texts(xml, f"{DATASET}/gmd:supplementalInformation")
    assert "bebouwd_m2: Bebouwd oppervlak (m²). Oppervlak van het perceel dat door panden bedekt is." in columns
    constraints = texts(xml, f"{DATASET}//gmd:otherConstraints")
    for source in manifest()["bronnen"]:
        assert any(source["titel"] in line and source["licentie"] in line for line in constraints), source["titel"]


def test_identifiers_stay_from_release_to_release(package: Path, about: About):
    later = told(package, manifest(run_id="20240209T021500Z", peildatum="2024-02-08"))

    assert [one.identifier for one in later.layers] == [one.identifier for one in about.layers]
    assert later.version != about.version
    assert len({about.dataset.identifier, *(one.identifier for one in about.layers)}) == len(about.layers) + 1


def test_made_up_data_say_so_in_every_record(about: About):
    for resource in (about.dataset, *about.layers):
        assert VOORBEELD in resource.title
        for xml in (iso.iso_xml(about, resource), qgis.qgis_xml(about, resource)):
            assert xml.decode().count(VOORBEELD) >= 3


@pytest.mark.parametrize("text", [HOSTILE, "stuurtekens \x00\x01\x08 en \ufffe", "]]> &amp; <!--"])
def test_hostile_names_stay_text(package: Path, iso_schema: etree.XMLSchema, text: str):
    stated = manifest()
    stated["bronnen"][0] |= {"bestand": text, "titel": text, "bronhouder": text}
    about = told(package, stated | {"regio": text}, organisatie=text)

    for resource in (about.dataset, about.layers[0]):
        tree = etree.fromstring(iso.iso_xml(about, resource))
        assert iso_schema.validate(tree)
        assert not tree.xpath("//script")
        shown = etree.fromstring(qgis.qgis_xml(about, resource))
        assert not any(sign in "".join(shown.itertext()) for sign in "<>")
    assert json.loads(json.dumps(dcat(about, [])))["@graph"][1]["dct:publisher"]["foaf:name"]["@value"] == text


def test_gdal_reads_the_records_back(package: Path):
    whole = pyogrio.read_info(package, layer="pand")

    assert "MD_Metadata" in whole["dataset_metadata"]["GPKG_METADATA_ITEM_1"]
    of_layer = [value for key, value in whole["layer_metadata"].items() if key.startswith("GPKG_METADATA_ITEM")]
    assert len(of_layer) == 2
    (record,) = [one for one in of_layer if "MD_Metadata" in one]
    assert texts(record.encode(), f"{DATASET}/gmd:citation//gmd:alternateTitle") == ["pand"]


def test_every_layer_and_table_has_its_records_under_that_of_the_whole(package: Path):
    with closing(sqlite3.connect(f"file:{package}?mode=ro", uri=True)) as connection:
        rows = connection.execute(
            "SELECT reference_scope, table_name, md_standard_uri, md_parent_id FROM gpkg_metadata_reference"
            " JOIN gpkg_metadata ON id = md_file_id ORDER BY id"
        ).fetchall()

    assert rows[0] == ("geopackage", None, iso.STANDARD, None)
    names = [table.name for table in (*MAP_LAYERS, *PLAIN_TABLES)]
    assert [row[1:3] for row in rows[1:]] == [(name, uri) for name in names for uri in (iso.STANDARD, qgis.STANDARD)]
    assert {row[3] for row in rows[1:]} == {1}


@pytest.mark.qgis
def test_qgis_shows_them(package: Path, absent: Callable[[str], None], tmp_path: Path):
    script = Path(__file__).parents[1] / "tools" / "read_layer_metadata.py"
    if subprocess.run([PYTHON, "-c", "import qgis.core"], check=False, capture_output=True).returncode:
        absent("PyQGIS is er niet; installeer qgis en python3-qgis")
    run = subprocess.run(
        [PYTHON, str(script), f"{package}|layername=buurt"], check=True, capture_output=True, text=True, timeout=120,
        env={"QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)},
    )  # fmt: skip
    seen: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])

    assert seen["title"] == f"Buurten Twente 2024-01-08 ({VOORBEELD})"
    assert "Een rij per CBS-buurt op land." in seen["abstract"]
    assert seen["language"] == "dut"
    assert seen["contacts"] == [["Regio Twente", "kaart@regio.example"]]
    assert any("CC BY 4.0" in line for line in seen["licenses"])
    assert len(seen["rights"]) == 3
    assert seen["crs"] == "EPSG:28992"
    assert seen["extent"] == pytest.approx([250000, 470000, 250400, 470400])


FILES = [File("twente.gpkg", 123_456, "ab" * 32), File("raster/labeldekking.tif", 99, "cd" * 32)]


def graph(about: About) -> tuple[rdflib.Graph, rdflib.URIRef]:
    document = dcat(about, FILES)
    found = rdflib.Graph().parse(
        data=json.dumps(document), format="json-ld", publicID="https://regio.example/latest/metadata/dcat.jsonld"
    )
    (dataset,) = found.subjects(RDF.type, DCAT.Dataset)
    assert isinstance(dataset, rdflib.URIRef)
    return found, dataset


def test_dcat_holds_what_the_dutch_profile_asks_of_a_dataset(about: About):
    found, dataset = graph(about)

    for one in (DCTERMS.identifier, DCAT.contactPoint):
        assert len(list(found.objects(dataset, one))) == 1
    required = (
        DCTERMS.title,
        DCTERMS.description,
        DCTERMS.accessRights,
        DCTERMS.creator,
        DCTERMS.publisher,
        DCAT.theme,
    )
    recommended = (DCTERMS.conformsTo, FOAF.page, DCAT.landingPage, DCTERMS.language)
    for one in (*required, *recommended):
        assert list(found.objects(dataset, one)), one
    authority = "http://publications.europa.eu/resource/authority/"
    assert str(found.value(dataset, DCTERMS.accessRights)) == f"{authority}access-right/PUBLIC"
    assert {str(one) for one in found.objects(dataset, DCAT.theme)} >= {f"{authority}data-theme/REGI"}
    contact = found.value(dataset, DCAT.contactPoint)
    assert found.value(contact, VCARD.hasEmail) == rdflib.URIRef("mailto:kaart@regio.example")
    publisher = found.value(dataset, DCTERMS.publisher)
    assert (publisher, RDF.type, FOAF.Agent) in found
    assert str(found.value(publisher, FOAF.name)) == "Regio Twente"
    assert all(title.language == "nl" for title in found.objects(dataset, DCTERMS.title))


def test_dcat_distributions_have_licence_format_size_and_an_address_beside_them(about: About):
    found, dataset = graph(about)
    distributions = {str(one): one for one in found.objects(dataset, DCAT.distribution)}

    assert set(distributions) == {f"https://regio.example/latest/{file.path}" for file in FILES}
    for address, one in distributions.items():
        assert (one, RDF.type, DCAT.Distribution) in found
        assert str(found.value(one, DCAT.accessURL)) == address
        assert str(found.value(one, DCTERMS.license)) == "https://creativecommons.org/licenses/by/4.0/deed.nl"
        for needed in (DCAT.downloadURL, DCAT.mediaType, DCTERMS.format, DCTERMS.rights, DCTERMS.language):
            assert found.value(one, needed) is not None, needed
    package = distributions["https://regio.example/latest/twente.gpkg"]
    assert found.value(package, DCAT.byteSize).toPython() == 123_456


def test_dcat_has_a_catalogue_with_contact_and_dataset(about: About):
    found, dataset = graph(about)
    (catalogue,) = found.subjects(RDF.type, DCAT.Catalog)

    assert list(found.objects(catalogue, DCAT.dataset)) == [dataset]
    for one in (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCTERMS.creator, DCAT.contactPoint):
        assert list(found.objects(catalogue, one)), one


def test_an_address_of_its_own_makes_links_absolute(package: Path):
    about = told(package, basis_url="https://kaart.regio.example/latest/")
    (gpkg, _) = dcat(about, FILES)["@graph"][1]["dcat:distribution"]

    assert gpkg["@id"] == "https://kaart.regio.example/latest/twente.gpkg"


def test_no_licence_is_made_up():
    assert licence_of("CC0 1.0 (publiek domein)").url.endswith("/zero/1.0/deed.nl")
    assert licence_of("open data, licentie niet bevestigd") is None
    assert licence_of("niet openbaar") is None


def test_only_data_and_maps_are_distributions():
    assert [name for name in ("a.gpkg", "raster/b.tif", "kaarten/c.pdf", "rapport.html", "manifest.json") if
            is_distribution(name)] == ["a.gpkg", "raster/b.tif", "kaarten/c.pdf"]  # fmt: skip
