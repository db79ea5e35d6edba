"""CBS areas: buurten made from whole cells, wijken from buurten, with figures that follow from the homes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from twentegeo.sample.gazetteer import MUNICIPALITIES, VILLAGES
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
            groups = _compact(cells[["x", "y"]].to_numpy()[mine], max(1, round(room * len(mine) / max(town.sum(), 1))))
            label[mine] = [f"{v:03d}a{g:03d}" for g in groups]
            for g in np.unique(groups):
                names[f"{v:03d}a{g:03d}"] = (f"{name} {_QUARTERS[g % len(_QUARTERS)]}" if groups.max() else name, name)
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


_QUARTERS: Final = (
    "Centrum", "Noord", "Oost", "Zuid", "West", "Noordoost", "Zuidoost", "Zuidwest", "Noordwest", "De Es", "Het Broek",
    "De Maat",
    "De Kamp", "De Haar", "Het Veld", "De Stroot", "De Horst", "Het Laar", "De Brink", "Het Woold", "De Bleek",
    "De Marke", "De Pol", "De Riet", "De Venne", "Het Goor",
)  # fmt: skip


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
    table = table.join(_people(n, mean, area, rng)).join(_dwellings(n, mean, rng))
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


def _people(n: npt.NDArray[np.int64], mean: pd.DataFrame, area: Floats, rng: np.random.Generator) -> pd.DataFrame:
    """Inhabitants and households; counts rounded to five, shares hidden under fifty inhabitants."""
    size = np.clip(2.45 - 1.0 * mean["high"].fillna(0).to_numpy() + rng.normal(0, 0.08, len(n)), 1.3, 3.0)
    households = n * 0.97
    people = households * size
    old = np.clip(23 + 9 * rng.normal(0, 0.7, len(n)) - 8 * mean["new"].fillna(0).to_numpy(), 6, 48)
    young = np.clip(16 + 3 * rng.normal(size=len(n)) + 5 * mean["new"].fillna(0).to_numpy(), 5, 28)
    teens, adults = np.full(len(n), 11.0), np.clip(25 + 3 * rng.normal(size=len(n)), 15, 35)
    single = np.clip(24 + 34 * mean["high"].fillna(0).to_numpy() + 4 * rng.normal(size=len(n)), 8, 80)
    with_children = np.clip(38 - 0.35 * single + 0.6 * young, 8, 60)
    few, tiny = people < 50, people < 5
    density = np.round(people / np.maximum(area / 100, 0.01))
    addresses = np.round(np.clip(n / np.maximum(area / 100, 0.05), 10, 4500))

    def rounded(values: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
        return np.where(tiny, 0, 5 * np.round(values / 5)).astype(np.int64)

    def share(values: Floats) -> npt.NDArray[np.int64]:
        return np.where(few, SUPPRESSED, np.round(values)).astype(np.int64)

    return pd.DataFrame(
        {
            "meest_voorkomende_postcode": "7500", "dekkingspercentage": 1,
            "omgevingsadressendichtheid": addresses.astype(int),
            "stedelijkheid_adressen_per_km2": 5 - np.digitize(addresses, (500, 1000, 1500, 2500)),
            "bevolkingsdichtheid_inwoners_per_km2": density.astype(int), "aantal_inwoners": rounded(people),
            "mannen": rounded(people * 0.502), "vrouwen": rounded(people * 0.498),
            "percentage_personen_0_tot_15_jaar": share(young), "percentage_personen_15_tot_25_jaar": share(teens),
            "percentage_personen_25_tot_45_jaar": share(adults),
            "percentage_personen_45_tot_65_jaar": share(100 - young - teens - adults - old),
            "percentage_personen_65_jaar_en_ouder": share(old), "percentage_ongehuwd": share(np.full(len(n), 45.0)),
            "percentage_gehuwd": share(np.full(len(n), 42.0)), "percentage_gescheid": share(np.full(len(n), 8.0)),
            "percentage_verweduwd": share(np.full(len(n), 5.0)), "aantal_huishoudens": rounded(households),
            "percentage_eenpersoonshuishoudens": share(single),
            "percentage_huishoudens_zonder_kinderen": share(100 - single - with_children),
            "percentage_huishoudens_met_kinderen": share(with_children),
            "gemiddelde_huishoudsgrootte": np.where(few, float(SUPPRESSED), np.round(size, 1)),
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
