"""
Surfaces of 100 m as Cloud Optimized GeoTIFFs, on the grid of the CBS squares.

Rules of PDOK's GeoTIFF validator that shape this module: COG, LZW, and no overviews (its rule on "views" refuses
them; at 100 m a region is some hundreds of pixels wide, so that none are missed). One file per subject, because a
viewer shows one band at a time and the values differ in kind.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import rasterio
import rasterio.shutil
from rasterio import Affine
from rasterio.errors import RasterioError
from rasterio.io import MemoryFile

from twentegeo.crs import RD_NEW_TEXT
from twentegeo.errors import ReleaseError, problem

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt
    import pandas as pd

    from twentegeo.publish.edition import Edition

    Floats = npt.NDArray[np.float32]

LOGGER = logging.getLogger(__name__)

NODATA: Final = -9999.0
"""What stands where no dwelling does, or nothing is known."""

_CELL_M: Final = 100
_BLOCK: Final = 256


@dataclass(frozen=True, slots=True)
class Surface:
    """
    A subject that is published as a raster.

    Attributes
    ----------
    name
        Name of the file, without its ending.
    column
        Column of the cells that holds the values.
    title, description
        In Dutch, for people.
    unit
        Unit of the values.
    """

    name: str
    column: str
    title: str
    description: str
    unit: str


SURFACES: Final = (
    Surface(
        "urgentie_energie",
        "score_energie",
        "Urgentie energie",
        "Gemiddelde energiescore van de woningen per hectarecel; 100 is het meest urgent.",
        "0-100",
    ),
    Surface(
        "tekort_levensloop",
        "score_levensloop",
        "Tekort levensloopbestendigheid",
        "Gemiddelde levensloopscore van de woningen per hectarecel; 100 is het minst geschikt.",
        "0-100",
    ),
    Surface(
        "beide",
        "score_prioriteit",
        "Urgentie energie en levensloop",
        "Gemiddelde prioriteitsscore van de woningen per hectarecel; 100 is het meest urgent.",
        "0-100",
    ),
    Surface(
        "labeldekking",
        "label_dekking",
        "Labeldekking",
        "Aandeel van de woningen per hectarecel met een geldig geregistreerd energielabel.",
        "%",
    ),
    Surface(
        "gi_z",
        "gi_z",
        "Concentratie van opgave (Gi*)",
        "Getis-Ord Gi* per hectarecel; boven nul ligt meer opgave bijeen dan verwacht.",
        "standaardafwijking",
    ),
)
"""What is published as a raster, in this order."""


def write_rasters(folder: Path, cells: pd.DataFrame, edition: Edition) -> list[Path]:
    """
    Write every surface that the cells have values for.

    Parameters
    ----------
    folder
        Where to; made when absent. Files of the same name are replaced.
    cells
        Index ``cel_id`` (CBS codes such as ``E2545N4720``); the columns of :data:`SURFACES`, NaN where unknown.
    edition
        Names the release in titles and tags.

    Returns
    -------
    paths
        The files written; a surface whose column is absent or holds no value is left out. All have the same extent:
        that of the cells.

    Raises
    ------
    ReleaseError
        A file could not be written.
    """
    written: list[Path] = []
    chosen = [each for each in SURFACES if each.column in cells and cells[each.column].notna().any()]
    for surface in chosen:
        path = folder / f"{surface.name}.tif"
        grid, west, north = lay_out(cells[surface.column])
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _write(path, grid, (west, north), surface, edition)
        except (RasterioError, OSError) as error:
            raise ReleaseError(
                problem(path, f"schrijven mislukt: {error}", "Controleer schijfruimte en rechten")
            ) from error
        written.append(path)
        LOGGER.info("%s: %d by %d pixels written", path.name, grid.shape[1], grid.shape[0])
    return written


def lay_out(values: pd.Series[float]) -> tuple[Floats, int, int]:
    """
    Lay the values of cells on the grid.

    Parameters
    ----------
    values
        Index ``cel_id``; NaN where unknown.

    Returns
    -------
    grid, west, north
        (rows, columns) float32, north first, :data:`NODATA` where nothing is known; the north-western corner in
        metres RD, a multiple of 100.
    """
    ids = values.index.to_series().astype("str")
    column = ids.str.slice(1, 5).astype("int64").to_numpy()
    row = ids.str.slice(6, 10).astype("int64").to_numpy()
    grid = np.full((row.max() - row.min() + 1, column.max() - column.min() + 1), NODATA, dtype="float32")
    given = values.to_numpy(dtype="float64", na_value=np.nan)
    grid[row.max() - row, column - column.min()] = np.where(np.isnan(given), NODATA, given)
    return grid, int(column.min()) * _CELL_M, (int(row.max()) + 1) * _CELL_M


def _write(path: Path, grid: Floats, corner: tuple[int, int], surface: Surface, edition: Edition) -> None:
    profile = {
        "driver": "GTiff",
        "height": grid.shape[0],
        "width": grid.shape[1],
        "count": 1,
        "dtype": "float32",
        "crs": RD_NEW_TEXT,
        "transform": Affine(_CELL_M, 0, corner[0], 0, -_CELL_M, corner[1]),
        "nodata": NODATA,
    }
    # GDAL_PAM off: what it would write beside the file belongs in it
    with rasterio.Env(GDAL_PAM_ENABLED="NO", GDAL_TIFF_INTERNAL_MASK="YES"), MemoryFile() as memory:
        with memory.open(**profile) as draft:
            draft.write(grid, 1)
            draft.set_band_description(1, edition.marked(surface.title))
            draft.set_band_unit(1, surface.unit)
            draft.update_tags(**_tags(surface, edition))
            draft.update_tags(1, **_statistics(grid))
        with memory.open() as draft:
            rasterio.shutil.copy(
                draft,
                path,
                driver="COG",
                COMPRESS="LZW",
                PREDICTOR="YES",
                OVERVIEWS="NONE",
                BLOCKSIZE=_BLOCK,
                NUM_THREADS=1,
            )


def _tags(surface: Surface, edition: Edition) -> dict[str, str]:
    description = f"{surface.description} Eenheid: {surface.unit}. Peildatum {edition.peildatum:%d-%m-%Y}."
    return {
        "AREA_OR_POINT": "Area",
        "TIFFTAG_DOCUMENTNAME": edition.title(surface.title),
        "TIFFTAG_IMAGEDESCRIPTION": edition.marked(description),
        "TIFFTAG_DATETIME": f"{edition.moment:%Y:%m:%d %H:%M:%S}",
        "TIFFTAG_SOFTWARE": "twentegeo",
        "titel": edition.title(surface.title),
        "omschrijving": edition.marked(description),
        "eenheid": surface.unit,
        "peildatum": f"{edition.peildatum:%Y-%m-%d}",
        "run_id": edition.run_id,
    }


def _statistics(grid: Floats) -> dict[str, str]:
    """Count rather than estimate, under GDAL's own names, so that QGIS need not count again."""
    known = grid[grid != NODATA].astype("float64")
    return {
        "STATISTICS_MINIMUM": repr(float(known.min())),
        "STATISTICS_MAXIMUM": repr(float(known.max())),
        "STATISTICS_MEAN": repr(float(known.mean())),
        "STATISTICS_STDDEV": repr(float(known.std())),
        "STATISTICS_VALID_PERCENT": f"{100 * known.size / grid.size:.4g}",
        "aantal_cellen": str(known.size),
        "gemiddelde": f"{known.mean():.2f}",
        "kleinste": f"{known.min():.2f}",
        "grootste": f"{known.max():.2f}",
        "standaardafwijking": f"{known.std():.2f}",
    }
