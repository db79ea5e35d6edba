"""The kinds of home and block that the made-up towns are built from, and what is usual for each period."""

from __future__ import annotations

from typing import Final, NamedTuple

DETACHED, SEMI, ROW_END, ROW_MIDDLE, FLAT, SHOP, INDUSTRY, SCHOOL = range(8)
"""Kinds of main building. A shop has homes above it; industry and school hold no dwelling, or hardly any."""

ROW = ROW_END
"""Kind of a block of row houses, whose buildings become end and middle houses."""

YEARS: Final = ((1855, 1938), (1921, 1945), (1947, 1964), (1965, 1974), (1975, 1991), (1992, 2005), (2006, 2026))
"""First and last construction year of each ring of a town, from the centre outward."""

RING_LIMITS: Final = (0.05, 0.19, 0.39, 0.56, 0.77, 0.90)
"""Rank at which the next ring begins; shares of the stock by period as in the national figures."""


class Block(NamedTuple):
    """Measures of a block in metres: (least, most) plot width, plots a block, setback, depth of the house."""

    width: tuple[float, float]
    plots: tuple[int, int]
    setback: tuple[float, float]
    depth: tuple[float, float]
    plot_depth: tuple[float, float]
    gap: tuple[float, float]


BLOCKS: Final = {
    DETACHED: Block((15.0, 23.0), (2, 6), (5.0, 9.0), (9.0, 13.0), (30.0, 40.0), (3.0, 11.0)),
    SEMI: Block((9.0, 12.5), (4, 10), (4.0, 6.5), (8.5, 11.0), (27.0, 33.0), (3.0, 10.0)),
    ROW: Block((5.2, 6.5), (5, 11), (2.5, 5.0), (8.0, 10.0), (21.0, 26.0), (3.5, 10.0)),
    FLAT: Block((34.0, 40.0), (1, 3), (5.0, 8.0), (10.5, 12.5), (26.0, 31.0), (8.0, 12.0)),
    SHOP: Block((6.0, 10.5), (5, 11), (0.0, 0.6), (10.0, 15.0), (22.0, 30.0), (3.0, 9.0)),
    INDUSTRY: Block((38.0, 62.0), (2, 4), (8.0, 14.0), (28.0, 45.0), (62.0, 80.0), (6.0, 14.0)),
    SCHOOL: Block((38.0, 40.0), (1, 1), (6.0, 9.0), (13.0, 16.0), (27.0, 31.0), (8.0, 12.0)),
}

MIXES: Final = (
    (0.03, 0.05, 0.28, 0.0, 0.06, 0.56, 0.0, 0.02),
    (0.13, 0.29, 0.51, 0.0, 0.025, 0.035, 0.0, 0.01),
    (0.10, 0.25, 0.55, 0.0, 0.08, 0.0, 0.0, 0.02),
    (0.13, 0.26, 0.48, 0.0, 0.11, 0.0, 0.0, 0.02),
    (0.17, 0.29, 0.49, 0.0, 0.03, 0.0, 0.0, 0.02),
    (0.22, 0.33, 0.38, 0.0, 0.06, 0.0, 0.0, 0.01),
    (0.21, 0.29, 0.39, 0.0, 0.10, 0.0, 0.0, 0.01),
)
"""Share of blocks of each kind (in the order of the kinds above; a row is one kind) by ring, for a middling town."""
