"""Writing the project: a ``.qgz`` beside the GeoPackage, and the same in its table ``qgis_projects``."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final

import pyogrio

from twentegeo.errors import ReleaseError, problem
from twentegeo.publish.project.document import Content, project_document
from twentegeo.publish.project.layers import Source
from twentegeo.publish.project.layouts import project_sheets
from twentegeo.publish.project.tree import answerable
from twentegeo.publish.sheets.design import credits_of
from twentegeo.publish.sheets.items import Extent
from twentegeo.tables.layers import BRON, GEMEENTE, HECTARE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from twentegeo.publish.classes import ClassTables
    from twentegeo.publish.edition import Edition

PROJECTS: Final = "qgis_projects"
"""The table in which QGIS looks for projects."""

NETHERLANDS: Final = Extent(0.0, 300_000.0, 300_000.0, 625_000.0)

_CREATE: Final = f"CREATE TABLE {PROJECTS} (name TEXT PRIMARY KEY, metadata BLOB, content BLOB)"
_INSERT: Final = f"INSERT INTO {PROJECTS} (name, metadata, content) VALUES (?, ?, ?)"  # noqa: S608 - a constant


def write_project(package: Path, *, classes: ClassTables, edition: Edition) -> Path:
    """
    Write the QGIS project of a release, beside its GeoPackage and in it.

    Parameters
    ----------
    package
        The GeoPackage, complete but for the project.
    classes
        Class tables by name.
    edition
        Region, date, run and notice.

    Returns
    -------
    path
        The ``.qgz``; it finds the GeoPackage beside it wherever the two are.

    Raises
    ------
    ReleaseError
        The GeoPackage cannot be read or written.
    """
    return put_project(package, drawn_up(package, classes=classes, edition=edition), edition)


def drawn_up(package: Path, *, classes: ClassTables, edition: Edition) -> bytes:
    """
    Draw up the project of a release.

    Parameters
    ----------
    package
        The GeoPackage with its layers; it is only read.
    classes, edition
        As for :func:`write_project`.

    Returns
    -------
    archive
        The bytes of a ``.qgz``.

    Raises
    ------
    ReleaseError
        The GeoPackage cannot be read.
    """
    with _told(package):
        content = content_of(package, Source(f"./{package.name}", layer_extents(package)), edition)
        return zipped_project(package.stem, project_document(content, classes, edition), edition)


def put_project(package: Path, zipped: bytes, edition: Edition) -> Path:
    """
    Put a project beside a GeoPackage and in it.

    Parameters
    ----------
    package
        The GeoPackage.
    zipped
        What :func:`drawn_up` gave.
    edition
        Gives its moment.

    Returns
    -------
    path
        The ``.qgz``.

    Raises
    ------
    ReleaseError
        The GeoPackage cannot be written.
    """
    with _told(package):
        _store(package, zipped, edition)
    path = package.with_suffix(".qgz")
    path.write_bytes(zipped)
    return path


@contextmanager
def _told(package: Path) -> Iterator[None]:
    try:
        yield
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, sqlite3.Error) as error:
        raise ReleaseError(problem(package, f"QGIS-project mislukt: {error}", "Maak de release opnieuw")) from error


def content_of(package: Path, source: Source, edition: Edition, *, backdrop: bool = True) -> Content:
    """
    Gather what a project is about.

    Parameters
    ----------
    package
        The GeoPackage.
    source
        The same, as the project is to find it.
    edition
        Region, date, run and notice.
    backdrop
        False to leave out what needs a network.

    Returns
    -------
    content
        For :func:`~twentegeo.publish.project.document.project_document`.
    """
    region = source.extents.get(GEMEENTE.name) or source.extents.get(HECTARE.name) or NETHERLANDS
    credit = credits_of(_sources(package, source))
    return Content(
        source=source,
        view=region,
        bookmarks=_municipalities(package, source),
        sheets=project_sheets(source, region, credit, edition),
        credits=credit,
        backdrop=backdrop,
        themes=answerable(source.extents),
    )


def layer_extents(package: Path) -> dict[str, Extent | None]:
    """
    List what a GeoPackage holds.

    Parameters
    ----------
    package
        A GeoPackage.

    Returns
    -------
    extents
        Extent by name of layer; None for a table.
    """
    found: dict[str, Extent | None] = {}
    for name, kind in pyogrio.list_layers(package):
        if kind is None:
            found[str(name)] = None
            continue
        info = pyogrio.read_info(package, layer=str(name), force_total_bounds=True)
        found[str(name)] = Extent(*(float(side) for side in info["total_bounds"]))
    return found


def zipped_project(stem: str, document: bytes, edition: Edition) -> bytes:
    """
    Pack a project as QGIS does.

    Parameters
    ----------
    stem
        Name of the project file without its suffix.
    document
        The ``.qgs``.
    edition
        Gives the moment that the archive names, so that equal releases are equal.

    Returns
    -------
    archive
        The bytes of a ``.qgz``.
    """
    moment = edition.moment
    stamp = (max(moment.year, 1980), moment.month, moment.day, moment.hour, moment.minute, moment.second)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        entry = zipfile.ZipInfo(f"{stem}.qgs", stamp)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        archive.writestr(entry, document)
    return buffer.getvalue()


def _store(package: Path, zipped: bytes, edition: Edition) -> None:
    metadata = {"last_modified_time": f"{edition.moment:%Y-%m-%dT%H:%M:%S}", "last_modified_user": "twentegeo"}
    with closing(sqlite3.connect(package)) as connection:
        connection.execute(f"DROP TABLE IF EXISTS {PROJECTS}")
        connection.execute(_CREATE)
        connection.execute(_INSERT, (package.stem, json.dumps(metadata), zipped.hex()))
        connection.commit()
        connection.execute("PRAGMA journal_mode=DELETE")


def _sources(package: Path, source: Source) -> list[tuple[str, str]]:
    if BRON.name not in source.extents:
        return []
    frame = pyogrio.read_dataframe(package, layer=BRON.name, read_geometry=False, columns=["bron", "bronhouder"])
    return list(zip(frame["bron"], frame["bronhouder"], strict=True))


def _municipalities(package: Path, source: Source) -> dict[str, Extent]:
    if GEMEENTE.name not in source.extents:
        return {}
    frame = pyogrio.read_dataframe(package, layer=GEMEENTE.name, columns=["naam"]).sort_values("naam")
    sides = frame.geometry.bounds.to_numpy()
    return {name: Extent(*(float(side) for side in row)) for name, row in zip(frame["naam"], sides, strict=True)}
