"""Zip files whose bytes depend on their content alone: fixed times, given order, members compressed elsewhere."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

LEVEL = 6


@dataclass(frozen=True)
class Member:
    """A file in a zip: name, compressed bytes, checksum and length of what it holds, and how it was packed."""

    name: str
    packed: bytes
    crc: int
    size: int
    method: int


def deflated(name: str, content: bytes) -> Member:
    """
    Compress a member.

    Parameters
    ----------
    name
        File name in the zip.
    content
        What the file holds.

    Returns
    -------
    member
        The member, deflated at level 6.
    """
    return streamed(name, [content])


def streamed(name: str, pieces: Iterable[bytes]) -> Member:
    """
    Compress a member that is too large to hold in one piece.

    Parameters
    ----------
    name
        File name in the zip.
    pieces
        What the file holds, piece by piece.

    Returns
    -------
    member
        The member, deflated at level 6.
    """
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -15)
    packed, crc, size = [], 0, 0
    for piece in pieces:
        packed.append(packer.compress(piece))
        crc, size = zlib.crc32(piece, crc), size + len(piece)
    packed.append(packer.flush())
    return Member(name, b"".join(packed), crc, size, 8)


def stored(name: str, content: bytes) -> Member:
    """
    Put a member in as it is, as the register does with zips inside its zip.

    Parameters
    ----------
    name
        File name in the zip.
    content
        What the file holds.

    Returns
    -------
    member
        The member, not compressed.
    """
    return Member(name, content, zlib.crc32(content), len(content), 0)


def zipped(members: list[Member], day: date) -> bytes:
    """
    Put members into a zip.

    Parameters
    ----------
    members
        In the order in which they are to lie; the whole stays under 4 GiB, so that no zip64 is needed.
    day
        Date that every member bears, at six in the morning.

    Returns
    -------
    content
        The zip's bytes.
    """
    time, date_ = 6 << 11, (day.year - 1980) << 9 | day.month << 5 | day.day
    body: list[bytes] = []
    directory: list[bytes] = []
    at = 0
    for m in members:
        name = m.name.encode()
        common = struct.pack("<HHHHHIIIHH", 20, 0, m.method, time, date_, m.crc, len(m.packed), m.size, len(name), 0)
        head = b"PK\x03\x04" + common + name
        directory.append(b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, at) + name)
        body += [head, m.packed]
        at += len(head) + len(m.packed)
    central = b"".join(directory)
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, len(members), len(members), len(central), at, 0)
    return b"".join([*body, central, end])
