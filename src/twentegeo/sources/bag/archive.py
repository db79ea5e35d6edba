"""
Which members a BAG extract has and where their bytes lie, without unpacking it.

The delivery is a zip of (stored) zips. A member is read by seeking to its compressed bytes inside the outer
file and inflating those alone. A container that is itself compressed is copied to the work folder first.
Names, sizes, ratios and encryption are judged before a byte is inflated; length and CRC after it.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from twentegeo.errors import SourceChanged, SourceUnavailable, problem
from twentegeo.sources.bag.window import Inflating, Window
from twentegeo.sources.deflate import Damaged, crc32, inflater

KINDS: Final = ("WPL", "OPR", "NUM", "LIG", "STA", "VBO", "PND")
OBJECT_MEMBER: Final = re.compile(r"[0-9]{4}(WPL|OPR|NUM|LIG|STA|VBO|PND)[0-9]{8}[-_][0-9]{6,7}\.xml")
RELATION_MEMBER: Final = re.compile(r"GEM-WPL-RELATIE.*\.xml", re.IGNORECASE)
DELIVERY_MEMBER: Final = re.compile(r"Leveringsdocument.*\.xml", re.IGNORECASE)
# records under investigation, inactive or never BAG: no part of the current view
SIDE_CONTAINER: Final = re.compile(r"[0-9]{4}(InOnderzoek|Inactief|NietBag|IO|IA|NB).*\.zip", re.IGNORECASE)

MAX_RATIO: Final = 400
"""Deliveries reach 20 to 70; deflate cannot pass 1032, which is what bombs aim for."""
MAX_MEMBER: Final = 1 << 30
"""Bytes; a member of 10,000 objects is about 15 MB, the relation of woonplaatsen under 10 MB."""
SMALL: Final = 1 << 20
"""Bytes below which a ratio means nothing."""
MAX_DEPTH: Final = 2
"""Zips in zips in the delivery; a municipality's own delivery has two levels."""
LOCAL_HEADER: Final = 30
ENCRYPTED: Final = 0x1 | 0x40

FETCH_AGAIN: Final = "Haal de levering opnieuw op bij PDOK en controleer de grootte"


@dataclass(frozen=True, slots=True)
class Member:
    """
    One XML file inside the delivery.

    Attributes
    ----------
    delivery
        Path of the delivery, for messages.
    name
        Its path inside the delivery, containers included.
    file, offset, packed
        Where its compressed bytes lie.
    size, crc, deflated
        What they must become.
    """

    delivery: str
    name: str
    file: str
    offset: int
    packed: int
    size: int
    crc: int
    deflated: bool

    def read(self) -> bytes:
        """
        Inflate the member.

        Returns
        -------
        xml
            Its bytes, of the promised length and checksum.

        Raises
        ------
        SourceUnavailable
            The bytes are cut off or damaged.
        """
        with Path(self.file).open("rb") as stream:
            stream.seek(self.offset)
            packed = stream.read(self.packed)
        try:
            # at most one byte more than promised: a member that lies about its size cannot fill the memory
            xml = inflater().decompress(packed, self.size + 1) if self.deflated else packed
        except Damaged as error:
            raise SourceUnavailable(self.complaint("is beschadigd", FETCH_AGAIN)) from error
        if len(xml) != self.size or crc32(xml) != self.crc:
            raise SourceUnavailable(self.complaint("klopt niet met zijn lengte of controlegetal", FETCH_AGAIN))
        return xml

    def complaint(self, what: str, remedy: str) -> str:
        """Word a problem with this member."""
        return problem(self.delivery, f"lid {self.name} {what}", remedy)


@dataclass
class Delivery:
    """
    The members of an extract by what they hold.

    Attributes
    ----------
    path
        The delivery.
    objects
        Members by object type (``WPL`` … ``PND``), sorted by name.
    relation
        Members of the relation between municipalities and woonplaatsen.
    document
        Members called Leveringsdocument.
    others
        XML members of no known name.
    """

    path: Path
    objects: dict[str, list[Member]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    relation: list[Member] = field(default_factory=list)
    document: list[Member] = field(default_factory=list)
    others: list[Member] = field(default_factory=list)

    def add(self, member: Member) -> None:
        """Put a member where its name says it belongs."""
        name = PurePosixPath(member.name).name
        if found := OBJECT_MEMBER.fullmatch(name):
            self.objects[found[1]].append(member)
        elif RELATION_MEMBER.fullmatch(name):
            self.relation.append(member)
        elif DELIVERY_MEMBER.fullmatch(name):
            self.document.append(member)
        else:
            self.others.append(member)

    @property
    def size(self) -> int:
        """Bytes of XML in the object members."""
        return sum(member.size for members in self.objects.values() for member in members)


def discover(path: Path, work: Path) -> Delivery:
    """
    List the members of an extract.

    Parameters
    ----------
    path
        The zip.
    work
        Folder for containers that are compressed themselves.

    Returns
    -------
    delivery
        Its members; none of them read.

    Raises
    ------
    SourceUnavailable
        A zip is empty, cut off or damaged.
    SourceChanged
        A member is encrypted, climbs out of the zip, or claims an absurd size.
    """
    delivery = Delivery(path)
    with Window(path, 0, path.stat().st_size) as window:
        _walk(delivery, window, "", work)
    for members in (*delivery.objects.values(), delivery.relation, delivery.document, delivery.others):
        members.sort(key=lambda member: (member.name, member.offset))
    return delivery


def _walk(delivery: Delivery, window: Window, trail: str, work: Path) -> None:
    shown = f"zip {trail.rstrip('/')}" if trail else "de zip"
    try:
        entries = zipfile.ZipFile(window).infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise SourceUnavailable(problem(delivery.path, f"{shown} is afgebroken of beschadigd", FETCH_AGAIN)) from error
    if not entries:
        raise SourceUnavailable(problem(delivery.path, f"{shown} is leeg", FETCH_AGAIN))
    if min(info.header_offset for info in entries) > 0:
        # the directory of an inner zip, found at the end of an outer one that was cut off behind it
        raise SourceUnavailable(problem(delivery.path, f"{shown} is afgebroken", FETCH_AGAIN))
    for info in entries:
        _refuse_unsafe(delivery.path, info, trail)
        name = PurePosixPath(info.filename)
        if info.is_dir() or "__MACOSX" in name.parts or name.name.startswith("."):
            continue
        if name.suffix.lower() == ".xml":
            delivery.add(_member(delivery.path, window, info, trail))
        elif _is_container(name, trail):
            with _opened(_member(delivery.path, window, info, trail), work) as inner:
                _walk(delivery, inner, f"{trail}{info.filename}/", work)


def _is_container(name: PurePosixPath, trail: str) -> bool:
    """Tell whether to look inside: a zip, not of side records, and not nested without end."""
    return (
        name.suffix.lower() == ".zip" and not SIDE_CONTAINER.fullmatch(name.name) and trail.count(".zip/") < MAX_DEPTH
    )


def _refuse_unsafe(path: Path, info: zipfile.ZipInfo, trail: str) -> None:
    name = info.filename
    shown = f"lid {trail}{name[:120]}"
    remedy = "Gebruik de levering zoals PDOK of Kadaster die aanbiedt; dit bestand is ermee niet gemaakt"
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or ":" in parts[0]:
        raise SourceChanged(problem(path, f"{shown} wijst buiten de zip", remedy))
    if info.flag_bits & ENCRYPTED:
        raise SourceChanged(problem(path, f"{shown} is versleuteld", "Lever de zip zonder wachtwoord"))
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise SourceChanged(problem(path, f"{shown} is op een onbekende manier ingepakt", remedy))
    if name.lower().endswith(".zip"):
        return
    if info.file_size > MAX_MEMBER or (
        info.file_size > SMALL and info.file_size > MAX_RATIO * max(info.compress_size, 1)
    ):
        raise SourceChanged(
            problem(
                path,
                f"{shown} zou {info.file_size / 1e6:.0f} MB worden uit {info.compress_size / 1e6:.1f} MB",
                remedy,
            )
        )


def _member(path: Path, window: Window, info: zipfile.ZipInfo, trail: str) -> Member:
    window.seek(info.header_offset)
    header = window.read(LOCAL_HEADER)
    if len(header) < LOCAL_HEADER or header[:4] != b"PK\x03\x04":
        raise SourceUnavailable(problem(path, f"lid {trail}{info.filename} is niet te vinden", FETCH_AGAIN))
    names = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    start = info.header_offset + LOCAL_HEADER + names
    if start + info.compress_size > window.length:
        raise SourceUnavailable(problem(path, f"lid {trail}{info.filename} is afgebroken", FETCH_AGAIN))
    return Member(
        delivery=str(path),
        name=f"{trail}{info.filename}",
        file=str(window.path),
        offset=window.start + start,
        packed=info.compress_size,
        size=info.file_size,
        crc=info.CRC,
        deflated=info.compress_type == zipfile.ZIP_DEFLATED,
    )


def _opened(member: Member, work: Path) -> Window:
    """Open a container in place, or from a copy in the work folder when it is compressed."""
    if not member.deflated:
        return Window(Path(member.file), member.offset, member.packed)
    work.mkdir(parents=True, exist_ok=True)
    copy = work / f"container-{member.crc:08x}-{member.offset}.zip"
    try:
        with (
            Window(Path(member.file), member.offset, member.packed) as packed,
            copy.open("wb") as stream,
        ):
            shutil.copyfileobj(Inflating(packed, member.size), stream, 1 << 20)
    except Damaged as error:
        raise SourceUnavailable(member.complaint("is beschadigd", FETCH_AGAIN)) from error
    if copy.stat().st_size != member.size:
        raise SourceUnavailable(member.complaint("klopt niet met zijn lengte", FETCH_AGAIN))
    return Window(copy, 0, member.size)
