"""Checksums in one go are those of the standard library, and a copy is what was copied."""

from __future__ import annotations

import hashlib
import zlib
from pathlib import Path

import pytest

from twentegeo.publish import sums


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 16, 100])
def test_both_are_those_of_the_standard_library_wherever_the_pieces_end(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sums, "_PIECE_BYTES", 8)
    held = bytes(range(size))
    source, target = tmp_path / "bron", tmp_path / "kopie"
    source.write_bytes(held)

    expected = (hashlib.sha256(held).hexdigest(), zlib.crc32(held))
    assert sums.sums_of(source) == expected
    assert sums.copied(source, target) == expected[1]
    assert target.read_bytes() == held


def test_nothing_is_written_over(tmp_path: Path):
    source, target = tmp_path / "bron", tmp_path / "kopie"
    source.write_bytes(b"nieuw")
    target.write_bytes(b"stond er")
    with pytest.raises(FileExistsError):
        sums.copied(source, target)
    assert target.read_bytes() == b"stond er"
