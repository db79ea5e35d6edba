"""
The bytes of one zip member, inflated as a stream and verified.

ISA-L inflates, not zipfile's stream: that is several times as fast.
"""

from __future__ import annotations

import struct
import zipfile
from typing import TYPE_CHECKING, Final

from twentegeo.sources.deflate import Damaged, crc32, inflater

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BLOCK: Final = 2**19
"""Compressed bytes that are read at a time."""

_LOCAL_HEADER: Final = struct.Struct("<4s22xHH")


class DamagedMember(Exception):  # noqa: N818 - says what was found
    """A member is not, to the byte, what the zip's directory promised."""


def member_pieces(path: Path, member: zipfile.ZipInfo, size: int) -> Iterator[bytes]:
    """
    Hand out the bytes of a member in order.

    Parameters
    ----------
    path
        The zip.
    member
        Entry of its directory; stored or deflated.
    size
        Bytes in a piece at most.

    Yields
    ------
    piece
        Never empty.

    Raises
    ------
    DamagedMember
        The member is cut off, or its length or checksum is not what the directory says.
    """
    blocks = _blocks(path, member)
    stored = member.compress_type == zipfile.ZIP_STORED
    try:
        yield from _verified(blocks if stored else _inflate(blocks, size), member)
    except (Damaged, struct.error) as error:
        raise DamagedMember(str(error)) from error


def _verified(pieces: Iterator[bytes], member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Pass pieces on; object when they are not, to the byte, what the zip's directory promised."""
    given, checksum = 0, 0
    for piece in pieces:
        given += len(piece)
        if given > member.file_size:
            raise DamagedMember
        checksum = crc32(piece, checksum)
        yield piece
    if given != member.file_size or checksum != member.CRC:
        raise DamagedMember


def _inflate(blocks: Iterator[bytes], size: int) -> Iterator[bytes]:
    engine = inflater()
    for block in blocks:
        waiting = block
        while waiting:
            if piece := engine.decompress(waiting, size):
                yield piece
            waiting = engine.unconsumed_tail
    if rest := engine.flush():
        yield rest


def _blocks(path: Path, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with path.open("rb") as stream:
        stream.seek(member.header_offset)
        magic, name_length, extra_length = _LOCAL_HEADER.unpack(stream.read(_LOCAL_HEADER.size))
        if magic != b"PK\x03\x04":
            raise DamagedMember
        stream.seek(name_length + extra_length, 1)
        left = member.compress_size
        while left:
            block = stream.read(min(left, _BLOCK))
            if not block:
                raise DamagedMember
            left -= len(block)
            yield block
