"""
A release's account of itself: metadata inside the GeoPackage and beside it, and the report.

Both are part of every release. They are written from the manifest in the making and from the layers, after the checks
and before the manifest itself.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

from twentegeo.publish import release as releasing
from twentegeo.publish import sealing
from twentegeo.publish.classes import load_classes
from twentegeo.publish.metadata.about import About, about
from twentegeo.publish.metadata.dcat import File, dcat, is_distribution
from twentegeo.publish.metadata.embed import embed, extents_of
from twentegeo.publish.metadata.iso import iso_xml
from twentegeo.publish.statement import statement_of
from twentegeo.publish.sums import sums_of
from twentegeo.store import Store, sha256_of, write_atomic, write_json
from twentegeo.tables import layers as contracts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from twentegeo.figures import Reference
    from twentegeo.settings import Settings

CHECKSUM: Final = "pakket_crc32"
"""Key in the manifest: checksum of the GeoPackage, for the night that starts from it."""

METADATA: Final = "metadata"
"""Folder of a release for what catalogues harvest."""


def embed_metadata(package: Path, stated: Mapping[str, Any], settings: Settings) -> None:
    """
    Put metadata in the GeoPackage of a release in the making.

    Parameters
    ----------
    package
        The GeoPackage, written and closed.
    stated
        The manifest as far as it is known.
    settings
        Who answers for the release.

    Raises
    ------
    ReleaseError
        The file refused.
    """
    told = _about(package, stated, settings)
    embed(package, told, told.edition.timestamp, url=_download(settings))


def give_account(
    folder: Path,
    stated: Mapping[str, Any],
    layers: Mapping[str, pd.DataFrame],
    settings: Settings,
    reference: Reference,
    awaited: Sequence[Callable[[], object]] = (),
) -> dict[str, Any]:
    """
    Write the metadata and the report beside the layers of a release in the making.

    Parameters
    ----------
    folder
        The staged release, complete but for these and the manifest.
    stated
        The manifest, without its list of files.
    layers
        What was published, by layer name.
    settings, reference
        Parameters, and class tables for legends.
    awaited
        Each waits for files of the release that are still being made.

    Returns
    -------
    facts
        What the manifest must keep for the night after: see :mod:`twentegeo.publish.report.inventory`, and
        :data:`CHECKSUM`.
    """
    before = releasing.current(Store(settings.outputs))
    # checksums of large files leave the interpreter free: the report is drawn beside them
    with ThreadPoolExecutor(1, thread_name_prefix="metadata") as beside:
        writing = beside.submit(write_metadata, folder, stated, settings, awaited)
        kept = write_report(folder, stated, layers, settings, reference, before=before)
        return kept | {CHECKSUM: writing.result()}


def write_metadata(
    folder: Path, stated: Mapping[str, Any], settings: Settings, awaited: Sequence[Callable[[], object]] = ()
) -> int:
    """
    Write what catalogues harvest: ISO 19139 and DCAT-AP-NL.

    Parameters
    ----------
    folder
        The release.
    stated
        Its manifest.
    settings
        Who answers for it.
    awaited
        Each waits for files of the release that are still being made.

    Returns
    -------
    crc32
        Checksum of the GeoPackage.
    """
    package = folder / f"{settings.slug}.gpkg"
    told = _about(package, stated, settings)
    # the one large file first: others are perhaps still being made
    sums = sums_of(package)
    checksum = {package.name: sums.sha256}
    for wait in awaited:
        wait()
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    files = [
        File(name, (folder / name).stat().st_size, checksum.get(name) or sha256_of(folder / name))
        for name in names
        if is_distribution(name)
    ]
    sealing.state(folder, {file.path: file.sha256 for file in files})
    xml = iso_xml(told, told.dataset, url=_download(settings))
    write_atomic(folder / METADATA / f"{settings.slug}.xml", xml)
    write_json(folder / METADATA / "dcat-ap-nl.jsonld", dcat(told, files))
    return sums.crc32


def write_report(
    folder: Path,
    stated: Mapping[str, Any],
    layers: Mapping[str, pd.DataFrame],
    settings: Settings,
    reference: Reference,
    *,
    before: Path | None,
) -> dict[str, Any]:
    """
    Write the report of a release.

    Parameters
    ----------
    folder
        The release.
    stated
        Its manifest.
    layers
        What it holds, by layer name.
    settings, reference
        Parameters, and class tables for legends.
    before
        The release before it; None for a first one.

    Returns
    -------
    facts
        What the manifest must keep for the night after.
    """
    # a night that changes nothing need not wait for the templates
    from twentegeo.publish.report import inventory, page  # noqa: PLC0415

    classes = load_classes(reference.styles)
    counted = inventory.take(layers)
    story = page.tell(
        statement_of(stated),
        counted,
        layers,
        classes=classes,
        before=statement_of(releasing.manifest_of(before)) if before else None,
        parameters=settings.report,
    )
    path = folder / page.FILE
    page.write(path, story, classes=classes, publication=settings.publication, parameters=settings.report)
    return {inventory.KEY: counted.facts()}


def _about(package: Path, stated: Mapping[str, Any], settings: Settings) -> About:
    tables = (*contracts.MAP_LAYERS, *contracts.PLAIN_TABLES)
    return about(statement_of(stated), settings.slug, tables, extents_of(package), settings.publication)


def _download(settings: Settings) -> str | None:
    base = settings.publication.basis_url
    return f"{base.rstrip('/')}/{settings.slug}.gpkg" if base else None
