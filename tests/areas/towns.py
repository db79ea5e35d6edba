"""A small made-up country: homes on a lattice, with one place where something is wrong."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely


def cel_id(x: np.ndarray, y: np.ndarray) -> pd.Series:
    east = pd.Series(x // 100).astype("int64").astype("str").str.zfill(4)
    north = pd.Series(y // 100).astype("int64").astype("str").str.zfill(4)
    return "E" + east + "N" + north


class Town:
    """Homes 20 m apart on a square of 2 km; one in five is bad, nine in ten within the planted circle."""

    def __init__(
        self, seed: int, centre: tuple[float, float] | None, radius: float = 150.0, border: float = 0.0
    ) -> None:
        rng = np.random.default_rng(seed)
        side = np.arange(10.0, 2000.0, 20.0)
        x, y = (part.ravel() for part in np.meshgrid(250_000 + side, 470_000 + side))
        self.planted = np.hypot(x - centre[0], y - centre[1]) <= radius if centre else np.zeros(len(x), dtype=bool)
        bad = rng.random(len(x)) < np.where(self.planted, 0.9, 0.2)
        number = pd.Series(np.arange(len(x))).astype("str").str.zfill(6)
        pand_id = "0153100000" + number
        self.dwellings = gpd.GeoDataFrame(
            {
                "vbo_id": "0153010000" + number,
                "pand_id": pand_id,
                "cel_id": cel_id(x, y),
                "gemeente_code": np.where(x < border, "GM0141", "GM0183"),
                "tekort": 100.0 * bad,
                "verwacht": 20.0,
                "is_bewijs": rng.random(len(x)) < 0.6,
            },
            geometry=shapely.points(x, y),
            crs="EPSG:28992",
        )
        self.panden = gpd.GeoDataFrame(
            {"pand_id": pand_id}, geometry=shapely.box(x - 4, y - 5, x + 4, y + 5), crs="EPSG:28992"
        )
