"""CBS areas: buurten made from whole cells, wijken from buurten, with figures that follow from the homes."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from twentegeo.sample.gazetteer import MUNICIPALITIES, VILLAGES
from twentegeo.sample.residents import AGES, residents
from twentegeo.sample.seeds import generator

if TYPE_CHECKING:
    import numpy.typing as npt

    from twentegeo.sample.settle import Region

    Floats = npt.NDArray[np.float64]

SUPPRESSED: Final = -99_997
"""What CBS writes where a figure is missing or secret."""

A_WIJK: Final = 8
"""Buurten in a wijk, about."""

GAS: Final = (2150, 1560, 1330, 1140, 860)
"""Mean gas use in m³ a year by type of home (detached, semi, end, middle, flat)."""


def divide(region: Region, scale: float) -> pd.DataFrame:
    """
    Assign every cell to a buurt and a wijk.

    Parameters
    ----------
    region
        The settled ground.
    scale
        As for the whole sample; a smaller one has fewer buurten.

    Returns
    -------
    areas
        index = cell; buurt (``BU01530000``), wijk, gemeente (``GM0153``), buurtnaam, wijknaam, water ("JA", "NEE").
    """
    parts = [_municipality(region, m.code, max(4, round(m.buurten * scale**0.42))) for m in MUNICIPALITIES]
    return pd.concat(parts).sort_index()


def _municipality(region: Region, code: str, target: int) -> pd.DataFrame:
    """Town cells of each village in compact groups, the country around each village as one buurt, lakes apart."""
    cells = region.cells[region.cells["gemeente"] == code]
    town = cells["town"].to_numpy()
    village = cells["village"].to_numpy()
    label = np.full(len(cells), "", dtype=object)
    names: dict[str, tuple[str, str]] = {}
    country = np.unique(village[~town])
    room = max(target - len(country), 1)
    for v in np.unique(village):
        name = VILLAGES[v].name
        mine = np.flatnonzero(town & (village == v))
        if len(mine):
            places = cells[["x", "y"]].to_numpy()[mine]
            groups = _compact(places, max(1, round(room * len(mine) / max(town.sum(), 1))))
            label[mine] = [f"{v:03d}a{g:03d}" for g in groups]
            for g, quarter in enumerate(quarters(places, groups)):
                names[f"{v:03d}a{g:03d}"] = (f"{name} {quarter}" if groups.max() else name, name)
        label[~town & (village == v)] = f"{v:03d}b000"
        names[f"{v:03d}b000"] = (f"Verspreide huizen {name}", f"Buitengebied {name}")
    lake = (cells["character"] == "water").to_numpy()
    for i in np.flatnonzero(lake):
        label[i] = f"{village[i]:03d}c{i:03d}"
        names[label[i]] = ("Grote plas", f"Buitengebied {VILLAGES[village[i]].name}")
    order = sorted(set(label))
    wijk, seen, count = {}, -1, A_WIJK
    previous = ""
    for key in order:
        if key[:3] != previous or count >= A_WIJK:
            seen, count, previous = seen + 1, 0, key[:3]
        wijk[key] = (seen, count)
        count += 1
    return pd.DataFrame(
        {
            "buurt": [f"BU{code}{wijk[k][0]:02d}{wijk[k][1]:02d}" for k in label],
            "wijk": [f"WK{code}{wijk[k][0]:02d}" for k in label], "gemeente": f"GM{code}",
            "buurtnaam": [names[k][0] for k in label],
            "wijknaam": [f"Wijk {wijk[k][0]:02d} {VILLAGES[int(k[:3])].name}" for k in label],
            "water": np.where(lake, "JA", "NEE"),
        },
        index=cells.index,
    )  # fmt: skip


_DIRECTIONS: Final = ("Oost", "Noordoost", "Noord", "Noordwest", "West", "Zuidwest", "Zuid", "Zuidoost")
"""Anticlockwise, as angles go."""

_FIELDS: Final = (
    "De Es", "Het Broek", "De Maat", "De Kamp", "De Haar", "Het Veld", "De Stroot", "De Horst", "Het Laar", "De Brink",
    "Het Woold", "De Bleek", "De Marke", "De Pol", "De Riet", "De Venne", "Het Goor",
)  # fmt: skip


def quarters(points: Floats, groups: npt.NDArray[np.int64]) -> list[str]:
    """
    Name the quarters of a town: the middle one, those around it after where they lie, the others after a field.

    Parameters
    ----------
    points
        (n, 2) middles of the cells of a town, north up.
    groups
        (n,) quarter of each cell, from 0.

    Returns
    -------
    names
        One per quarter.
    """
    count = int(groups.max()) + 1
    middle = np.array([points[groups == g].mean(axis=0) for g in range(count)])
    centre = int(np.hypot(*(middle - points.mean(axis=0)).T).argmin())
    east, north = (middle - middle[centre]).T
    eighth = np.degrees(np.arctan2(north, east)) % 360 / 45
    names = dict.fromkeys(range(count), "")
    names[centre] = "Centrum"
    # who lies nearest to a direction bears its name
    for g in np.argsort(np.abs(eighth - np.round(eighth)), kind="stable").tolist():
        direction = _DIRECTIONS[round(eighth[g]) % len(_DIRECTIONS)]
        if not names[g] and direction not in names.values():
            names[g] = direction
    fields = cycle(f"{field}{half}" for half in ("", " Noord", " Zuid", " Oost", " West") for field in _FIELDS)
    return [names[g] or next(fields) for g in range(count)]


def _compact(points: Floats, groups: int) -> npt.NDArray[np.int64]:
    """Group points into compact clusters: seats far apart, then a few rounds of moving them to the middle."""
    groups = min(groups, len(points))
    seats = [0]
    distance = np.hypot(*(points - points[0]).T)
    while len(seats) < groups:
        seats.append(int(distance.argmax()))
        distance = np.minimum(distance, np.hypot(*(points - points[seats[-1]]).T))
    middle = points[seats]
    for _ in range(6):
        near = np.hypot(points[:, None, 0] - middle[None, :, 0], points[:, None, 1] - middle[None, :, 1]).argmin(axis=1)
        middle = np.array([points[near == g].mean(axis=0) if (near == g).any() else middle[g] for g in range(groups)])
    return np.unique(near, return_inverse=True)[1]


def figures(region: Region, areas: pd.DataFrame, homes: pd.DataFrame, level: str, seed: int) -> pd.DataFrame:
    """
    Count and estimate, per area, what CBS publishes.

    Parameters
    ----------
    region, areas, homes
        The made-up ground, its division, its homes.
    level
        "buurt", "wijk" or "gemeente".
    seed
        The sample's seed.

    Returns
    -------
    table
        One row per area, sorted by code, by the column names of the 2025 edition, fuller columns behind; geometry
        (multipolygon). Figures of small areas are :data:`SUPPRESSED`; water areas hold no figures.
    """
    rng = generator(seed, 41)
    cells = region.cells
    shapes = pd.Series(cells["geometry"].to_numpy(dtype=object)).groupby(areas[level].to_numpy())
    union = shapes.agg(lambda s: shapely.coverage_union_all(s.to_numpy(dtype=object)))
    first = areas.groupby(level).first()
    codes = union.index
    own = homes[homes["stock"] & ~homes["future"]]
    code = areas[level].to_numpy(dtype=object)[own["cell"]]
    group = own.assign(code=code, high=own["type"] == 4, new=own["built"] >= 2000, corp=own["owner"] > 0)
    group["gas"] = np.array(GAS)[own["type"]] * (0.72 + 0.045 * (own["label"] - 5).clip(lower=0))
    mean = group.groupby("code")[["high", "new", "rented", "corp", "gas", "size"]].mean().reindex(codes)
    n: npt.NDArray[np.int64] = group.groupby("code").size().reindex(codes, fill_value=0).to_numpy().astype(np.int64)
    area = shapely.area(union.to_numpy(dtype=object)) / 10_000
    wet = first["water"].loc[codes].to_numpy() == "JA"
    multi = np.array(
        [g if isinstance(g, shapely.MultiPolygon) else shapely.MultiPolygon([g]) for g in union], dtype=object
    )
    names = {f"GM{m.code}": m.name for m in MUNICIPALITIES}
    gemeente = first["gemeente"].loc[codes].to_numpy() if level != "gemeente" else codes.to_numpy()
    table = pd.DataFrame({"gemeentecode": gemeente, "gemeentenaam": [names[g] for g in gemeente]})
    if level != "gemeente":
        table["wijkcode"] = first["wijk"].loc[codes].to_numpy() if level == "buurt" else codes.to_numpy()
    if level == "buurt":
        table["buurtcode"], table["buurtnaam"] = codes, first["buurtnaam"].loc[codes].to_numpy()
        table["indelingswijziging_wijken_en_buurten"] = 1
    if level == "wijk":
        table["wijknaam"] = first["wijknaam"].loc[codes].to_numpy()
    # only an area that is water as a whole is left out by its readers
    table["water"] = np.where(wet & (n == 0) & (level == "buurt"), "JA", "NEE")
    living = residents(own, areas["buurt"].to_numpy(dtype=object)[own["cell"]], seed).groupby(code).sum()
    table = table.join(_people(living.reindex(codes, fill_value=0.0), n, area)).join(_dwellings(n, mean, rng))
    table["oppervlakte_totaal_in_ha"] = np.round(area).astype(int)
    table["oppervlakte_land_in_ha"] = np.round(np.where(table["water"] == "JA", 0, area * 0.985)).astype(int)
    table["oppervlakte_water_in_ha"] = table["oppervlakte_totaal_in_ha"] - table["oppervlakte_land_in_ha"]
    table["jrstatcode"], table["jaar"] = "2026" + codes, 2026
    dry = [c for c in table.columns if table[c].dtype.kind in "if" and c not in _ALWAYS]
    table.loc[table["water"] == "JA", dry] = SUPPRESSED
    return table.assign(geometry=multi)


_ALWAYS: Final = (
    "oppervlakte_totaal_in_ha", "oppervlakte_land_in_ha", "oppervlakte_water_in_ha", "jaar",
    "indelingswijziging_wijken_en_buurten",
)  # fmt: skip


def _people(living: pd.DataFrame, n: npt.NDArray[np.int64], area: Floats) -> pd.DataFrame:
    """
    Round and withhold what CBS rounds and withholds.

    Counts are rounded to five; ages are hidden under fifty inhabitants, kinds of household under ten households, as
    in the real map of 2021.
    """
    households = living["huishoudens"].to_numpy()
    people = living[list(AGES)].sum(axis=1).to_numpy()

    def rounded(values: Floats) -> npt.NDArray[np.int64]:
        return (5 * np.round(values / 5)).astype(np.int64)

    def share(values: Floats, total: Floats, least: int) -> npt.NDArray[np.int64]:
        with np.errstate(invalid="ignore"):
            whole = np.round(100 * values / total)
        return np.where(rounded(total) < least, SUPPRESSED, np.nan_to_num(whole)).astype(np.int64)

    def of_people(values: Floats) -> npt.NDArray[np.int64]:
        return share(values, people, 50)

    def of_households(values: Floats) -> npt.NDArray[np.int64]:
        return share(values, households, 10)

    addresses = np.round(np.clip(n / np.maximum(area / 100, 0.05), 10, 4500))
    ages = {age: of_people(living[age].to_numpy()) for age in AGES}
    alone, children = living["alleen"].to_numpy(), living["met_kinderen"].to_numpy()
    size = np.divide(people, households, out=np.full(len(n), float(SUPPRESSED)), where=households > 0)
    return pd.DataFrame(
        {
            "meest_voorkomende_postcode": "7500", "dekkingspercentage": 1,
            "omgevingsadressendichtheid": addresses.astype(int),
            "stedelijkheid_adressen_per_km2": 5 - np.digitize(addresses, (500, 1000, 1500, 2500)),
            "bevolkingsdichtheid_inwoners_per_km2": np.round(people / np.maximum(area / 100, 0.01)).astype(int),
            "aantal_inwoners": rounded(people), "mannen": rounded(people * 0.502), "vrouwen": rounded(people * 0.498),
            **{f"percentage_personen_{age}_jaar": ages[age] for age in AGES[:-1]},
            "percentage_personen_65_jaar_en_ouder": ages[AGES[-1]],
            "percentage_ongehuwd": of_people(0.45 * people), "percentage_gehuwd": of_people(0.42 * people),
            "percentage_gescheid": of_people(0.08 * people), "percentage_verweduwd": of_people(0.05 * people),
            "aantal_huishoudens": rounded(households), "percentage_eenpersoonshuishoudens": of_households(alone),
            "percentage_huishoudens_zonder_kinderen": of_households(households - alone - children),
            "percentage_huishoudens_met_kinderen": of_households(children),
            "gemiddelde_huishoudsgrootte": np.round(size, 1),
        }
    )  # fmt: skip


def _dwellings(n: npt.NDArray[np.int64], mean: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Stock, tenure, age and gas of the fuller editions; hidden under twenty homes, and now and then elsewhere."""
    few = n < 20
    high, new, let, corp, gas, size = (
        mean[c].fillna(0).to_numpy() for c in ("high", "new", "rented", "corp", "gas", "size")
    )

    def share(values: Floats, hidden: npt.NDArray[np.bool_] = few) -> npt.NDArray[np.int64]:
        return np.where(hidden, SUPPRESSED, np.round(values)).astype(np.int64)

    rare = few | (rng.random(len(n)) < 0.03)
    columns = {
        "woningvoorraad": n.astype(np.int64), "gemiddelde_woningwaarde": share(120 + 2.0 * size, rare),
        "percentage_eengezinswoning": share(100 - 100 * high), "percentage_meergezinswoning": share(100 * high),
        "percentage_bewoond": share(np.full(len(n), 96.0)),
        "percentage_leegstand_woningen": share(np.full(len(n), 4.0)),
        "percentage_koopwoningen": share(100 - 100 * let), "percentage_huurwoningen": share(100 * let),
        "perc_huurwoningen_in_bezit_woningcorporaties": share(100 * corp),
        "perc_huurwoningen_in_bezit_overige_verhuurders": share(100 * (let - corp)),
        "percentage_woningen_met_eigendom_onbekend": share(np.zeros(len(n))),
        "percentage_bouwjaarklasse_tot_2000": share(100 - 100 * new),
        "percentage_bouwjaarklasse_vanaf_2000": share(100 * new),
        "percentage_woningen_met_stadsverwarming": share(np.zeros(len(n)), rare),
        "gemiddeld_gasverbruik_totaal": share(10 * np.round(gas / 10), rare),
    }  # fmt: skip
    kinds = ("vrijstaande_woning", "2_onder_1_kap_woning", "hoekwoning", "tussenwoning", "appartement")
    for kind, use in zip(kinds, GAS, strict=True):
        columns[f"gemiddeld_gasverbruik_{kind}"] = share(
            use * rng.uniform(0.8, 1.1, len(n)), rare | (rng.random(len(n)) < 0.2)
        )
    columns["gemiddeld_gasverbruik_huurwoning"] = share(gas * 0.85, rare)
    columns["gemiddeld_gasverbruikkoopwoning"] = share(gas * 1.08, rare)
    columns["gemiddeld_elektriciteitsverbruik_totaal"] = share(1800 + 9 * size, rare)
    return pd.DataFrame(columns)
