"""The page in Chromium, as a planner uses it: by mouse, by keyboard, on a phone, and by a link."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import axe_playwright_python
import numpy as np
import pandas as pd
import shapely

from tests.publish.site.conftest import FORMULA, HOSTILE, PILLARS
from twentegeo.crs import to_web
from twentegeo.priority.normalise import Norms
from twentegeo.priority.two_axes import PARTIES, AxesParams, geometric, two_axes
from twentegeo.settings import config_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.publish.site.conftest import Visit
    from twentegeo.publish.classes import ClassTables

    Go = Callable[..., Visit]

AREAS = "#laag=buurt"
NEAR = "#kaart=16.2/52.2117/6.7803&thema=label"
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")


def tab(one: Visit, name: str) -> None:
    one.page.get_by_role("tab", name=name).click()


def colours_at(one: Visit, points: list[list[float]]) -> list[str]:
    """Read the pixels of the map at places."""
    return one.page.evaluate(
        """(points) => {
          kaart.redraw();
          const canvas = kaart.getCanvas();
          const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
          copy.drawImage(canvas, 0, 0);
          const ratio = canvas.width / canvas.clientWidth;
          return points.map((place) => {
            const at = kaart.project(place);
            const [r, g, b] = copy.getImageData(at.x * ratio, at.y * ratio, 1, 1).data;
            return '#' + [r, g, b].map((part) => part.toString(16).padStart(2, '0')).join('');
          });
        }""",
        points,
    )


def web(x: float, y: float) -> list[float]:
    """Where a place of the town, metres from its south-western corner, lies on the web."""
    point = to_web(np.array([shapely.Point(250_000 + x, 470_000 + y)]))[0]
    return [point.x, point.y]


def quarters() -> list[list[float]]:
    """Places in the four neighbourhoods, away from names: west-south, west-north, east-south, east-north."""
    return [web(x, y) for x in (15, 385) for y in (130, 370)]


def test_the_map_shows_areas_and_says_what_it_is(visit: Go, classes: ClassTables):
    one = visit(AREAS)

    assert one.drawn("buurt-vlak", "code") == {"BU01530000", "BU01530100", "BU01640000", "BU01640100"}
    assert colours_at(one, quarters()) == [
        classes["kwadrant"].colour_of(name) for name in ("vooral energie", "op orde", "vooral levensloop", "onbekend")
    ]
    assert one.page.title() == "Renovatiekaart Twente"
    assert "VOORBEELD: fictieve gegevens" in one.page.locator("#opmerking").inner_text()
    foot = one.page.locator("#voet").inner_text()
    assert "8 januari 2024" in foot
    assert "20240109T021500Z" in foot
    legend = one.page.locator("#legenda").inner_text()
    assert all(word in legend for word in ("beide urgent", "op orde", "onbekend", "prioriteitsgebied met rang"))


def test_buildings_and_dwellings_are_all_drawn_from_near(visit: Go, site_world: dict[str, Any]):
    one = visit(NEAR)

    assert one.drawn("pand") == {str(int(key)) for key in site_world["pand"]["pand_id"]}
    assert one.drawn("woning") == {str(int(key)) for key in site_world["verblijfsobject"]["vbo_id"]}
    assert one.page.evaluate("() => kaart.queryRenderedFeatures({ layers: ['buurt-vlak'] }).length") == 0


def test_from_afar_buildings_are_dots_and_farther_there_are_areas(visit: Go):
    one = visit("#kaart=13/52.2117/6.7803")
    assert one.page.evaluate("() => kaart.queryRenderedFeatures({ layers: ['pand-ver'] }).length") == 52

    one.page.evaluate("() => kaart.jumpTo({ zoom: 10.5 })")
    one.idle()
    assert one.drawn("buurt-vlak", "code") >= {"BU01530000", "BU01640100"}
    assert one.page.evaluate("() => kaart.queryRenderedFeatures({ layers: ['pand-ver'] }).length") == 0


def test_a_click_opens_the_card_of_what_lies_there(visit: Go):
    one = visit(AREAS)
    one.click_map(*quarters()[2])

    assert one.page.locator("#kaartje h2").inner_text() == "Nijverheid"
    text = one.card()
    assert "levensloopopgave is urgent" in text
    assert re.search(r"Energie\s+50", text)
    assert re.search(r"Levensloop\s+70", text)
    one.page.wait_for_timeout(400)
    assert "gekozen=buurt:BU01640000" in one.page.url
    one.page.get_by_role("button", name="Sluiten").click()
    assert one.page.locator("#kaartje").is_hidden()


def test_a_card_says_in_words_whether_a_label_is_registered_or_estimated(visit: Go, site_world: dict[str, Any]):
    homes = site_world["verblijfsobject"].reset_index(drop=True)
    one = visit(NEAR)
    for status, words in (
        ("geldig", ["Geregistreerd label, geldig tot 8 januari 2024."]),
        (
            "geschat",
            ["Geen geldig label. Dit is een schatting, naar woningen uit dezelfde reeks.", "tussen C en F", "40%"],
        ),
        ("verlopen", ["Het geregistreerde label F is verlopen"]),
    ):
        row = homes[homes["label_status"] == status].iloc[-1]
        one.click_map(*to_web(np.array([row.geometry]))[0].coords[0])
        text = " ".join(one.card().split())
        assert row["adres"] in text
        assert all(word in text for word in words), (status, text)
        assert ("guess" in one.page.locator(".badge").get_attribute("class")) == (status != "geldig")
        assert "gestapeld zonder waarschijnlijke lift" in text
    one.page.wait_for_timeout(400)
    again = visit(one.page.url.partition("/site/")[2])
    again.page.locator("#kaartje").wait_for(state="visible")
    assert again.card() == one.card(), "the link shows the same dwelling"


def test_search_finds_an_address_and_opens_it(visit: Go):
    one = visit(AREAS)
    one.page.locator("#zoekveld").fill("marktstraat 13")
    one.page.get_by_role("option").first.wait_for()
    assert one.page.get_by_role("option").first.inner_text().split("\n") == [
        "Marktstraat 13",
        "adres · 7511AB Enschede",
    ]
    one.page.keyboard.press("ArrowDown")
    one.page.keyboard.press("Enter")
    one.page.locator("#kaartje").wait_for(state="visible")

    assert one.page.locator("#kaartje h2").inner_text() == "Marktstraat 13"
    assert one.page.evaluate("() => kaart.getZoom()") > 16.5


def test_search_finds_other_things(visit: Go):
    one = visit(AREAS)
    for text, kind, name in (
        ("7512 ab", "postcode", "7512 AB"),
        ("nijver", "prioriteitsgebied", "Nijverheid"),
        ("slag", "buurt", "Slag"),
        ("marktstr", "straat", "Marktstraat"),
    ):
        one.page.locator("#zoekveld").fill(text)
        first = one.page.get_by_role("option").filter(has_text=name).first
        first.wait_for()
        assert first.inner_text().split("\n")[0] == name
        assert first.inner_text().split("\n")[1].startswith(kind)
        first.click()
        one.idle()
    one.page.locator("#zoekveld").fill("zzzz")
    one.page.wait_for_timeout(500)
    assert "Niets gevonden" in one.page.locator("#melding").inner_text()


def test_a_filter_changes_what_is_drawn(visit: Go):
    one = visit(AREAS)
    one.page.locator("#filter-gemeente").select_option("GM0164")
    one.idle()
    assert one.drawn("buurt-vlak", "code") == {"BU01640000", "BU01640100"}

    one.page.get_by_role("button", name="Filters wissen").click()
    one.page.locator('input[name="klasse"][value="1"]').uncheck(force=True)
    one.idle()
    assert one.drawn("buurt-vlak", "code") == {"BU01530000", "BU01640000", "BU01640100"}, "45.5 lies in class 40 to 50"


def test_a_slider_recolours_the_areas_by_the_formula_and_tells_what_moves(visit: Go, classes: ClassTables):
    one = visit(f"{AREAS}&thema=prioriteit&paneel=weging")
    before = colours_at(one, quarters())
    one.page.locator("#gewicht-levensloop").fill("100")
    one.page.locator("#gewicht-energie").fill("5")
    one.page.locator("#gewicht-vergrijzing").fill("0")
    one.idle()
    after = colours_at(one, quarters())

    pillars = np.column_stack((PILLARS["energie"], PILLARS["levensloop"]))
    expected = geometric(pillars, np.array([5, 100]) / 105, AxesParams().verschuiving)
    table = classes["prioriteit"]
    assert after == [table.legend[place].colour for place in table.place(expected)]
    assert before != after
    told = one.page.locator(".effect").inner_text()
    assert "van de 4 buurten krijgen een andere rang" in told
    one.page.locator("#weging-terug").click()
    one.idle()
    assert colours_at(one, quarters()) == before


def test_the_list_flies_the_map_there(visit: Go):
    one = visit("#paneel=gebieden")
    names = [text.split("\n")[0:2] for text in one.page.locator(".area").all_inner_texts()]
    assert [name[1] for name in names] == ["Nijverheid", "De Es"]
    one.page.locator(".area").nth(1).click()
    one.idle()

    assert one.page.locator("#kaartje h2").inner_text() == "De Es"
    west, south, east, north = one.page.evaluate("() => kaart.getBounds().toArray().flat()")
    (left, low), (right, high) = web(0, 0), web(200, 200)
    assert west < left < right < east
    assert south < low < high < north
    assert one.page.evaluate("() => kaart.getZoom()") > 14


def test_municipalities_sort_by_any_column(visit: Go):
    one = visit("#paneel=vergelijk")
    rows = one.page.locator(".compare tbody tr")
    assert [row.split("\t")[0] for row in rows.all_inner_texts()] == [FORMULA, "Enschede"], "by rank"
    one.page.get_by_role("button", name="Woningen").click()
    assert [row.split("\t")[0] for row in rows.all_inner_texts()] == ["Enschede", FORMULA]
    assert one.page.locator('th[aria-sort="descending"]').inner_text().startswith("Woningen")
    one.page.get_by_role("button", name="Woningen").click()
    assert [row.split("\t")[0] for row in rows.all_inner_texts()] == [FORMULA, "Enschede"]


def test_the_saved_table_holds_no_formula(visit: Go):
    one = visit("#paneel=vergelijk")
    with one.page.expect_download() as saved:
        one.page.locator("#tabel-csv").click()
    text = Path(saved.value.path()).read_text(encoding="utf-8-sig")

    assert text.splitlines()[0].startswith("Gemeente;Woningen;Rang")
    assert [line.split(";")[0] for line in text.splitlines()[1:]] == [f"'{FORMULA}", "Enschede"]


def test_a_link_shows_the_same_map(visit: Go):
    one = visit(
        f"{AREAS}&thema=levensloop&gemeente=GM0153&klassen=0,1,7&taal=en&gekozen=buurt:BU01530000&kaart=15/52.211/6.781"
    )

    assert one.page.locator("html").get_attribute("lang") == "en"
    assert one.page.locator('input[name="thema"]:checked').get_attribute("value") == "levensloop"
    assert one.page.locator("#filter-gemeente").input_value() == "GM0153"
    assert one.page.locator("#kaartje h2").inner_text() == "De Es"
    assert one.page.evaluate("() => kaart.getZoom()") == 15
    one.page.get_by_role("button", name="Nederlands").click()
    one.page.wait_for_timeout(400)
    assert "taal=en" not in one.page.url
    assert "thema=levensloop" in one.page.url


def test_a_broken_link_shows_the_ordinary_map(visit: Go):
    one = visit(
        "#thema=%3Cscript%3E&laag=x&gewichten=a,b&kaart=1/2&gekozen=pand:<img>&klassen=99,-1&taal=fr&paneel=zz&aan=q"
    )
    assert one.page.locator('input[name="thema"]:checked').get_attribute("value") == "kwadrant"
    assert one.page.locator("#kaartje").is_hidden()

    known = {
        "themes": ["kwadrant"],
        "levels": ["auto"],
        "panels": ["kaart"],
        "overlays": ["namen"],
        "municipalities": [],
        "classes": 8,
        "pillars": ["energie", "levensloop", "vergrijzing"],
    }
    for broken in ("#gewichten=0,0,100&kaart=NaN/1/1", "#gewichten=1,2&kaart=999/1/1", "#gekozen=buurt:"):
        found = one.page.evaluate(
            "async ([hash, known]) => (await import('./js/state.js')).read(hash, known)", [broken, known]
        )
        assert (found["gewichten"], found["kaart"], found["gekozen"]) == (None, None, None)


def test_names_with_markup_are_shown_as_text(visit: Go):
    one = visit(f"{AREAS}&gekozen=buurt:BU01530100")
    assert one.page.locator("#kaartje h2").inner_text() == HOSTILE
    one.page.locator("#zoekveld").fill("plein")
    one.page.get_by_role("option").first.wait_for()
    assert HOSTILE in one.page.get_by_role("option").first.inner_text()
    one.page.get_by_role("option").first.click()
    one.page.wait_for_timeout(200)
    tab(one, "Gebieden")
    one.page.locator(".area").first.click()
    assert f"Reden: {HOSTILE}" in one.card()
    for name in ("Weging", "Vergelijk", "Nieuw", "Over", "Kaart"):
        tab(one, name)
    one.idle()

    assert one.page.title() == "Renovatiekaart Twente"
    assert one.page.locator('img[src="x"]').count() == 0
    assert one.page.locator("#kaartje script, #inhoud script, #zoek script").count() == 0


def test_the_whole_page_works_by_keyboard(visit: Go):
    one = visit(AREAS)
    one.page.keyboard.press("Tab")
    assert one.page.evaluate("() => document.activeElement.id") == "skip"
    one.page.locator("#tab-kaart").focus()
    one.page.keyboard.press("ArrowRight")
    assert one.page.evaluate("() => document.activeElement.id") == "tab-gebieden"
    assert one.page.locator("#inhoud h2").inner_text() == "Prioriteitsgebieden"
    one.page.evaluate("() => kaart.getCanvas().focus()")
    one.page.evaluate("(center) => kaart.jumpTo({ center })", quarters()[2])
    one.idle()
    one.page.keyboard.press("Enter")
    assert one.page.locator("#kaartje h2").inner_text() == "Nijverheid"
    one.page.keyboard.press("Escape")
    assert one.page.locator("#kaartje").is_hidden()


def test_a_phone_shows_map_and_controls(visit: Go):
    one = visit(AREAS, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    wide = one.page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
    assert wide == [390, 390]
    chart = one.page.locator("#kaart").bounding_box()
    assert chart["height"] > 250
    assert one.page.locator("#tab-over").bounding_box()["x"] + 30 < 390
    tab(one, "Gebieden")
    one.page.locator(".area").first.tap()
    one.idle()
    card = one.page.locator("#kaartje").bounding_box()
    assert (card["x"], card["width"]) == (0, 390)
    assert card["y"] > 350, "the map stays in sight"
    asks = "(place) => kaart.project(place).y + kaart.getCanvas().getBoundingClientRect().top"
    assert one.page.evaluate(asks, web(200, 250)) < card["y"], "and the area in it"


def test_axe_finds_no_serious_fault(browser: Any, address: str):
    """The policy of the page refuses scripts from outside, axe too; it is lifted here and nowhere else."""
    context = browser.new_context(bypass_csp=True, viewport={"width": 1280, "height": 860})
    page = context.new_page()
    page.goto(f"{address}/site/{AREAS}&gekozen=buurt:BU01530000&gewichten=20,60,10")
    page.locator("#kaartje").wait_for(state="visible")
    page.evaluate(AXE.read_text(encoding="utf-8") + "; 0")
    for name in ("kaart", "gebieden", "weging", "vergelijk", "nieuw", "over"):
        page.locator(f"#tab-{name}").click()
        found = page.evaluate("async () => (await axe.run()).violations")
        faults = [
            (one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] in {"serious", "critical"}
        ]
        assert faults == [], name
    context.close()


def test_javascript_scores_as_python_does(visit: Go):
    """Rows with gaps, all parties, both formulas."""
    rng = np.random.default_rng(3)
    rows = pd.DataFrame(
        {
            "score_energie": rng.uniform(30, 95, 300),
            "score_levensloop": rng.uniform(5, 100, 300),
            "aandeel_65plus": rng.uniform(0, 60, 300),
            "aandeel_eenpersoons": rng.uniform(5, 70, 300),
        }
    )
    rows = rows.mask(rng.random(rows.shape) < 0.1)
    norms = Norms(pd.read_csv(config_folder() / "reference/normering.csv"))
    one = visit(AREAS)
    for party in PARTIES:
        parameters = AxesParams(leidend=party)
        axes = two_axes(rows, "gebied", norms, parameters)
        weights = getattr(parameters.gewichten, party).model_dump()
        found = one.page.evaluate(
            "async ([rows, names, weights, shift]) => { const { score } = await import('./js/score.js');"
            " return rows.map((row) => score(row, names, weights, shift)); }",
            [
                axes.pillars.astype("object").where(axes.pillars.notna(), None).to_numpy().tolist(),
                list(axes.pillars.columns),
                weights,
                parameters.verschuiving,
            ],
        )
        expected = axes.scores["score_prioriteit"].to_numpy(dtype=float)
        assert np.isnan(expected).any()
        np.testing.assert_allclose(np.array(found, dtype=float), expected, atol=1e-9)


def test_the_backdrop_is_a_page_of_its_own_and_off_by_default(visit: Go):
    one = visit(AREAS)

    assert not one.page.locator("#achtergrond-schakelaar").is_checked()
    assert "service.pdok.nl" in one.page.locator("#achtergrond-uitleg").inner_text()
    refused = one.page.evaluate(
        "async () => { try { await fetch('https://service.pdok.nl/'); return ''; }"
        " catch (error) { return String(error); } }"
    )
    assert refused
    one.errors.clear()  # the refusal is what this test is about
    one.asked[:] = [url for url in one.asked if url != "https://service.pdok.nl/"]


def test_the_switch_shows_the_backdrop(browser: Any, address: str):
    """With the switch on, PDOK is asked, and no one else; here an answer is made up for it."""
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    asked = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.route("https://service.pdok.nl/**", lambda route: route.fulfill(status=404, body=""))
    page.goto(f"{address}/site/{AREAS}&thema=energie")
    page.locator("#achtergrond-schakelaar").check()
    page.wait_for_url("**/achtergrond.html*")
    page.locator('input[name="thema"]:checked').wait_for()
    page.wait_for_timeout(1500)

    assert page.locator('input[name="thema"]:checked').get_attribute("value") == "energie"
    elsewhere = {url.split("/")[2] for url in asked if not url.startswith((address, "data:", "blob:"))}
    assert elsewhere == {"service.pdok.nl"}
    context.close()


def test_paper_shows_map_and_legend(visit: Go):
    one = visit(AREAS)
    one.page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    one.page.emulate_media(media="print")

    assert one.page.locator("#afdruk").is_visible()
    assert one.page.locator("#afdruk").get_attribute("src").startswith("data:image/png")
    assert one.page.locator("#legenda").is_visible()
    assert one.page.locator("#voet").is_visible()
    assert not one.page.locator("#paneel").is_visible()
