"""
Opening a delivery that may be zipped, without trusting it.

A register delivers a file as it is or inside a zip. Here the one member that a reader wants is found and its
bytes are handed out in pieces; nothing is unpacked to disk. A zip that is cut off, empty, encrypted, absurdly
compressed or that names a path outside itself is refused before a byte of it is used. Not here: what the
bytes mean, and the zip of zips of the BAG.
"""

from __future__ import annotations

import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from twentegeo.errors import SourceChanged, SourceUnavailable, problem
from twentegeo.sources.zip_member import DamagedMember, member_pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECE: Final = 8 * 2**20
"""Bytes that are handed out at a time."""

_RATIO_LIMIT: Final = 200
"""Registers compress 10 to 30 times; far above that a member is made to exhaust memory."""

_RATIO_FROM: Final = 2**20
"""Members smaller than this many bytes cannot exhaust anything, whatever their ratio."""

_AGAIN: Final = "Haal de levering opnieuw op"


@dataclass(frozen=True, slots=True)
class Delivery:
    """
    The file that a reader wants, zipped or not.

    Attributes
    ----------
    path
        File on disk.
    member
        Its directory entry in the zip; None when the file is not zipped.
    """

    path: Path
    member: zipfile.ZipInfo | None = None

    @property
    def name(self) -> str:
        """Name of the wanted file itself, without folders."""
        return PurePosixPath(self.member.filename).name if self.member else self.path.name

    @property
    def label(self) -> str:
        """The file as messages name it: path, and the member where there is one."""
        return f"{self.path} ({self.member.filename})" if self.member else str(self.path)

    @property
    def gdal_name(self) -> str:
        """The name under which GDAL opens it."""
        return f"/vsizip/{{{self.path.resolve()}}}/{self.member.filename}" if self.member else str(self.path)

    def head(self, size: int = 65_536) -> bytes:
        """
        Read the first bytes.

        Parameters
        ----------
        size
            How many at most.

        Returns
        -------
        head
            The first `size` bytes, fewer where the file is shorter.
        """
        for piece in self.pieces(size):
            return piece[:size]
        return b""

    def pieces(self, size: int = PIECE) -> Iterator[bytes]:
        """
        Hand out the bytes in order.

        Parameters
        ----------
        size
            Bytes in a piece at most.

        Yields
        ------
        piece
            Never empty. Length and checksum of a zip member are verified when the last one is asked for.

        Raises
        ------
        SourceUnavailable
            The file or member is cut off or damaged.
        """
        if self.member is None:
            with self.path.open("rb") as stream:
                while piece := stream.read(size):
                    yield piece
            return
        try:
            yield from member_pieces(self.path, self.member, size)
        except DamagedMember as error:
            place = f"zipbestand is afgekapt of beschadigd bij '{self.member.filename}'"
            raise SourceUnavailable(problem(self.path, place, _AGAIN)) from error


def is_zip(path: Path) -> bool:
    """
    Tell by content whether a file is a zip; one that is called .zip counts as well.

    Parameters
    ----------
    path
        An existing file.

    Returns
    -------
    zipped
        True where it must be opened as a zip.
    """
    with path.open("rb") as stream:
        return stream.read(2) == b"PK" or path.suffix.lower() == ".zip"


def candidates(path: Path, suffixes: tuple[str, ...]) -> list[Delivery]:
    """
    List the files of wanted kinds in a delivery.

    Parameters
    ----------
    path
        A file, zipped or not.
    suffixes
        Endings that suit, lower case with their dot.

    Returns
    -------
    found
        The file itself when it is not zipped, else its suitable members in the order of the zip;
        clutter (``__MACOSX/``, dot files) left out. Never empty.

    Raises
    ------
    SourceUnavailable
        The file is absent, empty, or a zip that is cut off or without members.
    SourceChanged
        The zip is encrypted, climbs out, is absurdly compressed or holds nothing suitable.
    """
    if not path.is_file():
        remedy = "Zet het bestand op deze plek of pas het pad in de instellingen aan"
        raise SourceUnavailable(problem(path, "bestand bestaat niet", remedy))
    if path.stat().st_size == 0:
        raise SourceUnavailable(problem(path, "bestand is leeg (0 bytes)", _AGAIN))
    if not is_zip(path):
        return [Delivery(path)]
    members = _directory(path)
    wanted = [
        Delivery(path, member)
        for member in members
        if member.filename.lower().endswith(suffixes) and not _is_clutter(member.filename)
    ]
    if not wanted:
        held = ", ".join(member.filename for member in members[:3])
        raise SourceChanged(
            problem(
                path,
                f"zipbestand bevat geen {' of '.join(suffixes)} (wel: {held})",
                "Controleer of dit de levering van de juiste bron is",
            )
        )
    for delivery in wanted:
        if delivery.member is not None:
            _require_sound(path, delivery.member)
    return wanted


def single(path: Path, suffixes: tuple[str, ...], hint: str = "") -> Delivery:
    """
    Find the one file in a delivery that a reader wants.

    Parameters
    ----------
    path
        A file, zipped or not.
    suffixes
        Endings that suit, lower case with their dot.
    hint
        Lower-case text in the name of the wanted member, used when several suit.

    Returns
    -------
    delivery
        The file.

    Raises
    ------
    SourceUnavailable, SourceChanged
        As :func:`candidates`; also where several members suit and the hint does not single one out.
    """
    found = candidates(path, suffixes)
    named = [delivery for delivery in found if hint and hint in delivery.name.lower()]
    choice = named if len(named) == 1 else found
    if len(choice) > 1:
        names = ", ".join(delivery.name for delivery in choice[:3])
        raise SourceChanged(
            problem(
                path,
                f"zipbestand bevat {len(choice)} bestanden die in aanmerking komen ({names})",
                "Lever het bedoelde bestand los of alleen in een zip",
            )
        )
    return choice[0]


def _directory(path: Path) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
        place = "zipbestand is afgekapt, beschadigd of geen zip"
        raise SourceUnavailable(problem(path, place, _AGAIN)) from error
    if not members:
        raise SourceUnavailable(problem(path, "zipbestand is leeg", _AGAIN))
    for member in members:
        name = member.orig_filename.replace("\\", "/")
        if name.startswith("/") or ":" in name.split("/")[0] or ".." in name.split("/") or "\0" in name:
            raise SourceChanged(
                problem(
                    path,
                    f"zipbestand noemt een pad buiten zichzelf: '{name[:80]!s}'",
                    "Vertrouw dit bestand niet; haal de levering op bij de bron",
                )
            )
    return members


def _is_clutter(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or parts[-1].startswith(".")


def _require_sound(path: Path, member: zipfile.ZipInfo) -> None:
    remedy = ""
    if member.flag_bits & 0x1:
        place, remedy = "is versleuteld", "Lever het bestand zonder wachtwoord"
    elif member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        place, remedy = "is ingepakt op een onbekende wijze", "Pak het opnieuw in met gewone zip (deflate)"
    elif member.file_size == 0:
        place, remedy = "is leeg (0 bytes)", _AGAIN
    elif member.file_size > max(_RATIO_FROM, _RATIO_LIMIT * member.compress_size):
        factor = member.file_size // max(member.compress_size, 1)
        place = f"is {factor} keer zo groot als het ingepakt is; dat doet geen register"
        remedy = "Vertrouw dit bestand niet; haal de levering op bij de bron"
    if remedy:
        raise SourceChanged(problem(path, f"lid '{member.filename}' {place}", remedy))
