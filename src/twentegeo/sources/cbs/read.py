"""The door to the Wijk- en Buurtkaart: three tables of areas with what CBS says of them."""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd

from twentegeo.crs import RD_NEW_TEXT
from twentegeo.errors import NotInDelivery, SourceUnavailable, problem
from twentegeo.sources.cbs.columns import INDICATORS
from twentegeo.sources.cbs.figures import figure
from twentegeo.sources.cbs.fill import CbsParams, fill
from twentegeo.sources.cbs.layers import LEVELS, Layer, codes_held, list_layers, read_layer
from twentegeo.sources.polygons import repair
from twentegeo.sources.snapshot import Origin, Snapshot, from_file
from twentegeo.tables.contract import conform
from twentegeo.tables.losses import Reason, gather
from twentegeo.tables.registers import BUURT, GEMEENTE, WIJK

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

logger = logging.getLogger(__name__)

ORIGIN: Final = Origin("neighbourhoods", "CBS Wijk- en Buurtkaart", "CBS en Kadaster", "CC BY 4.0")

_TABLES: Final = {"buurt": BUURT, "wijk": WIJK, "gemeente": GEMEENTE}
_ADVICE: Final = "Het cijfer telt niet mee; controleer de levering of haal haar opnieuw op bij CBS."


@dataclass(frozen=True, slots=True)
class Neighbourhoods:
    """
    CBS areas as read.

    Attributes
    ----------
    buurt, wijk, gemeente
        Tables by ``BUURT``, ``WIJK`` and ``GEMEENTE``, sorted by code.
    missing
        Level and indicator that neither this edition nor an earlier one gives.
    years
        By level: the year that each indicator comes from.
    year
        Year of the map; None where the file does not tell.
    losses
        Rows by ``KOPPELVERLIES``: figures that were given but cannot be.
    counts
        Areas per level, ``onmogelijke cijfers <level>``, and ``hersteld`` geometries.
    """

    buurt: gpd.GeoDataFrame
    wijk: gpd.GeoDataFrame
    gemeente: gpd.GeoDataFrame
    missing: list[tuple[str, str]]
    years: dict[str, dict[str, int | None]]
    year: int | None
    losses: pd.DataFrame
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Level:
    """One level, its figures read; what could not be and what was absent beside it."""

    table: gpd.GeoDataFrame
    absent: list[str]
    losses: pd.DataFrame
    repaired: int


def fetch(path: Path) -> Snapshot:
    """
    Take files on disk as a delivery of the Wijk- en Buurtkaart.

    Parameters
    ----------
    path
        GeoPackage, shapefile, zip of either, or folder of shapefiles.

    Returns
    -------
    snapshot
        The delivery and its checksum; for shapefiles that of all files of which they consist.
    """
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.suffix.lower() in (".shp", ".dbf", ".prj", ".shx"))
        if not any(file.suffix.lower() == ".shp" for file in files):
            remedy = "Zet de Wijk- en Buurtkaart van CBS in deze map"
            raise SourceUnavailable(problem(path, "map bevat geen shapefile (.shp)", remedy))
        return _together(path, files)
    if path.suffix.lower() == ".shp" and path.is_file():
        return _together(path, sorted(path.parent.glob(f"{path.stem}.*")))
    return from_file(ORIGIN, path)


def _together(path: Path, files: list[Path]) -> Snapshot:
    # a shapefile is several files: its figures stand in the .dbf, so the .shp alone does not identify it
    parts = [from_file(ORIGIN, file) for file in files]
    digest = hashlib.sha256("".join(f"{part.path.name}:{part.sha256};" for part in parts).encode())
    last = max(part.retrieved_at for part in parts)
    size = sum(part.size_bytes for part in parts)
    return replace(parts[0], path=path, sha256=digest.hexdigest(), size_bytes=size, retrieved_at=last)


def read(
    snapshot: Snapshot,
    municipalities: tuple[str, ...],
    earlier: Sequence[Snapshot] = (),
    params: CbsParams | None = None,
) -> Neighbourhoods:
    """
    Read the areas of some municipalities.

    Parameters
    ----------
    snapshot
        GeoPackage or shapefile, 2021 to 2025.
    municipalities
        CBS codes as text, with or without ``GM``.
    earlier
        Earlier editions, the latest first: figures that the snapshot lacks come from the first one that has them.
        One that does not hold the region is passed over.
    params
        When an area of an earlier edition is the same one; the defaults when None.

    Returns
    -------
    neighbourhoods
        Districts and municipalities that the delivery lacks are put together from their buurten, without
        figures: those of a whole are no sum of rounded parts.

    Raises
    ------
    SourceUnavailable
        The delivery is absent or cannot be opened.
    SourceChanged
        No buurten in it, or not in RD New.
    NotInDelivery
        A municipality that it does not hold.
    """
    wanted = tuple(f"GM{code.strip().upper().removeprefix('GM').zfill(4)}" for code in municipalities)
    layers = list_layers(snapshot.path)
    raw = {level: read_layer(snapshot.path, layer, wanted) for level, layer in layers.items()}
    _require_held(snapshot.path, layers["buurt"], raw["buurt"], wanted)
    year = _year(raw["buurt"], snapshot.path)
    raw = {level: raw[level] if level in raw else _put_together(raw["buurt"], level) for level in LEVELS}
    levels = {level: _by_contract(level, areas, year) for level, areas in raw.items()}
    before = _earlier(earlier, municipalities)
    filled = {
        level: fill(
            level,
            levels[level].table,
            [(getattr(one, level), one.year) for one in before],
            year,
            params or CbsParams(),
        )
        for level in LEVELS
    }
    years = {level: found for level, (_, found) in filled.items()}
    missing = [(level, name) for level in LEVELS for name in levels[level].absent if name not in years[level]]
    if missing:
        by_level = {level: [name for at, name in missing if at == level] for level in LEVELS}
        logger.info(
            "%s: %d figures are not in this delivery (buurt: %s)",
            snapshot.path.name,
            len(missing),
            ", ".join(by_level["buurt"]) or "none",
        )
    counts = {level: len(levels[level].table) for level in LEVELS}
    counts |= {f"onmogelijke cijfers {level}": len(levels[level].losses) for level in LEVELS}
    counts["hersteld"] = sum(levels[level].repaired for level in LEVELS)
    return Neighbourhoods(
        buurt=filled["buurt"][0],
        wijk=filled["wijk"][0],
        gemeente=filled["gemeente"][0],
        missing=missing,
        years=years,
        year=year,
        losses=gather([levels[level].losses for level in LEVELS]),
        counts=counts,
    )


def _earlier(snapshots: Sequence[Snapshot], municipalities: tuple[str, ...]) -> list[Neighbourhoods]:
    found = []
    for snapshot in snapshots:
        try:
            found.append(read(snapshot, municipalities))
        except NotInDelivery as error:
            logger.info("%s is left out: %s", snapshot.path.name, error)
    return found


def _require_held(path: Path, layer: Layer, areas: gpd.GeoDataFrame, wanted: tuple[str, ...]) -> None:
    absent = sorted(set(wanted) - set(areas["gemeente_code"]))
    if absent:
        held = codes_held(layer)
        place = f"gemeente {', '.join(absent)} komt niet voor in laag '{layer.name}' (wel: {', '.join(held[:8])}"
        more = f" en {len(held) - 8} andere)" if len(held) > 8 else ")"  # noqa: PLR2004
        remedy = "Pas 'municipalities' in de instellingen aan of lever een kaart die de gemeente bevat"
        raise NotInDelivery(problem(path, place + more, remedy))


def _put_together(buurten: gpd.GeoDataFrame, level: str) -> gpd.GeoDataFrame:
    code = f"{level}_code"
    columns = [code, "gemeente_code", *(name for name in ("gemeente_naam",) if name in buurten), "geometry"]
    unique = list(dict.fromkeys(columns))
    areas: gpd.GeoDataFrame = buurten[unique].dissolve(by=code, as_index=False, sort=True)
    if level == "wijk":
        areas["wijk_naam"] = "Wijk " + areas[code].str[6:]
    return areas


def _by_contract(level: str, areas: gpd.GeoDataFrame, year: int | None) -> _Level:
    code = f"{level}_code"
    absent = [name for name in INDICATORS if name not in areas]
    values, losses = {}, []
    for name in INDICATORS:
        if name in absent:
            values[name] = pd.Series(float("nan"), index=areas.index)
            continue
        values[name], impossible = figure(name, areas[name])
        reason = Reason("CBS-cijfers lezen", level, f"onmogelijke waarde voor {name}", _ADVICE)
        losses.append(reason.rows(areas.loc[impossible, code]))
    sound, repaired = repair(areas.geometry.to_numpy())
    names = {
        "naam": areas[f"{level}_naam"] if f"{level}_naam" in areas else areas[code],
        "gemeente_naam": areas["gemeente_naam"] if "gemeente_naam" in areas else areas["gemeente_code"],
    }
    keys = {key: areas[key] for key in ("buurt_code", "wijk_code", "gemeente_code") if key in areas}
    table = gpd.GeoDataFrame(
        {**keys, **names, "cbs_jaar": pd.Series(year, index=areas.index, dtype="Int64"), **values},
        geometry=sound,
        crs=RD_NEW_TEXT,
    )
    merged = table if table[code].is_unique else table.dissolve(by=code, as_index=False)
    return _Level(
        conform(_TABLES[level], merged.sort_values(code)),
        absent,
        pd.concat(losses) if losses else gather([]),
        int(repaired.sum()),
    )


def _year(buurten: gpd.GeoDataFrame, path: Path) -> int | None:
    for column in ("jaar", "jaarcode"):
        if column in buurten and buurten[column].notna().any():
            found = re.match(r"\d{4}", str(buurten[column].dropna().iloc[0]))
            if found:
                return int(found.group())
    named = re.search(r"20\d{2}", path.name)
    return int(named.group()) if named else None
