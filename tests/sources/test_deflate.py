"""What inflates zips does what zlib does, and says so where a stream is no good."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twentegeo.sources.deflate import Damaged, crc32, inflater


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@given(st.binary(max_size=5000), st.integers(1, 4), st.integers(0, 5000))
def test_it_inflates_and_sums_as_zlib_does(data: bytes, times: int, most: int):
    whole = data * times
    assert inflater().decompress(deflated(whole), len(whole) + 1) == whole
    assert crc32(whole) == zlib.crc32(whole)
    assert crc32(data, crc32(whole)) == zlib.crc32(data, zlib.crc32(whole))
    if most:
        first = inflater()
        part = first.decompress(deflated(whole), most)
        assert part == whole[:most]
        assert part + first.decompress(first.unconsumed_tail) == whole


@given(st.binary(min_size=50, max_size=2000), st.data())
def test_a_stream_that_is_cut_off_or_harmed_never_gives_the_whole_in_silence(data: bytes, drawn: st.DataObject):
    packed = deflated(data)
    cut = packed[: drawn.draw(st.integers(0, len(packed) - 2))]
    at = drawn.draw(st.integers(0, len(packed) - 1))
    harmed = packed[:at] + bytes([packed[at] ^ drawn.draw(st.integers(1, 255))]) + packed[at + 1 :]
    for stream in (cut, harmed):
        try:
            given_back = inflater().decompress(stream, len(data) + 1)
        except Damaged:
            continue
        # a flipped bit can lie in padding at the end: then it is the same
        assert given_back == data[: len(given_back)] or crc32(given_back) != zlib.crc32(data)
        assert stream is not cut or len(given_back) < len(data)


def test_what_is_no_deflate_at_all_is_refused():
    with pytest.raises(Damaged):
        inflater().decompress(b"\xff" * 100)
