// The parts of a card: each says one thing of a row, in words and figures, and nothing where the row does not know.

import { el, swatch } from "./dom.js";
import { date, figure, known, percent, points, signed, t, term, year } from "./i18n.js";
import { classFor } from "./themes.js";
import { weighed } from "./weighing.js";

const SMALL = 30;
const TOP = 20;

/** The label, and in words whether it is registered or estimated, and how sure. */
export function labelBlock(row, app) {
  const registered = row.label_status === "geldig";
  const letter = registered ? row.energielabel : row.label_verwacht;
  const colour = classFor(app.facts, "energielabel", letter === "A+ en beter" ? "A+" : letter)?.kleur ?? "#cccccc";
  const words = [];
  if (registered)
    words.push(
      row.label_geldig_tot ? t("label.geldig", { datum: date(row.label_geldig_tot) }) : t("label.geldig.zonder"),
    );
  else if (row.label_status === "verlopen") words.push(t("label.verlopen", { was: row.label_verlopen ?? "" }));
  else if (letter)
    words.push(
      t("label.geschat", {
        grond: t(known(`grond.${row.bewijsgraad}`) ? `grond.${row.bewijsgraad}` : "grond.X_onbekend"),
      }),
    );
  else words.push(t("label.geen"));
  if (!registered && row.label_p10 && row.label_p10 !== row.label_p90)
    words.push(t("label.marge", { laag: term(row.label_p10), hoog: term(row.label_p90) }));
  if (!registered && row.p_efg !== undefined && row.p_efg !== null)
    words.push(t("label.efg", { kans: percent(row.p_efg) }));
  return el(
    "section.label",
    {},
    el(
      registered ? "span.badge" : "span.badge.guess",
      { style: { "--colour": colour, "--ink": light(colour) ? "#1d2a33" : "#ffffff" } },
      letter ? term(letter) : "?",
    ),
    el("div", {}, el("h3", {}, t("kop.label")), el("p", {}, words.join(" "))),
  );
}

function light(colour) {
  const [red, green, blue] = [1, 3, 5].map((i) => (parseInt(colour.slice(i, i + 2), 16) / 255) ** 2.2);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.3;
}

export function needs(row, app, soort) {
  if (!row.kwadrant) return null;
  const key = `kwadrant.${row.kwadrant}`;
  const house = soort === "verblijfsobject" || soort === "pand";
  const words = house || !known(key) ? term(row.kwadrant) : t(key);
  return el(
    "p.needs",
    {},
    swatch(classFor(app.facts, "kwadrant", row.kwadrant)?.kleur ?? "#cccccc"),
    el("span", {}, words),
  );
}

export function scoreBlock(row, app, soort) {
  if (row.score_prioriteit === undefined && row.score_energie === undefined) return null;
  const own =
    app.state.gewichten && app.areas[soort]
      ? weighed(app.facts, soort, app.areas[soort], app.state.gewichten).find((one) => one.sleutel === row.sleutel)
      : null;
  const ranked =
    row.rang && soort !== "prioriteitsgebied"
      ? el(
          "p.rank",
          {},
          t("rang", { rang: figure(row.rang), aantal: figure(app.areas[soort].filter((one) => one.rang).length) }),
        )
      : null;
  return el(
    "section",
    {},
    ranked,
    own && own.nu && el("p.rank.own", {}, t("rang.eigen", { rang: figure(own.nu) })),
    bars(row, row.score_prioriteit, own?.eigen),
  );
}

export function bars(row, priority, own) {
  const lines = [
    ["prioriteit", priority],
    own !== null && own !== undefined && ["eigen", own],
    ["energie", row.score_energie],
    ["levensloop", row.score_levensloop],
  ].filter(Boolean);
  return el(
    "dl.bars",
    {},
    lines
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) =>
        el(
          "div",
          {},
          el("dt", {}, t(`score.${name}`)),
          el(
            "dd",
            {},
            el(
              "span.track",
              { "aria-hidden": "true" },
              el(`span.level.${name}`, { style: { "--part": `${value ?? 0}%` } }),
            ),
            el("span.points", {}, value === null ? t("onbekend") : points(value)),
          ),
        ),
      ),
  );
}

export function suited(row, app) {
  const key = `klasse.${row.levensloop_klasse}`;
  const reasons = (row.levensloop_reden ?? "").split(/,\s*/).filter((code) => app.facts.redenen[code]);
  return el(
    "section",
    {},
    el("h3", {}, t("kop.levensloop")),
    el("p", {}, t(known(key) ? key : "klasse.onbekend")),
    reasons.length > 0 &&
      el(
        "ul.reasons",
        {},
        reasons.map((code) => el("li", {}, term(app.facts.redenen[code]))),
      ),
    el("p.hint", {}, t("klasse.let")),
  );
}

export function lifecourse(row) {
  const parts = [
    ["nultreden", row.aandeel_nultreden],
    ["aanpasbaar", row.aandeel_aanpasbaar],
    ["moeilijk", row.aandeel_moeilijk],
  ];
  if (parts.every(([, value]) => value === null || value === undefined)) return null;
  return el(
    "section",
    {},
    el("h3", {}, t("kop.levensloop")),
    el(
      "div.stack",
      { "aria-hidden": "true" },
      parts.map(([name, value]) => el(`span.${name}`, { style: { "--part": `${value ?? 0}%` } })),
    ),
    el(
      "ul.keys",
      {},
      parts.map(([name, value]) =>
        el(
          "li",
          {},
          el(`span.key.${name}`, { "aria-hidden": "true" }),
          `${t(`feit.aandeel_${name}`)}: ${percent(value)}`,
        ),
      ),
    ),
  );
}

const WRITE = {
  gemiddeld_bouwjaar: year,
  bouwjaar: year,
  oppervlakte_m2: (value) => (value === null ? t("onbekend") : `${figure(value)} m²`),
};
const WORDS = new Set(["woningtype", "bepalende_pijler"]);

export function facts(title, row, names, known = false) {
  const there = names.filter(
    (name) =>
      row[name] !== undefined && (!known || row[name] !== null) && !(name === "n_woningen_gepland" && !row[name]),
  );
  if (!there.length) return null;
  return el(
    "section",
    {},
    el("h3", {}, title),
    pairs(there.map((name) => [t(`feit.${name}`), written(name, row[name])])),
  );
}

function written(name, value) {
  if (value === null) return t("onbekend");
  if (WRITE[name]) return WRITE[name](value);
  if (name.startsWith("aandeel_") || name === "label_dekking") return percent(value);
  if (name === "overschot") return t("feit.overschot.waarde", { punten: signed(value) });
  if (value === "ja" || value === "nee") return t(value);
  if (typeof value === "number") return figure(value);
  return WORDS.has(name) ? term(value) : value;
}

export const pairs = (lines) =>
  el(
    "dl.facts",
    {},
    lines.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
  );

/** The chance to be among the first twenty with the weights of each party. */
function parties(row, app) {
  const names = Object.keys(app.facts.weging.partijen).filter((name) => typeof row[`kans_top20_${name}`] === "number");
  if (!names.length) return null;
  const lines = names.map((name) => [t(`partij.${name}`), percent(row[`kans_top20_${name}`])]);
  return [el("p.small", {}, t("zeker.partijen")), pairs(lines)];
}

export function certainty(row, app) {
  const words = [];
  if (typeof row.label_dekking === "number") words.push(t("zeker.dekking", { dekking: percent(row.label_dekking) }));
  if (Math.abs(row.registratie_bias ?? 0) >= 1)
    words.push(
      t(row.registratie_bias > 0 ? "zeker.vertekening.slechter" : "zeker.vertekening.beter", {
        punten: figure(Math.abs(row.registratie_bias)),
      }),
    );
  if (row.rang_p10 && row.rang_p90)
    words.push(t("zeker.rang", { laag: figure(row.rang_p10), hoog: figure(row.rang_p90) }));
  if (row.stabiel === "ja" || row.stabiel === "nee")
    words.push(t(row.stabiel === "ja" ? "zeker.stabiel" : "zeker.wankel"));
  if (row.n_woningen > 0 && row.n_woningen < SMALL) words.push(t("zeker.klein", { n: figure(row.n_woningen) }));
  const top = (app.areas[row.soort] ?? []).length > TOP ? parties(row, app) : null;
  if (!words.length && !top) return null;
  return el("section", {}, el("h3", {}, t("kop.zekerheid")), el("p", {}, words.join(" ")), top);
}
