"""One small sample for all tests of this room, and the extract read back with nothing of the house."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from twentegeo.sample import SampleFiles, write_sample

if TYPE_CHECKING:
    from collections.abc import Iterator

REFERENCE = "2026-11-08"


@dataclass(frozen=True)
class Voorkomen:
    """A voorkomen as it stands in the extract: its fields by local name (lists), and whether it counts today."""

    ident: str
    fields: dict[str, list[str]]

    def __getitem__(self, name: str) -> str:
        return self.fields[name][0]

    @property
    def current(self) -> bool:
        """By the rule of the register: begun, not ended, not withdrawn, still the last knowledge."""
        ended = self.fields.get("eindGeldigheid", ["9999-12-31"])[0]
        withdrawn = {"tijdstipInactief", "tijdstipInactiefLV", "tijdstipNietBagLV", "eindRegistratie"} & set(
            self.fields
        )
        return self["beginGeldigheid"] <= REFERENCE < ended and not withdrawn


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleFiles:
    return write_sample(tmp_path_factory.mktemp("sample"), scale=0.004, seed=3)


def members(content: bytes) -> Iterator[tuple[str, bytes]]:
    """All files of a zip of zips, with the names of the zips on the way."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            if name.endswith(".zip"):
                yield from ((f"{name}/{inner}", more) for inner, more in members(data))
            else:
                yield name, data


@pytest.fixture(scope="session")
def extract(sample: SampleFiles) -> dict[str, list[Voorkomen]]:
    found: dict[str, list[Voorkomen]] = {}
    for name, data in members(sample.bag.read_bytes()):
        if name.count("/") != 1 or "RELATIE" in name:
            continue
        kind = name.split("/")[1][4:7]
        for stand in etree.fromstring(data, etree.XMLParser(huge_tree=True)).iter("{*}bagObject"):
            fields: dict[str, list[str]] = {}
            for element in stand.iter("{*}*"):
                if len(element) == 0:
                    fields.setdefault(etree.QName(element).localname, []).append(element.text or "")
            found.setdefault(kind, []).append(Voorkomen(fields["identificatie"][0], fields))
    return found
