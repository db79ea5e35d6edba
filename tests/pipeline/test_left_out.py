"""Regions that lack something: each night runs, says what it left out, and fills no gap."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from twentegeo.checks.finding import stopping
from twentegeo.checks.tables import check_tables
from twentegeo.figures import load_reference
from twentegeo.pipeline import command, night, registers
from twentegeo.pipeline.progress import LogProgress
from twentegeo.pipeline.stages import Stages
from twentegeo.settings import Region, Settings, Source, Sources, config_folder
from twentegeo.store import Store
from twentegeo.tables.columns.estimate import GEREGISTREERD
from twentegeo.tables.layers import MAP_LAYERS

if TYPE_CHECKING:
    from twentegeo.pipeline.night import Built

TOWN = "0153"


def told(built: Built | command.Published) -> list[str]:
    facts = built.facts if isinstance(built, night.Built) else built.manifest
    return [f"{part}: {line}" for part, lines in facts["weggelaten_onderdelen"].items() for line in lines]


@pytest.fixture(scope="module")
def made(sample_settings: Settings, first_release: command.Published) -> dict[str, Any]:
    assert first_release.new
    assert sample_settings.sample is not None
    files: dict[str, Any] = json.loads((sample_settings.sample.folder / "made.json").read_text())["files"]
    return files


@pytest.fixture(scope="module")
def town(sample_settings: Settings, made: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """One municipality of the made-up region, by files as a user would name them; no ownership, no prognosis."""
    names = ("bag", "parcels", "energy_labels", "neighbourhoods")
    return sample_settings.model_copy(
        update={
            "region": Region(name="Enschede", municipalities=(TOWN,)),
            "sample": None,
            "sources": Sources(**{name: Source(path=Path(made[name])) for name in names}),
            "outputs": tmp_path_factory.mktemp("town"),
        }
    )


def with_sources(settings: Settings, **changes: Source | None) -> Settings:
    return settings.model_copy(update={"sources": settings.sources.model_copy(update=changes)})


def build(settings: Settings) -> Built:
    """The night up to the point where it would be written; stages that did not change are reused."""
    store = Store(settings.outputs)
    snapshots = night.fetch(settings, LogProgress())
    with Stages(store, LogProgress()) as stages:
        read_in = registers.read(settings, snapshots, stages, store, LogProgress())
        built = night.build(settings, load_reference(config_folder()), night.ReadIn(read_in, snapshots), stages)
        stages.settle()
    assert stopping(check_tables(built.layers, MAP_LAYERS, built.layers["koppeling"], settings.checks)) == []
    return built


@pytest.fixture(scope="module")
def plain(town: Settings) -> Built:
    return build(town)


def test_people_stand_on_the_whole_region(first_release: command.Published) -> None:
    package = first_release.folder / "twente.gpkg"
    buurt = pyogrio.read_dataframe(package, layer="buurt", read_geometry=False)
    lived_in = buurt[buurt["n_woningen"] > 0]
    assert lived_in["grijze_druk"].notna().all()
    assert (lived_in["grijze_druk_laag"] <= lived_in["grijze_druk"]).all()
    assert set(lived_in["grijze_druk_niveau"]) == {"buurt", "gemeente"} | set(lived_in["grijze_druk_niveau"]) & {"wijk"}
    own = lived_in["grijze_druk_niveau"] == "buurt"
    assert lived_in.loc[own, "aandeel_65plus"].notna().all()
    assert lived_in.loc[~own, "aandeel_65plus"].isna().all(), "a stand-in never passes for a figure of CBS"
    gemeente = pyogrio.read_dataframe(package, layer="gemeente", read_geometry=False)
    assert (gemeente["hh_prognose_laag"] < gemeente["hh_prognose_midden"]).all()
    assert (gemeente["hh_prognose_midden"] < gemeente["hh_prognose_hoog"]).all()
    assert gemeente["prognose_horizon"].eq(2040).all()
    bron = pyogrio.read_dataframe(package, layer="bron").set_index("bron")
    assert "fictie" in bron.loc["Huishoudensprognose", "licentie"]


def test_one_municipality_with_few_cells_and_nothing_optional(plain: Built) -> None:
    lines = told(plain)
    assert "gebieden: gemeente: de regio is een enkele gemeente, dus geen rang en geen gebied over een grens" in lines
    assert "bezit: bezit: er is geen bezitslijst geleverd, dus niets is aan een corporatie gekoppeld" in lines
    assert "mensen: hh_prognose: geen prognose geleverd" in lines
    assert any(line.startswith("concentraties: Toets op concentraties: ") for line in lines)
    assert len(plain.layers["hectare"]) < 100
    gemeente = plain.layers["gemeente"]
    assert gemeente[["rang", "percentiel_prioriteit", "hh_prognose_midden"]].isna().all().all()
    assert gemeente["score_prioriteit"].notna().all()
    assert plain.layers["buurt"]["rang"].notna().any()
    assert "Huishoudensprognose" not in set(plain.layers["bron"]["bron"])


def test_neighbourhoods_without_dwellings_are_named(first_release: command.Published) -> None:
    buurt = pyogrio.read_dataframe(first_release.folder / "twente.gpkg", layer="buurt", read_geometry=False)
    empty = buurt[buurt["n_woningen"] == 0]
    assert empty[["score_prioriteit", "rang", "mismatch", "label_dekking"]].isna().all().all()
    assert set(empty["kwadrant"]) == {"onbekend"}
    (line,) = [line for line in told(first_release) if line.startswith("woningen: buurt: geen woning")]
    assert f"in {len(empty)} van {len(buurt)} buurten (" in line
    assert empty["code"].min() in line


def test_an_indicator_that_cbs_does_not_give(
    town: Settings, plain: Built, made: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "wijkenbuurten_2026.gpkg"
    for layer in ("buurten", "wijken", "gemeenten"):
        areas = pyogrio.read_dataframe(made["neighbourhoods"], layer=layer)
        areas.drop(columns="percentage_personen_65_jaar_en_ouder").to_file(path, layer=layer)
    built = build(with_sources(town, neighbourhoods=Source(path=path)))
    lines = told(built)
    assert "gebieden: aandeel_65plus: geen kolom in de CBS-levering (buurt, wijk, gemeente)" in lines
    assert "mensen: grijze_druk: niet te berekenen zonder aandeel_65plus" in lines
    assert "mensen: mismatch: niet te berekenen zonder aandeel_65plus" in lines
    for level in ("buurt", "wijk", "gemeente"):
        assert f"score {level}: aandeel_65plus: ontbreekt, telt niet mee in pijler vergrijzing" in lines
        assert built.layers[level]["aandeel_65plus"].isna().all()
    gone = ["grijze_druk", "grijze_druk_laag", "grijze_druk_hoog", "grijze_druk_niveau", "mismatch", "mismatch_niveau"]
    assert built.layers["buurt"][gone].isna().all().all()
    assert plain.layers["buurt"][["grijze_druk", "mismatch"]].notna().any().all()
    # what does not rest on it stays as it was
    for name in ("score_energie", "score_levensloop", "aandeel_eenpersoons"):
        pd.testing.assert_series_equal(built.layers["buurt"][name], plain.layers["buurt"][name])
    assert "aandeel_65plus" not in set(built.layers["buurt_indicator"].dropna(subset="waarde")["indicator"])


def without_labels(source: Path, target: Path, homes: pd.DataFrame, panden: set[str]) -> None:
    """Copy a label file without the rows that could be about some dwellings."""
    ids, codes = set(homes["vbo_id"]), set(homes["postcode"].dropna())
    with zipfile.ZipFile(source) as archive:
        name = archive.namelist()[0]
        lines = archive.read(name).decode("utf-8-sig").splitlines()
    columns = lines[2].split(";")
    vbo, pand, postcode = (columns.index(one) for one in ("BAGVerblijfsobjectID", "BAGPandIDs", "Postcode"))

    def elsewhere(line: str) -> bool:
        row = line.split(";")
        about = {row[vbo].zfill(16), row[postcode].strip("' ").replace(" ", ""), *row[pand].split(",")}
        return not about & (ids | codes | panden)

    kept = [*lines[:3], *filter(elsewhere, lines[3:])]
    assert len(kept) < len(lines)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, "\n".join(kept) + "\n")


def test_a_neighbourhood_without_labels(town: Settings, plain: Built, made: dict[str, Any], tmp_path: Path) -> None:
    homes = plain.layers["verblijfsobject"]
    labelled = homes[homes["label_status"] == "geldig"]["buurt_code"].value_counts()
    code = labelled.index[1]
    there = homes[homes["buurt_code"] == code]
    path = tmp_path / "v20261101_v4_csv.zip"
    without_labels(Path(made["energy_labels"]), path, there, set(there["pand_id"]))
    built = build(with_sources(town, energy_labels=Source(path=path)))
    (line,) = [line for line in told(built) if line.startswith("labelschatting: ")]
    assert "geen enkel geldig label, dus alles geschat of op een verlopen label, in " in line
    assert code in line
    after = built.layers["verblijfsobject"].set_index("vbo_id").loc[there["vbo_id"]]
    assert after["energielabel"].isna().all()
    assert set(after["label_status"]) <= {"geschat", "geen", "verlopen"}
    assert not after["bewijsgraad"].isin(GEREGISTREERD).any()
    before = homes.set_index("vbo_id").loc[there["vbo_id"]]
    assert before["bewijsgraad"].isin(GEREGISTREERD).any()
    assert not after["schatting_niveau"].isin(["blok", "buurt"]).any()
    row = built.layers["buurt"].set_index("code").loc[code]
    assert row["label_dekking"] == 0
    assert pd.isna(row["aandeel_efg"]), "no labels is not a share of zero"


def test_no_parcels_no_ownership_no_prognosis(sample_settings: Settings, tmp_path: Path) -> None:
    assert sample_settings.sample is not None
    bare = sample_settings.sample.model_copy(update={"without": ("parcels", "ownership", "prognosis")})
    region = Region(name="Enschede", municipalities=(TOWN,))
    changes = {"sample": bare, "region": region, "outputs": tmp_path}
    released = command.run(sample_settings.model_copy(update=changes), LogProgress())
    package = released.folder / "enschede.gpkg"
    assert "perceel" not in pyogrio.list_layers(package)[:, 0]
    run = pyogrio.read_dataframe(package, layer="run").set_index("sleutel")["inhoud"]
    assert "perceel" in json.loads(run["weggelaten_lagen"])
    parts = json.loads(run["weggelaten_onderdelen"])
    assert parts == released.manifest["weggelaten_onderdelen"]
    assert parts["percelen"][0].startswith("perceel: er zijn geen percelen geleverd")
    assert parts["levensloop"][0].startswith("uitbouwruimte: geen percelen")
    assert parts["bezit"][0].startswith("bezit: er is geen bezitslijst geleverd")
    assert "hh_prognose: geen prognose geleverd" in parts["mensen"]
    dwellings: gpd.GeoDataFrame = pyogrio.read_dataframe(package, layer="verblijfsobject")
    panden: gpd.GeoDataFrame = pyogrio.read_dataframe(package, layer="pand")
    assert dwellings["perceel_id"].isna().all()
    assert panden[["perceel_id", "aandeel_overlap", "uitbouwruimte_m2"]].isna().all().all()
    assert dwellings["score_prioriteit"].notna().any()
    lost = pyogrio.read_dataframe(package, layer="koppelverlies")
    joined = pyogrio.read_dataframe(package, layer="koppeling")
    assert not lost["koppeling"].str.contains("perceel").any(), "what was never joined cannot be lost"
    assert not joined["koppeling"].str.contains("perceel").any()
    assert set(pyogrio.read_dataframe(package, layer="bron")["bronhouder"]) == {"Kadaster", "RVO", "CBS en Kadaster"}
