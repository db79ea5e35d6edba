"""A part of a file as a file of its own, so that a zip inside a zip is read where it lies."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from twentegeo.sources.deflate import inflater

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO


class Window(io.RawIOBase):
    """
    A part of a file as a file of its own.

    Parameters
    ----------
    path
        The file.
    start, length
        The part, in bytes.
    """

    def __init__(self, path: Path, start: int, length: int) -> None:
        super().__init__()
        self.path = path
        self.start = start
        self.length = length
        self._stream: BinaryIO = path.open("rb")
        self._at = 0

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def tell(self) -> int:
        """Position in the part."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move in the part."""
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.length}[whence]
        if origin + offset < 0:
            raise OSError("seek before the start")
        self._at = origin + offset
        return self._at

    def read(self, size: int | None = -1, /) -> bytes:
        """Read from the part."""
        left = max(self.length - self._at, 0)
        wanted = left if size is None or size < 0 else min(size, left)
        self._stream.seek(self.start + self._at)
        data = self._stream.read(wanted)
        self._at += len(data)
        return data

    def close(self) -> None:
        """Close the file as well."""
        self._stream.close()
        super().close()


class Inflating:
    """
    The inflated bytes of a raw deflate stream, never more than promised.

    Parameters
    ----------
    packed
        The compressed bytes.
    size
        How many bytes they should become.
    """

    def __init__(self, packed: Window, size: int) -> None:
        self._packed = packed
        self._left = size + 1
        self._inflater = inflater()

    def read(self, size: int = 1 << 20) -> bytes:
        """Read on; empty at the end."""
        while self._left > 0:
            fresh = self._inflater.unconsumed_tail or self._packed.read(1 << 18)
            data = self._inflater.decompress(fresh, min(size, self._left))
            self._left -= len(data)
            if data or not fresh:
                return data
        return b""
