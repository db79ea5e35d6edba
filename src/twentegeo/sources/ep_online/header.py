"""The header of EP-Online's CSV: where it stands, what its columns are, and the lines before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from twentegeo.errors import SourceChanged, problem
from twentegeo.sources.ep_online.columns import ALIASES, NEEDED, PREFIXES, SPELLING
from twentegeo.sources.headers import plain, resolve

if TYPE_CHECKING:
    from twentegeo.sources.delivery import Delivery

_HEADER_WITHIN: Final = 20
"""Lines in which the header must stand; RVO puts two lines before it."""

_MARK: Final = b"\xef\xbb\xbf"

_REMEDY: Final = "Lever het totaalbestand van EP-Online (CSV v4, v2 of XML v4) onbewerkt aan"


@dataclass(frozen=True, slots=True)
class Header:
    """
    Where the data begin and what the columns are.

    Attributes
    ----------
    names
        All column names as written.
    found
        Name in the file by wanted name.
    preamble
        Lines before the header, as pairs of key and value.
    size
        Bytes up to the first data line.
    marked
        Whether the file begins with a UTF-8 byte order mark.
    """

    names: list[str]
    found: dict[str, str]
    preamble: dict[str, str]
    size: int
    marked: bool


def read_header(delivery: Delivery) -> Header:
    """
    Find the header line.

    Parameters
    ----------
    delivery
        CSV, zipped or not.

    Returns
    -------
    header
        See :class:`Header`.

    Raises
    ------
    SourceChanged
        No header within the first 20 lines, needed columns are missing, or the file is no UTF-8.
    """
    head = delivery.head()
    marked = head.startswith(_MARK)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in head:
        raise SourceChanged(problem(delivery.label, "staat in UTF-16 in plaats van UTF-8", _REMEDY))
    best: dict[str, str] = {}
    preamble: dict[str, str] = {}
    size = 0
    for line in head.splitlines(keepends=True)[:_HEADER_WITHIN]:
        size += len(line)
        text = line.removeprefix(_MARK).decode("utf-8", errors="replace").strip("\r\n")
        names = [name.strip(" '\"") for name in text.split(";")]
        found = resolve(names, ALIASES, PREFIXES)
        if "postcode" in found and "energieklasse" in found:
            _require(found, delivery)
            return Header(names, found, preamble, size, marked)
        best = max(best, found, key=len)
        preamble[plain(names[0])] = names[1] if len(names) > 1 else ""
    _require(best, delivery)
    raise SourceChanged(problem(delivery.label, "heeft geen kopregel", _REMEDY))


def _require(found: dict[str, str], delivery: Delivery) -> None:
    absent = [SPELLING[name] for name in NEEDED if name not in found]
    if absent:
        place = f"kolom(men) {', '.join(absent)} ontbreken in de eerste {_HEADER_WITHIN} regels"
        raise SourceChanged(problem(delivery.label, place, _REMEDY))
