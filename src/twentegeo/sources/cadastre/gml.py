"""
Parcels from GML v5, as the download service of the Kadastrale Kaart delivers them: the file as a stream.

The stream is cut at the end of each `perceelMember`; what one such member says is for
:mod:`twentegeo.sources.cadastre.record`. Every member of the file is accounted for.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd

from twentegeo.crs import RD_NEW_TEXT
from twentegeo.errors import SourceChanged, SourceUnavailable, problem
from twentegeo.sources.cadastre.record import Batch, Bounds, Counts, build, parse, record_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

    from twentegeo.sources.delivery import Delivery

_V5: Final = b"brkkadastralekaart/v5/stand/"
_ROOT: Final = re.compile(rb"<(?!\?|!)([A-Za-z_][\w.-]*:)?DKK\b[^>]*>")
_AHEAD: Final = 8
"""Pieces that may wait for their geometry; bounds memory when reading outruns building."""

_LONGEST: Final = 2**26
"""Bytes that one parcel, or what stands before the first, may take; bounds memory on a file that is none."""

_TAG: Final = 256
"""Bytes that are kept of what is no parcel, so that a tag cut in two is still seen."""

_AGAIN: Final = "Haal de levering opnieuw op bij de downloaddienst van de Kadastrale Kaart"


def read_gml(delivery: Delivery, bounds: Bounds | None) -> tuple[gpd.GeoDataFrame, Counts]:
    """
    Read all parcels of a GML file that touch a box.

    Parameters
    ----------
    delivery
        GML v5, zipped or not; read as a stream.
    bounds
        xmin, ymin, xmax, ymax in RD metres; None keeps everything.

    Returns
    -------
    records
        Fields of :data:`~twentegeo.sources.cadastre.record.FIELDS` as text, `hersteld` (bool) and `geometry`
        (polygons in RD New, None where no area is left); one row per current record, so a parcel that the
        service repeats on tile borders occurs twice.
    counts
        How many members were met and what became of them.

    Raises
    ------
    SourceChanged
        The file is no Kadastrale Kaart v5, holds a DTD, or a member that neither parser understands.
    SourceUnavailable
        The file is cut off.
    """
    counts = Counts()
    frames: list[gpd.GeoDataFrame] = []
    waiting: list[Future[gpd.GeoDataFrame]] = []
    # GEOS and Arrow let go of the interpreter, so geometry is built while the next piece is matched
    with ThreadPoolExecutor(2, thread_name_prefix="percelen") as pool:
        for batch in _batches(delivery, counts):
            waiting.append(pool.submit(build, batch, bounds, delivery.label))
            if len(waiting) > _AHEAD:
                frames.append(waiting.pop(0).result())
        frames.extend(future.result() for future in waiting)
    if counts.members == 0:
        raise SourceChanged(problem(delivery.label, "bevat geen percelen (perceelMember)", _AGAIN))
    return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=RD_NEW_TEXT), counts


def _batches(delivery: Delivery, counts: Counts) -> Iterator[Batch]:
    pieces = delivery.pieces()
    root, rest = _opening(pieces, delivery)
    prefix = root.group(1) or b""
    end = b"</" + prefix + b"perceelMember>"
    pattern = record_pattern(root.group())
    for piece in chain([b""], pieces):
        *members, rest = (rest + piece).split(end)
        if members:
            yield parse(members, pattern, root.group(), counts, delivery.label)
        if b"perceelMember" not in rest:
            rest = rest[-_TAG:]
        elif len(rest) > _LONGEST:
            break
    if b"</" + prefix + b"DKK>" not in rest or b"perceelMember" in rest:
        place = f"XML is afgekapt na perceel {counts.members}"
        raise SourceUnavailable(problem(delivery.label, place, _AGAIN))


def _opening(pieces: Iterator[bytes], delivery: Delivery) -> tuple[re.Match[bytes], bytes]:
    """Read up to and including the root element's start tag; give that, and what came after it."""
    head = b""
    for piece in pieces:
        head += piece
        if root := _root(head, delivery):
            return root, head[root.end() :]
        if len(head) > _LONGEST:
            break
    raise SourceChanged(problem(delivery.label, "is geen GML van de Kadastrale Kaart", _AGAIN))


def require_root(head: bytes, delivery: Delivery) -> None:
    """
    Refuse what is no Kadastrale Kaart v5, by its beginning.

    Parameters
    ----------
    head
        The first bytes, among them the start of the root element.
    delivery
        The file, for messages.

    Raises
    ------
    SourceChanged
        It is something else.
    """
    if _root(head, delivery) is None:
        raise SourceChanged(problem(delivery.label, "is geen GML van de Kadastrale Kaart", _AGAIN))


def _root(head: bytes, delivery: Delivery) -> re.Match[bytes] | None:
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        place = "bevat een DTD of eigen XML-entiteiten; dat doet het Kadaster niet"
        raise SourceChanged(problem(delivery.label, place, "Vertrouw dit bestand niet; haal het op bij PDOK"))
    if b"brkkadastralekaart/v4/" in head or b"brkkadastralekaartCollection" in head:
        place = "is Kadastrale Kaart v4; die wordt niet meer gelezen"
        raise SourceChanged(problem(delivery.label, place, "Lever Kadastrale Kaart v5 (GML) aan"))
    root = _ROOT.search(head)
    if root and _V5 not in root.group():
        place = "is GML van een andere versie dan Kadastrale Kaart v5"
        raise SourceChanged(problem(delivery.label, place, "Lever Kadastrale Kaart v5 (GML) aan"))
    return root
