"""
A day's mutations of EP-Online: the labels that the second delivery of the sample has and the first has not.

Mutations only add: a label that the second delivery lacks stays until the next total file, as it does in the register.
"""

from __future__ import annotations

import csv
import sys
import zipfile
from pathlib import Path
from typing import Any, Final

from lxml import etree

SPACE: Final = "http://schemas.ep-online.nl/EpbdExportTypesV4"
ADD: Final = "1"
NESTED: Final = {"BAGPandIDs": "BAGPandID"}
OWN: Final[dict[Any, str]] = {None: SPACE}
"""The space of names without a prefix; what types there are for lxml leave out that it has no name."""


def main() -> None:
    first, second, target = map(Path, sys.argv[1:])
    before, (number, names, after) = set(_lines(first)[2]), _lines(second)
    new = [line for line in after if line not in before]
    root = etree.Element(f"{{{SPACE}}}MutationMessage", nsmap=OWN)
    for fields in csv.reader(new, delimiter=";", quoting=csv.QUOTE_NONE):
        number += 1
        message = etree.SubElement(root, f"{{{SPACE}}}Mutatiebericht")
        _leaf(message, "Mutatievolgnummer", str(number))
        _leaf(message, "Stuurcode", ADD)
        label = etree.SubElement(message, f"{{{SPACE}}}Pandcertificaat")
        for name, text in zip(names, fields, strict=False):
            _say(label, name, text)
    half = target.with_suffix(".half")
    half.write_bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
    half.replace(target)


def _say(label: etree._Element, name: str, text: str) -> None:
    if not text:
        return
    if name not in NESTED:
        _leaf(label, name, text)
        return
    several = etree.SubElement(label, f"{{{SPACE}}}{name}")
    for one in text.split(","):
        _leaf(several, NESTED[name], one.strip())


def _leaf(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{SPACE}}}{name}").text = text


def _lines(delivery: Path) -> tuple[int, list[str], list[str]]:
    """Give the number of the last mutation, the names of the columns, and the lines."""
    with zipfile.ZipFile(delivery) as archive:
        (member,) = archive.namelist()
        text = archive.read(member).decode("utf-8-sig", errors="replace")
    _date, told, header, *lines = text.splitlines()
    return int(told.split(";")[1]), header.split(";"), lines


if __name__ == "__main__":
    main()
