// Weights of one's own, and what they do to the order.

import { el, fill } from "../dom.js";
import { figure, percent, t } from "../i18n.js";
import { effect, pillars, published } from "../weighing.js";

const SHOWN = 10;

/** Weight sliders, and what they do to the order. */
export function weightsPanel(app) {
  const { facts, state, set } = app;
  const names = pillars(facts);
  const standard = published(facts);
  const now = state.gewichten ?? percentOf(standard, names);
  const result = el("div.effect", { "aria-live": "polite" });
  const total = () => names.reduce((sum, name) => sum + now[name], 0) || 1;
  const shares = names.map((name) => el("output", { for: `gewicht-${name}` }, percent((100 * now[name]) / total())));
  const move = (name) => (event) => {
    const wanted = { ...now, [name]: Number(event.target.value) };
    if (wanted.energie + wanted.levensloop <= 0) {
      event.target.value = now[name];
      return app.say(t("weging.nul"));
    }
    now[name] = wanted[name];
    shares.forEach((output, i) => (output.textContent = percent((100 * now[names[i]]) / total())));
    pressed();
    const same = sameShares(now, percentOf(standard, names), names);
    set({ gewichten: same ? null : { ...now }, ...(same ? {} : { thema: "prioriteit" }) });
    tellEffect(result, app);
    return undefined;
  };
  tellEffect(result, app);
  const parties = Object.keys(facts.weging.partijen);
  const take = (one) => {
    const weights = percentOf(facts.weging.partijen[one], names);
    set(
      sameShares(weights, percentOf(standard, names), names)
        ? { gewichten: null }
        : { gewichten: weights, thema: "prioriteit" },
    );
    app.redraw();
  };
  const buttons = parties.map((one) =>
    el(
      "button.party",
      { type: "button", id: `partij-${one}`, onclick: () => take(one) },
      one === facts.weging.leidend ? t("partij.leidend", { partij: t(`partij.${one}`) }) : t(`partij.${one}`),
    ),
  );
  const pressed = () =>
    buttons.forEach((button, i) =>
      button.setAttribute(
        "aria-pressed",
        String(sameShares(now, percentOf(facts.weging.partijen[parties[i]], names), names)),
      ),
    );
  pressed();
  return [
    el("h2", {}, t("weging.kop")),
    el("p.hint", {}, t("weging.uitleg")),
    el("div.parties", { role: "group", "aria-label": t("weging.partij") }, buttons),
    el(
      "div.sliders",
      {},
      names.map((name, i) =>
        el(
          "div.slider",
          {},
          el("label", { for: `gewicht-${name}` }, t(`pijler.${name}`)),
          shares[i],
          el("input", {
            type: "range",
            id: `gewicht-${name}`,
            min: 0,
            max: 100,
            step: 1,
            value: now[name],
            oninput: move(name),
          }),
        ),
      ),
    ),
    el(
      "button.plain",
      {
        type: "button",
        id: "weging-terug",
        onclick: () => {
          set({ gewichten: null });
          app.redraw();
        },
      },
      t("weging.terug"),
    ),
    el("h3", {}, t("weging.effect")),
    result,
  ];
}

const percentOf = (weights, names) =>
  Object.fromEntries(names.map((name) => [name, Math.round(100 * (weights[name] ?? 0))]));
function sameShares(a, b, names) {
  const sum = (weights) => names.reduce((total, name) => total + weights[name], 0) || 1;
  return names.every((name) => Math.abs(a[name] / sum(a) - b[name] / sum(b)) < 1e-9);
}

function tellEffect(box, app) {
  const { facts, areas, state, choose } = app;
  if (!state.gewichten) return fill(box, el("p", {}, t("weging.gelijk")));
  const told = effect(facts, areas, state.gewichten);
  const { buurt, prioriteitsgebied: zones } = told;
  const list = (key, rows) =>
    rows.length > 0 && [
      el("h4", {}, t(key)),
      el(
        "ul.moves",
        {},
        rows
          .slice(0, SHOWN)
          .map((row) =>
            el(
              "li",
              {},
              el(
                "button.plain",
                { type: "button", onclick: () => choose({ soort: "buurt", sleutel: row.sleutel }, row.kader) },
                row.naam,
              ),
              ` ${t("weging.naar", { oud: row.was, nieuw: row.nu })}`,
            ),
          ),
      ),
    ];
  return fill(
    box,
    el(
      "p",
      {},
      buurt.verschoven
        ? t("weging.verschoven", {
            n: figure(buurt.verschoven),
            totaal: figure(buurt.totaal),
            veel: figure(buurt.veel),
          })
        : t("weging.stand"),
    ),
    zones.totaal > 0 &&
      zones.kan &&
      el("p", {}, t("weging.gebieden", { n: figure(zones.verschoven), totaal: figure(zones.totaal) })),
    list("weging.erin", buurt.erin),
    list("weging.eruit", buurt.eruit),
  );
}
