// The questions that the map answers: per kind of feature which value is drawn, by which class table.

import { NONE, scoreExpression } from "./score.js";

/** Kinds of areas that can fill the map, largest first. */
export const AREAS = ["gemeente", "wijk", "buurt", "hectare"];
const SHARE = ["coalesce", ["get", "aandeel_efg_verwacht"], ["get", "aandeel_efg"], NONE];
const number = (name) => ["coalesce", ["get", name], NONE];
const text = (name) => ["coalesce", ["get", name], ""];

/** Table and value by theme and kind; `tekst` values are matched, others are placed between limits. */
const THEMES = {
  kwadrant: { tabel: "kwadrant", tekst: true, waarde: () => text("kwadrant") },
  prioriteit: { tabel: "prioriteit", waarde: (kind, weighing) => priority(kind, weighing) },
  energie: { tabel: "score_energie", waarde: () => number("score_energie") },
  levensloop: { tabel: "score_levensloop", waarde: () => number("score_levensloop") },
  label: {
    tabel: "aandeel_efg",
    waarde: () => SHARE,
    pand: { tabel: "energielabel", tekst: true, waarde: () => text("label_slechtste") },
    verblijfsobject: { tabel: "energielabel", tekst: true, waarde: () => classOf() },
  },
  zekerheid: {
    tabel: "label_dekking",
    waarde: () => number("label_dekking"),
    pand: {
      tabel: "label_dekking",
      waarde: () => ["case", ["has", "aandeel_geschat"], ["-", 100, ["get", "aandeel_geschat"]], NONE],
    },
    verblijfsobject: { tabel: "bewijsgraad", tekst: true, waarde: () => text("bewijsgraad") },
  },
  verschil: { tabel: "verschil", waarde: (kind, weighing, differences) => difference(kind, differences) },
};
export const NAMES = Object.keys(THEMES);

/** A class better than A is one class in an estimate; it takes the colour of A+. */
const BEST = "A+ en beter";
const classOf = () => [
  "let",
  "klasse",
  ["coalesce", ["get", "energielabel"], ["get", "label_verwacht"], ""],
  ["case", ["==", ["var", "klasse"], BEST], "A+", ["var", "klasse"]],
];

/** Attributes that hold the pillars of a kind of feature, and which pillars it has. */
export function pillarsOf(kind, facts) {
  if (kind === "pand" || kind === "verblijfsobject")
    return { names: ["energie", "levensloop"], column: (name) => `score_${name}` };
  const names = facts.pijlers[kind] ?? facts.pijlers.buurt ?? [];
  return {
    names: kind === "hectare" ? names.filter((name) => name !== "vergrijzing") : names,
    column: (name) => `pijler_${name}`,
  };
}

/** The priority score of a kind: as published, or with weights of one's own. */
export function priority(kind, { facts, weights }) {
  if (!weights) return number("score_prioriteit");
  const { names, column } = pillarsOf(kind, facts);
  return scoreExpression(names, column, weights, facts.weging.verschuiving) ?? NONE;
}

function difference(kind, differences) {
  const rows = differences?.[kind];
  if (!rows) return -1000;
  const pairs = rows.rijen.flatMap((row) => [
    row[rows.kolommen.indexOf("code")],
    row[rows.kolommen.indexOf("score_prioriteit")] ?? -1000,
  ]);
  return pairs.length ? ["match", text("code"), ...pairs, 0] : 0;
}

/** Which theme definition holds for a kind of feature. */
export function themeOf(theme, kind) {
  const found = THEMES[theme] ?? THEMES.kwadrant;
  return found[kind] ?? found;
}

/** Split a class table in its known classes and the unknown one. */
export function classes(facts, table) {
  const all = facts.klassen[table] ?? [];
  const unknown = all.find((one) => !one.waarden.length && one.onder === null && one.boven === null);
  return { known: all.filter((one) => one !== unknown), unknown };
}

/** Whether this release can answer a theme: its class table must be there. */
export const offered = (theme, facts) =>
  Boolean(facts.klassen[THEMES[theme].tabel]) && (theme !== "verschil" || Boolean(facts.vorige));

/** The colour of a kind of feature in a theme, as an expression of the map. */
export function colour(theme, kind, context) {
  const { tabel, tekst, waarde } = themeOf(theme, kind);
  const { known, unknown } = classes(context.facts, tabel);
  const grey = unknown?.kleur ?? "#cccccc";
  const value = waarde(kind, context, context.differences);
  if (tekst) return ["match", value, ...known.flatMap((one) => [one.waarden, one.kleur]), grey];
  const lowest = theme === "verschil" ? -999 : 0;
  const steps = known.slice(1).flatMap((one) => [one.onder, one.kleur]);
  return [
    "let",
    "waarde",
    value,
    ["case", ["<", ["var", "waarde"], lowest], grey, ["step", ["var", "waarde"], known[0].kleur, ...steps]],
  ];
}

/** The class that a row of an area falls in, for lists and cards. */
export function classFor(facts, table, value) {
  const { known, unknown } = classes(facts, table);
  if (value === null || value === undefined) return unknown;
  if (typeof value === "string") return known.find((one) => one.waarden.includes(value)) ?? unknown;
  return known.findLast((one, i) => i === 0 || value >= one.onder) ?? unknown;
}
