"""What a release says of itself: `manifest.json`, and the tables `bron` and `run` inside the GeoPackage."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from twentegeo.tables.contract import conform
from twentegeo.tables.layers import BRON, MAP_LAYERS, RUN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from twentegeo.checks.finding import Finding
    from twentegeo.pipeline.registers import Registers, Snapshots
    from twentegeo.settings import Settings
    from twentegeo.sources.snapshot import Snapshot


def sources_table(snapshots: Snapshots, registers: Registers) -> pd.DataFrame:
    """
    List what was read, for the layer `bron`.

    Parameters
    ----------
    snapshots
        The deliveries.
    registers
        What the readers gave.

    Returns
    -------
    bron
        A table that keeps to ``BRON``.
    """
    rows = [
        {
            "bron": snapshot.origin.title,
            "bestand": snapshot.path.name,
            "bronhouder": snapshot.origin.publisher,
            "licentie": snapshot.origin.licence,
            "bron_datum": _date_of(snapshot, snapshots, registers),
            "aantal_rijen": None if snapshot in snapshots.additions else _rows_of(snapshot.origin.name, registers),
            "omvang_bytes": snapshot.size_bytes,
            "sha256": snapshot.sha256,
            "verouderd": snapshot.stale is not None,
        }
        for snapshot in snapshots.all()
    ]
    return conform(BRON, pd.DataFrame(rows))


def run_table(facts: Mapping[str, Any]) -> pd.DataFrame:
    """
    Put properties of the run in rows, for the table `run`.

    Parameters
    ----------
    facts
        Property to value; values that are not text are written as JSON.

    Returns
    -------
    run
        A table that keeps to ``RUN``.
    """
    texts = {
        key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
        for key, value in facts.items()
    }
    return conform(RUN, pd.DataFrame({"sleutel": list(texts), "inhoud": list(texts.values())}))


def inputs_of(snapshots: Snapshots, registers: Registers) -> list[dict[str, Any]]:
    """
    List what was read, for the manifest.

    Parameters
    ----------
    snapshots, registers
        The deliveries and what the readers gave.

    Returns
    -------
    inputs
        One entry per file, with checksum, licence, counts.
    """
    outcome = {
        "bag": registers.bag,
        "parcels": registers.parcels,
        "energy_labels": registers.energy_labels,
        "neighbourhoods": registers.neighbourhoods,
        "ownership": registers.ownership,
        "prognosis": registers.prognosis,
    }

    def counts_of(snapshot: Snapshot) -> dict[str, Any]:
        if snapshot in snapshots.additions:
            return {}
        return dict(outcome[snapshot.origin.name].facts.get("counts", {}))

    return [
        {
            "bron": snapshot.origin.name,
            "titel": snapshot.origin.title,
            "bestand": snapshot.path.name,
            "sha256": snapshot.sha256,
            "bytes": snapshot.size_bytes,
            "bronhouder": snapshot.origin.publisher,
            "licentie": snapshot.origin.licence,
            "opgehaald": snapshot.retrieved_at.isoformat(),
            "url": snapshot.url,
            "bron_datum": _text_date(_date_of(snapshot, snapshots, registers)),
            "tellingen": counts_of(snapshot),
            "verouderd": snapshot.stale,
            "niet_ververst": snapshot.trouble,
            "levering_datum": snapshot.release_date.isoformat() if snapshot.release_date else None,
            "herkomst": dict(snapshot.facts),
        }
        for snapshot in snapshots.all()
    ]


def settings_of(settings: Settings) -> dict[str, Any]:
    """
    Tell the settings without machine paths.

    Parameters
    ----------
    settings
        The settings of the run.

    Returns
    -------
    told
        Everything that steers the result; paths are named under the inputs by file name only.
    """
    left_out: Any = {
        "sources": True,
        "outputs": True,
        "workers": True,
        "sample": {"folder": True, "mutations": True},
        "http": True,
        "snapshots": True,
        "changes": True,
        "drift": True,
        "notify": True,
        "retention": True,
        "overlap": {"threads": True, "chunk_size": True},
    }
    return settings.model_dump(mode="json", exclude=left_out)


def findings_of(findings: Sequence[Finding]) -> list[dict[str, str]]:
    """
    Put findings in JSON.

    Parameters
    ----------
    findings
        What the checks said.

    Returns
    -------
    findings
        Code, severity and message of each.
    """
    return [{"code": one.code, "ernst": one.severity, "melding": one.message} for one in findings]


LAYERS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "bag": tuple(table.name for table in MAP_LAYERS),
    "parcels": ("perceel",),
    "energy_labels": tuple(table.name for table in MAP_LAYERS),
    "neighbourhoods": ("gemeente", "wijk", "buurt", "buurt_indicator"),
    "ownership": (),
}
"""Layers whose rows or figures rest on a register."""


def stale_of(snapshots: Snapshots) -> list[dict[str, Any]]:
    """
    List what is too old, and which layers rest on it.

    Parameters
    ----------
    snapshots
        The deliveries.

    Returns
    -------
    stale
        One entry per delivery that is too old; none on a good night.
    """
    return [
        {"bron": one.origin.title, "reden": one.stale, "lagen": list(LAYERS_OF[one.origin.name])}
        for one in snapshots.all()
        if one.stale
    ]


def _date_of(snapshot: Snapshot, snapshots: Snapshots, registers: Registers) -> pd.Timestamp | None:
    name = snapshot.origin.name
    if snapshot in snapshots.additions:
        return pd.Timestamp(snapshot.release_date) if snapshot.release_date else None
    if name == "bag":
        return pd.Timestamp(registers.peildatum)
    if name == "energy_labels" and (published := registers.energy_labels.facts.get("publicatiedatum")):
        return pd.Timestamp(published)
    if name == "neighbourhoods" and (year := registers.neighbourhoods.facts.get("jaar")):
        return pd.Timestamp(year=int(year), month=1, day=1)
    return None


def _text_date(moment: pd.Timestamp | None) -> str | None:
    return None if moment is None else moment.date().isoformat()


def _rows_of(name: str, registers: Registers) -> int | None:
    table = {
        "bag": (registers.bag, "verblijfsobject"),
        "parcels": (registers.parcels, "perceel"),
        "energy_labels": (registers.energy_labels, "energielabel"),
        "neighbourhoods": (registers.neighbourhoods, "buurt"),
        "prognosis": (registers.prognosis, "prognose"),
    }
    if name not in table:
        return None
    outcome, rows = table[name]
    return outcome.tables.rows(rows)
