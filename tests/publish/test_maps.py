from __future__ import annotations

import time
from typing import TYPE_CHECKING

import matplotlib.image
import numpy as np
import pytest
import shapely
from matplotlib.colors import to_rgb

from twentegeo.publish.edition import VOORBEELD, Edition
from twentegeo.publish.maps import _spread, alt_text, overview_map
from twentegeo.tables.contract import empty
from twentegeo.tables.layers import GEMEENTE, HECTARE, PRIORITEITSGEBIED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    from twentegeo.publish.classes import ClassTables


def pixels(path: Path) -> np.ndarray:
    return np.rint(matplotlib.image.imread(path)[..., :3] * 255).astype(int)


def count(image: np.ndarray, colour: str) -> int:
    return int((image == np.rint(np.array(to_rgb(colour)) * 255)).all(axis=2).sum())


def test_every_class_of_the_cells_shows(
    tmp_path: Path, world: dict[str, pd.DataFrame], classes: ClassTables, edition: Edition
):
    path = tmp_path / "kaart.png"
    overview_map(world, path, classes=classes, edition=edition)
    image = pixels(path)

    assert image.shape == (1560, 2400, 3)
    left = image[:, :1600]
    for item in classes["prioriteit"].legend:
        assert count(left, item.colour) > 2_000, item.label
    assert image.std() > 20


def test_the_notice_stands_in_the_corner_only_when_it_must(
    tmp_path: Path, world: dict[str, pd.DataFrame], classes: ClassTables, edition: Edition
):
    overview_map(world, tmp_path / "made.png", classes=classes, edition=edition)
    real = Edition("Twente", edition.peildatum, edition.run_id)
    overview_map(world, tmp_path / "real.png", classes=classes, edition=real)

    assert count(pixels(tmp_path / "made.png")[:160, :800], "#9c1f2e") > 5_000
    assert count(pixels(tmp_path / "real.png")[:160, :800], "#9c1f2e") == 0


def test_the_same_release_gives_the_same_picture(
    tmp_path: Path, world: dict[str, pd.DataFrame], classes: ClassTables, edition: Edition
):
    for name in ("one.png", "two.png"):
        overview_map(world, tmp_path / name, classes=classes, edition=edition)

    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


@pytest.mark.parametrize(
    "layers",
    [
        {},
        {"hectare": empty(HECTARE), "gemeente": empty(GEMEENTE), "prioriteitsgebied": empty(PRIORITEITSGEBIED)},
    ],
)
def test_a_night_without_areas_still_gives_a_map(
    tmp_path: Path, layers: dict[str, pd.DataFrame], classes: ClassTables, edition: Edition
):
    overview_map(layers, tmp_path / "leeg.png", classes=classes, edition=edition)

    assert (tmp_path / "leeg.png").stat().st_size > 10_000


def test_the_picture_describes_itself(world: dict[str, pd.DataFrame], edition: Edition):
    assert alt_text(world, edition) == (
        "Kaart van Twente met de prioriteitsscore per hectare en 2 prioriteitsgebieden;"
        f" het meest urgent is Nijverheid. Peildatum 08-01-2024. ({VOORBEELD})"
    )


def test_marks_of_near_areas_do_not_cover_each_other():
    points = np.array([[100.0, 100.0], [104.0, 100.0], [100.0, 104.0], [300.0, 300.0]])
    marks = points + _spread(points)

    apart = np.linalg.norm(marks[:, None] - marks[None], axis=2)[np.triu_indices(4, 1)]
    assert apart.min() > 17


def test_a_region_of_twente_size_is_drawn_in_seconds(
    tmp_path: Path, fill: Callable[..., pd.DataFrame], classes: ClassTables, edition: Edition
):
    row, column = np.divmod(np.arange(26_000), 260)
    x, y = 220_000 + 100 * column, 455_000 + 100 * row
    cells = fill(
        HECTARE,
        26_000,
        shapely.box(x, y, x + 100, y + 100),
        {"cel_id": [f"E{a // 100}N{b // 100}" for a, b in zip(x, y, strict=True)]},
    )
    start = time.perf_counter()
    overview_map({"hectare": cells}, tmp_path / "groot.png", classes=classes, edition=edition)

    assert time.perf_counter() - start < 3
