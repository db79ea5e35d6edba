"""Sheets as a list of things at places: nothing overlaps, nothing is cut off, nothing from the data is evaluated."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twentegeo.publish.maps.book import municipality_books, region_pictures
from twentegeo.publish.maps.contents import open_release
from twentegeo.publish.sheets import typography
from twentegeo.publish.sheets.items import A3_MM, Atlas, Box, Extent, MapFrame, Shape, Sheet, Text
from twentegeo.publish.sheets.layout import escaped, layout_element
from twentegeo.publish.sheets.typography import fitted, lines_that_fit, printable, width_mm, wrapped

if TYPE_CHECKING:
    from pathlib import Path

    from twentegeo.publish.classes import ClassTables
    from twentegeo.publish.edition import Edition

CAP = 0.72
"""Height of a capital as a share of the size of the letters; and how far a tail hangs below the line."""
TAIL = 0.24
MM = 25.4 / 72


def place(item: Text) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a line of text."""
    width = width_mm(item.text, item.size_pt, item.weight)
    left = item.x - {"left": 0, "center": width / 2, "right": width}[item.align]
    return left, item.y - CAP * item.size_pt * MM, left + width, item.y + TAIL * item.size_pt * MM


def overlaps(sheet: Sheet) -> list[tuple[str, str]]:
    """Pairs of texts that lie over each other, by more than a hair."""
    placed = [(item.text, place(item)) for item in sheet.items if isinstance(item, Text) and item.text.strip()]
    return [
        (one, other)
        for (one, a), (other, b) in itertools.combinations(placed, 2)
        if min(a[2], b[2]) - max(a[0], b[0]) > 0.2 and min(a[3], b[3]) - max(a[1], b[1]) > 0.2
    ]


def outside(sheet: Sheet) -> list[str]:
    """Texts and shapes that do not lie wholly on the sheet."""
    width, height = sheet.size_mm
    found = []
    for item in sheet.items:
        if isinstance(item, Text):
            left, top, right, bottom = place(item)
        elif isinstance(item, Shape | MapFrame):
            left, top, right, bottom = item.box.x, item.box.y, item.box.right, item.box.bottom
        else:
            continue
        if left < 5 or top < 5 or right > width - 5 or bottom > height - 4:
            found.append(getattr(item, "text", str(item)))
    return found


@pytest.fixture(scope="module")
def sheets(package: Path, classes: ClassTables, edition: Edition):
    contents = open_release(package, classes, edition)
    return [sheet for book in (*region_pictures(contents), *municipality_books(contents)) for sheet in book.sheets]


@pytest.fixture(scope="module")
def hostile_sheets(hostile_package: Path, classes: ClassTables, edition: Edition):
    contents = open_release(hostile_package, classes, edition)
    return [sheet for book in (*region_pictures(contents), *municipality_books(contents)) for sheet in book.sheets]


def test_no_text_lies_over_another_or_off_the_sheet(sheets: list[Sheet], hostile_sheets: list[Sheet]):
    for sheet in (*sheets, *hostile_sheets):
        assert overlaps(sheet) == [], sheet.name
        assert outside(sheet) == [], sheet.name


def test_the_measure_would_see_an_overlap():
    sheet = Sheet("x", "x", (Text(20, 20, "woningen", 10), Text(25, 21, "score", 10), Text(415, 20, "te ver", 10)))

    assert overlaps(sheet) == [("woningen", "score")]
    assert outside(sheet) == ["te ver"]


def test_every_sheet_says_source_date_run_and_that_it_is_made_up(sheets: list[Sheet], edition: Edition):
    for sheet in sheets:
        texts = " ".join(item.text for item in sheet.items if isinstance(item, Text))
        assert "Bronnen: BAG (Kadaster)." in texts
        assert "Peildatum 08-01-2024" in texts
        assert edition.run_id in texts
        assert texts.count(edition.notice) == 2, "over the map and in the foot"
        assert sheet.alt_text.startswith("Kaart van ")
        assert "08-01-2024" in sheet.alt_text
        assert edition.notice in sheet.alt_text


def test_the_book_has_the_pages_that_were_asked_for(package: Path, classes: ClassTables, edition: Edition):
    contents = open_release(package, classes, edition)
    books = {book.file: [sheet.name for sheet in book.sheets] for book in municipality_books(contents)}

    assert [len(pages) for pages in books.values()] == [7, 6]
    assert books["enschede.pdf"][5:] == ["1. Nijverheid", "2. De Es"]
    assert books["hengelo.pdf"][5:] == ["1. Nijverheid"], "an area on the border stands in both books"
    assert [book.file for book in region_pictures(contents)] == [
        "twee_assen.png",
        "prioriteit.png",
        "label_efg.png",
        "levensloop.png",
        "labeldekking.png",
    ]


def test_a_layout_keeps_what_data_say_from_being_evaluated():
    text = "[% 6*7 %] $CURRENT_DATE [%x"

    assert escaped(text) == "[% '[%' %] 6*7 %] [% '$' %]CURRENT_DATE [% '[%' %]x"


def test_a_sheet_becomes_a_layout_of_the_same_size_with_its_items_in_order():
    extent = Extent(250_000, 470_000, 251_000, 470_800)
    atlas = Atlas("twentegeo_gemeente", "Gemeenten", "./t.gpkg|layername=gemeente", '"naam"', "'x'")
    items = (
        Shape(Box(10, 10, 5, 5), colour="#ff0000"),
        MapFrame(Box(10, 20, 100, 80), "kaart", "Waar eerst", extent),
        Text(20, 120, "[% 1 %]", 10, align="right"),
    )
    layout = layout_element(Sheet("blad", "alt", items, {"gemeente_code": "GM0153"}, atlas))
    found = layout.findall("LayoutItem")

    assert [item.get("type") for item in found] == ["65643", "65639", "65641"]
    assert [item.get("zValue") for item in found] == ["1", "2", "3"]
    assert found[1].get("followPresetName") == "Waar eerst"
    assert found[1].find("AtlasMap").get("atlasDriven") == "1"
    assert found[2].get("labelText") == "[% '[%' %] 1 %]"
    assert layout.find("PageCollection/LayoutItem").get("size") == "420.000,297.000,mm"
    assert layout.find("Atlas").get("coverageLayer") == "twentegeo_gemeente"
    values = [item.get("value") for item in layout.findall("customproperties//Option[@type='QString']")]
    assert values == ["gemeente_code", "GM0153"]
    assert ET.tostring(layout) == ET.tostring(
        layout_element(Sheet("blad", "alt", items, {"gemeente_code": "GM0153"}, atlas))
    )


@given(st.floats(1, 50_000), st.floats(1, 50_000), st.floats(10, 400), st.floats(10, 300), st.floats(0, 0.3))
def test_an_extent_is_fitted_to_the_paper_and_nothing_of_it_is_lost(
    width: float, height: float, box_width: float, box_height: float, margin: float
):
    extent, box = Extent(250_000, 470_000, 250_000 + width, 470_000 + height), Box(0, 0, box_width, box_height)
    shown = extent.fitted(box, margin)

    assert shown.width / shown.height == pytest.approx(box.width / box.height, rel=1e-3)
    assert shown.xmin <= extent.xmin + 1e-6
    assert shown.ymax >= extent.ymax - 1e-6
    assert shown.width >= (1 + 2 * margin) * extent.width - 1e-6
    assert extent.fitted(box, 0).scale(box) == pytest.approx(extent.fitted(box, 0).height * 1000 / box.height, rel=1e-3)


@given(st.text(max_size=200), st.floats(20, 200), st.floats(6, 25))
def test_text_is_broken_into_lines_that_fit(text: str, room: float, size: float):
    lines = wrapped(text, room, size)

    assert all(width_mm(line, size) <= room + 1e-6 for line in lines)
    assert len(lines_that_fit(text, room, 2, size)) <= 2
    assert width_mm(fitted(printable(text), room, size), size) <= room + 1e-6


def test_no_word_is_lost_where_there_is_room():
    text = "Elk vakje is een hectare met woningen: hoe donkerder, hoe urgenter."

    assert " ".join(wrapped(text, 40, 10)) == text
    assert lines_that_fit(text, 40, 2, 10)[-1].endswith("…")


def test_letters_that_the_font_lacks_are_asked_after_and_lines_are_one():
    assert printable("Café\n東 Ünal\t€ 5\x07") == "Café ? Ünal € 5"


def test_a_sheet_is_a3():
    assert A3_MM == (420.0, 297.0)


def test_letters_measured_in_many_threads_are_as_wide() -> None:
    """The book is drawn by several processes, each fed by a thread that lays out sheets."""
    letters = [chr(code) for code in (*range(33, 127), *range(192, 256))]
    alone = [width_mm(letter, 9, "Regular") for letter in letters]
    with ThreadPoolExecutor(8) as threads:
        for _ in range(50):
            typography._letter.cache_clear()
            together = list(threads.map(lambda letter: width_mm(letter, 9, "Regular"), letters))
            assert together == alone
