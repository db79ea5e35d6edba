// What the map is, where it comes from, and the layers themselves.

import { el } from "../dom.js";
import { bytes, date, t } from "../i18n.js";
import { withBackdrop } from "../layers.js";

/** What this is, where it comes from, and the layers themselves. */
export function aboutPanel({ facts }) {
  const source = (one) =>
    el(
      "li",
      {},
      el("b", {}, one.bron),
      ` · ${[one.bronhouder, one.licentie, one.bron_datum && date(one.bron_datum)].filter(Boolean).join(" · ")}`,
    );
  const file = (one) => {
    const gone = el("small", { role: "status" });
    const link = el("a", { href: one.pad, download: true }, one.pad.split("/").at(-1));
    fetch(one.pad, { method: "HEAD" }).then((answer) => answer.ok || missing(), missing);
    function missing() {
      link.removeAttribute("href");
      gone.textContent = ` ${t("over.download.weg")}`;
    }
    return el("li", {}, link, ` (${bytes(one.bytes)})`, gone);
  };
  return [
    el("h2", {}, t("over.kop")),
    el("p", {}, t("over.tekst", { regio: facts.regio })),
    el("h3", {}, t("over.download")),
    el("ul.files", {}, facts.bestanden.map(file)),
    el("p.hint", {}, t("over.download.uitleg")),
    el("h3", {}, t("over.bronnen")),
    el("ul.sources", {}, facts.bronnen.map(source)),
    el("p", {}, el("button.plain", { type: "button", onclick: () => print() }, t("afdrukken"))),
    el("p.hint", {}, t(withBackdrop() ? "over.rechten.brt" : "over.rechten")),
  ];
}
