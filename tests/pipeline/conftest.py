"""A tiny made-up region, generated once."""

from __future__ import annotations

from pathlib import Path

import pytest

from twentegeo.pipeline import command
from twentegeo.pipeline.progress import LogProgress
from twentegeo.settings import Products, Sample, Settings, config_folder, load

SCALE = 0.004

QUICK = {
    "areas": {"toets": {"trekkingen": 199}},
    "stability": {"trekkingen": 40},
    "products": {"site": False, "project": False, "maps": False},
}
"""Fewer draws, no page and no maps, for tests that look at neither."""


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sample")


@pytest.fixture(scope="session")
def sample_settings(sample_folder: Path) -> Settings:
    """The settings of the embedded sample, at a scale that takes seconds; a book of maps would take a minute."""
    settings = load(config_folder() / "sample.yaml")
    small = Sample(folder=sample_folder / "registers", scale=SCALE, seed=7)
    changes = {"sample": small, "outputs": sample_folder / "outputs", "products": Products(maps=False)}
    return settings.model_copy(update=changes)


@pytest.fixture(scope="session")
def first_release(sample_settings: Settings) -> command.Published:
    """The first night on the sample; others follow in the same outputs folder."""
    return command.run(sample_settings, LogProgress())


@pytest.fixture(scope="session")
def small_region(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Two municipalities whose night takes a few seconds, with a first release; three releases are kept."""
    folder = tmp_path_factory.mktemp("small")
    settings = Settings.model_validate(
        {
            "region": {"name": "Proef", "municipalities": ["0141", "0147"]},
            "sample": {"folder": folder / "registers", "scale": 0.002, "seed": 5},
            "outputs": folder / "outputs",
            **QUICK,
            "retention": {"releases": 3, "maanden": 0},
            "drift": {"min_rijen": 30},
        }
    )
    command.run(settings, LogProgress())
    return settings
