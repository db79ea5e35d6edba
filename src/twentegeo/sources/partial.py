"""Part of a file that is coming in: what is there, what it is a part of, and how to ask for the rest."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass
class Part:
    """
    What came in so far, and the note beside it.

    Attributes
    ----------
    path
        The bytes.
    """

    path: Path

    @property
    def note(self) -> Path:
        """What it is a part of: ``etag``, ``last_modified``, ``length``, ``digests`` of the whole."""
        return self.path.with_suffix(".json")

    @property
    def size(self) -> int:
        """Bytes that came in."""
        return self.path.stat().st_size if self.path.is_file() else 0

    def stated(self) -> dict[str, Any]:
        """Read the note; empty where there is none or it is damaged."""
        try:
            found = json.loads(self.note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def drop(self) -> None:
        """Begin anew."""
        self.path.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)


def guard(stated: Mapping[str, Any]) -> str | None:
    """
    Tell what proves that a part is of the same file.

    Parameters
    ----------
    stated
        The note.

    Returns
    -------
    guard
        A strong ETag, else a date; None where the service gave neither.
    """
    etag = stated.get("etag")
    if etag and not etag.startswith("W/"):
        return str(etag)
    return stated.get("last_modified") or None


def digests(headers: Mapping[str, str]) -> dict[str, str]:
    """
    Read the checksums of the whole file that a service gives.

    Parameters
    ----------
    headers
        Of an answer that holds the file from its first byte.

    Returns
    -------
    digests
        Hexadecimal digits by algorithm; what cannot be understood is left out.
    """
    given = {"md5": headers.get("content-md5") or headers.get("x-ms-blob-content-md5") or ""}
    for name in ("repr-digest", "digest"):
        for algorithm, value in re.findall(
            r"(sha-256|sha-512)\s*=\s*:?([A-Za-z0-9+/=]+)", headers.get(name, ""), re.IGNORECASE
        ):
            given[algorithm.lower().replace("-", "")] = value
    found = {}
    for algorithm, value in given.items():
        try:
            found[algorithm] = base64.b64decode(value, validate=True).hex()
        except ValueError:
            continue
    return {algorithm: digits for algorithm, digits in found.items() if digits}
