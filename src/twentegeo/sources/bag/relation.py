"""What the delivery says of itself: its date, and which woonplaats lies in which municipality."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from lxml import etree

from twentegeo.errors import NotInDelivery, SourceChanged, SourceUnavailable, problem
from twentegeo.sources.bag import slow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from lxml.etree import _Element as Element

    from twentegeo.sources.bag.archive import Delivery, Member

SHOWN: Final = 8
"""How many codes a message lists."""

HOUSEHOLD: Final = "{*}GemeenteWoonplaatsRelatie"


def delivery_date(delivery: Delivery) -> str:
    """
    Find StandTechnischeDatum.

    Parameters
    ----------
    delivery
        With a Leveringsdocument, or at least one woonplaats member.

    Returns
    -------
    date
        ``YYYY-MM-DD``.

    Raises
    ------
    SourceChanged
        Another schema than v20200601, or no date.
    """
    for member in (*delivery.document, *delivery.objects["WPL"][:1]):
        for element in _elements(member, "{*}StandTechnischeDatum"):
            if element.text:
                return element.text.strip()[:10]
    raise SourceChanged(problem(delivery.path, "nergens staat een StandTechnischeDatum", slow.EXTRACT_REMEDY))


def municipality_of_woonplaats(members: Iterable[Member], day: str) -> dict[int, str]:
    """
    Read which municipality each woonplaats lies in.

    Parameters
    ----------
    members
        Of the relation.
    day
        ``YYYY-MM-DD``; only relations that are final and hold on it count.

    Returns
    -------
    municipalities
        Four-digit municipality code by woonplaats code.
    """
    found: dict[int, tuple[str, str]] = {}
    for member in members:
        for element in _elements(member, HOUSEHOLD):
            text = {
                etree.QName(part).localname: (part.text or "").strip()
                for part in element.iter("{*}begindatumTijdvakGeldigheid", "{*}einddatumTijdvakGeldigheid", "{*}status")
            }
            woonplaats = element.findtext("{*}gerelateerdeWoonplaats/{*}identificatie")
            gemeente = element.findtext("{*}gerelateerdeGemeente/{*}identificatie")
            begin, end = text.get("begindatumTijdvakGeldigheid", ""), text.get("einddatumTijdvakGeldigheid", "")
            if text.get("status") != "definitief" or begin[:10] > day or (end and end[:10] <= day):
                continue
            if woonplaats and gemeente:
                # two that hold: the later beginning wins
                found[int(woonplaats)] = max(found.get(int(woonplaats), ("", "")), (begin, gemeente.zfill(4)))
    return {code: gemeente for code, (_, gemeente) in found.items()}


def require_codes(path: Path, wanted: Iterable[str], held: Iterable[str]) -> None:
    """
    Refuse municipalities that the delivery does not hold.

    Parameters
    ----------
    path
        The delivery.
    wanted, held
        Municipality codes, four digits.

    Raises
    ------
    NotInDelivery
        Names the first missing code and some that are there.
    """
    there = sorted(set(held))
    missing = sorted(set(wanted) - set(there))
    if missing:
        some = ", ".join(there[:SHOWN]) + (" …" if len(there) > SHOWN else "")
        raise NotInDelivery(
            problem(
                path,
                f"gemeente {', '.join(missing[:SHOWN])} zit niet in deze levering (wel: {some or 'geen enkele'})",
                "Pas region.municipalities aan of geef een levering die de gemeente bevat",
            )
        )


def _elements(member: Member, tag: str) -> Iterator[Element]:
    events = etree.iterparse(
        io.BytesIO(member.read()),
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
    wanted = tag.removeprefix("{*}")
    try:
        for event, element in events:
            if event == "start" and element.getparent() is None:
                _require_ours(element, member)
            elif event == "end" and etree.QName(element).localname == wanted:
                yield element
                element.clear()
    except etree.XMLSyntaxError as error:
        raise SourceUnavailable(
            member.complaint("breekt af of is geen geldige XML", "Haal de levering opnieuw op bij PDOK")
        ) from error


def _require_ours(root: Element, member: Member) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise SourceChanged(
            member.complaint("heeft een DOCTYPE-declaratie; die komt in de BAG niet voor", slow.EXTRACT_REMEDY)
        )
    slow.refuse_schema(etree.QName(root).namespace or "", member)
