"""A delivery is opened without being trusted."""

from __future__ import annotations

import struct
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twentegeo.errors import SourceChanged, SourceUnavailable
from twentegeo.sources import delivery

if TYPE_CHECKING:
    from pathlib import Path

SUFFIXES = (".csv",)


def zipped(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def refusal(path: Path) -> str:
    with pytest.raises((SourceUnavailable, SourceChanged)) as caught:
        b"".join(delivery.single(path, SUFFIXES).pieces())
    text = str(caught.value)
    assert "\n" not in text
    assert str(path) in text
    return text


@given(
    content=st.binary(min_size=1, max_size=50_000),
    size=st.integers(1, 9_000),
    method=st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]),
)
def test_pieces_give_back_the_bytes(tmp_path_factory: pytest.TempPathFactory, content: bytes, size: int, method: int):
    path = tmp_path_factory.mktemp("z") / "a.zip"
    zipped(path, {"map/a.csv": content}, method)
    found = delivery.single(path, SUFFIXES)
    assert b"".join(found.pieces(size)) == content
    assert found.name == "a.csv"
    assert found.head(10) == content[:10]


def test_large_member_comes_in_bounded_pieces(tmp_path: Path):
    content = b"".join(b"%d;" % number for number in range(400_000))
    path = zipped(tmp_path / "a.zip", {"a.csv": content})
    pieces = list(delivery.single(path, SUFFIXES).pieces(100_000))
    assert b"".join(pieces) == content
    assert max(map(len, pieces)) <= 100_000


def test_plain_file_is_its_own_delivery(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"inhoud")
    found = delivery.single(path, SUFFIXES)
    assert (found.member, found.name, found.label) == (None, "a.csv", str(path))
    assert b"".join(found.pieces(4)) == b"inhoud"


def test_clutter_of_a_mac_is_passed_over(tmp_path: Path):
    path = zipped(tmp_path / "a.zip", {"__MACOSX/a.csv": b"x", ".b.csv": b"x", "a.csv": b"goed"})
    assert b"".join(delivery.single(path, SUFFIXES).pieces()) == b"goed"


def test_hint_chooses_among_members(tmp_path: Path):
    path = zipped(tmp_path / "a.zip", {"grens.csv": b"1", "perceel.csv": b"2"})
    assert delivery.single(path, SUFFIXES, "perceel").name == "perceel.csv"
    with pytest.raises(SourceChanged, match="2 bestanden"):
        delivery.single(path, SUFFIXES)


def test_missing_path(tmp_path: Path):
    assert "bestaat niet" in refusal(tmp_path / "weg.csv")


def test_empty_file(tmp_path: Path):
    (tmp_path / "a.zip").write_bytes(b"")
    assert "leeg" in refusal(tmp_path / "a.zip")


def test_empty_zip(tmp_path: Path):
    assert "leeg" in refusal(zipped(tmp_path / "a.zip", {}))


def test_zip_with_an_empty_member(tmp_path: Path):
    assert "leeg" in refusal(zipped(tmp_path / "a.zip", {"a.csv": b""}))


def test_text_that_is_called_zip(tmp_path: Path):
    (tmp_path / "a.zip").write_bytes(b"<html>404</html>")
    assert "geen zip" in refusal(tmp_path / "a.zip")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_truncated_zip(tmp_path: Path, share: float):
    path = zipped(tmp_path / "a.zip", {"a.csv": bytes(range(256)) * 50})
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    assert "afgekapt" in refusal(path)


def test_damaged_content_does_not_pass_the_checksum(tmp_path: Path):
    path = zipped(tmp_path / "a.zip", {"a.csv": b"a" * 5000}, zipfile.ZIP_STORED)
    whole = bytearray(path.read_bytes())
    whole[200] ^= 0xFF
    path.write_bytes(whole)
    assert "beschadigd" in refusal(path)


def test_member_longer_than_it_says(tmp_path: Path):
    path = zipped(tmp_path / "a.zip", {"a.csv": b"0123456789" * 1000})
    whole = bytearray(path.read_bytes())
    entry = whole.rindex(b"PK\x01\x02")
    struct.pack_into("<L", whole, entry + 24, 100)
    path.write_bytes(whole)
    assert "beschadigd" in refusal(path)


@pytest.mark.parametrize("name", ["../a.csv", "/etc/a.csv", "x/../../a.csv", "..\\a.csv", "C:/a.csv"])
def test_climbing_path(tmp_path: Path, name: str):
    assert "buiten zichzelf" in refusal(zipped(tmp_path / "a.zip", {name: b"x", "goed.csv": b"y"}))


def test_absurd_ratio(tmp_path: Path):
    assert "keer zo groot" in refusal(zipped(tmp_path / "a.zip", {"a.csv": b"\0" * 5_000_000}))


def test_encrypted(tmp_path: Path):
    path = zipped(tmp_path / "a.zip", {"a.csv": b"geheim"})
    whole = bytearray(path.read_bytes())
    whole[whole.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(whole)
    assert "versleuteld" in refusal(path)


def test_unknown_compression(tmp_path: Path):
    path = zipped(tmp_path / "a.zip", {"a.csv": b"x" * 100}, zipfile.ZIP_LZMA)
    assert "onbekende wijze" in refusal(path)


def test_nothing_suitable(tmp_path: Path):
    text = refusal(zipped(tmp_path / "a.zip", {"leesmij.txt": b"x"}))
    assert "geen .csv" in text
    assert "leesmij.txt" in text
