// Where the page starts: load the release, read the address, and tie panels, map and card together.

import { release } from "./data.js";
import { at, el, fill } from "./dom.js";
import { date, speak, t } from "./i18n.js";
import { showLegend } from "./legend.js";
import { makeMap } from "./map.js";
import { highlight, paint } from "./paint.js";
import { OVERLAYS } from "./panels/map.js";
import { differences } from "./panels/news.js";
import { searchBox } from "./search.js";
import { Selection } from "./selection.js";
import { PANELS, Shell } from "./shell.js";
import { hash, read, set, state, watch } from "./state.js";
import { AREAS, NAMES, offered } from "./themes.js";
import { pillars } from "./weighing.js";

const MAPPED = ["thema", "laag", "aan", "gemeente", "klassen", "gewichten"];
const app = { state, set, say, backdrop, legend, map: null, differences: null, facts: null, areas: null };
const shell = new Shell(app);
const selection = new Selection(app);
let box = null;
let said = 0;

/** Tell something: read aloud, and seen for a while unless it is for screen readers alone. */
function say(text, quiet = false, stay = false) {
  const status = at("melding");
  status.textContent = text;
  status.classList.toggle("quiet", quiet);
  clearTimeout(said);
  if (!stay) said = setTimeout(() => (status.textContent = ""), 6000);
}

async function start() {
  try {
    Object.assign(app, await release());
  } catch {
    say(t("gegevens.fout"), false, true);
    return;
  }
  Object.assign(state, read(location.hash, whatIsKnown()));
  speak(state.taal);
  box = searchBox(app, (found) => selection.found(found));
  words();
  shell.draw();
  watch(follow);
  startMap();
  if (app.facts.vorige) differences(app.facts).then(gotDifferences, () => say(t("nieuw.fout")));
}

const whatIsKnown = () => ({
  themes: NAMES.filter((name) => offered(name, app.facts)),
  levels: ["auto", ...AREAS],
  panels: PANELS,
  overlays: OVERLAYS,
  municipalities: (app.areas.gemeente ?? []).map((row) => row.code),
  classes: app.facts.klassen.prioriteit.length,
  pillars: pillars(app.facts),
});

function gotDifferences(told) {
  app.differences = told;
  if (state.paneel === "nieuw") shell.draw();
  if (drawn()) repaint();
}

function startMap() {
  const { facts, areas } = app;
  const names = {
    "NavigationControl.ZoomIn": t("zoom.in"),
    "NavigationControl.ZoomOut": t("zoom.uit"),
    "Map.Title": t("kaart"),
  };
  try {
    app.map = makeMap("kaart", facts, areas, state.kaart, names);
  } catch {
    say(t("kaart.fout"), false, true);
    return;
  }
  const { map } = app;
  map.once("style.load", () => {
    repaint();
    if (state.gekozen) selection.reopen();
  });
  let failed = false;
  map.on("error", (event) => {
    console.error(event.error?.message ?? event);
    // it stays: without its tiles the map is blank
    if (!failed) say(t("kaart.tegels"), false, true);
    failed = true;
  });
  map.on("moveend", () => {
    const { lng, lat } = map.getCenter();
    set({ kaart: [Number(map.getZoom().toFixed(2)), Number(lat.toFixed(5)), Number(lng.toFixed(5))] });
  });
  map.on("zoomend", legend);
  selection.listen();
  map.getCanvas().setAttribute("aria-label", t("kaart.uitleg", { regio: facts.regio }));
  globalThis.kaart = map;
}

/** Whether the map has its style, so that it can be told what to show. */
const drawn = () => Boolean(app.map?.getLayer("papier"));

function repaint() {
  paint(app.map, app);
  legend();
}

/** Draw again what depends on what changed. */
function follow(changed) {
  if (changed.has("taal")) {
    speak(state.taal);
    words();
  }
  const mapped = MAPPED.some((name) => changed.has(name));
  if (mapped && drawn()) repaint();
  else if (changed.has("gekozen") && drawn()) highlight(app.map, state.gekozen);
  const panel = changed.has("paneel") || changed.has("taal");
  // a slider must not be drawn again under the finger that moves it
  const follows = mapped && state.paneel !== "weging";
  if (panel || follows || (changed.has("gekozen") && state.paneel === "gebieden"))
    shell.draw(document.activeElement?.id);
  if (changed.has("taal") || changed.has("gewichten")) selection.present();
}

function legend() {
  const level = state.laag === "auto" ? (app.areas.buurt ? "buurt" : "gemeente") : state.laag;
  showLegend(at("legenda"), { ...app, zoom: app.map ? app.map.getZoom() : 0, level });
}

/** Write every text that stands outside the panels. */
function words() {
  const { facts } = app;
  const title = t("titel", { regio: facts.regio });
  document.documentElement.lang = state.taal;
  document.title = title;
  document.querySelector("h1").textContent = title;
  at("skip").textContent = t("skip");
  at("taal").textContent = t("taal.anders");
  at("taal").lang = state.taal === "nl" ? "en" : "nl";
  for (const [id, key] of [
    ["paneel", "bediening"],
    ["kaartvak", "kaart"],
    ["tabs", "bediening"],
    ["legenda", "legenda"],
  ])
    at(id).setAttribute("aria-label", t(key));
  at("opmerking-uitleg").textContent = facts.opmerking ? t("opmerking.uitleg") : "";
  const sources = [...new Set(facts.bronnen.map((one) => one.bron))].join(", ");
  fill(
    at("voet"),
    el("span", {}, t("voet.peildatum", { datum: date(facts.peildatum) })),
    el("span", {}, t("voet.run", { run: facts.run_id })),
    sources && el("span.sources", {}, t("voet.bron", { bronnen: sources })),
  );
  app.map?.getCanvas().setAttribute("aria-label", t("kaart.uitleg", { regio: facts.regio }));
  box.name();
}

/** The page with the backdrop is another page, because the ordinary one may not ask another host for anything. */
function backdrop(on) {
  const page = new URL(on ? "achtergrond.html" : "index.html", document.baseURI);
  location.assign(`${page.href}${hash()}`);
}

/** Paper gets a picture of the map: a canvas of the screen card prints as nothing. */
function forPaper() {
  if (!app.map) return;
  app.map.redraw();
  const picture = at("afdruk");
  picture.src = app.map.getCanvas().toDataURL("image/png");
  picture.alt = `${t("kaart")}: ${t(`thema.${state.thema}`)}`;
  picture.hidden = false;
}

at("taal").addEventListener("click", () => set({ taal: state.taal === "nl" ? "en" : "nl" }));
addEventListener("keydown", (event) => event.key === "Escape" && event.target === document.body && selection.close());
addEventListener("hashchange", () => {
  if (location.hash !== hash()) location.reload();
});
addEventListener("beforeprint", forPaper);
addEventListener("afterprint", () => (at("afdruk").hidden = true));
start();
