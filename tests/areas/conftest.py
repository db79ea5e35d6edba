"""Made-up towns that several tests look at."""

from __future__ import annotations

import pytest

from tests.areas.towns import Town


@pytest.fixture(scope="session")
def town() -> Town:
    """A circle of 150 m, astride a municipal border."""
    return Town(seed=4, centre=(250_815.0, 471_130.0), border=250_800.0)


@pytest.fixture(scope="session")
def quiet_towns() -> list[Town]:
    """Towns without any planted circle."""
    return [Town(seed=seed, centre=None) for seed in range(100, 120)]
