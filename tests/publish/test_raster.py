"""Surfaces read back by an independent reader, on the CBS grid, and before PDOK's judge where it is there."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rasterio

from twentegeo.errors import ReleaseError
from twentegeo.publish.edition import VOORBEELD, Edition
from twentegeo.publish.raster import NODATA, SURFACES, lay_out, write_rasters

EDITION = Edition("Twente", dt.date(2026, 11, 8), "20261109T010203Z", VOORBEELD)


def cells(rows: int = 40, columns: int = 300) -> pd.DataFrame:
    """A field of which the south-western cell is 1 and one cell in ten is unknown."""
    y, x = (part.ravel() for part in np.indices((rows, columns)))
    ids = [f"E{2300 + each:04d}N{4600 + other:04d}" for each, other in zip(x, y, strict=True)]
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.random((len(x), 5)) * 100, index=ids, columns=[each.column for each in SURFACES])
    frame[rng.random(frame.shape) < 0.1] = np.nan
    frame.iloc[0] = 1.0
    return frame


def test_what_is_written_lies_where_the_cell_lies(tmp_path: Path) -> None:
    given = cells()
    paths = write_rasters(tmp_path / "raster", given, EDITION)
    assert [path.name for path in paths] == [f"{each.name}.tif" for each in SURFACES]
    for path, surface in zip(paths, SURFACES, strict=True):
        with rasterio.open(path) as raster:
            assert raster.crs.to_epsg() == 28992
            assert raster.res == (100, 100)
            assert raster.bounds == (230_000, 460_000, 260_000, 464_000)
            assert raster.transform.c % 100 == 0 == raster.transform.f % 100
            grid = raster.read(1)
            expected = given[surface.column].fillna(NODATA).to_numpy(dtype="float32").reshape(40, 300)
            assert (grid == expected[::-1]).all()
            assert grid[-1, 0] == 1.0
            mask = raster.read(1, masked=True)
            assert mask.count() == given[surface.column].notna().sum()
            assert mask.mean() == pytest.approx(given[surface.column].mean(), rel=1e-5)


def test_a_file_is_a_cog_as_pdok_wants_it_and_speaks_dutch(tmp_path: Path) -> None:
    path = write_rasters(tmp_path, cells(), EDITION)[0]
    with rasterio.open(path) as raster:
        assert raster.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert raster.compression.name == "lzw"
        assert raster.overviews(1) == []
        assert raster.dtypes == ("float32",)
        assert raster.nodata == NODATA
        assert raster.descriptions == (f"Urgentie energie ({VOORBEELD})",)
        assert raster.tags()["TIFFTAG_DATETIME"] == "2026:11:09 01:02:03"
        assert raster.tags()["peildatum"] == "2026-11-08"
        assert VOORBEELD in raster.tags()["omschrijving"]
        told = raster.tags(1)
        values = raster.read(1, masked=True).compressed().astype("float64")
        assert float(told["STATISTICS_MEAN"]) == pytest.approx(values.mean())
        assert float(told["STATISTICS_MAXIMUM"]) == values.max()
        assert int(told["aantal_cellen"]) == values.size
    assert [each.suffix for each in tmp_path.iterdir()] == [".tif"] * len(SURFACES)


def test_the_same_release_gives_the_same_bytes(tmp_path: Path) -> None:
    first = write_rasters(tmp_path / "a", cells(), EDITION)
    second = write_rasters(tmp_path / "b", cells().sample(frac=1, random_state=1), EDITION)
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_a_surface_without_values_is_left_out(tmp_path: Path) -> None:
    given = cells().drop(columns="gi_z").assign(score_levensloop=np.nan)
    names = [path.stem for path in write_rasters(tmp_path, given, EDITION)]
    assert names == ["urgentie_energie", "beide", "labeldekking"]


def test_one_cell_is_a_raster_too(tmp_path: Path) -> None:
    grid, west, north = lay_out(pd.Series([7.0], index=["E2545N4720"]))
    assert grid.tolist() == [[7.0]]
    assert (west, north) == (254_500, 472_100)
    assert len(write_rasters(tmp_path, cells(1, 1), EDITION)) == len(SURFACES)


def test_what_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "raster").write_text("in de weg")
    with pytest.raises(ReleaseError, match=r"schrijven mislukt.*schijfruimte") as caught:
        write_rasters(tmp_path / "raster", cells(2, 2), EDITION)
    assert "\n" not in str(caught.value)


@pytest.mark.gdal
def test_pdok_has_nothing_to_say(tmp_path: Path, repository: Path) -> None:
    places = [os.environ.get("TWENTEGEO_PDOK_GEOTIFF"), repository / ".venv-pdok/bin/geotiff-validator"]
    found = next((str(place) for place in places if place and Path(place).is_file()), None)
    found = found or shutil.which("geotiff-validator")
    if found is None:
        pytest.skip("PDOK's geotiff-validator is er niet; maak hem met: sh tests/tools/install_validators.sh")
    for path in write_rasters(tmp_path, cells(), EDITION):
        run = subprocess.run(
            [found, "validate", "--geotiff-path", str(path)], check=False, capture_output=True, text=True, timeout=120
        )
        assert run.returncode == 0, run.stdout + run.stderr
        assert '"results": []' in run.stdout, run.stdout
