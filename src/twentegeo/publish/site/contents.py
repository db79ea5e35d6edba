"""What of a release the page uses: columns by layer, and how precisely. What a layer lacks is left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pandas as pd
import pyogrio

from twentegeo.crs import WEB_TEXT, to_web

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import geopandas as gpd
    import numpy.typing as npt

Level = Literal["woning", "gebied"]

_HAIR: Final = 1e-6

AREA_LAYERS: Final[tuple[str, ...]] = ("gemeente", "wijk", "buurt")
"""CBS areas, largest first."""

PILLARS: Final = "pijler_"
"""How columns of pillars begin: 0-100, as they are weighed."""

SCORES: Final[tuple[str, ...]] = ("score_prioriteit", "score_energie", "score_levensloop")

AREA_COLUMNS: Final[tuple[str, ...]] = (
    "code",
    "naam",
    "wijk_code",
    "gemeente_code",
    "gemeente_naam",
    "n_woningen",
    "n_woningen_gepland",
    "label_dekking",
    "aandeel_efg",
    "aandeel_geschat",
    "aandeel_efg_verwacht",
    "registratie_bias",
    "gemiddeld_bouwjaar",
    "aandeel_nultreden",
    "aandeel_aanpasbaar",
    "aandeel_moeilijk",
    *SCORES,
    "pijler_energie",
    "pijler_levensloop",
    "pijler_vergrijzing",
    "score_rekenkundig",
    "kwadrant",
    "rang",
    "rang_p10",
    "rang_p90",
    "kans_top20",
    "kans_top20_gemeente",
    "kans_top20_corporatie",
    "kans_top20_provincie",
    "kans_top20_bewoner",
    "sigma",
    "p_klasse",
    "stabiel",
    "bepalende_pijler",
    "bepalende_factor",
    "controleerbaarheid",
    "cbs_jaar",
    "aantal_inwoners",
    "aandeel_65plus",
    "aandeel_eenpersoons",
    "huishoudensgrootte",
    "aandeel_koop",
    "aandeel_corporatie",
    "gasverbruik_m3",
)
"""Of the CBS areas: their cards, lists and colours. The indicators of the pillars are among them."""

PRIORITY_COLUMNS: Final[tuple[str, ...]] = (
    "gebied_id",
    "naam",
    "gemeenten",
    "grensoverschrijdend",
    "aanleiding",
    "overschot",
    "n_moeilijk_aanpasbaar",
    "toelichting",
    "toelichting_en",
    *(name for name in AREA_COLUMNS if name not in {"code", "naam", "gemeente_code", "gemeente_naam", "wijk_code"}),
)
CELL_COLUMNS: Final[tuple[str, ...]] = (
    "cel_id",
    "n_woningen",
    "label_dekking",
    "aandeel_efg",
    "aandeel_efg_verwacht",
    "aandeel_geschat",
    "gemiddeld_bouwjaar",
    *SCORES,
    "pijler_energie",
    "pijler_levensloop",
    "kwadrant",
    "stabiel",
)
BUILDING_COLUMNS: Final[tuple[str, ...]] = (
    "pand_id",
    "bouwjaar",
    "status",
    "heeft_woning",
    "n_woningen",
    "n_labels",
    "label_slechtste",
    "label_beste",
    "aandeel_efg",
    "aandeel_geschat",
    "woningtype",
    "bouwlagen",
    "aandeel_nultreden",
    "aandeel_aanpasbaar",
    "aandeel_moeilijk",
    "lift_waarschijnlijk",
    *SCORES,
    "kwadrant",
    "gemeente_code",
)
DWELLING_COLUMNS: Final[tuple[str, ...]] = (
    "vbo_id",
    "adres",
    "postcode",
    "woonplaats",
    "gemeente_code",
    "oppervlakte_m2",
    "bouwjaar",
    "energielabel",
    "label_status",
    "label_geldig_tot",
    "label_verlopen",
    "woningtype",
    "bewijsgraad",
    "label_verwacht",
    "label_p10",
    "label_p90",
    "p_efg",
    "levensloop_klasse",
    "levensloop_reden",
    "p_nultreden",
    "kwadrant",
    *SCORES,
)
FAR_COLUMNS: Final[tuple[str, ...]] = (
    "heeft_woning",
    "label_slechtste",
    "aandeel_geschat",
    *SCORES,
    "kwadrant",
    "gemeente_code",
)
"""Of buildings seen from afar: what colours them."""

DATES: Final = ("label_geldig_tot",)


@dataclass(frozen=True, slots=True)
class Weighing:
    """
    How pillars make a score, handed in by who knows the rooms that compute it.

    Attributes
    ----------
    pillars
        From rows of areas to one column per pillar, 0-100, same index; a pillar that no row has is left out.
    quadrants
        From rows and their level to the class on both axes, one text per row.
    parties
        Weight of each pillar by party, ratios.
    leading
        The party whose weights the published score has.
    shift
        Shift within the geometric mean, points.
    """

    pillars: Callable[[pd.DataFrame], pd.DataFrame]
    quadrants: Callable[[pd.DataFrame, Level], pd.Series[str]]
    parties: Mapping[str, Mapping[str, float]]
    leading: str
    shift: float


@dataclass(frozen=True)
class Layers:
    """
    The layers of one release, as the page wants them.

    Attributes
    ----------
    package
        The GeoPackage.
    counts
        Number of rows by layer; a layer that the release left out is absent.
    """

    package: Path
    counts: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, package: Path) -> Layers:
        """Look which layers a GeoPackage has."""
        names = [str(name) for name, _ in pyogrio.list_layers(package)]
        return cls(package, {name: int(pyogrio.read_info(package, layer=name)["features"]) for name in names})

    def read(self, name: str, columns: tuple[str, ...]) -> gpd.GeoDataFrame:
        """
        Read a layer with geometry.

        Parameters
        ----------
        name
            A layer that is there.
        columns
            Wanted columns; what the layer lacks is left out.

        Returns
        -------
        rows
            In RD New, columns in the order of the layer.
        """
        there = set(pyogrio.read_info(self.package, layer=name)["fields"])
        wanted = [column for column in columns if column in there]
        rows: gpd.GeoDataFrame = pyogrio.read_dataframe(self.package, layer=name, columns=wanted, use_arrow=True)
        return rows

    def plain(self, name: str) -> pd.DataFrame:
        """Read a table without geometry; no rows where the release has none."""
        if name not in self.counts:
            return pd.DataFrame()
        table: pd.DataFrame = pyogrio.read_dataframe(self.package, layer=name, read_geometry=False)
        return table


def on_the_web(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Bring a layer to longitude and latitude."""
    return rows.set_geometry(to_web(rows.geometry.to_numpy()), crs=WEB_TEXT)


def with_quadrant(rows: gpd.GeoDataFrame, weighing: Weighing, level: Level) -> gpd.GeoDataFrame:
    """Add the class on both axes where the layer has none of its own."""
    if "kwadrant" in rows or "score_levensloop" not in rows:
        return rows
    return rows.assign(kwadrant=weighing.quadrants(rows, level))


def with_pillars(rows: gpd.GeoDataFrame, weighing: Weighing) -> gpd.GeoDataFrame:
    """Add the pillars, by the same rule, where the layer does not publish them."""
    if any(str(name).startswith(PILLARS) for name in rows):
        return rows
    return rows.join(weighing.pillars(rows).add_prefix(PILLARS))


def coarsened(rows: pd.DataFrame, step: float) -> pd.DataFrame:
    """
    Store numbers with as many digits as the page shows.

    Scores are rounded down, so that a score stays in its class: class limits are multiples of the step.

    Parameters
    ----------
    rows
        Any columns.
    step
        1, 0.1 or 0.01.

    Returns
    -------
    rows
        Real columns at the step, without integers, of which tippecanoe makes texts; dates as ISO text.
    """
    made = rows.copy()
    for name in made.columns:
        kind = made[name].dtype
        if name in DATES:
            made[name] = _iso(made[name])
        elif pd.api.types.is_numeric_dtype(kind):
            made[name] = _stepped(made[name].to_numpy(dtype="float64", na_value=np.nan), name, step)
    return made


def _iso(dates: pd.Series[Any]) -> pd.Series[str]:
    days = pd.to_datetime(dates).to_numpy(dtype="datetime64[D]")
    return pd.Series(np.datetime_as_string(days), index=dates.index, dtype="str").where(~np.isnat(days))


def _stepped(values: npt.NDArray[np.float64], name: str, step: float) -> npt.NDArray[np.float64]:
    # a hair more, because 0.3 / 0.1 is less than 3
    steps = np.floor(values / step + _HAIR) if name.startswith("score_") else np.round(values / step)
    return np.round(steps * step, 2)
