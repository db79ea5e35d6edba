"""Writing a release in the making, reading it back, and knowing whether tonight needs one at all."""

from __future__ import annotations

import shutil
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twentegeo.checks.finding import Refused, stopping
from twentegeo.checks.package import check_package
from twentegeo.checks.tables import check_tables
from twentegeo.errors import ReleaseError, problem
from twentegeo.pipeline import account
from twentegeo.pipeline import manifest as told
from twentegeo.publish import release as releasing
from twentegeo.publish import styles
from twentegeo.publish.arrow import content_hash, published
from twentegeo.publish.edition import Edition
from twentegeo.publish.geopackage import PackageWriter
from twentegeo.publish.package_reading import read_back, read_layer
from twentegeo.store import Store, code_fingerprint, fingerprint, write_json
from twentegeo.tables.layers import MAP_LAYERS, PLAIN_TABLES, PRIORITEITSGEBIED, RUN

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    import pyarrow as pa

    from twentegeo.checks.finding import Finding
    from twentegeo.figures import Reference
    from twentegeo.pipeline.night import Built
    from twentegeo.pipeline.progress import Progress
    from twentegeo.pipeline.registers import Snapshots
    from twentegeo.settings import Settings

_PACKAGE = Path(__file__).parents[1]
_ROOM_REMEDY = "Maak ruimte en draai opnieuw; de vorige release staat nog"
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
        Equal marks give equal content; the code of every room counts.
    """
    return fingerprint(
        told.settings_of(settings),
        [(asdict(one.origin), one.path.name, one.sha256, one.stale is not None) for one in snapshots.all()],
        reference.mark,
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
    run_id = releasing.new_run_id(store, datetime.now(tz=UTC))
    folder = releasing.open_staging(store, run_id)
    try:
        _write(folder, settings, reference, built, mark, progress)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise ReleaseError(problem(folder, releasing.reason(error), _ROOM_REMEDY)) from error
    except ReleaseError as error:
        # SQLite can leave an index unfinished on a full disk without saying so; the checks then see only the effect
        free = shutil.disk_usage(folder).free
        shutil.rmtree(folder, ignore_errors=True)
        if free < _FULL_BYTES:
            raise ReleaseError(problem(folder, f"de schijf is vol ({error})", _ROOM_REMEDY)) from error
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


def _write(folder: Path, settings: Settings, reference: Reference, built: Built, mark: str, progress: Progress) -> None:
    run_id = folder.name
    peildatum = datetime.fromisoformat(built.facts["peildatum"]).date()
    edition = Edition(settings.region.name, peildatum, run_id, settings.notice)
    contracts = (*MAP_LAYERS, *PLAIN_TABLES)
    without_run = tuple(table for table in contracts if table.name in built.layers)
    ready: dict[str, pa.Table] = {}
    counts = {table.name: len(built.layers[table.name]) for table in without_run}
    package = folder / f"{settings.slug}.gpkg"
    progress.say(f"write: {package.name}")
    classes = styles.load_classes(reference.styles)
    with PackageWriter(package, edition) as writer:
        for table in without_run:
            ready[table.name] = published(table, built.layers[table.name])
            writer.add(table, ready[table.name])
        hashed, left_out = content_hash(ready), list(writer.left_out)
        layers = {**built.layers, "run": _run_table(run_id, settings, built, hashed, left_out, counts)}
        writer.add(RUN, published(RUN, layers["run"]))
        # judged while GDAL writes: a release in the making that does not pass is thrown away
        judged = check_tables(built.layers, MAP_LAYERS, built.layers["koppeling"], settings.checks)
        findings = [*judged, *built.findings]
        _refuse(findings)
        # loaded while GDAL writes too; a night that changes nothing need not wait for matplotlib and rasterio
        from twentegeo.pipeline import map_book, page  # noqa: PLC0415
        from twentegeo.publish import raster  # noqa: PLC0415
        from twentegeo.publish.project import write_project  # noqa: PLC0415

        writer.finish(styles.all_styles(classes, edition))
    stated: dict[str, Any] = {
        "run_id": run_id,
        "kenmerk": mark,
        "inhoud_sha256": hashed,
        "gemaakt": datetime.now(tz=UTC).isoformat(timespec="seconds"),
        "lagen": counts,
        "weggelaten_lagen": left_out,
        **built.facts,
    }
    account.embed_metadata(package, stated, settings)
    if settings.products.project:
        progress.say(f"project: {write_project(package, classes=classes, edition=edition).name}")
    progress.say("check: reading the GeoPackage back")
    findings += check_package(read_back(package), {**counts, "run": None}, contracts)
    _refuse(findings)
    progress.say(f"maps: {map_book.FOLDER}/")
    if settings.products.maps:
        map_book.write_book(package, folder / map_book.FOLDER, edition, settings, reference, progress)
    else:
        map_book.write_picture(package, folder / map_book.FOLDER, edition, settings, reference)
    raster.write_rasters(folder / "raster", layers["hectare"].set_index("cel_id"), edition)
    if settings.products.site:
        progress.say(f"page: {page.FOLDER}/")
        before = releasing.predecessor(Store(settings.outputs), run_id, built.facts)
        page.write_page(
            package, folder / page.FOLDER, edition=edition, settings=settings, reference=reference, before=before
        )
    stated |= {"bevindingen": told.findings_of(findings)}
    progress.say("report: rapport.html, metadata/")
    stated |= account.give_account(folder, stated, layers, settings, reference)
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    write_json(folder / "manifest.json", {**stated, "bestanden": files})
