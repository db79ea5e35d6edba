from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.publish.manifests import manifest
from twentegeo.publish.report import attention, inventory
from twentegeo.publish.report.changes import Changes, Replaced, changes
from twentegeo.publish.report.inventory import Inventory, Municipality, Ranked
from twentegeo.publish.report.parameters import ReportParams
from twentegeo.publish.statement import statement_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.html import HtmlElement


def counted(*, valid: int = 60, areas: dict[str, int] | None = None) -> Inventory:
    town = Municipality("GM0153", "Enschede", 100, {"geldig": valid, "geen": 100 - valid})
    ranks = areas if areas is not None else {"PG-1": 1, "PG-2": 2}
    return Inventory(town, (town,), {key: Ranked(f"Gebied {key[-1]}", rank) for key, rank in ranks.items()}, {})


def between(now: dict[str, Any], then: dict[str, Any], inventory_now: Inventory, inventory_then: Inventory) -> Changes:
    older = {**then, inventory.KEY: inventory_then.facts()}
    return changes(statement_of(now), inventory_now, statement_of(older))


def test_two_equal_nights_have_nothing_to_tell():
    found = between(manifest(), manifest(), counted(), counted())

    assert found.nothing
    assert found.same
    assert [found.moving, found.towns, found.new, found.gone, found.moved] == [[], (), (), (), ()]


def test_a_new_delivery_a_setting_and_a_version_are_named_with_then_and_now():
    now, then = manifest(), manifest()
    now["bronnen"][1] |= {"sha256": "00" * 32, "bestand": "v20240201.zip", "bron_datum": "2024-02-01"}
    now["instellingen"]["labels"]["validity_years"] = 12
    now["versies"]["python"] = "3.12.1"
    found = between(now, then, counted(), counted())

    assert found.sources == (
        Replaced("EP-Online", "v20240101_v4_csv.zip (1 januari 2024)", "v20240201.zip (1 februari 2024)"),
    )
    assert found.settings == (Replaced("labels.validity_years", "10", "12"),)
    assert found.versions == (Replaced("python", "3.11.7", "3.12.1"),)
    assert not found.code, "what was named explains the difference"


def test_settings_are_told_in_words():
    now, then = manifest(), manifest()
    then["instellingen"] = {"weg": 1, "vlag": True, "lijst": [0.5, 2040], "jaar": 2040, "niets": None}
    now["instellingen"] = {"nieuw": 1, "vlag": False, "lijst": [0.25], "jaar": 2050, "niets": 1}
    found = {one.what: (one.before, one.after) for one in between(now, then, counted(), counted()).settings}

    assert found == {
        "weg": ("1", "is er niet meer"),
        "nieuw": ("was er niet", "1"),
        "vlag": ("ja", "nee"),
        "lijst": ("0,5, 2040", "0,25"),
        "jaar": ("2040", "2050"),
        "niets": ("geen", "1"),
    }


def test_files_of_one_source_are_compared_one_by_one():
    then = manifest()
    then["bronnen"] += [copy.deepcopy(then["bronnen"][0]) | {"sha256": "22" * 32, "bestand": "tweede.zip"}]
    now = copy.deepcopy(then)
    now["bronnen"][3] |= {"sha256": "33" * 32}
    (again,) = between(now, then, counted(), counted()).sources
    assert (again.before, again.after) == (
        "tweede.zip (8 januari 2024)",
        "tweede.zip (8 januari 2024), andere inhoud",
    )

    del now["bronnen"][3]
    (gone,) = between(now, then, counted(), counted()).sources
    assert gone.after == "is er niet meer"


def test_other_code_is_told_where_nothing_else_explains_it():
    found = between(manifest(kenmerk="22" * 16), manifest(), counted(), counted())

    assert found.code
    assert not found.nothing


def test_areas_that_came_went_and_moved():
    found = between(manifest(), manifest(), counted(areas={"PG-1": 2, "PG-3": 1}), counted())

    assert (found.new, found.gone) == (("Gebied 3",), ("Gebied 2",))
    assert [(one.what, one.before, one.after) for one in found.moved] == [("Gebied 1", 1, 2)]


def test_an_older_manifest_without_inventory_gives_counts_only():
    found = changes(statement_of(manifest()), counted(), statement_of(manifest(lagen={"pand": 50})))

    assert [(one.what, one.difference) for one in found.figures] == [("Panden", 2)]
    assert (found.new, found.gone, found.towns) == ((), (), ())


@pytest.mark.parametrize(("valid", "noticed"), [(58, False), (57, True), (70, False)])
def test_a_fall_of_coverage_beyond_the_bound_asks_for_attention(valid: int, noticed: bool):  # noqa: FBT001
    found = between(manifest(), manifest(), counted(valid=valid), counted())
    points = attention.points(statement_of(manifest()), found, None, ReportParams())

    assert bool(points) is noticed
    if noticed:
        assert "De labeldekking van de regio daalde 3,0 procentpunt" in points[0].text
        assert "Enschede (−3,0)" in points[1].text


def test_the_page_tells_them(report: Callable[..., HtmlElement]):
    now = manifest(kenmerk="22" * 16)
    now["instellingen"]["labels"]["validity_years"] = 12
    then = manifest(run_id="20240108T021500Z", inhoud_sha256="00" * 32) | {inventory.KEY: counted(valid=99).facts()}
    page = report(now, before=then)
    (section,) = page.xpath("//section[@id='veranderd']")
    text = " ".join(" ".join(section.itertext()).split())

    assert "Vergeleken met de release van 8 januari 2024 (run 20240108T021500Z)" in text
    assert not re.search(r"[a-z][.:;][A-Z]", text), "sentences stand apart"
    assert "instelling labels.validity_years 10 12" in text
    assert "Labeldekking 99,0% 91,7% −7,3 pp" in text
    assert "Nieuwe prioriteitsgebieden: Nijverheid en De Es." in text
    assert "precies gelijk" not in text
    assert "oranje" in page.xpath("//header")[0].get("class")
