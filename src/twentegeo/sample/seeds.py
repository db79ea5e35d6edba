"""Random numbers that depend on the seed and the place only, and smooth random bends of the plane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

BENDS = ((3100.0, 95.0), (1150.0, 34.0), (560.0, 15.0))
"""Wavelength and amplitude in metres of the bends in roads and borders; slopes add up to well under one."""


def generator(seed: int, *path: int) -> np.random.Generator:
    """
    Make the generator of one purpose at one place.

    Parameters
    ----------
    seed
        The sample's seed.
    path
        Whole numbers that name the purpose and the place; equal paths give equal numbers, in any order of work.

    Returns
    -------
    rng
        A generator of its own.
    """
    return np.random.default_rng([seed, *path])


@dataclass(frozen=True)
class Lots:
    """
    Chance that depends on the seed, the purpose and the number of a thing: others change nothing.

    The numbers are those of SplitMix64 (Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195), the thing's number
    being its state.

    Attributes
    ----------
    seed
        The sample's seed.
    path
        Whole numbers that name the purpose.
    """

    seed: int
    path: tuple[int, ...]

    def share(self, things: Ints, purpose: int) -> Floats:
        """
        Draw a number from 0 up to 1 for each thing.

        Parameters
        ----------
        things
            (n,) numbers.
        purpose
            What it is drawn for, among others for the same things.

        Returns
        -------
        drawn
            (n,) the same for the same number, wherever it stands.
        """
        start = generator(self.seed, *self.path, purpose).integers(1 << 63, dtype=np.uint64)
        mixed = things.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + start
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
        return np.asarray((mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53)

    def whole(self, low: int, high: int, things: Ints, purpose: int) -> Ints:
        """Draw a whole number from ``low`` up to but not ``high`` for each thing; see :meth:`share`."""
        return low + np.floor(self.share(things, purpose) * (high - low)).astype(np.int64)


def bend(points: Floats, seed: int) -> Floats:
    """
    Displace points smoothly, so that straight lines become the bent lines of old roads and borders.

    Parameters
    ----------
    points
        (n, 2) coordinates, RD in metres.
    seed
        The sample's seed.

    Returns
    -------
    bent
        (n, 2) coordinates rounded to millimetres. Equal points stay equal, so that a tiling stays a tiling.
    """
    rng = generator(seed, 1)
    shift = np.zeros_like(points)
    for length, amplitude in BENDS:
        for axis in (0, 1):
            turn, phase = rng.uniform(0, 2 * np.pi, 2)
            wave = (points[:, 0] * np.cos(turn) + points[:, 1] * np.sin(turn)) * 2 * np.pi / length
            shift[:, axis] += amplitude * np.sin(wave + phase)
    return np.round(points + shift, 3)


def some(rng: np.random.Generator, among: npt.NDArray[np.bool_], share: float, least: int = 1) -> npt.NDArray[np.bool_]:
    """
    Choose a share of things, but never none, so that even a small sample shows every peculiarity.

    Parameters
    ----------
    rng
        Source of chance.
    among
        (n,) what may be chosen.
    share
        Chance of each.
    least
        At least so many, where there are so many.

    Returns
    -------
    chosen
        (n,) what was chosen.
    """
    draw = np.where(among, rng.random(len(among)), 2.0)
    chosen = draw < share
    if chosen.sum() < least:
        chosen[np.argsort(draw, kind="stable")[: min(least, int(among.sum()))]] = True
    return chosen
