// The card of what was clicked: what it is, how urgent, why, and how sure, in words.

import { bars, certainty, facts, labelBlock, lifecourse, needs, pairs, scoreBlock, suited } from "./blocks.js";
import { el, fill } from "./dom.js";
import { figure, t } from "./i18n.js";

/**
 * Fill the card.
 * @param {{soort: string, sleutel: string}} chosen
 * @param {object} row attributes of what was chosen
 * @param {object} app facts, areas, state
 * @param {object} more `others`: dwellings at the same spot; `choose`: to show one of them; `close`; `copy`
 */
export function showCard(card, chosen, row, app, more) {
  const { soort } = chosen;
  const made =
    { verblijfsobject: dwelling, pand: building, prioriteitsgebied: priorityArea, hectare: cell }[soort] ?? area;
  const { kicker, title, body } = made(row, app, chosen);
  fill(
    card,
    el(
      "header.card-head",
      {},
      el("div", {}, el("p.kicker", {}, kicker), el("h2", { id: "kaartje-titel" }, title)),
      el("button.close", { type: "button", "aria-label": t("sluit"), title: t("sluit"), onclick: more.close }, "×"),
    ),
    more.others.length > 1 && elsewhere(more),
    body,
    el(
      "p.actions",
      {},
      el("button.plain", { type: "button", onclick: more.copy }, t("link")),
      ["pand", "verblijfsobject"].includes(soort) &&
        el(
          "a",
          {
            href: `https://bagviewer.kadaster.nl/lvbag/bag-viewer/?objectId=${encodeURIComponent(chosen.sleutel)}`,
            target: "_blank",
            rel: "noopener noreferrer",
          },
          t("bag"),
        ),
    ),
  );
  card.setAttribute("aria-labelledby", "kaartje-titel");
  card.dataset.soort = soort;
  card.dataset.sleutel = chosen.sleutel;
  card.hidden = false;
}

function elsewhere({ others, choose, current }) {
  const options = others.map((one) =>
    el("option", { value: one.sleutel, selected: one.sleutel === current }, one.adres),
  );
  return el(
    "label.spot",
    {},
    el("span", {}, t("meer.hier", { n: others.length })),
    el("select", { "aria-label": t("meer.kies"), onchange: (event) => choose(event.target.value) }, options),
  );
}

function area(row, app, { soort }) {
  const where = row.gemeente_naam && soort !== "gemeente" ? ` ${t("in", { waar: row.gemeente_naam })}` : "";
  return {
    kicker: `${t(`soort.${soort}`)}${where}`,
    title: row.naam,
    body: [
      needs(row, app, soort),
      scoreBlock(row, app, soort),
      facts(t("kop.woningen"), row, [
        "n_woningen",
        "n_woningen_gepland",
        "gemiddeld_bouwjaar",
        "aandeel_efg_verwacht",
        "aandeel_efg",
      ]),
      lifecourse(row),
      facts(
        t("kop.bewoners", { jaar: row.cbs_jaar ?? "" }),
        row,
        [
          "aantal_inwoners",
          "aandeel_65plus",
          "aandeel_eenpersoons",
          "aandeel_koop",
          "aandeel_corporatie",
          "gasverbruik_m3",
        ],
        true,
      ),
      certainty(row, app),
    ],
  };
}

function priorityArea(row, app) {
  const why = (app.state.taal === "en" && row.toelichting_en) || row.toelichting;
  return {
    kicker: `${t("soort.prioriteitsgebied")} · ${row.rang ? t("rang", { rang: row.rang, aantal: app.areas.prioriteitsgebied.length }) : t("rang.geen")}`,
    title: row.naam,
    body: [
      why &&
        el(
          "section",
          {},
          el("h3", {}, t("kop.waarom")),
          el("p.why", { lang: why === row.toelichting ? "nl" : "en" }, why),
        ),
      needs(row, app, "prioriteitsgebied"),
      scoreBlock(row, app, "prioriteitsgebied"),
      facts(t("kop.woningen"), row, [
        "n_woningen",
        "gemeenten",
        "grensoverschrijdend",
        "gemiddeld_bouwjaar",
        "aandeel_efg_verwacht",
        "overschot",
        "n_moeilijk_aanpasbaar",
        "bepalende_pijler",
        "aandeel_65plus",
        "aandeel_eenpersoons",
      ]),
      lifecourse(row),
      certainty(row, app),
    ],
  };
}

function cell(row, app) {
  return {
    kicker: t("soort.hectare"),
    title: row.cel_id,
    body: [
      needs(row, app, "hectare"),
      scoreBlock(row, app, "hectare"),
      facts(t("kop.woningen"), row, ["n_woningen", "gemiddeld_bouwjaar", "aandeel_efg_verwacht", "aandeel_efg"]),
      certainty(row, app),
    ],
  };
}

function building(row, app, { sleutel }) {
  const head = { kicker: t("soort.pand"), title: `${t("soort.pand")} ${sleutel}` };
  const frame = facts(t("kop.woningen"), row, [
    "bouwjaar",
    "n_woningen",
    "woningtype",
    "bouwlagen",
    "lift_waarschijnlijk",
    "status",
  ]);
  if (row.heeft_woning === "nee") return { ...head, body: [el("p", {}, t("geen.woning")), frame] };
  const labels =
    row.n_labels > 0
      ? t("label.pand", { n: figure(row.n_labels), totaal: figure(row.n_woningen) })
      : t("label.pand.geen");
  return {
    ...head,
    body: [
      needs(row, app, "pand"),
      bars(row, row.score_prioriteit),
      el(
        "section",
        {},
        el("h3", {}, t("kop.label")),
        el("p", {}, labels),
        row.label_slechtste &&
          pairs([
            [t("feit.label_slechtste"), row.label_slechtste],
            [t("feit.label_beste"), row.label_beste],
          ]),
      ),
      frame,
      lifecourse(row),
      el("p.hint", {}, t("pand.woningen")),
    ],
  };
}

function dwelling(row, app) {
  const place = [row.postcode, row.woonplaats].filter(Boolean).join(" ");
  return {
    kicker: [t("soort.verblijfsobject"), place].join(" · "),
    title: row.adres,
    body: [
      labelBlock(row, app),
      needs(row, app, "verblijfsobject"),
      bars(row, row.score_prioriteit),
      suited(row, app),
      facts(t("kop.woningen"), row, ["woningtype", "bouwjaar", "oppervlakte_m2"]),
    ],
  };
}
