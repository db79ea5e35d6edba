// The style of the map: sources and layers, before anything colours them.

import { tiles } from "./data.js";
import { AREAS } from "./themes.js";

export const NEAR = 14;
export const BUILDINGS = 11;
/** From where dwellings show: where they differ within a building early, elsewhere when there is room beside its colour. */
export const dwellingsFrom = (theme) => (SPEAKING.includes(theme) ? 15 : 16.8);
/** Themes in which dwellings of one building differ. */
export const SPEAKING = ["label", "zekerheid"];
/** Buildings without a dwelling: white within their outline from near, specks from afar. */
export const BARE = "#ffffff";
export const SPECK = "#d3d6d8";
/** Buildings whose dwellings speak for themselves. */
export const QUIET = "#e3e1da";
export const PAPER = "#f7f6f2";
export const INK = "#22303a";
const FONT = ["system-ui, sans-serif"];
const BACKDROP = "https://service.pdok.nl/brt/achtergrondkaart/wmts/v2_0/grijs/EPSG:3857/{z}/{x}/{y}.png";

/** Whether this is the page that may show a backdrop. */
export const withBackdrop = () => document.baseURI.includes("achtergrond.html");

/** Make the style. */
export function style(facts, areas) {
  const has = (name) => Boolean(facts.tegels[name]);
  const vector = (name) => ({
    type: "vector",
    url: tiles(name),
    ...(name === "gebieden"
      ? { promoteId: { gemeente: "code", wijk: "code", buurt: "code", prioriteitsgebied: "gebied_id" } }
      : name === "hectaren"
        ? { promoteId: "cel_id" }
        : {}),
  });
  const sources = Object.fromEntries(Object.keys(facts.tegels).map((name) => [name, vector(name)]));
  sources.namen = { type: "geojson", data: names(areas) };
  const layers = [{ id: "papier", type: "background", paint: { "background-color": PAPER } }];
  if (withBackdrop()) {
    sources.brt = { type: "raster", tiles: [BACKDROP], tileSize: 256, maxzoom: 19 };
    layers.push({ id: "brt", type: "raster", source: "brt" });
  }
  if (has("gebieden"))
    for (const name of AREAS.slice(0, 3)) if (areas[name]) layers.push(...areaFill(name, "gebieden"));
  if (has("hectaren")) layers.push(...areaFill("hectare", "hectaren"));
  if (areas.buurt)
    layers.push({
      id: "buurt-klik",
      type: "fill",
      source: "gebieden",
      "source-layer": "buurt",
      minzoom: BUILDINGS,
      paint: { "fill-color": "#ffffff", "fill-opacity": withBackdrop() ? 0.01 : 1 },
    });
  if (has("panden"))
    layers.push({
      id: "pand-ver",
      type: "circle",
      source: "panden",
      "source-layer": "pand",
      minzoom: BUILDINGS,
      maxzoom: NEAR,
      paint: { "circle-radius": ["interpolate", ["exponential", 2], ["zoom"], 11, smaller(0.9), 14, smaller(3.2)] },
      layout: { "circle-sort-key": ["case", ["==", ["get", "heeft_woning"], "nee"], 0, 1] },
    });
  if (has("woningen"))
    layers.push(
      {
        id: "pand",
        type: "fill",
        source: "woningen",
        "source-layer": "pand",
        minzoom: NEAR,
        paint: { "fill-antialias": true },
      },
      {
        id: "pand-rand",
        type: "line",
        source: "woningen",
        "source-layer": "pand",
        minzoom: NEAR,
        paint: {
          "line-color": INK,
          "line-opacity": 0.45,
          "line-width": ["interpolate", ["linear"], ["zoom"], 14, 0.2, 17, 0.8],
        },
      },
    );
  for (const [name, width, least] of [
    ["buurt", 0.7, 8],
    ["wijk", 1, 8],
    ["gemeente", 1.6, 0],
  ])
    if (areas[name])
      layers.push({
        id: `${name}-grens`,
        type: "line",
        source: "gebieden",
        "source-layer": name,
        minzoom: least,
        layout: { "line-join": "round" },
        paint: {
          "line-color": name === "gemeente" ? "#3d4a55" : "#7c858c",
          "line-opacity": name === "gemeente" ? 0.9 : 0.55,
          "line-width": ["interpolate", ["linear"], ["zoom"], 8, width * 0.6, 14, width * 1.6],
        },
      });
  if (areas.prioriteitsgebied)
    layers.push(
      {
        id: "gebied-vlak",
        type: "fill",
        source: "gebieden",
        "source-layer": "prioriteitsgebied",
        paint: { "fill-color": "#000000", "fill-opacity": 0.01 },
      },
      {
        id: "gebied-rand-licht",
        type: "line",
        source: "gebieden",
        "source-layer": "prioriteitsgebied",
        minzoom: BUILDINGS,
        layout: { "line-join": "round" },
        paint: { "line-color": "#ffffff", "line-width": ["interpolate", ["linear"], ["zoom"], 8, 3, 14, 6] },
      },
      {
        id: "gebied-rand",
        type: "line",
        source: "gebieden",
        "source-layer": "prioriteitsgebied",
        minzoom: BUILDINGS - 0.5,
        layout: { "line-join": "round" },
        paint: { "line-color": INK, "line-width": ["interpolate", ["linear"], ["zoom"], 8, 1.4, 14, 2.6] },
      },
    );
  if (has("woningen"))
    layers.push({
      id: "woning",
      type: "circle",
      source: "woningen",
      "source-layer": "verblijfsobject",
      minzoom: 15,
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 15, 2, 18, 6],
        "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 15, 1, 18, 2.6],
      },
    });
  for (const [id, source, layer, kind] of [
    ["gekozen-gebied", "gebieden", "buurt", "line"],
    ["gekozen-woning", "woningen", "verblijfsobject", "circle"],
  ])
    if (has(source))
      layers.push(
        kind === "line"
          ? {
              id,
              type: "line",
              source,
              "source-layer": layer,
              filter: ["==", ["literal", 1], 2],
              layout: { "line-join": "round" },
              paint: { "line-color": "#00a3b4", "line-width": 4 },
            }
          : {
              id,
              type: "circle",
              source,
              "source-layer": layer,
              filter: ["==", ["literal", 1], 2],
              paint: {
                "circle-radius": ["interpolate", ["linear"], ["zoom"], 14, 6, 18, 13],
                "circle-color": "rgba(0,0,0,0)",
                "circle-stroke-color": "#00a3b4",
                "circle-stroke-width": 3.5,
              },
            },
      );
  layers.push(...labels());
  return { version: 8, sources, layers };
}

/** A size, and a lesser one for buildings without a dwelling. */
const smaller = (radius) => ["case", ["==", ["get", "heeft_woning"], "nee"], 0.55 * radius, radius];

function areaFill(name, source) {
  return [
    { id: `${name}-vlak`, type: "fill", source, "source-layer": name, paint: { "fill-antialias": name !== "hectare" } },
    { id: `${name}-onzeker`, type: "fill", source, "source-layer": name, paint: { "fill-pattern": "onzeker" } },
  ];
}

/** Names at a point of their own, so that a border between tiles cannot double them. */
function names(areas) {
  const features = [];
  for (const soort of ["gemeente", "buurt", "prioriteitsgebied"])
    for (const row of areas[soort] ?? [])
      features.push({
        type: "Feature",
        geometry: { type: "Point", coordinates: row.punt },
        properties: {
          soort,
          naam: row.naam,
          rang: row.rang,
          gemeente: row.gemeente_code ?? row.code ?? "",
          gemeenten: row.gemeenten ?? "",
          sleutel: row.sleutel,
        },
      });
  return { type: "FeatureCollection", features };
}

function labels() {
  const halo = { "text-color": INK, "text-halo-color": "rgba(255,255,255,0.92)", "text-halo-width": 1.6 };
  const base = { type: "symbol", source: "namen" };
  return [
    {
      ...base,
      id: "naam-buurt",
      minzoom: 11.5,
      maxzoom: 16,
      filter: ["==", ["get", "soort"], "buurt"],
      layout: {
        "text-field": ["get", "naam"],
        "text-font": FONT,
        "text-size": 12,
        "text-padding": 6,
        "text-max-width": 8,
      },
      paint: { ...halo, "text-color": "#4b5963" },
    },
    {
      ...base,
      id: "naam-gemeente",
      maxzoom: 12.5,
      filter: ["==", ["get", "soort"], "gemeente"],
      layout: {
        "text-field": ["get", "naam"],
        "text-font": FONT,
        "text-size": ["interpolate", ["linear"], ["zoom"], 8, 12, 12, 17],
        "text-padding": 2,
      },
      paint: halo,
    },
    {
      ...base,
      id: "naam-gebied",
      filter: ["==", ["get", "soort"], "prioriteitsgebied"],
      layout: {
        "icon-image": "schijf",
        "text-field": ["coalesce", ["to-string", ["get", "rang"]], ""],
        "text-font": FONT,
        "text-size": ["case", [">=", ["coalesce", ["get", "rang"], 0], 100], 9.5, 12],
        "symbol-sort-key": ["coalesce", ["get", "rang"], 1e5],
        "icon-padding": 0,
        "text-padding": 0,
      },
      paint: { "text-color": "#ffffff" },
    },
  ];
}
