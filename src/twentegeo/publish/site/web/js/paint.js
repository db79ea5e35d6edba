// What the state makes of the map: which layers show, in which colours, within which filter.

import { BARE, BUILDINGS, INK, QUIET, SPEAKING, SPECK, dwellingsFrom, withBackdrop } from "./layers.js";
import { AREAS, classes, colour, priority } from "./themes.js";

/** From afar only the first priority areas are numbered; the others would hide what they point at. */
const FIRST = ["step", ["zoom"], 20, 11, 60, 12.5, 1e6];
/** Where an area without a rank comes: after all others. */
const UNRANKED = 1e5;

/** Draw what the state asks for. */
export function paint(map, { facts, areas, state, differences }) {
  const context = { facts, weights: state.gewichten, differences };
  const shown = (id, yes) => map.getLayer(id) && map.setLayoutProperty(id, "visibility", yes ? "visible" : "none");
  const filter = (id, rule) => map.getLayer(id) && map.setFilter(id, rule);
  const property = (id, name, value) => map.getLayer(id) && map.setPaintProperty(id, name, value);
  const auto = state.laag === "auto" || (state.thema === "verschil" && state.laag === "hectare");
  const level = auto ? (areas.buurt ? "buurt" : "gemeente") : state.laag;
  for (const kind of AREAS) {
    const on = kind === level;
    shown(`${kind}-vlak`, on);
    shown(`${kind}-onzeker`, on && state.aan.includes("onzeker") && state.thema === "prioriteit" && !state.gewichten);
    if (map.getLayer(`${kind}-vlak`)) {
      map.setLayerZoomRange(`${kind}-vlak`, 0, auto ? BUILDINGS : 24);
      map.setLayerZoomRange(`${kind}-onzeker`, 0, auto ? BUILDINGS : 24);
      property(`${kind}-vlak`, "fill-color", colour(state.thema, kind, context));
      property(`${kind}-vlak`, "fill-opacity", withBackdrop() ? 0.75 : 1);
      filter(`${kind}-vlak`, rule(kind, context, state));
      filter(`${kind}-onzeker`, ["all", ["==", ["get", "stabiel"], "nee"], rule(kind, context, state)]);
    }
  }
  const buildings = auto;
  const theme = state.thema === "verschil" ? "prioriteit" : state.thema;
  // where a dwelling says it by itself, its building stays out of the way
  const own = SPEAKING.includes(theme) && state.aan.includes("woningen");
  const homes = (without) => ["case", ["==", ["get", "heeft_woning"], "nee"], without, colour(theme, "pand", context)];
  for (const id of ["pand-ver", "pand", "pand-rand"]) shown(id, buildings);
  shown("buurt-klik", buildings);
  property("pand-ver", "circle-color", homes(SPECK));
  property("pand", "fill-color", own ? ["step", ["zoom"], homes(BARE), dwellingsFrom(theme), QUIET] : homes(BARE));
  for (const id of ["pand-ver", "pand", "pand-rand"]) filter(id, rule("pand", context, state));
  shown("woning", state.aan.includes("woningen"));
  if (map.getLayer("woning")) map.setLayerZoomRange("woning", dwellingsFrom(theme), 24);
  paintDwellings(property, theme, context);
  filter("woning", rule("verblijfsobject", context, state));
  for (const id of ["gebied-vlak", "gebied-rand", "gebied-rand-licht", "naam-gebied"])
    shown(id, state.aan.includes("gebieden"));
  for (const id of ["naam-buurt", "naam-gemeente"]) shown(id, state.aan.includes("namen"));
  const inside = insideRule(areas, state);
  for (const id of ["gebied-vlak", "gebied-rand", "gebied-rand-licht"])
    filter(id, inside ? ["in", ["get", "gebied_id"], ["literal", inside]] : null);
  filter("naam-gebied", [
    "all",
    ["==", ["get", "soort"], "prioriteitsgebied"],
    inside ? ["in", ["get", "sleutel"], ["literal", inside]] : true,
    ["<=", ["coalesce", ["get", "rang"], UNRANKED], inside ? 1e6 : FIRST],
  ]);
  shown("buurt-grens", buildings || level === "buurt");
  shown("wijk-grens", level === "wijk");
  highlight(map, state.gekozen);
}

/** A registration is a solid dot, an estimate an open one; in colour only where the dwelling says what its building cannot. */
function paintDwellings(property, theme, context) {
  const filled = ["==", ["get", "label_status"], "geldig"];
  const shade = SPEAKING.includes(theme) ? colour(theme, "verblijfsobject", context) : INK;
  property("woning", "circle-color", ["case", filled, shade, "#ffffff"]);
  property("woning", "circle-stroke-color", ["case", filled, INK, shade]);
}

/** The filter of a kind of feature: municipality and class of priority. */
function rule(kind, context, state) {
  const parts = ["all"];
  if (state.gemeente) parts.push(["==", ["get", "gemeente_code"], state.gemeente]);
  if (state.klassen) {
    const { known, unknown } = classes(context.facts, "prioriteit");
    const value = priority(kind, context);
    const picked = ["any"];
    for (const place of state.klassen) {
      const one = known[place];
      if (one) picked.push(["all", [">=", value, place === 0 ? 0 : one.onder], ["<", value, one.boven ?? 1000]]);
      else if (unknown) picked.push(["<", value, 0]);
    }
    parts.push(picked);
  }
  return parts;
}

/** Keys of the priority areas that the filter leaves, or null for all. */
export function insideRule(areas, state) {
  if (!state.gemeente) return null;
  const name = (areas.gemeente ?? []).find((row) => row.code === state.gemeente)?.naam;
  return (areas.prioriteitsgebied ?? [])
    .filter((row) => (row.gemeenten ?? "").split(", ").includes(name))
    .map((row) => row.sleutel);
}

/** Mark what is chosen. */
export function highlight(map, chosen) {
  const nothing = ["==", ["literal", 1], 2];
  const area = map.getLayer("gekozen-gebied") && map.getLayer("gekozen-woning");
  if (!area) return;
  map.setFilter("gekozen-gebied", nothing);
  map.setFilter("gekozen-woning", nothing);
  if (!chosen) return;
  if (chosen.soort === "verblijfsobject") map.setFilter("gekozen-woning", ["==", ["id"], Number(chosen.sleutel)]);
  else remake(map, chosen);
}

/** The line around what is chosen lies on the layer of its kind. */
function remake(map, { soort, sleutel }) {
  const source = { hectare: "hectaren", pand: "woningen" }[soort] ?? "gebieden";
  const before = map.getLayer("gekozen-woning") ? "gekozen-woning" : undefined;
  const was = map.getLayer("gekozen-gebied");
  const filter =
    soort === "pand"
      ? ["==", ["id"], Number(sleutel)]
      : ["==", ["get", { hectare: "cel_id", prioriteitsgebied: "gebied_id" }[soort] ?? "code"], sleutel];
  if (was.source === source && was.sourceLayer === soort) return map.setFilter("gekozen-gebied", filter);
  map.removeLayer("gekozen-gebied");
  map.addLayer(
    {
      id: "gekozen-gebied",
      type: "line",
      source,
      "source-layer": soort,
      filter,
      layout: { "line-join": "round" },
      paint: { "line-color": "#00a3b4", "line-width": 4 },
    },
    before,
  );
}
