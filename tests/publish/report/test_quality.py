"""The report shows what the validation of the estimate gives, through the manifest and back."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from tests.publish.manifests import manifest
from twentegeo.indicators.label_validation import METHODS
from twentegeo.publish.report import attention, quality
from twentegeo.publish.report.drawing import charts
from twentegeo.publish.report.parameters import ReportParams
from twentegeo.publish.statement import statement_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.html import HtmlElement

FACTS = {
    "totaal": [
        {"groep": "alle", "schatter": name, "n": 1000, "mae": 0.8 + k, "bias": 0.1, "sd": 1.2, "logscore": -1.5 - k,
         "dekking_90": 90.5, "klassen_90": 4.0, "aandeel_efg": 24.0, "verwacht_efg": 25.0}
        for k, name in enumerate(METHODS)
    ],
    "woningtype": [],
    "kalibratie": [
        {"schatter": name, "n": 100, "verwacht": 10.0 * k, "gevonden": 10.0 * k, "helling": 0.97}
        for name in METHODS[:2] for k in range(5)
    ],
}  # fmt: skip


def test_a_manifest_without_validation_has_none():
    assert quality.validation_of({}) is None
    assert quality.validation_of({quality.KEY: {"totaal": []}}) is None


def test_figures_come_through():
    found = quality.validation_of({quality.KEY: FACTS})

    assert found is not None
    assert (found.model.schatter, found.model.n, found.model.sd) == ("schatting", 1000, 1.2)
    assert [one.schatter for one in found.total] == list(METHODS)
    assert found.groups == {"woningtype": ()}
    assert found.calibration[1].gevonden == 10


def test_an_absent_figure_is_no_nought():
    row = {**FACTS["totaal"][0], "dekking_90": None}
    found = quality.validation_of({quality.KEY: {"totaal": [row]}})

    assert found is not None
    assert math.isnan(found.model.dekking_90)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({}, None),
        ({"sd": 1.51}, "spreiding 1,51 (grens 1,50)"),
        ({"bias": -0.3}, "bias −0,30 (grens 0,20)"),
        ({"dekking_90": 87.0}, "trefkans interval 87,0%"),
        ({"dekking_90": 93.5}, "trefkans interval 93,5%"),
    ],
)
def test_an_estimate_below_its_promise_asks_for_attention(change: dict[str, float], complaint: str | None):
    found = quality.validation_of({quality.KEY: {**FACTS, "totaal": [{**FACTS["totaal"][0], **change}]}})
    points = attention.points(statement_of(manifest()), None, found, ReportParams())

    assert [complaint in one.text for one in points] == ([True] if complaint else [])


def test_the_page_shows_table_and_curve(report: Callable[..., HtmlElement]):
    page = report(manifest(validatie=FACTS))
    (section,) = page.xpath("//section[@id='schatting']")
    rows = [["".join(cell.itertext()).strip() for cell in row] for row in section.xpath(".//tbody/tr")]

    assert rows[0] == ["schatting", "0,80", "+0,10", "1,20", "−1,50", "90,5%", "25,0%", "24,0%"]
    assert len(rows) == 3
    assert len(section.xpath(".//svg[@role='img']/polyline")) == 2
    assert len(section.xpath(".//svg[@role='img']/circle")) == 5
    assert page.xpath("//nav//a[@href='#schatting']")


def test_a_perfect_curve_lies_on_the_diagonal():
    found = quality.validation_of({quality.KEY: FACTS})
    assert found is not None
    drawn = charts.calibration(found.calibration)
    frame = drawn.frame

    for x, y in drawn.curves[0].points:
        assert x - frame.left == pytest.approx(frame.bottom - y, abs=0.11)


def test_what_was_tested_is_said(report: Callable[..., HtmlElement]):
    over = {"peildatum": "2024-01-08", "labels": "2024-01-01", "gebiedsfout": 0.31}
    (section,) = report(manifest(validatie=FACTS, validatie_over=over)).xpath("//section[@id='schatting']")
    text = " ".join(" ".join(section.itertext()).split())

    assert "1.000 labels uit de levering van 1 januari 2024" in text
    assert "Hele buurten wijken nog 0,31 klasse af" in text
