"""
Whether a file that came in is whole.

Length and checksum say that what was sent arrived; here the file itself is opened, because a service can also send
half a file, or a page about maintenance, with great care. A zip is read through to the checksum of every member, a
SQLite file is held against the size that its own header states.
"""

from __future__ import annotations

import sqlite3
import struct
from contextlib import closing
from typing import TYPE_CHECKING, Final

from twentegeo.errors import SourceUnavailable, problem
from twentegeo.sources.delivery import candidates
from twentegeo.sources.zip_member import DamagedMember, member_pieces

if TYPE_CHECKING:
    from pathlib import Path

_AGAIN: Final = "De download wordt opnieuw geprobeerd; de vorige levering blijft staan"
_SQLITE: Final = b"SQLite format 3\0"
_ZIP: Final = b"PK"
_HEADER: Final = 100
_LARGE: Final = 2**29
"""Above this many bytes a SQLite file is not read through; its size and contents table still are."""


def require_whole(path: Path) -> None:
    """
    Refuse a file that did not arrive as a delivery.

    Parameters
    ----------
    path
        What was downloaded: a zip or a GeoPackage.

    Raises
    ------
    SourceUnavailable
        It is cut off, damaged, or something else, a web page for example.
    SourceChanged
        It is a zip that no register makes: encrypted, absurdly compressed, climbing out of itself.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEADER)
    if head.startswith(_ZIP):
        _require_zip(path)
    elif head.startswith(_SQLITE):
        _require_sqlite(path, head)
    else:
        what = "een webpagina (HTML)" if is_page(head) else "iets anders"
        raise SourceUnavailable(problem(path.name, f"is {what} in plaats van een zip of GeoPackage", _AGAIN))


def is_page(head: bytes) -> bool:
    """
    Tell a web page by its first bytes.

    Parameters
    ----------
    head
        Some dozens of bytes.

    Returns
    -------
    page
        True for HTML.
    """
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")[:14].lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<title"))


def _require_zip(path: Path) -> None:
    # "" is the end of every name: all members count, and all are judged
    for delivery in candidates(path, ("",)):
        member = delivery.member
        if member is None:
            raise SourceUnavailable(problem(path.name, "is geen zip", _AGAIN))
        try:
            for _ in member_pieces(path, member, 2**20):
                pass
        except (DamagedMember, struct.error) as error:
            place = f"zipbestand is afgekapt of beschadigd bij '{member.filename}'"
            raise SourceUnavailable(problem(path.name, place, _AGAIN)) from error


def _require_sqlite(path: Path, head: bytes) -> None:
    if len(head) == _HEADER:
        page = int.from_bytes(head[16:18], "big")
        pages = int.from_bytes(head[28:32], "big")
        stated = pages * (65_536 if page == 1 else page)
        size = path.stat().st_size
        if stated == size and _opens(path):
            return
        place = f"is {size} bytes waar het er zelf {stated} noemt" if stated != size else "is beschadigd"
    else:
        place = "is afgekapt"
    raise SourceUnavailable(problem(path.name, f"GeoPackage {place}", _AGAIN))


def _opens(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            found = connection.execute("SELECT count(*) FROM gpkg_contents").fetchone()[0]
            sound = path.stat().st_size > _LARGE or connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
            return bool(found and sound)
    except sqlite3.DatabaseError:
        return False
