"""Two deliveries of the made-up region, of which it is known what changed: the tables of changes tell exactly that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
import pytest

from tests.pipeline.conftest import QUICK
from twentegeo.pipeline import command, comparison, history, program
from twentegeo.pipeline.comparison import Acceptance
from twentegeo.pipeline.progress import LogProgress
from twentegeo.sample import write_sample
from twentegeo.settings import Settings
from twentegeo.tables.columns.change import AANTAL, DOOR, EIGEN

QUIET = LogProgress()
SHARE = 0.01
DOORS = [column.name for column in DOOR.values()]


def read(published: command.Published, layer: str) -> pd.DataFrame:
    rows: pd.DataFrame = pyogrio.read_dataframe(published.folder / "twente.gpkg", layer=layer, use_arrow=True)
    return rows


@pytest.fixture(scope="module")
def start(sample_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A region of its own, large enough for every cause to occur on a hundredth of the homes."""
    folder = tmp_path_factory.mktemp("changes")
    assert sample_settings.sample is not None
    sample = sample_settings.sample.model_copy(update={"folder": folder / "registers"})
    changed = sample_settings.model_copy(update={"sample": sample, "outputs": folder / "outputs"})
    return Settings.model_validate(changed.model_dump() | QUICK)


@pytest.fixture(scope="module")
def first(start: Settings) -> command.Published:
    return command.run(start, QUIET)


@pytest.fixture(scope="module")
def mutated(start: Settings) -> Settings:
    assert start.sample is not None
    return start.model_copy(update={"sample": start.sample.model_copy(update={"mutations": SHARE})})


@pytest.fixture(scope="module")
def second(first: command.Published, mutated: Settings) -> command.Published:
    assert first.new
    return command.run(mutated, QUIET)


@pytest.fixture(scope="module")
def truth(second: command.Published, mutated: Settings) -> dict[str, Any]:
    assert second.new
    assert mutated.sample is not None
    stated: dict[str, Any] = json.loads((mutated.sample.folder / "truth.json").read_text())
    return stated


def adds_up(rows: pd.DataFrame) -> bool:
    known = rows[rows["verschil"].notna()]
    parts = np.rint(known[DOORS].to_numpy() * 100).astype(int).sum(axis=1)
    return bool((parts == np.rint(known["verschil"].to_numpy() * 100).astype(int)).all())


def test_the_first_release_has_no_layer_of_changes_and_says_why(first: command.Published) -> None:
    assert "wijziging" in first.manifest["weggelaten_lagen"]
    run = read(first, "run").set_index("sleutel")["inhoud"]
    assert run["wijziging_weggelaten"] == "er is geen vorige release"


def test_every_change_is_told_with_its_cause(second: command.Published, truth: dict[str, Any]) -> None:
    rows = read(second, "wijziging")
    for cause in EIGEN:
        mine = rows[rows["oorzaken"].str.split(", ").map(lambda names, cause=cause: cause in names)]
        assert sorted(mine["vbo_id"]) == truth["mutations"][cause], cause
        assert truth["mutations"][cause], f"{cause} komt in de proef niet voor"


def test_areas_count_every_change_once(second: command.Published, truth: dict[str, Any]) -> None:
    rows = read(second, "wijziging_gebied")
    for kind in ("buurt", "wijk", "gemeente"):
        counted = rows[rows["gebiedsoort"] == kind][[column.name for column in AANTAL.values()]].sum()
        assert counted.to_dict() == {AANTAL[cause].name: len(truth["mutations"][cause]) for cause in EIGEN}


def test_the_parts_are_the_difference_between_both_releases(
    first: command.Published, second: command.Published
) -> None:
    areas = read(second, "wijziging_gebied")
    assert adds_up(read(second, "wijziging"))
    assert adds_up(areas)
    for cause in ("methode", "instellingen"):
        assert (areas[DOOR[cause].name].fillna(0) == 0).all(), "code en instellingen zijn gelijk"
    for kind in ("buurt", "wijk", "gemeente"):
        old, new = (read(one, kind).set_index("code")["score_prioriteit"] for one in (first, second))
        mine = areas[areas["gebiedsoort"] == kind].set_index("code")
        pd.testing.assert_series_equal(
            mine["verschil"], (new - old).round(2), check_names=False, check_index_type=False
        )


def test_what_did_not_change_has_no_row_or_moved_by_others(second: command.Published, truth: dict[str, Any]) -> None:
    rows = read(second, "wijziging")
    own = {vbo_id for cause in EIGEN for vbo_id in truth["mutations"][cause]}
    others = rows[~rows["vbo_id"].isin(own)]
    assert set(others["oorzaak"]) <= {"bron herzien"}
    assert (others["verschil"].abs() >= 1).all()


def test_the_content_does_not_depend_on_what_stood_before(
    second: command.Published, mutated: Settings, tmp_path: Path
) -> None:
    alone = command.run(mutated.model_copy(update={"outputs": tmp_path}), QUIET)
    assert alone.manifest["inhoud_sha256"] == second.manifest["inhoud_sha256"]
    assert "wijziging" in alone.manifest["weggelaten_lagen"]


def test_other_settings_are_told_apart_from_other_data(second: command.Published, mutated: Settings) -> None:
    weights = mutated.axes.gewichten.gemeente.model_copy(update={"energie": 0.6})
    gewichten = mutated.axes.gewichten.model_copy(update={"gemeente": weights})
    axes = mutated.axes.model_copy(update={"gewichten": gewichten})
    third = command.run(mutated.model_copy(update={"axes": axes}), QUIET)
    assert third.manifest["vorige_release"] == second.folder.name
    areas = read(third, "wijziging_gebied")
    assert adds_up(areas)
    assert adds_up(read(third, "wijziging"))
    causes = {cause for cause, column in DOOR.items() if (areas[column.name].fillna(0) != 0).any()}
    assert causes == {"instellingen"}
    assert set(read(third, "wijziging")["oorzaken"]) == {"instellingen"}


def test_another_method_is_told_as_such(
    second: command.Published, mutated: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The code says of itself that it is another; the old release's scores are as if computed by it otherwise."""
    assert second.new
    monkeypatch.setattr(program, "method_of", lambda _: "another")
    original = history.before

    def lower(*arguments: Any) -> history.Before | str:
        found = original(*arguments)
        if isinstance(found, str):
            return found
        for name in ("verblijfsobject", "buurt", "wijk", "gemeente"):
            found.layers[name]["score_prioriteit"] -= 2
        return found

    monkeypatch.setattr(history, "before", lower)
    accepted = command.Orders(rebuild=True, accepted=Acceptance(("D06",), "andere methode"))
    after = command.run(mutated, QUIET, accepted)
    areas = read(after, "wijziging_gebied")
    causes = {cause for cause, column in DOOR.items() if (areas[column.name].fillna(0) != 0).any()}
    assert "methode" in causes
    assert "bron herzien" not in causes
    assert adds_up(areas)


def test_a_release_of_an_older_version_is_not_compared_with(second: command.Published, tmp_path: Path) -> None:
    assert history.before(tmp_path / "twente.gpkg", {}) == "de vorige release heeft geen twente.gpkg"
    assert second.manifest.keys() >= comparison.COMPARED


def test_only_one_municipality_can_change(tmp_path: Path, start: Settings) -> None:
    assert start.sample is not None
    files = write_sample(tmp_path, scale=start.sample.scale, seed=start.sample.seed, mutations=0.05, only="0153")
    stated = json.loads(files.truth.read_text())
    assert not stated["mutations"]["grenzen gewijzigd"]
    assert stated["mutations"]["label vervangen"]
    assert {vbo_id[:4] for ids in stated["mutations"].values() for vbo_id in ids} == {"0153"}
