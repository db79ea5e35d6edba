"""
What a release says of itself, typed.

``manifest.json`` is plain JSON. Here it becomes what the report and the metadata are written from, so that they never
look a key up themselves. What an older manifest lacks is empty, not an error: a report is about what ran then.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from twentegeo.publish.edition import Edition

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Source:
    """
    One delivery that was read.

    Attributes
    ----------
    name, title
        Short name (``bag``, ``parcels``, …) and the Dutch one for people.
    file, sha256, size_bytes
        What was read.
    publisher, licence
        Who publishes it and under what terms, in Dutch.
    date
        Date that the delivery refers to; None where unknown.
    retrieved
        When it came in; None where unknown.
    url
        Where it came from; None for a file that the user put there.
    counts
        What the reader counted, by Dutch name.
    """

    name: str
    title: str
    file: str
    sha256: str
    size_bytes: int
    publisher: str
    licence: str
    date: dt.date | None = None
    retrieved: dt.datetime | None = None
    url: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def attribution(self) -> str:
        """The line that names this source on whatever was made from it."""
        when = f", {self.date:%d-%m-%Y}" if self.date else ""
        return f"{self.title}: © {self.publisher}{when} ({self.licence})"


@dataclass(frozen=True, slots=True)
class Join:
    """One join: rows on either side, left rows that found a match, their share (%) and what was joined."""

    name: str
    left: int
    right: int
    matched: int
    share: float | None
    description: str


@dataclass(frozen=True, slots=True)
class Loss:
    """Rows that a join lost for one reason, and what the reader can do about it."""

    join: str
    side: str
    reason: str
    count: int
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Noticed:
    """What a check noticed: code, severity (``stop`` or ``waarschuwing``) and a line of Dutch."""

    code: str
    severity: str
    message: str


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the night: how long it took, and whether it was reused from an earlier night."""

    name: str
    seconds: float
    reused: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """
    A manifest.

    Attributes
    ----------
    edition
        Region, date, run and notice.
    made
        When it was finished; None for a release in the making.
    content
        Hash of what the layers say.
    counts
        Rows by layer or table.
    left_out
        Map layers without a row.
    sources, joins, losses, findings, steps
        What was read, matched, lost, noticed and done.
    planned
        Dwellings that are planned and not in the stock.
    missing_figures
        CBS indicators that the delivery does not hold, as pairs of layer (``buurt``, ``wijk``, …) and column.
    skipped
        What was left out, by stage: a few Dutch words each.
    settings, versions
        What steered the run, and what computed it.
    files
        Paths of the files, relative to the release.
    facts
        Everything else, as it stands in the manifest.
    """

    edition: Edition
    made: dt.datetime | None
    content: str
    counts: Mapping[str, int]
    left_out: tuple[str, ...]
    sources: tuple[Source, ...]
    joins: tuple[Join, ...]
    losses: tuple[Loss, ...]
    findings: tuple[Noticed, ...]
    steps: tuple[Step, ...]
    planned: int | None
    missing_figures: tuple[tuple[str, str], ...]
    skipped: Mapping[str, Sequence[str]]
    settings: Mapping[str, Any]
    versions: Mapping[str, str]
    files: tuple[str, ...]
    facts: Mapping[str, Any]

    def rows(self, layer: str) -> int | None:
        """
        Count the rows of a layer.

        Parameters
        ----------
        layer
            Name of a layer or table.

        Returns
        -------
        rows
            None where the manifest does not say.
        """
        return self.counts.get(layer)


def statement_of(manifest: Mapping[str, Any]) -> Statement:
    """
    Read a manifest.

    Parameters
    ----------
    manifest
        What ``manifest.json`` holds, or is about to hold.

    Returns
    -------
    statement
        The same, typed.

    Raises
    ------
    KeyError
        Region, date or run is absent: this is no manifest.
    """
    edition = Edition(
        region=manifest["regio"],
        peildatum=dt.date.fromisoformat(manifest["peildatum"]),
        run_id=manifest["run_id"],
        notice=manifest.get("opmerking") or None,
    )
    return Statement(
        edition=edition,
        made=_moment(manifest.get("gemaakt")),
        content=manifest.get("inhoud_sha256", ""),
        counts=manifest.get("lagen", {}),
        left_out=tuple(manifest.get("weggelaten_lagen", ())),
        sources=tuple(_source(one) for one in manifest.get("bronnen", ())),
        joins=tuple(_join(one) for one in manifest.get("koppelingen", ())),
        losses=tuple(_loss(one) for one in manifest.get("koppelverlies", ())),
        findings=tuple(Noticed(one["code"], one["ernst"], one["melding"]) for one in manifest.get("bevindingen", ())),
        steps=tuple(
            Step(name, float(one["seconden"]), bool(one["hergebruikt"]))
            for name, one in manifest.get("stappen", {}).items()
        ),
        planned=manifest.get("woningen_gepland"),
        missing_figures=tuple((layer, column) for layer, column in manifest.get("cbs_ontbrekend", ())),
        skipped=manifest.get("weggelaten_onderdelen", {}),
        settings=manifest.get("instellingen", {}),
        versions=manifest.get("versies", {}),
        files=tuple(manifest.get("bestanden", ())),
        facts=manifest,
    )


def _source(one: Mapping[str, Any]) -> Source:
    day = one.get("bron_datum")
    return Source(
        name=one["bron"],
        title=one.get("titel") or one["bron"],
        file=one["bestand"],
        sha256=one["sha256"],
        size_bytes=int(one["bytes"]),
        publisher=one["bronhouder"],
        licence=one["licentie"],
        date=dt.date.fromisoformat(day) if day else None,
        retrieved=_moment(one.get("opgehaald")),
        url=one.get("url"),
        counts=one.get("tellingen", {}),
    )


def _join(one: Mapping[str, Any]) -> Join:
    share = one.get("dekking")
    return Join(
        one["koppeling"],
        int(one["n_links"]),
        int(one["n_rechts"]),
        int(one["n_gekoppeld"]),
        # JSON as Python writes it may hold NaN
        None if share is None or math.isnan(share) else float(share),
        one.get("omschrijving", ""),
    )


def _loss(one: Mapping[str, Any]) -> Loss:
    return Loss(one["koppeling"], one["zijde"], one["reden"], int(one["aantal"]), one.get("advies", ""))


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None
