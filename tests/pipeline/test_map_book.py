"""The maps of a release, of its night and made again on a release that stands."""

from __future__ import annotations

import json
import shutil
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from twentegeo.cli import app
from twentegeo.errors import ReleaseError
from twentegeo.pipeline import command, map_book, page, products
from twentegeo.pipeline.progress import LogProgress
from twentegeo.publish.maps import book, picture
from twentegeo.publish.maps.press import Drawn
from twentegeo.publish.workplace import MAPS
from twentegeo.settings import Products

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twentegeo.publish.maps.contents import Contents
    from twentegeo.settings import Settings

INDEX = "kaarten.json"


@pytest.fixture
def standing(
    sample_settings: Settings, first_release: command.Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """A release in an outputs folder of its own, and a book of two sheets that matplotlib draws."""
    shutil.copytree(sample_settings.outputs, tmp_path / "outputs", symlinks=True)
    assert first_release.folder.is_dir()

    def one_page(contents: Contents) -> Iterator[book.Book]:
        whole = next(every(contents))
        yield book.Book(whole.file, whole.title, whole.sheets[:1])

    every = book.municipality_books
    monkeypatch.setattr(book, "municipality_books", one_page)
    monkeypatch.setattr(book, "OF_REGION", [one for one in book.OF_REGION if one.key == picture.FIRST])
    maps = sample_settings.maps.model_copy(update={"tekenaar": "matplotlib", "dpi_pdf": 72})
    return sample_settings.model_copy(update={"outputs": tmp_path / "outputs", "maps": maps})


def test_a_night_without_the_book_has_the_map_that_every_release_has(first_release: command.Published):
    named = {name for name in first_release.manifest["bestanden"] if name.startswith(f"{MAPS}/")}

    assert named == {f"{MAPS}/prioriteit.png"}
    assert "twente.qgz" in first_release.manifest["bestanden"]


def test_a_night_makes_what_it_is_told_to(standing: Settings, monkeypatch: pytest.MonkeyPatch):
    def drawn(contents: Contents, folder: Path, *_: Any, **__: Any) -> Drawn:
        assert contents.package.is_file()
        (folder / "almelo.pdf").write_bytes(b"%PDF")
        return Drawn(1, 0)

    monkeypatch.setattr(map_book, "make_maps", drawn)
    wanted = Products(maps=True, project=False, site=False)
    released = command.run(standing.model_copy(update={"products": wanted}), LogProgress())

    assert released.folder is not None
    files = set(released.manifest["bestanden"])
    assert "kaarten/almelo.pdf" in files
    assert not {name for name in files if name.endswith(".qgz") or name.startswith("site/")}


def test_the_book_is_made_again_in_place(standing: Settings):
    before = products.newest(standing).folder / MAPS
    (before / "oud.txt").write_text("van een vorige keer", encoding="utf-8")

    folder, drawn = products.maps(standing, LogProgress())

    assert folder == before
    assert drawn == Drawn(by_qgis=0, by_matplotlib=2)
    assert sorted(path.name for path in folder.iterdir()) == ["almelo.pdf", INDEX, "prioriteit.png"]
    assert list(json.loads((folder / INDEX).read_text(encoding="utf-8"))) == ["prioriteit.png", "almelo.pdf"]
    assert not [path for path in folder.parent.iterdir() if path.name.startswith(".")]


def test_a_book_that_fails_leaves_the_old_one(standing: Settings, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    folder = products.newest(standing).folder / MAPS
    monkeypatch.setattr(book, "bind", full)

    with pytest.raises(ReleaseError, match="de schijf is vol"):
        products.maps(standing, LogProgress())
    assert [path.name for path in folder.iterdir()] == ["prioriteit.png"]
    assert not [path for path in folder.parent.iterdir() if path.name.startswith(".")]


def test_a_book_that_fails_waits_for_the_page_that_is_made_beside_it(
    standing: Settings, monkeypatch: pytest.MonkeyPatch
):
    """Whatever is done with the folder after a failure, nobody writes in it any more."""
    began, ended = threading.Event(), threading.Event()

    def slow(_: Path, out: Path, **__: object) -> None:
        began.set()
        time.sleep(0.3)
        out.mkdir()
        ended.set()

    def full(*_: object, **__: object) -> None:
        assert began.wait(30)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(page, "write_page", slow)
    monkeypatch.setattr(map_book, "write_book", full)
    wanted = Products(maps=True, project=False, site=True)
    before = products.newest(standing).folder

    with pytest.raises(ReleaseError, match="de schijf is vol"):
        command.run(standing.model_copy(update={"products": wanted}), LogProgress())
    assert ended.is_set()
    assert products.newest(standing).folder == before


def test_the_command_says_who_drew(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(products, "maps", lambda *_: (Path("ergens/kaarten"), Drawn(80, 2)))
    outcome = CliRunner().invoke(app, ["publish", "maps", "config/sample.yaml", "--plain"])

    assert outcome.exit_code == 0, outcome.output
    assert "ergens/kaarten (80 sheets by QGIS, 2 sheets by matplotlib)" in outcome.output
