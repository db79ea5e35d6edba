"""Small parts of ISO 19139: texts, links, codes, dates, parties. Order matters in that schema; names follow it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lxml import etree

if TYPE_CHECKING:
    import datetime as dt

    from twentegeo.publish.metadata.parameters import PublicationParams

GMD: Final = "http://www.isotc211.org/2005/gmd"
GCO: Final = "http://www.isotc211.org/2005/gco"
GMX: Final = "http://www.isotc211.org/2005/gmx"
GML: Final = "http://www.opengis.net/gml/3.2"
XLINK: Final = "http://www.w3.org/1999/xlink"
NAMES: Final = {"gmd": GMD, "gco": GCO, "gmx": GMX, "gml": GML, "xlink": XLINK}
CODES: Final = "http://standards.iso.org/iso/19139/resources/gmxCodelists.xml"
LANGUAGES: Final = "http://www.loc.gov/standards/iso639-2/"

Element = etree._Element  # noqa: SLF001 - lxml has no public name for its elements

_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """
    Leave out what XML cannot hold.

    Parameters
    ----------
    text
        Any text, for example a file name that a user thought up.

    Returns
    -------
    text
        Without control characters.
    """
    return _FORBIDDEN.sub("", text)


def add(parent: Element, path: str) -> Element:
    """
    Add an element, and those around it.

    Parameters
    ----------
    parent
        Where to.
    path
        Prefixed names from outside in, separated by slashes, for example ``gmd:date/gmd:CI_Date``.

    Returns
    -------
    element
        The innermost one.
    """
    for name in path.split("/"):
        prefix, local = name.split(":")
        parent = etree.SubElement(parent, f"{{{NAMES[prefix]}}}{local}")
    return parent


def words(parent: Element, path: str, text: str) -> None:
    """
    Add a text.

    Parameters
    ----------
    parent, path
        Where to; see :func:`add`.
    text
        Dutch text.
    """
    add(parent, f"{path}/gco:CharacterString").text = clean(text)


def link(parent: Element, path: str, text: str, url: str) -> None:
    """
    Add a text that is a link.

    Parameters
    ----------
    parent, path
        Where to; see :func:`add`.
    text
        Dutch text.
    url
        What it points at.
    """
    anchor = add(parent, f"{path}/gmx:Anchor")
    anchor.set(f"{{{XLINK}}}href", url)
    anchor.text = clean(text)


def code(parent: Element, path: str, kind: str, value: str) -> None:
    """
    Add a value of one of ISO's code lists.

    Parameters
    ----------
    parent, path
        Where to; see :func:`add`.
    kind
        Name of the list, for example ``MD_ScopeCode``.
    value
        The code.
    """
    element = add(parent, f"{path}/gmd:{kind}")
    element.set("codeList", f"{CODES}#{kind}")
    element.set("codeListValue", value)


def language(parent: Element) -> None:
    """
    Say that it is Dutch.

    Parameters
    ----------
    parent
        Where to.
    """
    element = add(parent, "gmd:language/gmd:LanguageCode")
    element.set("codeList", LANGUAGES)
    element.set("codeListValue", "dut")
    element.text = "Nederlands"


def dated(parent: Element, day: dt.date, kind: str) -> None:
    """
    Add a date with its meaning.

    Parameters
    ----------
    parent
        A citation.
    day
        The date.
    kind
        ``creation``, ``publication`` or ``revision``.
    """
    within = add(parent, "gmd:date/gmd:CI_Date")
    add(within, "gmd:date/gco:Date").text = day.isoformat()
    code(within, "gmd:dateType", "CI_DateTypeCode", kind)


def party(parent: Element, path: str, publication: PublicationParams, role: str) -> None:
    """
    Add who answers for something.

    Parameters
    ----------
    parent, path
        Where to; see :func:`add`.
    publication
        Organisation, e-mail address and website.
    role
        ``pointOfContact`` or ``distributor``.
    """
    within = add(parent, f"{path}/gmd:CI_ResponsibleParty")
    words(within, "gmd:organisationName", publication.organisatie)
    contact = add(within, "gmd:contactInfo/gmd:CI_Contact")
    if publication.email:
        words(contact, "gmd:address/gmd:CI_Address/gmd:electronicMailAddress", publication.email)
    add(contact, "gmd:onlineResource/gmd:CI_OnlineResource/gmd:linkage/gmd:URL").text = publication.website
    code(within, "gmd:role", "CI_RoleCode", role)
