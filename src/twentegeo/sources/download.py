"""
Getting a large file, in as many pieces as it takes.

What came in stays beside a note of what it is a part of, so that a broken connection, a killed process or a power cut
costs only what was still to come. The part is continued only when the service confirms, by ETag or date, that it is
still the same file; else it starts anew. A file counts as arrived when its length, its checksum (where the service
gives one) and its inside are right.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from twentegeo.errors import SourceChanged, SourceUnavailable, problem
from twentegeo.sources.answers import Barred
from twentegeo.sources.arrival import is_page, require_whole
from twentegeo.sources.partial import Part, digests, guard
from twentegeo.sources.patience import Passing
from twentegeo.store import fingerprint, write_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    import httpx

    from twentegeo.sources.http import Web

_OK, _PARTIAL, _UNCHANGED, _NO_SUCH_RANGE = 200, 206, 304, 416
_STEP: Final = 2**20
"""Bytes between two reports of progress."""

_ROOM: Final = "Maak ruimte op deze schijf of kies een andere map voor 'outputs'"


def _no_count(_text: str, _done: int, _total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Wanted:
    """
    A file that is to be got.

    Attributes
    ----------
    address
        Gives the address; asked anew for each try, because a signed one is good for minutes.
    key
        What identifies the file between runs: its address, or its name where the address changes.
    name
        What it is called on disk and in messages.
    length
        Bytes it must have, where known beforehand.
    headers
        To go with the request.
    known
        ``etag`` and ``last_modified`` of what is already there; nothing is got when the service says it is the same.
    signed
        Whether the address is good for a while only, so that a new one is asked when it is refused.
    """

    address: Callable[[], str]
    key: str
    name: str
    length: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Arrived:
    """
    A file that is whole.

    Attributes
    ----------
    path
        Where it lies, still among what comes in.
    name, size
        As wanted, and in bytes.
    validators
        ``etag``, ``last_modified`` that the service gave with it.
    """

    path: Path
    name: str
    size: int
    validators: dict[str, str]


def download(
    web: Web, wanted: Wanted, folder: Path, count: Callable[[str, int, int], None] = _no_count
) -> Arrived | None:
    """
    Get a file.

    Parameters
    ----------
    web
        The client.
    wanted
        What to get.
    folder
        Where parts are kept; made when absent.
    count
        Told (text, megabytes in, megabytes in all) now and then.

    Returns
    -------
    arrived
        The whole file; None where the service says that what is there is still the same.

    Raises
    ------
    SourceUnavailable
        It did not arrive whole, or does not fit on the disk. What came in stays for a next time unless it is wrong.
    SourceChanged
        It arrived, and is something that must not be opened.
    """
    folder.mkdir(parents=True, exist_ok=True)
    part = Part(folder / f"{fingerprint(wanted.key)}.part")
    mark = part.size
    until = web.clock() + web.params.download_most_s

    def progressed() -> bool:
        nonlocal mark
        # a trickle is no progress: a service could keep a run busy with it for ever
        step = min(_STEP, int(part.stated().get("length") or 0) // 100)
        if part.size <= mark + step:
            return False
        mark = part.size
        return True

    def once() -> Arrived | None:
        try:
            return _try(web, wanted, part, count, until)
        except Barred:
            if not wanted.signed:
                raise
            raise Passing("tijdelijk adres is verlopen") from None

    return web.patiently(wanted.key, once, progressed)


def _try(web: Web, wanted: Wanted, part: Part, count: Callable[[str, int, int], None], until: float) -> Arrived | None:
    stated = part.stated()
    have = part.size if guard(stated) else 0
    done = have > 0 and have == stated.get("length")
    headers = {
        **wanted.headers,
        "Accept-Encoding": "identity",
        **_conditions(wanted, stated, 0 if done else have, done=done),
    }
    address = wanted.address()
    with web.stream(address, headers=headers, accept=(_UNCHANGED, _NO_SUCH_RANGE)) as response:
        if response.status_code == _UNCHANGED:
            return _verified(part, stated, wanted) if done else None
        if response.status_code == _NO_SUCH_RANGE:
            part.drop()
            raise Passing("bestand is intussen een ander")
        have = have if response.status_code == _PARTIAL else 0
        total = _total(response, have, wanted, part)
        if have == 0:
            stated = _noted(response, total)
            part.drop()
            write_json(part.note, stated)
        _require_room(web, part, wanted.name, (total or 0) - have)
        in_time = _in_time(web, web.paced(response.iter_raw()), wanted.name, until)
        _take(in_time, wanted, part, (have, total), count)
    if total is not None and part.size != total:
        raise Passing(f"{part.size} van {total} bytes ontvangen")
    return _verified(part, stated, wanted)


def _conditions(wanted: Wanted, stated: Mapping[str, Any], have: int, *, done: bool) -> dict[str, str]:
    if have:
        return {"Range": f"bytes={have}-", "If-Range": str(guard(stated))}
    names = {"etag": "If-None-Match", "last_modified": "If-Modified-Since"}
    # all of it came in before the program ended: it only has to be the same file still
    known = stated if done else wanted.known
    return {names[key]: str(value) for key, value in known.items() if key in names and value}


def _total(response: httpx.Response, have: int, wanted: Wanted, part: Part) -> int | None:
    """Length of the whole file; objects when it is not what was expected."""
    if have:
        found = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", response.headers.get("content-range", ""))
        if not found or int(found.group(1)) != have or int(found.group(2)) != part.stated().get("length"):
            part.drop()
            raise Passing("vervolg past niet op wat er al was")
        total: int | None = int(found.group(2))
    else:
        stated = response.headers.get("content-length", "")
        total = int(stated) if stated.isdigit() else None
    if response.headers.get("content-encoding", "identity") not in ("", "identity"):
        raise Passing("bestand komt ingepakt waar dat niet gevraagd is")
    if wanted.length is not None and total not in (None, wanted.length):
        part.drop()
        raise Passing(f"bestand is {total} bytes waar er {wanted.length} aangekondigd zijn")
    return total if total is not None else wanted.length


def _noted(response: httpx.Response, total: int | None) -> dict[str, Any]:
    headers = response.headers
    return {
        "etag": headers.get("etag"),
        "last_modified": headers.get("last-modified"),
        "length": total,
        "digests": digests(headers),
    }


def _require_room(web: Web, part: Part, name: str, coming: int) -> None:
    free = shutil.disk_usage(part.path.parent).free
    needed = coming + web.params.spare_bytes
    if free < needed:
        place = f"er is {free / 1e9:.1f} GB vrij en {needed / 1e9:.1f} GB nodig voor '{name}' en wat erna komt"
        raise SourceUnavailable(problem(part.path.parent, place, _ROOM))


def _in_time(web: Web, pieces: Iterator[bytes], name: str, until: float) -> Iterator[bytes]:
    for piece in pieces:
        yield piece
        if web.clock() > until:
            place = f"'{name}' is in {web.params.download_most_s / 3600:.1f} uur niet binnengekomen"
            raise SourceUnavailable(problem("download", place, "Een volgende run haalt de rest op"))


def _take(
    pieces: Iterator[bytes],
    wanted: Wanted,
    part: Part,
    extent: tuple[int, int | None],
    count: Callable[[str, int, int], None],
) -> None:
    """Write what comes; told is in whole megabytes, so that a log of progress has few lines."""
    size, total = extent
    reported = size
    with part.path.open("ab") as stream:
        for piece in pieces:
            if size == 0 and is_page(piece):
                raise Passing("gaf een webpagina (HTML) in plaats van een bestand")
            size += len(piece)
            if total is not None and size > total:
                stream.truncate(0)
                raise Passing("er komen meer bytes dan aangekondigd")
            stream.write(piece)
            if total and (size - reported >= _STEP or size == total):
                reported = size
                whole = -(-total // _STEP)
                count(f"{wanted.name} (MB)", whole if size == total else min(size // _STEP, whole - 1), whole)


def _verified(part: Part, stated: Mapping[str, Any], wanted: Wanted) -> Arrived:
    for algorithm, expected in stated.get("digests", {}).items():
        with part.path.open("rb") as stream:
            found = hashlib.file_digest(stream, algorithm).hexdigest()
        if found != expected:
            part.drop()
            raise Passing(f"controlegetal ({algorithm}) van '{wanted.name}' klopt niet")
    try:
        require_whole(part.path)
    except SourceUnavailable as error:
        part.drop()
        raise Passing(str(error).rstrip(".").split(". ")[0].replace(part.path.name, wanted.name)) from error
    except SourceChanged:
        part.drop()
        raise
    validators = {key: str(stated[key]) for key in ("etag", "last_modified") if stated.get(key)}
    return Arrived(part.path, wanted.name, part.size, validators)


def address_of(url: str) -> Callable[[], str]:
    """
    Give a fixed address in the form in which :class:`Wanted` wants it.

    Parameters
    ----------
    url
        The address.

    Returns
    -------
    address
        Gives it.
    """
    return lambda: url
