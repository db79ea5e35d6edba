"""Writing a release in the making, reading it back, and knowing whether tonight needs one at all."""

from __future__ import annotations

import shutil
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from twentegeo.checks.finding import Refused, stopping
from twentegeo.checks.package import check_package
from twentegeo.checks.tables import check_tables
from twentegeo.errors import ReleaseError, problem
from twentegeo.pipeline import account, program
from twentegeo.pipeline import manifest as told
from twentegeo.pipeline.ahead import DRAW, LAY, SURFACES
from twentegeo.pipeline.draft import ROOM_REMEDY, rows_home
from twentegeo.pipeline.showing import show
from twentegeo.publish import last_rows, sealing, styles, workplace
from twentegeo.publish import release as releasing
from twentegeo.publish.package_reading import read_back, read_layer
from twentegeo.publish.renewal import Base
from twentegeo.store import Store, fingerprint, write_json
from twentegeo.tables.layers import MAP_LAYERS, PLAIN_TABLES, PRIORITEITSGEBIED, RUN

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from twentegeo.checks.finding import Finding
    from twentegeo.figures import Reference
    from twentegeo.pipeline.draft import Draft
    from twentegeo.pipeline.night import Built
    from twentegeo.pipeline.registers import Snapshots
    from twentegeo.pipeline.stages import Stages
    from twentegeo.settings import Settings

_FULL_BYTES = 10_000_000
"""Less free space than this, in bytes, makes a failed write the disk's doing: a layer is written in larger pieces."""


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
        Equal marks give equal content; the code of every room counts, and the libraries that it is built on.
    """
    return fingerprint(
        told.settings_of(settings),
        [(asdict(one.origin), one.path.name, one.sha256, one.stale is not None) for one in snapshots.all()],
        reference.mark,
        program.mark(),
    )


def stage(draft: Draft, settings: Settings, reference: Reference, built: Built, mark: str, stages: Stages) -> Path:
    """
    Complete a release in the making, read it back and judge it.

    Parameters
    ----------
    draft
        Its folder, and the layers that are written or being written.
    settings, reference
        How to draw, and class tables for legends.
    built
        What to write.
    mark
        What identifies the night; see :func:`release_mark`.
    stages
        Who is told, and who can draw beside this.

    Returns
    -------
    folder
        The staged release.

    Raises
    ------
    ReleaseError
        The tables or the file did not pass a check, or the disk refused. Nothing was published.
    """
    folder = draft.folder
    try:
        _write(draft, settings, reference, built, mark, stages)
        workplace.clear_staging(Store(settings.outputs), folder)
    except OSError as error:
        raise ReleaseError(problem(folder, releasing.reason(error), ROOM_REMEDY)) from error
    except ReleaseError as error:
        # SQLite can leave an index unfinished on a full disk without saying so; the checks then see only the effect
        if shutil.disk_usage(folder).free < _FULL_BYTES:
            raise ReleaseError(problem(folder, f"de schijf is vol ({error})", ROOM_REMEDY)) from error
        raise
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


def previous_areas(settings: Settings, store: Store) -> gpd.GeoDataFrame | None:
    """
    Read the priority areas of the release that stands, so that those of tonight can keep their ids.

    Parameters
    ----------
    settings
        Name of the region.
    store
        The outputs folder.

    Returns
    -------
    areas
        ``gebied_id`` and polygons in RD New; None where there is no release of this region or it showed no areas.
    """
    newest = releasing.current(store)
    package = newest / f"{settings.slug}.gpkg" if newest else None
    if package is None or not package.is_file():
        return None
    return read_layer(package, PRIORITEITSGEBIED.name, ("gebied_id",))


def base_of(settings: Settings, store: Store) -> Base | None:
    """
    Find the package that tonight's can start from.

    Parameters
    ----------
    settings
        Name of the region.
    store
        The outputs folder.

    Returns
    -------
    base
        Of the release that stands; None where there is none, another program made it, it has no checksum, somebody is
        writing in it, or its rows were not kept.
    """
    newest = releasing.current(store)
    stated = releasing.manifest_of(newest) if newest else {}
    if newest is None or stated.get("programma") != program.mark():
        return None
    package = newest / f"{settings.slug}.gpkg"
    try:
        sealing.refuse_unfinished(newest)
    except ReleaseError:
        return None
    checksum = stated.get(account.CHECKSUM)
    digests = stated["vingerafdrukken"]
    rows = last_rows.find(rows_home(store), digests)
    return Base(package, checksum, digests, rows) if checksum is not None and rows else None


def _refuse(findings: list[Finding]) -> None:
    if stopping(findings):
        raise Refused(findings)


def _run_table(
    run_id: str, settings: Settings, built: Built, hashed: str, left_out: list[str], counts: dict[str, int]
) -> pd.DataFrame:
    return told.run_table(
        {
            "run_id": run_id,
            "regio": built.facts["regio"],
            "peildatum": built.facts["peildatum"],
            "opmerking": settings.notice or "",
            "inhoud_sha256": hashed,
            "weggelaten_lagen": left_out,
            "vergeleken_met": built.facts["vorige_release"] or "",
            "wijziging_weggelaten": built.facts.get("wijziging_weggelaten", ""),
            "weggelaten_onderdelen": built.facts["weggelaten_onderdelen"],
            "aantallen": counts,
            "instellingen": built.facts["instellingen"],
            "versies": built.facts["versies"],
        }
    )


def _write(draft: Draft, settings: Settings, reference: Reference, built: Built, mark: str, stages: Stages) -> None:
    folder, package, edition, progress = draft.folder, draft.package, draft.edition, stages.progress
    run_id = folder.name
    contracts = (*MAP_LAYERS, *PLAIN_TABLES)
    without_run = tuple(table for table in contracts if table.name in built.layers)
    counts = {table.name: len(built.layers[table.name]) for table in without_run}
    # those that were handed over before the comparison are being written already, and stay as they are
    for table in without_run:
        draft.add(table, built.layers[table.name])
    hashed, left_out = draft.content_hash, draft.left_out
    layers = {**built.layers, "run": _run_table(run_id, settings, built, hashed, left_out, counts)}
    draft.add(RUN, layers["run"])
    # a night that changes nothing need not wait for it
    from twentegeo.publish.project import drawn_up, put_project  # noqa: PLC0415

    # judged while the last layers are written: a release in the making that does not pass is thrown away
    accounts = built.layers["koppeling"]
    findings = check_tables(built.layers, MAP_LAYERS, accounts, settings.checks, draft.judged)
    findings += built.findings
    _refuse(findings)
    draft.complete()
    classes = styles.load_classes(reference.styles)
    picture = not settings.products.maps
    # many may read now, and two do side by side; nobody writes before both have done
    laid = [stages.begin(LAY, package, edition, classes, settings.maps)] if picture else []
    looks = styles.all_styles(classes, edition)
    project = drawn_up(package, classes=classes, edition=edition) if settings.products.project else None
    for one in laid:
        one.result()
    # neither looks at the package
    progress.say("surfaces: raster/")
    made = [stages.begin(SURFACES, folder / "raster", layers["hectare"].set_index("cel_id"), edition)]
    if picture:
        progress.say(f"maps: {workplace.MAPS}/")
        made.append(stages.begin(DRAW, package, folder / workplace.MAPS))
    draft.finish(looks)
    stated: dict[str, Any] = {
        "run_id": run_id,
        "kenmerk": mark,
        "inhoud_sha256": hashed,
        "programma": program.mark(),
        "vingerafdrukken": draft.digests,
        "gemaakt": datetime.now(tz=UTC).isoformat(timespec="seconds"),
        "lagen": counts,
        "weggelaten_lagen": left_out,
        **built.facts,
    }
    account.embed_metadata(package, stated, settings)
    if project is not None:
        progress.say(f"project: {put_project(package, project, edition).name}")
    # from here on nobody writes in the package any more
    progress.say("check: reading the GeoPackage back")
    findings += check_package(read_back(package), {**counts, "run": None}, contracts)
    _refuse(findings)
    show(draft, settings, reference, built, stages)
    stated |= {"bevindingen": told.findings_of(findings)}
    progress.say("report: rapport.html, metadata/")
    stated |= account.give_account(folder, stated, layers, settings, reference, [one.result for one in made])
    there = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    files = sorted(name for name in there if name != sealing.SUMS)
    write_json(folder / workplace.MANIFEST, {**stated, "bestanden": files})
