"""
A larger extract: the same region, and several times as much outside it.

The members of panden, verblijfsobjecten, nummeraanduidingen and openbare ruimten are written again with other ids
(another first digit), 100 km to the north, along streets of a woonplaats outside the region.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

TYPES = (b"Pand", b"Verblijfsobject", b"Nummeraanduiding", b"Openbareruimte")
KINDS = ("PND", "VBO", "NUM", "OPR")
SPEED = 1
"""Level of compression; a larger file is made once and read a few times."""

WOONPLAATS = re.compile(rb'(NL\.IMBAG\.Woonplaats">)\d{4}')


def write_larger(extract: Path, target: Path, *, times: int, woonplaats: bytes) -> None:
    """
    Write the larger extract.

    Parameters
    ----------
    extract
        Delivery to start from.
    target
        File to make.
    times
        How often as much there is of the four types.
    woonplaats
        Where the additions lie, four digits; outside the region that will be read.
    """
    beside = target.with_suffix(".part")
    with zipfile.ZipFile(extract) as old, zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            content = old.read(name)
            if any(kind in name for kind in KINDS):
                content = _repeated(content, times, woonplaats)
            new.writestr(name, content)
    beside.replace(target)


def _repeated(content: bytes, times: int, woonplaats: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        names = old.namelist()
        for copy in range(times):
            for number, name in enumerate(names, 1):
                text = old.read(name)
                if copy:
                    text = _elsewhere(text, copy + 1, woonplaats)
                stem = name.rpartition("-")[0]
                member = f"{stem}-{copy * len(names) + number:06d}.xml"
                new.writestr(member, text, zipfile.ZIP_DEFLATED, SPEED)
    return buffer.getvalue()


def _elsewhere(text: bytes, copy: int, woonplaats: bytes) -> bytes:
    digit = str(copy).encode()
    for kind in TYPES:
        for first in (b"0", b"1"):
            text = text.replace(b"." + kind + b'">' + first, b"." + kind + b'">' + digit)
    # the northing follows the space; nothing else in these members begins with these digits
    text = text.replace(b" 5", b" 6").replace(b" 4", b" 5")
    return WOONPLAATS.sub(rb"\g<1>" + woonplaats, text)
