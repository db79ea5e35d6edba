"""Deliveries as a register might send them on a bad day: with rows gone or doubled, a column missing, ids repeated."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyogrio

Edit = Callable[[list[bytes]], list[bytes]]
"""What happens to the records of a delivery."""

_BLOCKS = {
    "bag": re.compile(rb"<sl:stand>.*?</sl:stand>", re.DOTALL),
    "parcels": re.compile(rb"<kk:perceelMember>.*?</kk:perceelMember>\n?", re.DOTALL),
}
PREAMBLE = 3
"""Lines of an EP-Online file that are no label: two of preamble and the names of the columns."""


def fewer(records: list[bytes]) -> list[bytes]:
    """Drop three of every ten."""
    return [one for number, one in enumerate(records) if number % 10 not in (2, 5, 8)]


def doubled(records: list[bytes]) -> list[bytes]:
    """Say every tenth record twice."""
    return [again for number, one in enumerate(records) for again in ([one, one] if number % 10 == 3 else [one])]


def without(pattern: bytes) -> Edit:
    """Leave an element out of every record."""
    gone = re.compile(pattern, re.DOTALL)
    return lambda records: [gone.sub(b"", one) for one in records]


def spoil_zip(source: Path, target: Path, edit: Callable[[str, bytes], bytes]) -> Path:
    """Copy a zip, zips inside included, and edit every member that is no zip."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(_edited(source.read_bytes(), edit))
    return target


def _edited(packed: bytes, edit: Callable[[str, bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            inside = old.read(name)
            new.writestr(name, _edited(inside, edit) if name.endswith(".zip") else edit(name, inside))
    return out.getvalue()


def bag(source: Path, target: Path, kinds: str, edit: Edit) -> Path:
    """Edit the objects of some types (``VBO``, ``PND``) of a BAG extract."""
    return spoil_zip(source, target, lambda name, text: _blocks("bag", text, edit) if kinds in name else text)


def parcels(source: Path, target: Path, edit: Edit) -> Path:
    """Edit the parcels of a delivery of the Kadastrale Kaart."""
    return spoil_zip(source, target, lambda _, text: _blocks("parcels", text, edit))


def labels(source: Path, target: Path, edit: Edit) -> Path:
    """Edit the rows of a label file."""

    def rows(_: str, text: bytes) -> bytes:
        lines = text.splitlines(keepends=True)
        return b"".join([*lines[:PREAMBLE], *edit(lines[PREAMBLE:])])

    return spoil_zip(source, target, rows)


def labels_without_column(source: Path, target: Path, column: str) -> Path:
    """Leave a column out of a label file."""

    def cut(_: str, text: bytes) -> bytes:
        lines = text.decode("utf-8").splitlines()
        at = lines[PREAMBLE - 1].lstrip("\ufeff").split(";").index(column)
        kept = [";".join(p for i, p in enumerate(line.split(";")) if i != at) for line in lines[PREAMBLE - 1 :]]
        return "\n".join([*lines[: PREAMBLE - 1], *kept]).encode()

    return spoil_zip(source, target, cut)


def areas(source: Path, target: Path, *, rows: str = "", drop: str | None = None) -> Path:
    """Copy a CBS map with fewer or doubled buurten, or without a column."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for layer, _ in pyogrio.list_layers(source):
        frame = pyogrio.read_dataframe(source, layer=layer)
        if layer == "buurten" and rows == "fewer":
            frame = frame[[number % 10 not in (2, 5, 8) for number in range(len(frame))]]
        if layer == "buurten" and rows == "doubled":
            frame = frame.loc[[*frame.index, *frame.index[::10]]]
        if layer == "buurten" and drop:
            frame = frame.drop(columns=drop)
        pyogrio.write_dataframe(frame, target, layer=layer, driver="GPKG", append=target.exists())
    return target


def _blocks(kind: str, text: bytes, edit: Edit) -> bytes:
    pattern = _BLOCKS[kind]
    records = pattern.findall(text)
    if not records:
        return text
    first, last = text.index(records[0]), text.rindex(records[-1]) + len(records[-1])
    return text[:first] + b"".join(edit(records)) + text[last:]
