"""
What the test on concentrations finds where it is known what there is.

``python -m benchmarks.recovery --scale 1 --nulls 40`` draws the labels of a region without planted concentrations anew
for each seed and counts the runs that report one; then it takes the region with its planted concentrations and tells
how well each is recovered. Everything but the labels is read once; the code is that of the night.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from twentegeo.figures import load_reference
from twentegeo.pipeline import night, registers
from twentegeo.pipeline import stock as joining
from twentegeo.pipeline.progress import LogProgress
from twentegeo.pipeline.stages import Stages
from twentegeo.sample.clusters import nothing_planted
from twentegeo.sample.gazetteer import MUNICIPALITIES
from twentegeo.sample.homes import homes as describe_homes
from twentegeo.sample.labels import register_labels
from twentegeo.sample.partition import plan
from twentegeo.sample.registers import register
from twentegeo.sample.settle import settle
from twentegeo.sample.write import REFERENCE_DATE, SampleFiles, write_sample
from twentegeo.sample.write_ep_online import write_labels
from twentegeo.settings import Region, Settings, Sources, config_folder
from twentegeo.sources.ways import Source
from twentegeo.store import Store

if TYPE_CHECKING:
    from twentegeo.pipeline.judgement import Judgement

SEED = 7


def main() -> None:
    """Run what is asked and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recovery", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="size as a share of Twente")
    parser.add_argument("--seed", type=int, default=SEED, help="of the region")
    parser.add_argument("--nulls", type=int, default=40, help="runs without planted concentrations")
    parser.add_argument("--first", type=int, default=1000, help="seed of the labels of the first of them")
    parser.add_argument("--out", type=Path, default=Path("outputs/recovery"), help="where everything is made")
    given = parser.parse_args()
    if given.nulls:
        nulls(given.out / "null", given.scale, given.seed, range(given.first, given.first + given.nulls))
    planted(given.out / "planted", given.scale, given.seed)


def nulls(out: Path, scale: float, seed: int, runs: range) -> None:
    """Draw labels anew on the same ground and count the runs that report a concentration of need."""
    files = write_sample(out / "sample", scale=scale, seed=seed, clusters=False)
    region, _ = nothing_planted(settle(plan(seed, scale), seed, scale))
    registers = register(region, seed)
    high = low = 0
    for number, drawn in enumerate(runs, start=1):
        homes = describe_homes(region, registers, drawn)
        rows = register_labels(homes, registers, REFERENCE_DATE, drawn).rows
        labels = write_labels(out / f"labels-{drawn}", rows, REFERENCE_DATE)
        found = judged(out / "outputs", replace(files, energy_labels=labels))
        signs = found.concentrated.tables["hotspot"]["teken"].value_counts()
        grounds = found.concentrated.tables["gebied"]["aanleiding"].value_counts().to_dict()
        high, low = high + ("hoog" in signs), low + ("laag" in signs)
        print(f"null {drawn}: hot-spots {signs.to_dict()}, areas {grounds}; so far {high} hoog, {low} laag of {number}")


def planted(out: Path, scale: float, seed: int) -> None:
    """Tell how well each planted concentration is recovered: dwellings in common over dwellings in either."""
    files = write_sample(out / "sample", scale=scale, seed=seed)
    found = judged(out / "outputs", files, with_homes=True)
    truth = json.loads(files.truth.read_text(encoding="utf-8"))
    print(f"scale {scale:g}, seed {seed}: {recovery(found, truth)}")


def recovery(found: dict[str, Any], truth: dict[str, Any]) -> list[dict[str, Any]]:
    """Match every planted concentration with the area that shares most dwellings with it."""
    xy, member, shapes = found["xy"], found["member"], found["shapes"]
    rows = []
    for cluster in truth["clusters"]:
        outline = shapely.from_wkt(cluster["wkt"])
        inside = shapely.contains_xy(outline, xy[:, 0], xy[:, 1])
        touched = [number for number in np.unique(member[inside]) if number >= 0]
        best = max(touched, key=lambda number: _iou(inside, member == number), default=None)
        own = None if best is None else round(_iou(inside, member == best), 2)
        area = None if best is None else round(_area_iou(outline, shapes[best]), 2)
        rows.append({"naam": cluster["naam"], "n": cluster["n_woningen"], "iou": own, "iou_vlak": area})
        print(
            f"{cluster['naam']:20} {cluster['gemeenten']}: {cluster['n_woningen']} dwellings, IoU {own}, shape {area}"
        )
    return rows


def judged(outputs: Path, files: SampleFiles, *, with_homes: bool = False) -> Any:
    """Read, join and judge, as a night does, without publishing."""
    single = ("bag", "parcels", "energy_labels", "neighbourhoods")
    paths = {name: Source(path=Path(asdict(files)[name])) for name in single}
    region = Region(name="Twente", municipalities=tuple(one.code for one in MUNICIPALITIES))
    settings = Settings(region=region, outputs=outputs, sources=Sources(**paths))
    store, progress = Store(outputs), LogProgress()
    with Stages(store, progress) as stages:
        snapshots = night.fetch(settings, progress)
        read_in = registers.read(settings, snapshots, stages, store, progress)
        stock = joining.assemble(settings, load_reference(config_folder()), read_in, stages)
        stages.settle()
    result: Judgement = stock.judged
    stages.forget()
    if not with_homes:
        return result
    woningen = stock.dwellings.tables["woningen"]
    number = result.concentrated.tables["lid"].set_index("vbo_id")["gebied"].reindex(woningen["vbo_id"])
    return {
        "xy": shapely.get_coordinates(woningen.geometry.to_numpy()),
        "member": number.fillna(-1).to_numpy(dtype="int64"),
        "shapes": result.concentrated.tables["gebied"].geometry.to_numpy(),
    }


def _iou(first: np.ndarray, second: np.ndarray) -> float:
    return float((first & second).sum() / (first | second).sum())


def _area_iou(first: shapely.Geometry, second: shapely.Geometry) -> float:
    return float(shapely.area(shapely.intersection(first, second)) / shapely.area(shapely.union(first, second)))


if __name__ == "__main__":
    main()
