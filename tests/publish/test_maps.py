"""The map book: drawn by matplotlib, by QGIS, and by one when the other fails."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pypdf
import pytest
import shapely
from matplotlib.colors import to_rgb
from PIL import Image

from twentegeo.errors import ReleaseError
from twentegeo.publish.edition import VOORBEELD, Edition
from twentegeo.publish.geopackage import write_geopackage
from twentegeo.publish.maps import press, qgis_press
from twentegeo.publish.maps.book import INDEX, file_name, make_maps, municipality_books
from twentegeo.publish.maps.contents import REGION, dwellings_by_line, open_release
from twentegeo.publish.maps.facts import facts_of
from twentegeo.publish.maps.parameters import MapBookParams
from twentegeo.publish.maps.picture import Picture, draw_picture, lay_picture
from twentegeo.publish.maps.questions import BOOK_THEMES, OF_REGION, QUESTIONS
from twentegeo.publish.maps.wording import homes, listed, points, rounded, share
from twentegeo.publish.project.themes import BACKDROP
from twentegeo.publish.project.tree import every_layer, styles_of
from twentegeo.publish.styles.layers import STYLES
from twentegeo.tables.contract import empty
from twentegeo.tables.layers import MAP_LAYERS

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from twentegeo.publish.classes import ClassTables
    from twentegeo.publish.maps.contents import Contents

QUICK = {"dpi_pdf": 72, "dpi_png": 60}


@pytest.fixture(scope="module")
def contents(package: Path, classes: ClassTables, edition: Edition):
    return open_release(package, classes, edition)


def colours(path: Path) -> set[str]:
    """Colours that cover more than a few pixels of a picture."""
    pixels = np.asarray(Image.open(path).convert("RGB")).reshape(-1, 3)
    found, counts = np.unique(pixels, axis=0, return_counts=True)
    return {"#" + bytes(colour.tolist()).hex() for colour in found[counts > 20]}


@pytest.fixture(scope="module")
def plain_book(contents: Contents, tmp_path_factory: pytest.TempPathFactory):
    """The book as a machine without QGIS makes it."""
    out = tmp_path_factory.mktemp("matplotlib")
    told: list[tuple[int, int]] = []
    drawn = make_maps(
        contents,
        out,
        MapBookParams(tekenaar="matplotlib", **QUICK),
        workers=2,
        count=lambda done, total: told.append((done, total)),
    )
    return out, drawn, told


@pytest.fixture(scope="module")
def qgis_book(contents: Contents, tmp_path_factory: pytest.TempPathFactory, absent: Callable[[str], None]):
    """The book as a machine with QGIS makes it."""
    if qgis_press.qgis_python(tmp_path_factory.mktemp("probe")) is None:
        absent("PyQGIS is er niet; installeer het pakket python3-qgis")
    out = tmp_path_factory.mktemp("qgis")
    drawn = make_maps(contents, out, MapBookParams(tekenaar="qgis", **QUICK), workers=2, count=lambda *_: None)
    return out, drawn, None


@pytest.fixture(params=["plain_book", pytest.param("qgis_book", marks=pytest.mark.qgis)])
def book(request: pytest.FixtureRequest):
    return request.getfixturevalue(request.param)


def test_the_book_is_a_pdf_per_municipality_and_a_picture_per_question(book: Any):
    out, drawn, _ = book

    assert sorted(path.name for path in out.iterdir()) == sorted(
        ["enschede.pdf", "hengelo.pdf", INDEX, *(f"{question.file}.png" for question in OF_REGION)]
    )
    assert drawn.by_qgis + drawn.by_matplotlib == 5 + 7 + 6
    assert 0 in (drawn.by_qgis, drawn.by_matplotlib)


def test_pages_are_a3_with_their_fonts_inside(book: Any, edition: Edition):
    out, _, _ = book
    reader = pypdf.PdfReader(out / "enschede.pdf")

    assert len(reader.pages) == 7
    for page in reader.pages:
        assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [420, 297]
        fonts = [font.get_object() for font in page["/Resources"]["/Font"].get_object().values()]
        assert fonts
        for font in fonts:
            below = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
            assert "/FontFile2" in below["/FontDescriptor"].get_object(), "embedded TrueType"
            assert "OpenSans" in below["/BaseFont"].replace("+", "").replace("-", "")
        text = " ".join(page.extract_text().split())
        assert VOORBEELD in text
        assert edition.run_id in text


def test_a_book_has_an_outline_a_language_and_says_what_its_pages_show(book: Any):
    out, _, _ = book
    reader = pypdf.PdfReader(out / "hengelo.pdf")

    assert [item.title for item in reader.outline][-1] == "1. Nijverheid"
    assert reader.root_object["/Lang"] == "nl-NL"
    assert reader.metadata.title == f"Kaartenboek woningverbetering Hengelo ({VOORBEELD})"
    assert reader.metadata.subject.startswith(
        "Blad 1: Kaart van gemeente Hengelo. Waar gaan energie en levensloop samen?"
    )
    assert "Veel woningen met label G." in reader.metadata.subject


def test_pictures_and_index_have_the_alternative_text(book: Any):
    out, _, _ = book
    index = json.loads((out / INDEX).read_text(encoding="utf-8"))

    assert list(index)[-2:] == ["enschede.pdf", "hengelo.pdf"]
    for question in OF_REGION:
        (page,) = index[f"{question.file}.png"]["bladen"]
        with Image.open(out / f"{question.file}.png") as picture:
            assert picture.text["Description"] == page["beschrijving"]
        assert page["beschrijving"].startswith(f"Kaart van Twente. {question.title}")


@pytest.mark.parametrize(
    ("picture", "table"),
    [
        ("twee_assen", "twee_assen"),
        ("prioriteit", "prioriteit"),
        ("levensloop", "score_levensloop"),
        ("labeldekking", "label_dekking"),
    ],
)
def test_a_picture_has_the_colours_of_its_classes_and_the_notice(
    book: Any, classes: ClassTables, picture: str, table: str
):
    found = colours(book[0] / f"{picture}.png")

    assert {item.colour for item in classes[table].legend} <= found
    assert "#9c1f2e" in found


@pytest.mark.qgis
def test_both_draw_the_same_sheet(plain_book: Any, qgis_book: Any):
    """Coarsely: blocks of the page have nearly the same colour whoever drew it."""
    for question in OF_REGION:
        small = []
        for out in (plain_book[0], qgis_book[0]):
            with Image.open(out / f"{question.file}.png") as picture:
                small.append(np.asarray(picture.convert("RGB").resize((42, 30), Image.Resampling.BOX), dtype=float))
        difference = np.abs(small[0] - small[1]).mean(axis=2)
        assert np.quantile(difference, 0.9) < 12, question.file
        assert difference.mean() < 5, question.file


def test_progress_is_told_sheet_by_sheet(plain_book: Any):
    _, _, told = plain_book

    assert told == [(number, 18) for number in range(1, 19)]


class _Broken:
    """A drawer of which the process dies, or answers nonsense about every other sheet."""

    name = "stuk"

    def __init__(self, folder: Path, code: str) -> None:
        self._folder, self._code = folder, code

    def start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", self._code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def written(self, _: Any, folder: Path, number: int) -> Path:
        path = folder / f"{number}.stuk"
        path.write_text("x", encoding="utf-8")
        return path


@pytest.mark.parametrize(
    "code",
    [
        "raise SystemExit(3)",
        "import sys\nsys.stdin.readline()\nimport os\nos.kill(os.getpid(), 9)",
        "import sys\nfor line in sys.stdin:\n    print('hallo')\n    print('{\"error\": \"nee\"}', flush=True)",
        "import sys, time\nsys.stdin.readline()\ntime.sleep(60)",
    ],
    ids=["never starts", "dies", "refuses", "hangs"],
)
def test_a_sheet_on_which_qgis_fails_is_drawn_all_the_same(
    contents: Contents, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, code: str
):
    monkeypatch.setattr(qgis_press, "find", lambda *_: _Broken(tmp_path, code))
    sheet = next(iter(municipality_books(contents))).sheets[0]
    jobs = [press.Job(sheet, tmp_path / f"{number}.png", 30) for number in range(1 if "sleep" in code else 2)]
    parameters = MapBookParams.model_construct(tekenaar="auto", wachttijd_s=10, **QUICK)
    drawn = press.draw_all(jobs, contents, parameters, 1, lambda _: None)

    assert (drawn.by_qgis, drawn.by_matplotlib) == (0, len(jobs))
    assert all(job.path.stat().st_size > 5_000 for job in jobs)
    assert "QGIS could not draw 0.png; matplotlib does" in caplog.text


def test_qgis_that_was_asked_for_and_is_not_there_is_one_clear_line(
    contents: Contents, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(qgis_press.PYTHON, str(tmp_path / "nergens"))
    job = press.Job(next(iter(municipality_books(contents))).sheets[0], tmp_path / "x.png", 30)

    with pytest.raises(ReleaseError, match="QGIS: is hier niet te vinden"):
        press.draw_all([job], contents, MapBookParams(tekenaar="qgis"), 1, lambda _: None)


def test_the_first_picture_needs_no_qgis_and_is_the_same_every_time(contents: Contents, tmp_path: Path):
    (tmp_path / "een").mkdir()
    (tmp_path / "twee").mkdir()
    one, other = (Picture.of(contents, MapBookParams(**QUICK)).draw(tmp_path / name) for name in ("een", "twee"))

    assert one.name == "prioriteit.png"
    assert one.read_bytes() == other.read_bytes()


def test_what_is_laid_out_is_drawn_without_the_package(
    package: Path, contents: Contents, classes: ClassTables, edition: Edition, tmp_path: Path
):
    # others write in the package by then, or it is gone altogether
    (tmp_path / "recht").mkdir()
    straight = Picture.of(contents, MapBookParams(**QUICK)).draw(tmp_path / "recht")
    lent = Path(shutil.copy(package, tmp_path / package.name))
    lay_picture(lent, edition, classes, MapBookParams(**QUICK))
    lent.unlink()

    assert draw_picture(lent, tmp_path / "later").read_bytes() == straight.read_bytes()
    with pytest.raises(KeyError):
        draw_picture(lent, tmp_path / "nog eens")


def test_a_night_without_areas_or_cells_still_gives_a_map(
    tmp_path: Path, world: dict[str, pd.DataFrame], classes: ClassTables, edition: Edition
):
    tables = {table.name: table for table in MAP_LAYERS}
    gone = {name: empty(tables[name]) for name in ("prioriteitsgebied", "hectare", "buurt", "pand")}
    write_geopackage(tmp_path / "twente.gpkg", {**world, **gone}, edition=edition)
    contents = open_release(tmp_path / "twente.gpkg", classes, edition)

    assert Picture.of(contents, MapBookParams(**QUICK)).draw(tmp_path).stat().st_size > 5_000
    assert [len(book.sheets) for book in municipality_books(contents)] == [5, 5]
    assert "Geen prioriteitsgebied" in facts_of(contents, "prioriteit", REGION, "Twente")


def test_real_data_carry_no_notice(package: Path, classes: ClassTables, edition: Edition, tmp_path: Path):
    real = open_release(package, classes, Edition("Twente", edition.peildatum, edition.run_id))
    path = Picture.of(real, MapBookParams(**QUICK)).draw(tmp_path)

    assert to_rgb("#9c1f2e")
    assert "#9c1f2e" not in colours(path)


def test_themes_of_the_book_need_no_network_and_exist():
    layers = {layer.key: layer for layer in every_layer()}

    for theme in BOOK_THEMES:
        assert BACKDROP not in theme.shown
        assert set(theme.shown) <= set(layers)
        for key, style in theme.styles:
            assert style in [one.name for one in STYLES[layers[key].layer]]
            assert styles_of(layers[key])
    assert len({theme.name for theme in BOOK_THEMES}) == len(BOOK_THEMES)


def test_dwellings_are_counted_by_the_line_that_draws_them(contents: Contents, classes: ClassTables):
    style = next(style for style in STYLES["hectare"] if style.name == "Twee assen")
    counts = dwellings_by_line(style.draw(classes), contents.cells)

    assert sum(counts) == contents.cells["n_woningen"].sum() == 48
    assert counts[-1] == 3, "one cell has no score: unknown, not low"


def test_cells_belong_to_the_municipality_of_their_middle(contents: Contents):
    assert contents.cells["gemeente_code"].value_counts().to_dict() == {"GM0153": 8, "GM0164": 8}
    assert contents.municipality_at(np.array([shapely.Point(0, 0)], dtype=object)).tolist() == [REGION]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)
def test_facts_are_sentences_with_figures(contents: Contents, question: Any):
    for code, name in ((REGION, "Twente"), ("GM0153", "Enschede")):
        told = facts_of(contents, question.key, code, name)
        assert told.endswith(".")
        assert any(letter.isdigit() for letter in told)
        assert "nan" not in told.lower()


def test_facts_count_right(contents: Contents):
    assert facts_of(contents, "prioriteit", "GM0153", "Enschede") == (
        "2 prioriteitsgebieden met samen 58 woningen. Daarvan ligt er één over een gemeentegrens."
    )
    assert facts_of(contents, "labels", REGION, "Twente").startswith(
        "48 woningen. 92% heeft een geldig label; daarvan is 27% E, F of G. 2% heeft alleen een verlopen label."
    )


def test_numbers_and_lists_are_written_as_dutch_does():
    assert homes(1) == "1 woning"
    assert homes(12345) == "12.345 woningen"
    assert listed(["Almelo"]) == "Almelo"
    assert listed(["Almelo", "Borne", "Wierden"]) == "Almelo, Borne en Wierden"
    assert (share(1, 1000), share(0, 10), share(5, 0), share(1, 3)) == ("minder dan 1%", "0%", "onbekend", "33%")
    assert (rounded(None), rounded(float("nan")), rounded(66.6, "%")) == ("–", "–", "67%")
    assert (points(None), points(float("nan")), points(69.97), points(70.0)) == ("–", "–", "69", "70")
    assert file_name("Hengelo (O.)") == "hengelo_o"
