// What the map shows: theme, level, overlays and filters.

import { el, swatch } from "../dom.js";
import { t, term } from "../i18n.js";
import { withBackdrop } from "../layers.js";
import { AREAS, NAMES, classes, offered } from "../themes.js";

export const OVERLAYS = ["gebieden", "namen", "woningen", "onzeker"];

/** What this release has to show: areas, and a statement of how firm its classes are. */
function available(name, areas) {
  if (name === "gebieden") return Boolean(areas.prioriteitsgebied);
  return name !== "onzeker" || Object.values(areas).some((rows) => rows.some((row) => row.stabiel === "nee"));
}

const choice = (name, value, current, title, hint, change) =>
  el(
    "label.choice",
    {},
    el("input", { type: "radio", name, value, checked: value === current, onchange: () => change(value) }),
    el("span", {}, el("b", {}, title), hint && el("small", {}, hint)),
  );

/** Theme, level, overlays and filters. */
export function mapPanel(app) {
  const { facts, areas, state, set } = app;
  const themes = NAMES.filter((name) => offered(name, facts));
  const levels = ["auto", ...AREAS.filter((name) => (name === "hectare" ? facts.tegels.hectaren : areas[name]))];
  return [
    el(
      "fieldset.themes",
      {},
      el("legend", {}, t("vraag")),
      themes.map((name) =>
        choice("thema", name, state.thema, t(`thema.${name}`), t(`thema.${name}.uitleg`), (thema) => set({ thema })),
      ),
    ),
    filters(app),
    el(
      "fieldset.levels",
      {},
      el("legend", {}, t("laag")),
      levels.map((name) =>
        choice("laag", name, state.laag, t(`laag.${name}`), name === "auto" && t("laag.auto.uitleg"), (laag) =>
          set({ laag }),
        ),
      ),
    ),
    el(
      "fieldset.overlays",
      {},
      el("legend", {}, t("ook")),
      OVERLAYS.filter((name) => available(name, areas)).map((name) =>
        tick(state.aan.includes(name), t(`ook.${name}`), (on) =>
          set({ aan: OVERLAYS.filter((one) => (one === name ? on : state.aan.includes(one))) }),
        ),
      ),
      tick(withBackdrop(), t("ook.achtergrond"), app.backdrop, "achtergrond-schakelaar"),
      el("p.hint", { id: "achtergrond-uitleg" }, t("ook.achtergrond.uitleg")),
    ),
  ];
}

const tick = (checked, title, change, id) =>
  el(
    "label.choice",
    {},
    el("input", {
      type: "checkbox",
      id,
      checked,
      "aria-describedby": id && "achtergrond-uitleg",
      onchange: (event) => change(event.target.checked),
    }),
    el("span", {}, el("b", {}, title)),
  );

function filters({ facts, areas, state, set, go }) {
  const { known, unknown } = classes(facts, "prioriteit");
  const all = [...known, unknown].filter(Boolean);
  const chosen = state.klassen ?? all.map((_, i) => i);
  const toggle = (place, on) => {
    const now = all.map((_, i) => i).filter((i) => (i === place ? on : chosen.includes(i)));
    set({ klassen: now.length === all.length ? null : now });
  };
  const sorted = [...(areas.gemeente ?? [])].sort((a, b) => a.naam.localeCompare(b.naam));
  const pick = (event) => {
    set({ gemeente: event.target.value });
    const row = sorted.find((one) => one.code === event.target.value);
    go(row ? row.kader : facts.kader);
  };
  return el(
    "fieldset.filters",
    {},
    el("legend", {}, t("filter")),
    sorted.length > 0 &&
      el(
        "label.field",
        {},
        el("span", {}, t("filter.gemeente")),
        el(
          "select",
          { id: "filter-gemeente", onchange: pick },
          el("option", { value: "", selected: !state.gemeente }, t("filter.alle")),
          sorted.map((row) => el("option", { value: row.code, selected: row.code === state.gemeente }, row.naam)),
        ),
      ),
    el(
      "div.field",
      { role: "group", "aria-labelledby": "filter-klasse" },
      el("span", { id: "filter-klasse" }, t("filter.klasse")),
      el(
        "div.chips",
        {},
        all.map((one, place) =>
          el(
            "label.chip",
            {},
            el("input", {
              type: "checkbox",
              name: "klasse",
              value: place,
              checked: chosen.includes(place),
              onchange: (event) => toggle(place, event.target.checked),
            }),
            swatch(one.kleur),
            el("span", {}, term(one.etiket)),
          ),
        ),
      ),
    ),
    (state.gemeente || state.klassen) &&
      el("button.plain", { type: "button", onclick: () => set({ gemeente: "", klassen: null }) }, t("filter.wis")),
  );
}
