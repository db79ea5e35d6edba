"""
The night: fetch → read → build → check → release.

Every function here is one sentence of the night; the Prefect flow and the command line call the same ones.
"""

from __future__ import annotations

import logging
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from twentegeo.checks.finding import stopping
from twentegeo.checks.package import check_package
from twentegeo.checks.tables import check_tables
from twentegeo.errors import ReleaseError, SourceUnavailable, problem
from twentegeo.pipeline import layers as layer_assembly
from twentegeo.pipeline import manifest as told
from twentegeo.pipeline import registers as reading
from twentegeo.pipeline import stock as joining
from twentegeo.pipeline.registers import Registers, Snapshots
from twentegeo.publish import maps, styles
from twentegeo.publish import release as releasing
from twentegeo.publish.arrow import content_hash, published
from twentegeo.publish.dictionary import data_dictionary
from twentegeo.publish.edition import Edition
from twentegeo.publish.geopackage import read_back, write_geopackage
from twentegeo.sample import write_sample
from twentegeo.sources import bag, cadastre, cbs, corporations, ep_online
from twentegeo.store import Store, code_fingerprint, fingerprint, write_json
from twentegeo.tables.layers import MAP_LAYERS, PLAIN_TABLES
from twentegeo.tables.losses import gather

if TYPE_CHECKING:
    from twentegeo.checks.finding import Finding
    from twentegeo.pipeline.progress import Progress
    from twentegeo.pipeline.stages import Outcome, Stages
    from twentegeo.pipeline.stock import Stock
    from twentegeo.settings import Reference, Settings, Source

logger = logging.getLogger("twentegeo")

_PACKAGE = Path(__file__).parents[1]


@dataclass(frozen=True)
class Built:
    """
    What a night would publish.

    Attributes
    ----------
    layers
        Layer or table name to rows.
    facts
        What the manifest says.
    findings
        What the checks said of the tables.
    """

    layers: dict[str, pd.DataFrame]
    facts: dict[str, Any]
    findings: list[Finding]


def fetch(settings: Settings, progress: Progress) -> Snapshots:
    """
    Take in the deliveries that the settings name.

    A made-up region is generated first when its files are not there yet.

    Parameters
    ----------
    settings
        Where the files lie.
    progress
        Who is told.

    Returns
    -------
    snapshots
        Every delivery with its checksum.

    Raises
    ------
    SourceUnavailable
        A file is absent, empty or unreadable, or a source has no path.
    """
    if settings.sample:
        return _sample_snapshots(settings, progress)
    sources = settings.sources
    return Snapshots(
        bag=bag.fetch(_path(sources.bag, "bag")),
        parcels=cadastre.fetch(_path(sources.parcels, "parcels")),
        energy_labels=ep_online.fetch(_path(sources.energy_labels, "energy_labels")),
        neighbourhoods=cbs.fetch(_path(sources.neighbourhoods, "neighbourhoods")),
        ownership=tuple(corporations.fetch(_path(source, "ownership")) for source in sources.ownership),
    )


def read(settings: Settings, snapshots: Snapshots, stages: Stages, store: Store, progress: Progress) -> Registers:
    """
    Read every delivery into tables.

    Parameters
    ----------
    settings, snapshots
        The region and its deliveries.
    stages, store, progress
        Where outcomes are kept, and who is told.

    Returns
    -------
    registers
        One stage per register.
    """
    read_bag = reading.read_bag(settings, snapshots.bag, stages, store, progress)
    return Registers(
        bag=read_bag,
        parcels=reading.read_parcels(snapshots.parcels, read_bag, stages),
        energy_labels=reading.read_labels(snapshots.energy_labels, read_bag, stages),
        neighbourhoods=reading.read_neighbourhoods(settings, snapshots.neighbourhoods, stages),
        ownership=reading.read_ownership(snapshots.ownership, stages),
    )


def build(
    settings: Settings, reference: Reference, registers: Registers, snapshots: Snapshots, stages: Stages
) -> Built:
    """
    Join, score, draw areas, and judge the result.

    Parameters
    ----------
    settings, reference
        Parameters and figures.
    registers, snapshots
        What was read, and from what.
    stages
        Where outcomes are kept.

    Returns
    -------
    built
        Layers, facts and findings; nothing is written yet.
    """
    stock = joining.assemble(settings, reference, registers, stages)
    mapped, lost, summed = layer_assembly.map_layers(registers, stock, reference.energy, settings.areas)
    outcomes = (*registers.all(), *stock.all())
    losses = gather([*(outcome.losses for outcome in outcomes), lost])
    accounts = pd.concat([*(outcome.accounts for outcome in outcomes), summed], ignore_index=True)
    accounts = accounts.sort_values("koppeling", ignore_index=True)
    layers: dict[str, pd.DataFrame] = {
        **mapped,
        "bron": told.sources_table(snapshots, registers),
        "buurt_indicator": stock.dwellings.tables["cascade"],
        "data_woordenboek": data_dictionary((*MAP_LAYERS, *PLAIN_TABLES)),
        "koppeling": accounts,
        "koppelverlies": losses,
    }
    findings = check_tables(layers, MAP_LAYERS, accounts, settings.checks)
    facts = _facts(settings, registers, snapshots, stock, layers)
    return Built(layers, facts, findings)


def release_mark(settings: Settings, reference: Reference, snapshots: Snapshots) -> str:
    """
    Identify a night by everything that decides what it publishes.

    Parameters
    ----------
    settings, reference
        Parameters and figures.
    snapshots
        The deliveries.

    Returns
    -------
    mark
        Equal marks give equal content; the code of every room counts.
    """
    figures = reference.energy
    return fingerprint(
        told.settings_of(settings),
        [(snapshot.origin.name, snapshot.path.name, snapshot.sha256) for snapshot in snapshots.all()],
        [figures.class_score.to_dict(), figures.periods.to_csv(), figures.distribution.to_csv()],
        [path.read_text(encoding="utf-8") for path in sorted(reference.styles.glob("*.csv"))],
        code_fingerprint([_PACKAGE]),
    )


def stage(settings: Settings, reference: Reference, built: Built, store: Store, mark: str, progress: Progress) -> Path:
    """
    Write a release in the making, read it back and judge it.

    Parameters
    ----------
    settings, reference
        Name of the region, and class tables for legends.
    built
        What to write.
    store
        The outputs folder.
    mark
        What identifies the night; see :func:`release_mark`.
    progress
        Who is told.

    Returns
    -------
    folder
        The staged release.

    Raises
    ------
    ReleaseError
        The tables or the file did not pass a check, or the disk refused. Nothing was published.
    """
    _refuse(built.findings)
    run_id = releasing.new_run_id(store, datetime.now(tz=UTC))
    folder = releasing.open_staging(store, run_id)
    try:
        _write(folder, settings, reference, built, mark, progress)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise ReleaseError(
            problem(folder, releasing.reason(error), "Maak ruimte en draai opnieuw; de vorige release staat nog")
        ) from error
    return folder


def unchanged(store: Store, mark: str) -> str | None:
    """
    Tell whether the newest release already says what this night would.

    Parameters
    ----------
    store
        The outputs folder.
    mark
        What identifies the night.

    Returns
    -------
    run_id
        The release that stands for tonight too; None where a new one is needed.
    """
    newest = releasing.current(store)
    if newest is None:
        return None
    stated = releasing.manifest_of(newest)
    whole = all((newest / name).is_file() for name in stated.get("bestanden", ["?"]))
    return str(stated["run_id"]) if stated.get("kenmerk") == mark and whole else None


def _path(source: Source, name: str) -> Path:
    if source.path is None:
        raise SourceUnavailable(
            problem(
                f"bron '{name}'",
                "heeft geen pad en ophalen uit het register kan nog niet",
                f"Zet sources.{name}.path in de instellingen op een bestand van het register",
            )
        )
    return source.path


def _sample_snapshots(settings: Settings, progress: Progress) -> Snapshots:
    sample = settings.sample
    assert sample is not None  # noqa: S101 - the caller looked
    if not (sample.folder / "truth.json").is_file():
        progress.say(f"sample: generating a made-up region at scale {sample.scale:g}")
    files = write_sample(sample.folder, scale=sample.scale, seed=sample.seed)
    return Snapshots(
        bag=bag.fetch(files.bag),
        parcels=cadastre.fetch(files.parcels),
        energy_labels=ep_online.fetch(files.energy_labels),
        neighbourhoods=cbs.fetch(files.neighbourhoods),
        ownership=tuple(corporations.fetch(path) for path in files.ownership),
    )


def _refuse(findings: list[Finding]) -> None:
    serious = stopping(findings)
    if serious:
        more = f" (en nog {len(serious) - 1})" if len(serious) > 1 else ""
        raise ReleaseError(f"controle {serious[0].code}: {serious[0].message}{more}")


def _facts(
    settings: Settings,
    registers: Registers,
    snapshots: Snapshots,
    stock: Stock,
    layers: dict[str, pd.DataFrame],
) -> dict[str, Any]:
    outcomes: tuple[Outcome, ...] = (*registers.all(), *stock.all())
    reasons = layers["koppelverlies"].groupby(["koppeling", "zijde", "reden"]).size().rename("aantal").reset_index()
    return {
        "regio": settings.region.name,
        "peildatum": registers.peildatum.isoformat(),
        "opmerking": settings.notice,
        "instellingen": told.settings_of(settings),
        "versies": told.versions(),
        "bronnen": told.inputs_of(snapshots, registers),
        "koppelingen": layers["koppeling"].to_dict("records"),
        "koppelverlies": reasons.to_dict("records"),
        "woningen_gepland": len(stock.dwellings.tables["planned"]),
        "cbs_ontbrekend": registers.neighbourhoods.facts.get("ontbrekend", []),
        "stappen": {one.name: {"seconden": round(one.seconds, 2), "hergebruikt": one.reused} for one in outcomes},
    }


def _write(folder: Path, settings: Settings, reference: Reference, built: Built, mark: str, progress: Progress) -> None:
    run_id = folder.name
    peildatum = datetime.fromisoformat(built.facts["peildatum"]).date()
    edition = Edition(settings.region.name, peildatum, run_id, settings.notice)
    contracts = (*MAP_LAYERS, *PLAIN_TABLES)
    without_run = tuple(table for table in contracts if table.name in built.layers)
    ready: dict[str, Any] = {table.name: published(table, built.layers[table.name]) for table in without_run}
    hashed = content_hash(ready)
    left_out = [table.name for table in MAP_LAYERS if built.layers[table.name].empty]
    counts = {table.name: len(built.layers[table.name]) for table in without_run}
    layers = {
        **built.layers,
        "run": told.run_table(
            {
                "run_id": run_id,
                "regio": built.facts["regio"],
                "peildatum": built.facts["peildatum"],
                "opmerking": settings.notice or "",
                "inhoud_sha256": hashed,
                "weggelaten_lagen": left_out,
                "aantallen": counts,
                "instellingen": built.facts["instellingen"],
                "versies": built.facts["versies"],
            }
        ),
    }
    package = folder / f"{settings.slug}.gpkg"
    progress.say(f"write: {package.name}")
    classes = styles.load_classes(reference.styles)
    write_geopackage(
        package, {**ready, "run": layers["run"]}, edition=edition, styles=styles.layer_styles(classes, edition)
    )
    progress.say("check: reading the GeoPackage back")
    findings = [*built.findings, *check_package(read_back(package), {**counts, "run": None}, contracts)]
    _refuse(findings)
    (folder / "kaarten").mkdir()
    progress.say("map: kaarten/prioriteit.png")
    maps.overview_map(layers, folder / "kaarten" / "prioriteit.png", classes=classes, edition=edition)
    write_json(
        folder / "manifest.json",
        {
            "run_id": run_id,
            "kenmerk": mark,
            "inhoud_sha256": hashed,
            "gemaakt": datetime.now(tz=UTC).isoformat(timespec="seconds"),
            "lagen": counts,
            "weggelaten_lagen": left_out,
            "bevindingen": told.findings_of(findings),
            "bestanden": sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()),
            **built.facts,
        },
    )
