// What changed since the release before.

import { load } from "../data.js";
import { el } from "../dom.js";
import { date, figure, signed, t } from "../i18n.js";

const SHOWN = 10;

/** What changed since the release before. */
export function newsPanel(app) {
  const { facts, differences: told } = app;
  const head = el("h2", {}, t("nieuw.kop"));
  if (!facts.vorige) return [head, el("p", {}, t("nieuw.eerste"))];
  const before = el("p.hint", {}, t("nieuw.vorige", { datum: date(facts.vorige.peildatum), run: facts.vorige.run_id }));
  if (!told) return [head, before];
  return [
    head,
    before,
    movers(app, told),
    zones(app, "nieuw", told.nieuw),
    zones(app, "vervallen", told.vervallen),
    causes(told.oorzaken),
  ];
}

function movers({ areas, set, choose }, told) {
  const table = told.buurt ?? told.wijk ?? told.gemeente;
  const place = table ? table.kolommen.indexOf("score_prioriteit") : -1;
  if (place < 0) return el("p", {}, t("nieuw.geen"));
  const soort = told.buurt ? "buurt" : told.wijk ? "wijk" : "gemeente";
  const moved = table.rijen.filter((row) => row[place]).sort((a, b) => Math.abs(b[place]) - Math.abs(a[place]));
  if (!moved.length) return el("p", {}, t("nieuw.geen"));
  const line = (row) => {
    const found = (areas[soort] ?? []).find((one) => one.code === row[0]);
    return el(
      "li",
      {},
      el("button.plain", { type: "button", onclick: () => choose({ soort, sleutel: row[0] }, found?.kader) }, row[1]),
      ` ${signed(row[place])}`,
    );
  };
  return [
    el(
      "p",
      {},
      t("nieuw.buurten", { n: figure(moved.length) }),
      " ",
      el("button.plain", { type: "button", onclick: () => set({ thema: "verschil" }) }, t("nieuw.toon")),
    ),
    el("h3", {}, t("nieuw.grootste")),
    el("ul.moves", {}, moved.slice(0, SHOWN).map(line)),
  ];
}

function zones({ areas, choose }, kind, list) {
  if (!list?.length) return null;
  const line = (zone) => {
    const row = (areas.prioriteitsgebied ?? []).find((one) => one.sleutel === zone.gebied_id);
    return el(
      "li",
      {},
      row
        ? el(
            "button.plain",
            { type: "button", onclick: () => choose({ soort: "prioriteitsgebied", sleutel: row.sleutel }, row.kader) },
            zone.naam,
          )
        : zone.naam,
    );
  };
  return [el("h3", {}, t(`nieuw.${kind}`)), el("ul.moves", {}, list.slice(0, 2 * SHOWN).map(line))];
}

const causes = (rows) =>
  rows?.length
    ? [
        el("h3", {}, t("nieuw.oorzaken")),
        el(
          "ul.moves",
          {},
          rows.map((row) =>
            el("li", {}, `${[row.wat, row.oorzaak].filter(Boolean).join(", ")}: ${figure(row.aantal)}`),
          ),
        ),
      ]
    : null;

/** Load the differences once; the map needs them too. */
export const differences = (facts) => (facts.vorige ? load("wijziging.json") : Promise.resolve(null));
