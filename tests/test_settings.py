"""Settings: what is accepted, and one clear line for what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from twentegeo.errors import SettingsError
from twentegeo.figures import load_reference
from twentegeo.settings import config_folder, load, schema
from twentegeo.tables.columns.estimate import LABELKLASSEN

GOOD = """
region: {name: Hof van Twente, municipalities: ["1735"]}
sources: {bag: {path: data/bag.zip}, ownership: [{path: a.csv}]}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "regio.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_paths_are_relative_to_the_settings_file(tmp_path: Path) -> None:
    settings = load(written(tmp_path, GOOD))
    assert settings.sources.bag.path == tmp_path / "data" / "bag.zip"
    assert settings.sources.ownership[0].path == tmp_path / "a.csv"
    assert settings.outputs == tmp_path / "outputs"
    assert settings.slug == "hof_van_twente"
    assert settings.notice is None


def test_what_a_region_lacks_is_said_in_the_settings(tmp_path: Path) -> None:
    assert load(written(tmp_path, GOOD)).sources.parcels is not None, "left out is still to be fetched"
    lacks = load(written(tmp_path, GOOD.replace("bag:", "parcels: null, bag:")))
    assert lacks.sources.parcels is None
    assert lacks.sources.prognosis is None
    given = "prognosis: {path: p.csv, publisher: Provincie}, bag:"
    prognosis = load(written(tmp_path, GOOD.replace("bag:", given))).sources.prognosis
    assert prognosis is not None
    assert (prognosis.path, prognosis.publisher, prognosis.licence) == (
        tmp_path / "p.csv",
        "Provincie",
        "niet opgegeven",
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "bevat geen instellingen"),
        ("region: [", "geen geldige YAML"),
        (GOOD + "colour: red\n", "'colour': onbekende instelling"),
        (GOOD + "areas: {drempel: 60}\n", "'areas.drempel': onbekende instelling"),
        (GOOD.replace('"1735"', "1735"), "moet tekst zijn"),
        (GOOD.replace('"1735"', '"GM1735"'), "niet de juiste vorm"),
        (
            GOOD + "axes: {gewichten: {gemeente: {energie: -1, levensloop: 1, vergrijzing: 1}}}\n",
            "'axes.gewichten.gemeente.energie': moet ten minste 0",
        ),
        (GOOD + "axes: {gewichten: {bewoner: {energie: 0, levensloop: 0, vergrijzing: 1}}}\n", "wegen beide nul"),
        ("sources: {}\n", "'region': ontbreekt"),
    ],
)
def test_what_is_wrong_is_one_line_with_file_and_key(tmp_path: Path, text: str, told: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SettingsError) as error:
        load(path)
    assert told in str(error.value)
    assert str(error.value).startswith(f"{path}: ")
    assert "\n" not in str(error.value)


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="bestaat niet"):
        load(tmp_path / "niets.yaml")


def test_the_schema_is_up_to_date() -> None:
    assert (config_folder() / "settings.schema.json").read_text(encoding="utf-8") == schema(), "run: make schema"


@pytest.mark.parametrize("name", ["sample.yaml", "twente.yaml"])
def test_the_settings_that_come_along_are_good(name: str) -> None:
    assert len(load(config_folder() / name).region.municipalities) == 14


def test_every_figure_has_a_source() -> None:
    for path in sorted((config_folder() / "reference").glob("*.csv")):
        header = path.read_text(encoding="utf-8-sig").splitlines()[0]
        assert "bron" in header.replace(";", ",").split(","), path.name


def test_shares_of_a_distribution_add_up() -> None:
    prior = load_reference(config_folder()).labels.prior
    shares = prior[[name for name in LABELKLASSEN if name in prior]]
    assert shares.sum(axis=1).between(99.5, 100.5).all()
