"""What changed since the release that stands: both states side by side, and tonight under that release's settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pydantic import ValidationError

from twentegeo.pipeline import layers as layer_assembly
from twentegeo.pipeline import manifest as told
from twentegeo.pipeline import program
from twentegeo.pipeline import stock as joining
from twentegeo.priority.normalise import normalise
from twentegeo.priority.two_axes import blend
from twentegeo.programme.causes import AXES, COLUMNS, pair
from twentegeo.programme.changes import LEVELS, AreaFigures, Changes, Comparison, changes
from twentegeo.programme.split import World
from twentegeo.publish.package_reading import columns_of, read_layer, read_places
from twentegeo.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twentegeo.figures import Reference
    from twentegeo.pipeline.registers import Registers
    from twentegeo.pipeline.stages import Stages
    from twentegeo.priority.normalise import Level
    from twentegeo.programme.causes import Floats
    from twentegeo.programme.split import Blend

ReadPlaces = Callable[[Path, str, Sequence[str]], "pd.DataFrame | None"]
"""Reads some columns of a layer of points, and where they lie."""

HOMES: Final = "verblijfsobject"
AGEING: Final = "pijler_vergrijzing"
"""What counts in the score of an area beside the scores of its dwellings."""

_AREA_COLUMNS: Final = ("code", "naam", "n_woningen", "score_prioriteit", AGEING)
_DECIMALS: Final = 2


@dataclass(frozen=True)
class Before:
    """
    The release that stands.

    Attributes
    ----------
    manifest
        What it says of itself.
    layers
        ``verblijfsobject``, with ``x`` and ``y``, ``buurt``, ``wijk`` and ``gemeente``: the columns that are compared.
    """

    manifest: dict[str, Any]
    layers: dict[str, pd.DataFrame]


def before(package: Path, manifest: dict[str, Any], read: ReadPlaces = read_places) -> Before | str:
    """
    Read what is compared from the release that stands.

    Parameters
    ----------
    package
        Its GeoPackage.
    manifest
        What it says of itself.
    read
        Reads the dwellings: :func:`twentegeo.publish.package_reading.read_places`, perhaps in another process.

    Returns
    -------
    before
        The release, or in Dutch why it cannot be compared with: it is of an older version, or of another region.

    Raises
    ------
    ReleaseError
        The file is damaged.
    """
    if not package.is_file():
        return f"de vorige release heeft geen {package.name}"
    wanted = {HOMES: COLUMNS, **dict.fromkeys(LEVELS, _AREA_COLUMNS)}
    for name, columns in wanted.items():
        lacking = set(columns) - set(columns_of(package, name))
        if lacking:
            return f"laag {name} van de vorige release mist {', '.join(sorted(lacking))}"
    found: dict[str, pd.DataFrame | None] = {HOMES: read(package, HOMES, COLUMNS)}
    found |= {name: read_layer(package, name, _AREA_COLUMNS) for name in LEVELS}
    return Before(manifest, {name: rows for name, rows in found.items() if rows is not None})


def what_changed(
    earlier: Before,
    layers: Mapping[str, pd.DataFrame],
    rules: tuple[Settings, Reference],
    registers: Registers,
    stages: Stages,
) -> Changes:
    """
    Tell what changed since the release that stands.

    Parameters
    ----------
    earlier
        That release.
    layers
        Tonight's layers.
    rules
        Tonight's settings and figures.
    registers, stages
        What was read, and where outcomes are kept; a night with other settings computes its scores under the old ones
        too, so that their effect is measured and not guessed.

    Returns
    -------
    changes
        Per dwelling and per area.
    """
    settings, reference = rules
    old_settings = settings_then(settings, earlier.manifest)
    same = old_settings is None or steering(old_settings) == steering(settings)
    under = settings if same or old_settings is None else old_settings
    world = layers if same else _layers_under(under, reference, registers, stages)
    both = pair(_dwellings(earlier.layers[HOMES]), _dwellings(layers[HOMES]))
    hypothetical = both.new if same else pd.DataFrame(world[HOMES]).set_index("vbo_id").reindex(both.new.index)
    compared = Comparison(
        both=both,
        world=World(
            axes=(_rounded(hypothetical[AXES[0]]), _rounded(hypothetical[AXES[1]])),
            score=_rounded(hypothetical["score_prioriteit"]),
        ),
        blend=_blend("woning", world[HOMES], (under, reference), None),
        areas={name: _areas(name, earlier.layers, layers, world, (under, reference)) for name in LEVELS},
        new_method=program.method_of(reference) != earlier.manifest["herkomst"]["methode"],
    )
    return changes(compared, pd.Timestamp(layers[HOMES]["peildatum"].iloc[0]), settings.changes)


def settings_then(settings: Settings, manifest: dict[str, Any]) -> Settings | None:
    """
    Take up the settings of an earlier release.

    Parameters
    ----------
    settings
        Tonight's; paths and whatever steers no result are taken from them.
    manifest
        What the release says of itself.

    Returns
    -------
    settings
        None where this version of the program no longer knows those settings.
    """
    try:
        return Settings.model_validate(_laid_over(settings.model_dump(mode="json"), manifest["instellingen"]))
    except ValidationError:
        return None


def steering(settings: Settings) -> dict[str, Any]:
    """
    Tell the settings that decide what the layers say.

    Parameters
    ----------
    settings
        Any.

    Returns
    -------
    steering
        Without the floors of the checks, which decide only whether something is published.
    """
    return {key: value for key, value in told.settings_of(settings).items() if key != "checks"}


def _laid_over(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Lay settings over others; a part that the upper ones tell only in part keeps the rest of the lower."""
    laid = dict(base)
    for key, value in over.items():
        below = laid.get(key)
        laid[key] = _laid_over(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return laid


def _layers_under(
    settings: Settings, reference: Reference, registers: Registers, stages: Stages
) -> Mapping[str, pd.DataFrame]:
    stock = joining.assemble(settings, reference, registers, stages)
    return layer_assembly.map_layers(registers, stock, reference, settings, None).layers


def _dwellings(rows: pd.DataFrame) -> pd.DataFrame:
    """Take the columns that are compared, scores as they are published."""
    found = pd.DataFrame(rows)[list(COLUMNS)].copy()
    for name in (*AXES, "score_prioriteit"):
        found[name] = _rounded(found[name])
    if isinstance(rows, gpd.GeoDataFrame):
        place = shapely.get_coordinates(rows.geometry.to_numpy())
        rows = pd.DataFrame({"x": place[:, 0], "y": place[:, 1]}, index=rows.index)
    return found.assign(x=rows["x"], y=rows["y"], label_geldig_tot=pd.to_datetime(found["label_geldig_tot"]))


def _areas(
    name: str,
    old: Mapping[str, pd.DataFrame],
    new: Mapping[str, pd.DataFrame],
    world: Mapping[str, pd.DataFrame],
    rules: tuple[Settings, Reference],
) -> AreaFigures:
    then, now, under = (pd.DataFrame(rows[name]).set_index("code") for rows in (old, new, world))
    codes = then.index.union(now.index)
    ageing = _rounded(then[AGEING].reindex(codes)), _rounded(now[AGEING].reindex(codes))
    same = (ageing[0] == ageing[1]) | (np.isnan(ageing[0]) & np.isnan(ageing[1]))
    return AreaFigures(
        old=_figures(then),
        new=_figures(now),
        under_old=pd.Series(_rounded(under["score_prioriteit"]), index=under.index),
        blend=_blend("gebied", new[name], rules, ageing[0]),
        same=pd.Series(same, index=codes),
    )


def _figures(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[["naam", "n_woningen"]].assign(score_prioriteit=_rounded(rows["score_prioriteit"]))


def _blend(level: Level, rows: pd.DataFrame, rules: tuple[Settings, Reference], ageing: Floats | None) -> Blend:
    """Make the score of dwellings or areas from the axes alone; what the region lacks tonight counts for none."""
    settings, reference = rules
    limits = [reference.norms.limits(level, name) for name in AXES]
    there = [name for name in AXES if rows[name].notna().any()]
    beside = ageing if ageing is not None and rows[AGEING].notna().any() else None

    def score(energy: Floats, life: Floats) -> Floats:
        # `pillars` does the same for any indicators, thirty times slower; here it is asked some forty times
        axes = zip(AXES, (energy, life), limits, strict=True)
        columns = {name.removeprefix("score_"): normalise(one, *bounds) for name, one, bounds in axes if name in there}
        if beside is not None:
            columns[AGEING.removeprefix("pijler_")] = beside
        return blend(pd.DataFrame(columns), settings.axes)[0]

    return score


def _rounded(column: pd.Series[float]) -> Floats:
    return np.asarray(np.round(column.to_numpy(dtype="float64", na_value=np.nan), _DECIMALS))
