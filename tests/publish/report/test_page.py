from __future__ import annotations

import base64
import hashlib
import itertools
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.publish.manifests import HOSTILE, manifest
from twentegeo.publish.edition import VOORBEELD
from twentegeo.publish.report import inventory

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd
    from lxml.html import HtmlElement

    Report = Callable[..., HtmlElement]

STOP = {"code": "P02", "ernst": "stop", "melding": "laag pand heeft 1 rij in plaats van 2; schrijf opnieuw."}
WARNING = {"code": "C02", "ernst": "waarschuwing", "melding": "geen enkel prioriteitsgebied boven de drempel."}


def words(element: HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())


def section(page: HtmlElement, name: str) -> HtmlElement:
    (found,) = page.xpath(f"//section[@id='{name}']")
    return found


def table(page: HtmlElement, name: str) -> list[list[str]]:
    (found,) = page.xpath(f"//table[caption='{name}']")
    return [[words(cell) for cell in row.xpath("th|td")] for row in found.xpath("tbody/tr")]


def test_the_first_screen_answers_what_the_operator_asks(report: Report):
    head = words(report().xpath("//header")[0]).replace("\u00ad", "")

    assert "Groen In orde" in head
    assert "niets vraagt aandacht" in head
    assert "Peildatum 8 januari 2024" in head
    assert "gemaakt 9 januari 2024, 03:15 uur" in head
    assert "Woningen 48 en 3 gepland" in head
    assert "Met geldig label 91,7%" in head, "44 of 48 dwellings have a valid label"
    assert "Prioriteitsgebieden 2" in head
    assert "EP-Online 8 dagen" in head
    assert "eerste release" in head


@pytest.mark.parametrize(
    ("findings", "state", "text"),
    [([WARNING], "oranje", "Bruikbaar, met aandachtspunten"), ([WARNING, STOP], "rood", "Niet gebruiken")],
)
def test_findings_colour_the_report_and_stand_on_top(report: Report, findings: list[Any], state: str, text: str):
    page = report(manifest(bevindingen=findings))
    (head,) = page.xpath("//header")

    assert state in head.get("class").split()
    assert text in words(head)
    assert head.xpath(".//ul[@class='punten']/li")[0].get("class") == state, "the worst first"
    for one in findings:
        assert one["melding"] in words(head)
        assert one["melding"] in words(section(page, "controles"))


def test_what_the_operator_let_pass_is_said(report: Report):
    stated = manifest(aanvaard={"codes": ["D02", "D05"], "reden": "Gemeente is heringedeeld."})

    assert "De beheerder liet D02 en D05 door: Gemeente is heringedeeld." in words(section(report(stated), "controles"))


def test_an_old_source_asks_for_attention(report: Report):
    stated = manifest()
    stated["bronnen"][1]["bron_datum"] = "2023-10-01"
    page = report(stated)

    assert "EP-Online is 100 dagen oud (grens 45); haal een nieuwe levering op." in words(page.xpath("//header")[0])
    assert page.xpath("//section[@id='bronnen']//span[@class='oranje']/text()") == ["100"]


def test_what_is_left_out_is_said(report: Report):
    missing = [["buurt", "aandeel_koop"], ["buurt", "gasverbruik_m3"], ["wijk", "aandeel_koop"], ["wijk", "weg"]]
    page = report(manifest(weggelaten_lagen=["prioriteitsgebied"], cbs_ontbrekend=missing))
    head = words(page.xpath("//header")[0])

    assert "weggelaten: prioriteitsgebied." in head
    assert "2 CBS-cijfers ontbreken per buurt en zijn leeg: aandeel koopwoningen en gemiddeld gasverbruik." in head
    listed = [words(one) for one in page.xpath("//section[@id='bronnen']/ul/li")]
    assert listed == [
        "per buurt: aandeel koopwoningen (%), gemiddeld gasverbruik (m³ per jaar)",
        "per wijk: aandeel koopwoningen (%), weg",
    ]


def test_sources_stand_with_date_licence_and_checksum(report: Report):
    rows = table(report(), "Bronnen")

    assert rows[0][:4] == [
        "Basisregistratie Adressen en Gebouwen", "8 januari 2024", "1", "Kadaster CC0 1.0 (publiek domein)",
    ]  # fmt: skip
    assert rows[0][4].startswith("lvbag-extract-nl.zip abababababab")
    assert rows[0][5] == "3,2 MB"
    assert rows[2][1:3] == ["onbekend", "onbekend"]


def test_coverage_is_counted_per_municipality(report: Report):
    rows = {row[0]: row[1:] for row in table(report(), "Dekking per gemeente")}

    # every dwelling of conftest's town lies in Enschede: 44 valid labels, 1 expired, 2 estimated, 1 without
    assert rows["Enschede"][0] == "48"
    assert rows["Enschede"][2:6] == ["91,7%", "2,1%", "4,2%", "2,1%"]
    assert rows["hele regio"] == rows["Enschede"]


def test_joins_and_losses_stand_with_what_to_do(report: Report):
    page = report()

    joins = {row[0].split(" R")[0]: row[1:4] for row in table(page, "Koppelingen")}
    assert joins["label op woning"] == ["50", "45", "90,0%"]
    assert joins["bezit op woning"] == ["0", "0", "onbekend"], "nothing to match is no coverage of nought"
    assert table(page, "Verliezen per reden") == [
        ["label op woning", "label: onbekend verblijfsobject", "5", "Meld het bij RVO."]
    ]


def test_steps_tell_what_was_reused(report: Report):
    assert [row[:2] for row in table(report(), "Stappen")] == [["bag", "3,2 s"], ["labels", "hergebruikt"]]


def test_captions_follow_the_contract(report: Report):
    page = report()

    assert "Status label" in words(section(page, "dekking"))
    assert "Score prioriteit (0-100)" in words(section(page, "lagen"))
    assert table(page, "Lagen en tabellen")[0] == [
        "Prioriteitsgebieden prioriteitsgebied",
        "Een rij per gebied waar verbetering van woningen het meest urgent is.",
        "2",
    ]


def test_both_maps_draw_every_quarter_in_the_colour_of_its_class(report: Report):
    page = report()
    drawn = page.xpath("//figure/svg[@class='kaart']")

    assert len(drawn) == 2
    shapes = set(page.xpath("//defs/path/@id"))
    assert len(shapes) == 4
    for svg in drawn:
        assert {use.get("href")[1:] for use in svg.xpath("use[title]")} == shapes
    priority = {use.xpath("title/text()")[0]: use.get("fill") for use in drawn[1].xpath("use[title]")}
    assert priority == {
        "De Es, Enschede: 35": "#fdebac",
        "Veldkamp, Enschede: 46": "#feac76",
        "Nijverheid, Hengelo: onbekend": "#cccccc",
        "Slag, Hengelo: 72": "#942c80",
    }
    assert [words(mark) for mark in drawn[1].xpath(".//text")] == ["2", "1"], "the first area lies on top"


def test_made_up_data_say_so_first(report: Report):
    body = report().xpath("//body/*[1]")[0]

    assert words(body) == VOORBEELD
    assert not report(manifest(opmerking=None)).xpath(f"//*[text()='{VOORBEELD}']")


def test_nothing_is_fetched_and_nothing_can_run(report: Report):
    page = report()

    assert not page.xpath("//script | //link | //iframe | //img | //object | //embed | //form | //base")
    assert not page.xpath("//@style | //@src | //@*[starts-with(name(), 'on')]")
    sheet = page.xpath("//style/text()")[0]
    assert "url(" not in sheet
    assert "@import" not in sheet
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy
    assert all(value.startswith("#") for value in page.xpath("//use/@href"))


def test_a_screen_reader_finds_its_way(report: Report):
    page = report()

    assert page.get("lang") == "nl"
    levels = [int(one.tag[1]) for one in page.xpath("//h1 | //h2 | //h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    for link in page.xpath("//nav//a/@href | //header//a/@href"):
        assert link[1:] in ids
    for drawing in page.xpath("//svg[not(@aria-hidden)]"):
        assert drawing.get("role") == "img"
        (title,) = page.xpath(f"//*[@id='{drawing.get('aria-labelledby')}']")
        assert len(words(title)) > 20
    for one in page.xpath("//table"):
        assert one.xpath("caption")
        assert one.xpath("thead//th[@scope='col']")
        assert all(row.xpath("th[@scope='row']") for row in one.xpath("tbody/tr"))
    for one in page.xpath("//*[@role='region']"):
        assert one.get("aria-label")
        assert one.get("tabindex") == "0"


def test_hostile_names_stay_text(report: Report, world: dict[str, pd.DataFrame]):
    stated = manifest(regio=HOSTILE, bevindingen=[{**WARNING, "melding": HOSTILE}], opmerking=HOSTILE)
    stated["bronnen"][0] |= {"titel": HOSTILE, "bestand": HOSTILE, "licentie": HOSTILE, "tellingen": {HOSTILE: 1}}
    stated["koppelverlies"][0] |= {"reden": HOSTILE, "advies": HOSTILE}
    stated["instellingen"] = {HOSTILE: {HOSTILE: HOSTILE}}
    stated["versies"] = {HOSTILE: HOSTILE}
    layers = {name: frame.copy() for name, frame in world.items()}
    for name in ("buurt", "gemeente", "prioriteitsgebied"):
        layers[name]["naam"] = HOSTILE
    page = report(stated, layers=layers, before=manifest(kenmerk="0"), publication={"organisatie": HOSTILE})

    assert not page.xpath("//script")
    assert len(page.xpath("//style")) == 1
    assert HOSTILE in words(page.xpath("//h1")[0])
    for name in ("controles", "bronnen", "koppelingen", "kaarten", "verantwoording", "stappen"):
        assert HOSTILE in words(section(page, name)), name


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", 'https://x.example/"onmouseover="alert(1)'])
def test_an_address_that_is_none_is_refused_in_the_settings(report: Report, url: str):
    with pytest.raises(ValueError, match="website"):
        report(publication={"website": url})


def test_sections_without_data_are_left_out(report: Report, world: dict[str, pd.DataFrame]):
    bare = {"verblijfsobject": world["verblijfsobject"][["vbo_id", "gemeente_code"]], "gemeente": world["gemeente"]}
    page = report(manifest(stappen={}, koppelverlies=[], versies={}), layers=bare)

    assert not page.xpath("//section[@id='kaarten'] | //section[@id='schaal'] | //section[@id='rang']")
    assert not page.xpath("//section[@id='schatting']")
    for link in page.xpath("//nav//a/@href"):
        assert page.xpath(f"//section[@id='{link[1:]}']"), link
    assert "Niets." in words(section(page, "koppelingen"))


def test_a_region_without_anything_still_has_a_report(report: Report):
    page = report(manifest(lagen={}, bronnen=[], koppelingen=[], koppelverlies=[]), layers={})

    assert "Woningen 0" in words(page.xpath("//header")[0])
    assert "Met geldig label onbekend" in words(page.xpath("//header")[0])


def test_ranks_that_move_are_drawn_with_their_range(report: Report, world: dict[str, pd.DataFrame]):
    areas = world["prioriteitsgebied"].assign(
        rang_p10=[1, 1], rang_mediaan=[1, 3], rang_p90=[2, 9], kans_top20=[99.5, 71.0]
    )
    page = report(layers={**world, "prioriteitsgebied": areas})

    (title,) = page.xpath("//*[@id='rangplot']")
    assert "De Es: rang 2, in de trekkingen 1 tot 9, mediaan 3, kans op de eerste 20 71%" in words(title)
    bars = [(float(one.get("x")), float(one.get("width"))) for one in page.xpath("//section[@id='rang']//rect")]
    assert bars[0][0] == bars[1][0]
    assert bars[1][1] == pytest.approx(8 * bars[0][1], abs=0.5), "from 1 to 9 is eight times from 1 to 2"


def test_the_report_is_small(report: Report, tmp_path: Path):
    report()

    assert (tmp_path / "rapport.html").stat().st_size < 60_000


def test_numbers_are_dutch(report: Report):
    assert not re.search(r"\d\.\d+%", words(report().xpath("//main")[0]))


def test_the_inventory_survives_the_manifest(world: dict[str, pd.DataFrame]):
    taken = inventory.take(world)

    assert inventory.inventory_of({inventory.KEY: taken.facts()}) == taken
    assert inventory.inventory_of({}) is None
    assert taken.areas["PG-E2501N4702"] == inventory.Ranked("Nijverheid", 1)
    assert list(taken.labels) == ["A++++", "A+++", "A++", "A+", "A", "B", "C", "D", "E", "F", "G"]
    assert set(taken.labels.values()) == {4}
