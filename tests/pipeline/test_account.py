"""What a release says of itself, on the made-up region: report, metadata, and what the next night makes of it."""

from __future__ import annotations

import json
import shutil
import time
from typing import TYPE_CHECKING

import pyogrio
import pytest
from lxml import etree, html
from typer.testing import CliRunner

from twentegeo.cli import app
from twentegeo.errors import ReleaseError, SettingsError, TwenteGeoError
from twentegeo.figures import load_reference
from twentegeo.pipeline import account, command, products
from twentegeo.pipeline.progress import LogProgress
from twentegeo.publish import release as releasing
from twentegeo.publish.report.reading import read_layers
from twentegeo.settings import config_folder

if TYPE_CHECKING:
    from pathlib import Path

    from twentegeo.settings import Settings

NOTICE = "VOORBEELD: fictieve gegevens"


@pytest.fixture(scope="module")
def own_settings(
    sample_settings: Settings, first_release: command.Published, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """The first night in an outputs folder of its own, where another release may follow."""
    outputs = tmp_path_factory.mktemp("account") / "outputs"
    assert first_release.folder.is_dir()
    shutil.copytree(sample_settings.outputs, outputs, symlinks=True)
    return sample_settings.model_copy(update={"outputs": outputs})


def words(element: html.HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())


def page(path: Path) -> html.HtmlElement:
    return html.fromstring(path.read_text(encoding="utf-8"))


def test_a_release_carries_report_and_metadata(first_release: command.Published) -> None:
    files = first_release.manifest["bestanden"]
    assert {"rapport.html", "metadata/twente.xml", "metadata/dcat-ap-nl.jsonld"} <= set(files)
    root = etree.parse(first_release.folder / "metadata" / "twente.xml").getroot()
    assert root.tag.endswith("}MD_Metadata")
    assert NOTICE in (first_release.folder / "metadata" / "dcat-ap-nl.jsonld").read_text()
    inside = pyogrio.read_info(first_release.folder / "twente.gpkg", layer="pand")
    assert "MD_Metadata" in inside["layer_metadata"]["GPKG_METADATA_ITEM_1"]


def test_distributions_are_the_files_that_lie_there(first_release: command.Published) -> None:
    document = json.loads((first_release.folder / "metadata" / "dcat-ap-nl.jsonld").read_text())
    dataset = next(one for one in document["@graph"] if one["@type"] == "dcat:Dataset")
    for one in dataset["dcat:distribution"]:
        path = first_release.folder / one["dcat:downloadURL"]["@id"].removeprefix("../")
        assert path.stat().st_size == int(one["dcat:byteSize"]["@value"])
    names = {one["@id"] for one in dataset["dcat:distribution"]}
    assert {"../twente.gpkg", "../raster/labeldekking.tif"} <= names


def test_the_report_agrees_with_the_manifest(first_release: command.Published) -> None:
    found = page(first_release.folder / "rapport.html")
    manifest = first_release.manifest
    head = words(found.xpath("//header")[0]).replace("\u00ad", "")

    assert words(found.xpath("//body/*[1]")[0]) == NOTICE
    assert f"Woningen {manifest['lagen']['verblijfsobject']:,}".replace(",", ".") in head
    assert f"Prioriteitsgebieden {manifest['lagen']['prioriteitsgebied']}" in head
    rows = found.xpath("//table[caption='Dekking per gemeente']/tbody/tr")
    assert len(rows) == 15, "14 municipalities and the region"
    assert len(found.xpath("//table[caption='Bronnen']/tbody/tr")) == len(manifest["bronnen"])
    assert len(found.xpath("//table[caption='Koppelingen']/tbody/tr")) == len(manifest["koppelingen"])
    lost = [row.xpath("td")[2].text_content() for row in found.xpath("//table[caption='Verliezen per reden']/tbody/tr")]
    assert all(lost), "each reason says what can be done about it"
    for section in ("schaal", "schatting", "rang"):
        assert found.xpath(f"//section[@id='{section}']"), section
    labels = found.xpath("//table[caption='Kwaliteit van de schatting']/tbody/tr")
    assert len(labels) == len(manifest["validatie"]["totaal"])
    assert "Weggelaten" in words(found.xpath("//section[@id='controles']")[0])


def test_the_report_weighs_little(first_release: command.Published) -> None:
    assert (first_release.folder / "rapport.html").stat().st_size < 250_000


def test_the_next_night_tells_what_changed(own_settings: Settings, first_release: command.Published) -> None:
    stricter = own_settings.areas.model_copy(update={"veel_min_tekort": 55.0})
    second = command.run(own_settings.model_copy(update={"areas": stricter}), LogProgress())
    assert second.new
    changed = words(page(second.folder / "rapport.html").xpath("//section[@id='veranderd']")[0])

    assert f"(run {first_release.folder.name})" in changed
    assert "instelling areas.veel_min_tekort 50 55" in changed
    assert "Gelijk gebleven:" in changed


def test_the_report_can_be_made_again(own_settings: Settings) -> None:
    newest = products.newest(own_settings)
    before = page(newest.folder / "rapport.html")
    path = products.report(own_settings)

    assert path == newest.folder / "rapport.html"
    # rings may run the other way in the file, so that outlines differ in spelling
    assert words(page(path)) == words(before)
    assert not path.stat().st_mode & 0o222


def test_layers_read_back_give_the_same_report(
    sample_settings: Settings, first_release: command.Published, tmp_path: Path
) -> None:
    """The night writes the report from memory; written from the file it must say the same."""
    folder = first_release.folder
    begun = time.perf_counter()
    account.write_report(
        tmp_path,
        releasing.manifest_of(folder),
        read_layers(folder / "twente.gpkg"),
        sample_settings,
        load_reference(config_folder()),
        before=None,
    )
    assert time.perf_counter() - begun < 5
    again, first = (page(one / "rapport.html").xpath("//main")[0] for one in (tmp_path, folder))
    assert words(again) == words(first)


def test_a_red_night_leaves_a_page_with_the_reason(sample_settings: Settings, first_release: command.Published) -> None:
    checks = sample_settings.checks.model_copy(update={"min_dekking_label": 100.0})
    with pytest.raises(TwenteGeoError) as error:
        command.run(sample_settings.model_copy(update={"checks": checks}), LogProgress())
    told = page(sample_settings.outputs / "laatste_run.html")

    assert "Rood Mislukt" in words(told)
    assert " ".join(str(error.value).split()) in words(told)
    (link,) = told.xpath("//a/@href")
    assert (sample_settings.outputs / link).is_file()
    assert link >= f"releases/{first_release.folder.name}/rapport.html"


def test_exports_lie_beside_the_releases(
    sample_settings: Settings, first_release: command.Published, tmp_path: Path
) -> None:
    assert first_release.folder.is_dir()
    folder = products.export(sample_settings, LogProgress(), out=None, forms=["geoparquet"], layers=["buurt", "pand"])

    assert folder.parent == sample_settings.outputs / "exports"
    assert {path.name for path in folder.iterdir()} == {"buurt.parquet", "pand.parquet"}
    again = products.export(sample_settings, LogProgress(), out=None, forms=["csv"], layers=["buurt"])
    assert {path.name for path in again.iterdir()} == {"buurt.csv"}, "an export is whole or not there"
    with pytest.raises(ReleaseError, match="bestaat al"):
        products.export(sample_settings, LogProgress(), out=tmp_path, forms=["csv"], layers=())
    with pytest.raises(ReleaseError, match="staat er niet in"):
        products.export(sample_settings, LogProgress(), out=tmp_path / "x", forms=["csv"], layers=["huis"])
    assert [path.name for path in tmp_path.iterdir()] == [], "a refused export leaves nothing behind"


def test_without_a_release_products_say_what_to_do(sample_settings: Settings, tmp_path: Path) -> None:
    empty = sample_settings.model_copy(update={"outputs": tmp_path})
    with pytest.raises(ReleaseError, match=r"hier staat nog geen release\. Draai eerst twentegeo run"):
        products.report(empty)


def test_another_region_is_not_exported_under_this_name(
    sample_settings: Settings, first_release: command.Published
) -> None:
    assert first_release.folder.is_dir()
    region = sample_settings.region.model_copy(update={"name": "Achterhoek"})
    with pytest.raises(ReleaseError, match=r"achterhoek\.gpkg: ontbreekt in de nieuwste release"):
        products.newest(sample_settings.model_copy(update={"region": region}))


def test_an_unreadable_connection_string_is_refused_without_repeating_it(
    sample_settings: Settings, first_release: command.Published
) -> None:
    assert first_release.folder.is_dir()
    with pytest.raises(SettingsError, match="niet te lezen") as error:
        products.postgis(sample_settings, "wachtwoord=geheim onzin", LogProgress())
    assert "geheim" not in str(error.value)


def test_an_unknown_form_is_refused_at_the_command_line() -> None:
    outcome = CliRunner().invoke(app, ["publish", "export", "config/sample.yaml", "--form", "shapefile"])

    assert outcome.exit_code == 2
    assert "flatgeobuf, geoparquet, csv" in " ".join(outcome.output.split())


@pytest.mark.parametrize("name", ["report", "export", "postgis"])
def test_products_explain_themselves(name: str) -> None:
    outcome = CliRunner().invoke(app, ["publish", name, "--help"])

    assert outcome.exit_code == 0
    assert "CONFIG" in outcome.output
