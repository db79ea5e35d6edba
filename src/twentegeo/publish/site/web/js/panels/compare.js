// The municipalities side by side, sorted by any column.

import { el, swatch } from "../dom.js";
import { figure, percent, points, t, year } from "../i18n.js";
import { classFor } from "../themes.js";
import { scores } from "../weighing.js";

const COLUMNS = [
  ["naam", (value) => value],
  ["n_woningen", figure],
  ["rang", figure],
  ["score_prioriteit", points],
  ["eigen", points],
  ["score_energie", points],
  ["score_levensloop", points],
  ["aandeel_efg_verwacht", percent],
  ["aandeel_moeilijk", percent],
  ["aandeel_65plus", percent],
  ["label_dekking", percent],
  ["gemiddeld_bouwjaar", year],
  ["gebieden", figure],
];
const sorting = { kolom: "rang", op: true };

/** The municipalities side by side. */
export function comparePanel(app) {
  const { facts, areas, state, set, choose } = app;
  const own = state.gewichten ? scores(facts, "gemeente", areas.gemeente ?? [], state.gewichten) : [];
  const rows = (areas.gemeente ?? []).map((row, i) => ({
    ...row,
    eigen: own[i] ?? null,
    gebieden: (areas.prioriteitsgebied ?? []).filter((zone) => (zone.gemeenten ?? "").split(", ").includes(row.naam))
      .length,
  }));
  const columns = COLUMNS.filter(([name]) =>
    name === "eigen" ? state.gewichten : rows.some((row) => row[name] !== undefined),
  );
  const order = (a, b) => {
    const [x, y] = [a[sorting.kolom], b[sorting.kolom]];
    if (x === null || x === undefined) return 1;
    if (y === null || y === undefined) return -1;
    return (typeof x === "string" ? x.localeCompare(y) : x - y) * (sorting.op ? 1 : -1);
  };
  rows.sort(order);
  const sort = (name) => {
    sorting.op = sorting.kolom === name ? !sorting.op : name === "naam" || name === "rang";
    sorting.kolom = name;
    app.redraw(`kop-${name}`);
  };
  const way = (name) => (sorting.kolom === name ? (sorting.op ? "ascending" : "descending") : null);
  const head = columns.map(([name]) =>
    el(
      "th",
      { scope: "col", "aria-sort": way(name) },
      el(
        "button",
        { type: "button", id: `kop-${name}`, onclick: () => sort(name) },
        t(`kolom.${name}`),
        el("span.way", { "aria-hidden": "true" }, { ascending: "▲", descending: "▼" }[way(name)] ?? "↕"),
      ),
    ),
  );
  const show = (row) => {
    set({ gemeente: row.code });
    choose({ soort: "gemeente", sleutel: row.code }, row.kader);
  };
  const cells = (row) =>
    columns.map(([name, write]) =>
      name === "naam"
        ? el("th", { scope: "row" }, el("button.plain", { type: "button", onclick: () => show(row) }, row.naam))
        : el(
            "td",
            {},
            name.startsWith("score_") && name !== "eigen" ? shade(facts, name, row[name]) : null,
            write(row[name] ?? null),
          ),
    );
  return [
    el("h2", {}, t("vergelijk.kop")),
    el("p.hint", {}, t("vergelijk.uitleg")),
    el(
      "div.scroll",
      { tabindex: "0", role: "region", "aria-label": t("vergelijk.kop") },
      el(
        "table.compare",
        {},
        el("thead", {}, el("tr", {}, head)),
        el(
          "tbody",
          {},
          rows.map((row) =>
            el("tr", { "data-code": row.code, "aria-current": state.gemeente === row.code && "true" }, cells(row)),
          ),
        ),
      ),
    ),
    el(
      "button.plain",
      { type: "button", id: "tabel-csv", onclick: () => save(columns, rows) },
      t("vergelijk.download"),
    ),
  ];
}

const TABLE = { score_prioriteit: "prioriteit", score_energie: "score_energie", score_levensloop: "score_levensloop" };
const shade = (facts, name, value) => swatch(classFor(facts, TABLE[name], value ?? null)?.kleur ?? "#cccccc");

/** A spreadsheet takes what begins with = + - @ for a formula; an apostrophe before it keeps it text. */
export function csv(columns, rows) {
  const safe = (value) => (typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : (value ?? ""));
  const quoted = (value) =>
    /[";\n\r]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
  const written = (value) => quoted(typeof value === "number" ? String(value).replace(".", ",") : safe(value));
  return (
    [
      "\ufeff" + columns.map(([name]) => quoted(t(`kolom.${name}`))).join(";"),
      ...rows.map((row) => columns.map(([name]) => written(row[name])).join(";")),
    ].join("\r\n") + "\r\n"
  );
}

function save(columns, rows) {
  const link = el("a", {
    href: URL.createObjectURL(new Blob([csv(columns, rows)], { type: "text/csv;charset=utf-8" })),
    download: "gemeenten.csv",
  });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
