from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from lxml import html

from tests.publish.manifests import HOSTILE
from twentegeo.publish.report.night import Night, night_of, write_night

if TYPE_CHECKING:
    from pathlib import Path

BEGUN = dt.datetime(2024, 1, 9, 2, 15, tzinfo=dt.UTC)


def page(path: Path, *, reason: str | None = None, release: str | None = None) -> tuple[html.HtmlElement, str]:
    write_night(path / "laatste_run.html", Night(BEGUN, 61.2, reason, release))
    found = html.fromstring((path / "laatste_run.html").read_text(encoding="utf-8"))
    return found, " ".join(" ".join(found.xpath("//body")[0].itertext()).split())


def test_a_red_night_says_why_and_what_stands(tmp_path: Path):
    found, text = page(tmp_path, reason="controle C03: te weinig labels.", release="20240108T021500Z")

    assert "Rood Mislukt" in text
    assert "controle C03: te weinig labels." in text
    assert "de release van 8 januari 2024, 03:15 uur staat er nog" in text
    assert "duur 1 min 01 s" in text
    assert found.xpath("//a/@href") == ["releases/20240108T021500Z/rapport.html"]


def test_a_green_night_points_at_its_release(tmp_path: Path):
    assert "Groen Gelukt" in page(tmp_path, release="20240109T021512Z")[1]
    assert "Nieuwe release" in page(tmp_path, release="20240109T021512Z")[1]
    assert "Niets veranderd" in page(tmp_path, release="20240108T021500Z")[1]


def test_a_first_night_that_failed_has_nothing_to_point_at(tmp_path: Path):
    found, text = page(tmp_path, reason="geen bestand")

    assert "Er staat nog geen enkele release." in text
    assert not found.xpath("//a")


def test_the_page_is_made_of_what_the_night_left_behind(tmp_path: Path):
    report = {"begonnen": BEGUN.isoformat(), "seconden": 2.5, "gelukt": False, "reden": "stop", "release": None}
    assert night_of(report) == Night(BEGUN, 2.5, "stop", None)

    findings = [{"code": "D02", "ernst": "stop", "melding": "te veel panden weg."}]
    write_night(tmp_path / "x.html", night_of(report | {"bevindingen": findings}))
    assert "D02: te veel panden weg." in (tmp_path / "x.html").read_text(encoding="utf-8")


def test_a_release_that_the_operator_keeps_is_orange(tmp_path: Path):
    report = {"begonnen": BEGUN.isoformat(), "gelukt": True, "reden": None, "release": "20240108T021500Z"}
    write_night(tmp_path / "x.html", night_of(report | {"vastgehouden": "Labels zijn fout."}))
    text = (tmp_path / "x.html").read_text(encoding="utf-8")

    assert "De beheerder houdt deze release vast: Labels zijn fout." in text
    assert 'class="kop oranje"' in text


def test_a_hostile_reason_stays_text(tmp_path: Path):
    found, text = page(tmp_path, reason=HOSTILE)

    assert not found.xpath("//script")
    assert HOSTILE in text
