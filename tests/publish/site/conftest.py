"""The made-up town as a release with a page, names in it that try to break out, and a browser to look at it."""

from __future__ import annotations

import contextlib
import shutil
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import uvicorn

from twentegeo.figures import load_reference
from twentegeo.pipeline import page
from twentegeo.publish.dictionary import data_dictionary
from twentegeo.publish.geopackage import write_geopackage
from twentegeo.publish.site.make import make_site
from twentegeo.publish.site.server import application
from twentegeo.publish.styles import all_styles
from twentegeo.settings import config_folder, load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pandas as pd
    from playwright.sync_api import Browser, BrowserContext, Page

    from twentegeo.publish.classes import ClassTables
    from twentegeo.publish.edition import Edition
    from twentegeo.publish.site.contents import Weighing

HOSTILE = "<img src=x onerror=\"document.title='boos'\"><script>document.title='boos'</script>'\"&amp;</title>"
FORMULA = "=HYPERLINK(1)"
PILLARS = {
    "energie": [96.0, 45.0, 20.0, 8.0],
    "levensloop": [6.0, 45.0, 71.0, 97.0],
    "vergrijzing": [50.0, 50.0, 50.0, 50.0],
}
"""Of the four neighbourhoods, 0-100."""

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
PATIENCE_S = 30


@pytest.fixture(scope="session")
def weighing() -> Weighing:
    return page.weighing(load(config_folder() / "sample.yaml"), load_reference(config_folder()).norms)


@pytest.fixture(scope="session")
def site_world(world: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The town with two axes that differ, and names that hold markup and a formula."""
    buurt = world["buurt"].assign(
        score_energie=[80.0, 60.0, 50.0, 45.0],
        score_levensloop=[20.0, 50.0, 70.0, 90.0],
        **{f"pijler_{name}": values for name, values in PILLARS.items()},
        kwadrant=["vooral energie", "op orde", "vooral levensloop", "onbekend"],
        naam=["De Es", HOSTILE, "Nijverheid", "Slag"],
    )
    gebied = world["prioriteitsgebied"].assign(toelichting=[f"Reden: {HOSTILE}", "Oude woningen."])
    n = len(world["verblijfsobject"])
    homes = world["verblijfsobject"].assign(
        woonplaats="Enschede",
        adres=[f"Marktstraat {i + 1}" if i else f"<b>Plein</b> {HOSTILE} 7" for i in range(n)],
        postcode=[None if i == 5 else f"75{11 + i % 2}AB" for i in range(n)],
        label_verwacht="D",
        label_p10="C",
        label_p90="F",
        p_efg=40.0,
        bewijsgraad=np.where(
            world["verblijfsobject"]["label_status"] == "geldig", "A_geregistreerd_nta8800", "C_geschat_blok"
        ),
        levensloop_reden="GEEN_LIFT,SMAL",
        label_geldig_tot=world["verblijfsobject"]["peildatum"],
    )
    gemeente = world["gemeente"].assign(
        naam=["Enschede", FORMULA], n_woningen=[30, 18], rang=[2, 1], score_energie=[40.0, 70.0], score_levensloop=60.0
    )
    return {**world, "buurt": buurt, "gemeente": gemeente, "prioriteitsgebied": gebied, "verblijfsobject": homes}


@pytest.fixture(scope="session")
def release(
    tmp_path_factory: pytest.TempPathFactory,
    site_world: dict[str, pd.DataFrame],
    edition: Edition,
    classes: ClassTables,
    weighing: Weighing,
) -> Path:
    """A release folder with a GeoPackage and the page; treat as read-only."""
    folder = tmp_path_factory.mktemp("uitgave")
    package = folder / "twente.gpkg"
    layers = {**site_world, "data_woordenboek": data_dictionary()}
    write_geopackage(package, layers, edition=edition, styles=all_styles(classes, edition))
    make_site(package, folder / "site", edition=edition, classes=classes, weighing=weighing)
    return folder


@pytest.fixture(scope="session")
def address(release: Path) -> Iterator[str]:
    """Where the release is served, on loopback."""
    with serving(release) as found:
        yield found


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(application(folder), host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + PATIENCE_S
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE_S)


@pytest.fixture(scope="module")
def browser(absent: Callable[[str], None]) -> Iterator[Browser]:
    playwright = pytest.importorskip("playwright.sync_api")
    program = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if program is None:
        absent("Chromium is er niet; installeer het pakket chromium")
    # stopped with the module: its event loop would stand in the way of other tests in the same process
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=program, headless=True, args=FLAGS)
        yield started
        started.close()


@dataclass
class Visit:
    """A page that is open, and what it complained of or asked for."""

    page: Page
    address: str
    errors: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def idle(self) -> None:
        """Wait until the map has drawn what it needs."""
        until = time.monotonic() + PATIENCE_S
        # until the script gives the map that name, it is the element with that id
        asks = "() => !!(window.kaart?.loaded?.() && kaart.areTilesLoaded() && !kaart.isMoving())"
        calm = 0
        while time.monotonic() < until:
            calm = calm + 1 if self.page.evaluate(asks) else 0
            if calm == 3:
                return
            self.page.wait_for_timeout(60)
        pytest.fail("de kaart kwam niet tot rust")

    def drawn(self, layer: str, attribute: str = "id") -> set[str]:
        """Tell which features of a layer are on the screen."""
        found: list[Any] = self.page.evaluate(
            "([layer, name]) => kaart.queryRenderedFeatures({ layers: [layer] })"
            ".map((one) => String(name === 'id' ? one.id : one.properties[name]))",
            [layer, attribute],
        )
        return set(found)

    def card(self) -> str:
        """Read the card."""
        return self.page.locator("#kaartje").inner_text()

    def click_map(self, lon: float, lat: float) -> None:
        """Click where a place is drawn."""
        x, y = self.page.evaluate(
            "([x, y]) => { const at = kaart.project([x, y]); const box = kaart.getCanvas().getBoundingClientRect();"
            " return [at.x + box.left, at.y + box.top]; }",
            [lon, lat],
        )
        self.page.mouse.click(x, y)
        self.page.wait_for_timeout(100)


@pytest.fixture(scope="module")
def desktop(browser: Browser) -> Iterator[BrowserContext]:
    """One visitor for all tests, so that scripts are compiled once; the page keeps nothing but its address."""
    context = browser.new_context(viewport={"width": 1280, "height": 860}, locale="nl-NL")
    yield context
    context.close()


@pytest.fixture
def visit(browser: Browser, desktop: BrowserContext, address: str) -> Iterator[Callable[..., Visit]]:
    """Open the page; afterwards nothing may have gone wrong, and no other host may have been asked."""
    opened: list[Visit] = []

    def go(state: str = "", *, at: str = "", **options: Any) -> Visit:
        context = browser.new_context(locale="nl-NL", **options) if options else desktop
        one = Visit(context.new_page(), at or address)
        one.page.on("console", lambda said: said.type == "error" and one.errors.append(said.text))
        one.page.on("pageerror", lambda error: one.errors.append(str(error)))
        one.page.on("request", lambda request: one.asked.append(request.url))
        one.page.goto(f"{one.address}/site/{state}")
        one.idle()
        opened.append(one)
        return one

    yield go
    for one in opened:
        assert one.errors == []
        elsewhere = [url for url in one.asked if not url.startswith((one.address, "data:", "blob:"))]
        assert elsewhere == []
        one.page.close()
        if one.page.context is not desktop:
            one.page.context.close()
