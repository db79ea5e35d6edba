"""
Where files lie under `outputs/`, what identifies their content, and how they are written without harm.

Nothing else in the house knows a path below the outputs folder.

::

    outputs/
    ├── snapshots/   deliveries that were fetched, by checksum, and the ledger of what was used when
    ├── tables/      GeoParquet between rooms, by fingerprint
    ├── staging/     a release in the making
    ├── releases/    <run_id>/ finished releases
    ├── exports/     <run_id>/ layers in other forms, when asked for
    ├── latest       → releases/<run_id> of the newest good one
    ├── latest.json  the same, for systems without symlinks
    ├── validatie.json       how good the estimate of labels last turned out
    ├── laatste_run.json     what the last night did, also when it was red
    ├── laatste_run.html     the same as a page for the operator
    ├── vastgehouden.json    stands while the operator keeps `latest` where it is
    └── logboek.jsonl        what was published, taken back, accepted and removed, a line each
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from twentegeo.errors import ReleaseError, problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_POLL_S: Final = 0.5
"""How often a waiting run looks whether the other is done, seconds."""


@dataclass(frozen=True, slots=True)
class Store:
    """
    The outputs folder.

    Attributes
    ----------
    root
        The folder itself; made when first written to.
    """

    root: Path

    @property
    def snapshots(self) -> Path:
        """Folder of what was fetched, and of the ledger of checksums."""
        return self.root / "snapshots"

    @property
    def tables(self) -> Path:
        """Folder of tables that pass between rooms."""
        return self.root / "tables"

    @property
    def staging(self) -> Path:
        """Folder in which a release is made."""
        return self.root / "staging"

    @property
    def releases(self) -> Path:
        """Folder of finished releases."""
        return self.root / "releases"

    @property
    def exports(self) -> Path:
        """Folder of releases in other forms."""
        return self.root / "exports"

    @property
    def latest(self) -> Path:
        """Symlink to the newest good release."""
        return self.root / "latest"

    @property
    def latest_pointer(self) -> Path:
        """The same as a file, for systems without symlinks."""
        return self.root / "latest.json"

    @property
    def last_run(self) -> Path:
        """What the last night did, also when it was red."""
        return self.root / "laatste_run.json"

    @property
    def validation(self) -> Path:
        """How good the estimate of labels turned out when it was last put to the test."""
        return self.root / "validatie.json"

    @property
    def hold(self) -> Path:
        """Stands while the operator keeps ``latest`` where it is; see :mod:`twentegeo.publish.rollback`."""
        return self.root / "vastgehouden.json"

    @property
    def logbook(self) -> Path:
        """What was published, taken back, accepted and removed, one JSON object a line."""
        return self.root / "logboek.jsonl"

    @property
    def lock(self) -> Path:
        """Held by the run that is busy in this folder."""
        return self.root / ".run.lock"


def sha256_of(path: Path) -> str:
    """
    Checksum a file.

    Parameters
    ----------
    path
        An existing file.

    Returns
    -------
    sha256
        64 hexadecimal digits.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def fingerprint(*parts: object) -> str:
    """
    Identify a computation by what goes into it.

    Parameters
    ----------
    parts
        Texts, numbers, dates, and dicts, lists or tuples of those; their order counts.

    Returns
    -------
    fingerprint
        32 hexadecimal digits, the same on every machine.
    """
    text = json.dumps(parts, sort_keys=True, default=str, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def code_fingerprint(folders: Iterable[Path]) -> str:
    """
    Identify the code of some rooms, so that a change of code is a change of input.

    Parameters
    ----------
    folders
        Folders or single modules; every ``.py`` below counts.

    Returns
    -------
    fingerprint
        32 hexadecimal digits.
    """
    digest = hashlib.sha256()
    for folder in sorted(folders):
        files = [folder] if folder.is_file() else sorted(folder.rglob("*.py"))
        for file in files:
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:32]


def write_atomic(path: Path, data: bytes) -> None:
    """
    Write a file so that a reader sees the old content or the new, never half of it.

    Parameters
    ----------
    path
        Where to; its folder is made when absent.
    data
        The whole content.

    Raises
    ------
    OSError
        The disk is full or may not be written; what stood there is untouched.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_json(path: Path, value: Any) -> None:
    """
    Write a value as JSON, atomically.

    Parameters
    ----------
    path
        Where to.
    value
        Anything JSON can hold; dates and paths are written as text.
    """
    text = json.dumps(value, indent=2, ensure_ascii=False, default=str)
    write_atomic(path, (text + "\n").encode())


def append_line(path: Path, value: Mapping[str, Any]) -> None:
    """
    Add a line to a file of JSON lines, and see it to the disk.

    Parameters
    ----------
    path
        The file; made when absent. What a crash left half-written on its last line stays there as a line of its own.
    value
        What the line says.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(value, ensure_ascii=False, default=str) + "\n"
    with path.open("ab+") as stream:
        if stream.tell():
            stream.seek(-1, os.SEEK_END)
            if stream.read(1) != b"\n":
                line = "\n" + line
        stream.write(line.encode())
        stream.flush()
        os.fsync(stream.fileno())


def lines_of(path: Path) -> list[dict[str, Any]]:
    """
    Read a file of JSON lines.

    Parameters
    ----------
    path
        The file; may be absent.

    Returns
    -------
    lines
        In order; a line that a crash cut short is left out.
    """
    if not path.is_file():
        return []
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


@contextmanager
def only_run(store: Store, wait_s: float = 0.0) -> Iterator[None]:
    """
    Hold the outputs folder for one run.

    The lock belongs to the process, so a crash or a kill releases it.

    Parameters
    ----------
    store
        The outputs folder.
    wait_s
        How long to wait for another run to end, seconds.

    Raises
    ------
    ReleaseError
        Another run is still busy in this folder.
    """
    # one process of a night holds the folder; the others need not load this
    from filelock import FileLock, Timeout  # noqa: PLC0415

    store.root.mkdir(parents=True, exist_ok=True)
    lock = FileLock(store.lock, thread_local=False)
    try:
        lock.acquire(timeout=wait_s, poll_interval=_POLL_S)
    except Timeout as error:
        raise ReleaseError(
            problem(store.root, "een andere run is hier bezig", "Wacht tot die klaar is of kies een andere map")
        ) from error
    try:
        yield
    finally:
        lock.release()


def sync_folder(folder: Path) -> None:
    """
    Make sure that the names in a folder survive a power cut.

    Parameters
    ----------
    folder
        An existing folder. Nothing happens where the system cannot open folders (Windows).
    """
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
