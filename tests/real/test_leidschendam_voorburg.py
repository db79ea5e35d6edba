"""A whole region in the true delivery formats, from file to published layer, against its known truth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from twentegeo.checks.finding import Refused
from twentegeo.pipeline import command
from twentegeo.pipeline.command import Orders, Published
from twentegeo.pipeline.comparison import Acceptance
from twentegeo.pipeline.progress import LogProgress
from twentegeo.settings import Products, Settings, load

HERE = Path(__file__).parent
EDITIONS = ("leidschendam-voorburg", "leidschendam-voorburg-light")


def settings_of(name: str, outputs: Path) -> Settings:
    return load(HERE / f"{name}.yaml").model_copy(update={"outputs": outputs, "products": Products(maps=False)})


@pytest.fixture(scope="session")
def truth(shared_data: Path) -> dict[str, Any]:
    stated: dict[str, Any] = json.loads((shared_data / "leidschendam-voorburg" / "truth.json").read_text())
    return stated


@pytest.fixture(scope="session")
def releases(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Published]:
    assert shared_data.is_dir()
    outputs = tmp_path_factory.mktemp("leidschendam")
    return {name: command.run(settings_of(name, outputs / name), LogProgress()) for name in EDITIONS}


def layer(published: Published, name: str, *, geometry: bool = False) -> gpd.GeoDataFrame | pd.DataFrame:
    return pyogrio.read_dataframe(
        published.folder / "leidschendam_voorburg.gpkg", layer=name, read_geometry=geometry, use_arrow=True
    )


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_layers_count_what_the_truth_counts(
    edition: str, releases: dict[str, Published], truth: dict[str, Any]
) -> None:
    published = releases[edition]
    assert len(layer(published, "verblijfsobject")) == truth["dwellings_in_stock"] == 13386
    panden = layer(published, "pand")
    assert len(panden) == truth["pand_built"] == 9718
    assert (panden["heeft_woning"] == "ja").sum() == truth["pand_built_with_dwelling"] == 5301
    assert len(layer(published, "buurt")) == truth["buurten"]
    assert published.manifest["woningen_gepland"] == truth["dwellings_planned"] == 27


def test_every_pand_that_is_not_published_is_accounted_for(
    releases: dict[str, Published], truth: dict[str, Any]
) -> None:
    published = releases[EDITIONS[0]]
    losses = layer(published, "koppelverlies")
    lost = losses[losses["koppeling"] == "pand in voorraad"]
    assert len(layer(published, "pand")) + len(lost) == truth["pand_existing"]


def test_both_deliveries_give_the_same_dwellings(releases: dict[str, Published]) -> None:
    first, second = (layer(releases[name], "verblijfsobject", geometry=True) for name in EDITIONS)
    pd.testing.assert_frame_equal(first, second)


def test_every_registration_is_accounted_for(releases: dict[str, Published], truth: dict[str, Any]) -> None:
    published = releases[EDITIONS[0]]
    homes = layer(published, "verblijfsobject")
    losses = layer(published, "koppelverlies")
    lost = losses[losses["zijde"] == "label"]
    chosen = homes["label_sleutel"].notna().sum()
    assert chosen + len(lost) == truth["label_rows"]
    assert lost["verlies_id"].is_unique
    assert (lost["advies"].str.len() > 0).all()


def test_a_status_says_what_the_label_is(releases: dict[str, Published]) -> None:
    homes = layer(releases[EDITIONS[0]], "verblijfsobject")
    valid = homes[homes["label_status"] == "geldig"]
    assert (pd.to_datetime(valid["label_geldig_tot"]) >= pd.Timestamp("2022-11-08")).all()
    expired = homes[homes["label_status"] == "verlopen"]
    assert expired["energielabel"].isna().all()
    assert expired["label_verlopen"].notna().all()
    estimated = homes[homes["label_status"] == "geschat"]
    assert len(estimated) > 0
    assert estimated[["energielabel", "label_verlopen"]].isna().all().all()
    assert estimated["score_energie"].notna().all()


def test_sums_over_areas_equal_the_dwellings(releases: dict[str, Published]) -> None:
    published = releases[EDITIONS[0]]
    for name in ("gemeente", "wijk", "buurt", "hectare", "perceel", "pand"):
        assert layer(published, name)["n_woningen"].sum() == 13386, name


def test_no_ownership_and_no_cbs_figure_stands_on_a_home(releases: dict[str, Published]) -> None:
    for name in ("verblijfsobject", "pand", "perceel"):
        columns = set(layer(releases[EDITIONS[0]], name).columns)
        assert not columns & {"eigenaar", "corporatie", "aandeel_65plus", "aantal_inwoners", "aandeel_corporatie"}


def test_the_same_input_gives_the_same_content(
    releases: dict[str, Published], tmp_path: Path, shared_data: Path
) -> None:
    assert shared_data.is_dir()
    again = command.run(settings_of(EDITIONS[0], tmp_path), LogProgress())
    assert again.manifest["inhoud_sha256"] == releases[EDITIONS[0]].manifest["inhoud_sha256"]
    assert again.manifest["run_id"] == again.folder.name


def test_an_unchanged_night_publishes_nothing_and_rebuild_does(shared_data: Path, tmp_path: Path) -> None:
    assert shared_data.is_dir()
    settings = settings_of(EDITIONS[0], tmp_path)
    first = command.run(settings, LogProgress())
    second = command.run(settings, LogProgress())
    assert (second.new, second.folder) == (False, first.folder)
    changed = settings.model_copy(update={"reference_date": pd.Timestamp("2022-10-01").date()})
    # the state of an earlier day lacks what was registered since: the operator has to accept that
    with pytest.raises(Refused, match="controle D01"):
        command.run(changed, LogProgress())
    accepted = Acceptance(tuple(f"D0{number}" for number in range(1, 7)), "stand van een eerdere dag")
    third = command.run(changed, LogProgress(), Orders(accepted=accepted))
    assert third.new
    assert third.manifest["aanvaard"]["reden"] == "stand van een eerdere dag"
    assert third.manifest["inhoud_sha256"] != first.manifest["inhoud_sha256"]
