"""
Inflating and checking what comes in zips, by Intel's ISA-L: twice as fast as zlib, and checksums five times.

It keeps to zlib's interface, and to what zlib makes of a stream that is damaged or cut off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from isal import isal_zlib
from isal.isal_zlib import crc32

if TYPE_CHECKING:
    from isal.isal_zlib import Decompress

__all__ = ["Damaged", "crc32", "inflater"]

# its stubs say that this is an exception, where it is a class of them
Damaged: Final = cast("type[Exception]", isal_zlib.error)
"""What an inflater raises where a stream is no deflate."""


def inflater() -> Decompress:
    """Give what inflates one raw deflate stream, as :func:`zlib.decompressobj` does."""
    return isal_zlib.decompressobj(-isal_zlib.MAX_WBITS)
