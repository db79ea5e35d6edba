"""Products that are made from a release that stands: each a small function that reads it and writes elsewhere."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from twentegeo.errors import ReleaseError, SettingsError, problem
from twentegeo.figures import load_reference
from twentegeo.pipeline import account
from twentegeo.publish import release as releasing
from twentegeo.publish.edition import Edition
from twentegeo.publish.sealing import reseal
from twentegeo.publish.workplace import MAPS
from twentegeo.settings import config_folder
from twentegeo.store import Store, only_run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from typing import TypeVar

    from twentegeo.pipeline.progress import Progress
    from twentegeo.publish.exports import Form
    from twentegeo.publish.maps.press import Drawn
    from twentegeo.publish.postgis.load import Loaded
    from twentegeo.settings import Settings

    Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Subject:
    """
    The release that products are made from.

    Attributes
    ----------
    folder
        Where it stands.
    before
        The release before it, or None.
    stated
        Its manifest.
    settings
        Parameters of the region.
    """

    folder: Path
    before: Path | None
    stated: dict[str, Any]
    settings: Settings

    @property
    def package(self) -> Path:
        """The GeoPackage."""
        return self.folder / f"{self.settings.slug}.gpkg"

    @property
    def edition(self) -> Edition:
        """Region, date, run and notice."""
        told = self.stated
        peildatum = date.fromisoformat(told["peildatum"])
        return Edition(told["regio"], peildatum, told["run_id"], told.get("opmerking") or None)


def newest(settings: Settings) -> Subject:
    """
    Take the newest good release.

    Parameters
    ----------
    settings
        Whose outputs folder.

    Returns
    -------
    subject
        That release, and the one before it.

    Raises
    ------
    ReleaseError
        There is none, or it is of another region.
    """
    store = Store(settings.outputs)
    folder = releasing.current(store)
    if folder is None:
        raise ReleaseError(problem(store.root, "hier staat nog geen release", "Draai eerst twentegeo run"))
    stated = releasing.manifest_of(folder)
    subject = Subject(folder, releasing.predecessor(store, folder.name, stated), stated, settings)
    if not subject.package.is_file():
        raise ReleaseError(
            problem(subject.package, "ontbreekt in de nieuwste release", "Geef de instellingen van deze regio")
        )
    return subject


def report(settings: Settings) -> Path:
    """
    Write the report of the newest release again.

    Parameters
    ----------
    settings
        Whose outputs folder.

    Returns
    -------
    path
        The report; it replaces the one that stood there, whole.

    Raises
    ------
    ReleaseError
        There is no release, or it cannot be read.
    """
    from twentegeo.publish.report.page import FILE  # noqa: PLC0415 - help must not wait for geopandas
    from twentegeo.publish.report.reading import read_layers  # noqa: PLC0415

    subject = newest(settings)
    reference = load_reference(config_folder())
    layers = read_layers(subject.package)
    account.write_report(subject.folder, subject.stated, layers, settings, reference, before=subject.before)
    path = subject.folder / FILE
    reseal(subject.folder, path)
    return path


def export(
    settings: Settings, progress: Progress, *, out: Path | None, forms: Sequence[Form], layers: Sequence[str]
) -> Path:
    """
    Write the layers of the newest release in other forms.

    Parameters
    ----------
    settings
        Whose outputs folder.
    progress
        Who is told.
    out
        Folder to make; None for ``exports/<run_id>`` in the outputs folder. A folder that is there is replaced when
        the export is complete.
    forms, layers
        Which forms, and which layers and tables; no layers is all of them.

    Returns
    -------
    folder
        Where they stand.

    Raises
    ------
    ReleaseError
        There is no release, a name is unknown, or the disk refused; what stood there still does.
    """
    from twentegeo.publish.exports import export as write  # noqa: PLC0415

    subject = newest(settings)
    target = out or Store(settings.outputs).exports / subject.folder.name
    if out is not None and out.exists():
        raise ReleaseError(problem(out, "bestaat al", "Kies een map die er nog niet is"))
    beside = target.with_name(f".{target.name}.new")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        beside.mkdir(parents=True)
        write(subject.package, beside, forms=forms, layers=layers, say=progress.say)
        shutil.rmtree(target, ignore_errors=True)
        beside.rename(target)
    except OSError as error:
        raise ReleaseError(problem(target, releasing.reason(error), "Maak ruimte en probeer het opnieuw")) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return target


def postgis(settings: Settings, dsn: str, progress: Progress) -> Loaded:
    """
    Load the newest release into PostGIS.

    Parameters
    ----------
    settings
        Whose outputs folder, and where the release lands.
    dsn
        Connection string, as libpq reads it.
    progress
        Who is told; never the connection string.

    Returns
    -------
    loaded
        What was loaded, and which releases stay.

    Raises
    ------
    SettingsError
        The driver is not installed, or the connection string cannot be read.
    ReleaseError
        There is no release, or the database refused something; it is as it was.
    """
    try:
        from twentegeo.publish.postgis.load import load  # noqa: PLC0415 - an extra
    except ImportError as error:
        remedy = "Installeer met: pip install 'twentegeo[postgis]'"
        raise SettingsError(problem("PostGIS", "het stuurprogramma psycopg is er niet", remedy)) from error
    subject = newest(settings)
    return load(
        dsn,
        subject.package,
        subject.folder.name,
        settings.slug,
        parameters=settings.postgis,
        say=progress.say,
    )


def site(settings: Settings, progress: Progress) -> tuple[Path, dict[str, int]]:
    """
    Make the planner's page of the newest release again, in the folder of that release.

    Parameters
    ----------
    settings
        Whose outputs folder.
    progress
        Who is told.

    Returns
    -------
    folder, bytes
        Where it stands, and the size of each kind of file.

    Raises
    ------
    ReleaseError
        There is no release, or the page could not be made; the one that stood there still does.
    """
    from twentegeo.pipeline.page import FOLDER, write_page  # noqa: PLC0415 - help must not wait for geopandas

    def make(subject: Subject, beside: Path) -> dict[str, int]:
        progress.say(f"page: {subject.folder.name}/{FOLDER}/")
        return write_page(
            subject.package,
            beside,
            edition=subject.edition,
            settings=settings,
            reference=load_reference(config_folder()),
            before=subject.before,
        )

    return _again(settings, FOLDER, make)


def maps(settings: Settings, progress: Progress) -> tuple[Path, Drawn]:
    """
    Make the map book of the newest release again, in the folder of that release.

    Parameters
    ----------
    settings
        Whose outputs folder.
    progress
        Who is told, sheet by sheet.

    Returns
    -------
    folder, drawn
        Where it stands, and who drew how many sheets.

    Raises
    ------
    ReleaseError
        There is no release, or a sheet could not be drawn; the maps that stood there still do.
    """
    from twentegeo.pipeline.map_book import write_book  # noqa: PLC0415 - as above

    def make(subject: Subject, beside: Path) -> Drawn:
        progress.say(f"maps: {subject.folder.name}/{MAPS}/")
        reference = load_reference(config_folder())
        return write_book(subject.package, beside, subject.edition, settings, reference, progress)

    return _again(settings, MAPS, make)


def _again(settings: Settings, name: str, make: Callable[[Subject, Path], Made]) -> tuple[Path, Made]:
    """Make a folder of the newest release beside the one that stands there; once whole it takes its place."""
    with only_run(Store(settings.outputs)):
        subject = newest(settings)
        target = subject.folder / name
        beside = subject.folder / f".{name}.new"
        shutil.rmtree(beside, ignore_errors=True)
        try:
            made = make(subject, beside)
            replace(beside, target)
            reseal(subject.folder, target)
        except OSError as error:
            remedy = f"Maak ruimte en probeer het opnieuw; {name}/ van eerder staat er nog"
            raise ReleaseError(problem(target, releasing.reason(error), remedy)) from error
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    return target, made


def replace(beside: Path, target: Path) -> None:
    """
    Put a finished folder in the place of another.

    Parameters
    ----------
    beside
        The new folder, on the same file system.
    target
        Where it must stand; what stands there is removed.
    """
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    beside.rename(target)
    shutil.rmtree(old, ignore_errors=True)
