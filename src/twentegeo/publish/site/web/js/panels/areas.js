// The priority areas as a list.

import { el } from "../dom.js";
import { figure, points, t, term } from "../i18n.js";
import { insideRule } from "../paint.js";
import { classFor } from "../themes.js";
import { weighed } from "../weighing.js";

/** The priority areas by rank. */
export function areasPanel(app) {
  const { facts, areas, state, choose } = app;
  if (!areas.prioriteitsgebied) return [el("h2", {}, t("lijst.kop")), el("p", {}, t("lijst.geen"))];
  const inside = insideRule(areas, state);
  const rows = weighed(facts, "prioriteitsgebied", areas.prioriteitsgebied, state.gewichten).filter(
    (row) => !inside || inside.includes(row.sleutel),
  );
  rows.sort((a, b) => (a.nu ?? Infinity) - (b.nu ?? Infinity) || a.rang - b.rang);
  const item = (row) => {
    const tone = classFor(facts, "prioriteit", row.eigen);
    const moved = state.gewichten && row.nu !== row.was;
    return el(
      "li",
      {},
      el(
        "button.area",
        {
          type: "button",
          "data-sleutel": row.sleutel,
          "aria-current": state.gekozen?.sleutel === row.sleutel && "true",
          onclick: () => choose({ soort: "prioriteitsgebied", sleutel: row.sleutel }, row.kader),
        },
        el("span.place", { style: { "--colour": tone?.kleur ?? "#cccccc" } }, figure(row.nu)),
        el(
          "span.text",
          {},
          el("b", {}, row.naam),
          el(
            "small",
            {},
            [
              t("lijst.woningen", { n: figure(row.n_woningen) }),
              row.gemeenten,
              row.kwadrant && term(row.kwadrant),
              moved && t("lijst.was", { rang: row.was }),
            ]
              .filter(Boolean)
              .join(" · "),
          ),
        ),
        el("span.points", {}, points(row.eigen)),
      ),
    );
  };
  return [
    el("h2", {}, t("lijst.kop")),
    el("p.hint", {}, t("lijst.uitleg")),
    rows.length ? el("ol.areas", {}, rows.map(item)) : el("p", {}, t("lijst.leeg")),
  ];
}
