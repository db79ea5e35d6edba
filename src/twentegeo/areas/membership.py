"""
Which dwellings belong to a concentration: the best division of a zone, not a smoothed picture of it.

Every building near the significant cells is in or out. What speaks for a building are its own labels: are they
likelier if the odds of class E, F or G are as much higher as in the core of the zone, or if they are what kind and
period lead one to expect (Bernoulli likelihood ratio of Kulldorff 1997, with the expectation of each dwelling as its
own baseline)? Buildings next to each other pull each other along, so that a house without a label follows its
neighbours and a lone one does not stick out (Ising prior, Besag 1986). The division with the highest total is found
exactly, as a minimum cut (Greig, Porteous and Seheult 1989).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import scipy
import shapely
from pydantic import Field

from twentegeo.areas.smoothing import is_evidence
from twentegeo.tables.parameters import Parameters

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

_ROUNDS = 4
"""Times that the odds of the core and the division are sought by turns; they settle in two or three."""

_NEWTON = 30
_LARGEST_LOG_ODDS = 6.0
_RIDGE = 0.5
"""Half a dwelling's worth of caution in the odds of a zone, so that a zone of three labels claims no certainty."""

_SURE = 0.03
"""No expectation is believed nearer to none or all than this, so that one odd label cannot decide by itself."""

_SCALE = 1000
"""The cut is sought in whole numbers: thousandths of a nat."""


class MembershipParams(Parameters):
    """What steers the division of a zone."""

    buren: int = Field(
        default=12,
        ge=1,
        description=(
            "Aantal naaste panden waarmee een pand samenhangt (panden); in een rij zijn dat de rij zelf, de overkant en"
            " de achterburen."
        ),
    )
    buurafstand_m: float = Field(
        default=80.0,
        gt=0,
        description="Afstand tot waar panden elkaars buren zijn (m): over de breedte van een straat met diepe tuinen.",
    )
    samenhang: float = Field(
        default=0.25,
        ge=0,
        description=(
            "Gewicht van een buur aan de andere kant van de grens (nats, natuurlijke logaritme van een kansverhouding):"
            " twaalf buren samen wegen zo als twee afwijkende labels, zodat een enkel label geen grens maakt en een"
            " rijtje van vijf wel."
        ),
    )
    gelijkenis: float = Field(
        default=0.3,
        ge=0,
        le=1,
        description=(
            "Samenhang tussen labels in hetzelfde pand (intraklassecorrelatie): bij 0,3 telt een flat met veertig"
            " labels als ruim drie woningen (ontwerpeffect, Kish 1965)."
        ),
    )
    kern_deel: float = Field(
        default=0.9,
        gt=0,
        lt=1,
        description=(
            "Kwantiel van het verschil met de verwachting in de significante cellen dat als kern geldt (aandeel); de"
            " eerste indeling begint bij de helft daarvan."
        ),
    )
    omgeving_m: float = Field(
        default=50.0,
        gt=0,
        description=(
            "Afstand waarover het verschil gemiddeld wordt om de kern te vinden (m); 50 m omvat in een woonwijk 15 tot"
            " 30 woningen."
        ),
    )


class _Nodes(NamedTuple):
    """Buildings of the dwellings: `of` gives each dwelling's, `xy` where it is, `weight` what one label counts."""

    of: Ints
    xy: Floats
    weight: Floats


def belonging(dwellings: gpd.GeoDataFrame, zone: Ints, is_hot: Flags, parameters: MembershipParams) -> Flags:
    """
    Divide the dwellings near significant cells into those that belong and those that do not.

    Parameters
    ----------
    dwellings
        One row per dwelling: points in RD New, ``pand_id`` (NaN allowed), ``tekort`` and ``verwacht`` (0-100), and
        perhaps ``is_bewijs`` (see :func:`twentegeo.areas.smoothing.cell_need`).
    zone
        (n,) number of the zone that each dwelling lies in, from 0.
    is_hot
        (n,) whether it lies in a significant cell.
    parameters
        Neighbours and weights.

    Returns
    -------
    member
        (n,) dwellings in the order given; all of a building or none. The order of the rows plays no part.
    """
    if not len(dwellings):
        return np.zeros(0, dtype=bool)
    xy = shapely.get_coordinates(dwellings.geometry.to_numpy())
    key = dwellings["pand_id"].to_numpy(dtype=object, copy=True)
    loose = dwellings["pand_id"].isna().to_numpy()
    key[loose] = shapely.to_wkb(dwellings.geometry.to_numpy()[loose], hex=True)
    order = np.lexsort((xy[:, 1], xy[:, 0], pd.factorize(key, sort=True)[0]))
    rows = dwellings.iloc[order]
    sorted_member = _divide(rows, key[order], zone[order], is_hot[order], parameters)
    member = np.empty(len(rows), dtype=bool)
    member[order] = sorted_member
    return member


def _divide(
    dwellings: gpd.GeoDataFrame, key: npt.NDArray[np.object_], zone: Ints, is_hot: Flags, parameters: MembershipParams
) -> Flags:
    known = is_evidence(dwellings).to_numpy() & dwellings["verwacht"].notna().to_numpy()
    need = np.where(known, dwellings["tekort"].to_numpy(dtype="float64", na_value=0.0) / 100, 0.0)
    expected = np.where(known, dwellings["verwacht"].to_numpy(dtype="float64") / 100, 0.5)
    expected = np.clip(expected, _SURE, 1 - _SURE)
    nodes = _nodes(dwellings, key, known, parameters)
    links = _links(nodes.xy, parameters)
    member = _core(dwellings, np.where(known, need - expected, 0.0), known, (zone, is_hot), parameters)
    log_odds = np.log(expected / (1 - expected))
    weight = np.where(known, nodes.weight[nodes.of], 0.0)
    for _ in range(_ROUNDS):
        rise = _rise(need, log_odds, np.where(member, weight, 0.0), zone)
        rate = _chance(log_odds + rise[zone])
        ratio = need * np.log(rate / expected) + (1 - need) * np.log((1 - rate) / (1 - expected))
        speaks = np.bincount(nodes.of, weights=weight * ratio, minlength=len(nodes.xy)).astype("float64")
        found = best_division(speaks, links, parameters.samenhang)[nodes.of]
        if np.array_equal(found, member):
            break
        member = found
    return member


def best_division(speaks: Floats, links: Ints, cohesion: float) -> Flags:
    """
    Find the division with the highest total: what speaks for the members, less what links cost that it cuts.

    Parameters
    ----------
    speaks
        (n,) what speaks for each node; negative speaks against it.
    links
        (m, 2) pairs of neighbouring nodes, each pair once.
    cohesion
        Cost of a pair that is divided.

    Returns
    -------
    member
        (n,) the smallest of the best divisions.
    """
    n = len(speaks)
    amount = np.rint(_SCALE * speaks).astype("int64")
    source, sink = n, n + 1
    good, bad = np.flatnonzero(amount > 0), np.flatnonzero(amount < 0)
    if not len(good):
        return np.zeros(n, dtype=bool)
    both = np.full(2 * len(links), round(_SCALE * cohesion))
    capacity = scipy.sparse.csr_array(
        (
            np.concatenate([both, amount[good], -amount[bad]]).astype("int32"),
            (
                np.concatenate([links[:, 0], links[:, 1], np.full(len(good), source), bad]),
                np.concatenate([links[:, 1], links[:, 0], good, np.full(len(bad), sink)]),
            ),
        ),
        shape=(n + 2, n + 2),
    )
    left = capacity - scipy.sparse.csgraph.maximum_flow(capacity, source, sink).flow
    left.data = (left.data > 0).astype("int8")
    left.eliminate_zeros()
    reached = scipy.sparse.csgraph.breadth_first_order(left, source, directed=True, return_predecessors=False)
    member = np.zeros(n + 2, dtype=bool)
    member[reached] = True
    return member[:n]


def _nodes(
    dwellings: gpd.GeoDataFrame, key: npt.NDArray[np.object_], known: Flags, parameters: MembershipParams
) -> _Nodes:
    of, names = pd.factorize(key)
    first = np.unique(of, return_index=True)[1]
    xy = shapely.get_coordinates(dwellings.geometry.to_numpy()[first])
    labels = np.bincount(of, weights=known, minlength=len(names))
    return _Nodes(of, xy, 1 / (1 + parameters.gelijkenis * np.maximum(labels - 1, 0)))


def _links(xy: Floats, parameters: MembershipParams) -> Ints:
    """(m, 2) neighbours: one of the nearest of either."""
    n = len(xy)
    count = min(parameters.buren + 1, n)
    _, near = scipy.spatial.cKDTree(xy).query(xy, k=range(1, count + 1), distance_upper_bound=parameters.buurafstand_m)
    here = np.repeat(np.arange(n), count)
    there = near.ravel()
    linked = (there < n) & (here != there)
    here, there = here[linked], there[linked]
    # numpy.unique finds whole numbers by hashing, which takes ten times as long as sorting these
    pairs = np.sort(np.minimum(here, there) * n + np.maximum(here, there))
    pairs = pairs[np.append(True, pairs[1:] != pairs[:-1])] if len(pairs) else pairs
    return np.column_stack([pairs // n, pairs % n])


def _core(
    dwellings: gpd.GeoDataFrame,
    excess: Floats,
    known: Flags,
    where: tuple[Ints, Flags],
    parameters: MembershipParams,
) -> Flags:
    """Begin with what exceeds its expectation half as much as the worst of the significant cells."""
    zone, is_hot = where
    points = shapely.get_coordinates(dwellings.geometry.to_numpy())
    pairs = scipy.spatial.cKDTree(points).query_pairs(parameters.omgeving_m, output_type="ndarray")
    n = len(points)
    total, count = excess.copy(), known.astype("float64")
    for here, there in ((0, 1), (1, 0)):
        total += np.bincount(pairs[:, here], weights=excess[pairs[:, there]], minlength=n)
        count += np.bincount(pairs[:, here], weights=known[pairs[:, there]], minlength=n)
    mean = np.divide(total, count, out=np.full(n, -1.0), where=count > 0)
    core = pd.Series(mean[is_hot]).groupby(zone[is_hot]).quantile(parameters.kern_deel).reindex(zone).to_numpy() / 2
    return np.asarray((np.round(mean - core, 9) >= 0) & is_hot)


def _rise(need: Floats, log_odds: Floats, weight: Floats, zone: Ints) -> Floats:
    """By zone: how much higher its members' log odds are than expected; never lower (logistic regression, Newton)."""
    size = int(zone.max()) + 1
    rise = np.zeros(size)
    for _ in range(_NEWTON):
        rate = _chance(log_odds + rise[zone])
        slope = np.bincount(zone, weights=weight * (need - rate), minlength=size)
        bend = np.bincount(zone, weights=weight * rate * (1 - rate), minlength=size) + _RIDGE
        rise = np.clip(rise + np.clip(slope / bend, -1, 1), 0, _LARGEST_LOG_ODDS)
    return rise


def _chance(log_odds: Floats) -> Floats:
    rate: Floats = 1 / (1 + np.exp(-log_odds))
    return rate
