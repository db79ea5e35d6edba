"""The site as files: a pure function of a release, whole where layers are absent, closed to hosts and markup."""

from __future__ import annotations

import dataclasses
import hashlib
import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyogrio
import pytest

from tests.publish.site.conftest import HOSTILE
from twentegeo.publish.edition import Edition
from twentegeo.publish.geopackage import write_geopackage
from twentegeo.publish.site import make
from twentegeo.publish.site.contents import Layers
from twentegeo.publish.site.make import WEB, digest_of, make_site
from twentegeo.publish.site.search import search_files
from twentegeo.publish.styles import all_styles
from twentegeo.tables.columns.lifecourse import REDENEN

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from twentegeo.publish.classes import ClassTables
    from twentegeo.publish.site.contents import Weighing

SCRIPTS = sorted((WEB / "js").rglob("*.js"))
TEXTS = WEB / "js" / "texts.js"
QUOTED = r'"(?:[^"\\]|\\.)*"'


def content(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def again(
    release: Path, classes: ClassTables, edition: Edition, weighing: Weighing, tmp_path: Path
) -> Callable[..., Path]:
    def made(package: Path | None = None, **changes: Any) -> Path:
        out = tmp_path / f"site{len(list(tmp_path.iterdir()))}"
        given = {"edition": edition, "classes": classes, "weighing": weighing, **changes}
        make_site(package or release / "twente.gpkg", out, **given)
        return out

    return made


def test_the_same_release_gives_the_same_bytes(release: Path, again: Callable[..., Path]):
    assert content(again()) == content(release / "site")


def test_what_is_missing_is_left_out(
    tmp_path: Path, site_world: dict[str, Any], classes: ClassTables, edition: Edition, again: Callable[..., Path]
):
    """No priority areas, districts or cells tonight, and columns of an earlier release."""
    package = tmp_path / "twente.gpkg"
    kept = {name: rows for name, rows in site_world.items() if name not in {"prioriteitsgebied", "wijk", "hectare"}}
    write_geopackage(package, kept, edition=edition, styles=all_styles(classes, edition))
    bare = tmp_path / "kaal.gpkg"
    for layer in ("buurt", "gemeente", "pand", "verblijfsobject"):
        rows = pyogrio.read_dataframe(package, layer=layer)
        few = rows[
            [
                name
                for name in rows
                if name in {"code", "naam", "pand_id", "vbo_id", "adres", "woonplaats", "postcode", "geometry"}
            ]
        ]
        pyogrio.write_dataframe(few, bare, layer=layer, append=bare.exists(), driver="GPKG")

    for one, pillars in ((package, ["energie", "levensloop", "vergrijzing"]), (bare, [])):
        site = again(one)
        facts = json.loads((site / "data/site.json").read_text(encoding="utf-8"))
        assert set(facts["lagen"]) == {"buurt", "gemeente", "pand", "verblijfsobject"}
        assert facts["pijlers"]["buurt"] == pillars
        assert not (site / "data/hectaren.pmtiles").exists()


def test_the_page_says_what_it_is_made_of(release: Path):
    facts = json.loads((release / "site/data/site.json").read_text(encoding="utf-8"))

    assert (facts["regio"], facts["peildatum"], facts["run_id"]) == ("Twente", "2024-01-08", "20240109T021500Z")
    assert facts["opmerking"] == "VOORBEELD: fictieve gegevens"
    assert facts["vorige"] is None
    assert facts["bronnen"][0]["bronhouder"] == "Kadaster"
    assert facts["bestanden"] == [{"pad": "../twente.gpkg", "bytes": (release / "twente.gpkg").stat().st_size}]
    west, south, east, north = facts["kader"]
    assert 6.77 < west < east < 6.8
    assert 52.2 < south < north < 52.22


def test_markup_in_the_name_of_the_region_stays_text(again: Callable[..., Path], edition: Edition):
    page = again(edition=dataclasses.replace(edition, region=HOSTILE, notice=HOSTILE)) / "index.html"
    text = page.read_text(encoding="utf-8")

    assert "<img src=x" not in text
    assert text.count("<script") == 2
    assert html.escape(HOSTILE) in text


def test_the_page_may_ask_no_other_host_and_run_no_script_of_its_own(release: Path):
    policies = {}
    for name in make.PAGES:
        text = (release / "site" / name).read_text(encoding="utf-8")
        policies[name] = html.unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1])
        assert not re.search(r"\son\w+=|javascript:|<style|style=", text)
        assert (
            re.findall(r"https?://(?!www\.w3\.org)[^\"' ]+", text.replace(policies[name], ""))
            in ([], ["https://service.pdok.nl;"], ["https://service.pdok.nl"] * 2)
            or name == "achtergrond.html"
        )
    assert "http" not in policies["index.html"]
    assert "default-src 'none'" in policies["index.html"]
    assert "unsafe" not in policies["index.html"]
    assert set(re.findall(r"https://\S+?(?=[; ]|$)", policies["achtergrond.html"])) == {"https://service.pdok.nl"}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_nothing_on_the_page_parses_html(path: Path):
    text = path.read_text(encoding="utf-8")

    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|setHTML|DOMParser|\beval\(|new Function|Popup", text
    )


def test_every_text_has_two_languages_and_is_used():
    table = TEXTS.read_text(encoding="utf-8").split("export const TERMS")[0]
    texts = re.findall(rf'^  "([\w. -]+)": \[\s*({QUOTED}),\s*({QUOTED}),?\s*\],$', table, re.MULTILINE)
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS if path != TEXTS)
    asked = set(re.findall(r'\bt\(\s*"([\w. -]+)"', scripts))
    begun = set(re.findall(r"`([\w.]+\.)\$\{", scripts))

    assert len(texts) == len(re.findall(r'^  "[\w. -]+": \[', table, re.MULTILINE)) > 150
    for key, dutch, english in texts:
        assert len(dutch) > 2, key
        assert len(english) > 2, key
        assert sorted(re.findall(r"\{\w+\}", dutch)) == sorted(re.findall(r"\{\w+\}", english)), key
        assert f'"{key}"' in scripts or any(key.startswith(start) for start in begun), f"{key} is nowhere used"
    assert asked <= {key for key, _, _ in texts}


def test_every_word_of_a_legend_has_its_english(classes: ClassTables):
    table = TEXTS.read_text(encoding="utf-8").split("export const TERMS")[1]
    terms = set(re.findall(r'^  "(.+?)":\s+".', table, re.MULTILINE))
    number = re.compile(r"^(minder dan )?\d+%?( tot | en meer)?(\d+%?)?$")
    letter = re.compile(r"^[A-G]\+*$")
    drawn = (
        "prioriteit",
        "kwadrant",
        "score_energie",
        "score_levensloop",
        "aandeel_efg",
        "energielabel",
        "label_dekking",
    )
    words = {one.label for name in (*drawn, "bewijsgraad", "verschil", "pand_gebruik") for one in classes[name].legend}
    words |= set(REDENEN.values())

    assert {word for word in words if not number.match(word) and not letter.match(word)} <= terms


def test_carried_libraries_are_what_was_published():
    stated = json.loads((WEB / "vendor/versions.json").read_text(encoding="utf-8"))

    assert {one["file"]: digest_of(one["file"]) for one in stated} == {one["file"]: one["sha256"] for one in stated}
    assert (WEB / "vendor/maplibre-gl.LICENSE.txt").is_file()
    assert (WEB / "vendor/pmtiles.LICENSE.txt").is_file()


@pytest.mark.slow
def test_the_checksums_are_those_of_npm(tmp_path: Path, absent: Callable[[str], None]):
    if shutil.which("npm") is None:
        absent("npm is er niet; installeer het pakket npm")
    stated = json.loads((WEB / "vendor/versions.json").read_text(encoding="utf-8"))
    for package, version in {(one["package"], one["version"]) for one in stated}:
        packed = subprocess.run(
            ["npm", "pack", "--silent", f"{package}@{version}"],
            cwd=tmp_path,
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )
        if packed.returncode:
            absent(f"npm kan {package} niet ophalen")
        subprocess.run(["tar", "-xzf", packed.stdout.split()[-1]], cwd=tmp_path, check=True)
        for one in stated:
            if one["package"] == package:
                assert hashlib.sha256((tmp_path / "package" / one["path"]).read_bytes()).hexdigest() == one["sha256"]
        shutil.rmtree(tmp_path / "package")


def test_every_address_can_be_found(release: Path, site_world: dict[str, pd.DataFrame]):
    files = dict(search_files(Layers.of(release / "twente.gpkg")))
    found = {}
    for name, shard in files.items():
        if name != "straten":
            for street, code, number, lon, lat in shard["adressen"]:
                text = " ".join(filter(None, (shard["straten"][street][0], number)))
                found[text] = (name, shard["postcodes"][code], lon / 1e5, lat / 1e5)
                listed = {tuple(one[:2]): one[2:] for one in files["straten"]["straten"]}
                assert name in listed[tuple(shard["straten"][street])]

    homes = site_world["verblijfsobject"]
    assert set(found) == set(homes["adres"])
    assert found["Marktstraat 6"][:2] == ("geen", "")
    assert found["Marktstraat 7"][:2] == ("7511", "7511AB")
    assert set(files) == {"straten", "geen", "7511", "7512"}
    assert found["Marktstraat 7"][2:] == pytest.approx((6.7802, 52.2103), abs=0.0001)
