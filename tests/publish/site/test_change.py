"""What changed since the release before."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd

from twentegeo.publish.site.change import changes, read_before
from twentegeo.publish.site.make import make_site

if TYPE_CHECKING:
    from pathlib import Path

    from twentegeo.publish.classes import ClassTables
    from twentegeo.publish.edition import Edition
    from twentegeo.publish.site.contents import Weighing


def table(**columns: list[Any]) -> dict[str, Any]:
    return {"kolommen": list(columns), "rijen": [list(row) for row in zip(*columns.values(), strict=True)]}


NOW = {
    "buurt": table(
        code=["B1", "B2", "B3"], naam=["Een", "Twee", "Drie"], score_prioriteit=[61.5, None, 40], rang=[1, None, 2]
    ),
    "prioriteitsgebied": table(gebied_id=["P1", "P3"], naam=["Oud", "Nieuw"]),
}
BEFORE = {
    "buurt": table(code=["B1", "B2", "B4"], naam=["Een", "Twee", "Vier"], score_prioriteit=[60, 50, 1], rang=[1, 2, 3]),
    "prioriteitsgebied": table(gebied_id=["P1", "P2"], naam=["Oud", "Weg"]),
}


def test_only_what_moved_is_told_and_the_unknown_is_no_zero():
    found = changes(NOW, BEFORE, pd.DataFrame())

    assert found["buurt"] == table(code=["B1"], naam=["Een"], score_prioriteit=[1.5], rang=[0])
    assert found["nieuw"] == [{"gebied_id": "P3", "naam": "Nieuw"}]
    assert found["vervallen"] == [{"gebied_id": "P2", "naam": "Weg"}]
    assert found["oorzaken"] == []


def test_causes_are_counted_where_the_release_tells_them():
    told = pd.DataFrame({"wat": ["label", "label", "woning"], "oorzaak": ["nieuw label", "nieuw label", None]})

    found = changes(NOW, BEFORE, told)["oorzaken"]

    assert found == [
        {"wat": "label", "oorzaak": "nieuw label", "aantal": 2},
        {"wat": "woning", "oorzaak": None, "aantal": 1},
    ]


def test_no_page_before_or_a_strange_one_is_a_first_release(tmp_path: Path):
    assert read_before(None) is None
    assert read_before(tmp_path) is None
    (tmp_path / "data").mkdir()
    (tmp_path / "data/site.json").write_text("[1]", encoding="utf-8")
    (tmp_path / "data/gebieden.json").write_text("{", encoding="utf-8")
    assert read_before(tmp_path) is None
    (tmp_path / "data/gebieden.json").write_text("{}", encoding="utf-8")
    assert read_before(tmp_path) is None


def test_a_page_compares_itself_with_the_one_before(
    release: Path, classes: ClassTables, edition: Edition, weighing: Weighing, tmp_path: Path
):
    before = tmp_path / "eerder"
    (before / "data").mkdir(parents=True)
    facts = {"run_id": "20240101T000000Z", "peildatum": "2024-01-01"}
    areas = json.loads((release / "site/data/gebieden.json").read_text(encoding="utf-8"))
    place = areas["buurt"]["kolommen"].index("score_prioriteit")
    areas["buurt"]["rijen"][0][place] -= 7
    (before / "data/site.json").write_text(json.dumps(facts), encoding="utf-8")
    (before / "data/gebieden.json").write_text(json.dumps(areas), encoding="utf-8")

    make_site(
        release / "twente.gpkg", tmp_path / "site", edition=edition, classes=classes, weighing=weighing, before=before
    )

    stated = json.loads((tmp_path / "site/data/site.json").read_text(encoding="utf-8"))
    told = json.loads((tmp_path / "site/data/wijziging.json").read_text(encoding="utf-8"))
    assert stated["vorige"] == facts
    assert [row[told["buurt"]["kolommen"].index("score_prioriteit")] for row in told["buurt"]["rijen"]] == [7]
