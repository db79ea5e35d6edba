// The legend: the classes of what the map shows now, from the same tables as its colours.

import { el, fill, swatch } from "./dom.js";
import { t, term } from "./i18n.js";
import { BARE, BUILDINGS, SPEAKING, dwellingsFrom } from "./layers.js";
import { classes, themeOf } from "./themes.js";

/** Fill the legend for the theme, the level and how near the map is. */
export function showLegend(box, { facts, areas, state, zoom, level }) {
  const { thema } = state;
  const near = state.laag === "auto" && zoom >= BUILDINGS;
  const theme = near && thema === "verschil" ? "prioriteit" : thema;
  const kind = near ? "pand" : level;
  const dwellings = near && state.aan.includes("woningen") && zoom >= dwellingsFrom(theme);
  const speaking = dwellings && SPEAKING.includes(theme);
  const heading = speaking ? "legenda.woningen" : near ? "legenda.panden" : "legenda.gebieden";
  const sections = section(facts, theme, speaking ? "verblijfsobject" : kind, heading, t(`laag.${level}`));
  const extra = [];
  if (near && !speaking) extra.push(line(swatch(BARE), term("pand zonder woning")));
  const tone = speaking ? "" : ".ink";
  if (dwellings)
    extra.push(
      line(el(`span.dot.full${tone}`, { "aria-hidden": "true" }), t("legenda.dicht")),
      line(el(`span.dot.open${tone}`, { "aria-hidden": "true" }), t("legenda.open")),
    );
  if (areas.prioriteitsgebied && state.aan.includes("gebieden"))
    extra.push(line(el("span.outline", { "aria-hidden": "true" }, "1"), t("legenda.gebied")));
  if (
    (areas[level] ?? []).some((row) => row.stabiel === "nee") &&
    !near &&
    !state.gewichten &&
    thema === "prioriteit" &&
    state.aan.includes("onzeker")
  )
    extra.push(line(el("span.hatched", { "aria-hidden": "true" }), t("legenda.onzeker")));
  const own = state.gewichten && theme === "prioriteit" && el("p.own", {}, t("legenda.eigen"));
  fill(
    box,
    el(
      "details",
      {
        open: innerWidth > 720 || box.dataset.open === "ja",
        ontoggle: (event) => (box.dataset.open = event.target.open ? "ja" : "nee"),
      },
      el("summary", {}, t("legenda")),
      sections,
      own,
      extra.length > 0 && el("ul.extra", {}, extra),
    ),
  );
}

const line = (mark, words) => el("li", {}, mark, el("span", {}, words));

function section(facts, theme, kind, heading, level = "") {
  const { tabel } = themeOf(theme, kind);
  const { known, unknown } = classes(facts, tabel);
  const what = t(tabel === "energielabel" && kind === "verblijfsobject" ? "wat.energielabel.woning" : `wat.${tabel}`);
  const title = el("h3", {}, t(heading, { wat: what, laag: level }));
  if (tabel === "kwadrant") {
    const rest = [...known, unknown].filter((one) => one && !one.waarden.some((value) => SQUARE.includes(value)));
    return [
      title,
      quadrants(known),
      el(
        "ul",
        {},
        rest.map((one) => line(swatch(one.kleur), term(one.etiket))),
      ),
    ];
  }
  return [
    title,
    el(
      "ul",
      {},
      [...known, unknown].filter(Boolean).map((one) => line(swatch(one.kleur), term(one.etiket))),
    ),
  ];
}

/** The square from its upper left corner. */
const SQUARE = ["vooral levensloop", "beide urgent", "op orde", "vooral energie"];

/** Two axes as a square of four: energy to the right, life-course upwards. */
function quadrants(known) {
  const of = (name) => known.find((one) => one.waarden.includes(name));
  const place = (name) => {
    const one = of(name);
    return one && el("li", {}, swatch(one.kleur, "wide"), el("span", {}, term(one.etiket)));
  };
  return el(
    "div.axes",
    {},
    el("span.up", { "aria-hidden": "true" }, `${t("legenda.levensloop")} →`),
    el("ul.square", {}, SQUARE.map(place)),
    el("span.right", { "aria-hidden": "true" }, `${t("legenda.energie")} →`),
  );
}
