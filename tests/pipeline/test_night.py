"""The night on the made-up region: its truth comes out, and whatever goes wrong leaves a reason and the old release."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path
from types import ModuleType
from typing import Any

import pyogrio
import pytest
import rasterio

from twentegeo.errors import ReleaseError, TwenteGeoError
from twentegeo.pipeline import command, draft, inspection, staging
from twentegeo.pipeline.fetching import Going
from twentegeo.pipeline.progress import LogProgress
from twentegeo.settings import Settings, Source, Sources


@pytest.fixture
def truth(sample_settings: Settings, first_release: command.Published) -> dict[str, Any]:
    assert first_release.new
    assert sample_settings.sample is not None
    stated: dict[str, Any] = json.loads((sample_settings.sample.folder / "truth.json").read_text())
    return stated


def test_the_truth_comes_out(first_release: command.Published, truth: dict[str, Any]) -> None:
    counts = first_release.manifest["lagen"]
    assert counts["verblijfsobject"] == truth["dwellings_in_stock"]
    assert counts["pand"] == truth["pand_built"]
    assert counts["gemeente"] == 14
    assert first_release.manifest["woningen_gepland"] == truth["dwellings_planned"]


def test_made_up_data_say_so_everywhere(first_release: command.Published) -> None:
    notice = "VOORBEELD: fictieve gegevens"
    assert first_release.manifest["opmerking"] == notice
    package = first_release.folder / "twente.gpkg"
    for name, _ in pyogrio.list_layers(package):
        if name == "layer_styles":
            continue
        described = pyogrio.read_info(package, layer=name)["layer_metadata"]
        assert notice in described["DESCRIPTION"], name


def test_rasters_lie_beside_the_layers_on_the_grid_of_cbs(first_release: command.Published) -> None:
    names = {path.name for path in (first_release.folder / "raster").iterdir()}
    assert names == {
        f"{name}.tif" for name in ("urgentie_energie", "tekort_levensloop", "beide", "labeldekking", "gi_z")
    }
    with rasterio.open(first_release.folder / "raster" / "urgentie_energie.tif") as raster:
        assert raster.crs.to_epsg() == 28992
        assert (raster.transform.c % 100, raster.transform.f % 100, raster.res) == (0, 0, (100, 100))


def test_what_stands_passes_its_own_checks(sample_settings: Settings, first_release: command.Published) -> None:
    folder, findings = inspection.inspect(sample_settings)
    assert folder == first_release.folder.resolve()
    assert findings == []


def test_build_and_publish_in_two_steps(sample_settings: Settings, tmp_path: Path) -> None:
    settings = sample_settings.model_copy(update={"outputs": tmp_path})
    staged = command.build(settings, LogProgress())
    assert staged.parent == tmp_path / "staging"
    assert not (tmp_path / "latest").exists()
    released = inspection.publish(settings)
    assert (tmp_path / "latest").resolve() == released.resolve()
    with pytest.raises(ReleaseError, match="niets klaar"):
        inspection.publish(settings)


def sources(settings: Settings, **changes: Path) -> Settings:
    """The sample's files as a user would name them, one of them changed."""
    assert settings.sample is not None
    made = json.loads((settings.sample.folder / "made.json").read_text())["files"]
    names = ("bag", "parcels", "energy_labels", "neighbourhoods")
    paths = {name: Source(path=changes.get(name, Path(made[name]))) for name in names}
    return settings.model_copy(update={"sample": None, "sources": Sources(**paths)})


def red(settings: Settings, first: command.Published, going: Going | None = None) -> str:
    """Run a night that must fail; its reason, after checking that nothing was lost."""
    with pytest.raises(TwenteGeoError) as error:
        command.run(settings, LogProgress(), command.Orders(going=going))
    message = str(error.value)
    assert "\n" not in message
    outputs = settings.outputs
    assert (outputs / "latest").resolve() == first.folder.resolve()
    told = json.loads((outputs / "laatste_run.json").read_text())
    assert (told["gelukt"], told["reden"], told["release"]) == (False, message, first.folder.name)
    return message


def test_an_absent_file_is_named_with_its_remedy(
    sample_settings: Settings, first_release: command.Published, tmp_path: Path
) -> None:
    message = red(sources(sample_settings, parcels=tmp_path / "er-niet.zip"), first_release)
    assert message.startswith(f"{tmp_path / 'er-niet.zip'}: bestand bestaat niet.")
    assert "bron 'parcels'" in message


def test_half_a_zip_is_named(sample_settings: Settings, first_release: command.Published, tmp_path: Path) -> None:
    whole = sources(sample_settings).sources.bag.path
    assert whole is not None
    half = tmp_path / "half.zip"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    assert str(half) in red(sources(sample_settings, bag=half), first_release)


def test_the_wrong_file_for_a_source_is_named(
    sample_settings: Settings, first_release: command.Published, tmp_path: Path
) -> None:
    wrong = tmp_path / "bag.zip"
    labels = sources(sample_settings).sources.energy_labels.path
    assert labels is not None
    shutil.copy(labels, wrong)
    assert str(wrong) in red(sources(sample_settings, bag=wrong), first_release)


def test_a_municipality_that_the_delivery_does_not_hold_is_named(
    sample_settings: Settings, first_release: command.Published
) -> None:
    settings = sources(sample_settings)
    elsewhere = settings.region.model_copy(update={"municipalities": ("0363",)})
    assert "0363" in red(settings.model_copy(update={"region": elsewhere}), first_release)


def test_a_source_without_path_says_what_to_do(sample_settings: Settings, first_release: command.Published) -> None:
    settings = sample_settings.model_copy(update={"sample": None, "sources": Sources()})
    assert "sources.neighbourhoods.path" in red(settings, first_release, Going(offline=True))


def test_a_floor_that_is_not_met_stops_the_night(sample_settings: Settings, first_release: command.Published) -> None:
    checks = sample_settings.checks.model_copy(update={"min_dekking_label": 100.0})
    assert "C03" in red(sample_settings.model_copy(update={"checks": checks}), first_release)


@pytest.mark.parametrize(("module", "name"), [(draft, "PackageWriter"), (staging, "write_json")])
def test_a_full_disk_while_writing_leaves_yesterday(
    module: ModuleType,
    name: str,
    sample_settings: Settings,
    first_release: command.Published,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(module, name, full)
    changed = sample_settings.areas.model_copy(update={"veel_min_tekort": 55.0})
    message = red(sample_settings.model_copy(update={"areas": changed}), first_release)
    assert "de schijf is vol" in message
    assert not any((sample_settings.outputs / "staging").glob("2*"))
