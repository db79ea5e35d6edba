"""
Vector tiles in PMTiles archives, cut by tippecanoe.

Four archives, so that a visitor loads only what the map shows: areas, hectare cells, buildings from afar, and buildings
and dwellings from near. Tippecanoe drops features to keep tiles small; here it may not. From afar a building is a
point: a shed of three metres is less than a step of the tile's grid, so that its outline would vanish.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd
import pyogrio
import shapely

from twentegeo.errors import ReleaseError, problem
from twentegeo.publish.site import contents
from twentegeo.publish.site.contents import PILLARS, coarsened, on_the_web, with_pillars, with_quadrant
from twentegeo.resources import give_back

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from twentegeo.publish.site.contents import Layers, Weighing

AREAS: Final = "gebieden"
CELLS: Final = "hectaren"
FAR: Final = "panden"
NEAR: Final = "woningen"

TIME_OUT_S: Final = 1800
"""Cutting takes half a minute for 0.43 million buildings; what takes this long hangs."""

_AT_ONCE: Final = 2
"""Archives that are cut at the same time."""

_KEEP_ALL: Final = (
    "--drop-rate=1",
    "--no-feature-limit",
    "--no-tile-size-limit",
    "--no-tiny-polygon-reduction",
    "--no-tile-stats",
    "--quiet",
    "--force",
)


@dataclass(frozen=True, slots=True)
class TileSet:
    """
    One archive.

    Attributes
    ----------
    name
        Name of the file, without its ending.
    zooms
        First and last level of tiles; the map stretches the last one beyond.
    options
        What tippecanoe is told besides keeping every feature.
    """

    name: str
    zooms: tuple[int, int]
    options: tuple[str, ...] = ()


TILE_SETS: Final[Mapping[str, TileSet]] = {
    one.name: one
    for one in (
        # neighbours share a border: it is simplified once, so that no slit opens between them
        TileSet(AREAS, (6, 12), ("--no-simplification-of-shared-nodes", "--simplification=4")),
        TileSet(CELLS, (7, 12)),
        # a point lies in one tile: no buffer, so that each tile holds its own and the sum is exact
        TileSet(FAR, (11, 13), ("--buffer=0",)),
        TileSet(NEAR, (14, 14), ("--use-attribute-for-id=id",)),
    )
}


def write_tiles(layers: Layers, weighing: Weighing, folder: Path) -> None:
    """
    Cut the tiles of a release.

    Parameters
    ----------
    layers
        What the release holds.
    weighing
        Gives pillars and quadrants.
    folder
        Where the archives are written; it must exist. A set without features is left out.

    Raises
    ------
    ReleaseError
        Tippecanoe is absent or refused.
    """
    # what takes longest goes first; tippecanoe has long stretches in which it uses one core
    gather = {NEAR: _near, FAR: _far, CELLS: _cells, AREAS: _areas}
    with tempfile.TemporaryDirectory(dir=folder, prefix=".tegels.") as name, ThreadPoolExecutor(_AT_ONCE) as threads:
        scratch, cutting = Path(name), []
        for key, frames in gather.items():
            # one after another: outlines are the largest thing in memory, and Python takes turns anyway
            if named := _handed_over(key, frames(layers, weighing), scratch):
                cutting.append(threads.submit(_cut, TILE_SETS[key], named, scratch, folder))
            give_back()
        for one in cutting:
            one.result()


def _areas(layers: Layers, weighing: Weighing) -> dict[str, gpd.GeoDataFrame]:
    wanted = dict.fromkeys(contents.AREA_LAYERS, contents.AREA_COLUMNS)
    wanted["prioriteitsgebied"] = contents.PRIORITY_COLUMNS
    drawn = {"code", "gebied_id", "gemeente_code", "aandeel_efg", "aandeel_efg_verwacht", "label_dekking", "kwadrant"}
    drawn |= {*contents.SCORES, "stabiel", "n_woningen"}
    made = {}
    for name, columns in wanted.items():
        if layers.counts.get(name):
            rows = with_pillars(with_quadrant(layers.read(name, columns), weighing, "gebied"), weighing)
            pillars = {column for column in rows if column.startswith(PILLARS)}
            kept = rows[[column for column in rows if column in {*drawn, *pillars, rows.geometry.name}]]
            if name == "gemeente":
                kept = kept.assign(gemeente_code=kept["code"])
            made[name] = _step(kept, 0.01)
    return made


def _cells(layers: Layers, weighing: Weighing) -> dict[str, gpd.GeoDataFrame]:
    if not layers.counts.get("hectare"):
        return {}
    rows = with_quadrant(layers.read("hectare", contents.CELL_COLUMNS), weighing, "gebied")
    if layers.counts.get("gemeente"):
        rows = rows.assign(gemeente_code=_municipality(rows, layers))
    return {"hectare": _step(with_pillars(rows, weighing), 0.1)}


def _municipality(rows: gpd.GeoDataFrame, layers: Layers) -> pd.Series[str]:
    """Tell in which municipality the middle of each cell lies, for the filter."""
    borders = layers.read("gemeente", ("code",))
    tree = shapely.STRtree(borders.geometry.to_numpy())
    cell, border = tree.query(shapely.centroid(rows.geometry.to_numpy()), predicate="intersects")
    found = pd.Series(borders["code"].to_numpy()[border], index=cell, dtype="str")
    return found[~found.index.duplicated()].reindex(range(len(rows)))


def _far(layers: Layers, weighing: Weighing) -> dict[str, gpd.GeoDataFrame]:
    if not layers.counts.get("pand"):
        return {}
    rows = with_quadrant(layers.read("pand", contents.FAR_COLUMNS), weighing, "woning")
    points = shapely.point_on_surface(rows.geometry.to_numpy())
    return {"pand": _step(rows.set_geometry(points), 1.0)}


def _near(layers: Layers, weighing: Weighing) -> dict[str, gpd.GeoDataFrame]:
    made = {}
    for name, columns, key in (
        ("pand", contents.BUILDING_COLUMNS, "pand_id"),
        ("verblijfsobject", contents.DWELLING_COLUMNS, "vbo_id"),
    ):
        if layers.counts.get(name):
            rows = with_quadrant(layers.read(name, columns), weighing, "woning")
            # the number of a feature holds all sixteen digits, exactly, at half the bytes of a text
            made[name] = _step(rows.drop(columns=key), 0.1).assign(id=rows[key].astype("float64"))
    return made


def _step(rows: gpd.GeoDataFrame, step: float) -> gpd.GeoDataFrame:
    plain = coarsened(pd.DataFrame(rows.drop(columns=rows.geometry.name)), step)
    return rows[[rows.geometry.name]].join(plain)


def _handed_over(key: str, frames: Mapping[str, gpd.GeoDataFrame], scratch: Path) -> dict[str, Path]:
    """Write layers as tippecanoe reads them."""
    named = {}
    for name, rows in frames.items():
        path = named[name] = scratch / f"{key}-{name}.fgb"
        there = rows.dropna(axis="columns", how="all")
        pyogrio.write_dataframe(on_the_web(there), path, driver="FlatGeobuf", SPATIAL_INDEX="NO", use_arrow=True)
    return named


def _cut(tiles: TileSet, named: Mapping[str, Path], scratch: Path, folder: Path) -> None:
    first, last = tiles.zooms
    made = f"{tiles.name}.pmtiles"
    command = [
        _program(),
        f"--output={made}",
        f"--name={tiles.name}",
        f"--minimum-zoom={first}",
        f"--maximum-zoom={last}",
        *_KEEP_ALL,
        *tiles.options,
        *(f"--named-layer={name}:{path.name}" for name, path in named.items()),
    ]
    # paths are relative: the archive quotes the command that made it
    environment = {**os.environ, "TIPPECANOE_MAX_THREADS": str(os.cpu_count() or 1)}
    done = subprocess.run(  # noqa: S603 - our own program, our own arguments
        [*command, "--temporary-directory=."],
        cwd=scratch,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=TIME_OUT_S,
    )
    if done.returncode:
        said = " ".join(done.stderr.split())[-300:]
        raise ReleaseError(problem(folder / made, f"tippecanoe weigerde: {said}", "Kijk of de schijf vol is"))
    (scratch / made).replace(folder / made)
    for path in named.values():
        path.unlink()


def _program() -> str:
    """Find tippecanoe: beside this Python, or else on the path."""
    beside = Path(sys.executable).with_name("tippecanoe")
    found = str(beside) if beside.is_file() else shutil.which("tippecanoe")
    if found is None:
        raise ReleaseError(
            problem("tippecanoe", "het programma dat kaarttegels snijdt is er niet", "Installeer het pakket tippecanoe")
        )
    return found
