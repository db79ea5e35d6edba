"""
Metadata as QGIS shows it under Information of a layer.

QGIS reads it by itself from ``gpkg_metadata`` of a GeoPackage, in its own XML. It shows abstract and history as HTML,
so that what a file is called must not look like a tag.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lxml import etree

from twentegeo.crs import RD_NEW_TEXT
from twentegeo.publish.metadata.about import KEYWORDS, LIMITS
from twentegeo.publish.metadata.xml import clean

if TYPE_CHECKING:
    from twentegeo.publish.metadata.about import About, Resource
    from twentegeo.publish.metadata.xml import Element

STANDARD: Final = "http://mrcc.com/qgis.dtd"
"""How a GeoPackage names this kind of metadata."""

_DOCTYPE: Final = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
_HARMLESS: Final = str.maketrans("<>&", "‹›+")


def qgis_xml(about: About, resource: Resource) -> bytes:
    """
    Write the metadata of a layer for QGIS.

    Parameters
    ----------
    about
        What is known of the release.
    resource
        The layer.

    Returns
    -------
    xml
        UTF-8, with the document type that QGIS expects.
    """
    root = etree.Element("qgis", version="3.22")
    _add(root, "identifier", resource.identifier)
    _add(root, "parentidentifier", about.dataset.identifier)
    _add(root, "language", "dut")
    _add(root, "type", "dataset")
    _add(root, "title", resource.title)
    _add(root, "abstract", f"{resource.abstract}\n\n{LIMITS}")
    keywords = etree.SubElement(root, "keywords", vocabulary="twentegeo")
    for keyword in KEYWORDS:
        _add(keywords, "keyword", keyword)
    _contact(etree.SubElement(root, "contact"), about)
    links = etree.SubElement(root, "links")
    etree.SubElement(
        links, "link", name=clean(about.publication.organisatie), type="WWW:LINK", url=about.publication.website,
        description="Uitleg", format="", mimeType="", size="",
    )  # fmt: skip
    _add(root, "history", about.lineage)
    _add(root, "fees", "")
    for line in about.attributions:
        _add(root, "rights", line)
    _add(root, "license", f"{about.licence.title} {about.licence.url}")
    _add(root, "encoding", "UTF-8")
    if resource.geometry and resource.bounds:
        _extent(root, resource)
    text = etree.tostring(root, encoding="unicode", pretty_print=True)
    return f"{_DOCTYPE}\n{text}".encode()


def _contact(within: Element, about: About) -> None:
    for name, text in (
        ("name", ""),
        ("organization", about.publication.organisatie),
        ("position", ""),
        ("voice", ""),
        ("fax", ""),
        ("email", about.publication.email or ""),
        ("role", "pointOfContact"),
    ):
        _add(within, name, text)


def _extent(root: Element, resource: Resource) -> None:
    system = etree.SubElement(etree.SubElement(root, "crs"), "spatialrefsys")
    _add(system, "authid", RD_NEW_TEXT)
    west, south, east, north = resource.bounds or (0.0, 0.0, 0.0, 0.0)
    etree.SubElement(
        etree.SubElement(root, "extent"), "spatial", crs=RD_NEW_TEXT, dimensions="2",
        minx=f"{west:.3f}", miny=f"{south:.3f}", maxx=f"{east:.3f}", maxy=f"{north:.3f}", minz="0", maxz="0",
    )  # fmt: skip


def _add(parent: Element, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = clean(text).translate(_HARMLESS)
