// What is chosen, by a click, a list, a search or a link; and flying there.

import { showCard } from "./card.js";
import { at } from "./dom.js";
import { t } from "./i18n.js";
import { NEAR } from "./layers.js";
import { CLICKABLE, identify, padding } from "./map.js";
import { middle } from "./search.js";
import { hash } from "./state.js";

const HOUSE = 17.5;
const STREET = 17;
const POSTCODE = 16;
const DISTRICT = 13;
const REACH_PX = 4;

export class Selection {
  constructor(app) {
    this.app = app;
    this.shown = null;
    app.choose = (chosen, frame) => this.choose(chosen, frame);
    app.go = (frame) => this.go(frame);
  }

  /** Listen to the map: mouse, touch and keys. */
  listen() {
    const { map } = this.app;
    const canvas = map.getCanvas();
    map.on("click", (event) => this.pick(event.point));
    map.on("mousemove", (event) => (canvas.style.cursor = this.under(event.point).length ? "pointer" : ""));
    canvas.addEventListener("focus", () => (at("kruis").hidden = !canvas.matches(":focus-visible")));
    canvas.addEventListener("blur", () => (at("kruis").hidden = true));
    canvas.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.pick(map.project(map.getCenter()));
      if (event.key === "Escape") this.close();
    });
  }

  /** Find what lies at a point, nearest layer first; a finger may miss a house by a little. */
  under(point) {
    const { map } = this.app;
    const layers = CLICKABLE.filter((id) => map.getLayer(id));
    const reach = map.getZoom() >= NEAR ? REACH_PX : 0;
    const box = [
      [point.x - reach, point.y - reach],
      [point.x + reach, point.y + reach],
    ];
    const found = map.queryRenderedFeatures(reach ? box : point, { layers });
    return found.sort((a, b) => layers.indexOf(a.layer.id) - layers.indexOf(b.layer.id));
  }

  pick(point) {
    const found = this.under(point);
    if (!found.length) return this.close();
    const [first] = found;
    const chosen = identify(first);
    const same = found
      .filter((one) => one.layer.id === first.layer.id)
      .map((one) => ({ ...one.properties, sleutel: identify(one).sleutel }));
    return this.open(chosen, first.properties, chosen.soort === "verblijfsobject" ? unique(same) : []);
  }

  /** Show the card of something; areas come from their table, the rest from what the tiles say. */
  open(chosen, properties, others = []) {
    const row = this.area(chosen) ?? properties;
    if (!row) return this.close();
    this.shown = { chosen, row, others };
    this.app.set({ gekozen: chosen });
    return this.present();
  }

  area({ soort, sleutel }) {
    return (this.app.areas[soort] ?? []).find((one) => one.sleutel === sleutel);
  }

  /** Draw the card of what is chosen, if anything is. */
  present() {
    if (!this.shown) return;
    const { chosen, row, others } = this.shown;
    const choose = (sleutel) =>
      this.open(
        { soort: "verblijfsobject", sleutel },
        others.find((one) => one.sleutel === sleutel),
        others,
      );
    const card = at("kaartje");
    showCard(card, chosen, row, this.app, {
      others,
      choose,
      current: chosen.sleutel,
      close: () => this.close(),
      copy: () => this.copy(),
    });
    card.scrollTop = 0;
    at("toneel").dataset.kaartje = "ja";
    this.app.say(`${t(`soort.${chosen.soort}`)} ${row.naam ?? row.adres ?? ""}`, true);
  }

  close() {
    const card = at("kaartje");
    if (card.hidden) return;
    const held = card.contains(document.activeElement);
    card.hidden = true;
    this.shown = null;
    delete at("toneel").dataset.kaartje;
    this.app.set({ gekozen: null });
    if (held) this.app.map?.getCanvas().focus();
  }

  async copy() {
    const link = new URL(hash(), document.baseURI.split("#")[0]).href;
    try {
      await navigator.clipboard.writeText(link);
      this.app.say(t("link.klaar"));
    } catch {
      history.replaceState(null, "", hash());
      this.app.say(t("link.fout"));
    }
  }

  /** Choose an area from a list, and show it. */
  choose(chosen, frame) {
    this.open(chosen, null);
    if (frame) this.go(frame);
    at("toneel").dataset.open = "nee";
  }

  /** Fly to a frame of degrees. */
  go([west, south, east, north], maxZoom = POSTCODE) {
    const frame = [
      [west, south],
      [east, north],
    ];
    this.app.map?.fitBounds(frame, { padding: padding(!at("kaartje").hidden), maxZoom, duration: 900 });
  }

  /** Show what the search box found, and open its card. */
  async found(one) {
    this.app.say(t("zoek.gevonden", { wat: one.tekst }), true);
    if (one.sleutel) return this.choose({ soort: one.soort, sleutel: one.sleutel }, this.area(one).kader);
    if (one.soort === "straat") return this.go(await middle(one), STREET);
    const [x, y] = one.punt;
    this.go([x, y, x, y], one.soort === "adres" ? HOUSE : one.ver ? DISTRICT : POSTCODE);
    if (one.soort === "adres") this.app.map?.once("idle", () => this.openAddress(one.adres));
    return undefined;
  }

  /** Open the card of an address: the dwelling of that name in the tiles. */
  openAddress(address) {
    const text = [address.straat, address.nummer].filter(Boolean).join(" ");
    const is = (name, value) => ["==", ["coalesce", ["get", name], ""], value];
    const filter = ["all", is("adres", text), is("woonplaats", address.plaats), is("postcode", address.postcode)];
    const [feature] = this.app.map.querySourceFeatures("woningen", { sourceLayer: "verblijfsobject", filter });
    if (feature)
      this.open({ soort: "verblijfsobject", sleutel: String(feature.id).padStart(16, "0") }, feature.properties);
  }

  /** Open again what the address of the page names, once its tile is there. */
  reopen() {
    const { map, areas, state, set } = this.app;
    const chosen = state.gekozen;
    if (areas[chosen.soort]) return this.open(chosen, null);
    return map.once("idle", () => {
      const cell = chosen.soort === "hectare";
      const source = cell ? "hectaren" : "woningen";
      const filter = cell ? ["==", ["get", "cel_id"], chosen.sleutel] : ["==", ["id"], Number(chosen.sleutel)];
      const found = map.getSource(source) ? map.querySourceFeatures(source, { sourceLayer: chosen.soort, filter }) : [];
      if (found.length) this.open(chosen, found[0].properties);
      else set({ gekozen: null });
    });
  }
}

const unique = (rows) => {
  const found = [...new Map(rows.map((row) => [row.sleutel, row])).values()];
  return found.sort((a, b) => a.adres.localeCompare(b.adres, "nl", { numeric: true }));
};
