"""The ledger of deliveries: what was fetched, confirmed, used, refused and removed, and when."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ledger:
    """
    A file with a JSON object per line, oldest first.

    Attributes
    ----------
    path
        ``outputs/snapshots/logboek.jsonl``; made when first written to.
    """

    path: Path

    def record(self, now: datetime, what: str, name: str, sha256: str | None = None, **more: Any) -> None:
        """
        Add a line to the ledger.

        Parameters
        ----------
        now
            The moment, UTC.
        what
            ``opgehaald``, ``ongewijzigd``, ``gebruikt``, ``mislukt``, ``afgekeurd`` or ``opgeruimd``.
        name, sha256
            Slot or file, and delivery.
        more
            What else is worth knowing; no key, no signed address.
        """
        entry = {
            "moment": now.isoformat(timespec="seconds"),
            "gebeurtenis": what,
            "plaats": name,
            "sha256": sha256,
            **more,
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps(entry, ensure_ascii=False, default=str) + "\n"
        # a line that a power cut left half must not swallow the next one
        torn = self.path.is_file() and self.path.stat().st_size > 0 and not _ends_line(self.path)
        with self.path.open("a", encoding="utf-8") as stream:
            stream.write("\n" + line if torn else line)

    def entries(self) -> list[dict[str, Any]]:
        """Read the ledger, oldest first; lines that cannot be read are left out."""
        if not self.path.is_file():
            return []
        found = []
        for line in self.path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                found.append(json.loads(line))
            except ValueError:
                continue
        return found

    def shorten(self, days: int, now: datetime) -> None:
        """
        Let old lines go.

        Parameters
        ----------
        days
            Age above which a line goes.
        now
            The moment, UTC.
        """
        oldest = (now - timedelta(days=days)).isoformat(timespec="seconds")
        entries = self.entries()
        if entries and entries[0]["moment"] < oldest:
            kept = [json.dumps(one, ensure_ascii=False) for one in entries if one["moment"] >= oldest]
            temporary = self.path.with_suffix(".new")
            temporary.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")
            temporary.replace(self.path)


def _ends_line(path: Path) -> bool:
    with path.open("rb") as stream:
        stream.seek(-1, os.SEEK_END)
        return stream.read(1) == b"\n"
